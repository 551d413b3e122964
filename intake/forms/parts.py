"""The parts of a form file: a question, its options, units and conditions, from plain TOML tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from intake.forms.errors import FormError
from intake.forms.model import Condition, Kind, Need, Operator, Option, Question, Tier, Unit, When

PLAIN = (
    "text",
    "hint",
    "why",
    "body",
    "low_label",
    "high_label",
    "entry_name",
    "map",
    "autocomplete",
    "loinc",
    "prefill",
    "none",
    "rows_of",
    "words",
    "picks",
)
FLAGS = (
    *("may_decline", "may_tell_in_person", "not_sure", "other", "past", "approximate", "rated", "examined", "fold"),
    *("preset", "quiet", "hushed", "log", "time"),
)
COUNTS = ("decimals", "max_length", "minimum_entries", "maximum_entries", "ready")
QUESTION_KEYS = {
    *PLAIN,
    *FLAGS,
    *COUNTS,
    *("id", "kind", "tier", "need", "when", "behavior", "options", "units", "unit", "minimum", "maximum", "step"),
    *("rows", "columns", "questions", "quotes", "recall"),
}
OPTION_KEYS = {"code", "text", "hint", "exclusive", "score", "loinc"}
UNIT_KEYS = {"code", "text", "factor", "offset", "minimum", "maximum"}
PICKS = ("diagnoses", "diagnoses-apart", "procedures", "payers")  # the lists a field can pick from
LONG_TEXT = 2000
SCALE_TOP = Decimal(10)
NO_DECLINE = frozenset({Kind.DISPLAY, Kind.CONSENT})
_E = TypeVar("_E", bound=StrEnum)


def question(table: Mapping[str, Any], tier: Tier, where: str) -> Question:
    """One question of a page, group or grid."""
    where = f"{where}: {table.get('id', '?')}"
    refuse_unknown(table, QUESTION_KEYS, where)
    kind = enum(Kind, table.get("kind"), f"{where}: kind")
    need = enum(Need, table.get("need", Need.OPTIONAL), f"{where}: need")
    own_tier = enum(Tier, table.get("tier", tier), f"{where}: tier")
    plain: dict[str, Any] = {key: table[key] for key in (*PLAIN, *FLAGS, *COUNTS) if key in table}
    plain.setdefault("text", "")
    if kind is Kind.TEXT:
        plain.setdefault("max_length", LONG_TEXT)
    if need is Need.OR_DECLINED and kind not in NO_DECLINE:
        plain["may_decline"] = True
    return Question(
        id=needed(table, "id", where),
        kind=kind,
        tier=own_tier,
        need=need,
        when=when(table, where),
        options=_options(table, "options", where),
        rows=_options(table, "rows", where),
        units=_units(table, where),
        minimum=_bound(table, "minimum", where, default=Decimal(0) if kind is Kind.SCALE else None),
        maximum=_bound(table, "maximum", where, default=SCALE_TOP if kind is Kind.SCALE else None),
        step=_bound(table, "step", where),
        columns=tuple(question(entry, own_tier, where) for entry in table.get("columns", ())),
        questions=tuple(question(entry, own_tier, where) for entry in table.get("questions", ())),
        quotes=tuple(table.get("quotes", ())),
        recall=tuple(table.get("recall", ())),
        **plain,
    )


def when(table: Mapping[str, Any], where: str, *, key: str = "") -> When:
    """The conditions of a table: its `when` and `behavior`, or `private_when` and `private_behavior`."""
    behavior = table.get(f"{key}_behavior" if key else "behavior", "all")
    if behavior not in {"all", "any"}:
        message = f"{where}: behavior is 'all' or 'any', not {behavior!r}"
        raise FormError(message)
    conditions = table.get(f"{key}_when" if key else "when", ())
    return When(tuple(_condition(entry, where) for entry in conditions), any_of=behavior == "any")


def _condition(table: Mapping[str, Any], where: str) -> Condition:
    refuse_unknown(table, {"question", "operator", "answer"}, f"{where}: when")
    operator = enum(Operator, table.get("operator"), f"{where}: operator")
    answer = table.get("answer", True if operator is Operator.ANSWERED else None)
    if isinstance(answer, float):
        answer = Decimal(str(answer))
    return Condition(needed(table, "question", f"{where}: when"), operator, answer)


def _options(table: Mapping[str, Any], key: str, where: str) -> tuple[Option, ...]:
    options = []
    for entry in table.get(key, ()):
        refuse_unknown(entry, OPTION_KEYS, f"{where}: {key}")
        options.append(Option(**{"text": needed(entry, "text", where), **entry, "code": needed(entry, "code", where)}))
    return tuple(options)


def _units(table: Mapping[str, Any], where: str) -> tuple[Unit, ...]:
    entries = table.get("units", [table["unit"]] if "unit" in table else [])
    return tuple(_unit(entry, where) for entry in entries)


def _unit(entry: Mapping[str, Any], where: str) -> Unit:
    refuse_unknown(entry, UNIT_KEYS, f"{where}: units")
    return Unit(
        code=needed(entry, "code", where),
        text=needed(entry, "text", where),
        factor=_bound(entry, "factor", where, default=Decimal(1)) or Decimal(1),
        offset=_bound(entry, "offset", where, default=Decimal(0)) or Decimal(0),
        minimum=_bound(entry, "minimum", where),
        maximum=_bound(entry, "maximum", where),
    )


def _bound(table: Mapping[str, Any], key: str, where: str, *, default: Decimal | None = None) -> Decimal | None:
    if key not in table:
        return default
    try:
        return Decimal(str(table[key]))
    except InvalidOperation:
        message = f"{where}: {key} is not a number: {table[key]!r}"
        raise FormError(message) from None


def needed(table: Mapping[str, Any], key: str, where: str) -> Any:
    """The value of a key that must be there."""
    if key not in table:
        message = f"{where}: {key} is missing"
        raise FormError(message)
    return table[key]


def refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    """FormError for a key nobody reads: most often a slip of the pen."""
    if unknown := sorted(set(table) - known):
        message = f"{where}: unknown key {', '.join(unknown)}"
        raise FormError(message)


def enum(members: type[_E], value: object, where: str) -> _E:
    """The member for a word of the file."""
    try:
        return members(str(value))
    except ValueError:
        message = f"{where} is {value!r}; it is one of {', '.join(members)}"
        raise FormError(message) from None
