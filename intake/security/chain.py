"""The chain that ties the lines of the audit trail together, and the signed checkpoints that leave the machine.

A line's hash covers its number, the hash before it and its own text: anybody can compute it again. Its MAC covers the
hash: only who holds the key can write a line that fits. A checkpoint says which hash the trail had at which number;
kept elsewhere, it shows that the end was cut off or that the whole database is an older one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LABEL = b"fernleaf-audit-v1"
NOTHING = bytes(32)
BLOCK = 64  # bytes SHA-256 works on at a time, which HMAC pads its key to (RFC 2104)
FIRST_KEY = "1"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the trail is written with: the installation it belongs to, the MAC keys by their id, one of them in use.

    `seed` makes the Ed25519 key of the checkpoints. Older MAC keys stay: the lines written under them need them.
    """

    instance: str
    current: str
    macs: Mapping[str, bytes] = field(repr=False)
    seed: bytes = field(repr=False)


class Link(NamedTuple):
    """How far the chain is known to be good: the number and hash of its last line."""

    seq: int
    hash: bytes


class Entry(NamedTuple):
    """A line as it is kept: its text (see `canonical`) and what ties it to the others."""

    seq: int
    text: bytes
    prev_hash: bytes
    hash: bytes
    mac: bytes
    mac_key: str


class BrokenError(Exception):
    """The chain does not hold; `seq` is the first line that is wrong, `what` the code of what is wrong about it."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"{what} at {seq}")
        self.seq, self.what = seq, what


START = Link(0, NOTHING)


def keys_of(secret: bytes) -> Keys:
    """The trail's keys under one root secret."""
    instance = _derived(secret, "instance").hex()[:16]
    return Keys(instance, FIRST_KEY, {FIRST_KEY: _derived(secret, "audit-mac")}, _derived(secret, "checkpoint"))


def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"fernleaf/{purpose}/v1".encode()).derive(secret)


def canonical(values: Sequence[str | None]) -> bytes:
    """A line's values as a JSON array without blanks: no two lines share a text, and databases can write it too."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(seq: int, prev_hash: bytes, text: bytes) -> bytes:
    """The hash of line `seq` behind the line with `prev_hash`."""
    return hashlib.sha256(b"".join((LABEL, seq.to_bytes(8, "big"), prev_hash, text))).digest()


def extended(link: Link, texts: Iterable[bytes], keys: Keys) -> list[Entry]:
    """The texts as the next lines of the chain."""
    key, entries = keys.macs[keys.current], []
    for text in texts:
        number, found = link.seq + 1, hash_of(link.seq + 1, link.hash, text)
        entries.append(Entry(number, text, link.hash, found, hmac.digest(key, found, "sha256"), keys.current))
        link = Link(number, found)
    return entries


def is_ours(found: bytes, mac: object, mac_key: object, keys: Keys) -> bool:
    """Whether a line of this hash was sealed with one of these keys."""
    key = keys.macs.get(mac_key) if isinstance(mac_key, str) else None
    return key is not None and isinstance(mac, bytes) and hmac.compare_digest(mac, hmac.digest(key, found, "sha256"))


def follow(link: Link, entries: Iterable[Entry], keys: Keys) -> Link:
    """Where the chain has come after these lines; BrokenError for the first one that does not hold.

    Hand it a long trail in pieces. `link` is what came before: START, the last piece's result or a checkpoint.
    """
    seals = {name: _begun(key) for name, key in keys.macs.items()}
    expected, last = link
    sha256 = hashlib.sha256
    for seq, text, prev_hash, stored, mac, mac_key in entries:
        expected += 1
        if seq != expected:
            raise BrokenError(expected, "number")
        if prev_hash != last:
            raise BrokenError(expected, "link")
        last = sha256(b"".join((LABEL, expected.to_bytes(8, "big"), last, text))).digest()
        if stored != last:
            raise BrokenError(expected, "hash")
        sealed = isinstance(mac, bytes) and mac_key in seals  # whoever tampers may leave a text where bytes belong
        if not sealed or not hmac.compare_digest(mac, _sealed(seals[mac_key], last)):
            raise BrokenError(expected, "mac")
    return Link(expected, last)


def _begun(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """HMAC-SHA256 with its key already taken in: copying these is twice as fast as starting anew a million times."""
    padded = key.ljust(BLOCK, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)), hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))


def _sealed(begun: tuple[hashlib._Hash, hashlib._Hash], message: bytes) -> bytes:
    inner, outer = begun[0].copy(), begun[1].copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()
