"""A form as it is printed to be filled in by hand: plain words, numbers to refer to, and what each question needs.

What is asked only of somebody who is alone stands last, so that it can be handed in folded. Nothing about violence is
ever asked on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from intake.forms.bodymap import regions
from intake.forms.errors import FormError
from intake.forms.model import Condition, Form, Kind, Need, Operator, Page, Question, Section, Tier, When
from intake.forms.problems import N_
from intake.forms.words import ONE_TAP_WORDS, Translate

# What only makes sense on a screen.
ON_SCREEN = frozenset({"pre_not_watched", "pre_leave", "pre_save", "pre_private"})
SAY, TICK, WRITE, NUMBER, DATE, SCALE, GRID, TABLE, RATE, ENTRY = (
    *("say", "tick", "write", "number", "date", "scale", "grid", "table", "rate", "entry"),
)  # fmt: skip
LONG_LINE = 120  # letters; what may be longer gets two lines
LINES_OF_TEXT = 4
ENTRIES, LARGE = 2, 6  # a group of more questions gets room for one entry
NAMED = 3  # a condition on more answers is not spelled out


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing on the paper. `lines` are lines to write on; `ways` boxes to leave the answer out."""

    kind: str
    text: str
    number: int = 0
    condition: str = ""
    hint: str = ""
    paragraphs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0
    low_label: str = ""
    high_label: str = ""
    lines: int = 0
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A section on paper."""

    title: str
    intro: tuple[str, ...]
    is_private: bool
    asked: tuple[Asked, ...]


def is_printable(form: Form) -> bool:
    """Whether a form may be put on paper: one for patients that asks nothing about violence.

    One that builds on what was said before, or is kept for days entry by entry, makes no sense on a blank sheet.
    """
    asked = [each for question in form.questions() for each in (question, *question.questions, *question.columns)]
    is_blank = not any(each.log or (each.recall and not each.preset) for each in asked)
    return form.audience == "patient" and is_blank and all(each.tier is not Tier.SAFETY for each in asked)


def has_agreements(form: Form) -> bool:
    """Whether a signature under it is for something that was agreed to."""
    return any(question.kind is Kind.CONSENT for question in form.questions())


def parts(form: Form, translate: Translate = str) -> tuple[PaperPart, ...]:
    """The sections of a patient's form, the private ones last; FormError for a form that is never put on paper."""
    if not is_printable(form):
        message = f"{form.id} is never put on paper"
        raise FormError(message)
    sections = in_order(form)
    writer = _Writer(form, numbers(form), translate)
    found = [
        PaperPart(
            translate(section.heading),
            writer.paragraphs(section.intro),
            section.private,
            tuple(writer.section(section)),
        )
        for section in sections
    ]
    return tuple(part for part in found if part.asked)


def in_order(form: Form) -> tuple[Section, ...]:
    """The sections as they come on paper: the private ones last."""
    return tuple(sorted(form.sections, key=lambda section: section.private))


@lru_cache(maxsize=64)
def numbers(form: Form) -> Mapping[str, int]:
    """{question: its number on the paper}."""
    asked = [q.id for section in in_order(form) for q in section.questions() if _is_counted(q)]
    return {name: number for number, name in enumerate(asked, 1)}


