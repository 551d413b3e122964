"""Coming back: she sees what she said, with its date, says whether it is still right, and answers only what changed."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from intake.actions import corrections
from intake.forms import reader
from intake.store import amendments, flags, history, responses
from tests.actions.test_transcripts import finish, typed
from tests.builders import filled
from tests.pages import arrive, as_read, send, version, visit, where

FORM = reader.latest("follow-up")
SECRET = "during an argument"
ACTIVITY = {"fn_activity_name": {"value": "Carry the car seat"}, "fn_rating": {"value": 3}}
EARLIER = {
    "bl_leak_any": {"value": "yes"},
    "bl_leak_when": {"value": ["penetration"]},
    "bl_sensation": {"value": "yes"},
    "bl_bother": {"value": 6},
    "bo_bother": {"value": 1},
    "pop_bulge": {"status": "in-person"},
    "alg_any": {"value": "yes"},
    "alg_known": {"value": ["latex"]},
    "alg_reaction": {"value": "Gloves make <b>blisters</b>"},
    "id_do_not_tell": {"value": SECRET},
    "md_ok": {"value": "yes"},
    "fn_psfs": {"value": [ACTIVITY]},
}


def at(question, form=FORM):
    for number, section in enumerate(form.sections, 1):
        for page_number, page in enumerate(section.pages, 1):
            if any(asked.id == question for asked in page.questions):
                return f"page {number}.{page_number}"
    raise KeyError(question)


def signs_pages():
    """The pages that are always asked anew, each with its place."""
    for number, name in enumerate(("warning-signs", "more-signs"), 1):
        for page_number, page in enumerate(FORM.section(name).pages, 1):
            yield f"page {number}.{page_number}", page


def back(make, enter, clock, *, days, answers=EARLIER):
    """Whoever handed in an intake comes for a follow-up so many days later."""
    intake = make.intake(answers=answers, submitted=True)
    clock.shift(timedelta(days=days))
    again = make.visit(intake.patient, kind="follow-up")
    enter(make.invitation(again))
    return again


@pytest.fixture
def returned(make, enter, clock):
    return back(make, enter, clock, days=100)


def words(page):
    return re.sub(r"\s+", " ", page.text)


def say(client, question, value):
    """Answer the question of a page and go on."""
    page = visit(client, at(question))
    return send(client, at(question), {**as_read(page), question: value})


# ---------------------------------------------------------------- what she is shown


def test_who_comes_back_after_a_long_time_is_asked_what_is_still_right(client, returned, session):
    (asked,) = responses.asked(session, returned.id)
    assert asked.form == "follow-up"
    page = words(client.get("/f"))
    assert "What you told us last time" in page
    assert "Peeing" not in page, "a part opens only when something changed"


def test_she_reads_what_she_said_with_its_date(client, returned):
    page = words(visit(client, at("st_bladder")))
    assert "On Sep 15, 2026 you said:" in page
    assert 'How much does it bother you?</dt><dd><p class="written">6/10</p>' in page
    assert "Still right" in page
    assert "Something changed" in page


def test_her_own_words_are_shown_as_words(client, returned):
    assert "Gloves make &lt;b&gt;blisters&lt;/b&gt;" in visit(client, at("st_medicines")).text


def test_nothing_private_is_shown_anywhere(client, returned):
    for question in (each.id for each in FORM.questions() if each.recall):
        page = visit(client, at(question)).text
        assert "During sex" not in page
        assert SECRET not in page
        assert "rather say it in person" not in page


def test_births_are_only_named(client, returned):
    page = words(visit(client, at("st_births")))
    assert "You told us about this on Sep 15, 2026" in page
    assert "you said:" not in page


def test_a_clinic_can_leave_the_words_out(client, returned, make, session):
    make.clinic().recall = False
    session.commit()
    page = words(visit(client, at("st_bladder")))
    assert "You told us about this on Sep 15, 2026" in page
    assert "6/10" not in page


# ---------------------------------------------------------------- what she answers


def test_what_is_still_right_is_not_asked(client, returned):
    assert arrive(client, say(client, "st_bladder", "right")) == at("st_bowel")
    assert "Peeing" not in words(visit(client, "tasks"))
    assert where(visit(client, at("bl_day_voids"))) != at("bl_day_voids")


def test_what_changed_is_asked_anew_and_empty(client, returned):
    say(client, "st_bladder", "changed")
    page = visit(client, at("bl_day_voids"))
    assert where(page) == at("bl_day_voids")
    assert 'value="yes" checked' not in page.text
    assert "Peeing" in words(visit(client, "tasks"))


def test_a_form_where_all_is_still_right_is_short_and_handed_in(client, returned, session):
    (asked,) = responses.asked(session, returned.id)
    for question in (each.id for each in FORM.questions() if each.recall):
        if where(visit(client, at(question))) == at(question):
            say(client, question, "right")
    signs = filled(FORM, {})
    for place, page in signs_pages():
        opened = visit(client, place)
        fields = {q.id: signs[q.id]["value"] for q in page.questions if q.id in signs and q.id != "rf_temp"}
        temperature = {"rf_temp": "36.8", "rf_temp.unit": "Cel"} if "rf_temp_taken" in fields else {}
        send(client, place, {"_version": version(opened), **fields, **temperature})
    arrive(client, send(client, "check", {"signer": "Rowan Invented"}))
    session.expire_all()
    assert asked.status == responses.COMPLETED
    assert "bl_bother" not in responses.answers(session, asked.id)
    stands = history.standing(session, asked)
    assert stands["bl_bother"].answer["value"] == 6
    assert stands["bl_bother"].confirmed_at == asked.completed_at


def test_a_field_of_a_part_that_stands_is_refused(client, returned):
    say(client, "st_bladder", "right")
    page = visit(client, at("st_bladder"))
    answer = send(client, at("bl_day_voids"), {"_version": "bladder:1", "bl_day_voids": "3"})
    assert answer.status_code == 400
    assert where(page) == at("st_bladder")


def test_an_answer_called_right_raises_its_signs_again_and_no_other_does(make, enter, clock, client, session):
    signs = {"bo_leak_any": {"value": "yes"}, "bo_leak_new": {"value": "yes"}, "bl_sensation": {"value": "yes"}}
    signs["bo_leak"] = {"value": {"liquid": "weekly"}}
    again = back(make, enter, clock, days=100, answers=signs)
    (asked,) = responses.asked(session, again.id)
    say(client, "st_bladder", "right")
    assert flags.of_response(session, asked.id) == []
    say(client, "st_bowel", "right")
    session.expire_all()
    assert flags.of_response(session, asked.id)


LOOSE = {
    "bo_leak_any": {"value": "yes"},
    "bo_leak_new": {"value": "yes"},
    "bo_leak": {"value": {"liquid": "weekly"}},
    "bl_sensation": {"value": "yes"},
}


def test_what_she_has_not_called_right_says_nothing_to_her_and_nothing_to_staff(make, enter, clock, client, session):
    again = back(make, enter, clock, days=100, answers=LOOSE)
    (asked,) = responses.asked(session, again.id)
    assert {"bo_leak_new", "bl_sensation"} <= history.opened(session, asked).known.keys()
    for place in (at("st_bladder"), at("st_bowel"), "check"):
        assert "data-rule" not in visit(client, place).text
    assert flags.of_response(session, asked.id) == []
    say(client, "st_bowel", "right")
    assert "data-rule" in visit(client, "check").text


def test_one_tap_for_nothing_here_never_speaks_for_what_stands(make, enter, clock, client, session):
    answers = {"alg_any": {"value": "yes"}, "alg_known": {"value": ["latex"]}, "med_any": {"status": "skipped"}}
    again = back(make, enter, clock, days=100, answers=answers)
    (asked,) = responses.asked(session, again.id)
    say(client, "st_medicines", "changed")
    place = at("med_any")
    send(client, place, {"_version": version(visit(client, place)), "_action": "nothing"})
    session.expire_all()
    assert responses.answers(session, asked.id)["alg_any"]["value"] == "no"
    say(client, "st_medicines", "right")
    answer = send(client, place, {"_version": "medicines:2", "_action": "nothing"})
    assert answer.status_code in {303, 400, 409}
    session.expire_all()
    stands = history.standing(session, asked)
    assert stands["alg_any"].answer["value"] == "yes"


# ---------------------------------------------------------------- the short form


def test_who_comes_back_soon_gets_the_short_form_with_her_own_activities(make, enter, clock, client, session):
    again = back(make, enter, clock, days=20)
    (asked,) = responses.asked(session, again.id)
    form = reader.load(asked.form, asked.form_version)
    assert form.id == "check-in"
    page = words(visit(client, at("ci_goal", form)))
    assert "\u201cCarry the car seat\u201d: How well can you do it now?" in page
    assert 'name="ci_activity_1"' in page
    assert 'name="ci_activity_2"' not in page
    assert 'name="ci_name_1"' not in page
    assert "checked" not in page, "no place on the scale is chosen for her"
    page = words(visit(client, at("ci_practice", form)))
    assert "how often did pee leak" in page
    assert "What is followed" not in page


def test_nobody_can_rename_what_was_set(make, enter, clock, client, session):
    again = back(make, enter, clock, days=20)
    (asked,) = responses.asked(session, again.id)
    there = at("ci_goal", reader.load(asked.form, asked.form_version))
    page = visit(client, there)
    answer = send(client, there, {"_version": version(page), "ci_goal": "4", "ci_name_1": "Nothing"})
    assert answer.status_code == 400
    assert responses.answers(session, asked.id)["ci_name_1"]["value"] == "Carry the car seat"


@pytest.mark.parametrize("in_words", [True, False])
def test_what_she_calls_right_has_a_day_of_its_own_only_where_she_read_it(
    client, make, enter, clock, session, in_words
):
    make.clinic().recall = in_words
    session.commit()
    again = back(make, enter, clock, days=100)
    first = responses.intakes(session, again.patient_id)[-1]
    page = visit(client, at("st_bladder"))
    assert ("To keep it private, it is not shown here" in page.text) != in_words
    send(client, at("st_bladder"), {**as_read(page), "st_bladder": "right"})
    session.expire_all()
    (response,) = responses.asked(session, again.id)
    found = history.standing(session, response)["bl_bother"]
    assert (found.answer["value"], found.said_at) == (6, first.completed_at)
    assert (found.confirmed_at > first.completed_at) == in_words


# ---------------------------------------------------------------- what is corrected while she reads it


@pytest.fixture
def from_paper(make, enter, clock):
    """Her intake was on paper, and her follow-up asks whether it is still right."""
    make.intake(make.visit(patient := make.patient()), {"alg_any": {"value": "no"}}, submitted=True)
    clock.shift(timedelta(days=1))
    paper = make.transcript(make.visit(patient), answers=EARLIER, finished=True, filled_on=make.now.date())
    clock.shift(timedelta(days=100))
    again = make.visit(patient, paper.visit.therapist, kind="follow-up")
    enter(make.invitation(again))
    return paper, again


@pytest.fixture(params=["corrected", "taken out"])
def changed(request, session, make):
    """Staff put a paper right, or take it out as somebody else's: there is no allergy."""

    def corrected(paper):
        made = corrections.begin(session, paper, by=paper.visit.therapist, now=make.now)
        gone = {name: {"status": "skipped"} for name in ("alg_known", "alg_reaction")}
        typed(session, make, made, {"alg_any": {"value": "no"}, **gone})
        finish(session, make, made, why="x")

    def taken_out(paper):
        corrections.take_out(session, paper, amendments.NOT_HERS, "x", by=paper.visit.therapist, now=make.now)

    return corrected if request.param == "corrected" else taken_out


