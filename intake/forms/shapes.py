"""The tables of a form file as they may be: which keys hold what, and how much. What is wrong is named and left out.

What is left can always be read on, so that one slip does not hide the next one. `Shaped.doubtful` are the questions of
which something was left out: what they lack by that is no fault of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.forms import parts, reader
from intake.forms.faults import Fault, shown, within
from intake.forms.model import Kind, Need, Operator, Tier
from intake.forms.plain import UNWRITABLE
from intake.forms.problems import N_

Table = Mapping[str, Any]
Check = Callable[[Any], tuple[str, Mapping[str, object]] | None]
NAME = re.compile(r"[a-z][a-z0-9-]*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_ID, LONGEST_LANGUAGE = 60, 20
MOST_SECTIONS, MOST_PAGES, MOST_QUESTIONS, MOST_OPTIONS, MOST_CONDITIONS = 40, 40, 400, 60, 20
LONG = 20_000  # letters of a body or an introduction
LARGEST = 10**9
LONGEST_HOLDER = 300
DAY = date.max
MISSING = object()
NO_TABLE: Table = {}


@dataclass
class Shaped:
    """The faults found; the questions that lack something by that; whether ids may be among what was left out."""

    faults: list[Fault] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    ids_missing: bool = False
    questions: int = 0
    strays: int = 0  # faults about keys nobody knows: nothing is lacking by them

    def say(self, place: str, text: str, **values: object) -> None:
        """One more fault."""
        self.faults.append(Fault(place, text, values))

    def take(self, table: Table, spec: Mapping[str, Check], place: str, known: Iterable[str] = ()) -> dict[str, Any]:
        """What is right of a table's plain values, those of keys with a check of their own."""
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key not in spec and key not in known:
                self.strays += 1
                self.say(
                    place, N_("unknown key %(key)s. Correct its spelling, or take it away."), key=shown(key).strip("'")
                )
            elif key in spec and (wrong := spec[key](value)) is not None:
                text, values = wrong
                self.say(place, text, key=key, **values)
            else:
                found[key] = value
        return found

    def need(self, table: Table, keys: Iterable[str], place: str) -> bool:
        """Whether all of some keys are there."""
        gone = [key for key in keys if key not in table]
        for key in gone:
            self.say(place, N_("%(key)s is missing. Add it."), key=key)
        return not gone

    def tables(self, table: Table, key: str, place: str, most: int) -> list[Table]:
        """The list of tables under a key."""
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.say(place, N_("%(key)s is not a list of tables. See the example in docs/forms.md."), key=key)
            self.ids_missing = True
            return []
        if len(found) > most:
            self.say(
                place, N_("%(count)s %(key)s are too many. The most is %(most)s."), count=len(found), key=key, most=most
            )
        return found[:most]


# ---------------------------------------------------------------- what a value may be


def words(longest: int) -> Check:
    """Words of at most so many letters."""

    def check(value: Any) -> tuple[str, Mapping[str, object]] | None:
        if not isinstance(value, str):
            return N_("%(key)s is %(value)s. Write words in quotes."), {"value": shown(value)}
        if UNWRITABLE.search(value):
            return N_("%(key)s holds hidden characters. Type it again, without pasting."), {}
        if len(value) > longest:
            return N_("%(key)s has %(count)s letters. The most is %(most)s."), {"count": len(value), "most": longest}
        return None

    return check


def title(longest: int) -> Check:
    """The same, and not blank: something stands there to be read."""

    def check(value: Any) -> tuple[str, Mapping[str, object]] | None:
        return words(longest)(value) or (
            None if value.strip() else (N_("%(key)s is blank. Write something there."), {})
        )

    return check


