"""Consent to examinations: one record for each type, each with its own decision and times.

A yes to one examination opens nothing of another. What was found before consent was withdrawn stays in the record and
is marked as made until then: taking it out would hide what was done. Without a yes there are no findings at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.forms.conditions import Answers, given
from intake.forms.model import Form, Section
from intake.forms.problems import N_

EXTERNAL = "external"
INTERNAL = frozenset({"vaginal", "rectal", "both", "instrumented"})
REFUSED = frozenset({"no", "not-today"})
AGREED = frozenset({"yes", "withdrawn"})
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)

NO_DECISION = N_("Record the patient's decision about the internal examination.")
UNDECIDED = N_("Record the patient's decision about this examination.")
NOT_OFFERED = N_("A chaperone is always offered for an internal examination.")
NO_OUTCOME = N_("Record what the patient said to the offer of a chaperone.")
NO_CHAPERONE_NAME = N_("Name the chaperone who was present.")
UNAVAILABLE = N_("No chaperone was available: defer the examination and record \u201cnot today\u201d.")
NOT_EXPLAINED = N_("Consent needs purpose, steps, alternatives, risks and benefits explained.")
NO_TIME = N_("Record when consent was given.")
NO_FORM = N_("Record whether consent was verbal or written.")
BAD_TIME = N_("Write the time on a 24-hour clock, as HH:MM.")
TOO_EARLY = N_("The examination began before consent was given.")
NO_END = N_("Record when consent was withdrawn: what was found before stays.")
ENDED_EARLY = N_("Consent was withdrawn before it was given, or before the examination began.")
NO_ALTERNATIVE = N_("Record which alternative was offered in place of the examination.")
LOCKED = N_("A finding is recorded here, but the patient's consent to this examination is not.")
ANSWERED = {
    "co_interpreter": N_("Record whether an interpreter was used."),
    "co_stop_signal": N_("Record the stop word or gesture that was agreed."),
}
AFFIRMED = {
    "co_capacity": N_("Without capacity to decide there is no consent to an internal examination."),
    "co_latex_checked": N_("Record that latex and lubricant allergies were checked before contact."),
}
PARTS = ("decision", "time", "start", "form", "withdrawn")
Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Consent:
    """The questions of one consent; empty names where the form asks no such thing. `types` are what it is about."""

    types: frozenset[str]
    decision: str
    time: str = ""
    start: str = ""
    form: str = ""
    withdrawn: str = ""

    @property
    def is_internal(self) -> bool:
        """Whether it needs the whole block: explanation, chaperone, stop signal, allergies."""
        return self.types != {EXTERNAL}


def _own(kind: str) -> Consent:
    return Consent(frozenset({kind}), *(f"co_{kind}_{part}" for part in PARTS))


EACH = tuple(_own(kind) for kind in (EXTERNAL, "vaginal", "rectal", "instrumented"))
TOGETHER = (
    Consent(frozenset({EXTERNAL}), "co_external_decision"),
    Consent(INTERNAL, "consent_decision", "consent_time", "co_exam_start", "co_form"),
)


def consents(form: Form) -> tuple[Consent, ...]:
    """The consents of a form: one for each type, or, as the first version had it, one for all that is internal."""
    asked = TOGETHER if "consent_decision" in form.by_id else EACH
    return tuple(each for each in asked if each.decision in form.by_id)


def consent_of(form: Form, section: Section) -> Consent | None:
    """The consent that opens a section of findings."""
    looked_at = {condition.question for condition in section.when.conditions}
    return next((each for each in consents(form) if each.decision in looked_at), None)


def withdrawn(answers: Answers) -> Mapping[str, str]:
    """{question of the decision: time, or nothing} of the consents that were withdrawn during the examination."""
    return {
        each.decision: str(given(answers.get(each.withdrawn)) or "")
        for each in (*TOGETHER, *EACH)
        if given(answers.get(each.decision)) == "withdrawn"
    }


def reasons(form: Form, shown: Answers) -> Found:
    """(question, text) for what a proposed examination lacks. `shown` are the answers to questions that are asked."""
    proposed = frozenset(given(shown.get("co_exam_type")) or ())
    about = [each for each in consents(form) if each.types & proposed]
    decided = {each: given(shown.get(each.decision)) for each in about}
    internal = [decision for each, decision in decided.items() if each.is_internal]
    for each, decision in decided.items():
        if decision is None:
            yield each.decision, NO_DECISION if each.types == INTERNAL else UNDECIDED
        if decision in AGREED:
            yield from _record(each, shown, ended=decision == "withdrawn")
    if any(decision not in REFUSED for decision in internal):
        yield from _chaperone(shown, went_ahead=not AGREED.isdisjoint(internal))
    if AGREED.intersection(internal):
        yield from _particulars(form, shown)
    if EACH[0].time in form.by_id and not {None, "yes"}.issuperset(internal) and not given(shown.get("co_alternative")):
        yield "co_alternative", NO_ALTERNATIVE


def _record(consent: Consent, shown: Answers, *, ended: bool) -> Found:
    """When, how and until when one examination was agreed to."""
    needed = {consent.time: NO_TIME, consent.form: NO_FORM} | ({consent.withdrawn: NO_END} if ended else {})
    yield from ((name, text) for name, text in needed.items() if name and given(shown.get(name)) is None)
    names = [name for name in (consent.time, consent.start, consent.withdrawn) if name]
    times = {name: time for name in names if (time := given(shown.get(name))) is not None}
    wrong = [name for name, time in times.items() if not CLOCK.fullmatch(time)]
    yield from ((name, BAD_TIME) for name in wrong)
    if wrong:
        return
    agreed, began, end = (times.get(name) for name in (consent.time, consent.start, consent.withdrawn))
    if agreed and began and began < agreed:
        yield consent.start, TOO_EARLY
    if ended and end and any(before and end < before for before in (agreed, began)):
        yield consent.withdrawn, ENDED_EARLY


def _chaperone(shown: Answers, *, went_ahead: bool) -> Found:
    if given(shown.get("chaperone_offered")) != "yes":
        yield "chaperone_offered", NOT_OFFERED
        return
    outcome = given(shown.get("chaperone_outcome"))
    if outcome is None:
        yield "chaperone_outcome", NO_OUTCOME
    if outcome == "accepted" and not given(shown.get("chaperone_name")):
        yield "chaperone_name", NO_CHAPERONE_NAME
    if outcome == "unavailable" and went_ahead:
        yield "chaperone_outcome", UNAVAILABLE


def _particulars(form: Form, shown: Answers) -> Found:
    if not form.by_id["co_explained"].codes <= set(given(shown.get("co_explained")) or ()):
        yield "co_explained", NOT_EXPLAINED
    yield from ((name, text) for name, text in ANSWERED.items() if given(shown.get(name)) is None)
    yield from ((name, text) for name, text in AFFIRMED.items() if given(shown.get(name)) != "yes")


def locked(form: Form, answers: Answers, asked: frozenset[str]) -> Found:
    """Findings on a page that consent has not opened: never signed, never dropped in silence."""
    for section in form.sections:
        if consent_of(form, section) is None:
            continue
        for page in section.pages:
            if any(question.id in asked for question in page.questions):
                continue
            yield from ((q.id, LOCKED) for q in page.questions if given(answers.get(q.id)) is not None)
