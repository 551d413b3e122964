"""Second factors are added, replaced and removed; the last one stays."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.orm import Session

from intake.actions import accounts
from intake.actions import factors as acts
from intake.actions.refusals import EndedError, RefusedError
from intake.security import box, totp
from intake.security.passkeys import Made
from intake.store import audit, factors, people, proofs, sessions
from intake.store.factors import Passkey
from intake.store.people import User
from intake.store.sessions import Login
from tests import sizes, tries
from tests.builders import COST, SECRET, code

TURNS = sizes.size(2, 15)
KEY = box.key_of(SECRET)
OTHER = b"20 bytes of new seed"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def login(session, make, user):
    make.login(user)
    return sessions.of(session, user, make.now)[0]


def add(session, user, login, make, name="one"):
    made = Made(name, b"key", 0, is_synced=True)
    return acts.add_passkey(
        session, user, made, "My phone", f"challenge-{name}", login=login, token_hash="f" * 64, now=make.now
    )


def test_a_passkey_is_kept_named_and_removed(session, make, user, login):
    passkey = add(session, user, login, make)
    acts.rename_passkey(session, passkey, "Blue key", by=user, now=make.now)
    assert [each.name for each in factors.passkeys(session, user)] == ["Blue key"]
    acts.remove_passkey(session, passkey, by=user, login=login, now=make.now)
    assert factors.passkeys(session, user) == []
    for act in ("passkey-added", "passkey-renamed", "passkey-removed"):
        assert audit.has(session, f"account.{act}")


def test_the_last_second_factor_is_not_removed(session, make, user, login):
    with pytest.raises(RefusedError, match="only second factor"):
        acts.remove_totp(session, user, login=login, now=make.now)
    passkey = add(session, user, login, make)
    acts.remove_totp(session, user, login=login, now=make.now)
    with pytest.raises(RefusedError, match="only second factor"):
        acts.remove_passkey(session, passkey, by=user, login=login, now=make.now)
    assert factors.has_any(session, user)


def test_the_same_passkey_and_an_eleventh_one_are_refused(session, make, user, login):
    add(session, user, login, make)
    with pytest.raises(RefusedError, match="here already"):
        add(session, user, login, make)
    for number in range(9):
        add(session, user, login, make, f"more-{number}")
    with pytest.raises(RefusedError, match="ten passkeys"):
        add(session, user, login, make, "eleventh")


def test_a_new_factor_ends_the_other_sessions_and_not_this_one(session, make, user, login):
    make.login(user)
    add(session, user, login, make)
    assert sessions.of(session, user, make.now) == [login]


def test_the_first_factor_opens_the_session_that_waited_for_it(session, make):
    user = make.therapist(app=False)
    login = Login(user_id=user.id, token_hash="e" * 64, started_at=make.now, seen_at=make.now)
    session.add(login)
    session.commit()
    add(session, user, login, make)
    assert login.mfa_at is not None
    assert login.token_hash == "f" * 64


def confirm(session, row, typed, user, login, make):
    return acts.confirm_totp(session, row, typed, key=KEY, by=user, login=login, token_hash="f" * 64, now=make.now)


def test_a_new_app_counts_once_it_has_shown_a_code(clock, session, make, user, login, monkeypatch):
    monkeypatch.setattr(totp, "new_seed", lambda: OTHER)  # a random one may show the old one's code
    old = factors.totp(session, user)
    row = acts.propose_totp(session, user, key=KEY, login=login, now=make.now)
    assert factors.totp(session, user) == old, "the old one stays in use meanwhile"
    assert not confirm(session, row, code(), user, login, make), "a code of the old app"
    assert proofs.opened(row, KEY) == OTHER
    typed = totp.code(OTHER, totp.step(make.now))
    assert confirm(session, row, typed, user, login, make)
    session.expire_all()
    assert factors.totp(session, user).id == row.id
    assert proofs.Code(code(), KEY).spend(session, user, make.now) is None, "the old app opens nothing"
    assert proofs.Code(typed, KEY).spend(session, user, make.now) is None, "the first code is used"


def test_a_proposal_replaces_the_one_before(session, make, user, login):
    first = acts.propose_totp(session, user, key=KEY, login=login, now=make.now)
    second = acts.propose_totp(session, user, key=KEY, login=login, now=make.now)
    assert first.id != second.id
    assert factors.totp(session, user, confirmed=False).id == second.id


def test_new_recovery_codes_put_the_old_ones_out_of_use(session, make, user, login):
    acts.make_codes(session, user, ["a" * 64, "b" * 64], login=login, now=make.now)
    acts.make_codes(session, user, ["c" * 64], login=login, now=make.now)
    assert factors.codes_left(session, user) == 1
    assert not factors.spend_code(session, user, "a" * 64, make.now)


def remove_both(engine, session, make, user):
    """Take the only passkey and the app away at the same moment, each from a window of its own."""
    make.login(user)
    login = sessions.of(session, user, make.now)[0]
    passkey = add(session, user, login, make, name=str(user.id))

    def without_passkey(own):
        found, key, mine = own.get_one(User, user.id), own.get_one(Passkey, passkey.id), own.get_one(Login, login.id)
        acts.remove_passkey(own, key, by=found, login=mine, now=make.now)

    def without_app(own):
        acts.remove_totp(own, own.get_one(User, user.id), login=own.get_one(Login, login.id), now=make.now)

    refused = tries.at_once(engine, without_passkey, without_app)
    session.rollback()
    return refused


def test_the_last_two_factors_are_not_removed_at_once(engine, session, make):
    for _turn in range(TURNS):
        user = make.therapist()
        assert [type(each) for each in remove_both(engine, session, make, user)] == [RefusedError]
        assert factors.has_any(session, user)


def test_without_the_lock_both_would_go(engine, session, make, user, backend, monkeypatch):
    if backend == "sqlite":
        pytest.skip("SQLite has one writer at a time, so there is nobody to race with")
    gate, end_all = threading.Barrier(2, timeout=10), sessions.end_all

    def both_have_looked(*given, **more):
        gate.wait()
        end_all(*given, **more)

    monkeypatch.setattr(people, "hold", lambda *_given: None)
    monkeypatch.setattr(acts, "_changed", lambda *_given: None)
    monkeypatch.setattr(sessions, "end_all", both_have_looked)
    assert remove_both(engine, session, make, user) == []
    assert not factors.has_any(session, user)


# ---------------------------------------------------------------- a session that ended meanwhile


def passkey(session, user, login, make):
    add(session, user, login, make, "late")


def codes(session, user, login, make):
    acts.make_codes(session, user, ["d" * 64], login=login, now=make.now)


def proposed(session, user, login, make):
    acts.propose_totp(session, user, key=KEY, login=login, now=make.now)


def confirmed(session, user, login, make):
    row = factors.totp(session, user, confirmed=False)
    typed = totp.code(proofs.opened(row, KEY), totp.step(make.now))
    confirm(session, row, typed, user, login, make)


def without_app(session, user, login, make):
    acts.remove_totp(session, user, login=login, now=make.now)


def without_passkey(session, user, login, make):
    acts.remove_passkey(session, factors.passkeys(session, user)[0], by=user, login=login, now=make.now)


def another_password(session, user, login, make):
    accounts.change_password(session, user, "eleven invented umbrellas", cost=COST, keep=login, now=make.now)


def state(session, user):
    session.expire_all()
    rows = (*factors.passkeys(session, user), factors.totp(session, user), factors.totp(session, user, confirmed=False))
    return [row and row.id for row in rows], factors.codes_left(session, user), user.password_hash


def ended(other, login, user, make):
    sessions.end_all(other, user, make.now, "password")


def locked(other, login, user, make):
    sessions.lock(other, login, make.now)


def switched_off(other, login, user, make):
    user.is_active = False


@pytest.mark.parametrize("meanwhile", [ended, locked, switched_off])
@pytest.mark.parametrize("act", [passkey, codes, proposed, confirmed, without_app, without_passkey, another_password])
def test_a_session_that_ended_meanwhile_changes_nothing_about_how_somebody_signs_in(
    engine, session, make, user, login, act, meanwhile
):
    add(session, user, login, make)
    acts.propose_totp(session, user, key=KEY, login=login, now=make.now)
    session.commit()
    with Session(
        engine, expire_on_commit=False
    ) as late:  # its request has passed the guard: it has read who asks, and from where
        mine, here = late.get_one(User, user.id), late.get_one(Login, login.id)
        before = state(late, mine)
        assert (here.ended_at, here.locked_at, mine.is_active) == (None, None, True)
        late.commit()
        meanwhile(session, login, user, make)
        session.commit()
        with pytest.raises(EndedError):
            act(late, mine, here, make)
        late.rollback()
        assert state(late, mine) == before


@pytest.mark.parametrize("act", [passkey, codes])
def test_a_session_that_waits_for_a_first_factor_waits_no_more_once_there_is_one(engine, session, make, act):
    user = make.therapist(app=False)
    first, second = (
        Login(user_id=user.id, token_hash=each * 64, started_at=make.now, seen_at=make.now) for each in "ab"
    )
    session.add_all([first, second])
    session.commit()
    session.add(Passkey(user_id=user.id, credential_id="own", public_key=b"x", name="Own", created_at=make.now))
    session.commit()
    with pytest.raises(EndedError):
        act(session, user, second, make)