def word(pattern: re.Pattern[str], longest: int = LONGEST_ID) -> Check:
    """A name of one word."""

    def check(value: Any) -> tuple[str, Mapping[str, object]] | None:
        if isinstance(value, str) and pattern.fullmatch(value) and len(value) <= longest:
            return None
        return N_("%(key)s is %(value)s. It is one word of small letters, at most %(most)s long."), {
            "value": shown(value), "most": longest,
        }  # fmt: skip

    return check


def one_of(*among: str) -> Check:
    """One of a few words."""

    def check(value: Any) -> tuple[str, Mapping[str, object]] | None:
        if isinstance(value, str) and value in among:
            return None
        return N_("%(key)s is %(value)s. It is one of: %(words)s."), {"value": shown(value), "words": ", ".join(among)}

    return check


def flag(value: Any) -> tuple[str, Mapping[str, object]] | None:
    """Either true or false."""
    return (
        None if isinstance(value, bool) else (N_("%(key)s is %(value)s. It is true or false."), {"value": shown(value)})
    )


def count(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any) -> tuple[str, Mapping[str, object]] | None:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return None
        return N_("%(key)s is %(value)s. It is a whole number from %(low)s to %(high)s."), {
            "value": _number(value), "low": low, "high": high,
        }  # fmt: skip

    return check


def number(value: Any) -> tuple[str, Mapping[str, object]] | None:
    """A number a person could mean."""
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    if plain and abs(value) <= LARGEST:  # nor is what is no number, or infinite
        return None
    return N_("%(key)s is %(value)s. It is a number between %(low)s and %(high)s."), {
        "value": _number(value), "low": -LARGEST, "high": LARGEST,
    }  # fmt: skip


def _number(value: Any) -> str:
    """A value that is no such number, as a message repeats it; a huge one is not written out."""
    huge = isinstance(value, int) and abs(value) > LARGEST
    return "too large" if huge else shown(value)


def names(value: Any) -> tuple[str, Mapping[str, object]] | None:
    """A list of ids."""
    listed = isinstance(value, list) and all(isinstance(each, str) and len(each) <= LONGEST_ID for each in value)
    return None if listed else (N_('%(key)s is not a list of ids, such as ["one", "two"].'), {})


def permission(value: Any) -> tuple[str, Mapping[str, object]] | None:
    """Who may use words that are somebody else's, and until when."""
    fits = isinstance(value, dict) and value.keys() <= {"holder", "until"} and type(value.get("until", DAY)) is date
    if fits and title(LONGEST_HOLDER)(value.get("holder", "")) is None:
        return None
    return N_('%(key)s is not a table such as { holder = "Our clinic, license 12", until = 2027-12-31 }.'), {}


# ---------------------------------------------------------------- what each table holds

BEHAVIOR = one_of("all", "any")
TIER = one_of(*Tier)
HEAD: Mapping[str, Check] = {
    "id": word(NAME),
    "version": count(1, 9999),
    "title": title(200),
    "audience": one_of("patient", "clinician"),
    "language": word(LANGUAGE, LONGEST_LANGUAGE),
    "based_on": count(1, 9999),
    "private_behavior": BEHAVIOR,
    "permission": permission,
}
SECTION: Mapping[str, Check] = {
    "id": word(NAME),
    **dict.fromkeys(("title", "heading", "print"), title(200)),
    "tier": TIER,
    "minutes": count(1, 60),
    "intro": words(LONG),
    "private": flag,
    "skippable": flag,
    "behavior": BEHAVIOR,
    "quotes": names,
}
PAGE: Mapping[str, Check] = {
    "title": words(200),
    "intro": words(LONG),
    "behavior": BEHAVIOR,
    **dict.fromkeys(("position", "method", "position_from", "method_from", "instrument"), words(200)),
}
QUESTION: Mapping[str, Check] = {
    **dict.fromkeys(parts.PLAIN, words(200)),
    "text": words(1000),
    "hint": words(1000),
    "why": words(2000),
    "body": words(LONG),
    **dict.fromkeys(parts.FLAGS, flag),
    "decimals": count(0, 6),
    "max_length": count(1, 10_000),
    "minimum_entries": count(0, 50),
    "maximum_entries": count(1, 50),
    "ready": count(0, 10),
    "picks": one_of(*parts.PICKS),
    "id": words(LONGEST_ID),
    "kind": one_of(*Kind),
    "tier": TIER,
    "need": one_of(*Need),
    "behavior": BEHAVIOR,
    **dict.fromkeys(("minimum", "maximum", "step"), number),
    **dict.fromkeys(("quotes", "recall"), names),
}
LOG: Mapping[str, Check] = {**QUESTION, "maximum_entries": count(1, 60)}  # of a day; a page shows one at a time
OPTION: Mapping[str, Check] = {
    "code": words(LONGEST_ID),
    "text": title(1000),
    "hint": words(1000),
    "exclusive": flag,
    "score": count(-1000, 1000),
    "loinc": words(60),
}
UNIT: Mapping[str, Check] = {
    "code": words(40),
    "text": words(40),
    **dict.fromkeys(("factor", "offset", "minimum", "maximum"), number),
}
CONDITION: Mapping[str, Check] = {"question": words(2 * LONGEST_ID + 1), "operator": one_of(*Operator)}


