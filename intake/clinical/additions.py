"""What can be added to a signed note, each signed itself. What was signed before stays as it is, and readable.

An addendum, a late entry, a correction, the answer to a patient's wish to have something changed, and what she says to
a denial.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from intake.clinical.free_text import is_written, written
from intake.forms.conditions import Answers
from intake.forms.model import Form, Kind, Question, Tier
from intake.forms.problems import N_
from intake.forms.words import entry, say

ADDENDUM, LATE, CORRECTION = "addendum", "late-entry", "correction"
AMENDMENT, DISAGREEMENT = "amendment", "disagreement"
ADDITIONS: Final = frozenset({ADDENDUM, LATE, CORRECTION, AMENDMENT, DISAGREEMENT})
CORRECTIONS: Final = frozenset({CORRECTION, AMENDMENT})  # those that can change words of the note
ACCEPTED, DENIED = "accepted", "denied"
SOURCES: Final = (
    ("records", N_("Records made at the visit")),
    ("memory", N_("Memory")),
    ("both", N_("Records made at the visit, and memory")),
)
# On what ground a wish may be denied: 45 CFR 164.526(a)(2).
GROUNDS: Final = (
    ("accurate", N_("The record is accurate and complete")),
    ("not-ours", N_("The record was not made here, and who made it can be asked")),
    ("not-in-set", N_("It is not part of the record a patient may see and have changed")),
)
# Who reads it is said by whoever signs it; a correction is for whoever reads what it corrects.
EVERYBODY, THERAPISTS, AS_THE_FIELD = "everybody", "therapists", "as-the-field"
READERS: Final = (
    (EVERYBODY, N_("Everybody who treats the patient, and every printed chart")),
    (THERAPISTS, N_("The patient\u2019s therapists alone")),
)
NAMES: Final = dict((*SOURCES, *GROUNDS))  # the words for each code of both
LONG_ENOUGH: Final = 25  # characters from which words are known again in another field
# What a word or number is not cut out of: 2 of 2.5, 4 of 4-, 7 of 3/6/4//7, can of can't.
BEFORE: Final = r"(?<![\w/+\u2212\u2013-])(?<!\d[.,:])(?<!\w['\u2019])"
AFTER: Final = r"(?![\w/+\u2212\u2013-]|[.,:]\d|['\u2019]\w)"

EMPTY = N_("Please write what you want to add.")
NO_SUCH_FIELD = N_("Please choose what is corrected.")
NOT_THERE = N_("These words do not stand there. Copy them as they stand, or leave this blank to replace all of it.")
CORRECTED = N_("These words were corrected already. Copy those that stand there now, or leave this blank.")
REPEATED = N_("This very correction was signed already. If you mean another place, copy more of the words around it.")
THE_SAME = N_("This is what stands there already.")
NO_REASON = N_("Please give the reason.")
NO_GROUND = N_("Please choose on what ground it is denied.")
NO_SOURCE = N_("Please choose what it is written from.")
NO_READERS = N_("Please choose who reads it.")


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a note that were wrong, under which question, and what stands in their place."""

    question: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a patient asked to have changed: their words, when it was received, the id of the row, and for whom."""

    id: str
    received_on: date
    words: str
    readers: str = ""

    @property
    def tier(self) -> Tier:
        """The tier of the words; nobody reads more of them than it was said when they were received."""
        return tier_for(self.readers)


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition. What a kind does not use is empty. `ground` is why a wish was denied, as a code of GROUNDS.

    `readers` is empty in what was signed before anybody was asked.
    """

    kind: str
    text: str = ""
    reason: str = ""
    source: str = ""
    change: Change | None = None
    asked: Asked | None = None
    decision: str = ""
    ground: str = ""
    readers: str = ""

    def tier(self, corrected: Question | None) -> Tier:
        """The tier of its words: that which its signer chose, and never below that of the question it corrects."""
        if self.readers == AS_THE_FIELD and corrected is not None:
            return corrected.tier
        return max(tier_for(self.readers), corrected.tier if corrected else Tier.CARE, key=lambda tier: tier.rank)

    def tiers(self, corrected: Question | None) -> frozenset[Tier]:
        """The tiers of all it holds: its own, and that of the wish it is about."""
        return frozenset({self.tier(corrected)} | ({self.asked.tier} if self.asked and self.asked.words else set()))

    def below(self, tiers: Container[str], corrected: Question | None) -> Addition | None:
        """What whoever may see these tiers reads of its words: all, all but those of the wish, or nothing."""
        if self.tier(corrected) not in tiers:
            return None
        is_whole = self.asked is None or self.asked.tier in tiers
        return self if is_whole or self.asked is None else replace(self, asked=replace(self.asked, words=""))

    @property
    def body(self) -> dict[str, Any]:
        """What is signed of it, without what is empty."""
        change, asked = self.change, self.asked
        whole = {
            "text": self.text,
            "reason": self.reason,
            "source": self.source,
            "decision": self.decision,
            "ground": self.ground,
            "readers": self.readers,
            "change": {"question": change.question, "old": change.old, "new": change.new} if change else None,
            "request": _body_of(asked) if asked else None,
        }
        return {name: value for name, value in whole.items() if value}


