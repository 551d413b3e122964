"""Somebody's first sign-in: before there is a second factor, nothing else opens."""

from __future__ import annotations

import pytest

from tests.builders import PASSWORD


@pytest.fixture
def newcomer(client, make):
    user = make.therapist(app=False)
    client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    return client


def test_a_second_factor_is_set_up_before_anything_else(newcomer, make):
    note = make.note()
    for url in ("/clinic", f"/clinic/notes/{note.id}", "/account", "/account/password", "/account/recovery-codes"):
        assert newcomer.get(url).location.startswith("/account/start"), url
    assert newcomer.get("/account/start").status_code == 200


def test_both_ways_are_offered_and_the_reason_where_one_cannot_work(newcomer, app, monkeypatch):
    page = newcomer.get("/account/start").text
    assert "Set up an app" in page
    assert "Passkeys do not work at this address" in page
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://forms.example.org")
    assert 'href="/account/passkeys"' in newcomer.get("/account/start").text


def test_somebody_who_has_one_is_led_on(client, make, sign_in):
    sign_in(make.therapist())
    assert client.get("/account/start").location == "/clinic"


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get("/account/start").location.startswith("/sign-in")