def head(table: Table, shaped: Shaped, *, numbered: bool) -> dict[str, Any]:
    """The head of a form; `numbered` when the file itself says which version it is."""
    found = shaped.take(table, HEAD, "", reader.FORM_KEYS)
    wanted = ("id", "title", "audience", "language", "sections", *(["version"] if numbered else []))
    shaped.need(table, wanted, "")
    found["sections"] = _section_names(table, shaped)
    found["private_when"] = conditions(table, shaped, "private_when", "private_when")
    found["borrows"] = _borrows(table, shaped)
    return found


def _section_names(table: Table, shaped: Shaped) -> list[str]:
    listed = table.get("sections", [])
    if not isinstance(listed, list) or not listed:
        if "sections" in table:
            shaped.say("", N_('sections is not a list of names, such as ["about-you", "goals"].'))
        return []
    if len(listed) > MOST_SECTIONS:
        shaped.say(
            "", N_("%(count)s sections are too many. The most is %(most)s."), count=len(listed), most=MOST_SECTIONS
        )
    found: list[str] = []
    for name in listed[:MOST_SECTIONS]:
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_ID:
            shaped.say(
                "", N_("%(name)s cannot be the name of a section. Use small letters, digits and -."), name=shown(name)
            )
            shaped.ids_missing = True
        elif name in found:
            shaped.say("", N_("the section %(name)s is named twice. Take one away."), name=name)
        else:
            found.append(name)
    return found


def _borrows(table: Table, shaped: Shaped) -> dict[str, str]:
    lent = table.get("borrows", {})
    if not isinstance(lent, dict) or not all(
        isinstance(name, str) and len(name) <= LONGEST_ID for name in lent.values()
    ):
        shaped.say("", N_('borrows is not a table such as { goals = "intake/2" }.'))
        return {}
    for name in lent:
        if name not in table.get("sections", ()):
            shaped.say(
                "", N_("borrows names %(name)s, which is not among the sections. Add it there."), name=shown(name)
            )
    return {name: source for name, source in lent.items() if name in table.get("sections", ())}


def section(name: str, table: Any, shaped: Shaped) -> dict[str, Any] | None:
    """A section with what is right of it; None when it is no table."""
    if not isinstance(table, dict):
        shaped.say(name, N_("the section is not a table. Begin it with [section.%(name)s]."), name=name)
        shaped.ids_missing = True
        return None
    found = shaped.take(table, SECTION, name, reader.SECTION_KEYS)
    shaped.need(table, ("title", "tier", "pages"), name)
    found["when"] = conditions(table, shaped, "when", name)
    found["pages"] = [
        _page(each, shaped, within(name, f"page {number}"))
        for number, each in enumerate(shaped.tables(table, "pages", name, MOST_PAGES), 1)
    ]
    return {"title": name, "tier": Tier.CARE, **found, "id": name}


