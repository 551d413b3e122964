"""Ways to prove who one is: each says whether it holds, and what the audit trail is to say."""

from __future__ import annotations

import uuid

from intake.security import box
from intake.store import proofs
from intake.store.factors import Passkey, RecoveryCode
from intake.store.proofs import Code, Paper, Password, Shown
from tests.builders import SECRET, code

KEY = box.key_of(SECRET)


def key_of(session, user, make, count=0):
    row = Passkey(user_id=user.id, credential_id=uuid.uuid4().hex, public_key=b"k", name="Phone", created_at=make.now)
    row.sign_count = count
    session.add(row)
    session.commit()
    return row


def test_a_password_proves_what_was_checked_before(session, make):
    user = make.therapist()
    assert Password(fits=True).spend(session, user, make.now) == "done"
    assert Password(fits=False).spend(session, user, make.now) is None


def test_a_code_proves_something_once(clock, session, make):
    user, proof = make.therapist(), Code(code(), KEY)
    assert proof.spend(session, user, make.now) == "done"
    assert proof.spend(session, user, make.now) is None
    assert Code(code(later=-1), KEY).spend(session, user, make.now) is None, "an earlier one is spent too"


def test_a_code_proves_nothing_for_somebody_without_an_app(session, make):
    assert Code(code(), KEY).spend(session, make.therapist(app=False), make.now) is None


def test_a_code_on_paper_proves_something_once(session, make):
    user = make.therapist()
    session.add(RecoveryCode(user_id=user.id, code_hash="a" * 64, created_at=make.now))
    session.commit()
    assert Paper("a" * 64).spend(session, user, make.now) == "done"
    assert Paper("a" * 64).spend(session, user, make.now) is None
    assert Paper("").spend(session, user, make.now) is None


def test_a_passkey_proves_its_owner_and_reports_a_counter_that_went_back(session, make):
    user, other = make.therapist(), make.therapist()
    row = key_of(session, user, make, count=5)
    assert Shown(row, 6, "one").spend(session, user, make.now) == "done"
    assert Shown(row, 6, "two").spend(session, user, make.now) == proofs.SUSPICIOUS
    assert Shown(row, 7, "three").spend(session, other, make.now) is None


def test_a_passkey_that_was_removed_meanwhile_proves_nothing(session, make):
    user = make.therapist()
    row = key_of(session, user, make)
    session.delete(row)
    session.commit()
    assert Shown(row, 1, "one").spend(session, user, make.now) is None
