"""Time a search by name over 20,000 sealed patients, on SQLite and, where there is one, PostgreSQL."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy.orm import Session

from bench.signing import urls
from intake.security.keys import KeyRing
from intake.store import migrations, patients
from intake.store.directory import Directory
from intake.store.engine import connect, reading
from intake.store.patients import Patient

FIRST = ("Ada", "Bea", "Cleo", "Dora", "Elsa", "Fay", "Gwen", "Hope", "Iris", "June")
WORDS = ("invented 19999", "ada", "example", "nobody at all", "")
RING = KeyRing.from_secret(b"a fixed key for measurements only")


def filled(session: Session, people: int) -> None:
    """So many fictional people."""
    now = datetime.now(UTC)
    for number in range(people):
        name = f"{FIRST[number % 10]} Example Invented {number}"
        born = date(1980, 1, 1) + timedelta(days=number % 7000)
        session.add(Patient(id=uuid.uuid4(), legal_name=name, birth_date=born, contacts=[], created_at=now))
        if number % 1000 == 999:  # noqa: PLR2004 - a batch
            session.commit()
            session.expunge_all()
            session.info.clear()
    session.commit()


def ms(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long one call takes by a clock, in milliseconds."""
    started = clock()
    act()
    return (clock() - started) * 1000


def measure(url: str, people: int, times: int) -> None:
    """Print the first search of a process, and the median of those after it."""
    engine = connect(url, RING)
    migrations.upgrade(engine)
    with Session(engine) as session:
        filled(session, people)
    reader = reading(engine)

    def search(words: str) -> None:
        with Session(reader) as session:
            for patient in patients.search(session, words).patients:
                _ = patient.legal_name, patient.birth_date

    name = engine.dialect.name
    cold = []
    for _ in range(3):
        reader = reading(engine).execution_options(directory=Directory())
        cold.append(ms(lambda: search("invented 19999")))
    print(f"{name}: first search of a process over {people}: {statistics.median(cold):8.1f} ms")
    for words in WORDS:
        spent = statistics.median(ms(lambda words=words: search(words)) for _ in range(times))
        used = statistics.median(ms(lambda words=words: search(words), time.process_time) for _ in range(times))
        print(f"{name}: search for {words!r:18} {spent:8.1f} ms, {used:8.1f} ms of it this process's processor time")
    engine.dispose()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=30)
    given = parser.parse_args()
    with urls() as found:
        for url in found:
            measure(url, given.people, given.times)


if __name__ == "__main__":
    main()
