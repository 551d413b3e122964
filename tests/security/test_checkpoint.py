"""A checkpoint says where the trail stood; nobody makes or changes one without the key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.security import chain, checkpoint
from intake.security.chain import Link

KEYS = chain.keys_of(b"a root secret of the tests, long enough")
NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
MADE = checkpoint.signed(Link(48213, bytes(range(32))), KEYS, NOW)


def test_it_is_signed_and_read_back_as_it_was_written():
    assert checkpoint.is_genuine(MADE, checkpoint.public(KEYS))
    assert checkpoint.read(MADE.line) == MADE
    assert checkpoint.read(f"Sep 15 16:00:00 host fernleaf checkpoint {MADE.line}") == MADE


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 48214},
        {"hash": bytes(32)},
        {"instance": "other"},
        {"time": NOW + timedelta(seconds=1)},
        {"signature": bytes(64)},
    ],
)  # fmt: skip
def test_whatever_is_changed_the_signature_no_longer_fits(change):
    assert not checkpoint.is_genuine(replace(MADE, **change), checkpoint.public(KEYS))


def test_another_installation_s_key_does_not_fit():
    assert not checkpoint.is_genuine(MADE, checkpoint.public(chain.keys_of(b"somebody else's secret, long enough")))


def test_the_time_is_signed_as_a_moment_not_as_a_spelling():
    there = NOW.astimezone(timezone(timedelta(hours=-4)))
    assert checkpoint.signed(Link(48213, bytes(range(32))), KEYS, there).signature == MADE.signature


def test_the_short_form_is_a_number_and_forty_digits_and_is_enough_to_compare():
    number, digits = MADE.short.split()
    assert (number, len(digits)) == ("48213", 40)
    short = checkpoint.read(MADE.short)
    assert short.agrees_with(bytes(range(32)))
    assert not short.agrees_with(bytes(32))
    assert not short.agrees_with(None)


@pytest.mark.parametrize(
    "line", ["", "nothing", "{}", '{"seq": 1}', "12 abc", "x" * 5000, '{"seq": "a", "hash": "zz"}', "[1]"]
)
def test_a_line_that_holds_none_is_said_to(line):
    with pytest.raises(ValueError, match="no checkpoint"):
        checkpoint.read(line)
