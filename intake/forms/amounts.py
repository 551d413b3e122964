"""Numbers as people write them: "1,200", "3,5", ".5", "½", "1 1/2", and with the unit behind, like "8 oz"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from intake.forms.model import Unit

NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
POINT_FIRST = re.compile(r"[+-]?\.\d{1,6}")
FRACTION = re.compile(r"(?:(\d{1,4}) +)?(\d) ?/ ?([2348])", re.ASCII)  # those of a measuring cup
ONE_SIGN = re.compile("[\u00bc-\u00be\u2153\u2154\u215b-\u215e]")  # a fraction that is one character
DEGREES = re.compile(r"(?<![^\W\d_])deg(?:rees?)?(?![^\W\d_]{2})\.?", re.IGNORECASE)
WORD = re.compile(r"(?:/ *)?[^\W\d_]|[\u00b0%]")  # how a unit begins
EACH = re.compile(r"\b(?:per|each|every)\b|/")  # what people write for the "a" of "times a day"
BARE = re.compile("[\u00b0.\\s]")
THOUSANDTH: Final = Decimal("0.001")

# Two amounts in one, or one in another unit than is offered: how it is written, the unit it counts in, and how many of
# those one of the first part and one of the second are.
FEET = re.compile(
    "(\\d)\\s*(?:['\u2032\u2019]|ft|foot|feet)\\.?\\s*(?:(\\d|1[01])\\s*(?:[\"\u2033\u201d]|''|in|inch|inches)?\\.?)?"
)
INCHES = re.compile('(\\d{1,3})\\s*["\u2033\u201d]()')
POUNDS = re.compile(r"(\d{1,3})\s*(?:lbs?|pounds?)\.?,?\s*(\d|1[0-5])\s*(?:oz|ounces?)\.?")
METERS = re.compile(r"(\d)[.,](\d\d)\s*(?:m|meters?|metres?)")
HOURS = re.compile(r"(\d{1,2})\s*(?::|h|hrs?|hours?)\s*([0-5]?\d)\s*(?:m|min|mins|minutes)?\.?")
COMPOUND: Final = (
    (FEET, "[in_i]", Decimal(12), Decimal(1)),
    (INCHES, "[in_i]", Decimal(1), Decimal(0)),
    (POUNDS, "[lb_av]", Decimal(1), 1 / Decimal(16)),
    (METERS, "cm", Decimal(100), Decimal(1)),
    (HOURS, "h", Decimal(1), 1 / Decimal(60)),
)

# What people write for a unit besides its name on the page; without the s of several. Of a code that has several
# names, the one that is meant.
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "mL": ("milliliter", "cc"),
    "[foz_us]": ("fl oz", "ounce"),
    "{cups}": ("c",),
    "[degF]": ("f", "fahrenheit", "farenheit"),
    "Cel": ("c", "celsius", "centigrade"),
    "[lb_av]": ("lb", "pound"),
    "kg": ("kilo", "kilogram"),
    "g": ("gram",),
    "[in_i]": ("in", "inch"),
    "h": ("hr", "hour"),
    "min": ("minute",),
    "d": ("day",),
    "wk": ("week",),
    "in 24 hours": ("pads", "liners", "a day", "pads a day", "liners a day"),
}


def parted(typed: str) -> tuple[str, str]:
    """A number, and the word written behind it; the word is empty where there is none."""
    spread = DEGREES.sub("\u00b0", ONE_SIGN.sub(_spread, typed))
    found = WORD.search(spread)
    end = found.start() if found else len(spread)
    return spread[:end].strip(), spread[end:].strip("\u00b0. ")


def _spread(sign: re.Match[str]) -> str:
    return " " + unicodedata.normalize("NFKC", sign[0]).replace("\u2044", "/")


def compound(units: Iterable[Unit], typed: str) -> tuple[str, Unit] | None:
    """A number and its unit, of what is written in two parts, like 5'4" or "8 lb 4 oz"; None where it is not."""
    known = {unit.code: unit for unit in units}
    for pattern, code, many, few in COMPOUND:
        if code in known and (found := pattern.fullmatch(typed.casefold())):
            value = int(found[1]) * many + int(found[2] or 0) * few
            return _short(value), known[code]
    return None


def _short(value: Decimal) -> str:
    return format(value.quantize(THOUSANDTH).normalize(), "f")


def named(units: Iterable[Unit], word: str) -> Unit | None:
    """The unit that a word means; None when it means none of them."""
    return next((unit for unit in units if _bare(word) in {_bare(name) for name in _names(unit)}), None)


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.text, *_halves(unit.text), unit.code, *ALSO.get(unit.code, ()), *ALSO.get(unit.text, ()))


def _halves(text: str) -> tuple[str, ...]:
    """Of "times a day", what stands before "a" and the rest: each says enough beside a question that counts so."""
    what, each, when = text.partition(" a ")
    return (what, f"a {when}") if each else ()


def _bare(name: str) -> str:
    return BARE.sub("", EACH.sub("a", name.casefold())).removesuffix("s")


def plain(written: str) -> str | None:
    """A number in digits with a point, such as "0.5"; None when it is no number."""
    if THOUSANDS.fullmatch(written):
        return written.replace(",", "")
    if DECIMAL_COMMA.fullmatch(written):
        return written.replace(",", ".")
    if POINT_FIRST.fullmatch(written):
        return written.replace(".", "0.")
    if NUMBER.fullmatch(written):
        return written
    return _fraction(written)


def _fraction(written: str) -> str | None:
    found = FRACTION.fullmatch(written)
    if found is None or int(found[2]) >= int(found[3]):
        return None
    value = int(found[1] or 0) + Decimal(found[2]) / Decimal(found[3])
    return _short(value)
