"""What is worked out from a note's findings: stages, totals and lines. Nothing given, nothing said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.clinical import brink, complexity, examconsents, girdle, perfect, popq
from intake.clinical.girdle import Girdle
from intake.clinical.values import number, value
from intake.forms.conditions import Answers

RESULT = {"pos": True, "neg": False}
CERVIX = {"yes": True, "no": False}
SIDES = ("lp_prov_left", "lp_prov_right")

# {section: how the questions begin whose answers it works something out from}.
FROM: Mapping[str, tuple[str, ...]] = {
    "popq": ("popq_",),
    "internal": ("perfect_", "in_brink_"),
    "lumbopelvic": ("lp_aslr", "lp_provocation"),
    "impression": ("im_personal", "im_elements", "im_presentation"),
    "procedures": ("pr",),
}


@dataclass(frozen=True, slots=True)
class Computed:
    """The stage ("II") with its leading compartments, the PERFECT notation, and totals; empty where not examined.

    `aslr` is the total of the active straight leg raise, `eased` how it changes with compression, `brink` a total,
    `complexity` a level ("low"). `withdrawn` are consents that ended during an examination, with the time.
    """

    stage: str
    leading: tuple[str, ...]
    perfect: str
    aslr: int | None
    eased: int | None
    girdle: Girdle
    brink: int | None
    complexity: str
    withdrawn: Mapping[str, str]


def computed(answers: Answers) -> Computed:
    """What the findings amount to."""
    points = {name: number(answers, f"popq_{name.lower()}") for name in ("Aa", "Ba", "C", "D", "Ap", "Bp", "tvl")}
    stage = popq.stage(**points, cervix=CERVIX.get(value(answers, "popq_cervix")))
    p, e, r, f = (number(answers, f"perfect_{part}") for part in "perf")
    plain, aided = (_aslr(answers, f"lp_aslr_{state}") for state in ("plain", "aided"))
    return Computed(
        stage=stage.number or "",
        leading=stage.leading,
        perfect=perfect.notation(p=p, e=e, r=r, f=f) or "",
        aslr=plain,
        eased=girdle.change(plain, aided),
        girdle=girdle.cluster(plain, _provocation(value(answers, "lp_provocation") or {})),
        brink=brink.total(
            *(_grade(value(answers, f"in_brink_{part}")) for part in ("pressure", "displacement", "duration"))
        ),
        complexity=complexity.level(
            *(value(answers, f"im_{part}") for part in ("personal", "elements", "presentation"))
        )
        or "",
        withdrawn=examconsents.withdrawn(answers),
    )


def _grade(code: str | None) -> int | None:
    return None if code is None else int(code)


def _aslr(answers: Answers, column: str) -> int | None:
    """The total of both legs; none while a leg is also said not to have been tested."""
    rows = value(answers, "lp_aslr") or {}
    if any("lp_aslr_nt" in cells and "lp_aslr_plain" in cells for cells in rows.values()):
        return None
    return girdle.total(*(_grade(rows.get(side, {}).get(column)) for side in ("left", "right")))


def _provocation(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, bool | None]:
    """Each test positive on a side, negative where both were done, or not known: the other side could be positive."""
    found: dict[str, bool | None] = {}
    for name, cells in rows.items():
        results = [RESULT[cells[side]] for side in SIDES if side in cells]
        found[name] = True if any(results) else (None if len(results) < len(SIDES) else False)
    return found
