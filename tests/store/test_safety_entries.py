"""What was done after somebody was asked alone: kept sealed, and for good."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, select, text

from intake.actions import safety_entries as acts
from intake.store import safety_entries
from intake.store.safety_entries import SafetyEntry


@pytest.fixture
def entry(session, make):
    visit = make.visit()
    return acts.write(session, visit.patient, "Marzipan: seen alone.", over=0, by=visit.therapist, now=make.now)


def test_they_are_found_newest_first(session, make, entry):
    later = acts.write(session, entry.patient, "Called.", over=1, by=entry.author, now=make.now)
    assert safety_entries.of_patient(session, entry.patient_id) == [later, entry]
    assert safety_entries.of_patient(session, make.patient().id) == []


def test_the_words_are_sealed(session, entry):
    (raw,) = session.execute(select(SafetyEntry.__table__.c.words)).one()
    assert b"Marzipan" not in raw
    session.expire_all()
    assert entry.text == "Marzipan: seen alone."


@pytest.mark.parametrize("change", ["UPDATE safety_entries SET number = 7", "DELETE FROM safety_entries"])
def test_the_database_keeps_them_as_they_are(session, entry, change):
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text(change))
    session.rollback()
