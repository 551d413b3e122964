"""The timeline as a rule: newest first, below its reader's ceiling, a kind at a time, in pages."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from intake.clinical import timeline
from intake.clinical.timeline import KIND_OF, KINDS, Event
from intake.security.policy import TIERS
from tests.sizes import size

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def event(what="visit", hours=0, key=0, tier="care"):
    return Event(what, NOON + timedelta(hours=hours), key, None, tier)


def page(events, tiers=TIERS, **more):
    return timeline.page(events, tiers=tiers, zone=ZONE, **more)


def test_it_is_newest_first_by_the_clinic_s_days():
    found = page([event(hours=0, key=1), event(hours=15, key=2), event(hours=24, key=3)])
    assert [(day.day, [each.key for each in events]) for day, events in found.days] == [(16, [3]), (15, [2, 1])]


def test_what_is_above_the_reader_s_ceiling_is_in_no_count_and_on_no_page():
    events = [event("sign", tier="sensitive"), event("consent", tier="care")]
    found = page(events, tiers=("desk", "care"))
    assert [each.what for each in found.events] == ["consent"]
    assert dict(found.counts) == {"consents": 1}


def test_what_is_about_safety_at_home_stands_in_no_timeline():
    found = page([event("sign", tier="safety"), event("disclosure", tier="safety")])
    assert (found.events, dict(found.counts), found.pages) == ([], {}, 1)


def test_a_kind_keeps_to_what_belongs_to_it_and_a_word_that_is_none_keeps_to_nothing():
    events = [event(what, hours=place) for place, what in enumerate(KIND_OF)]
    for kind, belonging in KINDS.items():
        found = page(events, kind=kind)
        assert {each.what for each in found.events} == set(belonging)
        assert sum(found.counts.values()) == len(events), "counts are of all kinds"
    assert len(page(events, kind="no-such").events) == len(events)


def test_a_page_that_is_not_there_leads_to_the_nearest():
    events = [event(hours=number, key=number) for number in range(45)]
    assert [page(events, number=number).number for number in (-3, 0, 1, 3, 4, 99)] == [1, 1, 1, 3, 3, 3]
    assert len(page(events, number=3).events) == 5


def test_pages_hold_what_a_plain_sort_holds_whatever_happened():
    chance = random.Random(4)
    for _ in range(size(200, 2_000)):
        events = [
            event(chance.choice(list(KIND_OF)), chance.randrange(60), key, chance.choice(TIERS))
            for key in range(chance.randrange(60))
        ]
        tiers = TIERS[: chance.randrange(5)]
        kind = chance.choice(["", *KINDS])
        wanted = [e for e in events if e.tier in tiers and e.tier != "safety" and kind in {"", KIND_OF[e.what]}]
        first = page(events, tiers, kind=kind, size=7)
        found = [
            e for number in range(first.pages) for e in page(events, tiers, kind=kind, size=7, number=number + 1).events
        ]
        assert {e.key for e in found} == {e.key for e in wanted}
        assert len(found) == len(wanted)
        assert [e.at for e in found] == sorted((e.at for e in wanted), reverse=True)
