"""A box opens with its key, at its place, unchanged; else never."""

from __future__ import annotations

import uuid

import pytest

from intake.security import box
from intake.security.box import BoxError

KEY, ROW = box.key_of(b"a fixed key that only the tests use!"), uuid.UUID(int=7)
PLACE = ("totp_seeds", "seed", ROW)


def test_what_was_locked_comes_out_again():
    locked = box.lock(KEY, b"a seed", *PLACE)
    assert box.unlock(KEY, locked, *PLACE) == b"a seed"
    assert b"a seed" not in locked
    assert locked != box.lock(KEY, b"a seed", *PLACE)


@pytest.mark.parametrize(
    "place", [("kept_pages", "seed", ROW), ("totp_seeds", "other", ROW), ("totp_seeds", "seed", uuid.UUID(int=8))]
)
def test_it_opens_at_no_other_table_column_or_row(place):
    with pytest.raises(BoxError):
        box.unlock(KEY, box.lock(KEY, b"a seed", *PLACE), *place)


def test_another_key_opens_nothing():
    with pytest.raises(BoxError):
        box.unlock(box.key_of(b"another installation"), box.lock(KEY, b"a seed", *PLACE), *PLACE)


def test_every_changed_bit_and_every_shorter_box_is_noticed():
    locked = box.lock(KEY, b"a seed", *PLACE)
    changed = [
        locked[:at] + bytes([locked[at] ^ 1 << bit]) + locked[at + 1 :] for at in range(len(locked)) for bit in range(8)
    ]
    for broken in [*changed, *(locked[:end] for end in range(len(locked)))]:
        with pytest.raises(BoxError):
            box.unlock(KEY, broken, *PLACE)


def test_parts_of_a_place_cannot_run_into_each_other():
    assert box._place("ab", "c", ROW) != box._place("a", "bc", ROW)
