"""Writing down what was done after somebody was asked alone."""

from __future__ import annotations

import pytest

from intake.actions import safety_entries
from intake.actions.refusals import StaleError
from intake.store import audit
from intake.store import safety_entries as stored


def test_an_entry_has_its_author_its_moment_and_a_line_without_its_words(session, make):
    visit = make.visit()
    made = safety_entries.write(session, visit.patient, "Seen alone.", over=0, by=visit.therapist, now=make.now)
    assert (made.number, made.author, made.text) == (1, visit.therapist, "Seen alone.")
    line = audit.of_patient(session, visit.patient_id)[-1]
    assert (line.action, line.categories, line.reason) == ("safety.written", "safety", "")


def test_nobody_writes_past_an_entry_they_have_not_read(session, make):
    visit = make.visit()
    safety_entries.write(session, visit.patient, "First.", over=0, by=visit.therapist, now=make.now)
    for over in (0, 2):
        with pytest.raises(StaleError):
            safety_entries.write(session, visit.patient, "Second.", over=over, by=visit.therapist, now=make.now)
    assert [entry.text for entry in stored.of_patient(session, visit.patient_id)] == ["First."]
