"""The first page of a plan: whose it is, what we found, and what matters."""

from __future__ import annotations

from reportlab.lib.colors import Color
from reportlab.platypus import Flowable

from intake.pdf.blocks import Box, Columns
from intake.pdf.flow import bullets, heading, labelled, text, together
from intake.pdf.language import Language
from intake.pdf.marks import Bar
from intake.pdf.model import Activity, CarePlan, Goal
from intake.pdf.styles import BODY, LEAD, LINE, NOTE, QUOTE, SHADE, SMALL, SOFT, SUBHEADING, TITLE
from intake.pdf.words import shorten

LONGEST_LINE = 80


def title(plan: CarePlan, _: Language) -> list[Flowable]:
    """Whose plan this is, from whom and when, and whom to call."""
    who = shorten(plan.name_used, LONGEST_LINE)
    by = ", ".join(words for words in (plan.therapist, plan.credentials) if words)
    lines = [_("For {name}", name=who)] if who else []
    day = _.day(plan.issued_on)
    made = _("Made on {day} with {therapist}", day=day, therapist=by) if by else _("Made on {day}", day=day)
    return [
        heading(_("Your plan"), TITLE),
        *(text(line, LEAD) for line in lines),
        text(made),
        Box(_contact(plan, _), rule=0, shade=SHADE),
    ]


def _contact(plan: CarePlan, _: Language) -> list[Flowable]:
    clinic = plan.clinic
    who = " · ".join(shorten(words, LONGEST_LINE) for words in (clinic.name, clinic.address) if words)
    call = (
        _("Questions? Call us at {phone}.", phone=shorten(clinic.phone, LONGEST_LINE))
        if clinic.phone
        else _("Questions? Ask us at your next visit.")
    )
    away = _(
        "We are not here day and night. Nobody checks on you between visits. "
        "If you feel unwell, use the box “When to get help now”."
    )
    return [labelled(call, who, SMALL), text(away, SMALL)]


def findings(plan: CarePlan, _: Language) -> list[Flowable]:
    """What the visit showed, in a few plain sentences."""
    found = bullets(plan.findings)
    return [heading(_("What we found")), *found] if found else []


def matters(plan: CarePlan, _: Language) -> list[Flowable]:
    """The person's own words, the things that are hard to do, and what we aim for."""
    content: list[Flowable] = []
    if plan.matters.strip():
        content.append(text(_("“{words}”", words=plan.matters.strip()), QUOTE))
    content.extend(_activities(plan.activities, _))
    content.extend(_goals(plan.goals, _))
    return [heading(_("What matters to you")), *content] if content else []


def _activities(activities: tuple[Activity, ...], _: Language) -> list[Flowable]:
    if not activities:
        return []
    scale = _("How it goes: 0 means you cannot do it. 10 means you can do it as you did before.")
    rows = [_activity(activity, _) for activity in activities]
    return [*together([text(scale, NOTE), rows[0]]), *rows[1:]]


def _activity(activity: Activity, _: Language) -> Columns:
    rated = [
        _rating(label, value, fill)
        for label, value, fill in ((_("Start"), activity.baseline, LINE), (_("Now"), activity.now, SOFT))
        if value is not None
    ]
    bars: list[Flowable] = [*rated] or [text(_("Not rated yet"), NOTE)]
    return Columns([[text(activity.name, BODY)], bars], (0.52, 0.48))


def _rating(label: str, value: int, fill: Color) -> Columns:
    return Columns([[labelled(label, str(value), SMALL)], [Bar(value, fill=fill)]], (0.32, 0.68))


def _goals(goals: tuple[Goal, ...], _: Language) -> list[Flowable]:
    if not goals:
        return []
    first, *rest = ([labelled(_("Goal:"), goal.text), *_measured(goal, _)] for goal in goals)
    return [
        *together([heading(_("What we aim for"), SUBHEADING), *first]),
        *(b for goal in rest for b in together(goal)),
    ]


def _measured(goal: Goal, _: Language) -> list[Flowable]:
    facts = (
        _("How we tell: {measure}", measure=goal.measure) if goal.measure else "",
        _("Start: {baseline}", baseline=goal.baseline) if goal.baseline else "",
        _("Aim: {target}", target=goal.target) if goal.target else "",
        _("By {day}", day=_.day(goal.due)) if goal.due else "",
    )
    line = " · ".join(fact for fact in facts if fact)
    return [text(line, NOTE)] if line else []
