"""One's own authenticator app: shown once, in use once a code has come back, replaced the same way."""

from __future__ import annotations

import base64
import re

import pytest

from intake.security import totp
from intake.store import factors
from tests.authenticator import Device
from tests.builders import PASSWORD, code, wrong_code

URL = "/account/authenticator"
OTHER = b"20 bytes of new seed"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def signed_in(clock, client, sign_in, user):
    return sign_in(user)


def seed_on(page):
    return base64.b32decode(re.search(r'id="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", ""))


def propose(client, at="/account"):
    client.submit(f"{URL}/new", at=at)
    return seed_on(client.get(URL))


def test_a_new_app_counts_once_it_has_shown_a_code_and_the_old_one_until_then(
    clock, signed_in, new_client, user, make, monkeypatch
):
    monkeypatch.setattr(totp, "new_seed", lambda: OTHER)  # a random one may show the old one's code
    seed = propose(signed_in)
    assert seed == OTHER
    assert signed_in.submit(URL, {"code": wrong_code(seed)}).status_code == 422
    old = new_client()
    second = old.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert old.submit(second.location, {"code": code()}).status_code == 303, "the old one is still good"
    assert signed_in.submit(URL, {"code": totp.code(seed, totp.step(make.now))}).location == "/account"
    assert old.get("/clinic").location.startswith("/sign-in"), "other places end"
    clock.shift(30)
    browser = new_client()
    second = browser.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert browser.submit(second.location, {"code": code()}).status_code == 422, "the old one is spent"
    assert browser.submit(second.location, {"code": totp.code(seed, totp.step(make.now))}).status_code == 303


def test_the_seed_lies_in_a_box_and_is_never_shown_again(signed_in, session, user, make):
    seed = propose(signed_in)
    row = factors.totp(session, user, confirmed=False)
    assert seed not in row.seed
    signed_in.submit(URL, {"code": totp.code(seed, totp.step(make.now))})
    assert signed_in.get(URL).location == "/account"
    assert base64.b32encode(seed).decode() not in signed_in.get("/account").text.replace(" ", "")


def test_setting_it_up_wants_a_fresh_factor(clock, signed_in):
    signed_in.get("/account")
    clock.shift(600)
    for url in (f"{URL}/new", f"{URL}/remove"):
        asked = signed_in.post(url, data={"csrf_token": signed_in.token})
        assert asked.location.startswith("/step-up")


def test_it_is_removed_where_a_passkey_stays_and_only_there(signed_in, session, user, make):
    refused = signed_in.submit(f"{URL}/remove", at="/account")
    assert refused.status_code == 409
    assert "only second factor" in refused.text
    Device.of(session, user, make.now)
    assert signed_in.submit(f"{URL}/remove", at="/account").location == "/account"
    session.expire_all()
    assert factors.totp(session, user) is None


def test_the_first_sign_in_sets_it_up_and_shows_recovery_codes_next(clock, client, make):
    user = make.therapist(app=False)
    client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    seed = propose(client, at="/account/start")
    done = client.submit(URL, {"code": totp.code(seed, totp.step(make.now))})
    assert done.location == "/account/recovery-codes"
    assert client.get("/clinic").status_code == 200
