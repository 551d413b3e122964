"""Invented patients who fill in a form as a browser sends it, each with her own record of what she meant.

What is typed and what it means is drawn together, so nothing here reads a page the way the form engine does.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from intake.forms.bodymap import regions
from intake.forms.model import Condition, Form, Kind, Question, Tier, Unit

TODAY = date(2026, 9, 15)
ONE_TAP = (Kind.YES_NO, Kind.CHOICE, Kind.CONSENT)
MENU = 10  # a choice of more options than these is a list to pick from, which always sends something
OTHER = "~other"
Fields = dict[str, list[str]]
Answer = Mapping[str, Any]

# What people type, and what is meant by it.
LINES = (
    ("Rowan Example", "Rowan Example"), ("  Ro  ", "Ro"), ("Zoe\u0301", "Zo\u00e9"), ("مريم", "مريم"), ("0", "0"),
    ("נועה \u200f(א)", "נועה \u200f(א)"), ("👩🏽\u200d🍼 Sam", "👩🏽\u200d🍼 Sam"), ("no", "no"),
    ("-", "-"), ("王小明", "王小明"),
    ("<b>x</b><script>1</script>", "<b>x</b><script>1</script>"), ("'; DROP TABLE x; --", "'; DROP TABLE x; --"),
    ("100 %(s)s {0} \\n", "100 %(s)s {0} \\n"), ("555\u00a00100", "555\u00a00100"), ("Ends.\t", "Ends."),
)  # fmt: skip
PARAGRAPHS = (("One.\r\n\r\nTwo\r\n", "One.\n\nTwo"), ("\r\nFirst\rthen\nlast", "First\nthen\nlast"))
UNWRITABLE = ("a\x00b", "turned \u202e round", "half \ud800", "isolated \u2066", "\x1b[31m", "\ufffe")
NO_NUMBERS = (
    *("ten", "1e3", "12 34", "NaN", "inf", "9" * 40, "\U0001f37c", "1,2,3", "5..5", "--4", "0x10", "<5", "1/5", "."),
    *("about 5", "5-6", "1.1234567", "\u2013"),
)
NO_DATES = (
    ("31", "2", "2025"), ("29", "2", "2025"), ("1", "13", "2025"), ("1", "0", "2025"), ("0", "1", "2025"),
    ("32", "1", "2025"), ("1", "1", "25"), ("1", "1", "twenty"), ("1", "Mai", "2025"), ("1", "", "2025"),
    ("7", "7", ""), ("x", "7", "2025"), ("1", "1", "1066"), ("1", "1", "20266"), ("-1", "1", "2025"),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What stands at one question: its fields, and the answer meant by them; None when nothing is, or nothing good.

    Of a group `entries`, and of a table `cells`, hold what stands at each question inside.
    """

    fields: Fields
    answer: Answer | None = None
    bad: bool = False
    clear: bool = False
    entries: tuple[Mapping[str, Said], ...] = ()
    cells: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)

    @property
    def has_bad(self) -> bool:
        """Whether anything about it cannot be kept."""
        inside = (*self.entries, *self.cells.values())
        return self.bad or any(said.has_bad for each in inside for said in each.values())


def is_private(question: Question) -> bool:
    """Whether her screen never shows the answer again, so that a blank field leaves it as it was."""
    return question.tier in {Tier.SENSITIVE, Tier.SAFETY}


def offered(question: Question) -> tuple[str, ...]:
    """The codes that can be picked, in the order of the page."""
    if question.kind is Kind.YES_NO:
        return ("yes", "no", "not-sure") if question.not_sure else ("yes", "no")
    return tuple(option.code for option in question.options)


def ways_out(question: Question) -> tuple[str, ...]:
    """The statuses a question offers."""
    declined = ("declined",) if question.may_decline else ()
    return (*declined, "in-person") if question.may_tell_in_person else declined


# ---------------------------------------------------------------- what she meant


