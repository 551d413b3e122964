"""Beginning a form for a visit."""

from __future__ import annotations

import pytest

from intake.store import beginnings, responses, visitforms

ACTIVITY = {"fn_activity_name": {"value": "Carry the car seat"}, "fn_rating": {"value": 3}}


@pytest.fixture
def visit(make):
    """A second visit of a patient who has handed in her intake."""
    said = {"bl_leak_any": {"value": "yes"}, "fn_psfs": {"value": [ACTIVITY]}}
    intake = make.intake(answers=said, submitted=True)
    return make.visit(intake.patient, kind="follow-up")


def given(session, response):
    return {name: answer["value"] for name, answer in responses.answers(session, response.id).items()}


def test_forms_are_counted_in_the_order_they_begin(session, make, visit):
    numbers = [beginnings.begin(session, visit, name, now=make.now).number for name in ("check-in", "follow-up")]
    assert numbers == [1, 2]


def test_a_short_form_begins_with_her_activities_and_what_is_followed(session, make, visit):
    response = beginnings.begin(session, visit, "check-in", now=make.now)
    assert given(session, response) == {"ci_measure": "bladder", "ci_name_1": "Carry the car seat"}
    assert not response.touched


def test_what_the_therapist_follows_is_what_is_asked(session, make, visit):
    response = beginnings.begin(session, visit, "check-in", measured="moving", now=make.now)
    assert given(session, response)["ci_measure"] == "moving"


def test_a_clinic_that_shows_nothing_again_shows_no_activities(session, make, visit):
    make.clinic().recall = False
    session.commit()
    assert given(session, beginnings.begin(session, visit, "check-in", now=make.now)) == {"ci_measure": "bladder"}


def test_what_a_visit_asks_for_and_has_not_begun_is_due(session, make, visit):
    assert beginnings.due(session, visit, make.now) == ["check-in"]
    beginnings.begin(session, visit, "check-in", now=make.now)
    assert beginnings.due(session, visit, make.now) == []
    assert beginnings.due(session, make.visit(), make.now) == ["intake"]


def test_a_form_that_a_clinic_adds_takes_no_warning_signs_away(session, make, visit):
    """A list with none of the forms that ask about warning signs comes on top of the one Fernleaf would choose."""
    for kind in ("initial-evaluation", "follow-up"):
        visitforms.assign(session, kind, ["bladder-diary"])
    assert beginnings.due(session, make.visit(), make.now) == ["intake", "bladder-diary"]
    assert beginnings.due(session, visit, make.now) == ["check-in", "bladder-diary"]
    visitforms.assign(session, "follow-up", ["bladder-diary", "follow-up"])
    assert beginnings.due(session, visit, make.now) == ["bladder-diary", "follow-up"]
