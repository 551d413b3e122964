"""A Questionnaire of FHIR R4 as the table of a pack: its scored items in order, each with the value of every answer.

The value of an answer is its ordinal value (extension ordinalValue or itemWeight), or the whole number that it is.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from intake.forms import files
from intake.forms.faults import Fault
from intake.forms.problems import N_

WEIGHTS: Final = ("ordinalValue", "itemWeight")
WEIGHT_KEYS: Final = ("valueDecimal", "valueInteger")
DEEPEST: Final = 20
LAST_MONTH: Final = 12
DATE_TIME: Final = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(T.+)?)?)?")
Item = Mapping[str, Any]


def table(given: str) -> dict[str, Any] | Fault:
    """The keys of a pack, as far as the resource says them, or why it cannot be read."""
    if len(given.encode("utf-8", "surrogatepass")) > files.LARGEST:
        return Fault("", N_("the file is larger than %(most)s bytes."), {"most": files.LARGEST})
    try:
        read = json.loads(given)
    except (ValueError, RecursionError):
        return Fault("", N_("this is neither TOML nor JSON. See the examples in docs/measures.md."))
    if not isinstance(read, dict) or read.get("resourceType") != "Questionnaire":
        return Fault("", N_("this is JSON, and no Questionnaire of FHIR R4. Its resourceType says what it is."))
    try:
        items = [_item(each) for each in _asked(read.get("item", ()), 0)]
        end = read.get("effectivePeriod", {}).get("end")
        until = _last_day(end) if end else None
    except (AttributeError, TypeError, KeyError, ValueError, OverflowError, RecursionError):
        return Fault("", N_("an item or the effectivePeriod of the Questionnaire is not as FHIR R4 has it."))
    plain = {"language": read.get("language"), "title": read.get("title"), "credit": read.get("copyright")}
    return {**plain, "until": until, "items": items}


def _last_day(end: str) -> date:
    """The last day of a dateTime, which can be a whole month or a whole year; ValueError for what is none."""
    found = DATE_TIME.fullmatch(end)
    if found is None:
        raise ValueError(end)
    year, month = int(found["year"]), int(found["month"] or LAST_MONTH)
    return date(year, month, int(found["day"] or monthrange(year, month)[1]))


def _asked(items: Any, depth: int) -> Iterator[Item]:
    """The items that take an answer, in order, out of their groups."""
    for each in items if depth < DEEPEST else ():
        if each.get("type") not in {"group", "display"}:
            yield each
        yield from _asked(each.get("item", ()), depth + 1)


def _item(item: Item) -> dict[str, Any]:
    """An item of a pack. One whose answers have no value, not one of them, is not scored."""
    answers = _answers(item)
    is_scored = not answers or any(each["value"] is not None for each in answers)
    return {"text": item.get("text", ""), "answers": answers, **({} if is_scored else {"scored": False})}


def _answers(item: Item) -> list[dict[str, Any]]:
    return [_answer(option) for option in item.get("answerOption", ())]


def _answer(option: Item) -> dict[str, Any]:
    if "valueInteger" in option:
        return {"value": option["valueInteger"], "text": str(option["valueInteger"])}
    coding = option.get("valueCoding", {})
    weights = [found for each in (option, coding) for found in _weights(each)]
    return {"value": weights[0] if weights else None, "text": coding.get("display", option.get("valueString", ""))}


def _weights(element: Item) -> Iterator[int]:
    for extension in element.get("extension", ()):
        if str(extension.get("url", "")).rpartition("/")[2].removeprefix("questionnaire-") in WEIGHTS:
            yield from (_whole(extension[key]) for key in WEIGHT_KEYS if key in extension)


def _whole(number: Any) -> int:
    """A weight as the whole number that it is; ValueError for any other."""
    if isinstance(number, bool) or number != int(number):
        raise ValueError(number)
    return int(number)
