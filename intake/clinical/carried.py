"""What a new note begins with from the last one: the goals that are still open, each with its number.

Only goals go on by themselves, since they are an agreement and not a finding. Where a goal stands now is written anew
each time, and nothing of an examination is ever carried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from intake.clinical import late
from intake.clinical.additions import Change, replaces, stands, text_of
from intake.clinical.kinds import DISCHARGE
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form, Question
from intake.forms.words import entry as entry_words

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


def goes_on(change: Change, there: tuple[Form, Answers], here: tuple[Form, Answers]) -> bool:
    """Whether a goal of both notes still says here what was corrected there, in what goes on from note to note."""
    group = change.question
    if group not in GOALS or any(group not in form.by_id or group not in answers for form, answers in (there, here)):
        return False
    ends = late.kind_of(here[0].id) == DISCHARGE
    was, now = _words(group, *there, ends=ends), _words(group, *here, ends=ends)
    same = was.keys() & now.keys()
    if replaces(text_of(there[0].by_id[group], there[1][group]), change):
        return any(was[key] == now[key] for key in same)
    return any(stands(was[key], change) and stands(now[key], change) for key in same)


def _words(group: str, form: Form, answers: Answers, *, ends: bool) -> dict[Any, str]:
    """{goal: its words, without those that are written anew each time}; at the end of care one that is over has all."""
    question = form.by_id[group]
    return {
        _key(group, each): entry_words(question, each if ends and _is_over(group, each) else _kept(question, each))
        for each in answers[group].get("value") or []
    }


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
