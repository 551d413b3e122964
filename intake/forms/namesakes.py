"""Questions of a clinic's forms with one id: the newest word on each holds in every form, so all are answered alike.

Options and words may differ. What an answer is made of may not: conditions compare it, and pages show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.forms.faults import Fault, within
from intake.forms.model import Form, Question
from intake.forms.ours import OWN
from intake.forms.problems import N_


def faults(form: Form, others: Sequence[Form]) -> Iterator[Fault]:
    """What is wrong with a clinic's form next to its earlier versions and the clinic's other forms."""
    for section in form.sections:
        for number, page in enumerate(section.pages, 1):
            for question in page.questions:
                other = next((each for each in others if _differs(question, each)), None)
                if other is not None:
                    yield _unlike(question, other, within(section.id, f"page {number}", question.id))


def _differs(question: Question, other: Form) -> bool:
    """Whether that form asks it in another way. Ids of ours mean the same everywhere (ours.py)."""
    return question.id.startswith(OWN) and question.id in other.by_id and not _alike(question, other.by_id[question.id])


def _unlike(question: Question, other: Form, place: str) -> Fault:
    text = N_(
        "%(id)s is answered in another way in %(form)s, version %(version)s (kind %(kind)s). "
        "Ask it in that way, or give yours another id: %(better)s."
    )
    kind, better = other.by_id[question.id].kind, f"{question.id}_new"
    return Fault(
        place, text,
        {"id": question.id, "form": other.id, "version": other.version, "kind": kind, "better": better},
    )  # fmt: skip


def _alike(one: Question, other: Question) -> bool:
    """Whether answers to both are made of the same: of the same kind, and so is what they have in common inside."""
    if (one.kind, one.rated, bool(one.columns)) != (other.kind, other.rated, bool(other.columns)):
        return False
    inside = {part.id: part for part in (*other.questions, *other.columns)}
    return all(_alike(part, inside[part.id]) for part in (*one.questions, *one.columns) if part.id in inside)
