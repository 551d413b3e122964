"""Typing in numbers of a measure, and taking them out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intake.actions import measures as acts
from intake.actions.refusals import FinalError, NotReadyError, RefusedError
from intake.clinical.measures.reading import Given
from intake.store import amendments, audit, flags, measures, responses

SEEN = ("care", "sensitive")


def test_numbers_are_kept_as_a_form_that_is_in(make, session):
    made = make.measure("phq-2", 1, 2)
    assert (made.form, made.number, made.status) == ("measure-private", 0, responses.COMPLETED)
    (taken,) = measures.of_patient(session, made.patient_id, SEEN)
    assert (taken.measure, taken.given.items, taken.is_by_staff) == ("phq-2", {"1": 1, "2": 2}, True)
    assert audit.has(session, "measure.entered")


def test_what_they_cannot_be_is_told_all_at_once_and_nothing_is_kept(make, session):
    visit = make.visit()
    with pytest.raises(NotReadyError) as refusal:
        make.measure("phq-2", 4, 9, visit=visit)
    assert [each.field for each in refusal.value.reasons] == ["1", "2"]
    assert measures.of_patient(session, visit.patient_id, SEEN) == []


def test_a_visit_that_was_called_off_takes_none(make, session):
    visit = make.visit()
    visit.cancelled_at = make.now
    session.commit()
    with pytest.raises(RefusedError, match="called off"):
        make.measure("phq-2", 1, 1, visit=visit)


@pytest.mark.parametrize(
    ("measure", "items", "rules"),
    [
        ("epds", (*[0] * 9, 1), {"S1"}),
        ("phq-9", (*[0] * 8, 3), {"E5"}),
        ("phq-9", (*[0] * 8, None), set()),
        ("hark", (1, 1, 1, 1), set()),
    ],
)
def test_warning_signs_open_their_entries_except_for_what_was_asked_alone(make, session, measure, items, rules):
    made = make.measure(measure, *items)
    assert {flag.rule for flag in flags.of_response(session, made.id)} == rules


def test_what_is_taken_out_counts_no_more_and_cannot_be_taken_out_twice(make, session):
    made = make.measure("odi", *[1] * 10)
    acts.take_out(session, made, "Of somebody else.", by=made.visit.therapist, now=make.now)
    assert measures.of_patient(session, made.patient_id, SEEN) == []
    assert amendments.of_response(session, made.id).text == "Of somebody else."
    with pytest.raises(FinalError):
        acts.take_out(session, made, "Again.", by=made.visit.therapist, now=make.now)


def test_only_numbers_that_staff_typed_in_can_be_taken_out_this_way(make, session):
    intake = make.intake(submitted=True)
    with pytest.raises(FinalError):
        acts.take_out(session, intake, "No.", by=intake.visit.therapist, now=make.now)


def test_a_total_is_kept_to_its_decimals(make, session):
    made = make.measure("pfdi-20", total=Decimal("67.25"))
    (taken,) = measures.of_patient(session, made.patient_id, SEEN)
    assert taken.given == Given(total=Decimal("67.25"))
