"""Typing in a paper form: who may, what the pages show, and that the marks of the paper stay with the answers."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from pypdf import PdfReader

from intake.actions import shortforms
from intake.clinical.measures.pack import Said, form_text
from intake.forms import reader
from intake.forms.paper import numbers
from intake.store import flags, measures, responses
from intake.web import visitors
from tests.forms.made import PACK
from tests.pages import PATH, come_in, place, version

FORM = reader.latest("intake")
HEAVY = {"rf_bleed": {"value": "heavy"}}
PRIVATE = {"sx_ok_to_ask": {"value": "yes"}, "sx_partner_status": {"value": "marzipan"}}


def show(client, paper, part=""):
    return client.get(f"/clinic/transcripts/{paper.id}", query_string={"part": part} if part else {})


def send(client, paper, part, fields, *, action="", autosave=False, at=""):
    page = show(client, paper, part)
    data = {"_part": part, "_version": at or version(page), **({"_action": action} if action else {}), **fields}
    headers = {"X-Autosave": "1"} if autosave else {}
    return client.post(f"/clinic/transcripts/{paper.id}", data={"csrf_token": client.token, **data}, headers=headers)


def begin(client, visit, **fields):
    there = f"/clinic/visits/{visit.id}/paper"
    plain = {"form": "intake", "filled_on": "2026-09-12", "source": "paper", "in_hand": "y"}
    return client.submit(there, {**plain, **fields}, at=there)


def said(session, paper):
    session.expire_all()
    return responses.answers(session, paper.id)


def plain(page):
    return re.sub(r"\s+", " ", page.text)


@pytest.fixture
def visit(make, clock):
    return make.visit()


@pytest.fixture
def paper(make, visit):
    return make.transcript(visit)


@pytest.fixture
def therapist(sign_in, visit):
    return sign_in(visit.therapist)


# ---------------------------------------------------------------- choosing


def test_from_the_page_of_the_visit_a_paper_form_is_begun(session, visit, therapist):
    page = plain(therapist.get(f"/clinic/visits/{visit.id}"))
    assert "Type in a paper form: “Before your visit”" in page
    answer = begin(therapist, visit)
    (made,) = responses.asked(session, visit.id)
    assert answer.location == f"/clinic/transcripts/{made.id}"
    assert (made.source, made.filled_on.isoformat(), made.entered_by_id) == ("paper", "2026-09-12", visit.therapist_id)
    assert "Go on typing in" in therapist.get(f"/clinic/visits/{visit.id}").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"filled_on": ""}, "date that stands on the paper"), ({"filled_on": "2026-09-16"}, "still to come"),
        ({"filled_on": "2024-09-12"}, "more than a year"), ({"source": ""}, "who wrote it"),
        ({"in_hand": ""}, "then tick this"), ({"form": ""}, "choose"), ({"source": "self"}, "choose"),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_said_and_nothing_begins(session, visit, therapist, fields, words):
    answer = begin(therapist, visit, **fields)
    assert answer.status_code == 422
    assert words in plain(answer)
    assert responses.asked(session, visit.id) == []


def test_the_version_at_the_foot_of_the_sheet_is_chosen_and_shown_while_typing(session, visit, therapist):
    page = plain(therapist.get(f"/clinic/visits/{visit.id}/paper"))
    assert all(f"Before your visit, version {number}" in page for number in (1, 2, 3))
    begin(therapist, visit, form="intake/2")
    (made,) = responses.asked(session, visit.id)
    assert made.form_version == 2
    assert "Version 2 of the form." in plain(show(therapist, made))


def test_a_form_she_has_begun_is_refused_with_a_clear_sentence(session, make, visit, sign_in, clock):
    intake = make.intake(visit, {"fn_goal_top": {"value": "Hers"}})
    clock.shift(timedelta(hours=1))
    therapist = sign_in(visit.therapist)
    page = plain(therapist.get(f"/clinic/visits/{visit.id}/paper"))
    assert "The patient has begun this form herself." in page
    assert begin(therapist, visit).status_code == 422
    assert said(session, intake)["fn_goal_top"]["value"] == "Hers"


@pytest.mark.parametrize("form", ["intake", "intake/2"])
def test_a_second_press_or_a_colleague_is_led_to_what_is_being_typed_in(make, visit, therapist, sign_in, form):
    first = begin(therapist, visit)
    again = begin(therapist, visit, form=form)
    assert (again.status_code, again.location) == (303, first.location)
    assert "being typed in already" in therapist.get(again.location).text
    colleague = sign_in(make.member(visit.patient, make.therapist(), "therapist"))
    page = plain(colleague.get(f"/clinic/visits/{visit.id}/paper"))
    assert f'<a href="{first.location}">Go on typing in “Before your visit”</a>' in page


def test_while_she_has_it_open_it_is_refused(visit, make, enter, new_client, therapist):
    enter(make.invitation(visit), new_client())
    assert begin(therapist, visit).status_code == 303
    assert "open at this moment" in therapist.get(f"/clinic/visits/{visit.id}/paper").text


# ---------------------------------------------------------------- who may


def test_nobody_outside_the_care_team_types_anything_in(session, make, new_client, sign_in, visit, paper):
    for stranger in (make.therapist(), make.assistant(), make.front_desk(), make.admin(), make.privacy_lead()):
        browser = sign_in(stranger, new_client())
        browser.get("/sign-in")
        assert browser.get(f"/clinic/visits/{visit.id}/paper").status_code == 404
        assert show(browser, paper).status_code == 404
        for there in ("", "/check", "/back"):
            data = {"csrf_token": browser.token, "_part": "goals", "fn_goal_top": "Planted", "_version": "goals:1"}
            assert browser.post(f"/clinic/transcripts/{paper.id}{there}", data=data).status_code == 404
    assert said(session, paper) == {}


def test_an_emergency_opens_no_paper_to_type_in(make, sign_in, visit, paper):
    opener = make.therapist()
    make.emergency(visit.patient, opener, sensitive=True)
    assert show(sign_in(opener), paper).status_code == 404


def test_an_assistant_types_what_she_may_see_and_leaves_the_rest(session, make, sign_in, paper):
    make.answer(paper, PRIVATE)
    aide = sign_in(make.member(paper.patient))
    page = show(aide, paper)
    assert "Intimacy" not in page.text
    assert show(aide, paper, "intimacy").status_code == 404
    bladder = show(aide, paper, "bladder")
    assert "bl_leak_any" in bladder.text
    assert 'name="bl_leak_when"' not in bladder.text
    assert send(aide, paper, "bladder", {"bl_leak_any": "yes"}).status_code == 303
    refused = send(aide, paper, "bladder", {"bl_leak_any": "yes", "bl_leak_when": "sex"})
    assert refused.status_code == 400
    check = aide.get(f"/clinic/transcripts/{paper.id}/check")
    assert "for the treating therapist" in check.text
    assert "marzipan" not in check.text + page.text + bladder.text
    aide.post(f"/clinic/transcripts/{paper.id}/check", data={"csrf_token": aide.token})
    session.expire_all()
    assert paper.status == responses.IN_PROGRESS
    assert said(session, paper)["sx_partner_status"]["value"] == "marzipan"


def test_a_form_she_answers_herself_is_no_paper_to_type_in(make, sign_in, visit):
    intake = make.intake(visit)
    therapist = sign_in(visit.therapist)
    assert show(therapist, intake).status_code == 404
    data = {"csrf_token": therapist.token, "_part": "goals", "fn_goal_top": "Planted", "_version": "goals:1"}
    assert therapist.post(f"/clinic/transcripts/{intake.id}", data=data).status_code == 404


# ---------------------------------------------------------------- typing


def test_the_page_has_the_numbers_of_the_paper_and_nothing_that_is_only_on_a_screen(paper, therapist):
    page = plain(show(therapist, paper, "bladder"))
    assert f"{numbers(FORM)['bl_leak_any']}. {FORM.by_id['bl_leak_any'].text}" in page
    assert "Why we ask" not in page
    first = show(therapist, paper)
    assert "pre_private" not in first.text
    assert 'name="pre_who"' in first.text


def test_a_part_is_kept_and_leads_on_to_the_next_one(session, paper, therapist):
    answer = send(therapist, paper, "goals", {"fn_goal_top": "To lift my child"})
    assert answer.status_code == 303
    assert "part=" in answer.location
    assert "part=goals" not in answer.location
    assert said(session, paper)["fn_goal_top"]["value"] == "To lift my child"
    assert "To lift my child" in show(therapist, paper, "goals").text


def test_the_way_to_the_end_stands_before_the_list_of_parts_however_long_that_is(paper, therapist):
    parts = show(therapist, paper).text.partition('<nav class="section-nav"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="[^"]*/(check|[^"]*\?part=[a-z-]+)"', parts)[0] == "check"
    assert parts.count("Check and end") == 1


def test_it_is_saved_while_it_is_typed(session, paper, therapist):
    answer = send(therapist, paper, "goals", {"fn_goal_top": "To lift"}, autosave=True)
    assert answer.get_json()["version"] == "goals:2"
    assert said(session, paper).keys() == {"fn_goal_top"}


def test_a_bad_value_keeps_the_good_ones_and_says_what_to_mend(session, paper, therapist):
    answer = send(therapist, paper, "bladder", {"bl_leak_any": "yes", "bl_day_voids": "plenty"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert 'value="plenty"' in answer.text
    found = said(session, paper)
    assert found["bl_leak_any"]["value"] == "yes"
    assert "bl_day_voids" not in found


def test_an_older_window_overwrites_nothing(session, paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    answer = send(therapist, paper, "goals", {"fn_goal_top": "To run"}, at="goals:1")
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    assert "In the other window: “To lift”." in answer.text
    assert said(session, paper)["fn_goal_top"]["value"] == "To lift"


def test_a_field_of_another_part_is_refused(session, paper, therapist):
    assert send(therapist, paper, "goals", {"rf_bleed": "heavy"}).status_code == 400
    assert send(therapist, paper, "goals", {"pre_private": "yes"}).status_code == 400
    assert said(session, paper) == {}


def test_entries_are_added_one_after_another(session, paper, therapist):
    answer = send(therapist, paper, "goals", {"fn_goal_top": "To lift"}, action="add:fn_psfs")
    assert answer.status_code == 303
    assert "more=fn_psfs" in answer.location
    assert 'name="fn_psfs.0.fn_activity_name"' in therapist.get(answer.location.partition("#")[0]).text


def test_private_sheets_can_be_typed_in_and_nothing_says_she_was_alone(session, paper, therapist):
    page = show(therapist, paper, "intimacy")
    assert "folded sheets" in page.text
    send(therapist, paper, "intimacy", {"sx_ok_to_ask": "yes", "sx_resumed": "yes"})
    found = said(session, paper)
    assert found["sx_resumed"]["value"] == "yes"
    assert "pre_private" not in found


def test_prefer_not_to_say_and_in_person_are_kept_as_ticked(session, paper, therapist):
    send(
        therapist, paper, "intimacy", {"sx_ok_to_ask": "yes", "sx_resumed": "~declined", "sx_bleed_after": "~in-person"}
    )
    found = said(session, paper)
    assert (found["sx_resumed"]["status"], found["sx_bleed_after"]["status"]) == ("declined", "in-person")


# ---------------------------------------------------------------- warning signs


def test_a_warning_sign_stands_on_the_page_at_once_with_what_to_do(session, paper, therapist):
    answer = send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"})
    assert answer.location.endswith("part=warning-signs")
    page = plain(therapist.get(answer.location))
    (flag,) = [each for each in flags.of_response(session, paper.id) if each.severity == "EMERGENCY"][:1]
    assert "The patient was told nothing yet, and may be at home." in page
    assert "Call now, and say this:" in page
    assert f"It is on the worklist of {paper.visit.therapist.name}." in page
    assert f"/clinic/worklist/{flag.id}" in page
    assert "555-0123" in page


def test_while_it_is_typed_the_script_is_led_to_the_warning(paper, therapist):
    reply = send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"}, autosave=True).get_json()
    assert reply["go"] == f"/clinic/transcripts/{paper.id}?part=warning-signs"
    again = send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"}, autosave=True).get_json()
    assert "go" not in again


def test_it_stands_on_every_part_until_somebody_takes_it_on(session, paper, therapist):
    send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"})
    assert "told nothing yet" in show(therapist, paper, "goals").text
    for flag in flags.of_response(session, paper.id):
        therapist.post(f"/clinic/worklist/{flag.id}/acknowledge", data={"csrf_token": therapist.token})
    assert "told nothing yet" not in show(therapist, paper, "goals").text


def test_the_worklist_says_that_it_came_from_paper_of_which_day(session, make, paper, therapist):
    send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"})
    flag = flags.of_response(session, paper.id)[0]
    page = plain(therapist.get(f"/clinic/worklist/{flag.id}"))
    assert "From paper, filled in on Sep 12, 2026." in page
    assert "The patient was told nothing yet." in page


def test_an_assistant_is_told_to_tell_the_therapist(make, sign_in, paper):
    aide = sign_in(make.member(paper.patient))
    answer = send(aide, paper, "warning-signs", {"rf_bleed": "heavy"})
    page = plain(aide.get(answer.location))
    assert "Tell the therapist at once." in page
    assert "/clinic/worklist/" not in page


# ---------------------------------------------------------------- hers meanwhile


def test_a_mistyped_year_keeps_the_emergency_and_is_named_to_whoever_types(session, paper, therapist):
    pressure = {"mh_bp_known": "yes", "mh_bp_sys": "185", "mh_bp_dia": "120"}
    taken = {"mh_bp_date.year": "1926", "mh_bp_date.month": "9", "mh_bp_date.day": "14"}
    send(therapist, paper, "health", {**pressure, **taken})
    assert [flag.rule for flag in flags.of_response(session, paper.id)] == ["E3"]
    for page in (show(therapist, paper, "health"), therapist.get(f"/clinic/transcripts/{paper.id}/check")):
        assert "Dates do not fit." in page.text
        assert "September 14, 1926: the last blood pressure" in plain(page)
        assert "Does the paper say so?" in page.text
    send(therapist, paper, "health", {**pressure, **taken, "mh_bp_date.year": "2026"})
    assert "Dates do not fit" not in show(therapist, paper, "health").text


def test_dates_on_an_old_paper_are_looked_at_as_of_the_day_it_was_filled_in(session, make, sign_in, visit, clock):
    """Twenty weeks and the due date fitted each other sixty days ago, and do not today."""
    on = make.now.date() - timedelta(days=60)
    due = on + timedelta(weeks=20)
    old = make.transcript(visit, filled_on=on)
    therapist = sign_in(visit.therapist)
    given = {f"ob_preg_due.{part}": str(getattr(due, part)) for part in ("year", "month", "day")}
    part = FORM.section_of["ob_preg_now"].id
    send(therapist, old, part, {"ob_preg_now": "yes", "ob_preg_weeks": "20", **given})
    assert said(session, old)["ob_preg_weeks"]["value"]
    for there in (f"transcripts/{old.id}/check", f"charts/intakes/{old.id}", f"charts/{old.patient_id}"):
        page = therapist.get(f"/clinic/{there}")
        assert page.status_code == 200
        assert "o not fit" not in page.text


@pytest.mark.parametrize("taken", [45, 400])
def test_a_reading_on_an_old_paper_is_a_slip_only_if_it_was_one_that_day(session, make, sign_in, visit, clock, taken):
    on = make.now.date() - timedelta(days=330)
    old = make.transcript(visit, filled_on=on)
    day = on - timedelta(days=taken)
    given = {f"mh_bp_date.{part}": str(getattr(day, part)) for part in ("year", "month", "day")}
    therapist = sign_in(visit.therapist)
    send(therapist, old, "health", {"mh_bp_known": "yes", "mh_bp_sys": "185", "mh_bp_dia": "120", **given})
    page = therapist.get(f"/clinic/transcripts/{old.id}/check").text
    assert ("Dates do not fit" in page) == (taken == 400)


@pytest.fixture
def hers(make, visit, paper, new_client):
    browser = new_client()
    invitation = make.invitation(visit)
    assert come_in(browser, make.codes[invitation.id]).status_code == 303
    return browser


def test_her_link_says_plainly_that_the_clinic_types_it_in(hers):
    page = plain(hers.get(PATH))
    assert "The clinic is typing in the paper form you gave us." in page
    assert "Part 1" not in page


def test_an_emergency_on_a_page_of_hers_is_answered_though_it_is_not_kept(session, hers, paper):
    hers.get(PATH, query_string={"again": ""})  # for the token of a page
    data = {"csrf_token": hers.token, "_at": place("rf_heart"), "_version": "red-flags:1", "rf_heart": "rf_chest"}
    page = hers.post(PATH, data=data)
    assert page.status_code == 409
    assert "Call 911" in page.text
    assert "rf_heart" not in said(session, paper)


def test_her_session_cannot_write_into_it_and_is_told_so(session, hers, paper):
    hers.get(PATH, query_string={"again": ""})  # for the token of a page
    data = {"csrf_token": hers.token, "_at": "page 1.2", "_version": "before:1", "pre_who": "me", "pre_private": "yes"}
    answer = hers.post(PATH, data=data)
    assert answer.status_code == 409
    assert "What you just sent was not kept" in answer.text
    assert hers.post(PATH, data=data, headers={"X-Autosave": "1"}).get_json()["saved"] is None
    signed = {"csrf_token": hers.token, "_at": "check", "signer": "Rowan"}
    assert hers.post(PATH, data=signed).status_code == 409
    assert said(session, paper) == {}
    assert paper.status == responses.IN_PROGRESS


def test_nothing_of_the_paper_is_shown_on_her_link_not_even_a_warning(make, session, hers, paper, therapist):
    send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"})
    send(therapist, paper, "goals", {"fn_goal_top": "marzipan"})
    for _done in range(2):
        page = hers.get(PATH).text
        assert "marzipan" not in page
        assert "Call 911" not in page
        therapist.post(f"/clinic/transcripts/{paper.id}/check", data={"csrf_token": therapist.token, "looked": "y"})
    assert "We have your paper form" in hers.get(PATH).text


def test_given_back_it_is_hers_again(session, hers, paper, therapist):
    show(therapist, paper)
    answer = therapist.post(f"/clinic/transcripts/{paper.id}/back", data={"csrf_token": therapist.token})
    assert answer.location == f"/clinic/visits/{paper.visit_id}"
    assert "typing in" not in hers.get(PATH).text
    assert show(therapist, paper).location == answer.location


def test_once_something_is_typed_in_it_is_not_given_back(session, paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    assert "I began by mistake" not in show(therapist, paper).text
    therapist.post(f"/clinic/transcripts/{paper.id}/back", data={"csrf_token": therapist.token})
    session.expire_all()
    assert paper.is_from_paper


def test_the_time_she_counts_as_there_is_that_of_a_sitting(visit, make, enter, new_client, therapist, clock):
    enter(make.invitation(visit), new_client())
    clock.shift(visitors.IDLE + timedelta(seconds=1))
    answer = begin(therapist, visit)
    assert answer.location.startswith("/clinic/transcripts/")


# ---------------------------------------------------------------- the end


def done(client, paper, **fields):
    there = f"/clinic/transcripts/{paper.id}/check"
    return client.submit(there, {"looked": "y", **fields}, at=there)


def test_a_blank_paper_is_not_ended_with_one_press(session, paper, therapist):
    answer = done(therapist, paper)
    assert answer.location == f"/clinic/transcripts/{paper.id}/check"
    assert "Nothing is typed in, so there is nothing to end." in plain(therapist.get(answer.location))
    session.expire_all()
    assert paper.status == responses.IN_PROGRESS


def test_a_paper_that_is_mostly_blank_is_ended_by_who_looked_at_every_sheet(session, paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    answer = done(therapist, paper, looked="")
    assert answer.status_code == 422
    assert "More than half is blank." in plain(answer)
    session.expire_all()
    assert paper.status == responses.IN_PROGRESS
    assert done(therapist, paper).location == f"/clinic/charts/intakes/{paper.id}"


def test_a_paper_with_most_of_it_answered_wants_no_tick(make, visit, sign_in, clock):
    before = make.intake(make.visit(visit.patient), {"bl_leak_any": {"value": "yes"}}, submitted=True)
    paper = make.transcript(make.visit(before.patient, visit.therapist, kind="follow-up"), form="check-in")
    known = [q for q in responses.form_of(paper).questions() if q.id in numbers(responses.form_of(paper))]
    make.answer(paper, {question.id: {"status": "in-person"} for question in known})
    therapist = sign_in(visit.therapist)
    assert "More than half is blank." not in therapist.get(f"/clinic/transcripts/{paper.id}/check").text
    assert done(therapist, paper, looked="").location == f"/clinic/charts/intakes/{paper.id}"


def test_the_check_lists_what_is_blank_and_never_insists(session, paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    page = plain(therapist.get(f"/clinic/transcripts/{paper.id}/check"))
    assert "Blank is fine: nobody has to answer." in page
    assert done(therapist, paper).location == f"/clinic/charts/intakes/{paper.id}"
    session.expire_all()
    assert paper.status == responses.COMPLETED
    assert show(therapist, paper).location == f"/clinic/charts/intakes/{paper.id}"


def test_who_ends_a_paper_reads_that_a_slip_can_still_be_corrected(paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    check = plain(therapist.get(f"/clinic/transcripts/{paper.id}/check"))
    assert "What was typed in wrongly can still be corrected, with a reason" in check
    ended = plain(therapist.get(done(therapist, paper).location))
    assert "What was typed in wrongly can still be corrected." in ended
    assert "Correct what was typed" in ended


def test_agreements_want_to_know_about_the_signature(session, paper, therapist):
    send(therapist, paper, "consents", {"cons_treat": "agree"})
    assert done(therapist, paper).status_code == 422
    assert done(therapist, paper, signed="yes").status_code == 422
    answer = done(therapist, paper, signed="yes", signer="Rowan I.", signed_on="2026-09-16")
    assert "still to come" in answer.text
    done(therapist, paper, signed="yes", signer="Rowan I.", signed_on="2026-09-12")
    page = plain(therapist.get(f"/clinic/charts/{paper.patient_id}"))
    assert "Signed on paper as Rowan I. on Sep 12, 2026." in page
    assert f"Seen by {paper.visit.therapist.name}" in page


TICKED = "I agree (ticked, not signed: ask at the visit)"


def test_what_is_ticked_without_a_signature_is_an_agreement_nowhere(session, make, sign_in, clock):
    texts = {}
    for signed in (True, False):
        paper = make.transcript(answers={"cons_treat": {"value": "agree"}}, finished=signed)
        therapist = sign_in(paper.visit.therapist)
        if not signed:
            done(therapist, paper, signed="no")
        there = f"/clinic/charts/intakes/{paper.id}"
        sheets = PdfReader(io.BytesIO(therapist.get(f"{there}/answers/letter").data)).pages
        printed = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
        texts[signed] = plain(therapist.get(there)), plain(therapist.get(f"/clinic/charts/{paper.patient_id}")), printed
    assert all(TICKED in text for text in texts[False])
    assert not any("not signed" in text for text in texts[True])
    assert all("I agree" in text for text in texts[True])


def test_what_was_signed_since_waits_on_the_chart_no_more(make, visit, sign_in, clock):
    paper = make.transcript(visit, answers={"cons_treat": {"value": "agree"}})
    therapist = sign_in(visit.therapist)
    done(therapist, paper, signed="no")
    clock.shift(timedelta(days=2))
    make.transcript(make.visit(paper.patient), answers={"cons_treat": {"value": "agree"}}, finished=True)
    therapist = sign_in(visit.therapist)
    assert "not signed" not in therapist.get(f"/clinic/charts/{paper.patient_id}").text
    assert TICKED in plain(therapist.get(f"/clinic/charts/intakes/{paper.id}"))


def test_the_marks_of_the_paper_stay_with_the_answers_wherever_they_are_read(make, visit, therapist):
    paper = make.transcript(visit, answers={"fn_goal_top": {"value": "To lift"}, **PRIVATE}, finished=True)
    mark = f"From paper, filled in on Sep 12, 2026. Typed in by {visit.therapist.name} on Sep 15, 2026."
    review = plain(therapist.get(f"/clinic/charts/intakes/{paper.id}"))
    assert mark in review
    assert "marzipan" in review
    assert mark in plain(therapist.get(f"/clinic/charts/{paper.patient_id}"))
    assert mark in plain(therapist.get(f"/clinic/visits/{visit.id}"))
    sheet = therapist.get(f"/clinic/charts/intakes/{paper.id}/answers/letter")
    text = " ".join(" ".join(each.extract_text().split()) for each in PdfReader(io.BytesIO(sheet.data)).pages)
    assert mark in text


def test_what_she_answered_herself_bears_no_mark(make, visit, therapist):
    intake = make.intake(visit, submitted=True)
    assert "From paper" not in therapist.get(f"/clinic/charts/intakes/{intake.id}").text
    assert "From paper" not in therapist.get(f"/clinic/charts/{intake.patient_id}").text


@pytest.mark.parametrize(
    ("source", "words"),
    [("helped", "with somebody’s help on"), ("read-aloud", "by staff who read the questions aloud")],
)
def test_the_mark_says_whose_hand_it_was(make, visit, therapist, source, words):
    paper = make.transcript(visit, source=source)
    assert words in plain(show(therapist, paper))


# ---------------------------------------------------------------- words that may not be shown any more

NAME = "clinic-measure-phq-2"
OWNED = ("invented sky", "invented sea", "Only clouds", "Invented for tests")


@pytest.fixture
def licensed(make, visit, session):
    """A measure in its owner's words, which the clinic may use for three days more, asked for the visit."""
    make.clinic_form(form_text(PACK, Said(until=make.now.date() + timedelta(days=3))))
    shortforms.ask(session, visit, NAME, by=visit.therapist, now=make.now)
    return visit


