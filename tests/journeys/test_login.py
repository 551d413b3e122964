"""Whoever tries to sign in as somebody else learns nothing from how long it takes, and does not get to try often."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from statistics import median

import pytest
from sqlalchemy import select

from intake.security import passwords
from intake.security.limits import LIMITS, Bucket
from intake.security.passwords import Cost
from intake.store.people import User
from tests.authenticator import Device
from tests.builders import COST, PASSWORD
from tests.guesses import guessed
from tests.sizes import size, tell

PAIRS, CLOSE = size(60, 2000), size(0.005, 0.002)  # tries of each kind, seconds
PEOPLE = 25  # so that no account runs into its limit
REAL = replace(COST, passes=Cost().passes, memory=Cost().memory)
PROCESSES, TIMES = size(6, 16), size(4, 40)
LIMIT = LIMITS[Bucket.SIGN_IN_ACCOUNT].windows[0].most
# What somebody outside can see is the clock on the wall; beside other tests only the work itself can be compared.
ticks = size(time.thread_time, time.perf_counter)
WRONG = "not my password at all"


@pytest.fixture
def people(session, make):
    """Addresses of people who are here."""
    found = [make.therapist(app=False).email for _number in range(PEOPLE)]
    session.rollback()
    return found


def timed(clock, client, known):
    """({"known": seconds of each try, "unknown": …}), in turns that nobody can foresee, slowly enough."""
    client.get("/sign-in")
    spent, orders = {"known": [], "unknown": []}, [("known", "unknown"), ("unknown", "known")] * (PAIRS // 2)
    random.Random(1).shuffle(orders)
    for number, order in enumerate(orders):
        clock.shift(13)  # whoever is first meets fresh windows and pays for them
        for kind in order:
            email = known[number % PEOPLE] if kind == "known" else f"nobody{number % PEOPLE}@example.org"
            data = {"csrf_token": client.token, "email": email, "password": WRONG}
            where = {"REMOTE_ADDR": f"10.{number % 4}.0.1"}
            started = ticks()
            answer = client.post("/sign-in", data=data, environ_overrides=where)
            spent[kind].append(ticks() - started)
            assert answer.status_code == 422
    return spent


def at_cost(app, session, cost, monkeypatch):
    """The app, and the passwords of everybody, at another cost."""
    monkeypatch.setitem(app.config, "PASSWORD_COST", cost)
    for user in session.scalars(select(User)):
        user.password_hash = passwords.hash_password(PASSWORD, cost)
    session.commit()


def apart(spent):
    """Each try beside its neighbour: what slows the machine down for a while slows both."""
    return abs(median(known - unknown for known, unknown in zip(spent["known"], spent["unknown"], strict=True)))


@pytest.mark.dear
def test_an_unknown_address_takes_as_long_as_a_wrong_password(clock, app, client, session, people, monkeypatch):
    at_cost(app, session, size(COST, REAL), monkeypatch)
    spent = timed(clock, client, people)
    known, unknown = (median(spent[kind]) * 1000 for kind in ("known", "unknown"))
    database = session.get_bind().dialect.name
    medians = f"wrong password {known:.2f} ms, unknown address {unknown:.2f} ms (median, {size('work', 'wall')})"
    tell(f"2 x {PAIRS:,} sign-ins on {database}: {medians}")
    assert apart(spent) <= CLOSE


def test_a_sign_in_that_hashes_nothing_for_an_unknown_address_would_be_heard(
    clock, app, client, session, people, monkeypatch
):
    """The control."""
    matches = passwords.matches
    at_cost(app, session, REAL, monkeypatch)
    monkeypatch.setattr(passwords, "matches", lambda encoded, *more: encoded is not None and matches(encoded, *more))
    monkeypatch.setitem(globals(), "PAIRS", 6)
    assert apart(timed(clock, client, people)) > CLOSE


@pytest.mark.dear
def test_many_processes_that_guess_at_once_get_exactly_as_many_tries_as_one(url, session, make):
    email = make.therapist().email
    session.rollback()
    answers = guessed(url, email, processes=PROCESSES, times=TIMES)
    looked_at = answers.count(422)
    tell(f"{len(answers)} guesses by {PROCESSES} processes: {looked_at} looked at, limit {LIMIT}")
    assert (looked_at, answers.count(429)) == (LIMIT, PROCESSES * TIMES - LIMIT)


@pytest.mark.dear
def test_a_limit_that_looks_before_it_counts_would_let_more_through(url, session, make):
    """The control."""
    email = make.therapist().email
    session.rollback()
    answers = guessed(url, email, processes=LIMIT + 1, times=1, planted=True)
    assert answers.count(422) > LIMIT


def test_somebody_whose_password_is_being_guessed_still_gets_in_with_a_passkey_at_once(clock, client, make, session):
    user = make.therapist()
    device = Device.of(session, user, make.now)
    client.get("/sign-in")
    for _guess in range(LIMIT + 1):
        data = {"csrf_token": client.token, "email": user.email, "password": WRONG}
        last = client.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert last.status_code == 429
    started = time.perf_counter()
    options = client.post("/sign-in/passkey/options", data={"csrf_token": client.token}).json
    answer = {"csrf_token": client.token, "credential": device.show(options)}
    assert client.post("/sign-in/passkey", data=answer).location == "/clinic"
    took = time.perf_counter() - started
    tell(f"a passkey while somebody guesses: {took * 1000:.0f} ms")
    assert took < 1
