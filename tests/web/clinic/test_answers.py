"""Looking over what a patient handed in: her words, cues, warning signs, what changed, and asking one part again."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from intake.actions import askings, corrections
from intake.clinical.triage import message
from intake.forms import reader
from intake.forms.model import Kind
from intake.store import audit, beginnings, flags, responses, reviews
from tests.browsing import alike
from tests.builders import plausible
from tests.pages import arrive, come_in, send, version, where

FORM = reader.latest("intake")
STILLBORN = {
    "birth_date": {"value": "2026-05-01"},
    "birth_outcome": {"value": "stillborn"},
    "birth_mode": {"value": "vaginal"},
}
OWN = {
    "pre_private": {"value": "yes"},
    "pre_who": {"value": "me"},
    "fn_goal_top": {"value": "Run with the stroller again"},
    "alg_any": {"value": "no"},
    "sx_ok_to_ask": {"value": "in-person"},
    "ob_g": {"status": "in-person"},
    "rf_unreal": {"status": "declined"},
    "rf_bleed": {"value": "heavy"},
    "ti_triggers": {"value": "The sound of velcro"},
}
LEAKS_ALL_THE_TIME = {"bl_leak_any": {"value": "yes"}, "bl_leak_when": {"value": ["constant"]}}


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def path(response, more=""):
    return f"/clinic/charts/intakes/{response.id}{more}"


@pytest.fixture
def first(make, clock):
    response = make.intake(answers=OWN, submitted=True)
    clock.shift(24 * 3600)
    return response


@pytest.fixture
def therapist(first, sign_in):
    return sign_in(first.visit.therapist)


def test_her_own_words_are_quoted_and_every_answer_is_there(therapist, first):
    page = therapist.get(path(first))
    assert "“Run with the stroller again”" in page.text
    assert re.search(r"<blockquote[^>]*>“The sound of velcro”", page.text)
    said = text(page)
    for words in ("Answered by the patient alone.", "Handed in Sep 15, 2026", "in the words of that time"):
        assert words in said


def test_what_she_would_rather_say_in_person_comes_first_as_cues_and_what_she_skipped_is_never_no(
    therapist, make, first
):
    page = therapist.get(path(first))
    cues = text_of(page, "cues-title")
    assert "Would rather say in person" in cues
    assert "Prefers not to say" in cues
    assert page.text.index("cues-title") < page.text.index('class="jump"')
    bare = make.intake(make.visit(first.patient, first.visit.therapist), {})
    make.answer(bare, {"alg_any": {"status": "skipped"}})
    assert "Not answered" in text(therapist.get(path(bare)))


def text_of(page, title):
    (section,) = [
        each for each in re.findall(r"<section.*?</section>", page.text, re.DOTALL) if f'id="{title}"' in each
    ]
    return unescape(re.sub(r"<[^>]+>", " ", section))


def test_a_question_that_was_not_asked_is_not_listed(therapist, first):
    hidden = FORM.by_id["alg_reaction"].text
    assert hidden not in unescape(therapist.get(path(first)).text)


def test_a_warning_sign_stands_there_with_what_she_was_told(therapist, first):
    signs = text_of(therapist.get(path(first)), "signs-title")
    assert message("E1").title in signs or "bleed" in signs.lower()
    assert "911" in signs


def test_a_baby_that_died_is_said_before_anything_else_on_every_later_form_too(make, sign_in, clock):
    response = make.intake(answers={**OWN, "ob_births": {"value": [STILLBORN]}}, submitted=True)
    clock.shift(60)
    browser = sign_in(response.visit.therapist)
    asked = askings.ask_again(
        make.session, response, "bladder", visit=response.visit, by=response.visit.therapist, now=make.now
    )
    for each in (response, asked):
        assert "A baby died." in browser.get(path(each)).text


def test_dates_of_births_that_cannot_be_are_named_here_and_on_the_chart(make, sign_in, clock):
    seven = {**STILLBORN, "birth_date": {"value": "2000-05-01"}, "birth_outcome": {"value": "living"}}
    odd = make.intake(answers={**OWN, "ob_births": {"value": [seven]}}, submitted=True)
    browser = sign_in(odd.visit.therapist)
    for page in (browser.get(path(odd)), browser.get(f"/clinic/charts/{odd.patient_id}")):
        assert "Dates do not fit." in text(page)
        assert "May 1, 2000: before the patient was 10 years old." in text(page)
    assert "weeks after birth" not in browser.get(f"/clinic/charts/{odd.patient_id}").text


def test_a_due_date_that_cannot_be_is_named_too(make, sign_in, clock):
    due = {"ob_preg_now": {"value": "yes"}, "ob_preg_due": {"value": "1995-03-01"}}
    odd = make.intake(answers={**OWN, **due}, submitted=True)
    browser = sign_in(odd.visit.therapist)
    for page in (browser.get(path(odd)), browser.get(f"/clinic/charts/{odd.patient_id}")):
        assert "March 1, 1995: a due date that was over for more than 3 weeks." in text(page)


def test_dates_that_fit_are_not_remarked_on(therapist, first):
    assert "Dates do not fit" not in therapist.get(path(first)).text


def test_nobody_outside_the_care_team_can_tell_that_answers_exist(client, make, sign_in, first):
    for who in ("therapist", "front-desk", "admin"):
        sign_in(make.user(who))
        nothing = client.get("/clinic/charts/intakes/00000000-0000-4000-8000-000000000000")
        refused = client.get(path(first))
        assert (refused.status_code, alike(refused)) == (404, alike(nothing))


def test_an_assistant_sees_no_sensitive_answer_nor_that_one_was_asked(make, sign_in, first):
    page = sign_in(make.member(first.patient)).get(path(first))
    for name in ("rf_unreal", "sx_ok_to_ask"):
        assert FORM.by_id[name].text not in unescape(page.text)
    assert 'id="intimacy:title"' not in page.text


def test_none_of_these_names_what_was_denied_and_a_long_list_is_folded(make, sign_in):
    response = make.intake(answers={"rf_heart": {"value": ["none"]}, "mh_conditions": {"value": ["none"]}})
    page = sign_in(response.visit.therapist).get(path(response))
    assert "None of these Said no to: Chest pain, or a heart that races or skips; Trouble breathing;" in text(page)
    assert re.search(r'<details class="denied"><summary>Said no to \d\d', page.text)


def test_parts_of_one_title_have_one_heading_and_one_way_there(make, sign_in):
    response = make.intake(answers=OWN, submitted=True)
    page = sign_in(response.visit.therapist).get(path(response))
    ways = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page.text)
    assert len({name for _place, name in ways}) == len(ways) > 5
    assert [name for _place, name in ways].count("Warning signs") == 1
    for place, name in ways:
        assert page.text.count(f'<h2 id="{place}"') == 1, name


def test_an_entry_is_a_list_with_a_number_where_there_are_several(make, sign_in):
    births = {"value": [STILLBORN, {**STILLBORN, "birth_date": {"value": "2021"}}]}
    response = make.intake(answers={"ob_births": births})
    page = sign_in(response.visit.therapist).get(path(response))
    (entries,) = re.findall(r'<ol class="entries">(.*?)</ol>', page.text, re.DOTALL)
    assert [each.count("<dt>") for each in entries.split("<li>")[1:]] == [3, 3]
    assert "May 1, 2026;" not in text(page)


# ---------------------------------------------------------------- what changed


@pytest.fixture
def second(make, first):
    """A year later: one answer differs, one is the same, one was passed over, a private one differs."""
    later = {**OWN, "alg_any": {"value": "yes"}, "sx_ok_to_ask": {"value": "no"}}
    return make.intake(make.visit(first.patient, first.visit.therapist), later, submitted=True)


def test_what_changed_says_what_it_was_and_when(therapist, second):
    assert "was No (Sep 15, 2026) → now Yes" in text(therapist.get(path(second)))


def test_only_what_changed_can_be_looked_at(therapist, second):
    said = text(therapist.get(path(second, "?show=changes")))
    assert "was No (Sep 15, 2026) → now Yes" in said
    assert "“Run with the stroller again”" not in said
    assert "Private answers are not compared" in said


def test_private_answers_are_not_held_against_each_other(therapist, second):
    page = therapist.get(path(second))
    section = text_of(page, "intimacy:title")
    assert "was" not in section.split()


# ---------------------------------------------------------------- reviewed


def test_a_therapist_of_the_team_marks_it_once_and_it_shows_on_the_day_and_the_visit(
    therapist, make, sign_in, first, clock
):
    assert "Mark as reviewed" in therapist.get(path(first)).text
    answer = therapist.submit(path(first, "/reviewed"), at=path(first))
    assert answer.status_code == 303
    page = therapist.get(path(first))
    assert f"Reviewed by {first.visit.therapist.name}" in text(page)
    assert "Mark as reviewed" not in page.text
    assert "reviewed" in therapist.get(f"/clinic/visits/{first.visit_id}").text
    assert "reviewed" in therapist.get(f"/clinic?day={first.visit.starts_at:%Y-%m-%d}").text


def test_an_assistant_and_who_opened_the_chart_in_an_emergency_cannot_mark_it(make, sign_in, first, session):
    stranger = make.therapist()
    make.emergency(first.patient, stranger)
    for who in (make.member(first.patient), stranger):
        browser = sign_in(who)
        assert "Mark as reviewed" not in browser.get(path(first)).text
        assert browser.submit(path(first, "/reviewed"), at=path(first)).status_code == 404
    assert reviews.of_response(session, first.id) is None


def test_what_is_not_in_cannot_be_marked(make, sign_in, session):
    response = make.intake()
    browser = sign_in(response.visit.therapist)
    assert "Mark as reviewed" not in browser.get(path(response)).text
    browser.submit(path(response, "/reviewed"), at=path(response))
    assert reviews.of_response(session, response.id) is None


# ---------------------------------------------------------------- asked again


@pytest.fixture
def ask(therapist, first, session):
    def asked(section, **more):
        answer = therapist.submit(
            path(first, "/again"), {"section": section, "visit": str(first.visit_id), **more}, at=path(first)
        )
        session.rollback()
        return answer

    return asked


def test_one_part_is_asked_again_from_the_review(ask, therapist, first, session):
    assert ask("bladder").location == f"/clinic/visits/{first.visit_id}"
    (asked,) = responses.following(session, first.id)
    assert asked.only == "bladder"
    page = therapist.get(path(first))
    assert "waits" in text_of(page, "again-title")
    visits = therapist.get(f"/clinic/visits/{first.visit_id}")
    assert "one part again" in visits.text
    assert "Send again" in visits.text
    withdrawn = therapist.submit(path(asked, "/withdraw"), at=path(first))
    assert withdrawn.location == path(first)
    session.rollback()
    assert responses.following(session, first.id) == []


def test_a_part_asked_again_says_so_and_leads_to_the_answers_before(ask, therapist, first, session):
    ask("bladder")
    (asked,) = responses.following(session, first.id)
    page = therapist.get(path(asked))
    assert link_to(page, first) == "One part, asked again. See the answers before."


@pytest.mark.parametrize("name", ["follow-up", "check-in", "bladder-diary", "intake"])
def test_a_later_form_leads_to_the_answers_before_and_is_no_part_asked_again(make, therapist, first, session, name):
    visit = make.visit(first.patient, first.visit.therapist, kind="follow-up")
    later = beginnings.begin(session, visit, name, now=make.now)
    session.commit()
    assert link_to(therapist.get(path(later)), first) == "See the answers before."


def link_to(page, response):
    return re.search(f'<a href="{path(response)}">([^<]*)</a>', page.text)[1]


@pytest.mark.parametrize("fields", [{"section": ""}, {"section": "safety"}, {"section": "bladder", "visit": "x"}])
def test_a_part_or_visit_that_is_not_offered_is_said_to_be_none(ask, first, session, fields):
    assert ask(**{"section": "bladder", **fields}).status_code == 422
    assert responses.following(session, first.id) == []


def test_only_the_team_s_therapists_ask_again(make, sign_in, first, session):
    browser = sign_in(make.member(first.patient))
    assert "Ask one part again" not in browser.get(path(first)).text
    fields = {"section": "bladder", "visit": str(first.visit_id)}
    assert browser.submit(path(first, "/again"), fields, at=path(first)).status_code == 404
    assert responses.following(session, first.id) == []


@pytest.fixture
def she(ask, first, make, session, new_client):
    """The patient, who comes in to answer a part again; made with the part's name."""

    def came_in(section):
        ask(section)
        invitation = make.invitation(first.visit)
        browser = new_client()
        assert come_in(browser, make.codes[invitation.id], **born_of(first)).status_code == 303
        return browser

    return came_in


