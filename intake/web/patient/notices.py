"""What the patient reads when her answers hold a warning sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intake.clinical.triage import Flag, Severity, message
from intake.clinical.triage.earlier import triage_over
from intake.forms import conditions
from intake.forms.model import Page
from intake.store import flags
from intake.web import clock, told, visitors
from intake.web.database import session
from intake.web.patient.steps import Intake, said_by
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
    return triage_over(intake.known, conditions.visible_answers(intake.form, intake.answers), today=clock.today())


def of_this_sitting(intake: Intake) -> list[Flag]:
    """The signs she may see again."""
    return shown_now(intake, signs(intake))


def shown_now(intake: Intake, found: Iterable[Flag]) -> list[Flag]:
    """Of some signs, those she may see.

    One that a private answer raised, or one given with another link, is shown in the sitting that raised it, not
    later: whoever holds her phone and knows her birth date must not read it from a message.
    """
    visitor = visitors.visitor()
    started = visitor.login.started_at if visitor else clock.now()
    recent = {flag.rule for flag in flags.of_response(session, intake.response.id) if flag.raised_at >= started}
    return [sign for sign in found if sign.rule in recent or not _is_private(intake, sign)]


def _is_private(intake: Intake, sign: Flag) -> bool:
    return not intake.hidden().isdisjoint(sign.because)


def on_page(intake: Intake, page: Page) -> list[Notice]:
    """The notices that answers of this page gave rise to."""
    return written([sign for sign in of_this_sitting(intake) if names(page) & set(sign.because)], intake)


def names(page: Page) -> frozenset[str]:
    """Every id and code a rule can name when an answer of the page raised it, those inside groups included."""
    return said_by(each for question in page.questions for each in (question, *question.questions))


def written(flags: Sequence[Flag], intake: Intake) -> list[Notice]:
    """The notices for some signs, those without words for the patient left out."""
    shown = conditions.visible_answers(intake.form, intake.answers)
    values = told.values({name: answer for name, answer in shown.items() if name not in intake.earlier})
    return [_notice(flag, values) for flag in flags if message(flag.rule).patient]


def _notice(flag: Flag, values: Mapping[str, str]) -> Notice:
    words = message(flag.rule)
    named = [name for name in ("emergency", "crisis", "maternal") if "{" + name + "}" in words.patient and values[name]]
    named.sort(key=lambda name: words.patient.index("{" + name + "}"))
    phones = tuple((values[name], f"tel:{values[name].replace(' ', '')}") for name in named)
    text = translated(words.patient).format(**values)
    return Notice(flag.rule, Severity(flag.severity).name, translated(words.title), text, phones)
