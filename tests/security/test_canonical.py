"""The same record is the same bytes, and bytes that could be read in two ways are refused."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from intake.security import canonical
from intake.security.canonical import UnfitError

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
RECORDS = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(RECORDS)
def test_what_was_written_reads_back_and_writes_the_same_again(record):
    try:
        written = canonical.dump(record)
    except UnfitError:  # two keys that are the same in NFC
        return
    assert canonical.load(written) == canonical.settled(record)
    assert canonical.dump(canonical.load(written)) == written


@given(RECORDS)
@example({"\U0001f600": 1, "\ufb33": '\x7f\u2028\x1f"\\/'})
def test_the_bytes_are_those_of_the_standard(record):
    try:
        written = canonical.dump(record)
    except UnfitError:
        return
    assert written == rfc8785.dumps(canonical.settled(record))


def test_the_order_of_code_points_would_not_be_the_standard_s():
    """The control: what Python sorts by itself."""
    keys = {"\U0001f600": 1, "\ufb33": 2}
    assert json.dumps(keys, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() != canonical.dump(keys)


def test_keys_are_in_order_and_nothing_stands_between():
    assert canonical.dump({"b": [1, True, None], "a": "\u00e9\n"}) == '{"a":"é\\n","b":[1,true,null]}'.encode()


def test_a_letter_typed_in_two_ways_is_one_letter():
    assert canonical.dump({"e\u0301": "e\u0301"}) == canonical.dump({"\u00e9": "\u00e9"})


def test_decimals_ids_and_moments_are_text():
    at = datetime(2026, 9, 15, 12, 0, tzinfo=timezone(timedelta(hours=-4)))
    number = uuid.UUID(int=7)
    assert canonical.settled({"n": Decimal("1.10"), "id": number, "at": at}) == {
        "n": "1.10", "id": str(number), "at": "2026-09-15T16:00:00.000000+00:00",
    }  # fmt: skip
    assert canonical.moment(at) == canonical.moment(at.astimezone(UTC))


@pytest.mark.parametrize(
    "value",
    [
        *(1.5, float("nan"), 2**53, -(2**53), {1: "x"}, b"bytes", {"x"}, "\ud800", object(), datetime(2026, 9, 15)),  # noqa: DTZ001 - a moment without a zone is the point
        {"\u00e9": 1, "e\u0301": 2},
    ],
)
def test_what_could_be_written_in_two_ways_is_refused(value):
    with pytest.raises(UnfitError):
        canonical.dump({"value": value})


@pytest.mark.parametrize(
    "written",
    [
        *('{"a":1,"a":2}', '{"a":1.0}', '{"a":NaN}', '{"b":1,"a":2}', '{"a": 1}', '{"a":1}\n', "{", "", "\ufeff{}"),
        *('{"a":"e\u0301"}', '{"a":"\\u0041"}', '{"a":1e2}', '{"a":' + "[" * 5000),
    ],
)
def test_bytes_that_are_not_the_one_way_to_write_them_are_refused(written):
    with pytest.raises(UnfitError):
        canonical.load(written.encode())


def test_a_reader_that_takes_the_last_of_two_keys_would_be_fooled():
    """The control: what the check above is for."""
    assert json.loads('{"a":1,"a":2}') == {"a": 2}
