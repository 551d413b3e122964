"""From the fields of a submitted page to answers, with one problem per cause.

Field names are those of templates/macros/question.html. A page with one bad value keeps the good ones: the caller
saves `answers` whatever `problems` says, and shows `typed` again beside each problem.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.forms import plain
from intake.forms.bodymap import regions
from intake.forms.conditions import Answer, Answers, given
from intake.forms.fields import is_field
from intake.forms.model import Kind, Question, Tier
from intake.forms.problems import N_, MalformedError, Problem

Fields = Mapping[str, Sequence[str]]
DECLINED, IN_PERSON, OTHER = "~declined", "~in-person", "~other"
STATUSES = frozenset({"declined", "in-person", "clear", "not-examined"})
REASONS = frozenset({"declined", "deferred", "not-indicated", "unable"})
ONE_TAP = frozenset({Kind.YES_NO, Kind.CHOICE, Kind.CONSENT})
YES_NO = frozenset({"yes", "no"})
MOST_ENTRIES = 50
NEW = 9999  # the number of the entry of a log that is not kept yet
LONGEST_INDEX = 4  # digits


@dataclass
class Entry:
    """What a page said: answers to keep, ids that were emptied, problems, and the typed text of problem fields."""

    answers: dict[str, Answer] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    typed: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reader:
    """The fields of one page, with the rules for reading them."""

    fields: Fields
    today: date
    born: date | None

    def one(self, name: str) -> str:
        values = self.fields.get(name, ())
        if len(values) > 1:
            message = f"{name} was sent {len(values)} times"
            raise MalformedError(message)
        return values[0] if values else ""

    def many(self, name: str, allowed: Collection[str]) -> list[str]:
        values = list(dict.fromkeys(self.fields.get(name, ())))
        if unknown := [value for value in values if value not in allowed]:
            message = f"{name}: {unknown[0][:40]!r} was not offered"
            raise MalformedError(message)
        return values

    def typed(self, name: str) -> dict[str, str | list[str]]:
        """Everything that was typed at a field and below it, to show again."""
        below = f"{name}."
        return {
            key: list(values) if len(values) > 1 else values[0]
            for key, values in self.fields.items()
            if values and (key == name or key.startswith(below))
        }

    def refuse_beyond(self, group: str, count: int) -> None:
        """An entry that the count leaves out would vanish without a word: no page of ours sends one."""
        prefix = f"{group}."
        for key in self.fields:
            number = key.removeprefix(prefix).partition(".")[0]
            if key.startswith(prefix) and number.isdecimal() and int(number) >= count:
                message = f"{key} is beyond the count of {count}"
                raise MalformedError(message)

    def numbers(self, group: str) -> list[int]:
        """The numbers of the entries of a group that the page holds."""
        found = {key.removeprefix(f"{group}.").partition(".")[0] for key in self.fields if key.startswith(f"{group}.")}
        return sorted(int(each) for each in found if _is_index(each))

    def code(self, name: str, allowed: Collection[str]) -> str:
        value = self.one(name)
        if value and value not in allowed:
            message = f"{name}: {value[:40]!r} was not offered"
            raise MalformedError(message)
        return value


def read(
    questions: Iterable[Question],
    fields: Fields,
    *,
    saved: Answers,
    today: date,
    born: date | None = None,
    write_only: bool = False,
    earlier: Collection[str] = (),
) -> Entry:
    """Read a page. `saved` are the answers kept so far, of which write-only ones may be left as they are.

    `earlier` are questions whose saved answers the page does not show, whatever their tier; `born` is her birthday.
    """
    questions = tuple(questions)
    if unknown := sorted(name for name in fields if not name.startswith("_") and not _known(name, questions)):
        message = f"unknown field {unknown[0][:60]!r}"
        raise MalformedError(message)
    entry = Entry()
    reader = _Reader(fields, today, born)
    for question in questions:
        if question.kind is not Kind.DISPLAY:
            _read_root(question, reader, entry, saved.get(question.id), write_only=write_only, earlier=earlier)
    return entry


def _read_root(
    question: Question,
    reader: _Reader,
    entry: Entry,
    saved: Answer | None,
    *,
    write_only: bool,
    earlier: Collection[str],
) -> None:
    """A question of the page. Of what the page does not show nothing is carried over into what it sends."""
    if question.id not in earlier:
        _read_one(question, question.id, reader, entry, saved, write_only=write_only)
        return
    _read_one(question, question.id, reader, entry, None, write_only=write_only)
    if saved is not None and _status(question, question.id, reader) == "clear":
        entry.emptied.add(question.id)


def _known(name: str, questions: Iterable[Question]) -> bool:
    return name == "csrf_token" or is_field(name, questions)


def is_write_only(question: Question) -> bool:
    """Whether the patient's own screen never shows a saved answer again."""
    return question.tier.rank >= Tier.SENSITIVE.rank


