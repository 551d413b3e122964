"""Why an evaluation note cannot be signed yet. No reasons: it can.

A note without an internal examination is complete. Refused, whatever a page showed, are findings without
consent, consent without its particulars, numbers that cannot be true, and goals nobody can check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.clinical import carrying, examconsents, examination, goals, late, perfect, phrases, popq
from intake.clinical.coding.diagnoses import Remark
from intake.clinical.kinds import EVALUATION
from intake.clinical.values import number
from intake.forms.conditions import Answer, given, visible, visible_answers
from intake.forms.entry import REASONS
from intake.forms.model import Form, Question
from intake.forms.needs import missing
from intake.forms.problems import N_

NO_REASON = N_("\u201cNot examined\u201d needs its reason: declined, deferred, not indicated or unable.")
NO_GOAL = N_("Agree on at least one goal.")
NO_WORDS = N_("Write the goal in words.")
NO_NUMBER = N_("This goal needs a number to reach.")
NO_MINUTES = N_("Record the whole treatment time; 0 when nothing was treated.")
NO_DATE = N_("This goal needs a date.")
PAST_DUE = N_("This goal is new, and the day by which it is to be reached is past. Give a day to come.")
ENDS_BEFORE = N_("The last day is before the first one. Please check both.")
TOO_MANY_DAYS = N_("These are more treatment days than there are days in between. Please check all three.")
NOT_REVIEWED = N_("This was taken over from an earlier note. Change it, or say that it is still right.")
MEASURED_OTHERWISE = N_(
    "This was taken over from an earlier note, and was measured otherwise than this page says. Measure again and press "
    "\u201cMeasured today\u201d beside it, or say how it was measured then."
)
NOT_FILLED = N_("A field of a phrase is not filled in yet: %(fields)s.")


# What notes report on: the questions for the first day, the last one, and how many treatment days it had.
PERIODS = (("pg_from", "pg_to", "pg_days"), ("dc_first", "dc_last", "dc_days"))


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause: its field ("goal.1.goal_due" in a group), its section, an English text and its parts."""

    question: str
    section: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Note:
    """One note: all that counts as an answer, the questions that are asked, the answers to those, and its day."""

    form: Form
    answers: Mapping[str, Answer]
    asked: frozenset[str]
    shown: Mapping[str, Answer]
    on: date | None = None

    def value(self, question: str) -> Any:
        return given(self.shown.get(question))


Found = Iterator[tuple[str, str]]


def reasons_not_to_sign(
    form: Form, answers: Mapping[str, Answer], remarks: Iterable[Remark] = (), *, on: date | None = None
) -> tuple[Reason, ...]:
    """Every reason, at most one a field, in the order of the form. `answers` maps question ids to answers.

    `remarks` are what the lists of codes say of them; those that stop signing are reasons. `on` is the day of service.
    """
    usable = {name: answer for name, answer in answers.items() if _usable(form.by_id.get(name), answer)}
    note = _Note(form, usable, visible(form, usable), visible_answers(form, usable), on)
    found: dict[str, Reason] = {}
    for rule in RULES:
        for name, text in rule(note):
            found.setdefault(name, _reason(form, name, text))
    for name, fields in phrases.open_fields(form, note.shown).items():
        found.setdefault(name, _reason(form, name, NOT_FILLED, {"fields": ", ".join(fields)}))
    for name, text, values in examination.problems(form, note.shown):
        found.setdefault(name, _reason(form, name, text, values))
    for remark in remarks:
        if remark.stops and _root(remark.field) in note.asked:
            found.setdefault(remark.field, _reason(form, remark.field, remark.text, remark.values))
    for problem in missing(form, usable):
        found.setdefault(problem.field, _reason(form, problem.field, problem.text, problem.values))
    order = list(form.by_id)
    return tuple(sorted(found.values(), key=lambda reason: order.index(_root(reason.question))))


def contradictions(form: Form, answers: Mapping[str, Answer], *, on: date | None = None) -> dict[str, Reason]:
    """{question: reason} for findings and days that cannot be true, to be told while the note is still written."""
    usable = {name: answer for name, answer in answers.items() if _usable(form.by_id.get(name), answer)}
    note = _Note(form, usable, visible(form, usable), visible_answers(form, usable), on)
    found: dict[str, Reason] = {}
    for rule in (_popq, _perfect, _periods, _past_goals, _measured_otherwise):
        for name, text in rule(note):
            found.setdefault(_root(name), _reason(form, name, text))
    for name, text, values in examination.impossible(form, note.shown):
        found.setdefault(_root(name), _reason(form, name, text, values))
    return found


def _root(name: str) -> str:
    return name.partition(".")[0]


