"""That a transcript was put right or taken out, by whom and why, stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import exc, text

from intake.store import amendments, versions


@pytest.fixture
def paper(make, session):
    response = make.transcript(finished=True)
    by = response.visit.therapist
    versions.keep(session, response, amendments.NOT_HERS, "Another name stands on it.", by=by, now=make.now)
    session.commit()
    return response


def test_what_became_of_a_transcript_is_found_with_it(session, make, paper):
    found = amendments.of_response(session, paper.id)
    assert (found.kind, found.text, found.user.id) == (
        "not-hers",
        "Another name stands on it.",
        paper.visit.therapist_id,
    )
    assert amendments.of_response(session, make.intake().id) is None
    assert amendments.of_response(session, None) is None


@pytest.mark.parametrize("change", ["DELETE FROM amendments", "UPDATE amendments SET kind = 'moved'"])
def test_it_cannot_be_taken_back(session, paper, change):
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text(change))
    session.rollback()
    assert paper.id


def test_why_is_not_in_the_clear(session, paper):
    (words,) = session.execute(text("SELECT words FROM amendments")).one()
    assert b"Another" not in bytes(words)
    assert paper.id


def test_what_became_of_the_papers_of_a_visit_since_a_moment_is_found(session, make, paper):
    at = amendments.of_response(session, paper.id).amended_at
    (found,) = amendments.since(session, paper.patient_id, "intake", at - timedelta(seconds=1))
    assert (found[0].kind, found[1]) == ("not-hers", paper)
    assert amendments.since(session, paper.patient_id, "intake", at) == []
    assert amendments.since(session, paper.patient_id, "check-in", at - timedelta(seconds=1)) == []
    assert amendments.since(session, make.patient().id, "intake", at - timedelta(seconds=1)) == []