def born_of(response):
    born_on = response.patient.birth_date
    return {"year": born_on.year, "month": born_on.month, "day": born_on.day}


def test_she_sees_that_part_alone_and_is_told_why(she):
    page = she("health").get("/f")
    assert where(page) == "tasks"
    assert "Your clinic would like you to answer one part again." in page.text
    assert page.text.count('id="task:') == 1
    assert "“Run with the stroller again”" not in page.text


CHANGED = {"alg_any": "yes", "alg_known": "latex"}
ONE_TAP = {Kind.YES_NO, Kind.CHOICE, Kind.CHOICES}


def asked_on(page):
    """The questions of a page that are answered by tapping."""
    names = set(re.findall(r'name="([a-z_]+)"', page.text)) & FORM.by_id.keys()
    return {name: FORM.by_id[name] for name in names if FORM.by_id[name].kind in ONE_TAP}


def test_she_answers_it_signs_and_both_the_old_and_the_new_answers_stay(she, therapist, first, session):
    browser = she("health")
    second = {"_form": "2"}
    send(browser, "tasks", {"_go": "page 1.1", **second})
    place = where(browser.get("/f"))
    while place.startswith("page"):
        page = browser.get("/f")
        fields = {name: plausible(question) for name, question in asked_on(page).items()} | CHANGED
        fields = {name: value for name, value in fields.items() if f'name="{name}"' in page.text}
        version = re.search(r'name="_version"[^>]*value="([^"]*)"', page.text)[1]
        answer = send(browser, place, {"_version": version, **fields, **second})
        assert answer.status_code == 303, re.findall('<li><a href="#.*', answer.text)
        place = where(browser.get("/f"))
    assert place == "check"
    page = browser.get("/f")
    assert "Handed in" not in page.text
    arrive(browser, send(browser, "check", {"signer": "Rowan Invented", **second}))
    session.rollback()
    (asked,) = responses.following(session, first.id)
    assert asked.status == responses.COMPLETED
    assert responses.answers(session, asked.id)["alg_any"]["value"] == "yes"
    assert responses.answers(session, first.id)["alg_any"]["value"] == "no"
    assert "was No (Sep 15, 2026) → now Yes" in text(therapist.get(path(asked)))
    assert "“Run with the stroller again”" in text(therapist.get(f"/clinic/charts/{first.patient_id}"))


