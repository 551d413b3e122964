"""What a therapist writes in one line and the record keeps in parts: "3/6/4//7" becomes four findings.

The line itself is not kept once it was read. One that cannot be read stays as it was typed, and says so.
"""

from __future__ import annotations

from intake.clinical import perfect
from intake.forms.entry import Entry
from intake.forms.model import Form, Kind
from intake.forms.problems import Problem

LINE = "perfect_line"


def spread(form: Form, entry: Entry, *, stored: bool) -> None:
    """Put the parts of a line into their own fields of what a page sent; `stored` when a line was kept before."""
    if LINE not in entry.answers:
        return
    parts = perfect.parse(str(entry.answers[LINE].get("value", "")))
    if parts is None:
        entry.problems.append(Problem(LINE, perfect.UNREADABLE))
        return
    del entry.answers[LINE]
    if stored:
        entry.emptied.add(LINE)
    for part, found in parts.items():
        question = form.by_id[f"perfect_{part}"]
        if found is None:
            continue
        is_number = question.kind is Kind.NUMBER
        kept = {"number": str(found), "unit": question.units[0].code} if is_number else found
        entry.answers[question.id] = {"value": kept}
        entry.emptied.discard(question.id)
