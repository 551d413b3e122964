"""Counters every process shares: exact however many try at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from intake.store import limits
from intake.store.limits import Place, Tally
from tests import tries
from tests.sizes import size, tell

NOW = tries.NOW
PROCESSES = size(6, 16)
TRIES = size(10, 1250)  # each process; in full, 20,000 tries on each database
MOST = 10
SOON, LATER = int(NOW.timestamp()) + 60, int(NOW.timestamp()) + 3600


def place(key="a", ends_at=SOON, most=3):
    return Place(key, ends_at, most)


def kept(session):
    session.rollback()
    return dict(session.execute(select(Tally.key, Tally.n)).all())


@pytest.mark.dear
def test_with_many_processes_at_once_exactly_the_allowed_tries_pass(url):
    found = tries.passing(url, tries.charged, place("flood", most=MOST), processes=PROCESSES, times=TRIES)
    assert found == MOST
    tell(f"{url.partition(':')[0]}: {PROCESSES} processes, {PROCESSES * TRIES} tries, {MOST} allowed, {found} passed")


@pytest.mark.dear
def test_looking_first_and_adding_then_lets_more_through_and_is_noticed(url):
    found = tries.passing(url, tries.counted_then_inserted, place("flood", most=MOST), processes=PROCESSES, times=2)
    assert found > MOST


def test_a_try_passes_while_there_is_room_and_the_place_that_is_full_is_named(session):
    narrow, wide = place("narrow", SOON, 2), place("wide", LATER, 10)
    assert [limits.charge(session, [narrow, wide], NOW) for _ in range(4)] == [None, None, narrow, narrow]
    session.commit()
    assert kept(session) == {"narrow": 4, "wide": 2}  # what the short window refused, the long one did not count


def test_a_refund_makes_room_and_never_more_than_there_was(session):
    limits.charge(session, [place()], NOW)
    for _ in range(3):
        limits.refund(session, [place()])
    session.commit()
    assert kept(session) == {"a": 0}
    assert [limits.charge(session, [place()], NOW) for _ in range(4)][2:] == [None, place()]


def test_a_new_window_starts_from_nothing_and_subjects_do_not_share(session):
    full = [limits.charge(session, [place(most=1)], NOW) for _ in range(2)]
    assert full == [None, place(most=1)]
    assert limits.charge(session, [place(ends_at=SOON + 60, most=1)], NOW) is None
    assert limits.charge(session, [place("b", most=1)], NOW) is None


def test_a_counter_can_be_started_anew(session):
    limits.charge(session, [place(), place("b")], NOW)
    limits.reset(session, "a")
    session.commit()
    assert kept(session) == {"b": 1}


def test_windows_that_are_over_are_forgotten_as_new_ones_come(session):
    for number in range(limits.AT_ONCE + 20):
        limits.count(session, place(f"old{number}", ends_at=SOON), NOW)
    session.commit()
    for number in range(3):
        limits.count(session, place(f"new{number}", ends_at=LATER), NOW + timedelta(minutes=2))
        session.commit()
    assert set(kept(session)) == {"new0", "new1", "new2"}


def test_forgetting_does_not_wait_for_another_process_that_forgets(engine, session):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, so nobody else can be forgetting")
    limits.count(session, place("old"), NOW)
    session.commit()
    limits.count(session, place("mine", LATER), NOW + timedelta(minutes=2))
    with type(session)(engine) as other:
        limits.count(other, place("theirs", LATER), NOW + timedelta(minutes=2))
        other.commit()
    session.commit()
    assert session.scalar(select(func.count()).select_from(Tally)) == 2


def test_the_last_second_belongs_to_the_window(session):
    limits.count(session, place(ends_at=SOON), NOW)
    limits.count(session, place("b", LATER), datetime.fromtimestamp(SOON - 1, UTC))
    session.commit()
    assert "a" in kept(session)
