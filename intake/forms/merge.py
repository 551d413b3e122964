"""Bringing a submitted page together with what was saved meanwhile, so that two windows never overwrite silently.

Every stored answer carries `r`, the section version that set it. A page read at version `base` may change an answer
that is older than that; where a newer one differs, it is a conflict and nothing is merged. A patient's carries `by`
too, the link she had come in with, and `in`, her sitting; `together` says that one tap answered a whole page
(together.py), `unread` that she called right what was not shown to her in words (recall.py). A therapist's can carry
`carried`: it was taken over from an earlier note (clinical/carrying.py), which is part of what is signed. Whoever sends
a page with another value has edited it, so the mark goes; one that says the same leaves it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from intake.forms.conditions import Answer, Answers
from intake.forms.entry import Entry

MARKS = frozenset({"r", "at", "by", "in", "together", "unread"})
CARRIED = "carried"
# Who set an answer that she did not give on a page of this form: the clinic as the form began, she herself in an
# earlier form, or staff who typed in what she wrote on paper. None is the id of a link.
START, BEFORE, PAPER = "start", "before", "paper"
SKIPPED: Answer = {"status": "skipped"}


@dataclass(frozen=True, slots=True)
class Merge:
    """The section's answers after the merge, whether anything changed, and the questions in conflict."""

    answers: Mapping[str, Any]
    changed: bool
    conflicts: tuple[str, ...]


def merge(
    saved: Answers,
    entry: Entry,
    *,
    base: int,
    version: int,
    at: str,
    by: str = "",
    afresh: Collection[str] = (),
) -> Merge:
    """Merge a page read at version `base` into the section, now at `version`; `at` is an ISO moment, `by` a link.

    `afresh` names questions whose answer counts as given now even when it says what was there: whoever cannot see what
    was there is not told by that.
    """
    # A box blank here and filled elsewhere meanwhile is most often one nobody touched: the newer answer stays.
    emptied = [name for name in entry.emptied if saved.get(name, {}).get("r", 0) <= base]
    coming = {**entry.answers, **dict.fromkeys(emptied, SKIPPED)}
    different = {
        name: answer for name, answer in coming.items() if name in afresh or _is_new(saved.get(name), answer, by)
    }
    conflicts = tuple(name for name in different if name in saved and saved[name].get("r", 0) > base)
    if conflicts or not different:
        return Merge(saved, changed=False, conflicts=conflicts)
    return Merge({**saved, **stamped(different, version, at, by)}, changed=True, conflicts=())


def stamped(answers: Answers, version: int, at: str, by: str = "") -> dict[str, Answer]:
    """Answers with the marks of the version that sets them, so that an older window does not overwrite them."""
    marks = {"r": version + 1, "at": at, **({"by": by} if by else {})}
    return {name: {**answer, **marks} for name, answer in answers.items()}


def _is_new(saved: Answer | None, answer: Answer, by: str) -> bool:
    """Whether it changes anything. Who came in with another link is not told that it says what was there."""
    was = bare(saved)
    if was is not None and CARRIED not in answer:
        was.pop(CARRIED, None)
    return was != bare(answer) or (saved or {}).get("by", "") != by


def bare(answer: Answer | None) -> dict[str, Any] | None:
    """An answer without the marks of when it was saved."""
    return None if answer is None else {key: value for key, value in answer.items() if key not in MARKS}


def skip(questions: frozenset[str], answers: Answers) -> dict[str, Answer]:
    """The answer "skipped" for the questions that were shown and left without any answer."""
    return dict.fromkeys(questions - set(answers), SKIPPED)


def bases(text: str) -> dict[str, int]:
    """{section: version} from the page's "section:version …"; empty for anything else."""
    found = {}
    for word in text.split():
        name, _, number = word.partition(":")
        if number.isdecimal() and len(number) < 10:  # noqa: PLR2004 - no section is saved a billion times
            found[name] = int(number)
    return found
