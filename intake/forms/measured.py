"""How findings were measured: a number of an examination stands with its unit, its position and its method.

A page says the last two once, for all its findings: in words, or by naming the question whose answer tells. A finding
without a number is not zero and not "normal": it was not examined, with the reason, or nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from intake.forms.faults import Fault, shown
from intake.forms.lookbacks import Seen
from intake.forms.model import Kind, Page, Question
from intake.forms.problems import N_

COUNTED = frozenset({Kind.NUMBER, Kind.SCALE})
TOLD = frozenset({Kind.CHOICE, Kind.STRING})
INSTRUMENTS = frozenset(
    {"popq", "perfect", "tenderness", "qtip", "diastasis", "aslr", "mmt", "provocation", "body"},
)


def numbers(page: Page) -> tuple[Question, ...]:
    """The findings of a page that are, or hold, numbers somebody measured."""
    return tuple(question for question in page.questions if question.examined and _counts(question))


def _counts(question: Question) -> bool:
    inside = (*question.columns, *question.questions)
    return question.kind in COUNTED or question.rated or any(each.kind in COUNTED for each in inside)


def told_by(page: Page) -> tuple[str, ...]:
    """The questions whose answers say in which position, and by which method, the findings of a page were made."""
    return tuple(name for name in (page.position_from, page.method_from) if name)


def faults(page: Page, seen: Seen, place: str) -> Iterator[Fault]:
    """What is wrong with what a page says about its findings."""
    asked = {**seen.before, **{question.id: question for question in page.questions}}
    for name in told_by(page):
        if name not in asked or asked[name].kind not in TOLD:
            text = N_("position and method are told by %(name)s, which is no choice or string that comes before it.")
            yield Fault(place, text, {"name": shown(name)})
    if page.instrument and page.instrument not in INSTRUMENTS:
        text = N_("there is no instrument %(name)s. There is: %(names)s.")
        yield Fault(place, text, {"name": shown(page.instrument), "names": ", ".join(sorted(INSTRUMENTS))})
