"""The second factor: nothing opens without it, and each proof counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store.factors import RecoveryCode
from intake.store.sessions import Login
from tests.authenticator import Device
from tests.builders import PASSWORD, code, wrong_code

SECOND = "/sign-in/second"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def halfway(client, user):
    """A browser that has given the password."""
    client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    return client


def test_the_password_alone_opens_nothing(halfway, make):
    note = make.note()
    for url in ("/clinic", "/clinic/patients", f"/clinic/notes/{note.id}", "/account", "/step-up", "/verify"):
        assert halfway.get(url).location.startswith(SECOND), url
    for url in ("/lock", "/account/start"):
        assert halfway.get(url).location.startswith(SECOND)


def test_a_code_of_the_app_opens_the_door_under_a_new_token(clock, halfway, session):
    before = halfway.get_cookie("session").value
    assert halfway.submit(SECOND, {"code": code()}).location == "/clinic"
    assert halfway.get_cookie("session").value != before
    assert halfway.get("/clinic").status_code == 200
    assert session.scalars(select(Login)).one().mfa_at is not None


@pytest.mark.parametrize(("later", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(clock, halfway, later, opens):
    assert (halfway.submit(SECOND, {"code": code(later=later)}).status_code == 303) == opens


def test_a_code_that_was_used_opens_nothing_again_nor_does_an_earlier_one(clock, halfway, user, new_client):
    used = code()
    assert halfway.submit(SECOND, {"code": used}).status_code == 303
    thief = new_client()
    thief.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    for again in (used, code(later=-1)):
        refused = thief.submit(SECOND, {"code": again})
        assert refused.status_code == 422
        assert "used already" in refused.text
    clock.shift(30)
    assert thief.submit(SECOND, {"code": code()}).status_code == 303


def test_codes_are_not_guessed(clock, halfway):
    for _guess in range(5):
        assert halfway.submit(SECOND, {"code": wrong_code()}).status_code == 422
    assert halfway.submit(SECOND, {"code": code()}).status_code == 429
    clock.shift(31)
    assert halfway.submit(SECOND, {"code": code()}).status_code == 303


def test_what_waits_for_the_second_factor_waits_for_half_an_hour(clock, halfway):
    clock.shift(timedelta(minutes=31))
    assert halfway.get(SECOND).location.startswith("/sign-in?")


def show(client, device, options=None):
    client.get(SECOND)
    options = options or client.post(f"{SECOND}/passkey/options", data={"csrf_token": client.token}).json
    data = {"csrf_token": client.token, "credential": device.show(options)}
    return client.post(f"{SECOND}/passkey", data=data)


def test_a_passkey_of_hers_is_a_second_factor_and_somebody_else_s_is_not(halfway, session, user, make):
    mine, other = (Device.of(session, each, make.now) for each in (user, make.therapist()))
    assert show(halfway, other).status_code == 422
    assert show(halfway, mine).location == "/clinic"


def test_a_challenge_of_the_sign_in_page_is_none_here(halfway, session, user, make):
    device = Device.of(session, user, make.now)
    halfway.get(SECOND)
    options = halfway.post("/sign-in/passkey/options", data={"csrf_token": halfway.token}).json
    assert show(halfway, device, options).status_code == 422


def test_a_code_from_paper_opens_the_door_once_and_the_page_says_how_many_are_left(
    app, halfway, session, user, make, new_client
):
    from intake.security import recovery, tokens

    codes = recovery.new_codes()[:2]
    key = app.config["SECRET"]
    hashed = [tokens.keyed_hash(key, recovery.PERSON, recovery.settled(each)) for each in codes]
    session.add_all([RecoveryCode(user_id=user.id, code_hash=each, created_at=make.now) for each in hashed])
    session.commit()
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "%", codes[0][:-1]):
        assert halfway.submit(f"{SECOND}/recovery", {"code": wrong}).status_code == 422
    opened = halfway.submit(f"{SECOND}/recovery", {"code": codes[0].lower().replace("-", " ")})
    assert opened.location == "/clinic"
    assert "You have 1 left" in halfway.get("/clinic").text
    again = new_client()
    again.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert again.submit(f"{SECOND}/recovery", {"code": codes[0]}).status_code == 422


def test_where_somebody_was_going_is_not_forgotten_on_the_way(clock, client, user):
    second = client.submit("/sign-in?after=/clinic/patients", {"email": user.email, "password": PASSWORD})
    assert client.submit(second.location, {"code": code()}).location == "/clinic/patients"