def after(question: Question, before: Answer | None, said: Said) -> Answer | None:
    """The answer that stands once a page is saved, by what stood before and what she typed."""
    if said.bad:
        return before
    if said.clear:
        return None
    answer = said.answer
    if said.entries:
        answer = _entries_after(question, before, said) or answer
    if said.cells:
        answer = _cells_after(question, before, said) or answer
    return before if answer is None and is_private(question) else answer


def _value(answer: Answer | None) -> Any:
    return None if answer is None else answer.get("value")


def _entries_after(group: Question, before: Answer | None, said: Said) -> Answer | None:
    """An entry left blank keeps its place before a later one; at the end it is none."""
    known, found = _value(before) or [], []
    for index, entry in enumerate(said.entries):
        had = known[index] if index < len(known) else {}
        now = {child.id: after(child, had.get(child.id), entry[child.id]) for child in asked_in(group)}
        found.append({name: answer for name, answer in now.items() if answer is not None})
    while found and not found[-1]:
        found.pop()
    return {"value": found} if found else None


def _cells_after(grid: Question, before: Answer | None, said: Said) -> Answer | None:
    known, found = _value(before) or {}, {}
    for row, columns in said.cells.items():
        had = known.get(row, {})
        cells = {name: had.get(name) if each.bad else _value(each.answer) for name, each in columns.items()}
        if kept := {name: value for name, value in cells.items() if value is not None}:
            found[row] = kept
    return {"value": found} if found else None


def asked_in(group: Question) -> tuple[Question, ...]:
    """The questions of each entry, without the texts that ask nothing."""
    return tuple(child for child in group.questions if child.kind is not Kind.DISPLAY)


# ---------------------------------------------------------------- what a page shows of an answer


def shown_again(question: Question, answer: Answer | None, name: str = "") -> Said:
    """The page as it comes back with a saved answer in it: nothing is changed, and private fields are blank."""
    name = name or question.id
    if question.kind is Kind.GROUP:
        return _group_again(question, answer, name)
    told = None if is_private(question) else answer
    filled = {**blank_fields(question, name), **_filled(question, told, name)}
    cells = _cells_again(question, told, name) if question.columns else {}
    return Said(filled, told, cells=cells)


def _group_again(group: Question, answer: Answer | None, name: str) -> Said:
    known = _value(answer) or []
    entries = tuple(
        _entry_again(group, known[index] if index < len(known) else {}, f"{name}.{index}")
        for index in range(max(len(known), group.minimum_entries))
    )
    told = answer if answer is not None and "status" in answer else None
    return as_group(name, entries, told)


def _entry_again(group: Question, entry: Mapping[str, Answer], prefix: str) -> Mapping[str, Said]:
    return {child.id: shown_again(child, entry.get(child.id), f"{prefix}.{child.id}") for child in asked_in(group)}


def as_group(name: str, entries: tuple[Mapping[str, Said], ...], told: Answer | None = None) -> Said:
    """A group of entries as its page sends it."""
    sent: Fields = {f"{name}.count": [str(len(entries))]}
    if told is not None:
        sent[f"{name}.status"] = [told["status"]]
    for entry in entries:
        for said in entry.values():
            sent |= said.fields
    return Said(sent, told, entries=entries)


def blank_fields(question: Question, name: str) -> Fields:
    """What the page sends for a question nobody touched: text boxes and lists to pick from are always sent."""
    sent: Fields = {}
    match question.kind:
        case Kind.NUMBER | Kind.STRING | Kind.TEXT:
            sent[name] = [""]
        case Kind.DATE:
            sent |= {f"{name}.{part}": [""] for part in ("month", "day", "year")}
        case Kind.GRID if question.columns:
            sent |= {f"{name}.{row.code}.{column.id}": [""] for row in question.rows for column in question.columns}
        case Kind.CHOICE if len(question.options) > MENU and not question.other:
            sent[name] = [""]
        case Kind.MAP if question.rated:
            sent |= {f"{name}.{region.code}": [""] for region in regions(question.map)}
    if question.other:
        sent[f"{name}.other"] = [""]
    if len(question.units) > 1:
        sent[f"{name}.unit"] = [question.units[0].code]
    return sent


