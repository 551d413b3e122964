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
NOT_SAFE, UNKNOWN = "not-safe", "unknown"
NOTHING: Answers = {}
FREEDOM = {"not-safe": 0, "unknown": 0, "appointments-only": 1, "safe": 2}
FLAGS = {"safe": "safe", "appointments-only": "appointments-only", "not-safe": "not-safe", "not-used": "not-safe"}


def with_her_word(
    contacts: Sequence[Mapping[str, Any]], answers: Answers, earlier: Answers = NOTHING
) -> list[dict[str, Any]]:
    """The contacts, {"method", "value", "safe"}, with the flags she gave; a way she said nothing of stays as it was.

    Where she ticked how she may be reached, a way she left out is not to be used: its row is not even shown to her.
    What she had said in `earlier` answers to the same questions, and says no more, is not known any more.
    """
    return [{**contact, "safe": _flag(contact, answers, earlier)} for contact in contacts]


def _flag(contact: Mapping[str, Any], answers: Answers, earlier: Answers) -> str:
    method, known = contact["method"], str(contact["safe"])
    if (word := _word(method, answers)) is not None:
        return word
    has_ticked, is_said = value(answers, WAYS) is not None, method in _said(answers)
    is_taken_back = (not has_ticked and value(earlier, WAYS) is not None) or (not is_said and method in _said(earlier))
    return UNKNOWN if is_taken_back and known != NOT_SAFE else known


def _word(method: str, answers: Answers) -> str | None:
    """The flag that she gave a way to reach her; None where she said nothing of it."""
    ticked, said = value(answers, WAYS), FLAGS.get(_said(answers).get(method, ""))
    if said == NOT_SAFE or (ticked is not None and method not in ticked):
        return NOT_SAFE
    return said if ticked is not None else None


def looser(contacts: Sequence[Mapping[str, Any]], answers: Answers) -> dict[str, str]:
    """{method: what she said of it} of the contacts that would be used more freely than she said."""
    words = {contact["method"]: _word(contact["method"], answers) for contact in contacts if contact["value"]}
    return {
        contact["method"]: word
        for contact in contacts
        if (word := words.get(contact["method"])) is not None and FREEDOM[contact["safe"]] > FREEDOM[word]
    }


def _said(answers: Answers) -> Mapping[str, str]:
    return value(answers, QUESTION) or {}


def with_word_on_paper(
    contacts: Sequence[Mapping[str, Any]], answers: Answers, earlier: Answers = NOTHING
) -> list[dict[str, Any]]:
    """The same for a paper form, which may be older than what is on file: it forbids, and never allows again."""
    return [{**contact, "safe": _stricter(contact, _flag(contact, answers, earlier))} for contact in contacts]


def _stricter(contact: Mapping[str, Any], on_paper: str) -> str:
    on_file = str(contact["safe"])
    is_freer = on_file != UNKNOWN and FREEDOM[on_paper] > FREEDOM.get(on_file, 0)
    return on_file if is_freer else on_paper


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
