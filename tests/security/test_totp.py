"""Codes of an authenticator app are those every app computes, and fit for a minute and a half at most."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from intake.security import totp

SEED = b"12345678901234567890"
NOON = datetime(2026, 9, 15, 16, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_vectors_of_rfc_6238_come_out(seconds, digits):
    assert totp.code(SEED, seconds // totp.SECONDS) == digits


@pytest.mark.parametrize(("later", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_fits_in_its_step_and_the_neighbouring_ones(later, fits):
    here = totp.step(NOON)
    found = totp.matching_step(SEED, totp.code(SEED, here + later), NOON)
    assert found == (here + later if fits else None)


def test_spaces_between_the_digits_do_not_matter():
    digits = totp.code(SEED, totp.step(NOON))
    assert totp.matching_step(SEED, f" {digits[:3]} {digits[3:]}", NOON) is not None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "\u0663\u0664\u0665\u0666\u0667\u0668", "\x00" * 6]
)
def test_what_is_no_code_fits_nothing(typed):
    assert totp.matching_step(SEED, typed, NOON) is None


def test_a_seed_has_160_random_bits():
    seeds = {totp.new_seed() for _ in range(50)}
    assert len(seeds) == 50
    assert {len(seed) for seed in seeds} == {20}


def test_the_seed_reads_the_same_in_groups_and_in_the_picture():
    typed = totp.in_groups(SEED)
    assert {len(group) for group in typed.split()} == {4}
    address = urlsplit(totp.address(SEED, "tess@example.org"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    fields = parse_qs(address.query)
    assert fields == {"secret": [typed.replace(" ", "")], "issuer": ["Fernleaf"]}
    assert base64.b32decode(fields["secret"][0]) == SEED


def test_the_next_step_comes_after_thirty_seconds():
    assert totp.step(NOON + timedelta(seconds=30)) == totp.step(NOON) + 1
