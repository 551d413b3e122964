"""A new password of one's own: after a fresh factor, and every other place is signed out."""

from __future__ import annotations

import pytest

from intake.security import passwords
from intake.store import signing_keys
from tests.builders import COST, PASSWORD

URL, BETTER = "/account/password", "nine purple lanterns"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def signed_in(clock, client, sign_in, user):
    return sign_in(user)


def test_the_new_password_counts_at_once_and_other_places_are_signed_out(signed_in, new_client, sign_in, session, user):
    elsewhere = sign_in(user, new_client())
    assert signed_in.submit(URL, {"password": BETTER}).location == "/account"
    session.refresh(user)
    assert passwords.matches(user.password_hash, BETTER, COST)
    assert elsewhere.get("/clinic").location.startswith("/sign-in")
    assert "Your password was changed" in elsewhere.get("/sign-in").text
    assert signed_in.get("/clinic").status_code == 200
    assert new_client().submit("/sign-in", {"email": user.email, "password": PASSWORD}).status_code == 422


def test_a_password_that_will_not_do_is_refused_with_the_reason_and_never_shown(signed_in, session, user):
    for bad, reason in (("short", "at least 15"), ("password12345678", "Many people"), ("a" * 20, "different")):
        page = signed_in.submit(URL, {"password": bad})
        assert page.status_code == 422
        assert reason in page.text
        assert bad not in page.text.replace("password", "")
    session.refresh(user)
    assert passwords.matches(user.password_hash, PASSWORD, COST)


def test_it_wants_a_fresh_factor(clock, signed_in):
    clock.shift(301)
    assert signed_in.get(URL).location.startswith("/step-up")


def test_the_signing_key_that_the_old_one_locked_is_retired(clock, signed_in, make, session, user):
    make.note(make.visit(therapist=user), signed=True)
    old = signing_keys.current(session, user)
    signed_in.submit(URL, {"password": BETTER})
    session.refresh(old)
    assert old.valid_until is not None