def _read_one(
    question: Question, name: str, reader: _Reader, entry: Entry, saved: Answer | None, *, write_only: bool
) -> None:
    result = _answer(question, name, reader, saved, entry, write_only=write_only)
    if isinstance(result, Problem):
        entry.problems.append(result)
        entry.typed.update(reader.typed(name))
    elif result is not None:
        entry.answers[question.id] = result
    elif saved is not None and not (
        write_only and is_write_only(question) and _status(question, name, reader) != "clear"
    ):
        entry.emptied.add(question.id)


def _status(question: Question, name: str, reader: _Reader) -> str:
    ticked = reader.many(f"{name}.status", STATUSES)
    status = ticked[-1] if ticked else ""  # without script two boxes can be ticked: the last one stands
    if question.kind in ONE_TAP:
        status = {DECLINED: "declined", IN_PERSON: "in-person"}.get(reader.one(name), status)
    offered = {
        "declined": question.may_decline,
        "in-person": question.may_tell_in_person,
        "not-examined": question.examined,
    }
    if not offered.get(status, True):
        message = f"{name}: {status} was not offered"
        raise MalformedError(message)
    return status


def _answer(
    question: Question, name: str, reader: _Reader, saved: Answer | None, entry: Entry, *, write_only: bool
) -> Answer | Problem | None:
    status = _status(question, name, reader)
    value = _value(question, name, reader, saved, entry, write_only=write_only)
    if isinstance(value, Problem):
        return value
    if status == "clear":
        return None
    if status and value is not None:
        return Problem(name, N_("You gave an answer and also chose to leave it out. Please keep one of the two."))
    if status == "not-examined":
        reason = reader.code(f"{name}.reason", REASONS)
        return (
            {"status": status, "reason": reason}
            if reason
            else Problem(name, N_("Please choose why it was not examined."))
        )
    if status:
        return {"status": status}
    return None if value is None else {"value": value}


def _value(
    question: Question, name: str, reader: _Reader, saved: Answer | None, entry: Entry, *, write_only: bool
) -> Any:
    match question.kind:
        case Kind.YES_NO | Kind.CHOICE | Kind.CONSENT:
            return _chosen(question, name, reader)
        case Kind.CHOICES:
            return _several(question, name, reader)
        case Kind.NUMBER:
            return plain.number(question, name, reader.one(name), reader.one(f"{name}.unit"))
        case Kind.DATE:
            parts = {part: reader.one(f"{name}.{part}") for part in ("year", "month", "day")}
            return plain.date_parts(question, name, parts, reader.today, reader.born)
        case Kind.STRING | Kind.TEXT:
            read_text = plain.time_of_day if question.time else plain.text
            return read_text(question, name, reader.one(name))
        case Kind.SCALE:
            return _scale(question, name, reader)
        case Kind.GRID:
            return _grid(question, name, reader, saved, entry)
        case Kind.MAP:
            return _map(question, name, reader)
        case _ if question.log:
            return _log(question, name, reader, saved, entry, write_only=write_only)
        case _:
            return _group(question, name, reader, saved, entry, write_only=write_only)


