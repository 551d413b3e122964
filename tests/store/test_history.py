"""What a patient has said in one form after another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import intakes
from intake.forms import reader
from intake.store import beginnings, history, responses
from tests.builders import filled


@pytest.fixture
def handed_in(session, make, clock):
    """A patient who has handed in an intake, 100 days ago."""
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 6}}, submitted=True)
    clock.shift(timedelta(days=100))
    return intake


def begun(session, make, patient, form):
    visit = make.visit(patient, kind="follow-up")
    response = beginnings.begin(session, visit, form, now=make.now)
    session.commit()
    return response


def hand_in(session, make, response, answers):
    form = reader.load(response.form, response.form_version)
    make.answer(response, filled(form, {**responses.answers(session, response.id), **answers}))
    today = make.now.date()
    intakes.submit(session, response, form, signer="Rowan Invented", by=None, today=today, now=make.now)


STILL = {q.id: {"value": "right"} for q in reader.latest("follow-up").questions() if q.recall}


def test_a_form_that_begins_builds_on_the_newest_that_is_in(session, make, handed_in):
    first = begun(session, make, handed_in.patient, "follow-up")
    assert first.follows_id == handed_in.id
    assert first.number == 1
    hand_in(session, make, first, STILL)
    assert begun(session, make, handed_in.patient, "check-in").follows_id == first.id


def test_the_first_form_of_all_builds_on_none(session, make):
    first = begun(session, make, make.patient(), "follow-up")
    assert first.follows_id is None
    assert history.before(session, first) == {}


def test_what_is_not_handed_in_is_nothing_to_build_on(session, make):
    draft = make.intake(answers={"bl_leak_any": {"value": "yes"}})
    assert history.newest(session, draft.patient_id) is None
    assert history.last_full(session, draft.patient_id) is None


def test_a_follow_up_knows_what_was_said_when_and_what_she_says_now_stands(session, make, handed_in):
    first = begun(session, make, handed_in.patient, "follow-up")
    before = history.before(session, first)
    assert (before["bl_bother"].answer["value"], before["bl_bother"].said_at) == (6, handed_in.completed_at)
    again = {"st_bladder": {"value": "changed"}, "bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 2}}
    hand_in(session, make, first, STILL | again)
    stands = history.standing(session, first)
    assert (stands["bl_bother"].answer["value"], stands["bl_bother"].said_at) == (2, first.completed_at)
    assert history.before(session, first) == before, "what she was asked about does not change with her answer"


def test_what_she_calls_right_is_not_copied_into_the_new_form(session, make, handed_in):
    first = begun(session, make, handed_in.patient, "follow-up")
    hand_in(session, make, first, STILL)
    assert "bl_bother" not in responses.answers(session, first.id)
    assert history.standing(session, first)["bl_bother"].confirmed_at == first.completed_at


def test_what_she_answered_anew_and_then_called_right_after_all_is_dropped(session, make, handed_in):
    first = begun(session, make, handed_in.patient, "follow-up")
    hand_in(session, make, first, STILL | {"bl_bother": {"value": 1}})
    assert "bl_bother" not in responses.answers(session, first.id)
    assert history.standing(session, first)["bl_bother"].answer["value"] == 6


def test_only_what_asks_everything_makes_the_answers_full_again(session, make, handed_in):
    assert history.last_full(session, handed_in.patient_id) == handed_in.completed_at
    short = begun(session, make, handed_in.patient, "check-in")
    hand_in(session, make, short, {})
    assert history.last_full(session, handed_in.patient_id) == handed_in.completed_at
    full = begun(session, make, handed_in.patient, "follow-up")
    hand_in(session, make, full, STILL)
    assert history.last_full(session, handed_in.patient_id) == full.completed_at


def test_nobody_builds_on_what_another_patient_said(session, make, handed_in):
    assert begun(session, make, make.patient(), "follow-up").follows_id is None
