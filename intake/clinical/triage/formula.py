"""A sign in words: what exactly has to be answered, for the page that clinicians check (docs/red-flags.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import singledispatch
from typing import Final

from intake.clinical.triage import findings, signs
from intake.clinical.triage.signs import Sign

NAMED: Final[Mapping[Sign, str]] = {
    sign: name.lower().replace("_", " ")
    for name, sign in vars(findings).items()
    if name.isupper() and hasattr(sign, "found")
}


def named(sign: Sign) -> str:
    """The name of a finding that rules share, in italics; the formula of any other sign."""
    name = NAMED.get(sign)
    return f"*{name}*" if name else formula(sign)


@singledispatch
def formula(sign: object) -> str:
    """What has to be answered; TypeError for a kind of sign that has no words yet."""
    raise TypeError(type(sign).__name__)


@formula.register
def _(sign: signs.Ticked) -> str:
    return f"`{sign.question}`: {_or(sign.codes)}"


@formula.register
def _(sign: signs.OtherThan) -> str:
    return f"`{sign.question}`: anything but {_or(sign.codes)}" if sign.codes else f"`{sign.question}`: any words"


@formula.register
def _(sign: signs.Without) -> str:
    return f"`{sign.question}`: not {_or(sign.codes)}"


@formula.register
def _(sign: signs.Number) -> str:
    return f"`{sign.question}`: {_band(sign.low, sign.below)}"


@formula.register
def _(sign: signs.Total) -> str:
    return f"`{sign.measure}`, the sum of items 1 to {sign.items}, all answered: {_band(sign.low, sign.below)}"


@formula.register
def _(sign: signs.Item) -> str:
    return f"`{sign.measure}`, item {sign.item}: {_band(sign.low, sign.below)}"


@formula.register
def _(sign: signs.Fever) -> str:
    return f"`{sign.question}`: 38.0 °C (100.4 °F) or more"


@formula.register
def _(sign: signs.Row) -> str:
    return f"`{sign.grid}`, row {_or(sign.rows)}: {_or(sign.codes)}"


@formula.register
def _(sign: signs.Entry) -> str:
    return f"in one of `{sign.group}`: {named(sign.sign)}"


@formula.register
def _(sign: signs.BornWithin) -> str:
    return f"born at most {sign.days} days ago, {'or' if sign.unknown else 'and not'} on an unknown day"


@formula.register
def _(sign: signs.BornBefore) -> str:
    return f"born more than {sign.days} days ago, or on an unknown day"


@formula.register
def _(sign: signs.DayBefore) -> str:
    ago = f"more than {sign.days} days ago"
    return f"`{sign.question}`: " + (f"{ago}, on a day that fits" if sign.holds else f"not known to be {ago}")


@formula.register
def _(sign: signs.AnyOf) -> str:
    return "(" + " **or** ".join(named(each) for each in sign.signs) + ")"


@formula.register
def _(sign: signs.AllOf) -> str:
    return "(" + " **and** ".join(named(each) for each in sign.signs) + ")"


def _band(low: int | None, below: int | None) -> str:
    bounds: Iterable[tuple[int | None, str]] = ((low, "{} or more"), (below, "less than {}"))
    return ", ".join(words.format(bound) for bound, words in bounds if bound is not None)


def _or(codes: Collection[str]) -> str:
    return " / ".join(f"`{code}`" for code in sorted(codes))
