"""Lists of codes as files: the full ICD-10-CM of a year, and a clinic's own procedures and payers.

A file is taken whole or not at all: every bad row is named with its line. Codes of procedures are the clinic's to load,
with labels in its own words; the official descriptors belong to the American Medical Association.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from intake.clinical.coding import codes
from intake.clinical.coding.codes import Code
from intake.clinical.coding.procedures import RULES
from intake.forms.faults import Fault, shown
from intake.forms.plain import UNWRITABLE
from intake.forms.problems import N_

# A line of the order file of CMS: a number, the code without its point, 0 for a heading, a short and a long title.
ORDER: Final = re.compile(r"\d{5} ([A-Z0-9]{3,7}) *([01]) (.{60}) (.+)")
LONGEST, LONGEST_PAYER = 300, 100
MOST_FAULTS = 20
HIGHEST_FEE = Decimal(100_000)
YES, NO = frozenset({"yes", "true", "1", "timed"}), frozenset({"no", "false", "0", "untimed", ""})

EMPTY = N_("there is nothing in the file.")
COLUMNS = N_("the first line has to name the columns %(columns)s.")
CELLS = N_("the line has %(count)s cells and the first line has %(wanted)s.")
BAD_ORDER = N_("%(line)s is no line of the order file. Use the file of CMS as it is.")
BAD_CODE = N_("%(code)s is not a code. Correct it.")
NO_TITLE = N_("there is no label for %(code)s. Write one in your own words.")
CELL = N_("a cell is too long to be read. Look for a quote without its end.")
HIDDEN = N_("the label holds hidden characters. Type it again.")
LONG = N_("the label is longer than %(most)s letters. Shorten it.")
DOUBLE = N_("%(code)s stands in line %(line)s already. Take one of the two away.")
BAD_FLAG = N_("%(value)s is not yes or no.")
BAD_DAY = N_("%(value)s is not a day such as 2026-10-01.")
BACKWARD = N_("the last day is before the first one.")
BAD_FEE = N_("%(value)s is not a fee such as 45.00.")
BAD_RULE = N_("%(value)s is not a rule. It is one of: %(rules)s.")
MORE = N_("and %(count)s lines more.")


@dataclass
class Loaded:
    """The codes of a file, and what is wrong with it; with a fault nothing is taken."""

    codes: list[Code] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def say(self, at: int, text: str, **values: object) -> None:
        """One more fault."""
        self.faults.append(Fault(f"line {at}", text, values))


Row = Mapping[str, str]
Read = Callable[[Row, int, Loaded], Code | None]


def diagnoses(text: str, *, valid_from: date, valid_to: date | None) -> Loaded:
    """A full set of ICD-10-CM: the order file of CMS, or a table with the columns code, title and billable."""
    if re.match(r"\d{5} ", text):
        return _ordered(text, valid_from, valid_to)

    def read(row: Row, line: int, loaded: Loaded) -> Code | None:
        code = codes.diagnosis(row["code"])
        if not code or code.replace(".", "") != row["code"].strip().replace(".", "").upper():
            loaded.say(line, BAD_CODE, code=shown(row["code"]))
            return None
        billable = _flag(row["billable"], line, loaded) if row.get("billable") else True
        return Code(code, row["title"].strip(), valid_from, valid_to, is_heading=billable is False)

    return _table(text, ("code", "title"), read, LONGEST)


def _ordered(text: str, valid_from: date, valid_to: date | None) -> Loaded:
    loaded, seen = Loaded(), dict[str, int]()
    for line, words in enumerate(text.splitlines(), 1):
        if not words.strip():
            continue
        found = ORDER.fullmatch(words.rstrip())
        code = codes.diagnosis(found[1]) if found else ""
        if found is None or not code:
            loaded.say(line, BAD_ORDER, line=shown(words[:40]))
            continue
        _keep(Code(code, found[4].strip(), valid_from, valid_to, is_heading=found[2] == "0"), line, seen, loaded)
    return _short(loaded)


def procedures(text: str, *, today: date) -> Loaded:
    """Procedures: code, label, timed, and where wanted fee, valid_from and valid_to."""

    def read(row: Row, line: int, loaded: Loaded) -> Code | None:
        code = codes.procedure(row["code"])
        if not code or len(code) != len(row["code"].strip()):
            loaded.say(line, BAD_CODE, code=shown(row["code"]))
            return None
        timed = _flag(row["timed"], line, loaded)
        since, until = _stretch(row, today, line, loaded)
        fee = cents(row.get("fee") or "")
        if fee is None and (row.get("fee") or "").strip():
            loaded.say(line, BAD_FEE, value=shown(row["fee"]))
        return Code(code, row["label"].strip(), since, until, timed=timed is True, fee=fee)

    return _table(text, ("code", "label", "timed"), read, LONGEST)


def payers(text: str) -> Loaded:
    """Payers: payer and rule, which is cms or ama, and where wanted valid_from and valid_to.

    Without a first day a new payer has always had its rule: visits before the file came are billed by it too. One that
    is known has it from the day of the file on. "Medicare" and "medicare" are one payer.
    """

    def read(row: Row, line: int, loaded: Loaded) -> Code | None:
        name, rule = " ".join(row["payer"].split()), row["rule"].strip().lower()
        if rule not in RULES:
            loaded.say(line, BAD_RULE, value=shown(row["rule"]), rules=", ".join(RULES))
        since, until = _stretch(row, codes.ALWAYS, line, loaded)
        return Code(name, name, since, until, rule=rule)

    return _table(text, ("payer", "rule"), read, LONGEST_PAYER)


def _table(text: str, needed: tuple[str, ...], read: Read, longest: int) -> Loaded:
    loaded, seen = Loaded(), dict[str, int]()
    lines = _rows(text, loaded)
    head = [name.strip().lower() for name in next(lines, (1, []))[1]]
    if not set(needed) <= set(head):
        if not loaded.faults:
            loaded.say(1, COLUMNS if head else EMPTY, columns=", ".join(needed))
        return loaded
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            loaded.say(line, CELLS, count=len(cells), wanted=len(head))
            continue
        code = read(dict(zip(head, cells, strict=True)), line, loaded)
        if code is not None and len(code.title) > longest:
            loaded.say(line, LONG, most=longest)
        elif code is not None:
            _keep(code, line, seen, loaded)
    if not loaded.codes and not loaded.faults:
        loaded.say(1, EMPTY)
    return _short(loaded)


def _rows(text: str, loaded: Loaded) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table with their numbers, as far as they can be read, however a program ends them."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=None))
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error:
        loaded.say(lines.line_num, CELL)


def _keep(code: Code, line: int, seen: dict[str, int], loaded: Loaded) -> None:
    if not code.title:
        loaded.say(line, NO_TITLE, code=code.code)
    elif UNWRITABLE.search(code.title):
        loaded.say(line, HIDDEN)
    elif (name := code.code.casefold()) in seen:
        loaded.say(line, DOUBLE, code=code.code, line=seen[name])
    else:
        seen[name] = line
        loaded.codes.append(code)


def _short(loaded: Loaded) -> Loaded:
    """A file of another kind is wrong in every line: a few of them tell as much."""
    more = len(loaded.faults) - MOST_FAULTS
    if more > 0:
        loaded.faults[MOST_FAULTS:] = [Fault("", MORE, {"count": more})]
    return loaded


def _flag(text: str, line: int, loaded: Loaded) -> bool | None:
    said = text.strip().lower()
    if said in YES or said in NO:
        return said in YES
    loaded.say(line, BAD_FLAG, value=shown(text))
    return None


def _stretch(row: Row, default: date, line: int, loaded: Loaded) -> tuple[date, date | None]:
    """The first and the last day of a row; `default` where it names no first one."""
    since, until = (_day(row.get(name) or "", line, loaded) for name in ("valid_from", "valid_to"))
    if until is not None and until < (since or default):
        loaded.say(line, BACKWARD)
    return since or default, until


def _day(text: str, line: int, loaded: Loaded) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        loaded.say(line, BAD_DAY, value=shown(text))
        return None


def cents(text: str) -> int | None:
    """A fee in cents ("45", "45.50", "$45.50"); None for anything else."""
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        return None
    whole = amount * 100
    is_fee = amount.is_finite() and 0 <= amount <= HIGHEST_FEE and whole == whole.to_integral_value()
    return int(whole) if is_fee else None


def money(amount: int | None) -> str:
    """Cents as people write them ("45.00"); empty where there is no fee."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02}"
