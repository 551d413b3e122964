"""Lines are found by who, whose, what and when, newest first, page by page and none twice."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from intake.store import audit, report
from intake.store.report import Asked

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)


@pytest.fixture
def written(make, session):
    """Ten looks, an hour apart, by two people at two patients."""
    people, patients = [make.therapist(), make.therapist()], [make.patient(), make.patient()]
    for number in range(10):
        audit.record(
            session, "read.read-chart" if number % 5 else "read.read-note", now=NOW + timedelta(days=9, hours=number),
            actor=people[number % 2], patient_id=patients[number // 5].id, reason=str(number),
        )  # fmt: skip
    session.commit()
    return people, patients


LOOKS = ("read.read-chart", "read.read-note")


def found(session, most=50, before=None, **asked):
    page = report.page(session, Asked(**{"actions": LOOKS, **asked}), most, before)
    return [int(line.reason) for line in page.lines], page.older


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, range(9, -1, -1)),
        ({"who": 0}, [8, 6, 4, 2, 0]),
        ({"whose": 1}, [9, 8, 7, 6, 5]),
        ({"who": 0, "whose": 1}, [8, 6]),
        ({"actions": ("read.read-note",)}, [5, 0]),
        ({"actions": ()}, []),
        ({"since": NOW + timedelta(days=9, hours=7)}, [9, 8, 7]),
        ({"until": NOW + timedelta(days=9, hours=2)}, [1, 0]),
        ({"actor_id": uuid.UUID(int=1)}, []),
    ],
)
def test_each_condition_has_to_fit(session, written, asked, numbers):
    people, patients = written
    asked = dict(asked)
    if "who" in asked:
        asked["actor_id"] = people[asked.pop("who")].id
    if "whose" in asked:
        asked["patient_id"] = patients[asked.pop("whose")].id
    assert found(session, **asked) == (list(numbers), None)


def test_pages_hang_together_and_the_last_says_so(session, written):
    seen, before = [], None
    for _page in range(4):
        numbers, before = found(session, 3, before)
        seen.append(numbers)
    assert seen == [[9, 8, 7], [6, 5, 4], [3, 2, 1], [0]]
    assert before is None
    assert found(session, 10)[1] is None  # exactly full: nothing older


def test_the_lines_of_a_patient_are_in_the_order_they_were_written(session, written):
    _people, (first, _second) = written
    lines = report.of_patient(session, first.id, NOW + timedelta(days=9, hours=3))
    assert [line.reason for line in lines if line.action in LOOKS] == ["3", "4"]


def test_names_are_looked_up_and_what_nobody_knows_any_more_is_left_out(session, written, make):
    people, patients = written
    audit.record(session, "test.done", now=NOW, patient_id=uuid.UUID(int=5))
    session.commit()
    lines = report.page(session, Asked(), 50).lines
    assert {user.id for user in people} <= set(report.people(session, lines))
    assert set(report.patients(session, lines)) == {patient.id for patient in patients}


def test_a_patient_is_found_between_two_ids(session, make):
    patient = make.patient()
    assert [each.id for each in report.patients_between(session, patient.id, patient.id, 5)] == [patient.id]
    assert report.patients_between(session, uuid.UUID(int=0), uuid.UUID(int=1), 5) == []
