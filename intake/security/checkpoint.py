"""A signed statement of where the audit trail stood, as bytes to sign and as a line of text to keep elsewhere."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from intake.security.chain import Keys, Link

LABEL = b"fernleaf-checkpoint-v1\0"
SHORT_DIGITS = 40
SHORT = re.compile(r"(\d{1,18})\s+([0-9a-f]{40}|[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """That line `seq` of the trail of `instance` had this hash. Read from a short form it is unsigned and cut off."""

    seq: int
    hash: bytes
    instance: str = ""
    time: datetime | None = None
    signature: bytes = b""

    @property
    def short(self) -> str:
        """The number and 40 hex digits: all that a mail says."""
        return f"{self.seq} {self.hash.hex()[:SHORT_DIGITS]}"

    @property
    def line(self) -> str:
        """Everything, as one line of JSON."""
        return json.dumps({**self._statement(), "signature": self.signature.hex()}, sort_keys=True)

    @property
    def payload(self) -> bytes:
        """The bytes that are signed."""
        return LABEL + rfc8785.dumps(self._statement())

    def _statement(self) -> dict[str, str | int]:
        time = self.time.astimezone(UTC).isoformat(timespec="microseconds") if self.time else ""
        return {"hash": self.hash.hex(), "instance": self.instance, "seq": self.seq, "time": time}

    def agrees_with(self, found: bytes | None) -> bool:
        """Whether the line of that number has the hash it had then."""
        return found is not None and found.startswith(self.hash)


def signed(link: Link, keys: Keys, now: datetime) -> Checkpoint:
    """The checkpoint of a link, signed."""
    plain = Checkpoint(link.seq, link.hash, keys.instance, now)
    return Checkpoint(link.seq, link.hash, keys.instance, now, _private(keys).sign(plain.payload))


def public(keys: Keys) -> Ed25519PublicKey:
    """The key that whoever keeps checkpoints can test them with."""
    return _private(keys).public_key()


def is_genuine(checkpoint: Checkpoint, key: Ed25519PublicKey) -> bool:
    """Whether the signature fits."""
    try:
        key.verify(checkpoint.signature, checkpoint.payload)
    except InvalidSignature:
        return False
    return True


def read(line: str) -> Checkpoint:
    """The checkpoint a line holds, whole or short (a mail's "48213 9f3c…"); ValueError when it holds none."""
    line = line.strip()
    if match := SHORT.fullmatch(line):
        return Checkpoint(int(match[1]), bytes.fromhex(match[2]))
    try:
        found = json.loads(line[line.index("{") :])  # a system log puts its own words before it
        return Checkpoint(
            int(found["seq"]), bytes.fromhex(found["hash"]), str(found["instance"]),
            datetime.fromisoformat(found["time"]), bytes.fromhex(found["signature"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as problem:
        message = "this line holds no checkpoint"
        raise ValueError(message) from problem


def _private(keys: Keys) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.seed)
