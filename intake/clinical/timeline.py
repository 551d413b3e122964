"""What happened around one patient, newest first: sorted, kept to a kind, cut into pages, grouped by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any

SIZE = 20  # events a page
# What a reader can keep to, and what belongs to it. Of one moment, what stands later here comes first.
KINDS: Mapping[str, tuple[str, ...]] = {
    "visits": ("visit",),
    "forms": ("form",),
    "signs": ("sign",),
    "consents": ("consent", "withdrawal"),
    "notes": ("note", "addendum", "cosignature"),
    "plans": ("plan", "document"),
    "disclosures": ("disclosure",),
}
KIND_OF = {what: kind for kind, all_of_it in KINDS.items() for what in all_of_it}
_PLACE = {what: place for place, what in enumerate(KIND_OF)}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `what` it is, when, the id of its record, and the record where it is at hand.

    `tier` is the highest tier of what its line tells.
    """

    what: str
    at: datetime
    key: Any
    record: Any = None
    tier: str = "desk"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a timeline: its days with their events, which page of how many, and how many there are of a kind."""

    days: Sequence[tuple[date, Sequence[Event]]]
    number: int
    pages: int
    counts: Mapping[str, int]

    @property
    def events(self) -> list[Event]:
        """Its events without the days."""
        return [event for _day, events in self.days for event in events]


def page(
    events: Iterable[Event], *, tiers: Collection[str], zone: tzinfo, kind: str = "", number: int = 1, size: int = SIZE
) -> Page:
    """A page of what a reader of these tiers may see. A number that is none leads to the nearest page.

    What is about safety at home stands in no list, whoever reads it.
    """
    seen = [event for event in events if event.tier in tiers and event.tier != "safety"]
    counts = Counter(KIND_OF[event.what] for event in seen)
    kept = [event for event in seen if kind not in KINDS or KIND_OF[event.what] == kind]
    kept.sort(key=lambda event: (event.at, _PLACE[event.what], str(event.key)), reverse=True)
    pages = max(1, -(-len(kept) // size))
    number = min(max(number, 1), pages)
    shown = kept[(number - 1) * size : number * size]
    days = groupby(shown, key=lambda event: event.at.astimezone(zone).date())
    return Page([(day, list(events)) for day, events in days], number, pages, counts)
