"""The conditions of a form, made ready once: walking through it is done for every page that is saved.

What a condition compares with, and whether a name means a question of the form or of the same entry, is known from the
form alone. So each is turned into a test of the answers, and a form into rows of what it asks with the test of each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from intake.forms.model import Condition, Form, Kind, Operator, Question, Section, When

Answer = Mapping[str, Any]
Answers = Mapping[str, Answer]
Test = Callable[[Answers, Answers], bool]  # of the answers of an entry, and of those of the form around it
Holds = Callable[[Any], bool]  # of a value, or None
NOTHING: Answer = {}
COUNTED = frozenset({Kind.NUMBER, Kind.SCALE})  # their values are compared as numbers


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the test of whether it is shown (None: always), and the questions of each entry of a group."""

    id: str
    test: Test | None
    inside: tuple[Asked, ...] = ()
    always: frozenset[str] = frozenset()  # those of the questions inside that need no test


@dataclass(frozen=True, slots=True)
class Stretch:
    """The questions of a page, and the test that all of them hang on."""

    test: Test | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: the test that opens it, and its pages."""

    test: Test | None
    stretches: tuple[Stretch, ...]


@lru_cache(maxsize=64)
def parts(form: Form) -> tuple[Part, ...]:
    """The sections of a form with their tests, in order."""
    return tuple(
        Part(_every([made(when, form.by_id) for when in section_whens(form, section)]), _stretches(section, form))
        for section in form.sections
    )


def group(form: Form, name: str) -> Asked:
    """A group of the form, with the tests of what each entry asks."""
    return _groups(form)[name]


@lru_cache(maxsize=64)
def _groups(form: Form) -> Mapping[str, Asked]:
    asked_for = (each for part in parts(form) for stretch in part.stretches for each in stretch.asked)
    return {each.id: each for each in asked_for if each.inside}


def section_whens(form: Form, section: Section) -> tuple[When, ...]:
    """What opens a section; a private one also needs the form's privacy conditions."""
    return (form.private_when, section.when) if section.private else (section.when,)


def _stretches(section: Section, form: Form) -> tuple[Stretch, ...]:
    return tuple(Stretch(made(page.when, form.by_id), asked(page.questions, form.by_id)) for page in section.pages)


def asked(
    questions: Iterable[Question], by_id: Mapping[str, Question], own: Collection[str] = frozenset()
) -> tuple[Asked, ...]:
    """Questions with their tests; `own` are the names that mean a question of the same entry."""
    return tuple(_asked(q, made(q.when, by_id, own), by_id) for q in questions)


def _asked(question: Question, test: Test | None, by_id: Mapping[str, Question]) -> Asked:
    if not question.questions:
        return Asked(question.id, test)
    children = {child.id: child for child in question.questions}
    inside = asked(question.questions, {**by_id, **children}, frozenset(children))
    return Asked(question.id, test, inside, frozenset(child.id for child in inside if child.test is None))


def made(when: When, questions: Mapping[str, Question], own: Collection[str] = frozenset()) -> Test | None:
    """The test of some conditions; None when there are none, so that nothing needs to be tested."""
    tests = [_test(condition, questions, own) for condition in _joined(when, questions)]
    return _some(tests) if when.any_of and tests else _every(tests)


def _every(found: Iterable[Test | None]) -> Test | None:
    """One test of several, each of which must hold."""
    tests = tuple(test for test in found if test is not None)
    if len(tests) < 2:  # noqa: PLR2004 - one needs no joining
        return tests[0] if tests else None

    def test(entry: Answers, form: Answers) -> bool:
        for each in tests:  # noqa: SIM110 - all() takes twice as long, and this is the innermost of loops
            if not each(entry, form):
                return False
        return True

    return test


def _some(tests: list[Test]) -> Test:
    """One test of several, any of which must hold."""
    if len(tests) == 1:
        return tests[0]

    def test(entry: Answers, form: Answers) -> bool:
        for each in tests:  # noqa: SIM110 - as above
            if each(entry, form):
                return True
        return False

    return test


@dataclass(frozen=True, slots=True)
class _OneOf:
    """Conditions that a question is, or has ticked, any of some codes, as one."""

    question: str
    operator: Operator
    codes: tuple[str, ...]


def _joined(when: When, questions: Mapping[str, Question]) -> Iterator[Condition | _OneOf]:
    """The conditions; where any of them will do, those that ask for one or another code of the same question in one."""
    codes: dict[tuple[str, Operator, int], tuple[str, ...]] = {}
    for number, each in enumerate(when.conditions):
        if _asks_for_code(each, questions.get(each.question)):
            place = (each.question, each.operator, 0 if when.any_of else number)
            codes[place] = (*codes.get(place, ()), str(each.answer))
        else:
            yield each
    yield from (_OneOf(question, operator, joined) for (question, operator, _), joined in codes.items())


def _asks_for_code(condition: Condition, question: Question | None) -> bool:
    of_codes = question is not None and question.kind not in COUNTED and isinstance(condition.answer, str)
    return of_codes and condition.operator in {Operator.EQUAL, Operator.CONTAINS}


def _test(condition: Condition | _OneOf, questions: Mapping[str, Question], own: Collection[str]) -> Test:
    name = condition.question
    if isinstance(condition, _OneOf):
        holds = _holds_any(condition.codes, ticked=condition.operator is Operator.CONTAINS)
    elif "." in name:
        return _in_group(condition)
    else:
        holds = _holds(condition, questions.get(name))
    if name in own:
        return lambda entry, _form: holds(entry.get(name, NOTHING).get("value"))
    return lambda _entry, form: holds(form.get(name, NOTHING).get("value"))


def _in_group(condition: Condition) -> Test:
    """A condition on a child of a group, "ob_births.birth_outcome": of any entry, and for != of every entry."""
    group, _dot, child = condition.question.partition(".")
    wanted, found = condition.answer, condition.operator is not Operator.NOT_EQUAL

    def test(_entry: Answers, form: Answers) -> bool:
        for entry in form.get(group, NOTHING).get("value") or ():
            if entry.get(child, NOTHING).get("value") == wanted:
                return found
        return not found

    return test


def _holds_any(codes: tuple[str, ...], *, ticked: bool) -> Holds:
    """Whether a value is one of the codes, or one of them is among what was ticked."""
    if not ticked:
        return codes.__contains__

    def holds(value: Any) -> bool:
        for code in codes if value is not None else ():  # noqa: SIM110 - as above
            if code in value:
                return True
        return False

    return holds


def _holds(condition: Condition, question: Question | None) -> Holds:
    """Whether a value compares as stated; of no value nothing holds but that there is none."""
    wanted = condition.answer
    if condition.operator is Operator.ANSWERED:
        return lambda value: (value is not None) == bool(wanted)
    if condition.operator is Operator.CONTAINS:
        return lambda value: value is not None and wanted in value
    return lambda value: value is not None and _compares(condition.operator, *_comparable(value, wanted, question))


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
