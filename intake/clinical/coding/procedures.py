"""The procedures of a note: minutes, units under the payer's rule, and what to look at again before it is billed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from intake.clinical import units
from intake.clinical.coding import codes
from intake.clinical.coding.codes import Code, Lists
from intake.clinical.coding.diagnoses import Remark
from intake.clinical.values import number, value
from intake.forms.conditions import Answers, given
from intake.forms.problems import N_

CMS, AMA = "cms", "ama"
RULES: Final = (CMS, AMA)
ADDS_TO: Final = {"90913": "90912", "97551": "97550"}  # billed only beside the other one
UNTIMED_UNITS = 1  # of a code without minutes, once a day
LONGEST = 180  # minutes of a visit

NO_CODE = N_("This begins with no procedure code. Pick one from the list of the clinic.")
UNKNOWN = N_(
    "%(code)s is not in the clinic\u2019s list on the day of the visit, so it counts no units. "
    "An administrator can add it."
)
NO_MINUTES = N_("%(code)s is timed: write its minutes.")
TWICE = N_("%(code)s stands here twice: its minutes are counted together.")
BESIDE = N_("%(code)s is billed only beside %(other)s.")
LONGER = N_(
    "The timed minutes come to %(timed)s, more than the whole treatment time of %(total)s. Correct one of the two."
)
BEYOND = N_("%(minutes)s minutes are more than the visit has lasted so far (%(lasted)s). Check them.")
LONG = N_("%(minutes)s minutes are more than a visit lasts (%(most)s at most). Check them.")
NO_TOTAL = N_("Write the whole treatment time too: a daily record needs timed minutes and all minutes.")
NO_PAYER = N_("This payer is not in the clinic\u2019s list. Its minutes are counted by the 8-minute rule.")
NOT_TIED = N_("%(code)s is not among the tied codes, so it changes nothing.")
TIED = N_("These codes are tied for the last unit: %(codes)s. It goes to %(chosen)s. Say below if another one fits.")


@dataclass(frozen=True, slots=True)
class Done:
    """One procedure as it was written: its field, its code (empty where it has none), and its minutes, if any."""

    field: str
    code: str
    text: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One code on a bill. `fee` is in cents for one unit; None where the clinic keeps none."""

    code: str
    title: str
    is_timed: bool
    minutes: int
    units: int
    fee: int | None = None

    @property
    def charge(self) -> int | None:
        """The fee of all its units, in cents."""
        return None if self.fee is None else self.fee * self.units


@dataclass(frozen=True, slots=True)
class Account:
    """What a visit comes to. `timed` and `total` are minutes, `tied` the codes among which somebody may choose."""

    lines: tuple[Line, ...]
    payer: str
    rule: str
    timed: int
    total: int
    tied: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def charge(self) -> int | None:
        """All charges together; None where one is not known."""
        charges = [line.charge for line in self.lines]
        return None if None in charges else sum(each or 0 for each in charges)


def done(answers: Answers) -> tuple[Done, ...]:
    """The procedures of a note, in order."""
    return tuple(_done(answers))


def _done(answers: Answers) -> Iterator[Done]:
    for index, entry in enumerate(given(answers.get("pr")) or ()):
        text, minutes = given(entry.get("pr_code")) or "", number(entry, "pr_minutes")
        if text or minutes is not None:
            spent = None if minutes is None else int(minutes)
            yield Done(f"pr.{index}.pr_code", codes.procedure(text), text, spent)


def account(answers: Answers, lists: Lists) -> Account:
    """What the procedures of a note come to under the rule of its payer; the 8-minute rule where none is known."""
    found = [each for each in done(answers) if each.code]
    spent: dict[str, int] = {}
    for each in found:
        spent[each.code] = spent.get(each.code, 0) + (each.minutes or 0)
    timed = {code: minutes for code, minutes in spent.items() if _is_timed(code, lists)}
    named = value(answers, "pr_payer") or ""
    known = payer(named, lists)
    rule = CMS if known is None else known.rule
    billed = units.bill(timed, rule, chosen(answers))
    lines = tuple(
        _line(lists.procedures[code], minutes, billed.get(code, UNTIMED_UNITS))
        for code, minutes in spent.items()
        if code in lists.procedures
    )
    whole = number(answers, "pr_total")
    total = sum(spent.values()) if whole is None else int(whole)
    unknown = tuple(code for code in spent if code not in lists.procedures)
    return Account(lines, named, rule, sum(timed.values()), total, units.tied(timed) if rule == CMS else (), unknown)


