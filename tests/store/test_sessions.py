"""A session belongs to one person: staff or patient, never both and never nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import exc, select

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


def test_a_fourth_session_ends_the_oldest_and_says_why(session, make):
    user, other = make.therapist(), make.therapist()
    make.login(other)
    logins = []
    for minute in range(4):
        login = Login(user_id=user.id)
        sessions.admit(session, login, user, f"{minute}" * 64, "Chrome, Windows", make.now + timedelta(minutes=minute))
        logins.append(login)
    session.commit()
    assert [login.end_reason for login in logins] == ["newer", "", "", ""]
    assert len(sessions.of(session, user, make.now)) == 3
    assert len(sessions.of(session, other, make.now)) == 1


def test_open_sessions_are_those_with_both_factors_younger_than_twelve_hours(session, make):
    user = make.therapist()
    make.login(user)
    kept(session, make, user_id=user.id)
    assert len(sessions.of(session, user, make.now)) == 1
    assert sessions.of(session, user, make.now + timedelta(hours=12, minutes=1)) == []


def test_all_sessions_but_one_can_be_ended(session, make):
    user = make.therapist()
    for _ in range(3):
        make.login(user)
    keep, *others = sessions.of(session, user, make.now)
    sessions.end_all(session, user, make.now, "revoked", but=keep)
    session.expire_all()
    assert keep.ended_at is None
    assert {login.end_reason for login in others} == {"revoked"}


def test_the_first_sign_in_on_a_kind_of_device_is_remembered(session, make):
    user = make.therapist()
    for hour, device in enumerate(("Chrome, Windows", "Safari, iPhone", "Chrome, Windows")):
        login = Login(user_id=user.id)
        sessions.admit(session, login, user, f"{hour}" * 64, device, make.now + timedelta(hours=hour))
    session.commit()
    newest, phone, first = sessions.latest(session, user)
    assert sessions.first_uses(session, user) == {
        "Chrome, Windows": first.started_at,
        "Safari, iPhone": phone.started_at,
    }
    assert newest.started_at > phone.started_at


def test_of_several_pages_that_lock_a_session_the_first_does_it(session, make):
    make.login(make.therapist())
    login = session.scalar(select(Login))
    sessions.lock(session, login, make.now)
    first = login.locked_at
    sessions.lock(session, login, make.now + timedelta(minutes=1))
    session.commit()
    assert (first is not None, login.locked_at) == (True, first)


def test_a_factor_that_was_given_counts_and_the_row_still_holds(session, make):
    make.login(make.therapist())
    login, later = session.scalar(select(Login)), make.now + timedelta(minutes=7)
    sessions.proved(session, login, later)
    session.commit()
    session.expunge_all()
    assert session.scalar(select(Login)).stepped_up_at == later


def test_a_patient_is_in_while_something_is_done_in_her_sitting(session, make):
    intake = make.intake()
    login, visit = session.scalar(select(Login).where(Login.invitation_id.is_not(None))), intake.visit_id
    assert sessions.is_in(session, visit, make.now - timedelta(minutes=10))
    assert not sessions.is_in(session, visit, login.seen_at)
    assert not sessions.is_in(session, make.visit().id, make.now - timedelta(minutes=10))
    login.ended_at = make.now
    session.commit()
    assert not sessions.is_in(session, visit, make.now - timedelta(minutes=10))
