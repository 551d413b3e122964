"""What a patient says about ways to reach her, brought together with what the clinic wrote down. Her word stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    What she had said in `earlier` answers to the same questions, and says no more, is not known any more; what she only
    says as before frees nothing that another form of hers has forbidden since.
    """
    return [{**contact, "safe": _flag(contact, answers, earlier)} for contact in contacts]


def _flag(contact: Mapping[str, Any], answers: Answers, earlier: Answers) -> str:
    method, known = contact["method"], str(contact["safe"])
    if (word := _word(method, answers)) is not None:
        return word if word != _word(method, earlier) else min(known, word, key=FREEDOM.__getitem__)
    has_ticked, is_said = value(answers, WAYS) is not None, method in _said(answers)
    is_taken_back = (not has_ticked and value(earlier, WAYS) is not None) or (not is_said and method in _said(earlier))
    return UNKNOWN if is_taken_back and known != NOT_SAFE else known


def _word(method: str, answers: Answers) -> str | None:
    """The flag that she gave a way to reach her; None where she said nothing of it."""
    ticked, said = value(answers, WAYS), FLAGS.get(_said(answers).get(method, ""))
    if said == NOT_SAFE or (ticked is not None and method not in ticked):
        return NOT_SAFE
    return said if ticked is not None else None


def looser(contacts: Sequence[Mapping[str, Any]], *told: Answers) -> dict[str, str]:
    """{method: what she said of it} of the contacts that would be used more freely than she said.

    Where it is not known which of several words was her last, the strictest counts.
    """
    words = {contact["method"]: _strictest(contact["method"], told) for contact in contacts if contact["value"]}
    return {
        contact["method"]: word
        for contact in contacts
        if (word := words.get(contact["method"])) is not None and FREEDOM[contact["safe"]] > FREEDOM[word]
    }


def each_way(told: Iterable[Answers]) -> dict[str, Any]:
    """{way: what she said of it last}, of sets of answers from the oldest on.

    A list of ways that she has only begun to fill in again says nothing of the others: what she said of them holds.
    """
    found: dict[str, Any] = {}
    for answers in told:
        found |= _said(answers)
    return found


def _strictest(method: str, told: Sequence[Answers]) -> str | None:
    words = [word for answers in told if (word := _word(method, answers)) is not None]
    return min(words, key=FREEDOM.__getitem__, default=None)


def no_freer(contacts: Sequence[Mapping[str, Any]], *told: Answers) -> list[dict[str, Any]]:
    """The contacts, those that would be used more freely than she said with what she said of them."""
    found = looser(contacts, *told)
    return [{**contact, "safe": found.get(contact["method"], contact["safe"])} for contact in contacts]


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


def saved_by_hand(contacts: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The contacts as somebody saves them: `saved` counts how often, so that a later look knows they were settled."""
    times = {contact["method"]: contact.get("saved", 0) for contact in before}
    return [{**contact, "saved": times.get(contact["method"], 0) + 1} for contact in contacts]


def noted(
    known: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What a paper changed, {"method", "value", "before", "after", "saved"}, with what was `known`; to be taken back.

    `before` and `after` are the same contacts in the same order.
    """
    found = {(each["method"], each["value"]): dict(each) for each in known}
    for old, new in zip(before, after, strict=True):
        place, stood = (str(old["method"]), str(old["value"])), str(old["safe"])
        if old["safe"] != new["safe"]:
            own, saved = found.get(place, {}), old.get("saved", 0)
            first = own["before"] if (own.get("after"), own.get("saved")) == (stood, saved) else stood
            known_now = {"before": first, "after": str(new["safe"]), "saved": saved}
            found[place] = {"method": place[0], "value": place[1], **known_now}
    return list(found.values())


def taken_back(
    contacts: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]], others: Answers
) -> list[dict[str, Any]]:
    """The contacts as they stood before a paper changed them (noted), no freer than she says in `others`, her newest.

    What somebody changed since stays, and so does what somebody saved as it was.
    """
    stood = {(each["method"], each["value"], each["after"], each["saved"]): each["before"] for each in known}
    found = []
    for contact in contacts:
        before = stood.get((contact["method"], contact["value"], contact["safe"], contact.get("saved", 0)))
        again = {**contact, "safe": before}
        found.append(dict(contact) if before is None else {**again, "safe": _stricter(again, _flag(again, others, {}))})
    return found


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
