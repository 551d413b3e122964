"""What the patient reads when her answers hold a warning sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.clinical.triage import Flag, Severity, message, triage
from intake.forms import conditions
from intake.forms.model import Page
from intake.web import clock, told
from intake.web.patient.steps import Intake
from intake.web.say import translated


@dataclass(frozen=True, slots=True)
class Notice:
    """One message with its rule, how urgent it is and the numbers to tap."""

    rule: str
    severity: str
    title: str
    text: str
    phones: tuple[tuple[str, str], ...]


def signs(intake: Intake) -> tuple[Flag, ...]:
    """The warning signs in the answers as they are now."""
    return triage(conditions.visible_answers(intake.form, intake.answers), today=clock.today())


def on_page(intake: Intake, page: Page) -> list[Notice]:
    """The notices that answers of this page gave rise to."""
    return written([sign for sign in signs(intake) if names(page) & set(sign.because)], intake)


def names(page: Page) -> frozenset[str]:
    """Every id and code a rule can name when an answer of the page raised it, those inside groups included."""
    asked = [*page.questions, *(child for question in page.questions for child in question.questions)]
    return frozenset({q.id for q in asked} | {option.code for q in asked for option in q.options})


def written(flags: Sequence[Flag], intake: Intake) -> list[Notice]:
    """The notices for some signs, those without words for the patient left out."""
    values = told.values(conditions.visible_answers(intake.form, intake.answers))
    return [_notice(flag, values) for flag in flags if message(flag.rule).patient]


def _notice(flag: Flag, values: Mapping[str, str]) -> Notice:
    words = message(flag.rule)
    named = [name for name in ("emergency", "crisis", "maternal") if "{" + name + "}" in words.patient and values[name]]
    named.sort(key=lambda name: words.patient.index("{" + name + "}"))
    phones = tuple((values[name], f"tel:{values[name].replace(' ', '')}") for name in named)
    text = translated(words.patient).format(**values)
    return Notice(flag.rule, Severity(flag.severity).name, translated(words.title), text, phones)
