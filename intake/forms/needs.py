"""What is still missing before a page may be left or a form handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from intake.forms.conditions import Answer, Answers, entry_visible, given, walk
from intake.forms.model import Form, Kind, Need, Question
from intake.forms.problems import N_, Problem

Walked = tuple[AbstractSet[str], Answers]
Insisting = tuple[str, bool, Question]  # its id, whether any answer settles it (else only a word does), and itself
Unsettled = tuple[Question, Answer | None]
SETTLED = frozenset({"declined", "in-person", "not-examined"})


def missing(
    form: Form, answers: Answers, questions: Iterable[Question] | None = None, *, walked: Walked | None = None
) -> tuple[Problem, ...]:
    """A problem for each required question that is shown and not settled; of the whole form by default.

    `walked` is what `conditions.walk` says of these answers, where that is known already.
    """
    shown, counted = walked or walk(form, answers)
    asked = _insisting(form) if questions is None else _insisting_of(questions)
    found: list[Problem] = []
    for question, answer in _unsettled(asked, answers):
        if question.id in shown:
            found += _question(question, question.id, answer, counted, form)
    return tuple(found)


def _unsettled(asked: Iterable[Insisting], answers: Answers) -> Iterator[Unsettled]:
    """Those that may miss something, with the answer: most are seen here to miss nothing, with little work."""
    for name, by_any, question in asked:
        answer = answers.get(name)
        if answer is None or not (isinstance(answer.get("value"), str) or (by_any and settled(answer))):
            yield question, answer


@lru_cache(maxsize=64)
def _insisting(form: Form) -> tuple[Insisting, ...]:
    """The questions of a form that can miss something at all."""
    return _insisting_of(form.questions())


@lru_cache(maxsize=64)
def _insisting_inside(form: Form) -> Mapping[str, tuple[Insisting, ...]]:
    """{group: its questions that can miss something}."""
    groups = (question for question in form.questions() if question.kind is Kind.GROUP)
    return {group.id: _insisting_of(group.questions) for group in groups}


def _insisting_of(questions: Iterable[Question]) -> tuple[Insisting, ...]:
    return tuple((q.id, not (q.other or q.questions), q) for q in questions if _insists(q))


def _insists(question: Question) -> bool:
    return question.kind is Kind.GROUP or question.need is not Need.OPTIONAL or question.other


def settled(answer: Answer | None) -> bool:
    """Whether the question was answered, declined, or left for the visit."""
    return answer is not None and ("value" in answer or answer.get("status") in SETTLED)


def _question(question: Question, name: str, answer: Answer | None, counted: Answers, form: Form) -> Iterable[Problem]:
    if question.kind is Kind.GROUP:
        return _group(question, answer, counted, form)
    if question.need is not Need.OPTIONAL and not settled(answer):
        return (Problem(name, _ask(question)),)
    if question.other and _blank_other(answer):
        return (Problem(f"{name}.other", N_("Please say in a few words what it is.")),)
    return ()


def _ask(question: Question) -> str:
    if question.may_decline:
        return N_("Please choose an answer. \u201cPrefer not to say\u201d is fine too.")
    if question.kind in {Kind.YES_NO, Kind.CHOICE, Kind.CONSENT, Kind.CHOICES, Kind.SCALE}:
        return N_("Please choose an answer.")
    return N_("Please fill this in.")


def _blank_other(answer: Answer | None) -> bool:
    value = given(answer)
    if value is None or isinstance(value, str):
        return False
    chosen = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and item.get("other") == "" for item in chosen)


def _group(group: Question, answer: Answer | None, counted: Answers, form: Form) -> Iterator[Problem]:
    if answer is not None and answer.get("status") in SETTLED:
        return
    entries = given(answer) or []
    if sum(map(bool, entries)) < group.minimum_entries:
        yield Problem(group.id, N_("Please fill in at least %(least)s."), {"least": group.minimum_entries})
    insisting = _insisting_inside(form)[group.id]
    for index, entry in enumerate(entries):
        left = tuple(_unsettled(insisting, entry)) if entry else ()  # one that was left blank only keeps its place
        if left:
            yield from _entry(group, left, f"{group.id}.{index}", entry, counted, form)


def _entry(
    group: Question, left: Iterable[Unsettled], prefix: str, entry: Answers, counted: Answers, form: Form
) -> Iterator[Problem]:
    wanting = [
        (child, problem)
        for child, answer in left
        for problem in _question(child, f"{prefix}.{child.id}", answer, counted, form)
    ]
    if wanting:  # only then it matters what the entry shows
        shown = entry_visible(group, entry, counted, form)
        yield from (problem for child, problem in wanting if child.id in shown)