def _page(table: Table, shaped: Shaped, place: str) -> dict[str, Any]:
    found = shaped.take(table, PAGE, place, reader.PAGE_KEYS)
    found["when"] = conditions(table, shaped, "when", place)
    asked = [question(each, shaped, place) for each in shaped.tables(table, "questions", place, MOST_QUESTIONS)]
    found["questions"] = [each for each in asked if each is not None]
    if not asked:
        shaped.say(place, N_("the page asks nothing. Add a question, or take the page away."))
    return found


def question(table: Table, shaped: Shaped, place: str) -> dict[str, Any] | None:
    """A question with what is right of it; None when it cannot be told which one it is."""
    named = isinstance(table.get("id"), str) and table["id"]
    place = within(place, shown(table["id"]).strip("'") if named else "a question without an id")
    before = len(shaped.faults) - shaped.strays
    found = shaped.take(table, LOG if table.get("log") is True else QUESTION, place, parts.QUESTION_KEYS)
    shaped.need(table, ("id", "kind"), place)
    shaped.questions += 1
    found["when"] = conditions(table, shaped, "when", place)
    for key in ("options", "rows"):
        if key in table:
            found[key] = _options(table, key, shaped, place)
    if "units" in table or "unit" in table:
        found["units"] = _units(table, shaped, place)
        found.pop("unit", None)
    for key in ("questions", "columns"):
        if key in table:
            inner = [question(each, shaped, place) for each in shaped.tables(table, key, place, MOST_OPTIONS)]
            found[key] = [each for each in inner if each is not None]
    if not named or "id" not in found:
        shaped.ids_missing = True
        return None
    if len(shaped.faults) - shaped.strays > before:
        shaped.doubtful.add(found["id"])
    return {"kind": Kind.STRING, "text": "?", **found}


def _options(table: Table, key: str, shaped: Shaped, place: str) -> list[dict[str, Any]]:
    found = []
    for each in shaped.tables(table, key, place, MOST_OPTIONS):
        where = within(place, key, shown(each.get("code", "?")).strip("'"))
        option = shaped.take(each, OPTION, where)
        if shaped.need(each, ("code", "text"), where) and {"code", "text"} <= option.keys():
            found.append(option)
    return found


def _units(table: Table, shaped: Shaped, place: str) -> list[dict[str, Any]]:
    listed = shaped.tables(table, "units", place, MOST_OPTIONS) if "units" in table else [table["unit"]]
    found = []
    for each in listed:
        if not isinstance(each, dict):
            shaped.say(place, N_('unit is not a table such as { code = "Cel", text = "°C" }.'))
            continue
        unit = shaped.take(each, UNIT, within(place, "units"))
        if unit.get("factor") == 0:
            shaped.say(
                within(place, "units"), N_("factor is 0. It says how much of the first unit one of this unit is.")
            )
        elif shaped.need(each, ("code", "text"), within(place, "units")) and {"code", "text"} <= unit.keys():
            found.append(unit)
    return found


def conditions(table: Table, shaped: Shaped, key: str, place: str) -> list[dict[str, Any]]:
    """The conditions under a key, with what is right of them."""
    found = []
    for each in shaped.tables(table, key, place, MOST_CONDITIONS):
        condition = shaped.take(each, CONDITION, within(place, key), ("answer",))
        if shaped.need(each, ("question", "operator"), within(place, key)) and len(condition) >= len(CONDITION):
            answer = each.get("answer")
            wrong = number(answer) if isinstance(answer, (int, float)) and not isinstance(answer, bool) else None
            if wrong is not None:
                shaped.say(within(place, key), wrong[0], key="answer", **wrong[1])
            elif {"question", "operator"} <= condition.keys():
                found.append(condition)
    return found
