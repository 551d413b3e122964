"""What to expect from an exercise and when to ease off: told by word, shape and color."""

from __future__ import annotations

from reportlab.platypus import Flowable

from intake.pdf.blocks import Columns
from intake.pdf.flow import heading, labelled, text, together
from intake.pdf.language import Language
from intake.pdf.marks import Light
from intake.pdf.model import CarePlan
from intake.pdf.styles import BODY, GREEN, RED, YELLOW

CIRCLE, TRIANGLE, OCTAGON = 0, 3, 8


def traffic_light(_plan: CarePlan, _: Language) -> list[Flowable]:
    """Green 0 to 2 of 10, yellow 3 or 4, red 5 and more; pain and signs during or after an exercise."""
    return together(
        [
            heading(_("What to expect, and when to ease off")),
            text(_("After each exercise, rate your pain from 0 (none) to 10 (the worst).")),
            *(_row(*light) for light in _lights(_)),
            labelled(_("Stop all exercise for any of these:"), _stop_for_everything(_)),
        ]
    )


def _lights(_: Language) -> tuple[tuple[Light, str, str], ...]:
    return (
        (
            Light(CIRCLE, GREEN),
            _("Green: go on."),
            _("Pain is 0 to 2. By the next day you feel as you did before. Keep going, or do a little more."),
        ),
        (
            Light(TRIANGLE, YELLOW),
            _("Yellow: ease off."),
            _("Pain is 3 or 4, or you feel it for up to a day. Do no more than now, or up to half less."),
        ),
        (
            Light(OCTAGON, RED),
            _("Red: stop."),
            _(
                "Pain is 5 or more, or it lasts longer than a day. Or you have a new leak, heaviness or "
                "bleeding. Stop this exercise and tell your therapist."
            ),
        ),
    )


def _row(light: Light, label: str, words: str) -> Columns:
    return Columns([[light], [labelled(label, words, BODY)]], (0.11, 0.89), gap=8)


def _stop_for_everything(_: Language) -> str:
    return _(
        "fever, heavy bleeding, an open wound, chest pain, pain in your calf, dizziness, a bad headache. "
        "Then read the box below. You can always stop."
    )
