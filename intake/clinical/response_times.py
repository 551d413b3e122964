"""How soon worklist entries were opened, taken on and closed: counts and medians, never of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from intake.clinical.alerts import Times, due

FEWEST = 5  # fewer entries than that could be told apart


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: how grave it was, and when it was opened, seen, taken on and closed. `id` keeps equal ones apart."""

    id: object
    severity: str
    opened_at: datetime
    seen_at: datetime | None
    acknowledged_at: datetime | None
    closed_at: datetime | None


InTime = Mapping[Entry, bool | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A group of entries. Without `count` there are too few to say anything about it.

    `in_time` is a share from 0 to 1, of those for which the clinic has a time.
    """

    name: str
    count: int | None = None
    seen: timedelta | None = None
    acknowledged: timedelta | None = None
    closed: timedelta | None = None
    in_time: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All entries together, by severity and by month."""

    total: Line
    by_severity: Sequence[Line]
    by_month: Sequence[Line]


def report(
    entries: Sequence[Entry], times: Times, *, severities: Sequence[str], zone: ZoneInfo, now: datetime
) -> Report:
    """The figures; months are those of the clinic's clock, in order, and only those with entries.

    Each month counts as a whole or not at all, and so do its entries of one severity: else two reports that differ by a
    month would tell what is in it.
    """
    in_time = {entry: _in_time(entry, times, now) for entry in entries}
    months = sorted(_groups(entries, lambda entry: entry.opened_at.astimezone(zone).strftime("%Y-%m")).items())
    large = [mine for _name, mine in months if len(mine) >= FEWEST]
    counted = [entry for mine in large for entry in mine]
    told = _groups((entry for mine in large for entry in _told(mine)), _severity)
    hidden = {entry.severity for entry in entries} - told.keys()
    by_severity = [Line(name) if name in hidden else _line(name, told.get(name, []), in_time) for name in severities]
    return Report(_line("", counted or entries, in_time), by_severity, [_line(*month, in_time) for month in months])


def _severity(entry: Entry) -> str:
    return entry.severity


def _told(month: Sequence[Entry]) -> list[Entry]:
    """The entries of a month whose severities are told. Where one is too rare the next rarest is left out with it."""
    groups = _groups(month, _severity)
    small = {name for name, mine in groups.items() if len(mine) < FEWEST}
    if len(small) == 1:
        shown = [(len(mine), name) for name, mine in groups.items() if name not in small]
        small |= {min(shown)[1]} if shown else set()
    return [entry for entry in month if entry.severity not in small]


def _groups(entries: Iterable[Entry], by: Callable[[Entry], str]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(by(entry), []).append(entry)
    return found


def _line(name: str, entries: Sequence[Entry], in_time: InTime) -> Line:
    if 0 < len(entries) < FEWEST:
        return Line(name)
    return Line(
        name,
        len(entries),
        _median(entries, lambda entry: entry.seen_at),
        _median(entries, lambda entry: entry.acknowledged_at),
        _median(entries, lambda entry: entry.closed_at),
        _share([found for entry in entries if (found := in_time[entry]) is not None]),
    )


def _median(entries: Sequence[Entry], at: Callable[[Entry], datetime | None]) -> timedelta | None:
    """The median time from opening; None where fewer than five have come that far."""
    spent = [(moment - entry.opened_at).total_seconds() for entry in entries if (moment := at(entry)) is not None]
    return timedelta(seconds=median(spent)) if len(spent) >= FEWEST else None


def _in_time(entry: Entry, times: Times, now: datetime) -> bool | None:
    """Whether it was taken on before the next person was due; None where there is no such time, or it is not over."""
    limit = due(times, entry.severity, entry.opened_at)
    if limit is None or (entry.acknowledged_at is None and now < limit):
        return None
    return entry.acknowledged_at is not None and entry.acknowledged_at <= limit


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if len(found) >= FEWEST else None
