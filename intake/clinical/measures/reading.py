"""Which measures some answers hold, and what each item was given: of our own forms, of packs, and of numbers by hand.

Questions of ours are named in questions.toml. A pack's are named after the measure and the item (`asked_as`), with the
scored number as the code of each answer. Numbers that staff typed in stand in a form of ours for each tier
(NUMBERS): the measure, its items, or a total.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from intake.clinical.measures import table
from intake.clinical.values import number, value
from intake.forms.conditions import Answer, Answers, given
from intake.forms.model import Tier

FILE: Final = Path(__file__).with_name("questions.toml")
PACK: Final = "clinic-measure-"  # how the id of a form begins that asks a measure in its owner's words
MOST_ITEMS: Final = 25
WHOLE: Final = re.compile(r"-?\d{1,3}")
STEPS: Final = re.compile(r"(better|worse)-(\d)")  # codes of a change: an option cannot be called -7
SAME: Final = "same"
# The form that holds numbers typed in by hand, by the tier of the measure, and how its questions begin.
NUMBERS: Final[Mapping[Tier, tuple[str, str]]] = {
    Tier.CARE: ("measure-care", "mc"),
    Tier.SENSITIVE: ("measure-private", "mp"),
    Tier.SAFETY: ("measure-alone", "ma"),
}
BY_HAND: Final = frozenset(form for form, _begin in NUMBERS.values())
ALONE: Final = NUMBERS[Tier.SAFETY][0]


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered of one measure. `items` without a number are missing; `total` was typed in as it is.

    `names` are the patient's own words for what she rated: only the same things can be compared.
    """

    items: Mapping[str, int | None] = field(default_factory=dict)
    total: Decimal | None = None
    names: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it has a number."""
        return self.total is None and all(each is None for each in self.items.values())


def asked_as(measure: str, item: str) -> str:
    """The question of a pack that asks an item: "clinic_phq_9_1"."""
    return f"clinic_{measure.replace('-', '_')}_{item}"


def form_of(measure: str) -> str:
    """The form that numbers of a measure are typed into."""
    return NUMBERS[table.measures()[measure].tier][0]


def is_about(form: str) -> bool:
    """Whether a form asks a measure and nothing else, in whatever words."""
    return form.startswith(("measure-", PACK))


def named(question: str) -> tuple[str, ...]:
    """What a warning rule can name where an answer to a question raised it: a measure "phq-9", an item "phq-9.9"."""
    return tuple(name for measure, item in _questions().get(question, ()) for name in (measure, f"{measure}.{item}"))


def read(answers: Answers) -> dict[str, Given]:
    """Each measure that some answers have to do with; what was passed over or declined is a missing item."""
    found = {measure: _possible(measure, asked) for measure, asked in _asked(answers).items()}
    if "st-marks" in found and (worn := _number(answers.get("bg_pad"))) is not None:
        found["st-marks"]["5"] = 2 if worn else 0  # it asks whether one is worn at all, the grid how often
    ours = {measure: Given(items, names=_named(measure, answers, items)) for measure, items in found.items()}
    return ours | dict(_by_hand(answers))


def items(answers: Answers) -> dict[str, Mapping[str, int | None]]:
    """The same for warning rules: only what was given item by item, every item named."""
    return {
        measure: dict.fromkeys(table.measures()[measure].items) | dict(given.items)
        for measure, given in read(answers).items()
        if given.items and not given.is_blank
    }


def _asked(answers: Answers) -> dict[str, dict[str, int | None]]:
    """{measure: {item: its number}} of the questions that some answers know."""
    found: dict[str, dict[str, int | None]] = {}
    known = _questions()
    for name, answer in answers.items():
        for measure, item in known.get(name, ()):
            items, number_of_it = found.setdefault(measure, {}), _number(answer)
            items[item] = items.get(item) if number_of_it is None else number_of_it
    return found


def _named(measure: str, answers: Answers, items: Mapping[str, int | None]) -> tuple[str, ...]:
    """What she calls the things she rated, in the order of their items."""
    if measure != "psfs":
        return ()
    rated = (item for item, number_of_it in items.items() if number_of_it is not None)
    said = (value(answers, f"ci_name_{item}") or value(answers, f"psfs_name_{item}") for item in rated)
    return tuple(" ".join(str(name or "").split()) for name in said)


@cache
def in_our_words() -> frozenset[str]:
    """The measures that forms of ours ask, ready to use."""
    with FILE.open("rb") as file:
        return frozenset(tomllib.load(file))


@cache
def _questions() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """{question: the items of measures that it asks}."""
    with FILE.open("rb") as file:
        ours = tomllib.load(file)
    pairs = [
        (name, measure, item) for measure, asked in ours.items() for item, names in asked.items() for name in names
    ]
    pairs += [
        (asked_as(measure, item), measure, item) for measure, about in table.measures().items() for item in about.items
    ]
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, measure, item in pairs:
        found[name] = (*found.get(name, ()), (measure, item))
    return found


def _possible(measure: str, given: Mapping[str, int | None]) -> dict[str, int | None]:
    """A number that the item cannot be is none."""
    can_be = table.measures()[measure].items
    return {item: number if number in can_be[item] else None for item, number in given.items()}


def _number(answer: Answer | None) -> int | None:
    """The number an item was given: of a scale, the code of an option, or a number that was typed in."""
    said = given(answer)
    if isinstance(said, Mapping):
        said = said.get("number")
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    if not isinstance(said, str):
        return None
    if (steps := STEPS.fullmatch(said)) is not None:
        return int(steps[2]) if steps[1] == "better" else -int(steps[2])
    return 0 if said == SAME else int(said) if WHOLE.fullmatch(said) else None


def _by_hand(answers: Answers) -> Iterator[tuple[str, Given]]:
    for _form, begin in NUMBERS.values():
        measure = value(answers, f"{begin}_measure")
        if measure in table.measures():
            names = {item: f"{begin}_{item}" for item in table.measures()[measure].items}
            there = {item: _number(answers.get(name)) for item, name in names.items()}
            total = number(answers, f"{begin}_total")
            yield str(measure), Given({} if total is not None else _possible(str(measure), there), total)


def written(measure: str, given: Given) -> dict[str, dict[str, Any]]:
    """The answers that keep numbers typed in by hand."""
    _form, begin = NUMBERS[table.measures()[measure].tier]
    kept: dict[str, dict[str, Any]] = {f"{begin}_measure": {"value": measure}}
    kept |= {
        f"{begin}_{item}": {"value": {"number": str(each)}} for item, each in given.items.items() if each is not None
    }
    if given.total is not None:
        kept[f"{begin}_total"] = {"value": {"number": str(given.total)}}
    return kept