def payer(name: str, lists: Lists) -> Code | None:
    """The payer of that name, in large or small letters."""
    return next((each for each in lists.payers.values() if each.code.casefold() == name.casefold()), None)


def _line(code: Code, minutes: int, count: int) -> Line:
    return Line(code.code, code.title, code.timed, minutes, count, code.fee)


def _is_timed(code: str, lists: Lists) -> bool:
    return code in lists.procedures and lists.procedures[code].timed


def chosen(answers: Answers) -> tuple[str, ...]:
    """The codes the therapist gives the last unit to."""
    words = re.split(r"[^0-9A-Za-z]+", value(answers, "pr_tied") or "")
    return tuple(code for word in words if (code := codes.procedure(word)))


def remarks(answers: Answers, lists: Lists, *, lasted: int | None = None) -> tuple[Remark, ...]:
    """Everything to look at again; nothing of it stops signing. `lasted` are minutes since the visit began."""
    found, sums = done(answers), account(answers, lists)
    return (*_of_each(found, lists), *_of_all(answers, found, sums, lists, lasted), *_of_ties(answers, sums))


def _of_each(found: tuple[Done, ...], lists: Lists) -> Iterator[Remark]:
    seen: set[str] = set()
    for each in found:
        said: Mapping[str, object] = {"code": each.code}
        if not each.code:
            yield Remark(each.field, NO_CODE)
            continue
        if each.code in seen:
            yield Remark(each.field, TWICE, said)
        seen.add(each.code)
        if each.code not in lists.procedures:
            yield Remark(each.field, UNKNOWN, said)
        elif _is_timed(each.code, lists) and each.minutes is None:
            yield Remark(each.field, NO_MINUTES, said)
    for code, other in ADDS_TO.items():
        if code in seen and other not in seen:
            field = next(each.field for each in found if each.code == code)
            yield Remark(field, BESIDE, {"code": code, "other": other})


def _of_all(
    answers: Answers, found: tuple[Done, ...], sums: Account, lists: Lists, lasted: int | None
) -> Iterator[Remark]:
    whole = number(answers, "pr_total")
    if found and whole is None:
        yield Remark("pr_total", NO_TOTAL)
    if whole is not None and sums.timed > whole:
        yield Remark("pr_total", LONGER, {"timed": sums.timed, "total": int(whole)})
    yield from beyond(max(sums.timed, sums.total), lasted)
    if sums.payer and payer(sums.payer, lists) is None:
        yield Remark("pr_payer", NO_PAYER)


def beyond(minutes: int, lasted: int | None) -> Iterator[Remark]:
    """Minutes that no visit has: more than it has lasted so far, and long after it more than any lasts.

    Nobody writes down when a visit ends, so a plain bound stands in for that.
    """
    until_now = None if lasted is None else max(lasted, 0)
    if until_now is not None and until_now < min(minutes, LONGEST):
        yield Remark("pr_total", BEYOND, {"minutes": minutes, "lasted": until_now})
    elif minutes > LONGEST:
        yield Remark("pr_total", LONG, {"minutes": minutes, "most": LONGEST})


def _of_ties(answers: Answers, sums: Account) -> Iterator[Remark]:
    picked = chosen(answers)
    got = [line.code for line in sums.lines if line.code in sums.tied and line.units > line.minutes // units.UNIT]
    if sums.tied and not set(picked) & set(sums.tied):
        yield Remark("pr_tied", TIED, {"codes": ", ".join(sums.tied), "chosen": ", ".join(got)})
    for code in picked:
        if code not in sums.tied:
            yield Remark("pr_tied", NOT_TIED, {"code": code})
