"""A sealed value opens for its place and its key, and for nothing else."""

from __future__ import annotations

import random
import uuid

import pytest

from intake.security import seal as seals
from intake.security.keys import KeyRing, RootKey
from intake.security.seal import DataKey, Place, SealError, Wrapping, seal, unseal
from tests.sizes import size, tell

MUTATIONS = size(3_000, 200_000)
NUMBERS = [uuid.UUID(int=number) for number in range(1, 9)]
PLACE = Place(NUMBERS[0], "notes", "content", NUMBERS[1], NUMBERS[2], "sensitive", 7)
KEY = DataKey(NUMBERS[3], bytes(range(32)))
OTHER = DataKey(NUMBERS[4], bytes(range(1, 33)))
PATIENT = NUMBERS[2]

# McGrew and Viega, "The Galois/Counter Mode of Operation", submitted to NIST: test cases 13 to 16 (256-bit keys).
LONG = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
LONG_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
FEFF = "feffe9928665731c6d6a8f9467308308" * 2
NIST = [
    ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
    (FEFF, "cafebabefacedbaddecaf888", LONG, "", LONG_SEALED, "b094dac5d93471bdec1a502270e3cc6c"),
    (
        *(FEFF, "cafebabefacedbaddecaf888", LONG[:120], "feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        *(LONG_SEALED[:120], "76fc6ece0f4e1768cddf8853bb2d551b"),
    ),
]


@pytest.mark.parametrize(("key", "nonce", "plain", "bound", "cipher", "tag"), NIST)
def test_the_cipher_is_aes_256_gcm_as_nist_published_it(key, nonce, plain, bound, cipher, tag):
    known = DataKey(NUMBERS[0], bytes.fromhex(key)).cipher
    made = known.encrypt(bytes.fromhex(nonce), bytes.fromhex(plain), bytes.fromhex(bound) or None)
    assert made.hex() == cipher + tag
    assert known.decrypt(bytes.fromhex(nonce), made, bytes.fromhex(bound) or None).hex() == plain


def test_a_value_sealed_today_opens_with_every_later_version():
    """The format stands: these bytes were put together by hand from what the module's docstring says."""
    bound = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (
            *(b"fernleaf-seal-v1", NUMBERS[0].bytes, b"notes", b"content", NUMBERS[1].bytes, NUMBERS[2].bytes),
            *(b"sensitive", (7).to_bytes(8, "big")),
        )
    )
    nonce, plain = bytes(12), b"\0\0\0\5hello" + bytes(503)
    sealed = b"\xe1\x01" + KEY.id.bytes + nonce + KEY.cipher.encrypt(nonce, plain, bound)
    assert unseal(KEY, PLACE, sealed) == b"hello"


@pytest.mark.parametrize("length", [0, 1, 507, 508, 509, 1020, 1021, 4092, 4093, 100_000])
def test_what_was_sealed_comes_back_whole(length):
    value = bytes(number % 251 for number in range(length))
    assert unseal(KEY, PLACE, seal(KEY, PLACE, value)) == value


@pytest.mark.parametrize(
    ("length", "bucket"),
    [(0, 512), (508, 512), (509, 1024), (1021, 2048), (2045, 4096), (4092, 4096), (4093, 8192), (12289, 16384)],
)
def test_only_the_bucket_can_be_told_from_outside(length, bucket):
    assert len(seal(KEY, PLACE, bytes(length))) == bucket + seals.OVERHEAD


def test_the_same_value_never_looks_the_same_twice():
    assert len({seal(KEY, PLACE, b"yes") for _ in range(200)}) == 200


@pytest.mark.parametrize("part", Place._fields)
def test_a_value_opens_in_its_own_place_only(part):
    now = getattr(PLACE, part)
    elsewhere = now + 1 if part == "version" else NUMBERS[7] if isinstance(now, uuid.UUID) else "other"
    sealed = seal(KEY, PLACE, b"hello")
    with pytest.raises(SealError):
        unseal(KEY, PLACE._replace(**{part: elsewhere}), sealed)


def test_the_end_of_one_part_cannot_pass_for_the_start_of_the_next():
    sealed = seal(KEY, PLACE._replace(table="notes", column="content"), b"hello")
    with pytest.raises(SealError):
        unseal(KEY, PLACE._replace(table="notesc", column="ontent"), sealed)


