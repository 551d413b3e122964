"""What a mail from here says: the same neutral words whatever it is about. It can be read by anybody on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from intake.forms.problems import N_


class Kind(StrEnum):
    """To whom a mail goes, and so which of the two there are."""

    NOTICE = "notice"  # to somebody of the clinic
    INVITATION = "invitation"  # to a patient


@dataclass(frozen=True, slots=True)
class Mail:
    """A subject and a text."""

    subject: str
    text: str


NOTICE_SUBJECT = N_("Something waits for you in Fernleaf")
NOTICE = N_(
    "Something waits for you in Fernleaf. Please sign in when you can: %(address)s\n\n"
    "You get this mail because your clinic chose you for it. To switch these mails off, or to send them to somebody "
    "else, ask an administrator of the clinic."
)
INVITATION_SUBJECT = N_("A form for you")


def notice(address: str, translated: Callable[[str], str] = str) -> Mail:
    """The mail to somebody of the clinic. It is the same for whatever waits, letter for letter."""
    return Mail(translated(NOTICE_SUBJECT), translated(NOTICE) % {"address": address})


def invitation(text: str, translated: Callable[[str], str] = str) -> Mail:
    """The mail to a patient round the text the front desk would send."""
    return Mail(translated(INVITATION_SUBJECT), text)
