"""What is still missing before a page may be left or a form handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intake.forms.conditions import Answer, Answers, entry_visible, given, walk
from intake.forms.model import Form, Kind, Need, Question
from intake.forms.problems import N_, Problem

SETTLED = frozenset({"declined", "in-person", "not-examined"})


def missing(form: Form, answers: Answers, questions: Iterable[Question] | None = None) -> tuple[Problem, ...]:
    """A problem for each required question that is shown and not settled; of the whole form by default."""
    shown, counted = walk(form, answers)
    asked = form.questions() if questions is None else questions
    return tuple(
        problem
        for question in asked
        if question.id in shown
        for problem in _question(question, question.id, answers.get(question.id), counted, form)
    )


def settled(answer: Answer | None) -> bool:
    """Whether the question was answered, declined, or left for the visit."""
    return answer is not None and ("value" in answer or answer.get("status") in SETTLED)


def _question(question: Question, name: str, answer: Answer | None, counted: Answers, form: Form) -> Iterator[Problem]:
    if question.kind is Kind.GROUP:
        yield from _group(question, answer, counted, form)
    elif question.need is not Need.OPTIONAL and not settled(answer):
        yield Problem(name, _ask(question))
    elif question.other and _blank_other(answer):
        yield Problem(f"{name}.other", N_("Please say in a few words what it is."))


def _ask(question: Question) -> str:
    if question.may_decline:
        return N_("Please choose an answer. \u201cPrefer not to say\u201d is fine too.")
    if question.kind in {Kind.YES_NO, Kind.CHOICE, Kind.CONSENT, Kind.CHOICES, Kind.SCALE}:
        return N_("Please choose an answer.")
    return N_("Please fill this in.")


def _blank_other(answer: Answer | None) -> bool:
    value = given(answer)
    chosen = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and item.get("other") == "" for item in chosen)


def _group(group: Question, answer: Answer | None, counted: Answers, form: Form) -> Iterator[Problem]:
    if answer is not None and "status" in answer and answer["status"] in SETTLED:
        return
    entries = given(answer) or []
    if len(entries) < group.minimum_entries:
        yield Problem(group.id, N_("Please fill in at least %(least)s."), {"least": group.minimum_entries})
    for index, entry in enumerate(entries):
        shown = entry_visible(group, entry, counted, form)
        for child in group.questions:
            if child.id in shown:
                yield from _question(child, f"{group.id}.{index}.{child.id}", entry.get(child.id), counted, form)
