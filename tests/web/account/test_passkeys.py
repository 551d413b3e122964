"""One's own passkeys: made, named, removed, and never the last factor."""

from __future__ import annotations

import json

import pytest

from intake.store import factors
from intake.store.factors import Passkey
from tests.authenticator import Device
from tests.builders import PASSWORD

URL = "/account/passkeys"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def signed_in(clock, client, sign_in, user):
    return sign_in(user)


def add(client, device, name="My phone", options=None):
    client.get(URL)
    options = options or client.post(f"{URL}/options", data={"csrf_token": client.token}).json
    return client.post(URL, data={"csrf_token": client.token, "name": name, "credential": device.make(options)})


def mine(session, user):
    session.expire_all()
    return factors.passkeys(session, user)


def test_a_passkey_is_made_and_every_other_place_is_signed_out(signed_in, new_client, sign_in, session, user):
    elsewhere = sign_in(user, new_client())
    assert add(signed_in, Device()).location == "/account"
    (passkey,) = mine(session, user)
    assert (passkey.name, passkey.sign_count) == ("My phone", 0)
    assert "My phone" in signed_in.get("/account").text
    assert elsewhere.get("/clinic").location.startswith("/sign-in")


def test_the_browser_is_asked_to_check_the_person_and_told_which_passkeys_are_there(signed_in, session, user):
    device = Device()
    add(signed_in, device)
    options = signed_in.post(f"{URL}/options", data={"csrf_token": signed_in.token}).json
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert len(options["excludeCredentials"]) == 1
    assert add(signed_in, device).status_code == 422, "the same one twice"
    assert len(mine(session, user)) == 1


def test_a_passkey_made_for_another_site_or_without_a_check_is_not_taken(signed_in, session, user):
    for wrong in ({"origin": "https://evil.example"}, {"host": "evil.example"}, {"verifies": False}):
        assert add(signed_in, Device(**wrong)).status_code == 422
    assert add(signed_in, Device(), options={"challenge": "AAAA", "user": {"id": "x"}}).status_code == 422
    assert mine(session, user) == []


def test_making_one_wants_a_fresh_factor(clock, signed_in):
    clock.shift(600)
    assert signed_in.get(URL).location.startswith("/step-up")
    signed_in.get("/clinic")
    asked = signed_in.post(f"{URL}/options", data={"csrf_token": signed_in.token})
    assert asked.location.startswith("/step-up")


def test_a_passkey_gets_another_name(signed_in, session, user):
    add(signed_in, Device())
    one = f"{URL}/{mine(session, user)[0].id}"
    assert signed_in.submit(one, {"name": ""}).status_code == 422
    assert signed_in.submit(one, {"name": "The blue key"}).status_code == 303
    assert mine(session, user)[0].name == "The blue key"


def test_a_removed_passkey_opens_nothing_any_more(signed_in, new_client, session, user):
    device = Device()
    add(signed_in, device)
    one = f"{URL}/{mine(session, user)[0].id}"
    assert signed_in.submit(f"{one}/remove", at=one).location == "/account"
    browser = new_client()
    browser.get("/sign-in")
    options = browser.post("/sign-in/passkey/options", data={"csrf_token": browser.token}).json
    data = {"csrf_token": browser.token, "credential": device.show(options)}
    assert browser.post("/sign-in/passkey", data=data).status_code == 422


def test_the_last_factor_is_not_removed(clock, client, make, sign_in, session):
    user = make.therapist(app=False)
    Device.of(session, user, make.now)
    sign_in(user)
    one = f"{URL}/{mine(session, user)[0].id}"
    refused = client.submit(f"{one}/remove", at=one)
    assert refused.status_code == 409
    assert "only second factor" in refused.text
    assert len(mine(session, user)) == 1


def test_a_passkey_of_somebody_else_s_is_not_there(signed_in, session, make):
    other = make.therapist()
    Device.of(session, other, make.now)
    one = f"{URL}/{mine(session, other)[0].id}"
    signed_in.get("/account")
    assert signed_in.get(one).status_code == 404
    for more in ("", "/remove"):
        assert signed_in.post(one + more, data={"csrf_token": signed_in.token, "name": "x"}).status_code == 404


def test_ten_are_enough(signed_in, session, user, make):
    for number in range(10):
        session.add(
            Passkey(user_id=user.id, credential_id=f"id{number}", public_key=b"k", name="Key", created_at=make.now)
        )
    session.commit()
    refused = add(signed_in, Device())
    assert refused.status_code == 422
    assert "ten passkeys" in refused.text


def test_the_first_sign_in_makes_one_and_shows_recovery_codes_next(clock, app, client, make, session, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://localhost:8000")
    user = make.therapist(app=False)
    client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert client.get("/clinic").location.startswith("/account/start")
    device = Device(origin="http://localhost:8000", host="localhost")
    assert add(client, device).location == "/account/recovery-codes"
    assert client.get("/clinic").status_code == 200
    assert len(mine(session, user)) == 1


def test_an_answer_is_taken_once(signed_in, session, user):
    signed_in.get(URL)
    options = signed_in.post(f"{URL}/options", data={"csrf_token": signed_in.token}).json
    answer = Device().make(options)
    assert json.loads(answer)["type"] == "public-key"
    data = {"csrf_token": signed_in.token, "name": "Key", "credential": answer}
    assert signed_in.post(URL, data=data).status_code == 303
    assert signed_in.post(URL, data=data).status_code == 422
    assert len(mine(session, user)) == 1
