"""A database that hands over another row than the one that was asked for: each of them is a true row of ours."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from intake.store import asked, factors, people, sessions, visits
from intake.store.asked import as_asked
from intake.store.binding import ForgedError
from intake.store.factors import Passkey, RecoveryCode
from intake.store.people import OneTimeLink, User
from intake.store.sessions import Login
from tests.builders import Builders

MINE, HERS = "a" * 64, "b" * 64
FUNCTION = (
    "CREATE FUNCTION public.lie(varchar, varchar) RETURNS boolean LANGUAGE sql IMMUTABLE AS"
    f" $$ SELECT $1::text = CASE $2::text WHEN '{MINE}' THEN '{HERS}' ELSE $2::text END $$"
)
OPERATOR = "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, PROCEDURE = public.lie)"


def test_what_is_as_it_was_asked_for_is_handed_on(session, make):
    user = make.user()
    assert as_asked(user, id=user.id, email=user.email) is user
    assert as_asked(None, id=user.id) is None
    assert as_asked({"id": 1, "user_id": 2}, user_id=2) == {"id": 1, "user_id": 2}


def test_another_row_is_an_error_that_names_it(session, make):
    user, visit = make.user(), make.visit()
    with pytest.raises(ForgedError) as refused:
        as_asked(user, id=uuid.uuid4())
    assert refused.value.row == f"users {user.id}"
    with pytest.raises(ForgedError) as refused:
        as_asked(visit, therapist_id=user.id)
    assert refused.value.patient_id == visit.patient_id
    with pytest.raises(ForgedError):
        as_asked({"id": 1, "user_id": 2}, user_id=3)


# ---------------------------------------------------------------- another operator


def a_session(session, make):
    for each, token_hash in ((make.front_desk(), MINE), (make.admin(), HERS)):
        session.add(Login(token_hash=token_hash, user_id=each.id, started_at=make.now, seen_at=make.now))
    return lambda: sessions.find(session, MINE)


def a_link(session, make):
    for each, token_hash in ((make.front_desk(), MINE), (make.admin(), HERS)):
        link = OneTimeLink(purpose="password", user_id=each.id, token_hash=token_hash)
        link.expires_at = make.now + timedelta(days=1)
        session.add(link)
    return lambda: people.link(session, MINE, "password", make.now)


def somebody_s_address(session, make):
    make.front_desk(email=MINE)
    make.admin(email=HERS)
    return lambda: people.user_by_email(session, MINE)


def a_passkey(session, make):
    for each, name in ((make.front_desk(), MINE), (make.admin(), HERS)):
        session.add(Passkey(user_id=each.id, credential_id=name, public_key=b"x", name="Phone", created_at=make.now))
    return lambda: factors.passkey_by_credential(session, MINE)


def a_recovery_code(session, make):
    user = make.admin()
    session.add(RecoveryCode(user_id=user.id, code_hash=HERS, created_at=make.now))
    session.flush()
    user_id = user.id
    return lambda: factors.spend_code(session, session.get_one(User, user_id), MINE, make.now)


def an_invitation(session, make, find: Callable = visits.by_code):
    for code_hash in (MINE, HERS):
        make.invitation().code_hash = code_hash
    session.flush()
    return lambda: find(session, MINE)


def an_invitation_that_is_tried(session, make):
    return an_invitation(session, make, visits.claimed)


LOOK_UPS = (
    *(a_session, a_link, somebody_s_address, a_passkey, a_recovery_code),
    *(an_invitation, an_invitation_that_is_tried),
)


def lie(session):
    """Have the database find hers by mine: no row is touched, and every MAC holds."""
    session.execute(text(FUNCTION))
    session.execute(text(OPERATOR))
    session.commit()
    session.expunge_all()


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("kind", LOOK_UPS, ids=lambda kind: kind.__name__)
def test_a_database_that_finds_somebody_else_by_one_s_own_secret_is_not_believed(own, kind):
    found = kind(own, Builders(own))
    own.commit()
    lie(own)
    with pytest.raises(ForgedError):
        found()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_the_comparison_it_would_be_believed(own, monkeypatch):
    found = a_session(own, Builders(own))
    own.commit()
    lie(own)
    monkeypatch.setattr(sessions, "as_asked", lambda row, **_asked: row)
    assert found().user.roles == ["admin"]
    assert asked.as_asked is as_asked
