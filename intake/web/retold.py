"""A page that was kept, in words: whom it is about, and what was typed or chosen, never an id or a code."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from intake.clinical.emergency import OUTCOMES, REASONS
from intake.clinical.handwritten import SIGNED, WRITERS
from intake.clinical.kinds import AT_VISITS, CONTACT
from intake.forms import reader
from intake.forms.bodymap import regions
from intake.forms.entry import DECLINED, IN_PERSON, OTHER
from intake.forms.model import Kind, Question
from intake.forms.words import ONE_TAP_WORDS, REASON_WORDS, STATUS_WORDS
from intake.security.policy import Permission
from intake.store import patients, people
from intake.store.patients import Patient
from intake.store.people import User
from intake.web import actor
from intake.web.clinic.inputs import METHODS, SAFE, VISIT_KINDS
from intake.web.database import session
from intake.web.filters import moment
from intake.web.inputs import PAPERS, ROLES
from intake.web.keeping import Sent
from intake.web.say import translated
from intake.web.unreadable import listed

MACHINERY = frozenset({"version", "_version", "_part", "draft"})  # says what a page had read; nobody typed it
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LABELS = {
    "source": _l("Who wrote on the paper"),
    "filled_on": _l("Filled in on"),
    "in_hand": _l("The paper is in front of me"),
    "looked": _l("Looked at every sheet"),
    "signed": _l("Is the paper signed?"),
    "signer": _l("The name under the agreements"),
    "signed_on": _l("Signed on"),
    "member": _l("Who joins"),
    "therapist": _l("With"),
    "location": _l("Where"),
    "patient": _l("Whose chart"),
    "at": _l("When it took place"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "roles": dict(ROLES),
    "kind": dict(VISIT_KINDS),
    "paper": dict(PAPERS),
    "reason": dict(REASONS),
    "outcome": dict(OUTCOMES),
    "source": dict(WRITERS),
    "signed": dict(SIGNED),
    **{f"{method}_safe": dict(SAFE) for method in METHODS},
}
WRITTEN = frozenset({Kind.TEXT, Kind.STRING, Kind.NUMBER, Kind.DATE})
WAYS: Mapping[str, str] = {
    "declined": STATUS_WORDS["declined"],
    "in-person": STATUS_WORDS["in-person"],
    "not-examined": STATUS_WORDS["not-examined"],
    DECLINED: STATUS_WORDS["declined"],
    IN_PERSON: STATUS_WORDS["in-person"],
}


def where(page: Sent) -> str:
    """The address it goes to, without the ids that say nothing to anybody."""
    return ID.sub("…", page.path)


def about(page: Sent) -> list[str]:
    """The records its address names, as far as whoever reads it may open them for that."""
    try:
        endpoint, values = current_app.url_map.bind("").match(page.path.partition("?")[0], method="POST")
    except HTTPException:
        return []
    view: Any = current_app.view_functions[str(endpoint)]
    keys = {name: values.get(f"{name}_id") for name in view.loaders}
    within = actor.within(view.permission)
    found = [view.loaders[name](session, key, within) for name, key in keys.items() if key is not None]
    return [_named(record) if record is not None else _("not found, or not yours to open") for record in found]


def _named(record: Any) -> str:
    visit = getattr(record, "visit", record)
    patient = record if isinstance(record, Patient) else getattr(record, "patient", getattr(visit, "patient", None))
    user = record if isinstance(record, User) else getattr(record, "user", None)
    starts_at = getattr(visit, "starts_at", None)
    own = getattr(record, "name", "") if patient is None and user is None else ""
    parts = [own, user.name if user else "", listed(patient) if patient else "", moment(starts_at)]
    return ", ".join(part for part in parts if part)


def rows(page: Sent) -> list[tuple[str, str]]:
    """What was typed or chosen, under the words of its question; empty answers are left out."""
    return [(label, value) for name, text in page.fields if name not in MACHINERY for label, value in _row(name, text)]


def _row(name: str, text: str) -> Iterator[tuple[str, str]]:
    root, *rest = name.split(".")
    question = _question(root)
    if question is None:
        yield str(LABELS.get(name, name.strip("_").replace("_", " "))), _chosen(name, text)
    elif text and rest != ["count"]:
        label, words = _answer(question, rest, text)
        yield label, words


def _question(name: str) -> Question | None:
    forms = (reader.latest(form) for form in (*AT_VISITS, CONTACT, "late-entry", "care-plan", "intake", "check-in"))
    return next((form.by_id[name] for form in forms if name in form.by_id), None)


def _answer(question: Question, rest: Sequence[str], text: str) -> tuple[str, str]:
    """The question and the answer of a field such as "ob_births.0.birth_mode"."""
    children = {child.id: child for child in (*question.questions, *question.columns)}
    for place, part in enumerate(rest):
        if part in children:
            return _answer(children[part], rest[place + 1 :], text)
    rows_of = {row.code: row.text for row in question.rows}
    regions_of = {each.code: each.text for each in regions(question.map)} if question.kind is Kind.MAP else {}
    part = next((translated({**rows_of, **regions_of}[part]) for part in rest if part in {**rows_of, **regions_of}), "")
    label = translated(question.text)
    return f"{label} {part}".strip(), _said(question, regions_of, rest, text)


def _said(question: Question, regions_of: Mapping[str, str], rest: Sequence[str], text: str) -> str:
    if text == OTHER:
        return str(_("Something else"))
    if rest[-1:] == ["status"] and text == "clear":
        return str(_("Clear my answer"))
    known = {option.code: option.text for option in question.options}
    if question.kind not in WRITTEN:
        known |= {**ONE_TAP_WORDS, **regions_of}
    if text.startswith("~") or rest[-1:] == ["status"]:
        known |= WAYS
    if rest[-1:] == ["unit"]:
        known |= {unit.code: unit.text for unit in question.units}
    if rest[-1:] == ["reason"]:
        known |= REASON_WORDS
    return translated(known[text]) if text in known else text


def _chosen(name: str, text: str) -> str:
    """A value of one of the small forms: the person, place or patient of an id, the words of a code."""
    key, _colon, role = text.partition(":")
    if ID.fullmatch(key):
        who = _whose(uuid.UUID(key)) or _("not found, or not yours to open")
        return f"{who} ({dict(ROLES)[role]})" if role in dict(ROLES) else who
    words = CHOICES.get(name, {}).get(text)
    return translated(str(words)) if words else text


def _whose(key: uuid.UUID) -> str:
    named = {user.id: user.name for user in people.staff(session)}
    named |= {place.id: place.name for place in people.locations(session)}
    return named.get(key, "") or _patient(key)


def _patient(key: uuid.UUID) -> str:
    found = patients.get(session, key, actor.within(Permission.SEE_PATIENT))
    return listed(found) if found else ""
