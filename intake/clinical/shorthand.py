"""What a therapist writes in one line and the record keeps in parts: "3/6/4//7" becomes four findings.

The line itself is not kept once it was read. One that cannot be read stays as it was typed, and says so.
"""

from __future__ import annotations

from collections.abc import Collection

from intake.clinical import perfect
from intake.forms.entry import Entry
from intake.forms.model import Form, Kind
from intake.forms.problems import Problem

LINE = "perfect_line"


def spread(form: Form, entry: Entry, *, stored: Collection[str]) -> None:
    """Put the parts of a line into their own fields of what a page sent; `stored` are the questions answered before.

    A part that was not tested has no value: one that stood in its field, or was kept, goes. The reason stays.
    """
    if LINE not in entry.answers:
        return
    parts = perfect.parse(str(entry.answers[LINE].get("value", "")))
    if parts is None:
        entry.problems.append(Problem(LINE, perfect.UNREADABLE))
        return
    del entry.answers[LINE]
    if LINE in stored:
        entry.emptied.add(LINE)
    for part, found in parts.items():
        question = form.by_id[f"perfect_{part}"]
        if found is None:
            if "value" in entry.answers.get(question.id, {}):
                del entry.answers[question.id]
            if question.id in stored and question.id not in entry.answers:
                entry.emptied.add(question.id)
            continue
        is_number = question.kind is Kind.NUMBER
        kept = {"number": str(found), "unit": question.units[0].code} if is_number else found
        entry.answers[question.id] = {"value": kept}
        entry.emptied.discard(question.id)
