"""A care plan on paper: a few calm pages to put on the fridge, and the handouts that go with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from reportlab.platypus import Flowable

from intake.pdf import document
from intake.pdf.document import Paper
from intake.pdf.flow import heading, labelled, text, together
from intake.pdf.handouts import handouts
from intake.pdf.help_box import help_box
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import CarePlan
from intake.pdf.opening import findings, matters, title
from intake.pdf.programme import exercises, habits
from intake.pdf.traffic_light import traffic_light
from intake.pdf.words import shorten

LONGEST_INITIALS = 6
LONGEST_ID = 16

Section = Callable[[CarePlan, Language], list[Flowable]]


def next_visit(plan: CarePlan, _: Language) -> list[Flowable]:
    """When we meet again, and how we will see what has changed."""
    when = plan.next_visit.strip() or _("Call us to find a time that works for you.")
    content: list[Flowable] = [text(when)]
    if plan.measured_by.strip():
        content.append(labelled(_("How we will measure:"), plan.measured_by))
    return [*together([heading(_("Your next visit")), content[0]]), *content[1:]]


SECTIONS: tuple[Section, ...] = (
    title,
    findings,
    matters,
    exercises,
    habits,
    traffic_light,
    help_box,
    next_visit,
    handouts,
)


def render(plan: CarePlan, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The plan as a PDF: the same plan always gives the same bytes."""
    flowables = chain.from_iterable(section(plan, language) for section in SECTIONS)
    return document.write(
        list(flowables),
        title=language("Plan"),
        paper=paper,
        language=language,
        footer=_footer(plan, language),
    )


def _footer(plan: CarePlan, _: Language) -> str:
    """Initials rather than the name: enough to tell whose page fell off the fridge."""
    parts = (
        shorten(plan.initials, LONGEST_INITIALS),
        _.day(plan.issued_on),
        shorten(plan.plan_id, LONGEST_ID),
    )
    return " · ".join(part for part in parts if part)
