"""That answers were looked through stays on record."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from intake.actions import reviews as acts
from intake.store import responses, reviews


@pytest.fixture
def marked(make, session):
    response = make.intake(submitted=True)
    acts.mark(session, response, by=response.visit.therapist, now=make.now)
    return response


def test_the_mark_says_who_and_when(session, make, marked, clock):
    found = reviews.of_response(session, marked.id)
    assert found.user_id == marked.visit.therapist_id
    assert reviews.of_response(session, make.intake().id) is None


@pytest.mark.parametrize("change", ["DELETE FROM reviews", "UPDATE reviews SET reviewed_at = '2020-01-01'"])
def test_nothing_takes_the_mark_off(session, marked, change):
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text(change))
    session.rollback()
    assert reviews.of_response(session, marked.id) is not None


def test_a_visit_is_reviewed_once_all_of_its_forms_are(session, make, marked):
    asked = responses.asked(session, marked.visit_id)
    assert reviews.is_whole(session, asked)
    other = make.intake(submitted=True)
    assert reviews.reviewed(session, [marked.id, other.id]) == {marked.id}
    assert not reviews.is_whole(session, [*asked, other])
    assert not reviews.is_whole(session, [])
