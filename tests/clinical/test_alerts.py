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


def told(count, owner, on_call, admins, left=lambda _number: frozenset()):
    """Who is told one after another; `left` says who cannot act any more by the time of each turn."""
    found, first = [], [each for each in (owner, *on_call) if each]
    for number in range(count):
        able = frozenset(first) - left(number)
        found.append(next_one(number, found[-1] if found else None, first, admins, able))
    return found


def test_first_the_owner_then_who_is_on_call_and_then_it_begins_again_with_the_administrators_at_the_end():
    assert told(9, "owner", ["ann", "bea"], ["adam"]) == [
        *("owner", "ann", "bea"), *("owner", "ann", "bea", "adam"), *("owner", "ann"),
    ]  # fmt: skip


def test_nobody_is_told_twice_in_a_round():
    assert told(5, "ann", ["bea", "ann"], ["bea", "adam"]) == ["ann", "bea", "ann", "bea", "adam"]


def test_whoever_leaves_after_being_told_makes_nobody_be_passed_over():
    gone = told(5, "owner", ["ann", "bea", "cleo"], [], lambda number: {"owner"} if number else frozenset())
    assert gone == ["owner", "ann", "bea", "cleo", "ann"]
    gone = told(5, "owner", ["ann", "bea", "cleo"], [], lambda number: {"ann"} if number > 1 else frozenset())
    assert gone == ["owner", "ann", "bea", "cleo", "owner"]


def test_whoever_can_act_again_is_told_in_their_place():
    gone = told(4, "owner", ["ann", "bea"], [], lambda number: {"owner", "ann"} if number == 1 else frozenset())
    assert gone == ["owner", "bea", "owner", "ann"]


def test_an_administrator_on_call_who_could_not_open_it_is_told_with_the_administrators():
    gone = told(4, "owner", ["adam"], ["adam"], lambda _number: {"adam"})
    assert gone == ["owner", "owner", "adam", "owner"]


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


@given(st.none() | st.sampled_from("abcdef"), NAMES, NAMES, st.sets(st.sampled_from("abcdef")), st.integers(0, 30))
def test_as_long_as_there_is_anybody_somebody_is_told_and_nobody_is_left_out(owner, on_call, admins, gone, at):
    """Some of them leave at any moment."""
    turns = told(at + 3 * 12, owner, on_call, admins, lambda number: gone if number >= at else frozenset())
    stayed = ({*([owner] if owner else []), *on_call} - gone) | set(admins)
    assert set(turns[at:]) == (stayed or {None})


def test_the_moment_is_in_utc():
    assert due(TIMES, "SAME_DAY", at("2026-09-15 10:00")).tzinfo is UTC