@pytest.mark.parametrize("autosave", [False, True])
def test_still_right_is_not_kept_of_words_that_were_corrected_since_she_read_them(
    client, session, from_paper, changed, autosave
):
    paper, again = from_paper
    place, page = at("st_medicines"), visit(client, at("st_medicines"))
    assert "Latex" in page.text
    changed(paper)
    script = {"headers": {"X-Autosave": "1"}} if autosave else {}
    answer = send(client, place, {**as_read(page), "st_medicines": "right"}, **script)
    session.expire_all()
    (response,) = responses.asked(session, again.id)
    assert "st_medicines" not in responses.answers(session, response.id)
    if autosave:
        assert "has changed since you opened this page" in answer.json["errors"]["st_medicines"]
        return
    assert (answer.status_code, where(answer)) == (422, place)
    assert "has changed since you opened this page" in words(answer)
    assert "Latex" not in answer.text
    assert "checked" not in answer.text, "nothing is chosen for her beside words she has not read"
    send(client, place, {**as_read(answer), "st_medicines": "right"})
    session.expire_all()
    assert responses.answers(session, response.id)["st_medicines"]["value"] == "right"


def test_where_nothing_is_left_to_call_right_she_is_asked_anew_and_told_why(make, enter, client, clock, session):
    patient = make.patient()
    paper = make.transcript(make.visit(patient), answers=EARLIER, finished=True, filled_on=make.now.date())
    clock.shift(timedelta(days=100))
    again = make.visit(patient, paper.visit.therapist, kind="follow-up")
    enter(make.invitation(again))
    say(client, "st_bladder", "changed")
    page = visit(client, at("st_medicines"))
    corrections.take_out(session, paper, amendments.NOT_HERS, "x", by=paper.visit.therapist, now=make.now)
    answer = send(client, at("st_medicines"), {**as_read(page), "st_medicines": "right"})
    assert answer.status_code == 303
    assert "has changed since you opened this page, so we ask you about it anew" in words(client.get("/f"))
    session.expire_all()
    (response,) = responses.asked(session, again.id)
    assert responses.answers(session, response.id)["st_medicines"]["value"] == "changed"
    assert where(visit(client, at("alg_any"))) == at("alg_any")


