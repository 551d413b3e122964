"""Sessions are begun with the password, opened with a second factor, locked, renewed and ended, each with its line."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import accounts, logins
from intake.actions.logins import Door
from intake.security import box, passwords
from intake.store import audit, people, sessions
from intake.store.audit import AuditEvent
from intake.store.people import User
from intake.store.proofs import Code, Password
from tests import sizes, tries
from tests.builders import COST, PASSWORD, SECRET, code, wrong_code

TURNS = sizes.size(2, 15)
KEY = box.key_of(SECRET)
DOOR, NEXT = Door("a" * 64, "Chrome, Windows"), Door("b" * 64, "Safari, iPhone")
RIGHT, WRONG = Password(fits=True), Password(fits=False)


@pytest.fixture
def user(make):
    return make.therapist()


def lines(session):
    found = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    return [(line.action, line.outcome, line.reason) for line in found if line.action.startswith("account.")]


def open_session(session, user, make, door=DOOR):
    assert logins.admit(session, None, user, RIGHT, door, now=make.now)
    return sessions.find(session, door.token_hash)


def test_a_password_alone_begins_a_session_that_opens_nothing(session, make, user):
    login = logins.begin(session, user, DOOR, now=make.now)
    assert login.mfa_at is None
    assert login.stepped_up_at is None
    assert lines(session) == [("account.password-accepted", "done", "")]


def test_a_second_factor_opens_it_under_a_new_token(clock, session, make, user):
    login = logins.begin(session, user, DOOR, now=make.now)
    assert logins.admit(session, login, user, Code(code(), KEY), NEXT, now=make.now)
    assert sessions.find(session, DOOR.token_hash) is None
    assert sessions.find(session, NEXT.token_hash).mfa_at == make.now
    assert lines(session)[-1] == ("account.signed-in", "done", "totp")


def test_a_wrong_second_factor_opens_nothing_and_leaves_a_line(session, make, user):
    login = logins.begin(session, user, DOOR, now=make.now)
    assert not logins.admit(session, login, user, Code(wrong_code(), KEY), NEXT, now=make.now)
    session.refresh(login)
    assert login.mfa_at is None
    assert lines(session)[-1] == ("account.sign-in-failed", "refused", "totp")


def test_a_password_hashed_at_a_lower_cost_is_hashed_anew(session, make, user):
    dear = replace(COST, passes=2, memory=16)
    better = passwords.hash_password(PASSWORD, dear)
    logins.begin(session, user, DOOR, rehashed=better, now=make.now)
    session.refresh(user)
    assert user.password_hash == better
    assert passwords.matches(user.password_hash, PASSWORD, COST), "the hash itself says what it cost"


def test_a_password_that_was_changed_meanwhile_is_not_overwritten(session, make, user):
    seen = user.password_hash
    session.expunge(user)
    newer = passwords.hash_password("nine purple lanterns", COST)
    there = session.get_one(type(user), user.id)
    there.password_hash = newer
    session.commit()
    assert user.password_hash == seen
    logins.begin(session, user, DOOR, rehashed="an old password's hash", now=make.now)
    session.refresh(there)
    assert there.password_hash == newer


def test_locking_and_unlocking_leave_a_line_each_and_change_the_token(session, make, user):
    login = open_session(session, user, make)
    logins.lock(session, login, by=user, now=make.now)
    assert login.locked_at is not None
    assert not logins.renew(session, login, user, WRONG, NEXT, now=make.now)
    session.refresh(login)
    assert (login.locked_at is not None, login.token_hash) == (True, DOOR.token_hash)
    assert logins.renew(session, login, user, RIGHT, NEXT, now=make.now)
    assert (login.locked_at, login.token_hash, login.device) == (None, NEXT.token_hash, NEXT.device)
    assert [line[0] for line in lines(session)[1:]] == [
        "account.locked", "account.sign-in-failed", "account.unlocked",
    ]  # fmt: skip


def test_a_fresh_factor_is_remembered_with_its_time(session, make, user):
    login = open_session(session, user, make)
    later = make.now + timedelta(minutes=10)
    assert logins.renew(session, login, user, RIGHT, NEXT, now=later)
    assert login.stepped_up_at == later
    assert lines(session)[-1] == ("account.stepped-up", "done", "password")


def test_signing_in_and_out_leaves_a_line_each_and_ends_the_row(session, make, user):
    login = open_session(session, user, make)
    accounts.end(session, login, by=user, now=make.now)
    assert (login.ended_at is not None, login.end_reason) == (True, "signed-out")
    assert audit.has(session, "account.signed-in")
    assert audit.has(session, "account.signed-out")


def test_a_failed_sign_in_leaves_a_line_even_for_an_unknown_address(session, make):
    logins.refuse(session, None, now=make.now)
    assert lines(session) == [("account.sign-in-failed", "refused", "password")]


def test_one_session_or_all_others_can_be_ended(session, make, user):
    here, *others = [
        open_session(session, user, make, Door(letter * 64, "Chrome, Windows")) for letter in ("c", "d", "e")
    ]
    logins.end_one(session, others[0], by=user, now=make.now)
    logins.end_others(session, user, here, now=make.now)
    session.expire_all()
    assert [login.end_reason for login in (here, *others)] == ["", "revoked", "revoked"]
    assert [line[0] for line in lines(session)[-2:]] == ["account.session-ended", "account.sessions-ended"]


def come_in_at_once(engine, session, make):
    """How many places somebody has open after three sign-ins at the same moment, on top of three."""
    user = make.therapist()
    for _place in range(sessions.MOST_AT_ONCE):
        make.login(user)

    def come_in(number):
        door = Door(f"{number}{user.id.hex}", "x")
        return lambda own: logins.admit(own, None, own.get_one(User, user.id), RIGHT, door, now=make.now)

    assert tries.at_once(engine, *(come_in(number) for number in range(3))) == []
    session.rollback()
    return len(sessions.of(session, user, make.now))


def test_sign_ins_at_once_leave_no_more_places_open_than_are_allowed(engine, session, make):
    for _turn in range(TURNS):
        assert come_in_at_once(engine, session, make) == sessions.MOST_AT_ONCE


def test_without_the_lock_more_would_stay_open(engine, session, make, backend, monkeypatch):
    if backend == "sqlite":
        pytest.skip("SQLite has one writer at a time, so there is nobody to race with")
    gate, of = threading.Barrier(3, timeout=10), sessions.of

    def all_have_looked(own, user, now):
        found = of(own, user, now)
        if threading.current_thread() is not threading.main_thread():
            gate.wait()
        return found

    monkeypatch.setattr(people, "hold", lambda *_given: None)
    monkeypatch.setattr(sessions, "of", all_have_looked)
    assert come_in_at_once(engine, session, make) > sessions.MOST_AT_ONCE