def offered(question: Question) -> frozenset[str]:
    """The codes a one-tap question offers."""
    if question.kind is Kind.YES_NO:
        return YES_NO | {"not-sure"} if question.not_sure else YES_NO
    return question.codes


def _chosen(question: Question, name: str, reader: _Reader) -> Any:
    chosen = reader.code(name, {*offered(question), OTHER, DECLINED, IN_PERSON})
    if chosen == OTHER:
        return _other(question, name, reader)
    return chosen if chosen and not chosen.startswith("~") else None


def _other(question: Question, name: str, reader: _Reader) -> Any:
    if not question.other:
        message = f"{name}: {OTHER!r} was not offered"
        raise MalformedError(message)
    words = plain.text(question, f"{name}.other", reader.one(f"{name}.other"))
    return {"other": words or ""} if not isinstance(words, Problem) else words


def _several(question: Question, name: str, reader: _Reader) -> Any:
    chosen = reader.many(name, {*question.codes, OTHER} if question.other else question.codes)
    alone = [option.code for option in question.options if option.exclusive and option.code in chosen]
    if alone and len(chosen) > 1:
        return Problem(
            name, N_("You ticked \u201cnone\u201d together with something else. Please keep one or the other.")
        )
    if OTHER in chosen:
        other = _other(question, name, reader)
        return other if isinstance(other, Problem) else [code for code in chosen if code != OTHER] + [other]
    return chosen or None


def _scale(question: Question, name: str, reader: _Reader) -> int | None:
    low, high = int(question.minimum or 0), int(question.maximum or 0)
    typed = reader.code(name, {str(point) for point in range(low, high + 1)})
    return int(typed) if typed else None


def _grid(question: Question, name: str, reader: _Reader, saved: Answer | None, entry: Entry) -> Any:
    """The rows that were filled in. A bad cell is a problem of its own, and what was saved in it stays."""
    problems = len(entry.problems)
    found = {row.code: _row(question, row.code, name, reader, saved, entry) for row in question.rows}
    if len(entry.problems) > problems:
        entry.typed.update(reader.typed(name))
    return {code: cells for code, cells in found.items() if cells} or None


def _row(question: Question, row: str, name: str, reader: _Reader, saved: Answer | None, entry: Entry) -> Any:
    if not question.columns:
        return reader.code(f"{name}.{row}", question.codes)
    cells: dict[str, Any] = {}
    for column in question.columns:
        value = _value(column, f"{name}.{row}.{column.id}", reader, None, entry, write_only=False)
        if isinstance(value, Problem):
            entry.problems.append(value)
            value = (given(saved) or {}).get(row, {}).get(column.id)
        if value is not None:
            cells[column.id] = value
    return cells


def _map(question: Question, name: str, reader: _Reader) -> Any:
    codes = [region.code for region in regions(question.map)]
    if not question.rated:
        return reader.many(name, codes) or None
    ratings = {code: reader.code(f"{name}.{code}", {str(point) for point in range(11)}) for code in codes}
    return {code: int(rating) for code, rating in ratings.items() if rating} or None


def _group(
    question: Question, name: str, reader: _Reader, saved: Answer | None, entry: Entry, *, write_only: bool
) -> Any:
    count = reader.one(f"{name}.count")
    if not count:
        return given(saved)
    if not count.isdecimal() or len(count) > 4 or int(count) > MOST_ENTRIES:  # noqa: PLR2004 - four digits are enough
        return Problem(
            name, N_("That is more than we can keep. The most is %(most)s."), {"most": question.maximum_entries}
        )
    reader.refuse_beyond(name, int(count))
    before, problems = given(saved) or [], len(entry.problems)
    read_in = [
        _child(question, f"{name}.{index}", reader, before[index : index + 1], entry, write_only=write_only)
        for index in range(int(count))
    ]
    # What a patient's page does not show is found again by the number of its entry, so a blank one keeps its place.
    entries = _without_last_blanks(read_in) if write_only else [child for child in read_in if child]
    if len(entry.problems) > problems:
        # Blank entries can be dropped, so what was typed is shown again whole: by its number it might stand elsewhere.
        private = {child.id for child in question.questions if write_only and is_write_only(child)}
        typed = reader.typed(name)
        entry.typed.update({key: value for key, value in typed.items() if private.isdisjoint(key.split("."))})
    if len(entries) > question.maximum_entries:
        return Problem(
            name, N_("That is more than we can keep. The most is %(most)s."), {"most": question.maximum_entries}
        )
    return entries or None


