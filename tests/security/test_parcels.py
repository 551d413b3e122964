"""Bytes that only the holder of a token can open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.security import parcels, tokens

TOKEN = tokens.new_token()


@given(st.binary(max_size=9000), st.text(max_size=60))
def test_what_is_closed_comes_out_again(content, belongs_to):
    assert parcels.unpack(TOKEN, belongs_to, parcels.close(TOKEN, belongs_to, content)) == content


def test_another_token_or_another_place_opens_nothing():
    parcel = parcels.close(TOKEN, "here", b"marzipan")
    for token, belongs_to in ((tokens.new_token(), "here"), (TOKEN, "there"), ("", "here")):
        with pytest.raises(parcels.ParcelError):
            parcels.unpack(token, belongs_to, parcel)


def test_every_changed_byte_is_noticed():
    parcel = parcels.close(TOKEN, "here", b"marzipan")
    for place in range(0, len(parcel), 7):
        changed = bytearray(parcel)
        changed[place] ^= 1
        with pytest.raises(parcels.ParcelError):
            parcels.unpack(TOKEN, "here", bytes(changed))


@pytest.mark.parametrize("parcel", [b"", b"short", b"x" * 12, b"x" * 5000])
def test_what_is_no_parcel_is_refused(parcel):
    with pytest.raises(parcels.ParcelError):
        parcels.unpack(TOKEN, "here", parcel)


def test_how_long_it_is_tells_little_and_equal_contents_look_different():
    short, long = (parcels.close(TOKEN, "here", content) for content in (b"no", b"yes " * 900))
    assert len(short) == len(long)
    assert short != parcels.close(TOKEN, "here", b"no")
    assert b"marzipan" not in parcels.close(TOKEN, "here", b"marzipan")
