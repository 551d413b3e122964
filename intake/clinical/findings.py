"""What is worked out from a note's findings: the POP-Q stage and the PERFECT line. Nothing given, nothing said."""

from __future__ import annotations

from dataclasses import dataclass

from intake.clinical import perfect, popq
from intake.clinical.values import number
from intake.forms.conditions import Answers


@dataclass(frozen=True, slots=True)
class Computed:
    """The stage ("II") with its leading compartments, and the PERFECT notation; empty where not examined."""

    stage: str
    leading: tuple[str, ...]
    perfect: str


def computed(answers: Answers) -> Computed:
    """What the findings amount to."""
    points = {name: number(answers, f"popq_{name.lower()}") for name in ("Aa", "Ba", "C", "D", "Ap", "Bp", "tvl")}
    stage = popq.stage(**points)
    p, e, r, f = (number(answers, f"perfect_{part}") for part in "perf")
    return Computed(stage.number or "", stage.leading, perfect.notation(p=p, e=e, r=r, f=f) or "")
