"""What people prove themselves with: spent once, whoever comes first."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import exc
from sqlalchemy.orm import Session

from intake.store import factors, proofs
from intake.store.factors import Passkey, RecoveryCode, TotpSeed
from intake.store.people import User
from intake.store.proofs import Code, Paper
from tests import builders, sizes
from tests.builders import SECRET

RACERS = 16
ROUNDS = sizes.size(2, 50)
KEY = builders.box.key_of(SECRET)


def passkey(session, user, make, **details):
    row = Passkey(user_id=user.id, credential_id=uuid.uuid4().hex, public_key=b"k", name="Phone", created_at=make.now)
    for name, value in details.items():
        setattr(row, name, value)
    session.add(row)
    session.commit()
    return row


def raced(engine, user_id, now, proof):
    """How many of sixteen who give the same proof at the same moment get through."""
    start, won = threading.Barrier(RACERS), []

    def run():
        with Session(engine) as own:
            user = own.get(User, user_id)
            own.rollback()
            start.wait()
            if proof.spend(own, user, now):
                won.append(1)
            own.commit()

    racers = [threading.Thread(target=run) for _ in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(timeout=60)
    return len(won)


def test_of_sixteen_who_type_the_same_code_at_once_exactly_one_gets_in(engine, session, make):
    user = make.therapist()
    for turn in range(ROUNDS):
        now = make.now + timedelta(seconds=90 * turn)
        assert raced(engine, user.id, now, Code(builders.code(now), KEY)) == 1


def test_of_sixteen_who_type_the_same_recovery_code_at_once_exactly_one_gets_in(engine, session, make):
    user = make.therapist()
    session.add(RecoveryCode(user_id=user.id, code_hash="a" * 64, created_at=make.now))
    session.commit()
    assert raced(engine, user.id, make.now, Paper("a" * 64)) == 1


def test_a_check_that_looks_before_it_writes_would_let_several_in(engine, session, make, monkeypatch):
    user, gate = make.therapist(), threading.Barrier(2, timeout=10)

    def look_then_write(own, seed, step):
        found = own.get_one(TotpSeed, seed.id)
        own.rollback()
        gate.wait()
        return found.last_step < step

    monkeypatch.setattr(factors, "spend_step", look_then_write)
    monkeypatch.setitem(globals(), "RACERS", 2)
    assert raced(engine, user.id, make.now, Code(builders.code(make.now), KEY)) == 2


def test_a_step_once_used_and_every_earlier_one_is_spent(session, make):
    seed = factors.totp(session, make.therapist())
    assert factors.spend_step(session, seed, 100)
    assert not factors.spend_step(session, seed, 100)
    assert not factors.spend_step(session, seed, 99)
    assert factors.spend_step(session, seed, 101)


def test_a_recovery_code_is_used_once_and_only_by_its_owner(session, make):
    owner, other = make.therapist(), make.therapist()
    session.add(RecoveryCode(user_id=owner.id, code_hash="a" * 64, created_at=make.now))
    session.commit()
    assert not factors.spend_code(session, other, "a" * 64, make.now)
    assert factors.spend_code(session, owner, "a" * 64, make.now)
    assert not factors.spend_code(session, owner, "a" * 64, make.now)
    assert factors.codes_left(session, owner) == 0


def test_a_challenge_is_answered_once(session, make):
    factors.spend_challenge(session, "abc", make.now)
    session.commit()
    with pytest.raises(exc.IntegrityError):
        factors.spend_challenge(session, "abc", make.now)
    session.rollback()
    factors.spend_challenge(session, "abc", make.now + timedelta(hours=2))


@pytest.mark.parametrize(
    ("before", "now", "went_back"),
    [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True), (5, 4, True), (5, 0, True)],
)
def test_a_counter_that_does_not_go_up_is_reported(session, make, before, now, went_back):
    row = passkey(session, make.therapist(), make, sign_count=before)
    assert factors.use_passkey(session, row, now, "abc", make.now) is went_back
    assert row.sign_count == max(before, now)
    assert row.used_at == make.now or row.used_at is not None


def test_recovery_codes_alone_are_no_second_factor(session, make):
    user = make.therapist(app=False)
    session.add(RecoveryCode(user_id=user.id, code_hash="a" * 64, created_at=make.now))
    session.commit()
    assert not factors.has_any(session, user)
    passkey(session, user, make)
    assert factors.has_any(session, user)


def test_a_proposed_seed_is_no_factor_until_it_is_confirmed(session, make):
    user = make.therapist(app=False)
    row = TotpSeed(id=uuid.uuid4(), user_id=user.id, created_at=make.now, seed=b"x")
    session.add(row)
    session.commit()
    assert factors.totp(session, user) is None
    assert factors.totp(session, user, confirmed=False).id == row.id
    assert not factors.has_any(session, user)


def test_a_seed_lies_in_a_box_that_opens_in_its_own_row_only(session, make):
    first, second = (factors.totp(session, make.therapist()) for _ in range(2))
    assert proofs.opened(first, KEY) == builders.SEED
    assert builders.SEED not in first.seed
    first.seed = second.seed
    with pytest.raises(builders.box.BoxError):
        proofs.opened(first, KEY)
    session.rollback()


def test_everything_can_be_forgotten_at_once(session, make):
    user, other = make.therapist(), make.therapist()
    passkey(session, user, make)
    session.add(RecoveryCode(user_id=user.id, code_hash="a" * 64, created_at=make.now))
    session.commit()
    factors.forget_all(session, user)
    assert not factors.has_any(session, user)
    assert factors.codes_left(session, user) == 0
    assert factors.has_any(session, other)
