"""The chart's first screen: what a therapist wants to know before saying hello."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.clinical import obstetrics, odd_dates
from intake.clinical.quotes import told_in_person
from intake.clinical.triage import latest_birth, unanswered
from intake.clinical.values import value
from intake.forms import disclosure
from intake.forms.conditions import Answer, Answers, kept_for_visit
from intake.forms.model import Form, Tier
from intake.forms.words import day, say

PREFERENCES = (
    *("ti_talk_first", "ti_internal", "ti_chaperone", "ti_therapist_gender", "ti_stop_word", "ti_touch", "ti_position"),
    *("ti_mirror", "ti_self_insert", "ti_baby_in_room", "ti_triggers", "ti_after"),
)
# The questions whose answers the summary shows wherever they are given.
DRAWN = (
    *("fn_goal_top", "ex_hope", "ex_worry", "ob_births", "fn_psfs", *PREFERENCES),
    *("alg_any", "alg_known", "alg_reaction", "med_any", "med_list"),
)
NONE_KNOWN = "None known"
NO_MEDICINES = "None"
LOSS = frozenset({"stillborn", "died-later"})


@dataclass(frozen=True, slots=True)
class BirthLine:
    """One birth in a line: when, how, the tear."""

    when: str
    mode: str
    tear: str
    is_loss: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """Reason and hopes in her own words, births, cautions, preferences, and what is left for the room.

    `tiers` are those of everything in it: what the line about a look at it says.
    """

    goal: str
    hope: str
    worry: str
    weeks: int | None
    births: tuple[BirthLine, ...]
    odd: tuple[tuple[str, str], ...]
    activities: tuple[tuple[str, int | None], ...]
    preferences: tuple[tuple[str, str], ...]
    in_person: tuple[str, ...]
    kept_sections: tuple[str, ...]
    unanswered: tuple[str, ...]
    allergies: str
    has_latex: bool
    medicines: str
    has_loss: bool
    tiers: frozenset[Tier]


def summary(intake: Form, answers: Answers, *, today: date, ceiling: Tier | str, born: date | None = None) -> Summary:
    """The summary of an intake, submitted or not, for a viewer who may see the tiers up to a ceiling.

    `born` is the patient's own birthday.
    """
    shown = disclosure.disclosed(intake, answers, ceiling)
    births = tuple(_birth(entry, intake) for entry in value(shown, "ob_births") or [])
    latest = latest_birth(shown, today, born)
    in_person = told_in_person(intake, shown)
    reached = value(shown, "rf_bleed") is not None
    kept = disclosure.parts(ceiling, kept_for_visit(intake, answers)) if reached else []
    open_ones = _unanswered(intake, shown, ceiling) if reached else ()
    return Summary(
        goal=value(shown, "fn_goal_top") or "",
        hope=value(shown, "ex_hope") or "",
        worry=value(shown, "ex_worry") or "",
        weeks=obstetrics.weeks_since(latest.last, today) if latest else None,
        births=births,
        odd=odd_dates.for_staff(shown, today, born),
        activities=tuple(_activity(entry) for entry in value(shown, "fn_psfs") or []),
        preferences=tuple(
            (intake.by_id[name].text, say(intake.by_id[name], shown[name]))
            for name in PREFERENCES
            if name in shown and "value" in shown[name]
        ),
        in_person=tuple(intake.by_id[name].text for name in in_person),
        kept_sections=tuple(section.title for section in kept),
        unanswered=tuple(intake.by_id[name].text for name in open_ones),
        allergies=_allergies(intake, shown),
        has_latex="latex" in (value(shown, "alg_known") or ()),
        medicines=_medicines(shown),
        has_loss=any(line.is_loss for line in births),
        tiers=_tiers(intake, shown, (*in_person, *open_ones)) | {section.tier for section in kept},
    )


def _tiers(intake: Form, shown: Mapping[str, Answer], named: Collection[str]) -> frozenset[Tier]:
    """The tiers of the answers that are drawn on and of the questions that are only named."""
    drawn = {name: shown[name] for name in DRAWN if name in shown}
    return disclosure.seen(intake, drawn | {name: {} for name in named})


def _unanswered(intake: Form, shown: Answers, ceiling: Tier | str) -> tuple[str, ...]:
    """The warning questions without an answer; one above the ceiling only looks unanswered from below."""
    known = disclosure.restricted(intake, ceiling).by_id
    return tuple(name for name in unanswered(shown) if name in known)


def _said(intake: Form, shown: Mapping[str, Answer], name: str) -> str:
    return say(intake.by_id[name], shown[name]) if name in shown and name in intake.by_id else ""


def _allergies(intake: Form, shown: Mapping[str, Answer]) -> str:
    if value(shown, "alg_any") == "no":
        return NONE_KNOWN
    said = (_said(intake, shown, "alg_known"), value(shown, "alg_reaction") or "")
    return ". ".join(part for part in said if part)


def _medicines(shown: Mapping[str, Answer]) -> str:
    """What she takes, "None" where she says so, and nothing where she was not asked or did not answer."""
    if value(shown, "med_any") == "no":
        return NO_MEDICINES
    return "; ".join(value(entry, "med_name") or "" for entry in value(shown, "med_list") or [])


def _birth(entry: Mapping[str, Answer], intake: Form) -> BirthLine:
    children: dict[str, Any] = {child.id: child for child in intake.by_id["ob_births"].questions}
    born = value(entry, "birth_date")
    tear = value(entry, "birth_tear")
    return BirthLine(
        when=day(born) if born else "",
        mode=say(children["birth_mode"], entry["birth_mode"]) if "value" in entry.get("birth_mode", {}) else "",
        tear=obstetrics.tear_label(tear) if tear else "",
        is_loss=value(entry, "birth_outcome") in LOSS,
    )


def _activity(entry: Mapping[str, Answer]) -> tuple[str, int | None]:
    return value(entry, "fn_activity_name") or "", value(entry, "fn_rating")
