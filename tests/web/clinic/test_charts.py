"""The chart: a summary that fits one screen, the whole intake, notes and plans."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from intake.forms import reader
from intake.store import audit, beginnings
from tests.browsing import alike

CHECK_IN = reader.latest("check-in")
MOST_STATEMENTS = 34  # of a chart, with the line about the look
OWN = {
    "fn_goal_top": {"value": "Run with the stroller again"},
    "ex_worry": {"value": "That it will hurt"},
    "sx_ok_to_ask": {"value": "in-person"},
    "ob_more": {"value": "yes"},
    "ob_g": {"status": "in-person"},
    "rf_unreal": {"status": "declined"},
    "ti_stop_word": {"value": "pineapple"},
    "ti_triggers": {"value": "The sound of velcro"},
    "ob_births": {
        "value": [
            {
                "birth_date": {"value": "2026-05-01"}, "birth_mode": {"value": "vaginal"},
                "birth_tear": {"value": "second"}, "birth_outcome": {"value": "living"},
            }
        ]
    },
}  # fmt: skip


@pytest.fixture
def intake(make):
    return make.intake(answers=OWN, submitted=True)


def test_the_chart_says_what_matters_before_saying_hello(clock, client, make, sign_in):
    intake = make.intake(answers=OWN, submitted=True)
    sign_in(intake.visit.therapist)
    page = client.get(f"/clinic/charts/{intake.patient_id}").text
    for words in ("Run with the stroller again", "That it will hurt", "pineapple", "2nd degree", "19 weeks"):
        assert words in page
    for status in ("Would rather say in person", "Asked, not answered"):
        assert status in page


def test_the_whole_intake_shows_every_answer_to_the_treating_therapist(client, sign_in, intake):
    sign_in(intake.visit.therapist)
    page = client.get(f"/clinic/charts/intakes/{intake.id}").text
    for words in (
        "Run with the stroller again",
        "The sound of velcro",
        "Prefers not to say",
        "Would rather say it in person",
    ):
        assert words in page


def test_what_one_tap_answered_is_told_apart_from_what_she_answered_by_itself(client, sign_in, make):
    one_tap = {"value": ["none"], "together": True}
    intake = make.intake(answers={"rf_heart": one_tap, "rf_head": {"value": ["none"]}}, submitted=True)
    sign_in(intake.visit.therapist)
    assert client.get(f"/clinic/charts/intakes/{intake.id}").text.count("One tap answered the whole page") == 1


def test_each_consent_shows_the_words_that_were_agreed_to(client, sign_in, intake):
    sign_in(intake.visit.therapist)
    assert "Rowan Invented" in client.get(f"/clinic/charts/{intake.patient_id}").text


def test_nobody_outside_the_care_team_can_tell_that_a_chart_exists(client, make, sign_in, intake):
    for who in ("therapist", "front-desk", "admin"):
        sign_in(make.user(who))
        nothing = client.get("/clinic/charts/00000000-0000-4000-8000-000000000000")
        for path in (f"/clinic/charts/{intake.patient_id}", f"/clinic/charts/intakes/{intake.id}"):
            refused = client.get(path)
            assert (refused.status_code, alike(refused)) == (404, alike(nothing))


def test_every_look_into_a_chart_leaves_a_line_and_a_refused_one_none(
    client, new_client, make, sign_in, intake, session
):
    sign_in(make.therapist(), new_client()).get(f"/clinic/charts/{intake.patient_id}")
    assert not audit.has(session, "read.read-chart")
    sign_in(intake.visit.therapist).get(f"/clinic/charts/{intake.patient_id}")
    session.rollback()
    line = audit.of_patient(session, intake.patient_id)[-1]
    assert (line.action, line.actor_id) == ("read.read-chart", intake.visit.therapist_id)


def test_a_note_s_answers_are_not_found_as_an_intake(client, make, sign_in):
    note = make.note()
    sign_in(note.author)
    assert client.get(f"/clinic/charts/intakes/{note.response_id}").status_code == 404
    assert client.get(f"/clinic/charts/{note.patient_id}").status_code == 200


def banners(page):
    return [unescape(words) for words in re.findall(r'<p class="notice slim">\s*(.*?)\s*</p>', page.text, re.DOTALL)]


def test_that_answers_can_still_change_is_said_of_the_form_it_is_true_of(client, make, sign_in, intake, clock):
    sign_in(intake.visit.therapist)
    assert banners(client.get(f"/clinic/charts/{intake.patient_id}")) == []
    clock.shift(timedelta(days=1))
    visit = make.visit(intake.patient, intake.visit.therapist, kind="follow-up")
    later = beginnings.begin(make.session, visit, "check-in", now=make.now)
    make.session.commit()
    sign_in(intake.visit.therapist)
    assert banners(client.get(f"/clinic/charts/{intake.patient_id}")) == [], "she has not begun it"
    make.answer(later, {"ci_pain": {"value": 4}})
    (words,) = banners(client.get(f"/clinic/charts/{intake.patient_id}"))
    assert words == f"{CHECK_IN.title}, Sep 16, 2026: not handed in yet. Its answers can still change."


def test_a_chart_with_twice_the_notes_asks_no_more_of_the_database(client, make, sign_in, statements):
    intake = make.intake(answers=OWN, submitted=True)
    patient, therapist, asked = intake.patient, intake.visit.therapist, []
    sign_in(therapist)
    for turn in range(3):
        for number in range(3 * turn + 1):
            at = make.now - timedelta(minutes=90 - 20 * turn - number)
            visit = make.visit(patient, therapist, kind="follow-up", starts_at=at)
            make.add(make.note(visit, answers={"im_impression": {"value": "Better."}}, signed=True))
        client.get(f"/clinic/charts/{patient.id}")
        statements.clear()
        assert client.get(f"/clinic/charts/{patient.id}").status_code == 200
        asked.append(len(statements))
    assert asked[1] == asked[2]
    assert asked[2] <= MOST_STATEMENTS
