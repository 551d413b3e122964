"""A weighty act wants a factor given within five minutes, and goes on with everything that was sent."""

from __future__ import annotations

import pytest

from tests.authenticator import Device
from tests.builders import PASSWORD


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def signed_in(clock, client, sign_in, user):
    return sign_in(user)


def prove(client, url="/step-up", password=PASSWORD):
    return client.submit(url, {"password": password})


@pytest.mark.parametrize(("seconds", "asked"), [(300, False), (301, True)])
def test_a_factor_counts_for_five_minutes(clock, signed_in, seconds, asked):
    clock.shift(seconds)
    assert (signed_in.get("/account/password").status_code == 303) == asked


def test_who_has_just_signed_in_is_not_asked_again(signed_in):
    assert signed_in.get("/account/password").status_code == 200
    assert signed_in.get("/step-up").location == "/clinic"


def test_the_act_goes_on_where_it_stopped(clock, signed_in):
    clock.shift(600)
    asked = signed_in.get("/account/passkeys")
    assert asked.location == "/step-up?after=/account/passkeys"
    assert prove(signed_in, asked.location).location == "/account/passkeys"
    assert signed_in.get("/account/passkeys").status_code == 200


def test_what_was_sent_is_kept_but_never_a_password(clock, signed_in):
    signed_in.get("/account/password")
    clock.shift(600)
    sent = {"csrf_token": signed_in.token, "password": "nine purple lanterns", "_email": "x@example.org"}
    asked = signed_in.post("/account/password", data=sent)
    assert asked.location.startswith("/step-up?kept=")
    kept = signed_in.get(prove(signed_in, asked.location).location).text
    assert 'action="/account/password"' in kept
    assert "nine purple lanterns" not in kept


def test_a_wrong_password_proves_nothing_and_guesses_run_out(clock, signed_in):
    clock.shift(600)
    for _guess in range(5):
        assert prove(signed_in, password="not my password at all").status_code == 422
    assert prove(signed_in).status_code == 429
    assert signed_in.get("/account/password").location.startswith("/step-up")


def test_a_passkey_proves_it_and_an_old_answer_does_not(clock, signed_in, session, user, make):
    device = Device.of(session, user, make.now)
    clock.shift(600)
    signed_in.get("/step-up")
    options = signed_in.post("/step-up/passkey/options", data={"csrf_token": signed_in.token}).json
    data = {"csrf_token": signed_in.token, "credential": device.show(options)}
    assert signed_in.post("/step-up/passkey", data=data).status_code == 303
    assert signed_in.get("/account/password").status_code == 200
    clock.shift(600)
    signed_in.get("/step-up")
    again = {**data, "csrf_token": signed_in.token}
    assert signed_in.post("/step-up/passkey", data=again).status_code == 422
    assert signed_in.get("/account/password").location.startswith("/step-up")


def test_the_token_changes_with_every_factor(clock, signed_in):
    clock.shift(600)
    before = signed_in.get_cookie("session").value
    prove(signed_in)
    assert signed_in.get_cookie("session").value != before
