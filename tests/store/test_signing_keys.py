"""The keys clinicians sign with: made once, opened by their password, certified, and never replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import exc, text

from intake.security import proof, signing
from intake.security.signing import Instance, LockedError
from intake.store import signing_keys
from tests.builders import COST, INSTANCE, PASSWORD
from tests.passkeys import ORIGIN, Authenticator

OTHER = "nine purple lanterns"


@pytest.fixture
def user(make):
    return make.therapist()


def made(session, user, make, password=PASSWORD, instance=INSTANCE):
    key, private = signing_keys.made(user, password, COST, make.now)
    signing_keys.keep(session, key, user, instance, make.now)
    session.commit()
    return key, private


def test_a_key_is_certified_and_opens_with_the_password_it_was_made_for(session, user, make):
    key, private = made(session, user, make)
    assert signing_keys.current(session, user).unlock(PASSWORD, COST) == private
    assert signing.public_of(private) == key.public
    assert private not in (key.wrapped_private, key.public)
    assert proof.certificate_holds(key.as_proof)
    assert key.as_proof.user == str(user.id)


def test_only_the_password_opens_a_key_and_only_with_the_pepper(session, user, make):
    key, private = made(session, user, make)
    assert key.unlock(PASSWORD, COST) == private
    for password, cost in ((OTHER, COST), (PASSWORD, replace(COST, pepper=b"another installation's"))):
        with pytest.raises(LockedError):
            key.unlock(password, cost)


def test_a_key_made_at_a_lower_cost_still_opens(session, user, make):
    key, private = made(session, user, make)
    assert key.unlock(PASSWORD, replace(COST, passes=2, memory=16)) == private


def test_a_new_key_ends_the_one_before_it(session, user, make):
    old, _private = made(session, user, make)
    new, _private = made(session, user, make, password=OTHER)
    session.refresh(old)
    assert old.valid_until is not None
    assert {key.id for key in signing_keys.of_user(session, user.id)} == {old.id, new.id}
    assert signing_keys.current(session, user).id == new.id


def test_retiring_ends_the_keys_of_passwords_and_leaves_passkeys(session, user, make):
    made(session, user, make)
    device = Authenticator()
    passkey = by_passkey(session, user, device, make)
    assert signing_keys.retire(session, user, make.now) == 1
    assert signing_keys.retire(session, user, make.now) == 0
    session.commit()
    assert signing_keys.current(session, user) is None
    assert by_passkey(session, user, device, make).id == passkey.id


def by_passkey(session, user, device, make, origin=ORIGIN, instance=INSTANCE, **more):
    plain = {"credential_id": device.credential_id, "cose": device.cose, "origin": origin, "instance": instance}
    found = signing_keys.for_passkey(session, user, **{**plain, **more}, now=make.now)
    session.commit()
    return found


def test_a_passkey_has_one_key_for_each_address_and_key_of_the_instance(session, user, make):
    device = Authenticator()
    key = by_passkey(session, user, device, make)
    assert (key.method, key.wrapped_private, key.cose) == ("passkey", None, device.cose)
    assert proof.certificate_holds(key.as_proof)
    assert by_passkey(session, user, device, make).id == key.id
    others = {
        by_passkey(session, user, device, make, origin="https://other.example").id,
        by_passkey(session, user, device, make, instance=Instance.of(b"y" * 32)).id,
        by_passkey(session, make.therapist(), device, make).id,
        by_passkey(session, user, Authenticator(), make).id,
    }
    assert len(others - {key.id}) == 4


def test_what_is_no_key_of_a_passkey_is_refused(session, user, make):
    for nonsense in (b"", b"x", b"\xa0"):
        with pytest.raises(ValueError, match="no public key"):
            by_passkey(session, user, Authenticator(), make, cose=nonsense)


CHANGES = ("user_id = :other", "method = 'x'", "valid_from = :then", "public = :bytes", "certificate = :bytes")


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_replaces_no_key_and_removes_none(session, user, make, change):
    key, _private = made(session, user, make)
    key_id, other = key.id, make.therapist().id
    table = type(key).__table__
    name = change.partition(" ")[0]
    value = {"user_id": other, "method": "x", "valid_from": make.now - timedelta(days=1)}.get(name, b"x")
    with pytest.raises(exc.DBAPIError, match="never replaced"):
        session.execute(table.update().where(table.c.id == key_id).values(**{name: value}))
    session.rollback()
    with pytest.raises(exc.DBAPIError, match="never removed"):
        session.execute(text("DELETE FROM signing_keys"))
    session.rollback()
