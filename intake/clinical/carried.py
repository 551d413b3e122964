"""What a new note begins with from the last one: the goals that are still open, each with its number.

Only goals go on by themselves, since they are an agreement and not a finding. Where a goal stands now is written anew
each time, and nothing of an examination is ever carried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from intake.clinical import late
from intake.clinical.kinds import DISCHARGE
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form, Question

GOALS: Final = {"goal": "goal", "goal_close": "gc"}  # group of goals -> how the ids of its questions begin
OVER: Final = frozenset({"met", "not-met", "stopped"})
ANEW: Final = ("now", "status")


def goals(form: Form, before: Iterable[Answers]) -> dict[str, dict[str, Answer]]:
    """{section: {group: answer}} from the newest notes, given newest first, for the groups of goals the form asks.

    The latest note that has goals counts, for each group by itself. Of a goal that this form asks less about, the rest
    is left behind; one that was met or given up does not come back. At the end of care all do, as they stood last.
    """
    if late.kind_of(form.id) == DISCHARGE:
        return _every(form, list(before))
    wanted = {name for name in GOALS if name in form.by_id}
    found: dict[str, dict[str, Answer]] = {}
    for answers in before:
        for name in sorted(wanted):
            entries = answers.get(name, {}).get("value") or []
            if not entries:
                continue
            wanted.discard(name)
            if kept := [_kept(form.by_id[name], entry) for entry in entries if not _is_over(name, entry)]:
                found.setdefault(form.section_of[name].id, {})[name] = {"value": kept}
        if not wanted:
            break
    return found


def _every(form: Form, before: list[Answers]) -> dict[str, dict[str, Answer]]:
    """Every goal of the notes once, by its number or else its words, in the order they were agreed on."""
    found: dict[str, dict[str, Answer]] = {}
    for name in sorted(name for name in GOALS if name in form.by_id):
        kept: dict[Any, Any] = {}
        for answers in reversed(before):
            for entry in answers.get(name, {}).get("value") or []:
                keep = _kept(form.by_id[name], entry)
                last = {part: entry[part] for part in _anew(name) if part in entry} if _is_over(name, entry) else {}
                kept[_key(name, entry)] = {**keep, **last}
        if kept:
            most = form.by_id[name].maximum_entries
            found.setdefault(form.section_of[name].id, {})[name] = {"value": list(kept.values())[-most:]}
    return found


def _key(group: str, entry: Any) -> Any:
    number = entry.get(f"{GOALS[group]}_number", {}).get("value") or {}
    return number.get("number") or entry.get(f"{GOALS[group]}_text", {}).get("value", "")


def _anew(group: str) -> list[str]:
    return [f"{GOALS[group]}_{part}" for part in ANEW]


def _is_over(group: str, entry: Any) -> bool:
    return entry.get(f"{GOALS[group]}_status", {}).get("value") in OVER


def _kept(group: Question, entry: Any) -> Any:
    asked = {child.id for child in group.questions} - set(_anew(group.id))
    return {name: said for name, said in entry.items() if name in asked}
