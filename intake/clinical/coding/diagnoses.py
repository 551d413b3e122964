"""What is to be said about the diagnoses of a note: what cannot be signed, and what to look at again.

Rules of the tabular list of ICD-10-CM (icd10.toml). The puerperium is the six weeks after a birth.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from intake.clinical.additions import Change
from intake.clinical.coding import codes
from intake.clinical.coding.codes import Lists, begins
from intake.forms.conditions import Answers, given
from intake.forms.problems import N_

PUERPERIUM: Final = 42  # days
PART: Final = re.compile(r"[:;\n]")  # what stands between the fields and the entries of diagnoses, in one text
OPEN, APART = ("dx", "dx_code"), ("dx_apart", "dxa_code")

NO_CODE = N_("This begins with no ICD-10-CM code. Write the code first, such as N39.3, or pick from the list.")
HEADING = N_("%(code)s is only a heading. Pick one of the codes under it, such as %(under)s.")
HEADING_ALONE = N_("%(code)s is only a heading. Pick one of the codes under it.")
ONE = N_(
    "One line takes one code, and %(others)s stands behind %(code)s. Write it in a line of its own, or take it out."
)
REFUSED = N_("%(code)s belongs to the record of the delivery alone. Take it out.")
MOVE = N_(
    "%(code)s is one of the codes that are kept apart: on a bill it can tell whoever holds the insurance. "
    "Move it to \u201cDiagnoses that are kept apart\u201d."
)
NOT_VALID = N_("%(code)s is not a code that can be billed on %(day)s.")
TWICE = N_("%(code)s stands here twice.")
UNKNOWN = N_("%(code)s is not in the list here. Check that it exists on the day of the visit.")
UNSUITED = N_("%(code)s is for the routine check by the maternity provider, not for a therapist\u2019s treatment.")
EXCLUDED = N_("%(one)s and %(other)s exclude each other (Excludes1). Keep the one that fits.")
ALSO = N_("%(code)s: %(why)s (%(add)s)")
NOTE = N_("%(code)s: %(why)s")
LATE = N_(
    "%(code)s is for the six weeks after a birth. Later it needs a provider\u2019s word that it comes from the birth."
)
DELIVERY = N_(
    "%(code)s describes the delivery itself. For treatment code what came of it, and %(sequela)s behind it if it fits."
)
FIRST = N_("%(code)s comes before codes of other chapters on a claim.")
BEHIND = N_("%(code)s stands behind the condition it left.")
ASK = N_(
    "%(code)s would go on the bill. An explanation of benefits goes to whoever holds the insurance: offer to have mail "
    "sent elsewhere, and record what the patient said."
)
REMINDERS: Final = frozenset({ALSO, NOTE, ASK})


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one field ("dx.0.dx_code"): an English text with its parts, and whether it stops signing."""

    field: str
    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A diagnosis as it was written: its field, its code, whether it is kept apart, and whether it goes on the bill.

    None of those that are kept apart goes there from among the others.
    """

    field: str
    code: str
    text: str
    is_apart: bool = False
    on_bill: bool = True
    asked: bool = True


def written(answers: Answers) -> tuple[Written, ...]:
    """The diagnoses of a note, the treatment diagnosis first, those that are kept apart last."""
    return tuple(_written(answers))


def _written(answers: Answers) -> Iterator[Written]:
    for group, name in (OPEN, APART):
        for index, entry in enumerate(given(answers.get(group)) or ()):
            text = given(entry.get(name)) or ""
            if not text:
                continue
            is_apart, code = group == APART[0], codes.diagnosis(text)
            on_bill = given(entry.get("dxa_bill")) == "yes" if is_apart else not codes.is_apart(code)
            asked = given(entry.get("dxa_confidential")) in {"declined", "wanted"}
            yield Written(f"{group}.{index}.{name}", code, text, is_apart, on_bill, not is_apart or asked)


def mentioned(answers: Answers) -> frozenset[str]:
    """The codes of a note that have to be looked up: those written down, and what else may be one in their lines."""
    found = written(answers)
    return frozenset(code for each in found for code in (each.code, *codes.within(each.text)) if code)


def remarks(answers: Answers, lists: Lists, *, on: date, birth: date | None = None) -> tuple[Remark, ...]:
    """Everything to say about the diagnoses of a note for a visit `on` a day, `birth` being her latest birth."""
    return _remarks(written(answers), lists, on, birth)


def _remarks(found: Sequence[Written], lists: Lists, on: date, birth: date | None) -> tuple[Remark, ...]:
    return (
        *(remark for each in found for remark in _of_one(each, lists, on, birth)),
        *_of_two(found),
        *_of_order(found),
    )


def _of_one(each: Written, lists: Lists, on: date, birth: date | None) -> Iterator[Remark]:
    if not each.code:
        yield Remark(each.field, NO_CODE, stops=True)
        return
    said = {"code": each.code}
    told = codes.rules()
    if begins(each.code, told["refused"]):
        yield Remark(each.field, REFUSED, said, stops=True)
        return
    yield from _of_existence(each, lists, on)
    if codes.is_apart(each.code) and not each.is_apart:
        yield Remark(each.field, MOVE, said, stops=True)
    if each.is_apart and each.on_bill and not each.asked:
        yield Remark(each.field, ASK, said)
    if begins(each.code, told["unsuited"]):
        yield Remark(each.field, UNSUITED, said)
    if begins(each.code, told["delivery"]):
        yield Remark(each.field, DELIVERY, {**said, "sequela": told["sequela"]})
    elif begins(each.code, told["chapter"]) and each.code != told["sequela"] and _is_after(on, birth):
        yield Remark(each.field, LATE, said)
    for note in told["notes"]:
        if begins(each.code, note["codes"]):
            yield Remark(each.field, NOTE, {**said, "why": note["text"]})


def _of_existence(each: Written, lists: Lists, on: date) -> Iterator[Remark]:
    """A heading, a code of another time, one nobody knows; and what hides behind it."""
    known = lists.diagnoses.get(each.code)
    if codes.is_heading(each.code, lists.diagnoses):
        under = next((code for code in _all(lists) if code.startswith(each.code) and code != each.code), "")
        text = HEADING if under else HEADING_ALONE
        yield Remark(each.field, text, {"code": each.code, "under": under}, stops=True)
    elif known is None and (lists.is_full or any(each.code == code.code for code in codes.ours())):
        yield Remark(each.field, NOT_VALID, {"code": each.code, "day": f"{on:%B} {on.day}, {on.year}"}, stops=True)
    elif known is None:
        yield Remark(each.field, UNKNOWN, {"code": each.code})
    if others := _others(each, lists):
        yield Remark(each.field, ONE, {"code": each.code, "others": ", ".join(others)}, stops=True)


def _others(each: Written, lists: Lists) -> tuple[str, ...]:
    """The codes that hide behind the first one. The title of the list is nobody's own words."""
    words, known = codes.words_behind(each.text), lists.diagnoses.get(each.code)
    if known is not None and words.casefold() == known.title.casefold():
        return ()
    return codes.named(words, lists.diagnoses)


