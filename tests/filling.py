"""One invented patient from the first page to handing in, through the form engine as the app goes through it.

After each page, what the engine keeps is compared with what she meant; at the end, what is handed in with what the slow
way of working it out shows (tests/brute.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from random import Random
from typing import Any

from intake.clinical.triage import triage
from intake.forms import conditions, entry, merge, needs
from intake.forms.model import Form, Kind, Page, Question, Section
from tests.brute import Brute
from tests.patients import (
    TODAY,
    Answer,
    Fields,
    Hand,
    Said,
    after,
    as_group,
    asked_in,
    is_private,
    shown_again,
    telling,
)

AT, LINK = "2026-09-15T16:00:00+00:00", "one"
ROUNDS = 300  # of mending a page that misses something; what is mended can open another


@dataclass(frozen=True)
class Engine:
    """What is tried: the steps of saving a page and handing in, in the order the app takes them."""

    read: Callable[..., entry.Entry] = entry.read
    merge: Callable[..., merge.Merge] = merge.merge
    walk: Callable[..., tuple[set[str], dict[str, Answer]]] = conditions.walk
    missing: Callable[..., tuple[Any, ...]] = needs.missing
    triage: Callable[..., Any] = triage


@dataclass
class Filling:
    """A patient's form as it is filled in, with her own record of what she meant."""

    form: Form
    rng: Random
    engine: Engine = made(default_factory=Engine)
    hand: Hand = made(init=False)
    stored: dict[str, dict[str, Any]] = made(init=False)
    versions: dict[str, int] = made(init=False)
    answers: dict[str, Any] = made(default_factory=dict)  # of all sections
    meant: dict[str, Answer | None] = made(default_factory=dict)
    shown: set[str] = made(default_factory=set)
    reached: set[tuple[str, str]] = made(default_factory=set)
    watched: bool = False  # whether warning signs are looked for after every page, as in the app, or at the end only
    sent: list[tuple[tuple[Question, ...], Fields]] = made(default_factory=list)

    def __post_init__(self) -> None:
        self.hand = Hand(
            self.rng, blank=self.rng.choice((0.05, 0.2, 0.5)), bad=self.rng.choice((0, 0.05, 0.15)),
            opens=self.rng.choice((0.3, 0.7, 0.9)), telling=telling(self.form),
        )  # fmt: skip
        self.stored = {section.id: {} for section in self.form.sections}
        self.versions = dict.fromkeys(self.stored, 1)
        self.shown = self.engine.walk(self.form, {})[0]

    # ------------------------------------------------------------ her way through the form

    def fill_in(self) -> dict[str, Answer]:
        """Fill in every page, go back and change answers, and hand in; what is handed in."""
        self._go_through(set())
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            pages = self._offered()
            section, page = self.rng.choice(pages)
            self.save(section, page, {q.id: self._changed(q) for q in self._askable(page)})
        self._go_through({id(page) for _section, page in self._offered() if self._is_answered(page)})
        return self._hand_in()

    def _go_through(self, seen: set[int]) -> None:
        while left := [(section, page) for section, page in self._offered() if id(page) not in seen]:
            section, page = left[0]
            seen.add(id(page))
            if section.skippable and self.rng.random() < 0.05:
                self._leave_for_visit(section)
            else:
                self.save(section, page, {q.id: self.hand.says(q) for q in self._askable(page)})

    def _is_answered(self, page: Page) -> bool:
        return any(self.meant.get(question.id) for question in page.questions)

    def _offered(self) -> list[tuple[Section, Page]]:
        return [(part, page) for part in self.form.sections for page in part.pages if self._asks(page)]

    def _asks(self, page: Page) -> bool:
        return any(question.id in self.shown for question in page.questions)

    def _askable(self, page: Page) -> list[Question]:
        """What a page without script asks: also what hangs on another question of the same page."""
        here = {question.id for question in page.questions}
        asked = [q for q in page.questions if q.kind is not Kind.DISPLAY]
        return [q for q in asked if q.id in self.shown or any(c.question in here for c in q.when.conditions)]

    def _changed(self, question: Question) -> Said:
        """What stands at a question when she comes back: as it was, or changed."""
        again = shown_again(question, self.meant.get(question.id))
        way = self.rng.random()
        if way < 0.5:
            return again
        if is_private(question) and self.meant.get(question.id) and way < 0.6:
            return Said({**again.fields, f"{question.id}.status": ["clear"]}, clear=True)
        if question.kind is Kind.GROUP and again.entries:
            return self._changed_group(question, again)
        return self.hand.says(question)

    def _changed_group(self, group: Question, again: Said) -> Said:
        entries = list(again.entries)
        at = self.rng.randrange(len(entries))
        if self.rng.random() < 0.5:
            entries[at] = {**entries[at], **self._one_child(group, f"{group.id}.{at}")}
        elif len(entries) < group.maximum_entries:
            entries.append(self.hand.entry(group, f"{group.id}.{len(entries)}"))
        return as_group(group.id, tuple(entries))

    def _one_child(self, group: Question, prefix: str) -> Mapping[str, Said]:
        child = self.rng.choice(asked_in(group))
        return {child.id: self.hand.says(child, f"{prefix}.{child.id}")}

    # ------------------------------------------------------------ saving

    def save(self, section: Section, page: Page, said: Mapping[str, Said]) -> None:
        """Send a page and leave it, and compare what is kept with what was meant."""
        questions = tuple(question for question in page.questions if question.id in said)
        fields = {name: values for each in said.values() for name, values in each.fields.items()}
        self.sent.append((questions, fields))
        found = self.engine.read(questions, fields, saved=self.answers, today=TODAY, write_only=True)
        version, mine = self.versions[section.id], self.stored[section.id]
        merged = self.engine.merge(mine, found, base=version, version=version, at=AT, by=LINK)
        assert not merged.conflicts
        troubled = {problem.field.partition(".")[0] for problem in found.problems}
        assert troubled == {name for name, each in said.items() if each.has_bad}, (fields, found.problems)
        self._keep(section, page, dict(merged.answers), troubled)
        self._compare(questions, said)

    def _keep(self, section: Section, page: Page, mine: dict[str, Any], troubled: set[str]) -> None:
        version = self.versions[section.id]
        self.answers |= mine
        self.shown, counted = self.engine.walk(self.form, self.answers)
        asked = frozenset(question.id for question in page.questions if question.kind is not Kind.DISPLAY)
        skipped = merge.skip(asked & self.shown - troubled, mine)
        self._store(section, mine | merge.stamped(skipped, version, AT, LINK))
        self.versions[section.id] = version + 1
        if self.watched:
            self.engine.triage(counted, today=TODAY)
        self.engine.missing(self.form, self.answers, page.questions, walked=(self.shown, counted))

    def _store(self, section: Section, mine: dict[str, Any]) -> None:
        self.stored[section.id] = mine
        self.answers |= mine

    def _compare(self, questions: Iterable[Question], said: Mapping[str, Said]) -> None:
        for question in questions:
            before = self.meant.get(question.id)
            self.meant[question.id] = after(question, before, said[question.id])
            kept = _plain(self.answers.get(question.id))
            assert kept == self.meant[question.id], (question.id, said[question.id].fields, before)
            self._note(question, said[question.id])
        hidden_private = {q.id for part in self.form.sections if part.private for q in part.questions()}
        assert self._is_alone() or not hidden_private & self.shown

    def _is_alone(self) -> bool:
        said = {name: (self.meant.get(name) or {}).get("value") for name in ("pre_private", "pre_who")}
        return said["pre_private"] in {"yes", "not-sure"} and said["pre_who"] == "me"

    def _leave_for_visit(self, section: Section) -> None:
        """As the app does: what she has answered stays, the rest is kept for the visit."""
        mine = self.stored[section.id]
        for question in section.questions():
            if question.kind is not Kind.DISPLAY and not needs.settled(mine.get(question.id)):
                status = "in-person" if question.may_tell_in_person else "skipped"
                mine = mine | merge.stamped({question.id: {"status": status}}, self.versions[section.id], AT, LINK)
                self.meant[question.id] = _plain({"status": status})
        self._store(section, mine)
        self.versions[section.id] += 1
        self.shown = self.engine.walk(self.form, self.answers)[0]

    # ------------------------------------------------------------ handing in

    def _hand_in(self) -> dict[str, Answer]:
        for _ in range(ROUNDS):
            problems = self.engine.missing(self.form, self.answers)
            if not problems:
                return self._handed_in()
            self._mend({problem.field for problem in problems})
        message = f"still missing: {[problem.field for problem in problems]}"
        raise AssertionError(message)

    def _mend(self, names: set[str]) -> None:
        """Go to the first page that misses something and fill it in."""
        roots = {name.partition(".")[0] for name in names}
        section, page = next((s, p) for s, p in self._offered() if any(q.id in roots for q in p.questions))
        self.save(section, page, {q.id: self._mended(q, names) for q in self._askable(page)})

    def _mended(self, question: Question, names: set[str]) -> Said:
        again = shown_again(question, self.meant.get(question.id))
        if question.id in names or f"{question.id}.other" in names:
            return self._fuller(question, again)
        if question.kind is not Kind.GROUP:
            return again
        prefix, children = f"{question.id}.", {child.id: child for child in question.questions}
        entries = [
            {
                name: self._mended_child(children[name], f"{prefix}{at}.{name}", said, names)
                for name, said in each.items()
            }
            for at, each in enumerate(again.entries)
        ]
        return as_group(question.id, tuple(entries), again.answer)

    def _mended_child(self, child: Question, name: str, said: Said, names: set[str]) -> Said:
        return self.hand.surely(child, name) if {name, f"{name}.other"} & names else said

    def _fuller(self, question: Question, again: Said) -> Said:
        if question.kind is not Kind.GROUP:
            return self.hand.surely(question)
        entries = [
            each
            if any(said.answer for said in each.values())
            else {c.id: self.hand.surely(c, f"{question.id}.{at}.{c.id}") for c in asked_in(question)}
            for at, each in enumerate(again.entries or ({},))
        ]
        return as_group(question.id, tuple(entries))

    def _handed_in(self) -> dict[str, Answer]:
        """Nothing that was meant and is shown is lost, nothing that is hidden is handed in."""
        shown, counted = self.engine.walk(self.form, self.answers)
        slow = Brute(self.form, {name: answer for name, answer in self.meant.items() if answer is not None})
        handed = {name: plain for name, answer in counted.items() if (plain := _plain(answer)) is not None}
        assert shown == slow.shown()
        assert slow.unanswered() == set()
        assert handed == slow.counted()
        self.engine.triage(counted, today=TODAY)
        return handed

    # ------------------------------------------------------------ what was reached

    def _note(self, question: Question, said: Said) -> None:
        if question.id in self.shown:
            self.reached |= {(question.id, ""), *((question.id, code) for code in _codes(self.meant[question.id]))}
        for each in said.entries:
            for name, inner in each.items():
                self.reached |= {(name, ""), *((name, code) for code in _codes(inner.answer))}


def _plain(answer: Any) -> Any:
    """An answer without its marks; None when there is none."""
    if answer is None or answer.get("status") == "skipped":
        return None
    return {key: value for key, value in answer.items() if key not in {"r", "at", "by"}}


def _codes(answer: Answer | None) -> set[str]:
    if answer is None:
        return set()
    if "status" in answer:
        return {answer["status"]}
    value = answer["value"]
    listed = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    return {each for each in listed if isinstance(each, str)}