def _filled(question: Question, answer: Answer | None, name: str) -> Fields:
    if answer is None:
        return {}
    if "status" in answer:
        one_tap = question.kind in ONE_TAP
        return {name: [f"~{answer['status']}"]} if one_tap else {f"{name}.status": [answer["status"]]}
    value = answer["value"]
    match question.kind:
        case Kind.NUMBER:
            unit = {f"{name}.unit": [value["unit"]]} if len(question.units) > 1 else {}
            return {name: [value["number"]], **unit}
        case Kind.DATE:
            parts = [*value.split("-"), "", ""]
            return {f"{name}.{part}": [parts[at]] for at, part in enumerate(("year", "month", "day"))}
        case Kind.GRID if question.columns:
            return {key: [text] for key, text in _cell_texts(question, value, name)}
        case Kind.GRID:
            return {f"{name}.{row}": [code] for row, code in value.items()}
        case Kind.MAP if question.rated:
            return {f"{name}.{code}": [str(rating)] for code, rating in value.items()}
        case _:
            return _picked(name, value)


def _cell_texts(grid: Question, value: Any, name: str) -> Iterator[tuple[str, str]]:
    for row, cells in value.items():
        for column, cell in cells.items():
            yield f"{name}.{row}.{column}", str(cell["number"] if isinstance(cell, dict) else cell)


def _cells_again(grid: Question, answer: Answer | None, name: str) -> Mapping[str, Mapping[str, Said]]:
    known = _value(answer) or {}
    return {
        row.code: {
            column.id: Said({}, {"value": known[row.code][column.id]} if column.id in known.get(row.code, {}) else None)
            for column in grid.columns
        }
        for row in grid.rows
    }


def _picked(name: str, value: Any) -> Fields:
    """Codes, words of one's own, a step or a text, as the page sends them."""
    several = value if isinstance(value, list) else [value]
    words = [each["other"] for each in several if isinstance(each, dict)]
    codes = [OTHER if isinstance(each, dict) else str(each) for each in several]
    return {name: codes, **({f"{name}.other": words} if words else {})}


# ---------------------------------------------------------------- what she types


@lru_cache(maxsize=8)
def telling(form: Form) -> Mapping[str, frozenset[Any]]:
    """{question: the answers that open something else}, so that patients come to every corner of the form."""
    found: dict[str, set[Any]] = defaultdict(set)
    for condition in _conditions(form):
        if condition.operator in {"=", "contains"}:
            found[condition.question.rpartition(".")[2]].add(condition.answer)
    return {name: frozenset(answers) for name, answers in found.items()}


def _conditions(form: Form) -> Iterator[Condition]:
    yield from form.private_when.conditions
    for section in form.sections:
        yield from section.when.conditions
        for page in section.pages:
            yield from page.when.conditions
            for question in page.questions:
                for each in (question, *question.questions):
                    yield from each.when.conditions


