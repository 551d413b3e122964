"""What a condition may look at: a question that comes before, compared in a way its answers can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from intake.forms.bodymap import regions
from intake.forms.errors import FormError
from intake.forms.faults import Fault, shown
from intake.forms.model import Condition, Form, Kind, Operator, Question, When
from intake.forms.problems import N_

EQUALS = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
ORDERS = frozenset({Operator.GREATER, Operator.LESS, Operator.AT_LEAST, Operator.AT_MOST})
ANSWERED = frozenset({Operator.ANSWERED})
FITTING = {
    Kind.DISPLAY: frozenset[Operator](),
    Kind.YES_NO: EQUALS | ANSWERED,
    Kind.CHOICE: EQUALS | ANSWERED,
    Kind.CONSENT: EQUALS | ANSWERED,
    Kind.CHOICES: ANSWERED | {Operator.CONTAINS},
    Kind.MAP: ANSWERED | {Operator.CONTAINS},
    Kind.NUMBER: EQUALS | ORDERS | ANSWERED,
    Kind.SCALE: EQUALS | ORDERS | ANSWERED,
    Kind.STRING: EQUALS | ANSWERED,
    Kind.TEXT: EQUALS | ANSWERED,
    Kind.DATE: ANSWERED,
    Kind.GRID: ANSWERED,
    Kind.GROUP: ANSWERED,
}
NOWHERE = N_(
    "its condition looks at %(name)s, which does not come before it: nothing here has that id. Correct the id, "
    "or add the question before this one."
)
NEVER = N_("its condition waits for %(answer)s, which %(name)s never is. It can be: %(codes)s.")
COUNTED = frozenset({Kind.NUMBER, Kind.SCALE})


@dataclass(frozen=True, slots=True)
class Seen:
    """What comes before a place in the form, and what there is at all.

    `needs` are, for each question, those that its conditions look at: so that a circle is told from a mere wrong order.
    """

    before: Mapping[str, Question] = field(default_factory=dict)
    there: Mapping[str, Question] = field(default_factory=dict)
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def after(self, question: Question) -> Seen:
        """The same, one question further on."""
        return Seen({**self.before, question.id: question}, self.there, self.needs)

    def circles(self, start: str, name: str) -> bool:
        """Whether a question hangs, by itself or by others, on the one that looks at it."""
        reached, waiting = set[str](), [name]
        while waiting:
            for each in self.needs.get(waiting.pop(), frozenset()) - reached:
                reached.add(each)
                waiting.append(each)
        return start in reached


def beginning(form: Form) -> Seen:
    """What is known before the first question of a form."""
    there: dict[str, Question] = {}
    needs: dict[str, frozenset[str]] = {}
    for section in form.sections:
        for page in section.pages:
            around = _names(section.when) | _names(page.when)
            for question in page.questions:
                there.setdefault(question.id, question)
                needs[question.id] = needs.get(question.id, frozenset()) | around | _names(question.when)
    return Seen({}, there, needs)


def _names(when: When) -> frozenset[str]:
    return frozenset(condition.question.partition(".")[0] for condition in when.conditions)


def faults(when: When, seen: Seen, place: str, who: str = "") -> Iterator[Fault]:
    """Everything wrong with some conditions; `who` is the question they belong to, where it is one."""
    for condition in when.conditions:
        name, _dot, child = condition.question.partition(".")
        if child and condition.operator not in EQUALS:
            yield Fault(
                place,
                N_("a condition on %(name)s can only be = or !=. Change its operator."),
                {"name": condition.question},
            )
        elif name not in seen.before:
            yield _not_before(name, seen, place, who)
        elif (asked := _asked(seen.before[name], child)) is None:
            yield Fault(
                place,
                N_("its condition looks at %(name)s, and there is no such question in that group. Correct the id."),
                {"name": condition.question},
            )
        else:
            yield from _compared(condition, asked, place)


def _asked(question: Question, child: str) -> Question | None:
    return next((each for each in question.questions if each.id == child), None) if child else question


def _not_before(name: str, seen: Seen, place: str, who: str) -> Fault:
    if name == who:
        text = N_(
            "its condition looks at %(name)s, which does not come before it: it is the question itself. "
            "Take the condition away, or name another question."
        )
    elif name not in seen.there:
        text = NOWHERE
    elif who and seen.circles(who, name):
        text = N_(
            "its condition looks at %(name)s, which does not come before it and hangs on this one itself: a circle. "
            "Take one of the conditions away."
        )
    else:
        text = N_(
            "its condition looks at %(name)s, which does not come before it. Move that question up, or this one down."
        )
    return Fault(place, text, {"name": name})


def _compared(condition: Condition, question: Question, place: str) -> Iterator[Fault]:
    fitting, values = FITTING.get(question.kind, ANSWERED), {"name": condition.question, "kind": question.kind}
    if condition.operator not in fitting:
        allowed = ", ".join(each for each in Operator if each in fitting) or "nothing"
        yield Fault(
            place,
            N_("a condition on %(name)s, of the kind %(kind)s, cannot be %(operator)s. It can be: %(allowed)s."),
            {**values, "operator": condition.operator, "allowed": allowed},
        )
    elif condition.operator is Operator.ANSWERED:
        if not isinstance(condition.answer, bool):
            yield Fault(place, N_("the answer to compare %(name)s with is true or false."), values)
    elif question.kind in COUNTED:
        if not isinstance(condition.answer, (int, Decimal)) or isinstance(condition.answer, bool):
            yield Fault(place, N_("the answer to compare %(name)s with is a number, without quotes."), values)
    elif not isinstance(condition.answer, str):
        yield Fault(place, N_("the answer to compare %(name)s with is a word in quotes."), values)
    elif (codes := codes_of(question)) is not None and condition.answer not in codes:
        yield Fault(
            place,
            NEVER,
            {**values, "answer": shown(condition.answer), "codes": ", ".join(sorted(codes))[:300]},
        )


def codes_of(question: Question) -> frozenset[str] | None:
    """The codes an answer can be; None where it is not one of a few."""
    match question.kind:
        case Kind.YES_NO:
            return frozenset({"yes", "no", "not-sure"} if question.not_sure else {"yes", "no"})
        case Kind.CHOICE | Kind.CONSENT | Kind.CHOICES:
            return question.codes
        case Kind.MAP:
            try:
                return frozenset(region.code for region in regions(question.map))
            except (KeyError, FormError):
                return None
        case _:
            return None
