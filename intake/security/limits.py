"""How often is too often: every limit of the house as data, and how a moment and an address fall into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds
FOR_GOOD = 253_402_300_799  # the last second of the year 9999: the end of a window that only success ends
NETWORK_V4, NETWORK_V6 = 24, 56  # bits: what one household or one office usually shares


class Bucket(StrEnum):
    """What is counted, each by its subject."""

    SIGN_IN_NETWORK = "sign-in-network"
    SIGN_IN_CLINIC = "sign-in-clinic"
    SIGN_IN_ACCOUNT = "sign-in-account"
    SECOND_FACTOR = "second-factor"
    LINK_NETWORK = "link-network"
    ENTRY_NETWORK = "entry-network"
    AUTOSAVE = "autosave"
    DOCUMENTS = "documents"
    PATIENTS_READ = "patients-read"
    CODES_CHECKED = "codes-checked"


class Beyond(StrEnum):
    """What happens to the try after the last allowed one."""

    REFUSED = "refused"
    SLOWED = "slowed"  # it passes after a moment, and somebody is told once a window
    TOLD = "told"  # it passes, and somebody is told once a window


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` in `seconds`, counted from whole multiples of it; 0 seconds: in a row, until one succeeds."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """Windows that all need room, the shortest first: what one refuses the longer ones do not count."""

    windows: tuple[Window, ...]
    beyond: Beyond = Beyond.REFUSED


LIMITS: Mapping[Bucket, Limit] = {
    Bucket.SIGN_IN_NETWORK: Limit((Window(30, MINUTE), Window(300, HOUR))),
    Bucket.SIGN_IN_CLINIC: Limit((Window(300, MINUTE),), Beyond.SLOWED),
    # A hundred wrong passwords in a row are the most NIST SP 800-63B allows; then only recovery or a passkey opens.
    Bucket.SIGN_IN_ACCOUNT: Limit((Window(5, MINUTE), Window(20, HOUR), Window(100, 0))),
    Bucket.SECOND_FACTOR: Limit((Window(5, 30), Window(30, HOUR))),
    Bucket.LINK_NETWORK: Limit((Window(20, HOUR),)),
    # A waiting room is one network. Who knows a code is held up by the invitation itself, which freezes after five
    # wrong tries; guessing at sixty random bits leads nowhere, so it is told of rather than turned into a lock-out.
    Bucket.ENTRY_NETWORK: Limit((Window(20, HOUR),), Beyond.TOLD),
    Bucket.AUTOSAVE: Limit((Window(60, MINUTE),)),
    Bucket.DOCUMENTS: Limit((Window(10, MINUTE), Window(50, DAY))),
    Bucket.CODES_CHECKED: Limit((Window(60, HOUR),)),
    Bucket.PATIENTS_READ: Limit((Window(29, HOUR),), Beyond.TOLD),  # the thirtieth patient of an hour
}


def end_of(window: Window, now: datetime) -> int:
    """When the window that holds this moment ends, in seconds since 1970."""
    if not window.seconds:
        return FOR_GOOD
    return (int(now.timestamp()) // window.seconds + 1) * window.seconds


def network(address: str) -> str:
    """The network an address belongs to: a new address of the same line is no new start. Anything else stays itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return _cut(found.packed, NETWORK_V6)
        found = found.ipv4_mapped
    return _cut(found.packed, NETWORK_V4)


def _cut(packed: bytes, bits: int) -> str:
    return f"{packed[: bits // 8].hex()}/{bits}"