def test_a_warning_sign_in_it_acts_at_once_and_an_old_one_is_not_raised_again(she, first, session):
    browser = she("warning-signs")
    second = {"_form": "2"}
    send(browser, "tasks", {"_go": "page 1.1", **second})
    before = {flag.id for flag in flags.of_patient(session, first.patient_id)}
    session.rollback()
    page = browser.get("/f")
    version = re.search(r'name="_version"[^>]*value="([^"]*)"', page.text)[1]
    place = where(page)
    send(browser, place, {"_version": version, "rf_heart": "rf_chest", **second})
    session.rollback()
    (asked,) = responses.following(session, first.id)
    new = [flag for flag in flags.of_patient(session, first.patient_id) if flag.id not in before]
    assert {flag.response_id for flag in new} == {asked.id}
    assert all("rf_bleed" not in flag.because and "heavy" not in flag.because for flag in new)


def test_a_sign_that_what_was_said_before_raises_with_what_she_says_now_acts_at_once(make, new_client, enter, session):
    response = make.intake(answers={**OWN, **LEAKS_ALL_THE_TIME}, submitted=True)
    by = response.visit.therapist
    asked = askings.ask_again(session, response, "bladder", visit=response.visit, by=by, now=make.now)
    browser = enter(make.invitation(response.visit), new_client())
    send(browser, "tasks", {"_go": "page 1.3", "_form": "2"})
    kept = version(browser.get("/f"))
    send(browser, "page 1.3", {"_version": kept, "bl_empty": "not-empty", "_form": "2"})
    session.rollback()
    (flag,) = flags.of_response(session, asked.id)
    assert (flag.rule, flag.severity, flag.still_true) == ("E8", "EMERGENCY", True)


