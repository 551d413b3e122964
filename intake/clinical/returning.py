"""What somebody who comes back is asked: which form, and what of her own it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final

from intake.clinical.values import value
from intake.forms import recall
from intake.forms.merge import START
from intake.forms.model import Form, Tier
from intake.forms.recall import Before

INTAKE, FOLLOW_UP, CHECK_IN, DIARY = "intake", "follow-up", "check-in", "bladder-diary"
FULL: Final = frozenset({INTAKE, FOLLOW_UP, CHECK_IN})  # what asks about warning signs; each visit asks for one of them
RETURNING: Final = frozenset({"follow-up", "telehealth"})  # kinds of visit
FULL_ANSWERS_LAST: Final = timedelta(days=90)  # a choice of this product: about the length of one course of treatment
MEASURE, NAME, ACTIVITIES = "ci_measure", "ci_name_", 5
# What is followed from visit to visit -> the answer that says it troubles her, and how much it does.
MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "bladder": ("bl_leak_any", "bl_bother"),
    "bowel": ("bo_leak_any", "bo_bother"),
    "heaviness": ("pop_heavy", "pop_bother"),
    "moving": ("pn_any", ""),
}
NONE: Final = "none"
UNTROUBLED = (None, "no", "never", ["none"])


def usual(kind: str, begun: AbstractSet[str], last_full: datetime | None, *, now: datetime) -> tuple[str, ...]:
    """The form a visit asks for where the clinic has said nothing; none when it has begun one of them already.

    `last_full` is when she last handed in answers to everything. Whoever never did is asked everything, whatever short
    form is asked besides.
    """
    if begun & (FULL - {CHECK_IN}):
        return ()
    if kind not in RETURNING or last_full is None:
        return (INTAKE,)
    if CHECK_IN in begun:
        return ()
    return (FOLLOW_UP,) if now - last_full > FULL_ANSWERS_LAST else (CHECK_IN,)


def measure(before: Before) -> str:
    """What is followed until the therapist says otherwise: what was followed last, else what troubles her most."""
    said = {name: each.answer for name, each in before.items()}
    if (followed := value(said, MEASURE)) in MEASURES:
        return str(followed)
    troubling = [name for name, (asked, _bother) in MEASURES.items() if value(said, asked) not in UNTROUBLED]
    return max(troubling, key=lambda name: value(said, MEASURES[name][1]) or 0, default=NONE)


def beginning(form: Form, before: Before, *, recalls: bool, measured: str = "") -> dict[str, dict[str, Any]]:
    """{section: answers} a form begins with: what is followed, her own activities, and what is asked anew.

    Her own words are set only where the clinic lets earlier answers be shown.
    """
    found = recall.start(form, before)
    presets = {MEASURE: measured or measure(before), **(_activities(before) if recalls else {})}
    for name, given in presets.items():
        if name in form.by_id:
            found.setdefault(form.section_of[name].id, {})[name] = {"value": given, "by": START}
    return found


def _activities(before: Before) -> dict[str, str]:
    """What she finds hard, in her own words, in the order she named it."""
    said = before.get("fn_psfs")
    if said is None or said.tier.rank > Tier.CARE.rank:
        return {}
    names = [value(entry, "fn_activity_name") for entry in said.answer.get("value", ())]
    return {f"{NAME}{number}": name for number, name in enumerate(filter(None, names[:ACTIVITIES]), 1)}
