"""Resets wait three days and are approved once; the owner's key works until its successor is kept."""

from __future__ import annotations

from datetime import timedelta

from intake.store import resets
from intake.store.resets import OwnerKey, Reset


def asked(session, make):
    reset = Reset(user_id=make.therapist().id, asked_by_id=make.admin().id, asked_at=make.now)
    session.add(reset)
    session.commit()
    return reset


def test_a_reset_waits_for_three_days(session, make):
    reset = asked(session, make)
    assert resets.waiting(session, make.now) == [reset]
    assert resets.waiting_for(session, reset.user, make.now) is reset
    assert resets.waiting(session, make.now + timedelta(days=3, seconds=1)) == []


def test_a_reset_is_approved_once(session, make):
    reset, admin = asked(session, make), make.admin()
    assert resets.approve(session, reset, admin, make.now)
    assert not resets.approve(session, reset, admin, make.now)
    session.commit()
    assert resets.waiting(session, make.now) == []
    assert resets.recent(session, make.now) == [reset]
    assert resets.recent(session, make.now + timedelta(days=31)) == []


def test_a_reset_that_was_taken_back_is_not_approved(session, make):
    reset = asked(session, make)
    reset.dropped_at = make.now
    session.commit()
    assert not resets.approve(session, reset, make.admin(), make.now)


def test_the_owner_s_key_works_until_it_is_replaced(session, make):
    session.add_all([OwnerKey(code_hash="a" * 64, made_at=make.now), OwnerKey(code_hash="b" * 64, made_at=make.now)])
    session.commit()
    assert resets.has_owner_key(session)
    used = resets.owner_key(session, "a" * 64)
    resets.retire_owner_keys(session, make.now, but=used)
    assert resets.owner_key(session, "a" * 64) == used
    assert resets.owner_key(session, "b" * 64) is None
    resets.retire_owner_keys(session, make.now)
    assert resets.owner_key(session, "a" * 64) is None
    assert not resets.has_owner_key(session)
