"""What changed since last time: each measure of the newest short form beside the last time it was answered.

What was not answered has no number and no change. It is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from intake.clinical.returning import ACTIVITIES, CHECK_IN, MEASURE, NAME
from intake.clinical.values import number, value
from intake.forms import conditions
from intake.forms.conditions import Answers
from intake.forms.problems import N_
from intake.forms.recall import Layer

# Patient-Specific Functional Scale, 0 cannot do to 10 as before: the change that chance hardly explains (MDC90), of the
# mean of the activities and of a single one. Stratford et al., Physiother Can 1995;47:258-63.
PSFS_CHANGE, PSFS_CHANGE_OF_ONE = Decimal(2), Decimal(3)
# Question of the short form -> what the chart calls it, and whether less is better.
MEASURED: Final[Mapping[str, tuple[str, bool]]] = {
    "ci_pain": (N_("Worst pain in the last week, 0 to 10"), True),
    "ci_goal": (N_("Close to what they most want back, 0 to 10"), False),
    "ci_leaks": (N_("Leaks of pee in the last week"), True),
    "ci_bowel_leaks": (N_("Leaks of gas or poop in the last week"), True),
    "ci_heaviness": (N_("Bother by heaviness, 0 to 10"), True),
    "ci_moving": (N_("Pain with movement, 0 to 10"), True),
}
FOLLOWED: Final = {"bladder": "ci_leaks", "bowel": "ci_bowel_leaks", "heaviness": "ci_heaviness", "moving": "ci_moving"}
MEAN: Final = N_("Own activities, mean of those rated both times, 0 to 10")


@dataclass(frozen=True, slots=True)
class Change:
    """One measure: now, the last time it was answered, and the difference; None where there is no number.

    `own` says that `measure` is the patient's own words. `is_better` is None without a difference. `matters` says
    whether the difference is beyond chance, where a threshold is known.
    """

    measure: str
    now: Decimal | None
    at: datetime
    last: Decimal | None = None
    last_at: datetime | None = None
    own: bool = False
    less_is_better: bool = False
    threshold: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        """Now less last; None when either is missing."""
        return None if self.now is None or self.last is None else self.now - self.last

    @property
    def is_better(self) -> bool | None:
        """Whether it went the good way; None when it stayed, or is not known."""
        if not self.difference:
            return None
        return (self.difference < 0) is self.less_is_better

    @property
    def matters(self) -> bool | None:
        """Whether the difference reaches the threshold; None where there is neither."""
        if self.threshold is None or self.difference is None:
            return None
        return abs(self.difference) >= self.threshold


def changes(layers: Sequence[Layer]) -> tuple[Change, ...]:
    """The newest short form against the last time before. Nothing when there is no short form.

    Which is newer is told by when they were said: paper is typed in late.
    """
    layers = sorted(layers, key=lambda layer: layer.at)
    places = [index for index, layer in enumerate(layers) if layer.form.id == CHECK_IN]
    if not places:
        return ()
    newest, before = layers[places[-1]], layers[: places[-1]]
    answers = conditions.visible_answers(newest.form, newest.answers)
    plain = [_plain(name, answers, newest, before) for name in _asked(answers)]
    return (*plain, *_activities(answers, newest, before))


def _asked(answers: Answers) -> Iterator[str]:
    followed = FOLLOWED.get(str(value(answers, MEASURE)))
    return (name for name in MEASURED if name in {"ci_pain", "ci_goal", followed})


def _plain(name: str, answers: Answers, newest: Layer, before: Sequence[Layer]) -> Change:
    text, less_is_better = MEASURED[name]
    earlier = ((number(each.answers, name), each.at) for each in reversed(before) if each.form.id == CHECK_IN)
    last, last_at = next(((found, at) for found, at in earlier if found is not None), (None, None))
    return Change(text, number(answers, name), newest.at, last, last_at, less_is_better=less_is_better)


def _activities(answers: Answers, newest: Layer, before: Sequence[Layer]) -> Iterator[Change]:
    named = list(_named(answers))
    rated = {_same(name): rating for name, rating in named if rating is not None}
    last, last_at = _last_rated(before, {_same(name) for name, _rating in named})
    both = sorted(last.keys() & rated.keys())
    if both:
        now, then = _mean([rated[name] for name in both]), _mean([last[name] for name in both])
        threshold = PSFS_CHANGE if len(both) > 1 else PSFS_CHANGE_OF_ONE
        yield Change(MEAN, now, newest.at, then, last_at, threshold=threshold)
    for name, rating in named:
        earlier = last.get(_same(name))
        yield Change(
            name,
            rating,
            newest.at,
            earlier,
            None if earlier is None else last_at,
            own=True,
            threshold=PSFS_CHANGE_OF_ONE,
        )


def _last_rated(before: Sequence[Layer], names: set[str]) -> tuple[dict[str, Decimal], datetime | None]:
    """The ratings of the last form that rated any of these activities: a mean compares two days, not several."""
    for layer in reversed(before):
        found = {_same(name): rating for name, rating in _rated(layer) if rating is not None and _same(name) in names}
        if found:
            return found, layer.at
    return {}, None


def _rated(layer: Layer) -> Iterator[tuple[str, Decimal | None]]:
    if layer.form.id == CHECK_IN:
        yield from _named(layer.answers)
    for entry in value(layer.answers, "fn_psfs") or ():
        yield str(value(entry, "fn_activity_name") or ""), number(entry, "fn_rating")


def _named(answers: Answers) -> Iterator[tuple[str, Decimal | None]]:
    """Her activities in a short form, each with its rating; None where she left it open."""
    for place in range(1, ACTIVITIES + 1):
        if name := value(answers, f"{NAME}{place}"):
            yield str(name), number(answers, f"ci_activity_{place}")


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _mean(ratings: Sequence[Decimal]) -> Decimal:
    return (sum(ratings, Decimal(0)) / len(ratings)).quantize(Decimal("0.1"))
