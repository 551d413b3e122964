"""Which questions a person sees, given the answers so far.

The semantics are FHIR R4 enableWhen: a question that is hidden, skipped, declined or kept for the visit has no
answer, and nothing but `answered = false` holds of it. Hiding cascades, because a hidden answer does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from intake.forms import gates
from intake.forms.gates import Answer, Answers, Asked, in_first_unit
from intake.forms.model import Form, Page, Question, Section, When

__all__ = [
    "Answer",
    "Answers",
    "entry_visible",
    "given",
    "holds",
    "in_first_unit",
    "kept_for_visit",
    "pages_shown",
    "section_shown",
    "visible",
    "visible_answers",
    "walk",
]


def given(answer: Answer | None) -> Any:
    """The value of a given answer, or None for any other state."""
    return None if answer is None else answer.get("value")


def holds(when: When, answers: Answers, questions: Mapping[str, Question]) -> bool:
    """Whether the conditions hold of these answers (visible ones only)."""
    test = gates.made(when, questions)
    return test is None or test(answers, answers)


def visible_answers(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers of questions that are shown, in form order."""
    return walk(form, answers)[1]


def visible(form: Form, answers: Answers) -> frozenset[str]:
    """The ids of the questions that are shown; children of groups are not listed here."""
    return frozenset(walk(form, answers)[0])


def walk(form: Form, answers: Answers) -> tuple[set[str], dict[str, Answer]]:
    """The ids of the questions that are shown, and the answers to them, in one pass through the form."""
    shown: set[str] = set()
    counted: dict[str, Answer] = {}
    for part in gates.parts(form):
        if part.test is None or part.test(counted, counted):
            for stretch in part.stretches:
                if stretch.test is None or stretch.test(counted, counted):
                    _show(stretch.asked, answers, shown, counted)
    return shown, counted


def _show(asked: Iterable[Asked], answers: Answers, shown: set[str], counted: dict[str, Answer]) -> None:
    for each in asked:
        if each.test is None or each.test(counted, counted):
            name = each.id
            shown.add(name)
            if name in answers:
                counted[name] = _without_hidden(each, answers[name], counted) if each.inside else answers[name]


def _without_hidden(group: Asked, answer: Answer, counted: Answers) -> Answer:
    """A group's answer without blank entries and without what its entries do not show."""
    if "value" not in answer:
        return answer
    entries = [_shown_of(group, entry, counted) for entry in answer["value"] if entry]
    return answer if entries == answer["value"] else {**answer, "value": entries}


def _shown_of(group: Asked, entry: Answers, counted: Answers) -> Answers:
    """What an entry shows of itself: a name means the entry's question first, then the form's."""
    if entry.keys() <= group.always:
        return entry
    seen: dict[str, Answer] = {}
    for child in group.inside:
        if child.id in entry and (child.test is None or child.test(seen, counted)):
            seen[child.id] = entry[child.id]
    return entry if len(seen) == len(entry) else {name: said for name, said in entry.items() if name in seen}


def section_shown(form: Form, section: Section, answers: Answers) -> bool:
    """Whether a section is asked at all; private ones only when the form's privacy conditions hold."""
    return all(holds(when, answers, form.by_id) for when in gates.section_whens(form, section))


def kept_for_visit(form: Form, answers: Answers) -> tuple[Section, ...]:
    """Private sections that are left for the visit because the form's privacy conditions do not hold."""
    if holds(form.private_when, visible_answers(form, answers), form.by_id):
        return ()
    return tuple(section for section in form.sections if section.private)


def pages_shown(form: Form, answers: Answers) -> Iterator[tuple[Section, int, Page]]:
    """Each page with at least one question to show: its section, its number from 1 in the section, the page."""
    shown = visible(form, answers)
    for section in form.sections:
        for number, page in enumerate(section.pages, start=1):
            if any(question.id in shown for question in page.questions):
                yield section, number, page


def entry_visible(group: Question, entry: Answers, counted: Answers, form: Form) -> frozenset[str]:
    """The children shown in one entry of a group of the form; `counted` are the form's visible answers."""
    made = gates.group(form, group.id)
    seen = _shown_of(made, entry, counted)
    return frozenset(child.id for child in made.inside if child.test is None or child.test(seen, counted))
