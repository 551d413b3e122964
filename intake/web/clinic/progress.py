"""A returning patient on the chart: what changed since last time, and what stands since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intake.clinical.change import Change, changes
from intake.clinical.returning import DIARY
from intake.forms import disclosure, recall
from intake.forms.model import Kind, Tier
from intake.forms.recall import Layer, Said
from intake.forms.words import entry, say
from intake.store import history
from intake.store.history import HandedIn
from intake.store.patients import Patient
from intake.web import actor
from intake.web.say import translated


@dataclass(frozen=True, slots=True)
class Standing:
    """One answer that stands, in words, when it was given and when she last said that it is right."""

    question: str
    lines: Sequence[str]
    said_at: datetime
    confirmed_at: datetime


def glance(patient: Patient, opened: Sequence[HandedIn]) -> dict[str, Any]:
    """What the chart shows of somebody who has handed in more than one form, and where her diaries are."""
    ceiling = actor.chart_ceiling(patient)
    layers = history.layers_of(opened) if ceiling else []
    asked = sorted((each.response for each in opened), key=lambda each: each.started_at, reverse=True)
    diaries = [each for each in asked if each.form == DIARY] if ceiling else []
    if len(layers) < 2:  # noqa: PLR2004 - one form alone is shown as it is
        return {"changes": (), "standing": (), "diaries": diaries}
    found = changes([_below(layer, ceiling) for layer in layers])
    stands = [said for said in recall.standing(layers).values() if _is_shown(said, ceiling)]
    actor.saw({*({Tier.CARE} if found else ()), *(said.tier for said in stands), *_inside(stands, ceiling)})
    return {
        "changes": [_worded(change) for change in found],
        "standing": [_row(said, ceiling) for said in stands],
        "diaries": diaries,
    }


def _below(layer: Layer, ceiling: str) -> Layer:
    return replace(layer, answers=disclosure.disclosed(layer.form, layer.answers, ceiling))


def _is_shown(said: Said, ceiling: str) -> bool:
    return said.tier.rank <= Tier(ceiling).rank and not said.question.preset


def _inside(stands: Sequence[Said], ceiling: str) -> set[Tier]:
    """The tiers of what stands inside groups."""
    children = {child.id: child.tier for said in stands for child in said.question.questions}
    found = {
        children[name]
        for said in stands
        if said.question.kind is Kind.GROUP
        for item in said.answer.get("value", ())
        for name in item
    }
    return {tier for tier in found if tier.rank <= Tier(ceiling).rank}


def _worded(change: Change) -> Change:
    return change if change.own else replace(change, measure=translated(change.measure))


def _row(said: Said, ceiling: str) -> Standing:
    answer = disclosure.within(said.question, said.answer, Tier(ceiling))
    if said.question.kind is Kind.GROUP and "value" in answer:
        lines = [entry(said.question, item, translated) for item in answer["value"]]
    else:
        lines = [say(said.question, answer, translated)]
    return Standing(translated(said.question.text), lines, said.said_at, said.confirmed_at)
