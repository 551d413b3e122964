"""The box that stands on every plan: the signs that cannot wait, what to say, and whom to call.

Signs: CDC "Hear Her" urgent maternal warning signs; they hold for a year after a pregnancy ends.
"""

from __future__ import annotations

from datetime import date

from reportlab.platypus import Flowable

from intake.pdf.blocks import Box, Columns
from intake.pdf.flow import Words, bullets, heading, labelled, text
from intake.pdf.language import Language
from intake.pdf.model import CarePlan, Clinic
from intake.pdf.styles import BODY, BOX_TITLE, DOSE, SMALL, SMALL_ITEM
from intake.pdf.words import on_paper, shorten

LONGEST_NUMBER = 60


def help_box(plan: CarePlan, _: Language) -> list[Flowable]:
    """The box for this plan."""
    return [box(plan.clinic, plan.birth_date, _)]


def box(clinic: Clinic, birth_date: date | None, _: Language) -> Box:
    """One box, whole on one page, with every sign. Without a birth date the sentence to say has none."""
    signs = _signs(_)
    half = (len(signs) + 1) // 2
    columns = Columns([bullets(signs[:half], SMALL_ITEM), bullets(signs[half:], SMALL_ITEM)], (0.5, 0.5))
    content = [
        heading(_("When to get help now"), BOX_TITLE),
        text(
            _("Get medical care right away for any of these. They matter for a full year after pregnancy."),
            SMALL,
        ),
        columns,
        labelled(_("Say:"), f"“{_what_to_say(birth_date, _)}”", DOSE),
        *_numbers(clinic, _),
    ]
    return Box(content, rule=2.5)


def _signs(_: Language) -> tuple[str, ...]:
    return (
        _("Bleeding that soaks a pad in 1 hour, or a clot as big as an egg"),
        _("Chest pain, or trouble breathing"),
        _("You faint or have a seizure (a fit)"),
        _("A bad headache, or changed eyesight"),
        _("Very bad belly pain"),
        _("Swelling of your face or hands"),
        _("A leg that is swollen and hurts"),
        _("A fever of 100.4 °F (38 °C) or more"),
        _("Fluid from your vagina that smells bad"),
        _("A wound that is hot or opens"),
        _("You cannot pee"),
        _("You feel numb between your legs"),
        _("Thoughts of harming yourself or anyone else"),
        _("You see or hear things that others do not"),
    )


def _what_to_say(birth_date: date | None, _: Language) -> str:
    if birth_date is None:
        return _("I was pregnant in the last year.")
    return _("I gave birth on {day}.", day=_.day(birth_date))


def _numbers(clinic: Clinic, _: Language) -> list[Flowable]:
    calls = (
        (_("Emergency:"), clinic.emergency or _("call your local emergency number")),
        (_("In crisis, or with dark thoughts:"), clinic.crisis),
        (_("Support with mood around birth (not for emergencies):"), clinic.maternal),
    )
    return [_call(label, number) for label, number in calls if number]


def _call(label: str, number: str) -> Words:
    return Words(f"{on_paper(label)} <b>{on_paper(shorten(number, LONGEST_NUMBER), bold=True)}</b>", BODY)
