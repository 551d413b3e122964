"""A line and its act are kept together or not at all, whatever happens between them."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from intake.security import chain
from intake.security.keys import KeyRing
from intake.store import audit, lines, trail
from intake.store.engine import connect, reading
from intake.store.lines import HEAD, AuditEvent, AuditHead
from intake.store.people import Location
from intake.store.trail import AuditError
from tests import writers
from tests.builders import AUDIT_KEYS, KEYS
from tests.sizes import size, tell
from tests.tampering import unprotected

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
THREADS, EACH = 16, size(5, 60)
PROCESSES, TURNS = size(3, 16), size(25, 300)


def actions(session):
    session.rollback()
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def holds(engine):
    """How many lines there are; AssertionError unless the chain is whole and the head is its end."""
    with reading(engine).connect() as connection:
        head, last = lines.end(connection)
        link = chain.START
        for piece in lines.pieces(connection, 1, last):
            link = chain.follow(link, piece, AUDIT_KEYS)
    assert (link, last) == (head, head.seq)
    return last


def note(session, action="test.done", **more):
    audit.record(session, action, **{"now": NOW, **more})


def test_the_first_line_makes_the_head_and_each_moves_it_on(engine, session):
    note(session, "test.one")
    session.commit()
    note(session, "test.two")
    note(session, "test.three")
    session.commit()
    assert actions(session) == ["test.one", "test.two", "test.three"]
    assert holds(engine) == 3


def test_what_the_database_puts_together_is_the_text_that_was_hashed(engine, session, make):
    """Every kind of value there is, on both databases: empty, absent, a moment, a name of a code."""
    visit = make.visit()
    note(session, actor=visit.therapist, subject=visit, categories=("care", "sensitive"), reason="a reason: 15-B")
    note(session, now=NOW.replace(microsecond=7))
    session.commit()
    assert holds(engine) >= 4


def test_a_line_goes_with_its_act_when_that_is_taken_back(engine, session):
    note(session)
    session.rollback()
    note(session, "test.kept")
    session.commit()
    assert actions(session) == ["test.kept"]
    assert holds(engine) == 1


def test_a_session_that_is_closed_early_leaves_no_line_for_the_next(engine):
    with Session(engine) as first:
        note(first, "test.lost")
    with Session(engine) as second:
        note(second, "test.kept")
        second.commit()
    with Session(engine) as third:
        assert actions(third) == ["test.kept"]


def test_a_savepoint_that_is_taken_back_takes_its_lines_along(engine, session):
    note(session, "test.before")
    with session.begin_nested():
        note(session, "test.outer")
        inner = session.begin_nested()
        note(session, "test.inner")
        inner.rollback()
        with session.begin_nested():
            note(session, "test.inner-kept")
    lost = session.begin_nested()
    note(session, "test.lost")
    with session.begin_nested():
        note(session, "test.lost-too")
    lost.rollback()
    note(session, "test.after")
    session.commit()
    assert actions(session) == ["test.before", "test.outer", "test.inner-kept", "test.after"]
    assert holds(engine) == 4


def test_a_savepoint_left_open_is_kept_with_the_rest(engine, session):
    note(session, "test.before")
    session.begin_nested()
    note(session, "test.within")
    session.commit()
    with Session(engine) as one:
        outer = one.begin()
        one.begin_nested()
        note(one, "test.still-open")
        outer.commit()
    assert actions(session) == ["test.before", "test.within", "test.still-open"]
    assert holds(engine) == 3


def test_what_is_flushed_with_the_commit_and_lines_written_then_are_kept_too(engine, session):
    @sa.event.listens_for(session, "before_commit")
    def more(_session):
        session.add(Location(name="Added late"))
        note(session, "test.before-commit")

    @sa.event.listens_for(session, "after_flush")
    def still_more(_session, _context):
        note(session, "test.after-flush")

    note(session, "test.act")
    session.commit()
    assert actions(session) == ["test.act", "test.before-commit", "test.after-flush"]
    assert holds(engine) == 3


def test_without_a_key_the_act_fails(url):
    bare = connect(url)
    with Session(bare) as session:
        session.add(Location(name="Never"))
        note(session)
        with pytest.raises(AuditError, match="no key"):
            session.commit()
    with Session(bare) as session:
        assert session.scalar(select(Location.id)) is None
        session.add(Location(name="Without a line"))
        session.commit()  # the connection went back clean
    bare.dispose()


BREAKS = {
    "no trail": "ALTER TABLE audit RENAME TO gone",
    "no head": "ALTER TABLE audit_head RENAME TO gone",
    "the number is taken": "UPDATE audit_head SET seq = 0",
}


@pytest.mark.parametrize("breaking", BREAKS)
def test_when_the_line_cannot_be_written_the_act_is_not_kept(engine, session, breaking):
    note(session)
    session.commit()
    without_triggers(engine)
    with engine.begin() as connection:
        connection.execute(text(BREAKS[breaking]))
    session.add(Location(name="Never"))
    note(session)
    with pytest.raises(sa.exc.DBAPIError):
        session.commit()
    session.rollback()
    assert session.scalar(select(Location.id)) is None
    session.add(Location(name="Later"))
    session.commit()
    assert session.scalar(select(Location.name)) == "Later"


@pytest.mark.parametrize("forged", ["other keys", "no line", "another seal"])
def test_no_line_is_chained_behind_one_that_another_key_made(engine, session, url, forged):
    note(session)
    session.commit()
    without_triggers(engine)
    with engine.begin() as connection:
        if forged == "no line":
            connection.execute(text("DELETE FROM audit"))
        if forged == "another seal":
            connection.execute(sa.update(lines.LINES).values(mac=bytes(32)))
    other = connect(url, KeyRing.from_secret(b"another clinic's") if forged == "other keys" else KEYS)
    with Session(other) as there:
        there.add(Location(name="Never"))
        note(there)
        with pytest.raises(AuditError, match="not made with the root keys that are here"):
            there.commit()
    other.dispose()
    assert session.scalar(select(Location.id)) is None


def without_triggers(engine):
    """What somebody who owns the database can do."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit", "audit_head", "audit_checkpoints"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