def test_after_a_loss_a_part_that_is_asked_again_spares_her_what_the_form_spared_her(
    make, sign_in, new_client, enter, session
):
    response = make.intake(answers={**OWN, "ob_births": {"value": [STILLBORN]}}, submitted=True)
    therapist = response.visit.therapist
    askings.ask_again(session, response, "feeding-sleep", visit=response.visit, by=therapist, now=make.now)
    browser = enter(make.invitation(response.visit), new_client())
    seen = ""
    for number in range(1, len(FORM.section("feeding-sleep").pages) + 1):
        send(browser, "tasks", {"_go": f"page 1.{number}", "_form": "2"})
        seen += browser.get("/f").text
    assert 'name="slp_longest_h"' in seen
    assert "feed_mode" not in seen


def test_a_part_that_is_taken_back_while_she_has_it_open_leads_her_to_what_is_left(she, therapist, first, session):
    browser = she("bladder")
    send(browser, "tasks", {"_go": "page 1.1", "_form": "2"})
    (asked,) = responses.following(session, first.id)
    therapist.submit(path(asked, "/withdraw"), at=path(first))
    page = browser.get("/f")
    assert page.status_code == 200
    late = send(browser, "page 1.1", {"_version": "bladder:1", "bl_leak_any": "yes", "_form": "2"})
    assert arrive(browser, late) == "done"
    session.rollback()
    assert responses.answers(session, asked.id) == {}