@dataclass(frozen=True)
class Hand:
    """How somebody fills in: how often she leaves blank, mistypes, and picks an answer that opens more questions."""

    rng: Random
    blank: float = 0.2
    bad: float = 0.05
    opens: float = 0.5
    telling: Mapping[str, frozenset[Any]] = field(default_factory=dict)

    def says(self, question: Question, name: str = "") -> Said:
        """What she puts at a question of a page that shows no answer yet."""
        name = name or question.id
        if question.kind is Kind.DISPLAY:
            return Said({})
        if question.kind is Kind.GROUP:
            return self._group(question, name)
        sent = blank_fields(question, name)
        if self._chance(self.blank):
            return self._spaces(question, sent, name)
        ways = ways_out(question)
        if ways and self._chance(0.15):
            return self._way_out(question, sent, name, ways)
        if self._chance(self.bad) and (wrong := self._wrong(question, name)):
            return Said({**sent, **wrong}, bad=True)
        return self._good(question, sent, name)

    def surely(self, question: Question, name: str = "") -> Said:
        """A good answer, whatever her ways."""
        return Hand(self.rng, 0, 0, self.opens, self.telling).says(question, name)

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _spaces(self, question: Question, sent: Fields, name: str) -> Said:
        written = question.kind in {Kind.STRING, Kind.TEXT, Kind.NUMBER}
        return Said({**sent, name: ["  "]} if written and self._chance(0.3) else sent, cells=self._no_cells(question))

    def _no_cells(self, question: Question) -> Mapping[str, Mapping[str, Said]]:
        return {
            row.code: {column.id: Said({}) for column in question.columns} for row in question.rows if question.columns
        }

    def _way_out(self, question: Question, sent: Fields, name: str, ways: tuple[str, ...]) -> Said:
        way = self.rng.choice(ways)
        if question.kind in ONE_TAP:
            return Said({**sent, name: [f"~{way}"]}, {"status": way})
        if self._chance(self.bad):
            return Said({**sent, **self._good(question, sent, name).fields, f"{name}.status": [way]}, bad=True)
        both = list(ways) if self._chance(0.05) else [way]  # without script two can be ticked: the later one stands
        return Said({**sent, f"{name}.status": both}, {"status": both[-1]})

    def _good(self, question: Question, sent: Fields, name: str) -> Said:
        match question.kind:
            case Kind.YES_NO | Kind.CHOICE | Kind.CONSENT:
                return self._one(question, sent, name)
            case Kind.CHOICES:
                return self._several(question, sent, name)
            case Kind.NUMBER:
                return self._number(question, sent, name)
            case Kind.DATE:
                return self._date(question, sent, name)
            case Kind.STRING | Kind.TEXT:
                typed, meant = self._words(question)
                return Said({**sent, name: [typed]}, {"value": meant})
            case Kind.SCALE:
                step = self.rng.randint(int(question.minimum or 0), int(question.maximum or 0))
                return Said({**sent, name: [str(step)]}, {"value": step})
            case Kind.GRID:
                return self._grid(question, sent, name)
            case _:
                return self._map(question, sent, name)

    # ------------------------------------------------------------ picking

    def _code(self, question: Question, codes: tuple[str, ...]) -> str:
        opening = [code for code in codes if code in self.telling.get(question.id, ())]
        return self.rng.choice(opening if opening and self._chance(self.opens) else codes)

    def _one(self, question: Question, sent: Fields, name: str) -> Said:
        if question.other and self._chance(0.15):
            typed, meant = self._own_words(question)
            return Said({**sent, name: [OTHER], f"{name}.other": [typed]}, {"value": {"other": meant}})
        code = self._code(question, offered(question))
        return Said({**sent, name: [code]}, {"value": code})

    def _own_words(self, question: Question) -> tuple[str, str]:
        return ("", "") if self._chance(0.1) else self._words(question)

    def _several(self, question: Question, sent: Fields, name: str) -> Said:
        alone = [option.code for option in question.options if option.exclusive]
        if alone and self._chance(0.2):
            code = self.rng.choice(alone)
            return Said({**sent, name: [code]}, {"value": [code]})
        together = tuple(code for code in offered(question) if code not in alone)
        few = {self.rng.choice(together) for _ in range(self.rng.randint(0, 2))} | {self._code(question, together)}
        chosen = [code for code in together if code in few]
        if not question.other or not self._chance(0.2):
            return Said({**sent, name: chosen}, {"value": chosen})
        typed, meant = self._own_words(question)
        return Said({**sent, name: [*chosen, OTHER], f"{name}.other": [typed]}, {"value": [*chosen, {"other": meant}]})

    def _map(self, question: Question, sent: Fields, name: str) -> Said:
        codes = [region.code for region in regions(question.map)]
        marked = {self._code(question, tuple(codes))} | set(self.rng.sample(codes, self.rng.randint(0, 3)))
        chosen = [code for code in codes if code in marked]
        if not question.rated:
            return Said({**sent, name: chosen}, {"value": chosen})
        rated = {code: self.rng.randint(0, 10) for code in chosen}
        return Said({**sent, **{f"{name}.{code}": [str(at)] for code, at in rated.items()}}, {"value": rated})

    # ------------------------------------------------------------ writing

    def _words(self, question: Question) -> tuple[str, str]:
        if self._chance(0.05):
            return "x" * question.max_length, "x" * question.max_length
        lines = LINES if question.kind is not Kind.TEXT else LINES + PARAGRAPHS
        return self.rng.choice(lines)

    def _number(self, question: Question, sent: Fields, name: str) -> Said:
        unit = self.rng.choice(question.units) if question.units else None
        number = self._within(question, unit)
        typed, meant = self._typed_number(question, number)
        told = {f"{name}.unit": [unit.code]} if unit and len(question.units) > 1 else {}
        value = {"number": meant, "unit": unit.code} if unit else {"number": meant}
        return Said({**sent, name: [typed], **told}, {"value": value})

    def _within(self, question: Question, unit: Unit | None) -> Decimal:
        low, high = limits(question, unit)
        steps = (question.step or Decimal(1).scaleb(-question.decimals)).normalize()
        count = int((high - low) / steps)
        return low + steps * self.rng.choice((0, count, self.rng.randint(0, count), self.rng.randint(0, count)))

    def _typed_number(self, question: Question, number: Decimal) -> tuple[str, str]:
        plain = format(number.quantize(Decimal(1).scaleb(-question.decimals)), "f")
        way = self.rng.random()
        if way < 0.1:
            return f" {plain}\t", plain
        if way < 0.2:
            return f"+{plain}", plain
        if way < 0.3 and "." not in plain and len(plain) > 3:
            return f"{int(plain):,}", plain
        if way < 0.5 and "." in plain:
            return plain.replace(".", ","), plain
        return (f"{plain}.0", f"{plain}.0") if way > 0.95 and "." not in plain else (plain, plain)

    def _date(self, question: Question, sent: Fields, name: str) -> Said:
        back = self.rng.choice((0, self.rng.randint(1, 60), self.rng.randint(60, 400), self.rng.randint(400, 9000)))
        day = TODAY - timedelta(days=back if question.past or self._chance(0.5) else -back)
        parts = self._part_texts(day)
        kept = self.rng.choice((1, 2, 3, 3)) if question.approximate else 3
        written = {f"{name}.{part}": [parts[part]] for part in ("year", "month", "day")[:kept]}
        return Said({**sent, **written}, {"value": "-".join(day.isoformat().split("-")[:kept])})

    def _part_texts(self, day: date) -> dict[str, str]:
        names = (calendar.month_name[day.month], calendar.month_abbr[day.month].upper() + ".", f" {day.month:02} ")
        month = self.rng.choice((str(day.month), str(day.month), *names))
        return {
            "year": f"{day.year}",
            "month": month,
            "day": self.rng.choice((str(day.day), f"{day.day:02}", f"{day.day} ")),
        }

    # ------------------------------------------------------------ tables and groups

    def _grid(self, grid: Question, sent: Fields, name: str) -> Said:
        rows = [row.code for row in grid.rows if not self._chance(self.blank)] or [grid.rows[0].code]
        if not grid.columns:
            codes = {row: self.rng.choice(offered(grid)) for row in rows}
            return Said({**sent, **{f"{name}.{row}": [code] for row, code in codes.items()}}, {"value": codes})
        cells: dict[str, dict[str, Said]] = {row: dict(each) for row, each in self._no_cells(grid).items()}
        for row in rows:
            cells[row] = {column.id: self.says(column, f"{name}.{row}.{column.id}") for column in grid.columns}
        for each in cells.values():
            for said in each.values():
                sent |= said.fields
        return Said(sent, cells=cells)

    def _group(self, group: Question, name: str) -> Said:
        if self._chance(self.bad / 4):
            return Said({f"{name}.count": [self.rng.choice(("500", "51", "1000000", "many", "-1"))]}, bad=True)
        ways = ways_out(group)
        if ways and self._chance(0.15):
            return as_group(name, (), {"status": self.rng.choice(ways)})
        few = self.rng.choice((1, 1, 1, 2, 2, 3, self.rng.randint(0, group.maximum_entries)))
        count = max(min(few, group.maximum_entries), group.minimum_entries)
        return as_group(name, tuple(self.entry(group, f"{name}.{index}") for index in range(count)))

    def entry(self, group: Question, prefix: str) -> Mapping[str, Said]:
        """One entry; now and then one that is begun and left blank."""
        hand = Hand(self.rng, 1, 0) if self._chance(self.blank / 4) else self
        return {child.id: hand.says(child, f"{prefix}.{child.id}") for child in asked_in(group)}

    # ------------------------------------------------------------ mistakes

    def _wrong(self, question: Question, name: str) -> Fields:
        """Fields that cannot be kept; empty where the page leaves no room for a mistake."""
        match question.kind:
            case Kind.NUMBER:
                return self._wrong_number(question, name)
            case Kind.DATE:
                return self._wrong_date(question, name)
            case Kind.STRING | Kind.TEXT:
                return {name: [self._wrong_words(question)]}
            case Kind.CHOICES if any(option.exclusive for option in question.options):
                alone = next(option.code for option in question.options if option.exclusive)
                return {name: [next(code for code in offered(question) if code != alone), alone]}
            case Kind.CHOICE | Kind.CHOICES if question.other:
                return {name: [OTHER], f"{name}.other": [self._wrong_words(question)]}
            case _:
                return {}

    def _wrong_words(self, question: Question) -> str:
        novel = "It was a long night. " * self.rng.choice((100, 1000))
        return self.rng.choice((*UNWRITABLE, "y" * (question.max_length + 1), novel.strip()))

    def _wrong_number(self, question: Question, name: str) -> Fields:
        unit = self.rng.choice(question.units) if question.units else None
        low, high = limits(question, unit)
        beyond = [f"{low - abs(low) / 2 - 3:f}", f"\u2212{abs(low) + 3:f}", f"{high * 2 + 1:f}", "123456789"]
        finer = [f"{low + 1}.{'0' * question.decimals}1"] if not question.decimals or question.step else []
        told = {f"{name}.unit": [unit.code]} if unit and len(question.units) > 1 else {}
        return {name: [self.rng.choice((*NO_NUMBERS, *beyond, *finer))], **told}

    def _wrong_date(self, question: Question, name: str) -> Fields:
        day, month, year = self.rng.choice(NO_DATES)
        if question.past and self._chance(0.3):
            day, month, year = "1", "1", str(TODAY.year + self.rng.randint(1, 50))
        return {f"{name}.day": [day], f"{name}.month": [month], f"{name}.year": [year]}


def limits(question: Question, unit: Unit | None) -> tuple[Decimal, Decimal]:
    """Numbers that are surely within the bounds of a question, in the unit they are typed in."""
    low, high = question.minimum or Decimal(0), Decimal(99) if question.maximum is None else question.maximum
    if unit is None or unit == question.units[0]:
        return low, high
    if unit.minimum is not None and unit.maximum is not None:
        return unit.minimum, unit.maximum
    low, high = (low - unit.offset) / unit.factor, (high - unit.offset) / unit.factor
    within = Decimal(1).scaleb(-question.decimals)
    inside = (high - low) / 50 if unit.minimum is None else Decimal(0)
    return (low + inside).quantize(within), (high - inside).quantize(within)


def fields(question: Question, rng: Random) -> Fields:
    """What one invented patient sends for a question: good, blank or wrong."""
    return Hand(rng).says(question).fields
