"""Marking answers as reviewed."""

from __future__ import annotations

import pytest

from intake.actions import reviews as acts
from intake.actions.refusals import RefusedError
from intake.store import audit, reviews


def test_marking_leaves_one_line_and_a_second_mark_changes_nothing(session, make):
    response = make.intake(submitted=True)
    first, second = response.visit.therapist, make.therapist()
    for who in (first, second):
        acts.mark(session, response, by=who, now=make.now)
    assert reviews.of_response(session, response.id).user_id == first.id
    lines = [line for line in audit.of_patient(session, response.patient_id) if line.action == "intake.reviewed"]
    assert [line.actor_id for line in lines] == [first.id]


def test_what_is_not_in_cannot_be_marked(session, make):
    response = make.intake()
    with pytest.raises(RefusedError, match="not handed in yet"):
        acts.mark(session, response, by=response.visit.therapist, now=make.now)
    assert reviews.of_response(session, response.id) is None
