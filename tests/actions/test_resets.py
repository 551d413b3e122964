"""Nobody starts afresh by the word of one person alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import resets as acts
from intake.actions.refusals import RefusedError
from intake.actions.resets import WrongKeyError
from intake.security import tokens
from intake.store import audit, factors, people, resets, sessions
from tests.builders import SECRET


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def admins(make):
    return make.admin(), make.admin()


def link(session, token, now):
    return people.link(session, tokens.keyed_hash(SECRET, "password", token), "password", now)


def keep(session, make, by):
    acts.keep_owner_key(session, str(resets.offered_owner_key(session).id), by=by, now=make.now)


def test_the_typed_key_works_until_the_new_one_is_written_down(session, make, user, admins):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    acts.approve_with_key(session, reset, key, secret=SECRET, by=admins[0], now=make.now)
    with pytest.raises(RefusedError, match="approved already"):  # a second click
        acts.approve_with_key(session, reset, key, secret=SECRET, by=admins[0], now=make.now)
    session.rollback()
    once_more = acts.ask(session, user, by=admins[0], now=make.now)
    assert acts.approve_with_key(session, once_more, key, secret=SECRET, by=admins[0], now=make.now)


def test_one_administrator_alone_replaces_no_key_that_is_written_down(session, make, admins):
    acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    shown = str(resets.offered_owner_key(session).id)
    assert acts.offer_owner_key(session, secret=SECRET, by=admins[0], now=make.now)
    with pytest.raises(RefusedError, match="replaced meanwhile"):
        acts.keep_owner_key(session, shown, by=admins[0], now=make.now)
    keep(session, make, admins[0])
    with pytest.raises(RefusedError, match="already"):
        acts.offer_owner_key(session, secret=SECRET, by=admins[1], now=make.now)


def test_two_administrators_let_somebody_start_afresh(session, make, user, admins):
    make.login(user)
    older = make.link(user)
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    token = acts.approve(session, reset, secret=SECRET, by=admins[1], now=make.now)
    session.expire_all()
    assert user.password_hash is None
    assert not factors.has_any(session, user)
    assert sessions.of(session, user, make.now) == []
    assert link(session, older, make.now) is None
    assert link(session, token, make.now + timedelta(hours=23)).user_id == user.id
    assert link(session, token, make.now + timedelta(hours=25)) is None
    assert audit.has(session, "person.reset-asked")
    assert audit.has(session, "person.reset-approved")


def test_whoever_asked_cannot_approve(session, make, user, admins):
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    with pytest.raises(RefusedError, match="second administrator"):
        acts.approve(session, reset, secret=SECRET, by=admins[0], now=make.now)
    assert user.password_hash is not None


def test_nobody_asks_or_approves_for_themselves(session, make, admins):
    one, two = admins
    with pytest.raises(RefusedError, match="for yourself"):
        acts.ask(session, one, by=one, now=make.now)
    reset = acts.ask(session, one, by=two, now=make.now)
    with pytest.raises(RefusedError):
        acts.approve(session, reset, secret=SECRET, by=one, now=make.now)
    key = acts.make_owner_key(session, secret=SECRET, by=two, now=make.now)
    with pytest.raises(RefusedError, match="for yourself"):
        acts.approve_with_key(session, reset, key, secret=SECRET, by=one, now=make.now)


def test_one_administrator_and_the_owner_s_key_do_it_and_the_key_is_replaced(session, make, user, admins):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    token, newer = acts.approve_with_key(session, reset, key.lower(), secret=SECRET, by=admins[0], now=make.now)
    assert link(session, token, make.now)
    keep(session, make, admins[0])
    again = acts.ask(session, make.therapist(), by=admins[0], now=make.now)
    with pytest.raises(WrongKeyError):
        acts.approve_with_key(session, again, key, secret=SECRET, by=admins[0], now=make.now)
    assert acts.approve_with_key(session, again, newer, secret=SECRET, by=admins[0], now=make.now)


@pytest.mark.parametrize("typed", ["", "0123-4567-89AB-CDEF-GHJK-MNPQ", "short"])
def test_a_wrong_key_changes_nothing_and_leaves_a_line(session, make, user, admins, typed):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    with pytest.raises(WrongKeyError):
        acts.approve_with_key(session, reset, typed, secret=SECRET, by=admins[0], now=make.now)
    session.expire_all()
    assert user.password_hash is not None
    assert audit.has(session, "owner-key.refused")
    assert acts.approve_with_key(session, reset, key, secret=SECRET, by=admins[0], now=make.now), "it still works"


def test_a_wish_ends_after_three_days_or_when_it_is_taken_back(session, make, user, admins):
    reset = acts.ask(session, user, by=admins[0], now=make.now)
    with pytest.raises(RefusedError, match="expired"):
        acts.approve(session, reset, secret=SECRET, by=admins[1], now=make.now + timedelta(days=3, minutes=1))
    acts.drop(session, reset, by=admins[0], now=make.now)
    with pytest.raises(RefusedError):
        acts.approve(session, reset, secret=SECRET, by=admins[1], now=make.now)


def test_a_second_wish_for_the_same_person_waits_for_the_first(session, make, user, admins):
    acts.ask(session, user, by=admins[0], now=make.now)
    with pytest.raises(RefusedError, match="asked for this already"):
        acts.ask(session, user, by=admins[1], now=make.now)
    assert len(resets.waiting(session, make.now)) == 1


def test_the_key_itself_is_kept_nowhere(session, make):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    row = session.scalars(select(resets.OwnerKey)).one()
    assert key.replace("-", "") not in row.code_hash.upper()
