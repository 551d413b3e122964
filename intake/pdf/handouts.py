"""Handouts that come after the plan, each with what to know and where its limits are."""

from __future__ import annotations

from reportlab.platypus import Flowable, PageBreak

from intake.pdf.flow import bullets, heading, together
from intake.pdf.language import Language
from intake.pdf.model import CarePlan, PlanTopic
from intake.pdf.styles import SUBHEADING


def handouts(plan: CarePlan, _: Language) -> list[Flowable]:
    """The topics, starting on a page of their own so that the plan can hang on the fridge without them."""
    if not plan.topics:
        return []
    return [PageBreak(), *(block for topic in plan.topics for block in together(handout(topic, _)))]


def handout(topic: PlanTopic, _: Language) -> list[Flowable]:
    """What to know about one topic, and when to take care."""
    content = [heading(topic.title), *bullets(topic.points)]
    limits = bullets(topic.limits)
    if limits:
        content += [heading(_("Take care"), SUBHEADING), *limits]
    return content