@pytest.mark.parametrize(
    ("back", "added"), [(timedelta(seconds=30), 0), (timedelta(minutes=2), 1), (timedelta(days=3650), 1)]
)
def test_a_clock_that_went_back_is_written_down_once(engine, session, back, added):
    for moment in (NOW, NOW - back, NOW - back):
        note(session, now=moment)
        session.commit()
    found = [line for line in session.scalars(select(AuditEvent)) if line.action == "clock.regression"]
    assert len(found) == added
    assert [line.reason for line in found] == [f"{int(back.total_seconds())} seconds back"] * added
    assert holds(engine) == 3 + added


def test_lines_of_many_at_once_make_one_chain_without_a_gap(engine):
    start = threading.Barrier(THREADS)

    def work(number):
        start.wait(20)
        for turn in range(EACH):
            with Session(engine) as session:
                session.add(Location(name=f"Room {number}-{turn}"))
                note(session, "test.room-added")
                if turn % 3 == 2:
                    session.rollback()
                    continue
                note(session, "test.second-line")
                session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    with Session(engine) as session:
        acts = session.scalar(select(sa.func.count()).select_from(Location))
    assert acts == THREADS * sum(turn % 3 != 2 for turn in range(EACH))
    assert holds(engine) == 2 * acts


def test_a_head_that_is_not_locked_would_tear_the_chain(engine, monkeypatch):
    """The control: two who read the same head cannot both write behind it."""
    if engine.dialect.name == "sqlite":
        return  # its writers take turns from the beginning; there is no unlocked head to read
    first, second = Session(engine), Session(engine)
    monkeypatch.setattr(trail, "NEWEST", select(HEAD.c.seq, HEAD.c.hash, HEAD.c.at))
    note(first)
    first.commit()
    note(first, "test.first")
    note(second, "test.second")
    append = trail.append

    def meanwhile(connection, waiting):
        monkeypatch.setattr(trail, "append", append)
        head = trail._head(connection, NOW)
        second.commit()
        monkeypatch.setattr(trail, "_head", lambda _connection, _now: head)
        append(connection, waiting)

    monkeypatch.setattr(trail, "append", meanwhile)
    with pytest.raises(sa.exc.IntegrityError):
        first.commit()
    first.close()
    second.close()


@pytest.mark.dear
def test_several_programs_that_append_at_once_keep_one_chain(url, engine, backend):
    assert writers.run(url, "append", PROCESSES, TURNS) == [0] * PROCESSES
    with Session(engine) as session:
        acts = session.scalar(select(sa.func.count()).select_from(Location))
    assert acts == holds(engine) == PROCESSES * TURNS
    tell(f"CONC {backend}: {PROCESSES} processes, {acts} acts, {acts} lines, one chain")


def test_programs_that_do_not_look_at_the_head_would_tear_it(url, engine, session):
    """The control: whoever writes behind a head that has moved is stopped, or the chain shows it."""
    note(session)
    session.commit()
    assert writers.run(url, "append", PROCESSES, TURNS, "deaf") != [0] * PROCESSES
    with pytest.raises((AssertionError, chain.BrokenError)):
        holds(engine)


@pytest.mark.parametrize("change", ["UPDATE audit SET action = 'planted'", "DELETE FROM audit"])
def test_no_line_is_changed_or_taken_out(session, change):
    note(session)
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="the audit trail only grows"):
        session.execute(text(change))
    session.rollback()
    assert actions(session) == ["test.done"]
    with unprotected(session) as open_to_all:  # the control: it is the trigger that refuses
        assert open_to_all.execute(text(change)).rowcount == 1


STOPS = {"INSERT INTO locations": 1, "INSERT INTO audit": 1, "UPDATE audit_head": 1, "COMMIT": 1, "AFTER": 2}


def killed(url, engine, *more):
    """{where a program was killed: (acts, lines) that were kept of it}."""
    assert writers.run(url, "die", *STOPS, *more) == [-signal.SIGKILL] * len(STOPS)
    holds(engine)
    with Session(engine) as session:
        rooms, lines_kept = (
            session.scalars(select(Location.name)).all(),
            session.scalars(select(AuditEvent.reason)).all(),
        )
    return {stop: (sum(name.endswith(f" {stop}") for name in rooms), lines_kept.count(stop)) for stop in STOPS}


def test_a_program_that_is_killed_between_act_and_line_leaves_both_or_neither(url, engine):
    assert killed(url, engine) == {stop: (kept, kept) for stop, kept in STOPS.items()}


def test_a_line_in_a_transaction_of_its_own_would_be_missing(url, engine):
    """The control: the act first, its line later."""
    assert [stop for stop, (acts, kept) in killed(url, engine, "loose").items() if acts != kept] == [
        "INSERT INTO audit", "UPDATE audit_head",
    ]  # fmt: skip


def test_the_head_only_moves_forward_and_stays(session):
    note(session)
    session.commit()
    for statement in ("UPDATE audit_head SET seq = 0", "UPDATE audit_head SET seq = seq", "DELETE FROM audit_head"):
        with pytest.raises(sa.exc.DBAPIError, match="only moves forward"):
            session.execute(text(statement))
        session.rollback()
    assert session.scalar(select(AuditHead.seq)) == 1
