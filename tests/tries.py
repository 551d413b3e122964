"""Many processes that try at once, as a flood would: real ones, each with a database connection of its own."""

from __future__ import annotations

import multiprocessing
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.store import limits
from intake.store.engine import connect
from intake.store.limits import Place, Tally
from tests.builders import KEYS

AGAIN = 20  # times
PATIENCE = 60  # seconds, for all of them to arrive and to end
NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
Way = Callable[[Session, Any, Barrier], bool]


def charged(session: Session, place: Place, _barrier: Barrier) -> bool:
    """Whether the try passes: the way of the house."""
    passed = limits.charge(session, [place], NOW) is None
    session.commit()
    return passed


def counted_then_inserted(session: Session, place: Place, barrier: Barrier) -> bool:
    """Whether the try passes: look how many there were, and add one when there is room. Others look meanwhile."""
    room = session.scalar(select(func.count()).where(Tally.key.startswith(place.key))) < place.most
    session.commit()
    barrier.wait(PATIENCE)
    if room:
        session.execute(insert(Tally).values(key=f"{place.key} {uuid.uuid4()}", ends_at=place.ends_at, n=1))
        session.commit()
    barrier.wait(PATIENCE)
    return room


def _once(session: Session, way: Way, given: Any, barrier: Barrier) -> bool:
    """One try; when the database was busy for too long, and nothing was counted, it comes back as somebody would."""
    for _again in range(AGAIN):
        try:
            return way(session, given, barrier)
        except OperationalError as error:
            session.rollback()
            if "locked" not in str(error.orig):
                raise
    return way(session, given, barrier)


def _try(url: str, way: Way, given: Any, times: int, barrier: Barrier, passed: multiprocessing.Queue[int]) -> None:
    engine = connect(url, KEYS)
    with Session(engine) as session:
        barrier.wait(PATIENCE)
        passed.put(sum(_once(session, way, given, barrier) for _ in range(times)))
    engine.dispose()


def passing(url: str, way: Way, given: Any, *, processes: int, times: int) -> int:
    """How many of processes x times tries pass, each `given` the same."""
    context = multiprocessing.get_context("forkserver")  # no fork of a process with threads, and no start from nothing
    context.set_forkserver_preload([__name__, "tests.claims"])
    barrier, passed = context.Barrier(processes), context.Queue()
    started = [
        context.Process(target=_try, args=(url, way, given, times, barrier, passed), daemon=True)
        for _ in range(processes)
    ]
    for process in started:
        process.start()
    found = sum(passed.get(timeout=PATIENCE + 2 * times) for _ in started)
    for process in started:
        process.join(PATIENCE)
    assert [process.exitcode for process in started] == [0] * processes
    return found


def at_once(engine: Any, *acts: Callable[[Session], object]) -> list[Exception]:
    """Do these at the same moment, each in a thread and a session of its own; what they refused with."""
    start, refused = threading.Barrier(len(acts), timeout=10), []

    def run(act: Callable[[Session], object]) -> None:
        with Session(engine, expire_on_commit=False) as own:
            start.wait()
            try:
                act(own)
            except (RefusedError, SQLAlchemyError) as refusal:
                refused.append(refusal)

    racers = [threading.Thread(target=run, args=(act,)) for act in acts]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(timeout=60)
    return refused