def test_every_look_leaves_a_line_with_what_was_seen(therapist, first, session):
    therapist.get(path(first))
    session.rollback()
    line = audit.of_patient(session, first.patient_id)[-1]
    assert (line.action, line.categories) == ("read.read-chart", "desk care sensitive")


def test_a_paper_that_is_typed_in_late_is_compared_with_what_was_said_before_it_and_not_since(
    make, sign_in, client, clock
):
    first = make.intake(answers={"fn_goal_top": {"value": "Marzipan newer"}}, submitted=True)
    clock.shift(timedelta(hours=1))
    on, old = make.now.date() - timedelta(days=30), {"fn_goal_top": {"value": "Older"}}
    paper = make.transcript(make.visit(first.patient, first.visit.therapist), filled_on=on, answers=old, finished=True)
    page = sign_in(first.visit.therapist, client).get(path(paper)).text
    assert ("Older" in page, "Marzipan newer" in page) == (True, False)


def test_no_link_leads_to_the_answers_before_once_they_were_taken_out(session, make, sign_in, clock):
    paper = make.transcript(answers={"bl_leak_any": {"value": "yes"}}, finished=True)
    therapist, visit = sign_in(paper.visit.therapist), make.visit(paper.patient, paper.visit.therapist)
    again = askings.ask_again(session, paper, "bladder", visit=visit, by=visit.therapist, now=make.now)
    corrections.take_out(session, paper, "not-hers", "x", by=visit.therapist, now=make.now)
    assert "See the answers before" not in therapist.get(path(again)).text
    therapist.get(path(again))
    left = therapist.post(f"{path(again)}/withdraw", data={"csrf_token": therapist.token})
    assert left.location == f"/clinic/charts/{paper.patient_id}"