def test_that_something_changed_is_kept_whatever_was_corrected_meanwhile(client, session, from_paper, changed):
    paper, again = from_paper
    page = visit(client, at("st_medicines"))
    changed(paper)
    send(client, at("st_medicines"), {**as_read(page), "st_medicines": "changed"})
    session.expire_all()
    (response,) = responses.asked(session, again.id)
    assert responses.answers(session, response.id)["st_medicines"]["value"] == "changed"


def test_what_is_not_shown_cannot_be_guessed_from_what_the_page_says_of_itself(client, make, session, returned):
    make.clinic().recall = False
    session.commit()
    seen = as_read(visit(client, at("st_bladder")))["_read"]
    assert re.fullmatch("[0-9a-f]{64}", seen)
    make.clinic().recall = True
    session.commit()
    assert as_read(visit(client, at("st_bladder")))["_read"] != seen, "what was hidden is not what was read"


UNSEEN = "Called right without seeing the earlier answers"


@pytest.mark.parametrize("in_words", [True, False])
def test_staff_reads_what_she_called_right_without_seeing_it(
    client, new_client, sign_in, make, enter, clock, session, in_words
):
    make.clinic().recall = in_words
    session.commit()
    again = back(make, enter, clock, days=100)
    say(client, "st_bladder", "right")
    (response,) = responses.asked(session, again.id)
    there = f"/clinic/charts/intakes/{response.id}"
    therapist = sign_in(again.therapist, new_client())
    pages = PdfReader(io.BytesIO(therapist.get(f"{there}/answers/letter").data)).pages
    shown, printed = therapist.get(there).text, " ".join(" ".join(page.extract_text() for page in pages).split())
    assert (UNSEEN in shown, UNSEEN in printed) == (not in_words, not in_words)