def _log(
    question: Question, name: str, reader: _Reader, saved: Answer | None, entry: Entry, *, write_only: bool
) -> Any:
    """The entries that are kept, with those the page holds changed, and a new one behind them.

    A page of a log holds one entry or none. Numbers never move: what is taken out stays in its place (`turned`).
    """
    kept = list(given(saved) or [])
    for number in reader.numbers(name):
        if number != NEW and number >= len(kept):
            message = f"{name} has no entry {number}"
            raise MalformedError(message)
        before, problems = kept[number : number + 1], len(entry.problems)
        read_in = _child(question, f"{name}.{number}", reader, before, entry, write_only=write_only)
        if len(entry.problems) > problems:
            entry.typed.update(reader.typed(f"{name}.{number}"))
        elif number == NEW:
            kept += [read_in] if read_in else []
        else:
            kept[number] = read_in
    if len(kept) > question.maximum_entries:
        return Problem(
            name, N_("That is more than we can keep. The most is %(most)s."), {"most": question.maximum_entries}
        )
    return kept or None


def _without_last_blanks(entries: Sequence[dict[str, Answer]]) -> list[dict[str, Answer]]:
    filled = [index for index, child in enumerate(entries) if child]
    return list(entries[: filled[-1] + 1]) if filled else []


def _child(
    group: Question, prefix: str, reader: _Reader, before: Sequence[Answers], entry: Entry, *, write_only: bool
) -> dict[str, Answer]:
    saved = before[0] if before else {}
    inner = Entry()
    for child in group.questions:
        if child.kind is not Kind.DISPLAY:
            _read_one(child, f"{prefix}.{child.id}", reader, inner, saved.get(child.id), write_only=write_only)
            if write_only and child.id in saved and _left_as_it_was(child, inner):
                inner.answers[child.id] = saved[child.id]
    entry.problems.extend(inner.problems)
    entry.typed.update(inner.typed)
    return inner.answers


def _left_as_it_was(child: Question, inner: Entry) -> bool:
    """Whether nothing was typed where nothing is shown, or something that cannot be kept."""
    return child.id not in inner.answers and child.id not in inner.emptied


def without_entry(fields: Fields, saved: Answers, action: str) -> tuple[Fields, Answers]:
    """The page as if an entry of a group had never stood on it: the button "remove:ob_births.2" asks for that.

    Its fields go, those of later entries move up, and what was saved moves with them. Anything else changes nothing.
    """
    verb, _colon, place = action.partition(":")
    name, _dot, number = place.rpartition(".")
    if verb != "remove" or not _is_index(number):
        return fields, saved
    gone, count = int(number), (fields.get(f"{name}.count") or [""])[0]
    if not _is_index(count) or gone >= int(count):
        return fields, saved
    moved = {new: values for key, values in fields.items() if (new := _moved_up(key, name, gone)) is not None}
    moved[f"{name}.count"] = [str(int(count) - 1)]
    kept = [entry for index, entry in enumerate(given(saved.get(name)) or []) if index != gone]
    return moved, {**saved, name: {**saved[name], "value": kept}} if name in saved else saved


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4  # noqa: PLR2004 - four digits are enough


def _moved_up(key: str, group: str, gone: int) -> str | None:
    """A field's name once entry `gone` of the group is away; None for a field of that entry."""
    prefix = f"{group}."
    number, _dot, rest = key.removeprefix(prefix).partition(".")
    if not key.startswith(prefix) or not _is_index(number) or int(number) < gone:
        return key
    return None if int(number) == gone else f"{prefix}{int(number) - 1}.{rest}"
