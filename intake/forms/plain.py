"""Single values as people type them: text, numbers and dates."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from intake.forms import amounts
from intake.forms.model import Kind, Question, Unit
from intake.forms.problems import N_, MalformedError, Problem

# Line feed and tab are writing; the other controls are not. Bidirectional overrides and isolates can make a text
# read as something else than it is, so they are refused by name; the plain marks (U+200E, U+200F) are harmless.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?(?::\d{2})? ?(am|pm|a\.m\.|p\.m\.|a|p)?", re.ASCII)
WIDE = 3  # bounds that lie further apart leave room for everybody: most are near the lower end
NOON, LAST_MINUTE = 12, 59
OLDEST = 1900
MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
}
MONTHS_IN_YEAR = 12
DAYS_IN_MONTH = 31
EAST = timedelta(days=1)  # `today` is the clinic's: where she is, the next day can have begun


def text(question: Question, name: str, typed: str) -> str | Problem | None:
    """The text in NFC with plain line ends, None when blank, or what is wrong with it."""
    value = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not value:
        return None
    if UNWRITABLE.search(value):
        return Problem(name, N_("This text holds hidden characters that cannot be kept. Please type it again."))
    if question.kind is Kind.STRING and "\n" in value:
        return Problem(name, N_("Please write this on one line."))
    if len(value) > question.max_length:
        return Problem(
            name,
            N_("This is %(over)s characters too long. Please keep it to %(limit)s."),
            {"over": len(value) - question.max_length, "limit": question.max_length},
        )
    return value


def time_of_day(_question: Question, name: str, typed: str) -> str | Problem | None:
    """A time as "03:10", None when blank, or what is wrong. Without am or pm it is of a clock of 24 hours."""
    found = TIME.fullmatch(typed.strip().casefold())
    if not typed.strip():
        return None
    hour, minute, half = (found[1], found[2] or "0", (found[3] or "")[:1]) if found else ("99", "0", "")
    if found is None or (not found[2] and not half) or int(minute) > LAST_MINUTE or not _is_hour(int(hour), half):
        return Problem(name, N_("Please write this as a time, like 2:30 pm."))
    return f"{int(hour) % NOON + (NOON if half == 'p' else 0) if half else int(hour):02}:{int(minute):02}"


def _is_hour(hour: int, half: str) -> bool:
    return 1 <= hour <= NOON if half else hour < 2 * NOON


def number(question: Question, name: str, typed: str, unit_code: str) -> dict[str, str] | Problem | None:
    """{"number", "unit"} with the number as typed, None when blank, or what is wrong with it.

    A unit that is written behind the number counts, whatever unit is chosen beside it.
    """
    typed = typed.strip().replace("\u2212", "-").replace("\u066b", ".")
    unit = _unit(question, unit_code)
    if not typed:
        return None
    plain, found, word = _read(question, typed, unit)
    if plain is None or (word and found is None):
        return Problem(
            name, N_("Please write this as a number, like %(example)s."), {"example": _example(question, unit)}
        )
    value = Decimal(plain)
    if problem := _out_of_bounds(question, name, value, found):
        return problem if word else _in_another_unit(question, value, found, problem)
    return {"number": format(value, "f"), "unit": found.code} if found else {"number": format(value, "f")}


def _read(question: Question, typed: str, unit: Unit | None) -> tuple[str | None, Unit | None, str]:
    """The number, its unit, and the word for it where one was written."""
    if (known := amounts.compound(question.units, typed)) is not None:
        return *known, known[1].text
    written, word = amounts.parted(typed)
    return amounts.plain(written), amounts.named(question.units, word) if word else unit, word


def _in_another_unit(question: Question, value: Decimal, unit: Unit | None, problem: Problem) -> Problem:
    """What is wrong; where the number would fit in another unit that is offered, that one is named."""
    others = (each for each in question.units if each is not unit)
    fits = next((each for each in others if _out_of_bounds(question, problem.field, value, each) is None), None)
    if fits is None or problem.text != _between(unit):
        return problem
    text = N_("This needs to be between %(low)s and %(high)s %(unit)s. If you mean %(other)s, please choose that.")
    return Problem(problem.field, text, {**problem.values, "other": fits.text})


def _example(question: Question, unit: Unit | None) -> str:
    """A number that fits, in the unit that is chosen; a whole one where one fits."""
    least, most = bounds(question, unit)
    low = least or Decimal(0)
    high = most if most is not None else low + 4
    middle = (low + high) / 2 if high <= WIDE * low else low + (high - low) / 8  # what few are near wakes doubts
    whole = middle.quantize(Decimal(1))
    return format(whole if low <= whole <= high else middle.quantize(Decimal(1).scaleb(-question.decimals)), "f")


def _unit(question: Question, code: str) -> Unit | None:
    if not question.units:
        return None
    if not code:
        return question.units[0]
    for unit in question.units:
        if unit.code == code:
            return unit
    message = f"{question.id}: unit {code!r} was not offered"
    raise MalformedError(message)


def _out_of_bounds(question: Question, name: str, value: Decimal, unit: Unit | None) -> Problem | None:
    low, high = bounds(question, unit)
    shown = {"low": low, "high": high, "unit": unit.text if unit else ""}
    if low is not None and value < low:
        if high is None:
            return Problem(name, N_("This number looks too low. The lowest we can keep is %(low)s %(unit)s."), shown)
        return Problem(name, _between(unit), shown)
    if high is not None and value > high:
        return Problem(name, _between(unit), {**shown, "low": low or 0})
    if question.decimals == 0 and value != value.to_integral_value():
        return Problem(name, N_("Please use a whole number."))
    if question.step and (value - (low or 0)) % question.step:
        return Problem(name, N_("Please use steps of %(step)s."), {"step": question.step})
    return None


def _between(unit: Unit | None) -> str:
    if unit is None:
        return N_("This needs to be between %(low)s and %(high)s.")
    return N_("This needs to be between %(low)s and %(high)s %(unit)s.")


def bounds(question: Question, unit: Unit | None) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest number in the unit it was given in."""
    if unit is None:
        return question.minimum, question.maximum

    def back(value: Decimal | None) -> Decimal | None:
        if value is None:
            return None
        return ((value - unit.offset) / unit.factor).quantize(Decimal(1).scaleb(-question.decimals)).normalize() + 0

    low = unit.minimum if unit.minimum is not None else back(question.minimum)
    high = unit.maximum if unit.maximum is not None else back(question.maximum)
    return low, high


