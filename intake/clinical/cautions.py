"""Problems, precautions, medicines and allergies of a patient, each with where it is said and when.

Nothing here is kept: it is read from the newest signed note that says it and from the newest answers, so there is no
second truth to correct.
"""

from __future__ import annotations

import re
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
TOUCH = "touch"  # no part of the chart: what must not touch the skin is read from notes like one
SAYS_NO = frozenset({"no", "none"})
NO_IS_SAID = frozenset({"med_any", "alg_any"})  # here "no" is worth knowing, and "yes" is told by what follows
LOOKS_THROUGH = 5  # signed notes that ask about a part, before it counts as said by none
# What she calls them, and what a note does: there a gel, glycerin or a condom can be what is used.
LATEX = re.compile(r"latex|rubber|\bcondoms?\b|\bgloves?\b|\bballoons?\b")
LUBRICANT = re.compile(r"lubric|\blubes?\b|\bgels?\b|\bjelly\b|\bk-?y\b|paraben|glycerin|glycerol|propylene glycol")
NOTED_LATEX = re.compile(r"latex|rubber")
NOTED_LUBRICANT = re.compile(r"lubric|paraben|propylene glycol")
SPOKEN = ("hi_medicines", "im_precautions", "re_health")  # where a note speaks of allergies
SENTENCE = re.compile(r"[.;\n]+|\b(?:but|except|however)\b", re.IGNORECASE)
# A plain "no known latex or lubricant reactions", "not allergic to latex", "latex: none known". Anything else warns.
THINGS = frozenset({
    "and", "or", "any", "known", "history", "of", "previous", "latex", "rubber", "lubricant", "lubricants",
    "paraben", "parabens", "propylene", "glycol", "glycerin", "adhesive", "adhesives", "tape", "iodine",
    "silicone", "drug", "drugs", "medicine", "medicines", "medication", "medications", "food", "foods", "contact",
    "skin", "glove", "gloves",
})  # fmt: skip
NO, TO = {"no", "denies", "denied", "without", "not"}, {"to", "with", "against"}
NONE, KNOWN = {"none", "no", "denied", "negative"}, {"known", "reported"}
SIGN = ("allerg", "react", "sensitiv", "intoleran")  # how its word begins
WORDS = re.compile(r"[^\s,/:]+|:")


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
    return any(name in form.by_id for name in _places(part))


def says(source: Source, part: str) -> bool:
    """Whether a note says something of a part."""
    if part == TOUCH:
        return bool(touch({}, spoken([source])))
    return any(_is_said(name, source.answers) for name in NOTED[part])


def _places(part: str) -> tuple[str, ...]:
    return SPOKEN if part == TOUCH else NOTED[part]


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
    """What must not touch the skin: latex, lubricants; `words` are hers about it, `noted` those of signed notes."""

    latex: bool
    lubricant: bool
    words: str
    noted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.latex or self.lubricant


def touch(answers: Answers, spoken: Sequence[str] = ()) -> Touch:
    """What the newest answers say about latex and lubricants, ticked or in her own words; and what signed notes say.

    A warning too many costs a question; one too few can cost more. So a word is enough, but for a plain "none known"
    in a note, where most have one.
    """
    hers = _hers(answers)
    sentences = [each.strip() for text in spoken for each in SENTENCE.split(text) if not _denies(each)]
    noted = [each for each in sentences if _names(NOTED_LATEX, each) or _names(NOTED_LUBRICANT, each)]
    return Touch(
        latex=hers.latex or any(_names(NOTED_LATEX, each) for each in noted),
        lubricant=hers.lubricant or any(_names(NOTED_LUBRICANT, each) for each in noted),
        words=hers.words,
        noted=tuple(dict.fromkeys(noted)),
    )


def _denies(sentence: str) -> bool:
    """Whether a sentence says that there is none, and nothing beside."""
    words = WORDS.findall(sentence.casefold())
    signs = [at for at, word in enumerate(words) if word.startswith(SIGN)]
    if words and words[0] in NO and signs:
        to = words[signs[0] + 1 :]
        return THINGS.issuperset(words[1 : signs[0]]) and (not to or (to[0] in TO and THINGS.issuperset(to[1:])))
    while words and words[-1] in KNOWN:
        del words[-1]
    if not words or words.pop() not in NONE:
        return False
    if words[-1:] == [":"]:
        words.pop()
    return THINGS.issuperset(words[:-1] if words and words[-1].startswith(SIGN) else words)


def _hers(answers: Answers) -> Touch:
    if value(answers, "alg_any") == "no":
        return Touch(latex=False, lubricant=False, words="")
    ticked = value(answers, "alg_known") or []
    named = " ".join(str(each.get("other", "")) for each in ticked if isinstance(each, Mapping))
    words = value(answers, "alg_reaction") or ""
    heard = f"{named} {words}"
    return Touch(
        latex="latex" in ticked or _names(LATEX, heard),
        lubricant="lubricant" in ticked or _names(LUBRICANT, heard),
        words=words,
    )


def _names(pattern: re.Pattern[str], words: str) -> bool:
    return pattern.search(words.casefold()) is not None


def spoken(noted: Sequence[Source]) -> list[str]:
    """What some notes say where they speak of allergies."""
    return [words for each in noted for name in SPOKEN if isinstance(words := value(each.answers, name), str)]
