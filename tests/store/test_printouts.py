"""That sensitive answers were printed, and why, stays on record."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from intake.store import printouts
from intake.store.printouts import Printout


@pytest.fixture
def printed(make, session):
    response = make.intake(submitted=True)
    row = Printout(patient_id=response.patient_id, response_id=response.id, user_id=response.visit.therapist_id)
    row.reason, row.text, row.printed_at = "referral", "For the specialist she asked for.", make.now
    session.add(row)
    session.commit()
    return response


def test_who_printed_and_why_is_found_with_the_form(session, make, printed):
    (found,) = printouts.of_response(session, printed.id)
    assert (found.reason, found.text) == ("referral", "For the specialist she asked for.")
    assert printouts.of_response(session, make.intake().id) == []


@pytest.mark.parametrize("change", ["DELETE FROM printouts", "UPDATE printouts SET reason = 'other'"])
def test_it_cannot_be_taken_back(session, printed, change):
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text(change))
    session.rollback()


def test_why_is_not_in_the_clear(session, printed):
    (words,) = session.execute(text("SELECT words FROM printouts")).one()
    assert b"specialist" not in bytes(words)
