"""Nobody starts afresh by the word of one person alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake.actions import resets as acts
from intake.actions.refusals import RefusedError
from intake.actions.resets import WrongKeyError
from intake.security import recovery, tokens
from intake.store import audit, factors, people, resets, sessions
from intake.store.engine import hurried
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


# ---------------------------------------------------------------- at the terminal


def works(session, make, key):
    return resets.owner_key(session, tokens.keyed_hash(SECRET, recovery.OWNER, recovery.settled(key))) is not None


class UnseenError(Exception):
    """Whoever should have read it did not."""


def fail(*_what):
    raise UnseenError


@pytest.fixture
def first(session, make):
    """A key that is in force and on paper."""
    shown = []
    acts.replace_owner_key(session, secret=SECRET, show=shown.append, now=make.now)
    return shown[0]


def test_a_key_that_nobody_could_see_is_not_in_force_and_the_one_before_is(session, make, first):
    with pytest.raises(UnseenError):
        acts.replace_owner_key(session, secret=SECRET, show=fail, now=make.now)
    session.rollback()
    assert len(resets.in_force(session)) == 1
    assert works(session, make, first)


def test_a_key_that_was_seen_takes_the_place_of_the_one_before(session, make, first):
    shown = []
    acts.replace_owner_key(session, secret=SECRET, show=shown.append, now=make.now)
    assert (works(session, make, first), works(session, make, shown[0])) == (False, True)
    assert resets.offered_owner_key(session) is None


def test_nothing_is_taken_away_before_what_replaces_it_was_seen(session, make, user, first):
    with pytest.raises(UnseenError):
        acts.start_afresh(session, user, first, secret=SECRET, show=fail, now=make.now)
    session.rollback()
    session.expire_all()
    assert user.password_hash is not None
    assert factors.has_any(session, user)
    assert resets.waiting(session, make.now) == []
    assert works(session, make, first)


def test_a_wrong_key_shows_nothing(session, make, user, first):
    with pytest.raises(WrongKeyError):
        acts.start_afresh(session, user, "0123-4567-89AB-CDEF-GHJK-MNPQ", secret=SECRET, show=fail, now=make.now)
    assert audit.has(session, "owner-key.refused")


def test_a_clock_that_was_put_back_mixes_up_no_keys(session, make, user, first):
    shown = []
    earlier = make.now - timedelta(minutes=3)
    acts.start_afresh(session, user, first, secret=SECRET, show=lambda *both: shown.extend(both), now=earlier)
    token, key = shown
    assert link(session, token, earlier)
    assert (works(session, make, first), works(session, make, key)) == (False, True)
    acts.make_owner_key(session, secret=SECRET, by=None, now=earlier - timedelta(minutes=3))
    assert resets.offered_owner_key(session) is not None


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_who_change_the_key_at_once_leave_one_in_force(session, make, engine, admins):
    """Between what the first has read and what it writes, the second tries to put its own in place."""
    acts.make_owner_key(session, secret=SECRET, by=admins[0], now=make.now)
    shown, ours = str(resets.offered_owner_key(session).id), []

    def meanwhile(*_what):
        with Session(hurried(engine)) as other, suppress(OperationalError):
            acts.replace_owner_key(other, secret=SECRET, show=ours.append, now=make.now)

    event.listen(session, "before_flush", meanwhile, once=True)
    acts.keep_owner_key(session, shown, by=admins[0], now=make.now)
    assert [str(key.id) for key in resets.in_force(session)] == [shown]
    session.rollback()
    acts.replace_owner_key(session, secret=SECRET, show=ours.append, now=make.now)
    assert len(resets.in_force(session)) == 1
    assert [works(session, make, key) for key in ours] == [False, True]


def test_the_key_itself_is_kept_nowhere(session, make):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    row = session.scalars(select(resets.OwnerKey)).one()
    assert key.replace("-", "") not in row.code_hash.upper()
