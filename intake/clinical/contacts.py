"""What a patient says about ways to reach her, brought together with what the clinic wrote down. Her word stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from intake.clinical.values import value
from intake.forms.conditions import Answers
from intake.forms.problems import N_
from intake.security.sinks import MAILABLE

WAYS, QUESTION = "id_contact_methods", "id_safe_to_contact"
SAID = frozenset({WAYS, QUESTION})  # the questions that say how she may be reached
# "I do not use it" is not leave to use it.
EMAIL = "email"
STRICT = ("safe", "appointments-only", "not-safe")
FLAGS = {"safe": "safe", "appointments-only": "appointments-only", "not-safe": "not-safe", "not-used": "not-safe"}


def with_her_word(contacts: Sequence[Mapping[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The contacts, {"method", "value", "safe"}, with the flags she gave; a way she said nothing of stays as it was.

    Where she ticked how she may be reached, a way she left out is not to be used: its row is not even shown to her.
    """
    return [{**contact, "safe": _flag(contact, answers)} for contact in contacts]


def with_word_on_paper(contacts: Sequence[Mapping[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The same for a paper form, which may be older than what is on file: it forbids, and never allows again."""
    return [{**contact, "safe": _stricter(str(contact["safe"]), _flag(contact, answers))} for contact in contacts]


def _stricter(on_file: str, on_paper: str) -> str:
    known = [STRICT.index(each) if each in STRICT else -1 for each in (on_file, on_paper)]
    return on_file if known[0] > known[1] else on_paper


def _flag(contact: Mapping[str, Any], answers: Answers) -> str:
    flags: Mapping[str, str] = value(answers, QUESTION) or {}
    ticked, method = value(answers, WAYS), contact["method"]
    if ticked is not None and method not in ticked:
        return "not-safe"
    return FLAGS[flags[method]] if method in flags else str(contact["safe"])


class About(StrEnum):
    """What a message to a patient is about."""

    APPOINTMENT = "appointment"  # when and where, nothing more
    FORM = "form"


MISSING = N_("There is no e-mail address on file.")
NO_ADDRESS = N_("The e-mail address on file is none that mail can be sent to.")
# Why each of her answers stands in the way; "safe" does not, and a word nobody knows counts as not asked.
UNASKED = N_("The patient was not asked yet whether e-mail is safe.")
REASONS = {
    "not-safe": N_("The patient said that e-mail is not safe."),
    "appointments-only": N_("The patient said that e-mail is only for appointment times."),
}


def reason_not_to_mail(contacts: Sequence[Mapping[str, Any]], about: About) -> str | None:
    """Why no mail about this may go to her, in one sentence; None when it may. What is not known is a no.

    Of several addresses each has to be safe: nobody can tell which one she spoke of.
    """
    mails = [contact for contact in contacts if contact.get("method") == EMAIL]
    if not any(contact.get("value") for contact in mails):
        return MISSING
    allowed = {"safe", "appointments-only"} if about is About.APPOINTMENT else {"safe"}
    for contact in mails:
        if (safe := contact.get("safe")) not in allowed:
            return REASONS.get(str(safe), UNASKED)
    return None if MAILABLE.fullmatch(address(contacts)) else NO_ADDRESS


def address(contacts: Sequence[Mapping[str, Any]]) -> str:
    """The first e-mail address on file; empty without one."""
    return next((str(each["value"]) for each in contacts if each.get("method") == EMAIL and each.get("value")), "")
