"""How often a mail is tried, when again, and what is said of one that did not go out."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from intake.forms.problems import N_

TRIES = 12
LONGEST_WAIT = timedelta(hours=1)
FIRST_WAIT = timedelta(minutes=1)
LEASE = timedelta(minutes=3)  # as long as one worker has a mail for itself; more than a server may take to answer
KEPT = timedelta(days=30)  # what was sent, and what was not, is looked up for so long
SEEN_WITHIN = timedelta(minutes=10)  # a worker that was not seen for longer is away


class State(StrEnum):
    """How far a mail has come."""

    WAITING = "waiting"
    SENT = "sent"
    HELD_BACK = "held-back"  # it must not go out any more
    FAILED = "failed"


class Reason(StrEnum):
    """Why a mail did not go out."""

    NOT_SAFE = "not-safe"
    OVER = "over"
    NOBODY = "nobody"
    NO_ADDRESS = "no-address"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


WORDS = {
    Reason.NOT_SAFE: N_("It was held back: by now e-mail is not safe for the patient."),
    Reason.OVER: N_("It was held back: the link was withdrawn, or is not needed any more."),
    Reason.NOBODY: N_("It was held back: the person does not work here any more."),
    Reason.NO_ADDRESS: N_("It was held back: mail cannot be sent to this address. Please check it."),
    Reason.UNREADABLE: N_("It was held back: what it holds could not be opened."),
    Reason.REFUSED: N_("The mail server refused it. Please check the address."),
    Reason.UNREACHABLE: N_("The mail server could not be reached, however often it was tried."),
}


def wait(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None when it was the last one."""
    if tries >= TRIES:
        return None
    return min(FIRST_WAIT * (1 << (tries - 1)), LONGEST_WAIT)


def is_final(code: int) -> bool:
    """Whether a mail server's answer means that trying again is no use: it refuses this mail for good (RFC 5321)."""
    return 500 <= code < 600  # noqa: PLR2004 - the standard's own numbers
