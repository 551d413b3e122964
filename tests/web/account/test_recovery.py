"""Ten codes on paper: shown once, each for one time, the old ones gone with the new."""

from __future__ import annotations

import re

import pytest

from intake.store import factors
from intake.store.factors import RecoveryCode
from tests.builders import PASSWORD

URL = "/account/recovery-codes"


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def signed_in(clock, client, sign_in, user):
    return sign_in(user)


def make_codes(client):
    return re.findall(r"<li>((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})</li>", client.submit(URL).text)


def test_ten_codes_are_shown_once_and_only_their_hashes_are_kept(signed_in, session, user):
    codes = make_codes(signed_in)
    assert len(set(codes)) == 10
    assert factors.codes_left(session, user) == 10
    again = signed_in.get(URL).text
    kept = " ".join(row.code_hash for row in session.query(RecoveryCode))
    for each in codes:
        assert each not in again
        assert each.replace("-", "") not in kept.upper()


def test_new_codes_put_the_old_ones_out_of_use(signed_in, new_client, user):
    old, new = make_codes(signed_in)[0], make_codes(signed_in)[0]
    browser = new_client()
    browser.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert browser.submit("/sign-in/second/recovery", {"code": old}).status_code == 422
    assert browser.submit("/sign-in/second/recovery", {"code": new}).status_code == 303


def test_making_them_wants_a_fresh_factor(clock, signed_in):
    signed_in.get(URL)
    clock.shift(600)
    assert signed_in.post(URL, data={"csrf_token": signed_in.token}).location.startswith("/step-up")
