"""A session belongs to one person: staff or patient, never both and never nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import exc

from intake.store import sessions
from intake.store.sessions import Login


def kept(session, make, **owner):
    session.add(Login(token_hash="x", started_at=make.now, seen_at=make.now, **owner))
    session.commit()


def test_a_session_is_found_by_the_hash_of_its_token(session, make):
    kept(session, make, user_id=make.user().id)
    assert sessions.find(session, "x").user is not None
    assert sessions.find(session, "y") is None


def test_a_session_of_nobody_is_refused(session, make):
    with pytest.raises(exc.IntegrityError):
        kept(session, make)


def test_a_session_of_two_is_refused(session, make):
    with pytest.raises(exc.IntegrityError):
        kept(session, make, user_id=make.user().id, invitation_id=make.invitation().id)