def _body_of(asked: Asked) -> dict[str, Any]:
    whole = {"id": asked.id, "received_on": asked.received_on.isoformat(), "words": asked.words}
    return {**whole, "readers": asked.readers} if asked.readers else whole


def tier_for(readers: str) -> Tier:
    """The tier that fits who reads something. It can be about anything, so it is private unless somebody said else."""
    return Tier.CARE if readers == EVERYBODY else Tier.SENSITIVE


def read(kind: str, said: Mapping[str, Any]) -> Addition | None:
    """The addition that signed bytes say; None for what is none. ValueError, KeyError or TypeError for a broken one."""
    if kind not in ADDITIONS:
        return None
    change, asked = said.get("change"), said.get("request")
    return Addition(
        kind=kind,
        text=said.get("text", ""),
        reason=said.get("reason", ""),
        source=said.get("source", ""),
        change=Change(change["question"], change["old"], change["new"]) if change else None,
        asked=_asked(asked) if asked else None,
        decision=said.get("decision", ""),
        ground=said.get("ground", ""),
        readers=said.get("readers", ""),
    )


def _asked(said: Mapping[str, Any]) -> Asked:
    return Asked(said["id"], date.fromisoformat(said["received_on"]), said["words"], said.get("readers", ""))


def addendum(text: str, readers: str) -> Addition:
    """Something new, after the note."""
    return Addition(ADDENDUM, text=text.strip(), readers=readers)


def late(text: str, reason: str, source: str, readers: str) -> Addition:
    """What belongs to the visit and was not written down then."""
    return Addition(LATE, text=text.strip(), reason=reason.strip(), source=source, readers=readers)


def correction(change: Change, reason: str) -> Addition:
    """Words that were wrong, and those in their place."""
    return Addition(CORRECTION, reason=reason.strip(), change=change, readers=AS_THE_FIELD)


def accepted(asked: Asked, change: Change, reason: str, readers: str) -> Addition:
    """What a patient asked for, done."""
    return Addition(AMENDMENT, reason=reason.strip(), change=change, asked=asked, decision=ACCEPTED, readers=readers)


def denied(asked: Asked, ground: str, reason: str, readers: str) -> Addition:
    """What a patient asked for, not done, and why."""
    return Addition(AMENDMENT, reason=reason.strip(), ground=ground, asked=asked, decision=DENIED, readers=readers)


def disagreement(asked: Asked, text: str, readers: str) -> Addition:
    """What a patient says to a denial, in their own words."""
    return Addition(DISAGREEMENT, text=text.strip(), asked=asked, readers=readers)


def problems(form: Form, answers: Answers, new: Addition, before: Iterable[Addition] = ()) -> dict[str, str]:
    """{field: English text} of what keeps an addition to a note from being signed; empty when nothing does.

    `before` is what was added already: what a correction says can be corrected too.
    """
    found: dict[str, str] = {}
    if new.kind in {ADDENDUM, LATE, DISAGREEMENT} and not new.text:
        found["text"] = EMPTY
    if new.kind not in {ADDENDUM, DISAGREEMENT} and not new.reason:
        found["reason"] = NO_REASON
    if new.kind == LATE and new.source not in dict(SOURCES):
        found["source"] = NO_SOURCE
    if new.decision == DENIED and new.ground not in dict(GROUNDS):
        found["ground"] = NO_GROUND
    if new.readers not in ({AS_THE_FIELD} if new.kind == CORRECTION else dict(READERS)):
        found["readers"] = NO_READERS
    if new.kind == CORRECTION or new.decision == ACCEPTED:
        found |= _wrong(form, answers, new.change or Change("", "", ""), [each.change for each in before])
    return found