def date_parts(
    question: Question, name: str, parts: Mapping[str, str], today: date, born: date | None = None
) -> str | Problem | None:
    """An ISO date (or, where approximate, "2026-03" or "2026"), None when blank, or what is wrong with it.

    Nothing that is past happened before she was `born`, where that is known.
    """
    typed = {part: parts.get(part, "").strip() for part in ("year", "month", "day")}
    if not any(typed.values()):
        return None
    found = _date_numbers(question, name, typed)
    if isinstance(found, Problem):
        return found
    year, month, day = found
    if day is not None and month is not None and day > calendar.monthrange(year, month)[1]:
        return Problem(
            f"{name}.day",
            N_("%(month)s %(year)s has no day %(day)s."),
            {"month": calendar.month_name[month], "year": year, "day": day},
        )
    latest = today + EAST
    if question.past and (year, month or 1, day or 1) > (latest.year, latest.month, latest.day):
        return Problem(f"{name}.year", N_("This date is in the future. Please check it."))
    is_hers = question.past and question.autocomplete != "bday"
    if is_hers and born and (year, month or 12, day or DAYS_IN_MONTH) < (born.year, born.month, born.day):
        return Problem(f"{name}.year", N_("That is before you were born. Please check the year."))
    return "-".join(f"{number:02d}" for number in (year, month, day) if number is not None)


def _date_numbers(
    question: Question, name: str, typed: Mapping[str, str]
) -> tuple[int, int | None, int | None] | Problem:
    if not typed["year"]:
        return Problem(f"{name}.year", N_("Please add the year."))
    if not re.fullmatch(r"\d{4}", typed["year"]) or not OLDEST <= int(typed["year"]) <= OLDEST + 300:
        return Problem(f"{name}.year", N_("Please write the year with 4 digits, like 2026."))
    month = _month(typed["month"])
    if month == 0 or (month is None and (typed["day"] or not question.approximate)):
        return Problem(f"{name}.month", N_("Please write the month as a number from 1 to 12, or as a name."))
    if not typed["day"] and not question.approximate:
        return Problem(f"{name}.day", N_("Please add the day."))
    if typed["day"] and not (re.fullmatch(r"\d{1,2}", typed["day"]) and 1 <= int(typed["day"]) <= DAYS_IN_MONTH):
        return Problem(f"{name}.day", N_("Please write the day as a number from 1 to 31."))
    return int(typed["year"]), month, int(typed["day"]) if typed["day"] else None


def _month(typed: str) -> int | None:
    """The month's number, None when blank, 0 when it is no month."""
    if not typed:
        return None
    if re.fullmatch(r"\d{1,2}", typed):
        return int(typed) if 1 <= int(typed) <= MONTHS_IN_YEAR else 0
    return MONTHS.get(typed.lower().rstrip("."), 0)
