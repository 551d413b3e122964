"""Problems, precautions, medicines and allergies of a patient, each with where it is said and when.

Nothing here is kept: it is read from the newest signed note that says it and from the newest answers, so there is no
second truth to correct.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.clinical.values import value
from intake.forms import disclosure
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form, Kind, Question, Tier
from intake.forms.words import Translate, entry, say

# Which questions say something of a part, by their ids: of a note, and of what a patient is asked.
NOTED: Mapping[str, tuple[str, ...]] = {
    "problems": ("dx", "dx_apart", "im_factors", "im_impression"),
    "precautions": ("im_precautions",),
    "medicines": ("hi_medicines",),
    "allergies": (),
}
TOLD: Mapping[str, tuple[str, ...]] = {
    "problems": ("mh_conditions", "mh_surgery"),
    "precautions": ("ob_preg_now", "mh_implants", "mh_infection_now"),
    "medicines": ("med_any", "med_list"),
    "allergies": ("alg_any", "alg_known", "alg_reaction"),
}
PARTS = tuple(NOTED)
SAYS_NO = frozenset({"no", "none"})
NO_IS_SAID = frozenset({"med_any", "alg_any"})  # here "no" is worth knowing, and "yes" is told by what follows
LOOKS_THROUGH = 5  # signed notes that ask about a part, before it counts as said by none
LATEX, LUBRICANT = ("latex",), ("lubric", "paraben", "glycerin", "glycerol", "propylene glycol")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something is said: in a signed note ("note") or by the patient ("form"), which one, and when."""

    kind: str
    key: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Answers that may be shown, with the form they answer; `origins` says of each question where it stands.

    `beside` are lines to stand beside the words of a question: what they were corrected to.
    """

    form: Form
    answers: Answers
    origins: Mapping[str, Origin]
    beside: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is said: the question, the words, where, the tiers of what it says, and lines beside it."""

    question: str
    lines: Sequence[str]
    origin: Origin
    tiers: frozenset[Tier]
    beside: Sequence[str] = ()


Cautions = Mapping[str, Sequence[Fact]]


def cautions(told: Source | None, noted: Sequence[Source], translate: Translate = str) -> Cautions:
    """{part: what is said of it} of the newest answers and of signed notes, the newest note first."""
    return {part: [*_noted(part, noted, translate), *_told(part, told, translate)] for part in PARTS}


def asks(form: Form, part: str) -> bool:
    """Whether a note of that form has a place for a part."""
    return any(name in form.by_id for name in NOTED[part])


def says(source: Source, part: str) -> bool:
    """Whether a note says something of a part."""
    return any(_is_said(name, source.answers) for name in NOTED[part])


def _noted(part: str, noted: Sequence[Source], translate: Translate) -> Iterator[Fact]:
    """From the newest note that says anything of it: older ones are older, and not beside it."""
    source = next((each for each in noted if says(each, part)), None)
    if source is not None:
        yield from _facts(NOTED[part], source, translate)


def _told(part: str, told: Source | None, translate: Translate) -> Iterator[Fact]:
    if told is not None:
        yield from _facts(TOLD[part], told, translate)


def _facts(names: Collection[str], source: Source, translate: Translate) -> Iterator[Fact]:
    for name in names:
        if name in source.form.by_id and _is_said(name, source.answers):
            question, answer = source.form.by_id[name], source.answers[name]
            tiers = disclosure.seen(source.form, {name: answer})
            words, beside = _lines(question, answer, translate), source.beside.get(name, ())
            yield Fact(translate(question.text), words, source.origins[name], tiers, beside)


def _is_said(name: str, answers: Answers) -> bool:
    """Whether something stands there that is worth a line: no "none of these", and no "yes" that others spell out."""
    said = value(answers, name)
    if said is None or said in ("", []):
        return False
    if name in NO_IS_SAID:
        return bool(said != "yes")
    alone = said if isinstance(said, list) else [said]
    return not all(isinstance(each, str) and each in SAYS_NO for each in alone)


def _lines(question: Question, answer: Answer, translate: Translate) -> list[str]:
    if question.kind is Kind.GROUP:
        return [entry(question, item, translate) for item in answer["value"]]
    return say(question, answer, translate).splitlines()


@dataclass(frozen=True, slots=True)
class Touch:
    """What must not touch the skin: latex, lubricants; `words` are hers about it."""

    latex: bool
    lubricant: bool
    words: str

    def __bool__(self) -> bool:
        return self.latex or self.lubricant


def touch(answers: Answers) -> Touch:
    """What the newest answers say about latex and lubricants: ticked, or named in her own words.

    A warning too many costs a question; one too few can cost more. So a word is enough.
    """
    if value(answers, "alg_any") == "no":
        return Touch(latex=False, lubricant=False, words="")
    ticked = value(answers, "alg_known") or []
    named = " ".join(str(each.get("other", "")) for each in ticked if isinstance(each, Mapping))
    words = value(answers, "alg_reaction") or ""
    heard = f"{named} {words}".casefold()
    return Touch(
        latex="latex" in ticked or any(word in heard for word in LATEX),
        lubricant="lubricant" in ticked or any(word in heard for word in LUBRICANT),
        words=words,
    )