def test_another_key_opens_nothing_even_under_the_same_id():
    sealed = seal(KEY, PLACE, b"hello")
    for wrong in (OTHER, DataKey(KEY.id, OTHER.secret), DataKey(OTHER.id, KEY.secret)):
        with pytest.raises(SealError):
            unseal(wrong, PLACE, sealed)


def mutated(sealed: bytes, chance: random.Random) -> bytes:
    """One change of the kinds that happen: a bit flipped, bytes cut, added, swapped or written over."""
    at, kind = chance.randrange(len(sealed)), chance.randrange(6)
    if kind <= 1:
        return sealed[:at] + bytes((sealed[at] ^ 1 << chance.randrange(8),)) + sealed[at + 1 :]
    if kind == 2:
        return sealed[:at]
    if kind == 3:
        return sealed + chance.randbytes(chance.randrange(1, 40))
    if kind == 4:
        return sealed[:at] + chance.randbytes(len(sealed) - at)
    return sealed[at:] + sealed[:at]


def accepted(opens, times: int) -> int:
    """How many changed values are taken for whole ones."""
    chance, found = random.Random(20260915), 0
    values = [(value, seal(KEY, PLACE, value)) for value in (b"", b"yes", b"x" * 600, bytes(5000))]
    for _ in range(times):
        _value, sealed = values[chance.randrange(len(values))]
        changed = mutated(sealed, chance)
        if changed == sealed:
            continue
        try:
            opens(KEY, PLACE, changed)
        except SealError:
            continue
        found += 1
    return found


def test_no_changed_value_is_taken_for_a_whole_one():
    assert accepted(unseal, MUTATIONS) == 0
    tell(f"{MUTATIONS} changed values, none accepted")


def test_a_seal_that_does_not_check_its_tag_would_be_noticed():
    def careless(key, _place, sealed):
        if len(sealed) < seals.OVERHEAD or sealed[:18] != seals.HEAD + key.id.bytes:
            raise SealError
        return sealed[seals.BEFORE : -seals.TAG]

    assert accepted(careless, 300) > 0


def test_the_error_says_nothing_about_the_reason():
    sealed = seal(KEY, PLACE, b"hello")
    reasons = set()
    for changed in (b"", sealed[:-1], sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:], b"\xe2" + sealed[1:]):
        with pytest.raises(SealError) as caught:
            unseal(KEY, PLACE, changed)
        reasons.add((str(caught.value), caught.value.__cause__))
    assert reasons == {("this record cannot be read", None)}


# ---------------------------------------------------------------- data keys

RING = KeyRing(RootKey.of(bytes(32)), (RootKey.of(bytes(range(32))),))


def test_a_wrapped_key_comes_back_for_whom_it_was_made():
    root_id, wrapped = Wrapping(RING).wrap(KEY, PATIENT, "care")
    assert root_id == RING.current.id
    assert Wrapping(RING).unwrap(root_id, KEY.id, wrapped, PATIENT, "care") == KEY


def test_a_key_wrapped_under_an_older_root_still_opens():
    root_id, wrapped = Wrapping(KeyRing(RING.older[0])).wrap(KEY, PATIENT, "care")
    assert Wrapping(RING).unwrap(root_id, KEY.id, wrapped, PATIENT, "care") == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"root_id": "00000000"},
        {"root_id": RING.older[0].id},
        {"key_id": OTHER.id},
        {"patient": NUMBERS[6]},
        {"compartment": "sensitive"},
        {"wrapped": b""},
        {"wrapped": bytes(60)},
    ],
)
def test_a_wrapped_key_opens_for_nobody_else(change):
    root_id, wrapped = Wrapping(RING).wrap(KEY, PATIENT, "care")
    given = {"root_id": root_id, "key_id": KEY.id, "wrapped": wrapped, "patient": PATIENT, "compartment": "care"}
    assert Wrapping(RING).unwrap(**given) == KEY
    with pytest.raises(SealError):
        Wrapping(RING).unwrap(**given | change)


def test_a_key_does_not_print_itself():
    assert "secret" not in repr(KEY)