def _is_counted(question: Question) -> bool:
    return question.kind is not Kind.DISPLAY and question.id not in ON_SCREEN


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts questions into words for paper."""

    form: Form
    numbers: Mapping[str, int]
    say: Translate

    def paragraphs(self, text: str) -> tuple[str, ...]:
        """A text of several paragraphs."""
        return tuple(each.strip() for each in self.say(text).split("\n\n") if each.strip()) if text else ()

    def section(self, section: Section) -> Iterator[Asked]:
        """Everything a section asks, with the condition of a page before its first question."""
        opens = self.condition(section.when)
        for page in section.pages:
            found = list(self.page(page))
            start = " ".join(dict.fromkeys(part for part in (opens, self.condition(page.when)) if part))
            if found and start:
                yield Asked(SAY, "", condition=self.spanning(start, [each.number for each in found if each.number]))
                opens = ""
            yield from (replace(each, condition="") if each.condition == start else each for each in found)

    def spanning(self, condition: str, numbers: list[int]) -> str:
        """A condition with the questions it is about, where those are several."""
        if len(numbers) < 2:  # noqa: PLR2004 - one question stands right below
            return condition
        return self.say(N_("Questions {first} to {last}. {condition}")).format(
            first=numbers[0], last=numbers[-1], condition=condition
        )

    def page(self, page: Page) -> Iterator[Asked]:
        """The questions of a page, those inside groups after their group."""
        for question in page.questions:
            if question.id not in ON_SCREEN:
                asked = self.question(question)
                yield replace(
                    asked,
                    number=self.numbers.get(question.id, 0),
                    condition=self.condition(question.when, before=self.numbers.get(question.id, 0) - 1),
                )
                if question.kind is Kind.GROUP:
                    yield from self.entries(question)

    def entries(self, group: Question) -> Iterator[Asked]:
        """Room for the first few entries."""
        siblings = {child.id: child for child in group.questions}
        room = ENTRIES if len(group.questions) <= LARGE else 1
        for number in range(1, min(group.maximum_entries or room, room) + 1):
            name = self.say(group.entry_name or N_("entry"))
            yield Asked(ENTRY, f"{name[:1].upper()}{name[1:]} {number}")
            for child in group.questions:
                yield replace(self.question(child), condition=self.condition(child.when, siblings))
        yield Asked(
            SAY, "", hint=self.say(N_("For one more, write on a sheet of your own, or ask us for this page again."))
        )

    def question(self, question: Question) -> Asked:
        """One question with what it takes to answer it by hand."""
        text = self.say(question.text)
        plain = Asked("", text, hint=self.hint(question), ways=self.ways(question))
        options = tuple(self.say(option.text) for option in question.options)
        more = (self.say(N_("Something else:")),) if question.other else ()
        match question.kind:
            case Kind.DISPLAY:
                return Asked(SAY, text, paragraphs=self.paragraphs(question.body))
            case Kind.YES_NO:
                codes = ("yes", "no", "not-sure") if question.not_sure else ("yes", "no")
                return replace(plain, kind=TICK, options=tuple(self.say(ONE_TAP_WORDS[code]) for code in codes))
            case Kind.CHOICE | Kind.CHOICES | Kind.CONSENT:
                body = self.paragraphs(question.body) if question.body else ()
                return replace(plain, kind=TICK, options=(*options, *more), lines=len(more), paragraphs=body)
            case Kind.NUMBER:
                return replace(plain, kind=NUMBER, options=tuple(self.say(unit.text) for unit in question.units))
            case Kind.DATE:
                return replace(plain, kind=DATE)
            case Kind.SCALE:
                return self.scale(plain, question)
            case Kind.GRID:
                return self.grid(plain, question)
            case Kind.MAP:
                places = tuple(self.say(region.text) for region in regions(question.map))
                return replace(plain, kind=RATE if question.rated else TICK, options=places)
            case Kind.GROUP:
                return replace(plain, kind=SAY)
            case _:
                long = LINES_OF_TEXT if question.kind is Kind.TEXT else 1 + (question.max_length > LONG_LINE * 2)
                return replace(plain, kind=WRITE, lines=long)

    def hint(self, question: Question) -> str:
        """What stands under a question; what is set for her on a screen is not hers to tick."""
        if question.preset and question.options:
            return self.say(N_("Leave this one to your therapist."))
        return "" if question.kind is Kind.MAP else self.say(question.hint or "")

    def scale(self, plain: Asked, question: Question) -> Asked:
        """Circles between the words of the two ends."""
        low, high = (self.say(label) if label else "" for label in (question.low_label, question.high_label))
        ends = int(question.minimum or 0), int(question.maximum or 0)
        return replace(plain, kind=SCALE, lowest=ends[0], highest=ends[1], low_label=low, high_label=high)

    def grid(self, plain: Asked, question: Question) -> Asked:
        """Boxes where a row takes one of some options, room to write where it takes several things."""
        rows, across = (tuple(self.say(row.text) for row in question.rows), question.columns or question.options)
        kind = TABLE if question.columns else GRID
        return replace(plain, kind=kind, rows=rows, options=tuple(self.say(each.text) for each in across))

    def ways(self, question: Question) -> tuple[str, ...]:
        """The boxes to leave an answer out."""
        declines = question.may_decline or question.need is Need.OR_DECLINED
        found = [N_("Prefer not to say")] if declines else []
        found += [N_("I\u2019d rather say it in person")] if question.may_tell_in_person else []
        return tuple(self.say(each) for each in found)

    def condition(self, when: When, siblings: Mapping[str, Question] | None = None, before: int = -1) -> str:
        """Who answers, as one would say it: "If yes:" right below, else with the number of the question."""
        if not when.conditions:
            return ""
        listed = [each for each in when.conditions if each.question not in ON_SCREEN]
        names = list(dict.fromkeys(each.question.partition(".")[0] for each in listed))
        if len(names) != 1:
            return self.fits(names) if names else ""
        asked = (siblings or {}).get(names[0]) or self.form.by_id.get(names[0])
        return self.chosen(listed, asked, names, siblings or {}, before)

    def chosen(
        self, listed: list[Condition], asked: Question | None, names: list[str], siblings: Mapping[str, Question],
        before: int,
    ) -> str:  # fmt: skip
        """The words for conditions on one question; vague ones where its answers have no words of their own."""
        same = {each.operator for each in listed} <= {Operator.EQUAL, Operator.CONTAINS}
        words = [found for each in listed if (found := _said(asked, each)) is not None]
        if len(words) > NAMED:
            return self.fits(names)
        if asked is None or not same or len(words) < len(listed) or any("." in each.question for each in listed):
            return self.fits(names)
        answers = " / ".join(f"\u201c{self.say(each)}\u201d" for each in words)
        if names[0] in siblings:
            return self.say(N_("If you chose {answers} at \u201c{question}\u201d:")).format(
                answers=answers, question=self.say(asked.text)
            )
        number = self.numbers.get(names[0], 0)
        if number == before and words == ["Yes"]:
            return self.say(N_("If yes:"))
        return self.say(N_("If you chose {answers} at question {number}:")).format(answers=answers, number=number)

    def fits(self, names: list[str]) -> str:
        """Kept vague on purpose: some conditions are about a loss."""
        numbers = sorted(self.numbers[name] for name in names if name in self.numbers)
        if not numbers:
            return self.say(N_("Only if this fits for you:"))
        if len(numbers) == 1:
            return self.say(N_("Only if this fits what you said at question {number}:")).format(number=numbers[0])
        listed = ", ".join(map(str, numbers))
        return self.say(N_("Only if this fits what you said at questions {numbers}:")).format(numbers=listed)


def _said(asked: Question | None, condition: Condition) -> str | None:
    """The words of the answer a condition names."""
    if asked is None:
        return None
    if asked.kind is Kind.YES_NO:
        return ONE_TAP_WORDS.get(str(condition.answer))
    return next((option.text for option in asked.options if option.code == condition.answer), None)
