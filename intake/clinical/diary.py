"""What a bladder diary says: each number only where the entries carry it. What is missing is never zero.

Terms are those of the International Continence Society: Abrams et al., Neurourol Urodyn 2002;21:167-78 (diary, maximum
voided volume); Hashim et al., Neurourol Urodyn 2019;38:499-508 (nocturia, nocturnal volume, nocturnal polyuria index).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from intake.clinical.values import value
from intake.forms import conditions
from intake.forms.conditions import Answers
from intake.forms.model import Form, Question

DAYS: Final = (1, 2, 3)
TOILET, LEAK, DRINK, BED, UP = "toilet", "leak", "drink", "bed", "up"
NOON: Final = timedelta(hours=12)
EVENING: Final = "18:00"  # a choice of this product: going to bed before that is a nap
MORNING_ENDS: Final = "12:00"  # a choice of this product: later than that the page of the new day is open
LONGEST_NIGHT: Final = timedelta(hours=16)  # a choice of this product: a longer gap is a missed entry, not a night


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` is None without a date or a time; volumes are in ml."""

    kind: str
    at: datetime | None
    clock: str = ""
    volume: Decimal | None = None
    size: str = ""
    urge: str = ""
    leak: str = ""
    doing: str = ""
    drink: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the diary in numbers.

    `by_day` and `by_night` part the voids by bed times; None where those are missing. `total` is the volume of 24 hours
    and `nightly` that of the night, in ml; None unless every void that counts was measured. `drunk` likewise.
    """

    number: int
    date: date | None
    entries: tuple[Entry, ...]
    voids: int
    by_day: int | None
    by_night: int | None
    total: Decimal | None
    nightly: Decimal | None
    leaks: int
    drinks: int
    drunk: Decimal | None
    urges: Mapping[str, int] = field(default_factory=dict)

    @property
    def night_share(self) -> Decimal | None:
        """Nocturnal polyuria index: the night's share of the volume of 24 hours, in percent."""
        if self.total is None or self.nightly is None or not self.total:
            return None
        return (100 * self.nightly / self.total).quantize(Decimal(1))


@dataclass(frozen=True, slots=True)
class Diary:
    """Three days, and what is said of them together. `largest` is the maximum voided volume, once called capacity."""

    days: tuple[Day, ...]
    measured: int
    largest: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class _Night:
    """From going to bed to getting up."""

    bed: datetime
    up: datetime

    @property
    def evening(self) -> date:
        """The day it belongs to: going to bed before noon is the end of the day before."""
        return (self.bed - NOON).date()


@dataclass(frozen=True, slots=True)
class _Timeline:
    """The entries of all days that have a moment, in order; `is_whole` when every entry has one."""

    entries: Sequence[Entry]
    is_whole: bool

    @property
    def voids(self) -> list[tuple[datetime, Entry]]:
        """Each void with its moment."""
        return [(entry.at, entry) for entry in self.entries if entry.kind == TOILET and entry.at]

    def night(self, on: date | None) -> _Night | None:
        """The night that ends a day: the longest, so that a nap is none."""
        return max((each for each in _nights(self.entries) if each.evening == on), key=_length, default=None)

    def morning(self, on: date | None) -> datetime | None:
        """When she got up on a day for the first time."""
        return next((e.at for e in self.entries if e.kind == UP and e.at and e.at.date() == on), None)


def _length(night: _Night) -> timedelta:
    return night.up - night.bed


def read(form: Form, answers: Answers) -> Diary:
    """The diary in numbers; days without an entry are left out."""
    shown = conditions.visible_answers(form, answers)
    kept = {number: tuple(_entries(form, shown, number)) for number in DAYS}
    listed = [entry for found in kept.values() for entry in found]
    moments = sorted({entry.at for entry in listed if entry.at})
    timeline = _Timeline([entry for at in moments for entry in listed if entry.at == at], all(e.at for e in listed))
    days = tuple(_day(number, _date(shown, number), kept[number], timeline) for number in DAYS if kept[number])
    volumes = [e.volume for found in kept.values() for e in found if e.kind == TOILET and e.volume is not None]
    mean = (sum(volumes, Decimal(0)) / len(volumes)).quantize(Decimal(1)) if volumes else None
    return Diary(days, len(volumes), max(volumes, default=None), mean)


def _date(answers: Answers, number: int) -> date | None:
    said = value(answers, f"di_date_{number}")
    return date.fromisoformat(said) if said else None


def _entries(form: Form, answers: Answers, number: int) -> Iterator[Entry]:
    """The entries of a day that were not taken out; those without a time come last."""
    group = form.by_id[f"di_entries_{number}"]
    on, children = _date(answers, number), {child.id: child for child in group.questions}
    listed = [entry for entry in value(answers, group.id) or () if f"di_removed_{number}" not in entry]
    kept = [entry for entry in listed if value(entry, f"di_kind_{number}")]
    times = [(value(entry, f"di_kind_{number}"), value(entry, f"di_time_{number}") or "") for entry in kept]
    days = list(_days_after(times))
    found = [_entry(entry, number, _after(on, day), children) for entry, day in zip(kept, days, strict=True)]
    order = sorted(range(len(found)), key=lambda index: (days[index] or 0, found[index].clock or "24:00"))
    return (found[index] for index in order)


