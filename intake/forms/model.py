"""A published form as data: sections hold pages, pages hold questions.

Kinds and conditions follow the FHIR R4 Questionnaire (item.type, item.enableWhen), so that a form can be
exchanged without losing meaning. docs/forms.md describes the TOML files these classes are read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What sort of answer a question takes."""

    DISPLAY = "display"
    YES_NO = "yes-no"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    STRING = "string"
    TEXT = "text"
    SCALE = "scale"
    GRID = "grid"
    GROUP = "group"
    MAP = "map"
    CONSENT = "consent"


class Tier(StrEnum):
    """Who an answer may reach, lowest first: front desk, care team, sensitive, safety."""

    DESK = "desk"
    CARE = "care"
    SENSITIVE = "sensitive"
    SAFETY = "safety"

    @property
    def rank(self) -> int:
        """0 for desk up to 3 for safety, so that tiers can be compared."""
        return RANKS[self]


RANKS = {tier: rank for rank, tier in enumerate(Tier)}


class Need(StrEnum):
    """Whether the page may be left without an answer."""

    REQUIRED = "required"
    OR_DECLINED = "required-or-declined"
    OPTIONAL = "optional"


class Operator(StrEnum):
    """FHIR R4 questionnaire-enable-operator, plus `contains` for questions with several answers."""

    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="
    CONTAINS = "contains"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Condition:
    """True when the answer to an earlier question compares as stated. No answer is never a match."""

    question: str
    operator: Operator
    answer: str | int | bool | Decimal | None = None


@dataclass(frozen=True, slots=True)
class When:
    """All, or any, of the conditions must hold. No conditions: always."""

    conditions: tuple[Condition, ...] = ()
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. `exclusive` clears the others ("none of these")."""

    code: str
    text: str
    hint: str = ""
    exclusive: bool = False
    score: int | None = None
    loinc: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit a number may be given in. `factor` and `offset` turn it into the first unit of the question."""

    code: str
    text: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing we ask, or say (`display`)."""

    id: str
    kind: Kind
    text: str
    tier: Tier
    need: Need = Need.OPTIONAL
    hint: str = ""
    why: str = ""
    body: str = ""
    when: When = field(default_factory=When)
    options: tuple[Option, ...] = ()
    may_decline: bool = False
    may_tell_in_person: bool = False
    not_sure: bool = False
    other: bool = False
    units: tuple[Unit, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    decimals: int = 0
    past: bool = False
    approximate: bool = False
    low_label: str = ""
    high_label: str = ""
    max_length: int = 200
    rows: tuple[Option, ...] = ()
    columns: tuple[Question, ...] = ()
    questions: tuple[Question, ...] = ()
    minimum_entries: int = 0
    maximum_entries: int = 0
    entry_name: str = ""
    map: str = ""
    rated: bool = False
    examined: bool = False
    autocomplete: str = ""
    loinc: str = ""
    quotes: tuple[str, ...] = ()
    prefill: str = ""
    none: str = ""
    fold: bool = False
    rows_of: str = ""
    recall: tuple[str, ...] = ()
    preset: bool = False
    quiet: bool = False
    hushed: bool = False
    log: bool = False
    time: bool = False
    words: str = ""
    picks: str = ""
    ready: int = 0

    @property
    def codes(self) -> frozenset[str]:
        """Every code the options allow."""
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked together and saved together.

    `none` are the words of a button that says "nothing here" to all of it; `fold` those of what is folded away.
    How its findings were measured is said in words (`position`, `method`), or by the answer to a question that stands
    before them (`position_from`, `method_from`). `instrument` names the drawing or table they are shown with.
    """

    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    when: When = field(default_factory=When)
    none: str = ""
    fold: str = ""
    position: str = ""
    method: str = ""
    position_from: str = ""
    method_from: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form that is stored, sealed and shown as a whole."""

    id: str
    title: str
    pages: tuple[Page, ...]
    tier: Tier
    intro: str = ""
    heading: str = ""
    minutes: int = 2
    private: bool = False
    skippable: bool = False
    when: When = field(default_factory=When)
    print: str = ""
    quotes: tuple[str, ...] = ()

    def questions(self) -> Iterator[Question]:
        """Every question of the section, in order, not looking inside groups."""
        for page in self.pages:
            yield from page.questions


@dataclass(frozen=True, eq=False)
class Form:
    """One published version of a form. It is never changed: new wording is a new version.

    Where the words are somebody else's, `holder` may use them, until the day `until`; then it is asked no more.

    Compared by identity: the reader keeps one object a version, and hashing hundreds of questions costs time.
    """

    id: str
    version: int
    title: str
    audience: str
    language: str
    sections: tuple[Section, ...]
    private_when: When = field(default_factory=When)
    holder: str = ""
    until: date | None = None

    def section(self, section_id: str) -> Section:
        """The section of that id; KeyError when there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def questions(self) -> Iterator[Question]:
        """Every question in the order it is asked."""
        for section in self.sections:
            yield from section.questions()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id, children of groups left out."""
        return {question.id: question for question in self.questions()}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section each question stands in, by question id."""
        return {question.id: section for section in self.sections for question in section.questions()}
