"""Who is told next of a warning sign, and when. It goes on until somebody takes it on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.clinical.alerts import Times, due, next_one
from intake.clinical.hours import Hours

ZONE = ZoneInfo("America/New_York")
TIMES = Times(Hours(ZONE))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("severity", "since", "expected"),
    [
        ("EMERGENCY", "2026-09-15 10:00", "2026-09-15 10:15"),
        ("EMERGENCY", "2026-09-19 23:55", "2026-09-20 00:10"),  # in the night to a Sunday
        ("SAME_DAY", "2026-09-15 10:00", "2026-09-15 11:00"),
        ("SAME_DAY", "2026-09-18 16:30", "2026-09-21 08:30"),  # a Friday afternoon
    ],
)
def test_an_emergency_waits_a_quarter_of_an_hour_and_what_is_for_today_an_hour_of_work(severity, since, expected):
    assert due(TIMES, severity, at(since)) == at(expected)


def test_what_is_to_discuss_is_listed_and_never_sent():
    assert due(TIMES, "DISCUSS", at("2026-09-15 10:00")) is None


def test_the_clinic_chooses_its_times():
    times = Times(Hours(ZONE), emergency=timedelta(minutes=5), same_day=timedelta(minutes=30))
    since = at("2026-09-15 10:00")
    assert [due(times, each, since) - since for each in ("EMERGENCY", "SAME_DAY")] == [
        timedelta(minutes=5), timedelta(minutes=30),
    ]  # fmt: skip


def told(count, owner, on_call, admins):
    return [next_one(number, owner, on_call, admins) for number in range(count)]


def test_first_the_owner_then_who_is_on_call_and_then_it_begins_again_with_the_administrators_at_the_end():
    assert told(9, "owner", ["ann", "bea"], ["adam"]) == [
        *("owner", "ann", "bea"), *("owner", "ann", "bea", "adam"), *("owner", "ann"),
    ]  # fmt: skip


def test_nobody_is_told_twice_in_a_round():
    assert told(5, "ann", ["bea", "ann"], ["bea", "adam"]) == ["ann", "bea", "ann", "bea", "adam"]


@pytest.mark.parametrize(
    ("owner", "on_call", "admins", "expected"),
    [
        (None, ["ann"], ["adam"], ["ann", "ann", "adam", "ann"]),
        ("owner", [], ["adam"], ["owner", "owner", "adam", "owner"]),
        (None, [], ["adam"], ["adam"] * 4),
        ("owner", [], [], ["owner"] * 4),
        (None, [], [], [None] * 4),
    ],
)
def test_where_somebody_is_missing_the_others_are_told(owner, on_call, admins, expected):
    assert told(4, owner, on_call, admins) == expected


NAMES = st.lists(st.sampled_from("abcdef"), max_size=5)


@given(st.none() | st.sampled_from("abcdef"), NAMES, NAMES, st.integers(0, 500))
def test_as_long_as_there_is_anybody_somebody_is_told_and_nobody_is_left_out(owner, on_call, admins, start):
    everybody = {*([owner] if owner else []), *on_call, *admins}
    if not everybody:
        assert next_one(start, owner, on_call, admins) is None
    else:
        assert set(told(3 * 12, owner, on_call, admins)) == everybody
        assert next_one(start, owner, on_call, admins) in everybody


def test_the_moment_is_in_utc():
    assert due(TIMES, "SAME_DAY", at("2026-09-15 10:00")).tzinfo is UTC
