"""What the patient reads when her answers hold a warning sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from intake.clinical.triage import Flag, Severity, message, triage
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
    return triage_over(intake.form, intake.known, intake.counting(), today=clock.today(), born=intake.born)


def known(intake: Intake) -> dict[str, Flag]:
    """{rule: sign} of those that the answers she knows of raise by themselves.

    What she says now is answered as if nothing hidden had been said: her message is not lost to an older answer, and
    whether it comes tells nobody what that one was.
    """
    return {sign.rule: sign for sign in triage(intake.seen(), today=clock.today(), born=intake.born)}


def of_this_sitting(intake: Intake) -> list[Flag]:
    """The signs she may see again, gravest first.

    One that a private answer raised, or one given with another link, is shown in the sitting that raised it, not
    later: whoever holds her phone and knows her birth date must not read it from a message.
    """
    own = known(intake)
    others = [sign for sign in _shown(intake, signs(intake)) if sign.rule not in own]
    return sorted([*own.values(), *others], key=lambda sign: -sign.severity)


def new(before: Intake, after: Intake, raised: Iterable[Flag]) -> list[Flag]:
    """The signs a save has just raised for her: of the `raised` ones those she may see, and any she knows of anew.

    An emergency among the latter counts until she says that she has read it.
    """
    earlier, now = known(before), known(after)
    replied = _replied(after, now)
    own = [
        sign for rule, sign in now.items()
        if rule not in earlier or set(sign.because) - set(earlier[rule].because)
        or (sign.severity is Severity.EMERGENCY and rule not in replied)
    ]  # fmt: skip
    return [*own, *(sign for sign in _shown(after, raised) if sign.rule not in now)]


def _replied(intake: Intake, found: Mapping[str, Flag]) -> set[str]:
    """The rules she has replied to: in this sitting, or ever where nothing private speaks of it."""
    since = _started()
    return {
        flag.rule for flag in flags.of_response(session, intake.response.id)
        if flag.patient_replied_at and flag.rule in found
        and (flag.patient_replied_at >= since or not _is_private(intake, found[flag.rule]))
    }  # fmt: skip


def _shown(intake: Intake, found: Iterable[Flag]) -> list[Flag]:
    since = _started()
    recent = {flag.rule for flag in flags.of_response(session, intake.response.id) if flag.raised_at >= since}
    return [sign for sign in found if sign.rule in recent or not _is_private(intake, sign)]


def _started() -> datetime:
    login = visitors.sitting()
    return login.started_at if login else clock.now()


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
    return worded(flags, {name: answer for name, answer in shown.items() if name not in intake.earlier}, intake.born)


def worded(flags: Iterable[Flag], answers: conditions.Answers, born: date) -> list[Notice]:
    """The same with the answers that its words may name."""
    values = told.values(answers, born)
    return [_notice(flag, values) for flag in flags if message(flag.rule).patient]


def _notice(flag: Flag, values: Mapping[str, str]) -> Notice:
    words = message(flag.rule)
    named = [name for name in ("emergency", "crisis", "maternal") if "{" + name + "}" in words.patient and values[name]]
    named.sort(key=lambda name: words.patient.index("{" + name + "}"))
    phones = tuple((values[name], f"tel:{values[name].replace(' ', '')}") for name in named)
    text = translated(words.patient).format(**values)
    return Notice(flag.rule, Severity(flag.severity).name, translated(words.title), text, phones)
