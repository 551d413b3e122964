"""A text pack: the words of a measure, as its owner lets a clinic use them, made into a form of the clinic.

A pack is a small TOML file or a Questionnaire of FHIR R4 (docs/measures.md). It is held against the slot of its
measure: how many items there are, and what each can be scored. Who holds the permission and until when goes into the
form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Final

from intake.clinical.measures import fhir_pack, reading, table
from intake.clinical.measures.table import Measure
from intake.forms import files, reader
from intake.forms.faults import Fault, shown, within
from intake.forms.model import Form, Kind, Question, Tier
from intake.forms.problems import N_

KEYS: Final = frozenset({"measure", "language", "title", "holder", "until", "credit", "intro", "answers", "items"})
NEEDED: Final = ("measure", "holder", "items")
ON_A_PAGE: Final = 5
EXTRA: Final = "extra_"  # how what is not scored is named, in the place of the number of an item
WHY: Final = "The same questions later show what has changed."


@dataclass(frozen=True, slots=True)
class Said:
    """What stands beside the file: which measure it is, who holds the permission, and until when."""

    measure: str = ""
    holder: str = ""
    until: date | None = None


def form_text(given: str, said: Said) -> str | list[Fault]:
    """The form of the clinic that a pack makes, as its text; or everything that is wrong with the pack."""
    read = fhir_pack.table(given) if given.lstrip().startswith("{") else files.table(files.plain(given), "")
    if isinstance(read, Fault):
        return [read]
    pack = {key: value for key, value in read.items() if value not in ("", None)}
    pack |= {key: value for key in ("measure", "holder", "until") if (value := getattr(said, key))}
    wrong = list(_faults(pack))
    return wrong or _text(pack, table.measures()[pack["measure"]])


def _faults(pack: Mapping[str, Any]) -> Iterator[Fault]:
    for key in pack.keys() - KEYS:
        yield Fault(
            "", N_("unknown key %(key)s. Correct its spelling, or take it away."), {"key": shown(key).strip("'")}
        )
    for key in NEEDED:
        if key not in pack:
            yield Fault("", N_("%(key)s is missing. Add it."), {"key": key})
    for key in ("language", "title", "holder", "credit", "intro"):
        if not isinstance(pack.get(key, ""), str):
            yield Fault("", N_("%(key)s is %(value)s. Write words in quotes."), {"key": key, "value": shown(pack[key])})
    if not isinstance(pack.get("until", date.max), date):
        yield Fault(
            "", N_("until is %(value)s. Write a day without quotes: 2027-12-31."), {"value": shown(pack["until"])}
        )
    yield from _of_measure(pack)


def _of_measure(pack: Mapping[str, Any]) -> Iterator[Fault]:
    name = pack.get("measure")
    found = table.measures().get(name) if isinstance(name, str) else None
    if found is None:
        if name is not None:
            text = N_("measure is %(name)s, which is none we know. It is one of: %(names)s.")
            yield Fault("", text, {"name": shown(name), "names": ", ".join(table.measures())})
    elif found.tier is Tier.SAFETY:
        yield Fault(
            "", N_("this measure is asked alone, in the room. Its numbers are typed in there; it takes no pack.")
        )
    elif "items" in pack:
        yield from _of_items(pack["items"], pack.get("answers"), found)


def _of_items(items: Any, answers: Any, found: Measure) -> Iterator[Fault]:
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        yield Fault("items", N_("items is no list of tables. Write [[items]] before each."))
        return
    if odd := [each["scored"] for each in items if not isinstance(each.get("scored", True), bool)]:
        yield Fault("items", N_("scored is %(value)s. Write true or false, without quotes."), {"value": shown(odd[0])})
        return
    if (scored := sum(map(_is_scored, items))) != len(found.items):
        text = N_(
            "the pack has %(count)s items with values, and %(measure)s has %(right)s. Write scored = false for what "
            "is not scored."
        )
        yield Fault("items", text, {"count": scored, "measure": found.label, "right": len(found.items)})
        return
    slots = iter(found.items.values())
    for number, item in enumerate(items, 1):
        place = within("items", number)
        for key in item.keys() - {"text", "answers", "scored"}:
            yield Fault(place, N_("unknown key %(key)s. Correct its spelling, or take it away."), {"key": shown(key)})
        if not isinstance(item.get("text"), str) or not item["text"].strip():
            yield Fault(place, N_("the item has no text. Write its words in quotes."))
        if _is_scored(item):
            yield from _of_answers(item.get("answers", answers), next(slots), place)
        else:
            yield from _of_words(item.get("answers", answers), place)


def _is_scored(item: Mapping[str, Any]) -> bool:
    """Whether a measure is made of it; what its owner lets stand beside its items is not scored."""
    return bool(item.get("scored", True))


def _of_words(answers: Any, place: str) -> Iterator[Fault]:
    """Answers of what is not scored need no value."""
    fine = isinstance(answers, list) and all(
        isinstance(each, dict) and isinstance(each.get("text"), str) for each in answers
    )
    if not fine or not answers:
        yield Fault(place, N_('the item has no answers. Write them here: { text = "…" }.'))


def _of_answers(answers: Any, can_be: frozenset[int], place: str) -> Iterator[Fault]:
    fine = isinstance(answers, list) and all(
        isinstance(each, dict) and type(each.get("value")) is int and isinstance(each.get("text"), str)
        for each in answers
    )
    if not fine:
        text = N_('the item has no answers. Write them once for all, or here: { value = 0, text = "…" }.')
        yield Fault(place, text)
        return
    values = [each["value"] for each in answers]
    if double := sorted({value for value in values if values.count(value) > 1}):
        yield Fault(place, N_("two answers have the value %(value)s. Each needs its own."), {"value": double[0]})
    if more := sorted(set(values) - can_be):
        text = N_("an answer has the value %(value)s, which the item cannot be scored. It can be: %(right)s.")
        yield Fault(place, text, {"value": more[0], "right": _listed(can_be)})
    if less := sorted(can_be - set(values)):
        text = N_("no answer has the value %(value)s. The item can be: %(right)s.")
        yield Fault(place, text, {"value": less[0], "right": _listed(can_be)})


def _listed(values: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(values)))


# ---------------------------------------------------------------- the form


def _text(pack: Mapping[str, Any], found: Measure) -> str:
    """The form in the words of docs/forms.md. What is private is asked only of somebody who is alone."""
    is_private, name = found.tier is Tier.SENSITIVE, "questions"
    intake = reader.latest("intake")
    permission = [f"holder = {_quoted(pack['holder'])}"]
    permission += [f"until = {pack['until'].isoformat()}"] if "until" in pack else []
    lines = [
        f"id = {_quoted(reading.PACK + found.id)}",
        f"title = {_quoted(pack.get('title', 'A few questions'))}",
        'audience = "patient"',
        f"language = {_quoted(pack.get('language', 'en-US'))}",
        f"permission = {{ {', '.join(permission)} }}",
        f"sections = {json.dumps(['before', name] if is_private else [name])}",
    ]
    if is_private:
        lines += [f'borrows = {{ before = "intake/{intake.version}" }}', "private_when = ["]
        gate = intake.private_when.conditions
        lines += [
            f'  {{ question = "{each.question}", operator = "{each.operator}", answer = {_quoted(str(each.answer))} }},'
            for each in gate
        ]
        lines += ["]"]
    lines += [
        "", f"[section.{name}]", f"title = {_quoted(found.label)}",
        f"heading = {_quoted(pack.get('title', 'A few questions'))}", f'tier = "{found.tier}"',
        f"minutes = {max(1, round(len(found.items) / 6))}",
        *(["private = true", "skippable = true"] if is_private else []),
        *([f"intro = {_quoted(pack['intro'])}"] if "intro" in pack else []),
    ]  # fmt: skip
    for place, (slot, item) in enumerate(_slots(pack["items"]), 1):
        if place % ON_A_PAGE == 1:
            lines += ["", f"[[section.{name}.pages]]"]
        lines += ["", *_question(name, found.id, slot, item, item.get("answers", pack.get("answers", [])))]
    if "credit" in pack:
        told = reading.asked_as(found.id, "credit")
        lines += ["", f"[[section.{name}.pages.questions]]", f'id = "{told}"', 'kind = "display"', 'text = "Credit"']
        lines += [f"body = {_quoted(pack['credit'])}"]
    return "\n".join(lines) + "\n"


def _slots(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each item with its number among those that are scored, or with a name that is no number of any."""
    scored, extra = count(1), count(1)
    for each in items:
        yield str(next(scored)) if _is_scored(each) else f"{EXTRA}{next(extra)}", each


