"""The patient's own words, carried into a note as quotations: marked as hers, never as the therapist's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from intake.forms.conditions import Answer, Answers, visible_answers
from intake.forms.model import Form, Kind, Question, Tier
from intake.forms.recall import Before, Said
from intake.forms.words import day, entry, say

SAID = "said"  # in place of a form, where words stand from several
OWN_WORDS = frozenset({Kind.STRING, Kind.TEXT})


def patient_said(question: Question, intake: Form, answers: Answers) -> str:
    """The lines a note's question starts with, one a quoted answer, in the order it names them.

    Nothing of a higher tier than the question's own: a quotation never carries an answer to more people.
    """
    return "\n".join(_all_lines(question, intake, answers))


def stood(question: Question, before: Before, zone: tzinfo) -> str:
    """The same of what stands from earlier visits, each line with the day on which it was said."""
    return "\n".join(
        f"({day(said.said_at.astimezone(zone).date().isoformat())}) {line}"
        for said, line in _standing(question, before)
    )


def _standing(question: Question, before: Before) -> Iterator[tuple[Said, str]]:
    for name in question.quotes:
        said = before.get(name)
        if said is not None and said.tier.rank <= question.tier.rank:
            yield from ((said, line) for line in _lines(said.question, said.answer, question.tier))


def stands(question: Question, before: Before, text: str) -> frozenset[str]:
    """Those of the lines that stand from earlier visits which a text holds, without their days."""
    held = _plain(text)
    return frozenset(line for line in (_plain(line) for _said, line in _standing(question, before)) if line in held)


def quoted(question: Question, intake: Form, answers: Answers, text: str) -> frozenset[str]:
    """Those of the lines that a text still holds, however it is broken into lines."""
    held = _plain(text)
    return frozenset(line for line in map(_plain, _all_lines(question, intake, answers)) if line in held)


def offered(question: Question, intake: Form, answers: Answers, text: str) -> tuple[str, ...]:
    """The lines that a text does not hold yet, to be offered beside its field."""
    held = _plain(text)
    return tuple(line for line in _all_lines(question, intake, answers) if _plain(line) not in held)


def offered_again(question: Question, before: Before, text: str) -> tuple[tuple[str, Said], ...]:
    """The lines that stand from earlier visits and that a text does not hold, each with what was said."""
    held = _plain(text)
    return tuple((line, said) for said, line in _standing(question, before) if _plain(line) not in held)


def attributed(line: str, source: str, on: str) -> str:
    """A line with where it was said and when: `Patient: "…", intake of September 3, 2026`."""
    where = "said on" if source == SAID else f"{source.replace('-', ' ')} of"
    return f"{line}, {where} {day(on)}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _all_lines(question: Question, intake: Form, answers: Answers) -> Iterator[str]:
    shown = visible_answers(intake, answers)
    for name in question.quotes:
        if name in shown and intake.by_id[name].tier.rank <= question.tier.rank:
            yield from _lines(intake.by_id[name], shown[name], question.tier)


def _lines(asked: Question, answer: Answer, ceiling: Tier) -> Iterator[str]:
    if "value" not in answer:
        return
    if asked.kind is Kind.GROUP:
        above = {child.id for child in asked.questions if child.tier.rank > ceiling.rank}
        for item in answer["value"]:
            below = {name: said for name, said in item.items() if name not in above}
            yield f"{asked.text} \u201c{entry(asked, below)}\u201d"
    elif asked.kind in OWN_WORDS:
        yield f"Patient: \u201c{answer['value']}\u201d"
    elif none := _denied(asked, answer["value"]):
        yield f"{asked.text} \u201c{say(asked, answer)}\u201d (asked: {none})"
    else:
        yield f"{asked.text} \u201c{say(asked, answer)}\u201d"


def _denied(asked: Question, said: object) -> str:
    """What "none of these" denied, so that the record says it; empty when something was ticked."""
    alone = {option.code for option in asked.options if option.exclusive}
    if asked.kind is not Kind.CHOICES or not isinstance(said, list) or not set(map(str, said)) <= alone:
        return ""
    return "; ".join(option.text for option in asked.options if not option.exclusive)


def prefill(form: Form, intake: Form | None, answers: Answers) -> dict[str, dict[str, Any]]:
    """{section: {question: answer}} for every question of a note that starts with quotations."""
    if intake is None:
        return {}
    return {
        section.id: {
            question.id: {"value": words[: question.max_length]}
            for question in section.questions()
            if question.prefill == "quotes" and (words := patient_said(question, intake, answers))
        }
        for section in form.sections
    }


def prefill_again(form: Form, before: Before, zone: tzinfo) -> dict[str, dict[str, Any]]:
    """The same of what stands from earlier visits, where this one asks for no intake."""
    return {
        section.id: {
            question.id: {"value": words[: question.max_length]}
            for question in section.questions()
            if question.prefill == "quotes" and (words := stood(question, before, zone))
        }
        for section in form.sections
    }


def told_in_person(intake: Form, answers: Answers) -> tuple[str, ...]:
    """The questions the patient would rather answer in person, as cues for the visit."""
    shown = visible_answers(intake, answers)
    return tuple(name for name, answer in shown.items() if "in-person" in (answer.get("status"), answer.get("value")))
