"""Why an evaluation note cannot be signed yet. No reasons: it can.

A note without an internal examination is complete. Refused, whatever a page showed, are findings without
consent, consent without its particulars, numbers that cannot be true, and goals nobody can check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.clinical import carrying, perfect, phrases, popq
from intake.clinical.values import number
from intake.forms.conditions import Answer, given, visible, visible_answers
from intake.forms.entry import REASONS
from intake.forms.model import Form, Question, Section
from intake.forms.needs import missing
from intake.forms.problems import N_

INTERNAL = frozenset({"vaginal", "rectal", "both", "instrumented"})
REFUSED = frozenset({"no", "not-today"})
CONSENTS = frozenset({"consent_decision", "co_external_decision"})
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)

NO_DECISION = N_("Record the patient's decision about the internal examination.")
NOT_OFFERED = N_("A chaperone is always offered for an internal examination.")
NO_OUTCOME = N_("Record what the patient said to the offer of a chaperone.")
NO_CHAPERONE_NAME = N_("Name the chaperone who was present.")
UNAVAILABLE = N_("No chaperone was available: defer the examination and record \u201cnot today\u201d.")
NOT_EXPLAINED = N_("Consent needs purpose, steps, alternatives, risks and benefits explained.")
BAD_TIME = N_("Write the time on a 24-hour clock, as HH:MM.")
TOO_EARLY = N_("The examination began before consent was given.")
LOCKED = N_("A finding is recorded here, but the patient's consent to this examination is not.")
NO_REASON = N_("\u201cNot examined\u201d needs its reason: declined, deferred, not indicated or unable.")
NO_GOAL = N_("Agree on at least one goal.")
NO_NUMBER = N_("This goal needs a number to reach.")
NO_DATE = N_("This goal needs a date.")
NOT_REVIEWED = N_("This was taken over from an earlier note. Change it, or say that it is still right.")
NOT_FILLED = N_("A field of a phrase is not filled in yet: %(fields)s.")
ANSWERED = {
    "co_interpreter": N_("Record whether an interpreter was used."),
    "co_stop_signal": N_("Record the stop word or gesture that was agreed."),
    "consent_time": N_("Record when consent was given."),
    "co_form": N_("Record whether consent was verbal or written."),
}
AFFIRMED = {
    "co_capacity": N_("Without capacity to decide there is no consent to an internal examination."),
    "co_latex_checked": N_("Record that latex and lubricant allergies were checked before contact."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause: its field ("goal.1.goal_due" in a group), its section, an English text and its parts."""

    question: str
    section: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Note:
    """One note: all that counts as an answer, the questions that are asked, and the answers to those."""

    form: Form
    answers: Mapping[str, Answer]
    asked: frozenset[str]
    shown: Mapping[str, Answer]

    def value(self, question: str) -> Any:
        return given(self.shown.get(question))


Found = Iterator[tuple[str, str]]


def reasons_not_to_sign(form: Form, answers: Mapping[str, Answer]) -> tuple[Reason, ...]:
    """Every reason, at most one a field, in the order of the form. `answers` maps question ids to answers."""
    usable = {name: answer for name, answer in answers.items() if _usable(form.by_id.get(name), answer)}
    note = _Note(form, usable, visible(form, usable), visible_answers(form, usable))
    found: dict[str, Reason] = {}
    for rule in RULES:
        for name, text in rule(note):
            found.setdefault(name, _reason(form, name, text))
    for name, fields in phrases.open_fields(form, note.shown).items():
        found.setdefault(name, _reason(form, name, NOT_FILLED, {"fields": ", ".join(fields)}))
    for problem in missing(form, usable):
        found.setdefault(problem.field, _reason(form, problem.field, problem.text, problem.values))
    order = list(form.by_id)
    return tuple(sorted(found.values(), key=lambda reason: order.index(_root(reason.question))))


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
    """An internal examination that was proposed has a decision; one that went ahead has the whole block."""
    if INTERNAL.isdisjoint(note.value("co_exam_type") or ()):
        return
    decision = note.value("consent_decision")
    if decision is None:
        yield "consent_decision", NO_DECISION
    if decision not in REFUSED:
        yield from _chaperone(note)
    if decision in {"yes", "withdrawn"}:
        yield from _particulars(note)
        yield from _times(note)


def _chaperone(note: _Note) -> Found:
    if note.value("chaperone_offered") != "yes":
        yield "chaperone_offered", NOT_OFFERED
        return
    outcome = note.value("chaperone_outcome")
    if outcome is None:
        yield "chaperone_outcome", NO_OUTCOME
    if outcome == "accepted" and not note.value("chaperone_name"):
        yield "chaperone_name", NO_CHAPERONE_NAME
    if outcome == "unavailable" and note.value("consent_decision") == "yes":
        yield "chaperone_outcome", UNAVAILABLE


def _particulars(note: _Note) -> Found:
    if not note.form.by_id["co_explained"].codes <= set(note.value("co_explained") or ()):
        yield "co_explained", NOT_EXPLAINED
    yield from ((name, text) for name, text in ANSWERED.items() if note.value(name) is None)
    yield from ((name, text) for name, text in AFFIRMED.items() if note.value(name) != "yes")


def _times(note: _Note) -> Found:
    times = {name: note.value(name) for name in ("consent_time", "co_exam_start")}
    wrong = [name for name, time in times.items() if time is not None and not CLOCK.fullmatch(time)]
    yield from ((name, BAD_TIME) for name in wrong)
    agreed, began = times.values()
    if not wrong and agreed and began and began < agreed:
        yield "co_exam_start", TOO_EARLY


def _locked(note: _Note) -> Found:
    """Findings on a page that consent has not opened: never signed, never dropped in silence."""
    for section in filter(_needs_consent, note.form.sections):
        for page in section.pages:
            if any(question.id in note.asked for question in page.questions):
                continue
            yield from ((q.id, LOCKED) for q in page.questions if given(note.answers.get(q.id)) is not None)


def _needs_consent(section: Section) -> bool:
    return any(condition.question in CONSENTS for condition in section.when.conditions)


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
    """Each goal can be checked: a number to reach, by a date."""
    if "goal" not in note.asked:
        return
    entries = note.value("goal") or []
    if not entries:
        yield "goal", NO_GOAL
    for index, entry in enumerate(entries):
        if not re.search(r"\d", given(entry.get("goal_target")) or ""):
            yield f"goal.{index}.goal_target", NO_NUMBER
        if not given(entry.get("goal_due")):
            yield f"goal.{index}.goal_due", NO_DATE


def _not_examined(note: _Note) -> Found:
    for name, answer in note.shown.items():
        if answer.get("status") == "not-examined" and answer.get("reason") not in REASONS:
            yield name, NO_REASON


def _not_reviewed(note: _Note) -> Found:
    """What was taken over from an earlier note counts as today's only after its author has looked at it."""
    yield from ((name, NOT_REVIEWED) for name in carrying.unreviewed(note.shown))


RULES = (_consent, _locked, _popq, _perfect, _goals, _not_examined, _not_reviewed)