def corrected(signed: str, change: Change) -> frozenset[str]:
    """Whatever may be a code in a correction of the `signed` diagnoses; none where something else is corrected."""
    if change.question not in {OPEN[0], APART[0]}:
        return frozenset()
    first = (codes.diagnosis(part) for part in PART.split(change.new))
    return frozenset(code for code in (*first, *codes.within(_after(signed, change))) if code)


def of_correction(signed: str, change: Change, lists: Lists, *, on: date) -> tuple[Remark, ...]:
    """What keeps a correction of the `signed` diagnoses from being signed: its codes are checked as in a note.

    In place of a code stands a code, so a letter and two digits are one there.
    """
    if change.question not in {OPEN[0], APART[0]}:
        return ()
    known = lists.diagnoses
    is_of_code, before = bool(codes.named(change.old, known)), codes.named(signed, known)
    found: list[Written] = []
    for part in PART.split(change.new):
        first = (codes.diagnosis(part),) if is_of_code else ()
        there = dict.fromkeys(code for code in (*first, *codes.named(part, known)) if code)
        found += (_one_of(change, code, f"{code} {part}" if place else part) for place, code in enumerate(there))
    pieced = [code for code in codes.named(_after(signed, change), known) if code not in before]
    found += (_one_of(change, code, code) for code in pieced)
    return tuple(remark for each in found for remark in _of_one(each, lists, on, None) if remark.stops)


