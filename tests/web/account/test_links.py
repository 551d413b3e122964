"""Links that work once: setting up the clinic, and choosing a password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from intake.actions import accounts
from intake.store import people
from tests.builders import PASSWORD, SECRET
from tests.rows import changed, everything

CLINIC = {
    "clinic_name": "Fernbank", "clinic_phone": "555-0100", "time_zone": "America/Chicago",
    "name": "Ada Invented", "email": "ada@example.org", "password": PASSWORD,
}  # fmt: skip

OPENS_NOTHING = "This link opens nothing."


@pytest.fixture
def setup(session, make):
    return "/set-up#" + accounts.offer_setup(session, SECRET, now=make.now)


def test_a_new_clinic_is_set_up_with_one_link_and_its_administrator_signs_in(client, setup, session):
    assert client.submit(setup, CLINIC).status_code == 201
    signed_in = client.submit("/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    first = client.get(signed_in.location).location
    assert first.startswith("/account/start"), "a second factor comes before anything else"
    assert people.clinic(session).time_zone == "America/Chicago"


def test_who_works_alone_says_at_set_up_what_else_they_do(client, setup, session):
    assert client.submit(setup, {**CLINIC, "roles": ["therapist", "front-desk"]}).status_code == 201
    assert people.user_by_email(session, "ada@example.org").roles == ["admin", "therapist", "front-desk"]


def test_a_setup_link_works_once_and_for_half_an_hour(clock, client, setup_later):
    late = setup_later(minutes=31)
    assert client.submit(late, CLINIC).status_code == 422
    good = setup_later(minutes=29)
    assert client.submit(good, CLINIC).status_code == 201
    again = client.submit(good, CLINIC | {"email": "eve@example.org"}).text
    assert "set up already" in again
    assert "make one under People" in again


@pytest.fixture
def setup_later(session, make, clock):
    def offered(minutes):
        token = accounts.offer_setup(session, SECRET, now=make.now)
        clock.shift(timedelta(minutes=minutes))
        return f"/set-up#{token}"

    return offered


def test_what_cannot_be_used_is_pointed_out_and_the_link_still_works(client, setup, session):
    for wrong in (
        {"password": "short"},
        {"password": "ada invented is my name"},
        {"time_zone": "Mars/Olympus"},
        {"email": "ada"},
        {"clinic_phone": "call"},
        {"clinic_name": ""},
    ):
        before = everything(session)
        page = client.submit(setup, {**CLINIC, **wrong})
        assert page.status_code == 422
        assert PASSWORD not in page.text
        assert changed(before, everything(session)) == set()
    assert client.submit(setup, CLINIC).status_code == 201


def test_a_colleague_chooses_a_password_once(client, make):
    user = make.therapist(password_hash=None)
    url = f"/password#{make.link(user)}"
    assert client.submit(url, {"password": "short"}).status_code == 422
    assert client.submit(url, {"password": "nine purple lanterns"}).location == "/sign-in"
    assert OPENS_NOTHING in client.submit(url, {"password": "eleven blue lanterns sway"}).text
    assert client.submit("/sign-in", {"email": user.email, "password": "nine purple lanterns"}).status_code == 303


def test_a_new_password_ends_the_sessions_the_old_one_opened(client, new_client, make, sign_in):
    user = make.therapist()
    sign_in(user)
    new_client().submit(f"/password#{make.link(user)}", {"password": "nine purple lanterns"})
    assert client.get("/clinic").location.startswith("/sign-in")


def test_a_link_nobody_sent_opens_nothing(client, setup, session):
    made_up = ("x", "0" * 43, "%00", "..%2f", setup.partition("#")[2])
    for token in made_up:
        page = client.submit("/password", {"link": token, "password": PASSWORD})
        assert page.status_code == 422
        assert OPENS_NOTHING in page.text
    for token in made_up[:-1]:
        assert client.submit("/set-up", {**CLINIC, "link": token}).status_code == 422
    assert people.is_empty(session)


def test_a_page_without_its_code_asks_for_it_and_what_cannot_be_a_code_is_pointed_out(client):
    for code in ("", "a" * 5000, "a\u202eb"):
        page = client.submit("/password", {"link": code, "password": PASSWORD})
        assert page.status_code == 422
        assert 'href="#link"' in page.text


def test_who_has_no_script_pastes_the_code_or_the_whole_link(client, make, setup):
    whole = f"http://127.0.0.1:8000{setup}"
    assert client.submit("/set-up", {**CLINIC, "link": whole}).status_code == 201
    token = make.link(make.therapist())
    for typed in (f" http://127.0.0.1:8000/password#{token} ", token):
        page = client.submit("/password", {"link": typed, "password": "short"})
        assert OPENS_NOTHING not in page.text
        assert f'value="{typed.strip()}"' in page.text, "it need not be typed again"


def test_looking_at_a_link_does_not_spend_it(client, make, setup, session):
    token = make.link(make.user("front-desk", password_hash=None))
    before = everything(session)
    for path in ("/password", "/set-up", f"/password?link={token}", f"/password/{token}", f"{setup}"):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert FlaskClient.open(client, path, method=method).status_code in {200, 404}
    assert changed(before, everything(session)) == set()
    assert client.submit(f"/password#{token}", {"password": "nine purple lanterns"}).status_code == 303