def _days_after(listed: Iterable[tuple[str, str]]) -> Iterator[int | None]:
    """By how many days each kind and time is after the date of its page, in the order she added them; None: unclear.

    At night she may still be on the page of the evening. What she adds there after she went to bed, with a time before
    she got up, is from after midnight. Once she got up there again, so is the morning that follows, and its first void.
    """
    up = bed = woke = latest = ""
    for kind, clock in listed:
        is_later = clock != "" and _is_after_the_night(kind, clock, up, woke, latest)
        day = _day_after(kind, clock, up, bed) if clock and not is_later else int(is_later)
        yield day
        if kind == UP:
            up, bed, woke = up or clock, "", clock if day else ""
        elif kind == BED and (day or clock >= EVENING):
            bed = "24:00" if day else clock
        latest = max(latest, clock)


def _is_after_the_night(kind: str, clock: str, up: str, woke: str, latest: str) -> bool:
    """Whether it is of the next day: going to bed late, or in the night or the morning that ended when she `woke`."""
    if woke:
        return clock < up or woke <= clock < MORNING_ENDS
    return kind == BED and clock < up and latest >= EVENING


def _day_after(kind: str, clock: str, up: str, bed: str) -> int | None:
    """The same for one entry: `up` is when she got up on the day of the page, and `bed` when she went to bed."""
    if clock >= bed:
        return 0
    if not up:
        return None if clock < EVENING else 0
    return int(clock < up or kind == UP)


def _after(on: date | None, days: int | None) -> date | None:
    return None if on is None or days is None else on + timedelta(days=days)


def _entry(entry: Answers, number: int, on: date | None, children: Mapping[str, Question]) -> Entry:
    def said(name: str) -> Any:
        return value(entry, f"{name}_{number}") or ""

    clock = said("di_time")
    amount = "di_volume" if said("di_kind") == TOILET else "di_drunk"
    given = said(amount)
    return Entry(
        kind=said("di_kind"),
        at=datetime.combine(on, time.fromisoformat(clock)) if on and clock else None,
        clock=clock,
        volume=conditions.in_first_unit(children[f"{amount}_{number}"], given) if given else None,
        size=said("di_size"), urge=said("di_urge"), leak=said("di_leak"),
        doing=said("di_doing"), drink=said("di_drink"),
    )  # fmt: skip


def _nights(timeline: Sequence[Entry]) -> Iterator[_Night]:
    """From each "went to bed" to the next "got up", unless another "went to bed" or too long a time lies between."""
    bed: datetime | None = None
    for entry in timeline:
        if entry.kind == BED:
            bed = entry.at
        elif entry.kind == UP:
            if bed is not None and entry.at is not None and entry.at - bed <= LONGEST_NIGHT:
                yield _Night(bed, entry.at)
            bed = None


def _day(number: int, on: date | None, entries: tuple[Entry, ...], timeline: _Timeline) -> Day:
    voids = [entry for entry in entries if entry.kind == TOILET]
    drinks = [entry for entry in entries if entry.kind == DRINK]
    morning, night = timeline.morning(on), timeline.night(on)
    if not timeline.is_whole:  # an entry without a moment can belong to any day or night
        morning = night = None
    total, nightly = _volumes(timeline, morning, night)
    return Day(
        number=number, date=on, entries=entries, voids=len(voids),
        by_day=_awake(timeline, morning, night), by_night=_asleep(timeline, night),
        total=total, nightly=nightly, leaks=sum(entry.kind == LEAK for entry in entries), drinks=len(drinks),
        drunk=_sum([entry.volume for entry in drinks]),
        urges=dict(Counter(entry.urge for entry in voids if entry.urge)),
    )  # fmt: skip


def _awake(timeline: _Timeline, morning: datetime | None, night: _Night | None) -> int | None:
    """Voids from getting up to going to bed (ICS daytime frequency)."""
    if morning is None or night is None or morning > night.bed:
        return None
    return sum(morning <= at <= night.bed for at, _void in timeline.voids)


def _asleep(timeline: _Timeline, night: _Night | None) -> int | None:
    """Voids after going to bed and before getting up (ICS nocturia)."""
    return None if night is None else sum(night.bed < at < night.up for at, _void in timeline.voids)


def _volumes(
    timeline: _Timeline, morning: datetime | None, night: _Night | None
) -> tuple[Decimal | None, Decimal | None]:
    """The volume of 24 hours and of the night; None unless every void in them was measured.

    ICS: 24 hours begin after the first void of the morning and end with the first void of the next. The night's share
    is what is passed after going to bed, the first void of the next morning among it.
    """
    if morning is None or night is None or morning > night.bed:
        return None, None
    first = next((at for at, _void in timeline.voids if at >= morning), None)
    last = next((at for at, _void in timeline.voids if at >= night.up), None)
    if first is None or last is None or first > night.bed:
        return None, None
    whole = [(at, void.volume) for at, void in timeline.voids if first < at <= last]
    total = _sum([volume for _at, volume in whole])
    return (total, _sum([volume for at, volume in whole if at > night.bed])) if total is not None else (None, None)


def _sum(volumes: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of volumes that are all known; None when one is missing or there is none."""
    known = [volume for volume in volumes if volume is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(volumes) else None