def _reason(form: Form, name: str, text: str, values: Mapping[str, object] | None = None) -> Reason:
    return Reason(name, form.section_of[_root(name)].id, text, values or {})


def _usable(question: Question | None, answer: Answer) -> bool:
    """Blank values, and states the question does not offer, are no answers."""
    if question is None:
        return False
    if "value" in answer:
        value = answer["value"]
        return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})
    offered = {"declined": question.may_decline, "in-person": question.may_tell_in_person}
    return offered.get(answer.get("status", ""), question.examined)


def _consent(note: _Note) -> Found:
    """An examination that was proposed has a decision; one that went ahead has its whole record."""
    return examconsents.reasons(note.form, note.shown)


def _locked(note: _Note) -> Found:
    """Findings that consent has not opened."""
    return examconsents.locked(note.form, note.answers, note.asked)


def _popq(note: _Note) -> Found:
    """A D that the absent cervix hides still contradicts it, so hidden points count once the page is open."""
    if "popq_c" not in note.asked:
        return
    points = {name: number(note.answers, f"popq_{name.lower()}") for name in popq.NAMES}
    cervix = {"yes": True, "no": False}.get(note.value("popq_cervix"))
    for problem in popq.problems(points, cervix=cervix):
        yield f"popq_{problem.point.lower()}", problem.text


def _perfect(note: _Note) -> Found:
    p, e, r, f = (number(note.shown, f"perfect_{part}") for part in "perf")
    for problem in perfect.problems(p=p, e=e, r=r, f=f, lift=note.value("in_lift") == "lift"):
        yield "in_lift" if problem.part == "lift" else f"perfect_{problem.part}", problem.text


def _goals(note: _Note) -> Found:
    """Each goal can be checked: a number to reach, by a date. One goal at least, of whatever kind."""
    if "goal" not in note.asked:
        return
    agreed = any(note.value(group) for group in goals.NAMES)
    if not agreed and "im_impression" in note.asked:  # an evaluation; later the goals may all be met
        yield "goal", NO_GOAL
    for group, prefix in goals.NAMES.items():
        for index, entry in enumerate(note.value(group) or []):
            place = f"{group}.{index}.{prefix}"
            if not given(entry.get(f"{prefix}text")):
                yield f"{place}text", NO_WORDS
            if not re.search(r"\d", given(entry.get(f"{prefix}target")) or ""):
                yield f"{place}target", NO_NUMBER
            if not given(entry.get(f"{prefix}due")):
                yield f"{place}due", NO_DATE


def _past_goals(note: _Note) -> Found:
    """A new goal lies ahead. One that was carried on may be overdue; an evaluation sets all of its goals anew."""
    if note.on is None:
        return
    usual = goals.NEW if late.kind_of(note.form.id) == EVALUATION else ""
    for group, prefix in goals.NAMES.items():
        for index, entry in enumerate(note.value(group) or []):
            is_new = (given(entry.get(f"{prefix}status")) or usual) == goals.NEW
            if is_new and (given(entry.get(f"{prefix}due")) or "9") < note.on.isoformat():
                yield f"{group}.{index}.{prefix}due", PAST_DUE


def _periods(note: _Note) -> Found:
    """What a note reports on ends on or after the day it begins, and has no more treatment days than days."""
    for first, last, often in PERIODS:
        begins, ends, days = note.value(first), note.value(last), number(note.shown, often)
        if begins and ends and begins > ends:
            yield last, ENDS_BEFORE
        elif begins and ends and (days or 0) > (date.fromisoformat(ends) - date.fromisoformat(begins)).days + 1:
            yield often, TOO_MANY_DAYS


def _treated(note: _Note) -> Found:
    """A treatment day says how long it was; nought where nothing was treated."""
    if {"dn_done", "pr_total"} <= note.asked and note.value("pr_total") is None:
        yield "pr_total", NO_MINUTES


def _not_examined(note: _Note) -> Found:
    for name, answer in note.shown.items():
        if answer.get("status") == "not-examined" and answer.get("reason") not in REASONS:
            yield name, NO_REASON


def _not_reviewed(note: _Note) -> Found:
    """What was taken over from an earlier note counts as today's only after its author has looked at it."""
    yield from ((name, NOT_REVIEWED) for name in carrying.unreviewed(note.shown))


def _measured_otherwise(note: _Note) -> Found:
    """A number does not stand under a position or method it was not made with."""
    yield from ((name, MEASURED_OTHERWISE) for name in carrying.measured_otherwise(note.shown))


RULES = (
    *(_consent, _locked, _popq, _perfect, _goals, _past_goals, _periods, _treated, _not_examined),
    *(_measured_otherwise, _not_reviewed),
)
