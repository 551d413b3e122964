"""A returning patient on the chart."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from intake.actions import intakes
from intake.forms import reader
from intake.store import audit, beginnings, responses
from tests.builders import filled

LIFT = {"fn_activity_name": {"value": "Lift the car seat"}, "fn_rating": {"value": 3}}
FIRST = {
    "bl_leak_any": {"value": "yes"},
    "bl_leak_when": {"value": ["penetration"]},
    "bl_bother": {"value": 6},
    "fn_goal_top": {"value": "Run again"},
    "fn_psfs": {"value": [LIFT]},
    "alg_any": {"value": "yes"},
    "alg_known": {"value": ["latex"]},
    "rf_unreal": {"value": "no"},
}
STILL = {q.id: {"value": "right"} for q in reader.latest("follow-up").questions() if q.recall}


@pytest.fixture
def first(make, clock):
    return make.intake(answers=FIRST, submitted=True)


def next_form(session, make, clock, first, form, days, **answers):
    clock.shift(timedelta(days=days))
    visit = make.visit(first.patient, first.visit.therapist, kind="follow-up")
    response = beginnings.begin(session, visit, form, now=make.now)
    published = reader.load(response.form, response.form_version)
    given = responses.answers(session, response.id) | {name: {"value": value} for name, value in answers.items()}
    make.answer(response, filled(published, given))
    today = make.now.date()
    intakes.submit(session, response, published, signer="Rowan Invented", by=None, today=today, now=make.now)
    return response


def chart(client, first):
    return re.sub(r"\s+", " ", client.get(f"/clinic/charts/{first.patient_id}").text)


def test_one_intake_alone_has_nothing_to_compare(client, sign_in, first):
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert "Since last time" not in page
    assert "as they stand" not in page


def test_a_short_form_stands_beside_last_time(client, make, sign_in, session, clock, first):
    next_form(session, make, clock, first, "check-in", 7, ci_pain=6, ci_activity_1=4)
    next_form(session, make, clock, first, "check-in", 7, ci_pain=2, ci_activity_1=7)
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert "Worst pain in the last week, 0 to 10" in page
    assert "-4 better" in page
    assert "“Lift the car seat”" in page
    assert "+3 better" in page
    assert "more than chance" in page
    assert "Sep 22, 2026" in page


def test_what_was_not_answered_is_said_so(client, make, sign_in, session, clock, first):
    next_form(session, make, clock, first, "check-in", 7)
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert "not answered" in page
    assert "no comparison" in page


def test_the_summary_is_that_of_the_intake_with_what_was_said_since(client, make, sign_in, session, clock, first):
    next_form(session, make, clock, first, "check-in", 7)
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert "Run again" in page
    assert "Latex" in page


def test_a_later_answer_replaces_the_earlier_one_in_the_summary(client, make, sign_in, session, clock, first):
    changed = STILL | {"st_goals": "changed"}
    answers = {name: value["value"] if isinstance(value, dict) else value for name, value in changed.items()}
    next_form(session, make, clock, first, "follow-up", 100, **answers, fn_goal_top="Dance")
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert "Dance" in page
    assert "Run again" not in page
    assert "Latex" in page


def test_each_answer_says_when_it_was_said_and_when_it_was_last_called_right(
    client, make, sign_in, session, clock, first
):
    next_form(session, make, clock, first, "follow-up", 100, **dict.fromkeys(STILL, "right"))
    sign_in(first.visit.therapist)
    page = chart(client, first)
    assert 'How much does it bother you?</dt> <dd> <p class="written">6/10</p>' in page
    assert "Said Sep 15, 2026, still right Dec 24, 2026" in page


def test_an_assistant_sees_nothing_private_and_the_line_says_what_was_seen(
    client, make, sign_in, session, clock, first
):
    next_form(session, make, clock, first, "check-in", 7)
    sign_in(make.member(first.patient))
    page = chart(client, first)
    assert "How much does it bother you?" in page
    assert "During sex" not in page
    session.rollback()
    assert "sensitive" not in audit.of_patient(session, first.patient_id)[-1].categories
    sign_in(first.visit.therapist)
    assert "During sex" in chart(client, first)


# ---------------------------------------------------------------- what "still right" is about


@pytest.fixture
def confirmed(make, session, clock, first):
    """A follow-up that calls everything right."""
    return next_form(session, make, clock, first, "follow-up", 14, **dict.fromkeys(STILL, "right"))


def test_the_review_of_a_follow_up_names_what_was_right_with_its_day(client, sign_in, first, confirmed):
    sign_in(first.visit.therapist)
    page = re.sub(r"<[^>]+>|\s+", " ", client.get(f"/clinic/charts/intakes/{confirmed.id}").text)
    page = re.sub(r" +", " ", page)
    bother = reader.latest("intake").by_id["bl_bother"].text
    assert f"{bother} 6/10 said Sep 15, 2026" in page


def test_so_does_its_pdf(client, sign_in, first, confirmed):
    sign_in(first.visit.therapist)
    answer = client.get(f"/clinic/charts/intakes/{confirmed.id}/answers/letter")
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())
    assert f"{reader.latest('intake').by_id['bl_bother'].text} 6/10 (September 15, 2026)" in words
