"""When a note is due, and what one that is begun late has to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical import late
from intake.forms import publishing, reader
from intake.forms.needs import missing

VISIT = datetime(2026, 3, 2, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAILY = reader.latest("daily-note")


@pytest.mark.parametrize(
    ("after", "due", "is_late"),
    [
        (timedelta(0), False, False),
        (-timedelta(days=1), False, False),
        (timedelta(hours=24), False, False),
        (timedelta(hours=24) + SECOND, True, False),
        (timedelta(hours=48), True, False),
        (timedelta(hours=48) + SECOND, True, True),
        (timedelta(days=400), True, True),
    ],
)
def test_the_limits_are_right_to_the_second(after, due, is_late):
    assert late.is_due(VISIT, VISIT + after) == due
    assert late.is_late(VISIT, VISIT + after) == is_late
    assert late.is_late_form(late.form_of(DAILY, VISIT, VISIT + after).id) == is_late


def test_a_late_note_asks_first_why_and_from_what_and_then_all_the_rest():
    form = reader.begun_late(DAILY)
    assert [section.id for section in form.sections] == ["late-entry", *(section.id for section in DAILY.sections)]
    assert {problem.field for problem in missing(form, {})} - {problem.field for problem in missing(DAILY, {})} == {
        "late_reason",
        "late_source",
    }
    assert late.kind_of(form.id) == "daily-note"


def test_it_is_loaded_by_its_name_and_is_one_object():
    assert reader.load("daily-note.late", DAILY.version) is reader.begun_late(DAILY)


def test_its_hash_covers_both_of_its_parts():
    own = publishing.hash_of("daily-note.late", 1)
    assert len(own) == len(publishing.hash_of("daily-note", 1))
    assert own not in {publishing.hash_of("daily-note", 1), publishing.hash_of("evaluation.late", 1)}
