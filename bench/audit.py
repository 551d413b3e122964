"""Time the audit trail with fsync on: lines appended a second, by one writer and by several, and lines verified."""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from intake.actions import trail as acts
from intake.security.keys import KeyRing
from intake.store import audit, migrations, stretches
from intake.store.engine import connect, reading
from tests import postgres

RING = KeyRing.from_secret(b"a fixed key for measurements only")
PEOPLE = [uuid.uuid4() for _ in range(200)]
NOW = datetime.now(UTC)
WRITERS = 8
ROUNDS = 3


class User:
    """Somebody who acts."""

    roles = ("therapist",)

    def __init__(self, number: int) -> None:
        self.id = PEOPLE[number % len(PEOPLE)]


def line(number: int) -> dict[str, object]:
    """A look at a chart, as `audit.record` wants it."""
    seen = {"patient_id": PEOPLE[number * 7 % len(PEOPLE)], "categories": ("care", "sensitive")}
    return {"action": "read.read-chart", "now": NOW + timedelta(seconds=number), "actor": User(number), **seen}


def append(engine: Engine, commits: int, each: int, start: int = 0) -> None:
    """So many transactions with so many lines each."""
    for turn in range(commits):
        with Session(engine) as session:
            session.info[audit.AROUND] = lambda: audit.Around(PEOPLE[0], "ab" * 16)
            for number in range(each):
                audit.record(session, **line(start + turn * each + number))
            session.commit()


def at_once(engine: Engine, commits: int) -> None:
    """The same work shared by several writers, one line to a transaction."""
    threads = [threading.Thread(target=append, args=(engine, commits // WRITERS, 1)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rate(count: int, work: Callable[[], object]) -> str:
    """How many a second: the median of some rounds, the best of them, and how many a second of this processor's time.

    Where other programs want the same processors and the same disk, the last one is the steadier figure.
    """
    work()
    found, used = [], time.process_time()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        found.append(count / (time.perf_counter() - started))
    used = time.process_time() - used
    return f"{statistics.median(found):12,.0f} {max(found):12,.0f} {count * ROUNDS / used:12,.0f}"


def fill(engine: Engine, rows: int) -> None:
    """So many lines, chained and sealed as always."""
    with Session(engine) as session:
        for number in range(rows):
            audit.record(session, **line(number))
            if number % 5000 == 4999:  # noqa: PLR2004 - a batch
                session.commit()
        session.commit()


def settings(engine: Engine) -> str:
    """What the database says about reaching the disk; nothing here is worth measuring without it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            kept = connection.scalar(text("PRAGMA synchronous")), connection.scalar(text("PRAGMA journal_mode"))
            wanted = (2, "wal")
        else:
            kept = tuple(connection.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit"))
            wanted = ("on", "on")
    if kept != wanted:
        message = f"{engine.dialect.name} does not wait for the disk: {kept}"
        raise SystemExit(message)
    return "synchronous=FULL" if engine.dialect.name == "sqlite" else "fsync=on, synchronous_commit=on"


def syncs(folder: Path) -> str:
    """How many times a second this disk can be waited for: no single writer appends faster."""
    path = folder / "sync"

    def one() -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT)
        for _ in range(100):
            os.pwrite(handle, b"x" * 4096, 0)
            os.fdatasync(handle)
        os.close(handle)

    return rate(100, one)


def measure(url: str, rows: int, commits: int) -> None:
    """Print the lines of one database."""
    engine = connect(url, RING)
    migrations.upgrade(engine)
    name = engine.dialect.name
    fill(engine, rows)
    print(f"{name}: {settings(engine)}, {rows:,} lines there before")
    print(f"{'  append, 1 writer, 1 line a commit (/s)':45} {rate(commits, lambda: append(engine, commits, 1))}")
    many = f"  append, {WRITERS} writers, 1 line a commit (/s)"
    print(f"{many:45} {rate(commits, lambda: at_once(engine, commits))}")
    tens = rate(commits, lambda: append(engine, commits // 10, 10))
    print(f"{'  append, 1 writer, 10 lines a commit (/s)':45} {tens}")
    with Session(reading(engine)) as session:
        found = acts.verify(session, [])
        if found.code != acts.GOOD:
            message = f"the trail does not hold: {found}"
            raise SystemExit(message)
        for others in sorted({0, stretches.helpers() if found.lines >= stretches.WORTH else 0}):
            told = rate(found.lines, lambda others=others: acts.verify(session, [], others=others))
            print(f"{f'  verify, {others} other processes (lines/s)':45} {told}", flush=True)
    engine.dispose()


@contextlib.contextmanager
def urls(folder: Path) -> Iterator[list[str]]:
    """Databases to measure on."""
    found = [f"sqlite:///{folder}/bench.db"]
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(postgres.MissingError):
            found.append(stack.enter_context(postgres.server(postgres.CAREFUL)).create())
        yield found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="lines there are to verify")
    parser.add_argument("--commits", type=int, default=800, help="lines appended in a round")
    given = parser.parse_args()
    print(f"\n{'audit trail':45} {'median':>12} {'best':>12} {'a CPU second':>12}")
    with tempfile.TemporaryDirectory() as name:
        print(f"{'4 kB written and waited for (/s)':45} {syncs(Path(name))}")
        with urls(Path(name)) as found:
            for url in found:
                measure(url, given.rows, given.commits)


if __name__ == "__main__":
    main()
