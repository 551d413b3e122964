"""Programs of their own that add to a database and its trail, some until they are killed.

One that has everything imported starts the others, before it has opened anything.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from intake.security.chain import Link
from intake.security.keys import KeyRing
from intake.store import audit, trail
from intake.store.engine import connect
from intake.store.people import Location

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds
SECRET = b"a fixed key that only the tests use!"  # as in builders.py, which takes long to import


def run(*words: object) -> list[int]:
    """How each of the programs ended: 0, another exit code, or the negative number of a signal."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.writers", *map(str, words)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=PATIENCE, check=True, stdout=subprocess.PIPE, text=True
    )
    return [int(word) for word in done.stdout.split()]


def append(engine: Engine, name: str, turns: int) -> None:
    """Add rooms, each with its line."""
    for turn in range(turns):
        with Session(engine) as session:
            session.add(Location(name=f"Room {name}-{turn}"))
            audit.record(session, "test.room-added", now=datetime.now(UTC))
            session.commit()


def deafen(engine: Engine) -> None:
    """The planted fault: look at the head now and never again."""
    with engine.connect() as connection:
        link, at = trail._head(connection, datetime.now(UTC))

    def remembered(*_given: object) -> tuple[Link, datetime]:
        nonlocal link
        found, link = link, Link(link.seq + 1, link.hash)
        return found, at

    trail._head = remembered
    trail._is_sealed = lambda *_given: True


def die(engine: Engine, stop: str, *, loose: bool) -> None:
    """Add a room, then another, and be killed before a statement, at the commit or after it.

    Somebody loose commits the room before its line.
    """
    rooms: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(stop) and rooms:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(engine, "commit")
    def _at_commit(_connection: object) -> None:
        if stop == "COMMIT" and rooms:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("first", "second"):
        with Session(engine) as session:
            session.add(Location(name=f"{name} {stop}"))
            if loose:
                session.commit()
            audit.record(session, "test.room-added", now=datetime.now(UTC), reason=stop)
            session.commit()
        rooms.append(name)
    os.kill(os.getpid(), signal.SIGKILL)


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(url: str, what: str, *more: str) -> list[int]:
    """Either "append COUNT TURNS [deaf]", all at once, or "die STOP… [loose]", one after the other."""
    ring = KeyRing.from_secret(SECRET)
    if what == "die":
        loose = "loose" in more
        stops = [stop for stop in more if stop != "loose"]
        return [_ended(_forked(lambda stop=stop: die(connect(url, ring), stop, loose=loose))) for stop in stops]  # type: ignore[misc]  # mypy cannot type a default of a lambda
    count, turns, deaf = int(more[0]), int(more[1]), "deaf" in more
    waiting, go = os.pipe()
    arrived, ready = os.pipe()

    def work(number: int) -> None:
        os.close(go)
        engine = connect(url, ring)
        if deaf:
            deafen(engine)
        os.write(ready, b".")
        os.close(ready)
        os.read(waiting, 1)  # until whoever started everybody lets go
        append(engine, str(number), turns)

    children = [_forked(lambda number=number: work(number)) for number in range(count)]  # type: ignore[misc]  # the same
    os.close(ready)
    while os.read(arrived, 1):  # nobody starts before everybody is there, or is gone
        pass
    os.close(go)
    return [_ended(child) for child in children]


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, main(*sys.argv[1:]))))
