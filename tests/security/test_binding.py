"""The MAC of a row stands for its table, its columns, its values and their kinds, and for nothing else."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.security.binding import mark
from intake.security.policy import Role

KEY = b"a key of thirty-two bytes, or so"
NOON = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
VALUES = (None, "", "None", "-", "1", 1, 2, "ab", ["ab"], ["a", "b"], [], b"", b"ab", NOON, NOON.isoformat())


def test_no_two_values_have_the_same():
    marks = {mark(KEY, "people", [("name", value)]) for value in (*VALUES, uuid.UUID(int=1), str(uuid.UUID(int=1)))}
    assert len(marks) == len(VALUES) + 2


def test_no_two_places_have_the_same():
    said = (
        ("people", [("name", "ab")]),
        ("peoples", [("name", "ab")]),
        ("people", [("names", "ab")]),
        ("people", [("name", "a"), ("b", None)]),
        ("people", [("name", "a"), ("name", "b")]),
    )
    for (table, one), (other_table, other) in itertools.combinations(said, 2):
        assert mark(KEY, table, one) != mark(KEY, other_table, other)
    assert mark(KEY, *said[0]) != mark(KEY[::-1], *said[0])


def test_a_moment_is_the_same_in_every_time_zone():
    there = NOON.astimezone(timezone(timedelta(hours=-4)))
    assert mark(KEY, "people", [("at", NOON)]) == mark(KEY, "people", [("at", there)])


def test_what_has_no_one_way_to_be_written_is_refused():
    with pytest.raises(TypeError, match="float"):
        mark(KEY, "people", [("height", 1.5)])


def test_a_role_is_written_like_its_word():
    assert mark(KEY, "people", [("role", Role.THERAPIST)]) == mark(KEY, "people", [("role", "therapist")])
