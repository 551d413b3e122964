"""What a browser's answer must prove before a passkey counts. Real answers are given in the browser tests."""

from __future__ import annotations

import json
import uuid

import pytest

from intake.security import passkeys
from intake.security.passkeys import PasskeyError

SITE = passkeys.site("https://forms.example.org")


@pytest.mark.parametrize(
    ("address", "host", "can"),
    [
        ("https://forms.example.org", "forms.example.org", True),
        ("http://localhost:8000", "localhost", True),
        ("http://127.0.0.1:8000", "127.0.0.1", False),
        ("http://[::1]:8000", "::1", False),
    ],
)
def test_passkeys_are_for_names_not_for_numbers(address, host, can):
    site = passkeys.site(address)
    assert (site.host, site.origin, site.can) == (host, address, can)


def test_the_browser_is_asked_to_check_the_person_and_to_tell_no_one_its_make():
    asked = passkeys.ask_to_make(SITE, uuid.UUID(int=7), "tess@example.org", "Tess", ["aaaa"])
    options = json.loads(asked.options)
    assert options["rp"] == {"name": "Fernleaf", "id": "forms.example.org"}
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert [each["id"] for each in options["excludeCredentials"]] == ["aaaa"]
    assert options["challenge"] == asked.challenge


def test_each_time_another_challenge_is_asked_for():
    asked = [passkeys.ask_to_show(SITE) for _ in range(20)]
    assert len({each.challenge for each in asked}) == 20
    assert all(json.loads(each.options)["userVerification"] == "required" for each in asked)


BROKEN = ("", "x", "[]", "null", "{}", '{"id": 7}', '{"id": "aaaa"}', "[" * 50_000, "{" * 20_000, '{"id":"a"}' * 5000)


@pytest.mark.parametrize("answer", BROKEN)
def test_an_answer_that_is_none_proves_nothing(answer):
    with pytest.raises(PasskeyError):
        passkeys.made(SITE, answer, "AAAA")
    with pytest.raises(PasskeyError):
        passkeys.shown(SITE, answer, "AAAA", public_key=b"x", user_id=uuid.UUID(int=7))


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"id": 7}', '{"id": ""}'])
def test_an_answer_that_names_no_passkey_is_refused(answer):
    with pytest.raises(PasskeyError):
        passkeys.credential_id(answer)
