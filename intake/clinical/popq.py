"""The POP-Q stage: how far pelvic organs descend, from measurements in centimeters.

Points are relative to the hymen: negative inside, positive outside. Rules of Bump et al., Am J Obstet Gynecol
1996;175:10-17. Arithmetic is decimal, because a stage can turn on "exactly tvl - 2".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from intake.forms.problems import N_

Cm = float | Decimal | None
Measured = Mapping[str, Decimal]

COMPARTMENTS = {"anterior": ("Aa", "Ba"), "apical": ("C", "D"), "posterior": ("Ap", "Bp")}
WALLS = ("Aa", "Ba", "Ap", "Bp")
EDGES = ("Aa", "Ba", "C", "D", "Ap", "Bp")
NEEDED = ("Aa", "Ba", "C", "Ap", "Bp", "tvl")
NAMES = (*EDGES, "gh", "pb", "tvl")
ALLOWED = {
    "Aa": (-3, 3),
    "Ba": (-3, 14),
    "C": (-14, 14),
    "D": (-14, 14),
    "Ap": (-3, 3),
    "Bp": (-3, 14),
    "gh": (0, 10),
    "pb": (0, 8),
    "tvl": (1, 14),
}
WALL_SUPPORTED = -3
MARGIN = 2  # stages 0 and IV: within 2 cm of the total vaginal length
SHORTEST = 3  # at or below this length the bands overlap
USUAL_LENGTH = (6, 12)
STEP = Decimal("0.5")

MISSING = N_("No stage: Aa, Ba, C, Ap, Bp and tvl are all needed.")
IMPOSSIBLE = N_("No stage: the measurements contradict each other.")
SHORT = N_("With a total vaginal length of 3 cm or less the stages overlap: the clinician assigns the stage.")
OUTSIDE = N_("This is outside the range the POP-Q allows for this point.")
ABOVE_AA = N_("Ba cannot be less than Aa: it is the most distal point of the rest of the anterior wall.")
ABOVE_AP = N_("Bp cannot be less than Ap: it is the most distal point of the rest of the posterior wall.")
BEYOND = N_("This point cannot lie farther from the hymen than the total vaginal length.")
NO_CERVIX = N_("D is not measured after the cervix was removed.")
D_BELOW_C = N_("D is distal to C, which is unusual. Please check both.")
LENGTH = N_("A total vaginal length under 6 cm or over 12 cm is unusual. Please check it.")
HALVES = N_("The POP-Q is recorded in half centimeters.")


@dataclass(frozen=True, slots=True)
class Stage:
    """Number "0" to "IV", or None with the reason; the compartments at the leading edge, none in stage 0."""

    number: str | None
    leading: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with, or unusual about, one point."""

    point: str
    text: str


def stage(*, Aa: Cm, Ba: Cm, C: Cm, D: Cm, Ap: Cm, Bp: Cm, tvl: Cm, cervix: bool | None = None) -> Stage:
    """The stage from seven measurements in cm; D is None without a cervix, and `cervix` False where it was removed.

    No number when a needed value is missing, when values contradict each other, and when tvl is 3 cm or less.
    """
    cm = _measured({"Aa": Aa, "Ba": Ba, "C": C, "D": D, "Ap": Ap, "Bp": Bp, "tvl": tvl})
    if any(point not in cm for point in NEEDED):
        return Stage(None, reason=MISSING)
    if any(_problems(cm, cervix=cervix)):
        return Stage(None, reason=IMPOSSIBLE)
    if cm["tvl"] <= SHORTEST:
        return Stage(None, _leading(cm), SHORT)
    number = _number(cm)
    return Stage(number, () if number == "0" else _leading(cm))


def problems(points: Mapping[str, Cm], *, cervix: bool | None = None) -> tuple[Problem, ...]:
    """Values that cannot be true, by point name ("Aa" … "tvl"); points not measured are None or left out."""
    return tuple(_problems(_measured(points), cervix=cervix))


def warnings(points: Mapping[str, Cm]) -> tuple[Problem, ...]:
    """Values that are possible but unusual enough to look at again."""
    return tuple(_warnings(_measured(points)))


def _measured(points: Mapping[str, Cm]) -> dict[str, Decimal]:
    found = {name: Decimal(str(value)) for name in NAMES if (value := points.get(name)) is not None}
    return {name: value for name, value in found.items() if value.is_finite()}


def _number(cm: Measured) -> str:
    limit = cm["tvl"] - MARGIN
    edge = _edge(cm)
    if edge >= limit:
        return "IV"
    if _supported(cm, limit):
        return "0"
    if edge < -1:
        return "I"
    return "II" if edge <= 1 else "III"


def _edge(cm: Measured) -> Decimal:
    return max(cm[point] for point in EDGES if point in cm)


def _supported(cm: Measured, limit: Decimal) -> bool:
    walls = all(cm[point] == WALL_SUPPORTED for point in WALLS)
    return walls and any(cm[point] <= -limit for point in ("C", "D") if point in cm)


def _leading(cm: Measured) -> tuple[str, ...]:
    edge = _edge(cm)
    at_edge = {point for point in EDGES if cm.get(point) == edge}
    return tuple(name for name, points in COMPARTMENTS.items() if at_edge.intersection(points))


def _problems(cm: Measured, *, cervix: bool | None) -> Iterator[Problem]:
    for point, value in cm.items():
        low, high = ALLOWED[point]
        if not low <= value <= high:
            yield Problem(point, OUTSIDE)
        elif point in EDGES and "tvl" in cm and _beyond(point, value, cm["tvl"]):
            yield Problem(point, BEYOND)
    if _less(cm, "Ba", "Aa"):
        yield Problem("Ba", ABOVE_AA)
    if _less(cm, "Bp", "Ap"):
        yield Problem("Bp", ABOVE_AP)
    if "D" in cm and cervix is False:
        yield Problem("D", NO_CERVIX)


def _beyond(point: str, value: Decimal, length: Decimal) -> bool:
    """C and D count both ways; Ba and Bp only outward, as -3 is fully supported at any length."""
    if point in {"C", "D"}:
        return abs(value) > length
    return point in {"Ba", "Bp"} and value > length


def _less(cm: Measured, point: str, other: str) -> bool:
    return point in cm and other in cm and cm[point] < cm[other]


def _warnings(cm: Measured) -> Iterator[Problem]:
    if "C" in cm and "D" in cm and cm["D"] > cm["C"]:
        yield Problem("D", D_BELOW_C)
    if "tvl" in cm and not USUAL_LENGTH[0] <= cm["tvl"] <= USUAL_LENGTH[1]:
        yield Problem("tvl", LENGTH)
    for point, value in cm.items():
        if value % STEP:
            yield Problem(point, HALVES)