def _question(section: str, measure: str, item: str, said: Mapping[str, Any], answers: Sequence[Any]) -> list[str]:
    is_extra = item.startswith(EXTRA)
    codes = [number if is_extra else each["value"] for number, each in enumerate(answers)]
    options = [
        f'  {{ code = "{code}", text = {_quoted(each["text"])} }},' for code, each in zip(codes, answers, strict=True)
    ]
    return [
        f"[[section.{section}.pages.questions]]", f'id = "{reading.asked_as(measure, item)}"', 'kind = "choice"',
        f"text = {_quoted(said['text'])}", f"why = {_quoted(WHY)}", "may_decline = true", "may_tell_in_person = true",
        "options = [", *options, "]",
    ]  # fmt: skip


def _quoted(words: str) -> str:
    """Words as TOML has them in quotes: as in JSON, but for one letter."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


# ---------------------------------------------------------------- what a form has to be that says it is a pack


def faults(form: Form) -> Iterator[Fault]:
    """Why a form of the clinic cannot stand for a measure, however it was written."""
    name = form.id.removeprefix(reading.PACK)
    found = table.measures().get(name)
    if found is None or found.tier is Tier.SAFETY:
        text = N_("%(id)s begins like the pack of a measure, and %(name)s is none that takes one. Choose another id.")
        yield Fault("", text, {"id": form.id, "name": shown(name)})
        return
    if not form.holder:
        yield Fault("", N_('permission is missing. Add it: permission = { holder = "…", until = 2027-12-31 }.'))
    names = {reading.asked_as(name, item): item for item in found.items}
    for question in form.questions():
        if question.id in names:
            yield from _slot(question, names.pop(question.id), found)
        elif _claims(question, name) and question.kind is not Kind.DISPLAY:
            yield Fault(question.id, N_("%(measure)s has no such item. Take it away."), {"measure": found.label})
    if names:
        text = N_("%(count)s items of %(measure)s are missing: %(names)s. Add them.")
        yield Fault("", text, {"count": len(names), "measure": found.label, "names": ", ".join(names)[:200]})


def _claims(question: Question, measure: str) -> bool:
    """Whether a question is named like an item: neither something else nor what stands beside the items unscored."""
    mine, extra = reading.asked_as(measure, ""), reading.asked_as(measure, EXTRA)
    return question.id.startswith(mine) and not question.id.startswith(extra)


def _slot(question: Question, item: str, found: Measure) -> Iterator[Fault]:
    if question.tier.rank < found.tier.rank:
        text = N_('%(measure)s is private. Give the question tier = "%(tier)s".')
        yield Fault(question.id, text, {"measure": found.label, "tier": found.tier})
    wanted = {str(value) for value in found.items[item]}
    if question.kind is not Kind.CHOICE or question.codes != wanted:
        text = N_("item %(item)s is a choice among the codes %(right)s, its scored numbers.")
        yield Fault(question.id, text, {"item": item, "right": _listed(found.items[item])})