def _after(signed: str, change: Change) -> str:
    """The words a correction leaves, and its own: two halves may make a code together."""
    old, new = (" ".join(words.split()) for words in (change.old, change.new))
    return f"{' '.join(signed.split()).replace(old, new)}\n{new}" if old else new


def _one_of(change: Change, code: str, text: str) -> Written:
    return Written("new", code, text, change.question == APART[0], on_bill=False)


def title(each: Written, lists: Lists) -> str:
    """What a bill calls a diagnosis: what the list of the day calls it.

    Own words stand only behind a code that no list holds, and never where they name another code.
    """
    known = lists.diagnoses.get(each.code)
    if known is not None:
        return known.title
    words = codes.words_behind(each.text)
    return "" if codes.within(words) else words


def _all(lists: Lists) -> tuple[str, ...]:
    return (*lists.diagnoses, *(code.code for code in codes.ours()))


def _is_after(on: date, birth: date | None) -> bool:
    """Whether the puerperium is over; without a birth nobody knows."""
    return birth is not None and (on - birth).days > PUERPERIUM


def _of_two(found: Sequence[Written]) -> Iterator[Remark]:
    there = [each for each in found if each.code]
    for one, other in combinations(there, 2):
        if one.code == other.code:
            yield Remark(other.field, TWICE, {"code": other.code})
        elif any(_exclude(rule, one.code, other.code) for rule in codes.rules()["excludes"]):
            yield Remark(other.field, EXCLUDED, {"one": one.code, "other": other.code})
    names = {each.code for each in there}
    for rule in codes.rules()["also"]:
        first = next((each for each in there if begins(each.code, rule["codes"])), None)
        if first is not None and rule["add"] not in names:
            yield Remark(first.field, ALSO, {"code": first.code, "why": rule["why"], "add": rule["add"]})


def _exclude(rule: Mapping[str, Any], one: str, other: str) -> bool:
    return (begins(one, rule["one"]) and begins(other, rule["other"])) or (
        begins(other, rule["one"]) and begins(one, rule["other"])
    )


def _of_order(found: Sequence[Written]) -> Iterator[Remark]:
    """Codes of childbirth come first; that something is left from it comes behind what is left."""
    told = codes.rules()
    listed = [each for each in found if each.code and not each.is_apart]
    sequela = [index for index, each in enumerate(listed) if each.code == told["sequela"]]
    if sequela and sequela[0] == 0:
        yield Remark(listed[0].field, BEHIND, {"code": listed[0].code})
    others = [index for index, each in enumerate(listed) if not begins(each.code, told["chapter"])]
    for index, each in enumerate(listed):
        is_of_chapter = begins(each.code, told["chapter"]) and each.code != told["sequela"]
        if is_of_chapter and others and others[0] < index:
            yield Remark(each.field, FIRST, {"code": each.code})


def on_day(written: Sequence[Written], lists: Lists, *, on: date, birth: date | None = None) -> tuple[Remark, ...]:
    """What is to be said of the diagnoses of a claim for another day than that on which they were written.

    The field of a remark is the place in the claim ("0"). What only reminds of the cause, or of other codes, is said
    where they are written.
    """
    there = [dataclasses.replace(each, field=str(place)) for place, each in enumerate(written)]
    return tuple(remark for remark in _remarks(there, lists, on, birth) if remark.text not in REMINDERS)


def on_claim(answers: Answers) -> tuple[Written, ...]:
    """The diagnoses that go on a bill: those that are kept apart only where the patient wants it."""
    return tuple(each for each in written(answers) if each.code and each.on_bill)