def _wrong(form: Form, answers: Answers, change: Change, before: Iterable[Change | None]) -> dict[str, str]:
    signed = texts(form, answers).get(change.question)
    if signed is None:
        return {"question": NO_SUCH_FIELD}
    since = [each for each in before if each and each.question == change.question]
    stages = _stages(signed, since)
    if found := _misplaced(change, signed, since) if stages[-1] is None else _gone(change, stages):
        return {"old": found}
    if not change.new.strip():
        return {"new": EMPTY}
    if _plain(change.new) == _plain(change.old):
        return {"new": THE_SAME}
    is_known = stages[-1] is not None
    return {} if is_known or _said(change) not in map(_said, since) else {"new": REPEATED}


def _gone(change: Change, stages: Sequence[str | None]) -> str:
    """Why the old words of a correction cannot be corrected, where it is known what stands there now."""
    there = [bool(change.old) and _plain(change.old) in _plain(text) for text in stages if text is not None]
    return "" if there[-1] else CORRECTED if any(there) else NOT_THERE


def _misplaced(change: Change, signed: str, since: Iterable[Change]) -> str:
    """The same where it is not known: whoever copies from signed words and corrections has each word from there."""
    told = "\n".join((signed, *(each.new for each in since)))
    words = change.old.split()
    return "" if words and all(word in told for word in words) else NOT_THERE


def _said(change: Change) -> tuple[str, str]:
    return _plain(change.old), _plain(change.new)


def now(question: str, signed: str, changes: Iterable[Change]) -> str | None:
    """What stands under a question: the words that were signed, with every correction of them in its turn.

    None where nobody can say so: the old words of one stood there more than once, within other words, or not at all.
    """
    return _stages(signed, [each for each in changes if each.question == question])[-1]


def _stages(signed: str, changes: Sequence[Change]) -> list[str | None]:
    """The words of one question as they were signed, and after each correction; None where that is not known."""
    stages: list[str | None] = [signed]
    for place, change in enumerate(changes):
        text = stages[-1]
        if text is None:
            is_elsewhere = any(stands(each.new, change) for each in changes[:place])
            stages.append(change.new if _plain(change.old) == _plain(signed) and not is_elsewhere else None)
        else:
            stages.append(_after(text, change))
    return stages


def _after(text: str, change: Change) -> str | None:
    if _plain(text) == _plain(change.old):
        return change.new
    there = list(_place(change.old).finditer(text))
    if len(there) != 1:
        return None
    start, end = there[0].span("words")
    return text[:start] + change.new + text[end:]


def _place(words: str) -> re.Pattern[str]:
    """Each place where words stand as words of their own, however they are broken into lines; places may overlap."""
    plain = words.strip()
    before, after = BEFORE if plain[:1].isalnum() else "", AFTER if plain[-1:].isalnum() else ""
    escaped = r"\s+".join(map(re.escape, plain.split()))
    pattern = f"{before}(?=(?P<words>{escaped}){after})"  # of what was typed only letters that stand for themselves
    return re.compile(pattern)


def texts(form: Form, answers: Answers) -> dict[str, str]:
    """{question: what was written}, in the words of the form, for all that was answered."""
    found = {
        q.id: text_of(q, answers[q.id]) for q in form.questions() if q.id in answers and q.kind is not Kind.DISPLAY
    }
    return {name: text for name, text in found.items() if text}


def text_of(question: Question, answer: Any) -> str:
    """One answer as text, an entry of a group a line."""
    if question.kind is Kind.GROUP and "value" in answer:
        return "\n".join(entry(question, item) for item in answer["value"])
    return say(question, answer)


def copied(asked: Question, form: Form, answers: Answers, change: Change) -> set[str]:
    """The questions in whose own words the old ones of a correction under `asked` stand, too many for chance.

    What is chosen from a list reads alike wherever it is chosen, so it is nobody's own words.
    """
    own = any(is_written(each) for each in (asked, *asked.questions, *asked.columns))
    if not own or len(_plain(change.old)) < LONG_ENOUGH:
        return set()
    return {name for name, text in written(form, answers) if stands(text, change)}


def stands(text: str, change: Change) -> bool:
    """Whether a text still holds the old words of a correction."""
    return _plain(change.old) in _plain(text)


def replaces(text: str, change: Change) -> bool:
    """Whether a correction puts something in the place of all of a text."""
    return _plain(change.old) == _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.split())