def words_on(page):
    return [words for words in OWNED if words in page.text]


def test_words_are_shown_while_they_may_be(client, licensed, make, sign_in):
    sign_in(licensed.therapist)
    answer = begin(client, licensed, form=NAME, filled_on=make.now.date().isoformat())
    assert words_on(client.get(answer.location, query_string={"part": "questions"})) == list(OWNED[:3])


def test_after_the_permission_ended_a_sheet_of_before_is_typed_in_by_its_numbers_alone(
    client, licensed, make, sign_in, clock, session
):
    day = make.now.date()
    clock.shift(timedelta(days=30))
    sign_in(licensed.therapist)
    there = f"/clinic/visits/{licensed.id}/paper"
    offer = client.get(there)
    assert "ended on Sep 18, 2026" in plain(offer)
    begun = begin(client, licensed, form=NAME, filled_on=day.isoformat())
    paper = responses.any_transcript(session, UUID(begun.location.rpartition("/")[2]))
    page = show(client, paper, "questions")
    assert "only numbers are shown" in plain(page)
    assert [choice for choice in "0123" if f'value="{choice}"' in page.text] == list("0123")
    sent = send(client, paper, "questions", {"clinic_phq_2_1": "2", "clinic_phq_2_2": "3"})
    check = client.get(sent.location)
    assert [words_on(each) for each in (offer, page, check)] == [[], [], []]
    client.submit(f"/clinic/transcripts/{paper.id}/check", {}, at=sent.location)
    session.expire_all()
    (taken,) = measures.of_patient(session, licensed.patient_id, ("care", "sensitive"))
    assert taken.given.items == {"1": 2, "2": 3}


def test_what_was_begun_before_goes_on_by_numbers(client, licensed, make, sign_in, clock):
    paper = make.transcript(licensed, form=NAME)
    sign_in(licensed.therapist)
    assert words_on(show(client, paper, "questions"))
    clock.shift(timedelta(days=4))
    sign_in(licensed.therapist)
    assert words_on(show(client, paper, "questions")) == []


def test_a_sheet_that_was_filled_in_after_the_permission_ended_is_not_taken(
    client, licensed, make, sign_in, clock, session
):
    clock.shift(timedelta(days=30))
    sign_in(licensed.therapist)
    for day, location in ((make.now.date(), "/paper"), (make.now.date() - timedelta(days=26), "/paper")):
        answer = begin(client, licensed, form=NAME, filled_on=day.isoformat())
        assert answer.location.endswith(location)
        assert "had ended on that day" in client.get(answer.location).text
    assert [each.is_from_paper for each in responses.asked(session, licensed.id)] == [False]
    on_the_last_day = make.now.date() - timedelta(days=27)
    assert "/transcripts/" in begin(client, licensed, form=NAME, filled_on=on_the_last_day.isoformat()).location
