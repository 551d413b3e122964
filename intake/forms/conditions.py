"""Which questions a person sees, given the answers so far.

The semantics are FHIR R4 enableWhen: a question that is hidden, skipped, declined or kept for the visit has no
answer, and nothing but `answered = false` holds of it. Hiding cascades, because a hidden answer does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.forms.model import Condition, Form, Kind, Operator, Page, Question, Section, When

Answer = Mapping[str, Any]
Answers = Mapping[str, Answer]


def given(answer: Answer | None) -> Any:
    """The value of a given answer, or None for any other state."""
    return None if answer is None else answer.get("value")


def holds(when: When, answers: Answers, questions: Mapping[str, Question]) -> bool:
    """Whether the conditions hold of these answers (visible ones only)."""
    if not when.conditions:
        return True
    results = (
        _in_group(condition, answers)
        if "." in condition.question
        else _matches(condition, answers.get(condition.question), questions)
        for condition in when.conditions
    )
    return any(results) if when.any_of else all(results)


def _in_group(condition: Condition, answers: Answers) -> bool:
    """A condition on a child of a group, "ob_births.birth_outcome": of any entry, and for != of every entry."""
    group, _dot, child = condition.question.partition(".")
    said = [given(entry.get(child)) for entry in given(answers.get(group)) or ()]
    if condition.operator is Operator.NOT_EQUAL:
        return condition.answer not in said
    return condition.answer in said


def _matches(condition: Condition, answer: Answer | None, questions: Mapping[str, Question]) -> bool:
    value = given(answer)
    if condition.operator is Operator.ANSWERED:
        return (value is not None) == bool(condition.answer)
    if value is None:
        return False
    question = questions.get(condition.question)
    if condition.operator is Operator.CONTAINS:
        return condition.answer in value
    return _compares(condition.operator, *_comparable(value, condition.answer, question))


def _comparable(value: Any, wanted: Any, question: Question | None) -> tuple[Any, Any]:
    if question is not None and question.kind is Kind.NUMBER:
        return in_first_unit(question, value), Decimal(str(wanted))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value), Decimal(str(wanted))
    return value, wanted


def _compares(operator: Operator, value: Any, wanted: Any) -> bool:
    match operator:
        case Operator.EQUAL:
            return bool(value == wanted)
        case Operator.NOT_EQUAL:
            return bool(value != wanted)
        case Operator.GREATER:
            return bool(value > wanted)
        case Operator.LESS:
            return bool(value < wanted)
        case Operator.AT_LEAST:
            return bool(value >= wanted)
        case _:
            return bool(value <= wanted)


def in_first_unit(question: Question, value: Mapping[str, str]) -> Decimal:
    """A given number in the question's first unit."""
    number = Decimal(value["number"])
    for unit in question.units:
        if unit.code == value.get("unit"):
            return unit.factor * number + unit.offset
    return number


def visible_answers(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers of questions that are shown, in form order."""
    return walk(form, answers)[1]


def visible(form: Form, answers: Answers) -> frozenset[str]:
    """The ids of the questions that are shown; children of groups are not listed here."""
    return frozenset(walk(form, answers)[0])


def walk(form: Form, answers: Answers) -> tuple[set[str], dict[str, Answer]]:
    """The ids of the questions that are shown, and the answers to them, in one pass through the form."""
    shown: set[str] = set()
    counted: dict[str, Answer] = {}
    for section in form.sections:
        if section_shown(form, section, counted):
            for page in section.pages:
                if holds(page.when, counted, form.by_id):
                    _show(page.questions, answers, form.by_id, shown, counted)
    return shown, counted


def _show(
    asked: Iterable[Question],
    answers: Answers,
    by_id: Mapping[str, Question],
    shown: set[str],
    counted: dict[str, Answer],
) -> None:
    for question in asked:
        if not question.when.conditions or holds(question.when, counted, by_id):
            shown.add(question.id)
            if question.id in answers:
                counted[question.id] = _without_hidden(question, answers[question.id], by_id, counted)


def _without_hidden(question: Question, answer: Answer, by_id: Mapping[str, Question], counted: Answers) -> Answer:
    """A group's answer without the children its entries do not show; any other answer as it is."""
    if question.kind is not Kind.GROUP or "value" not in answer:
        return answer
    inner = {**by_id, **{child.id: child for child in question.questions}}
    entries = []
    for entry in answer["value"]:
        seen: dict[str, Answer] = dict(counted)
        ours: set[str] = set()
        _show(question.questions, entry, inner, ours, seen)
        entries.append({name: said for name, said in entry.items() if name in ours})
    return answer if entries == answer["value"] else {**answer, "value": entries}


def section_shown(form: Form, section: Section, answers: Answers) -> bool:
    """Whether a section is asked at all; private ones only when the form's privacy conditions hold."""
    if section.private and not holds(form.private_when, answers, form.by_id):
        return False
    return holds(section.when, answers, form.by_id)


def kept_for_visit(form: Form, answers: Answers) -> tuple[Section, ...]:
    """Private sections that are left for the visit because the form's privacy conditions do not hold."""
    if holds(form.private_when, visible_answers(form, answers), form.by_id):
        return ()
    return tuple(section for section in form.sections if section.private)


def pages_shown(form: Form, answers: Answers) -> Iterator[tuple[Section, int, Page]]:
    """Each page with at least one question to show: its section, its number from 1 in the section, the page."""
    shown = visible(form, answers)
    for section in form.sections:
        for number, page in enumerate(section.pages, start=1):
            if any(question.id in shown for question in page.questions):
                yield section, number, page


def entry_visible(group: Question, entry: Answers, counted: Answers, form: Form) -> frozenset[str]:
    """The children shown in one entry of a group: a name means the entry's question first, then the form's.

    `counted` are the form's visible answers.
    """
    by_id = {**form.by_id, **{child.id: child for child in group.questions}}
    shown: set[str] = set()
    _show(group.questions, entry, by_id, shown, dict(counted))
    return frozenset(shown)
