"""Time the signature under a note without its password hash, and the check of one, on SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import text
from sqlalchemy.orm import Session

from intake.actions import signatures
from intake.forms import reader
from intake.forms.model import Form
from intake.security import passwords
from intake.security.passwords import Cost
from intake.store import migrations, notes, verdicts
from intake.store.engine import connect
from intake.store.notes import Note
from tests import postgres
from tests.builders import COST, INSTANCE, KEYS, NOTE, PASSWORD, Builders, filled

TARGET = 10  # ms


Timed = tuple[float, float]


def ms(act: Callable[[], object]) -> Timed:
    """How long one call takes, and how much of it is work of this process: the steadier figure on a busy machine."""
    started, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000


def tell(what: str, spent: list[Timed]) -> None:
    """Print the medians."""
    clock, work = (statistics.median(each) for each in zip(*spent, strict=True))
    print(f"{what:52} {clock:8.1f} ms, {work:8.1f} ms of it work")


def measure(url: str, times: int) -> None:
    """Print the medians. The password costs next to nothing here; what a real one costs is printed beside."""
    engine = connect(url, KEYS)
    migrations.upgrade(engine)
    name = engine.dialect.name
    with Session(engine, expire_on_commit=False) as session:
        if name == "postgresql":
            print(f"postgresql: fsync {session.scalar(text('SHOW fsync'))}")
            session.rollback()
        make, form = Builders(session), reader.latest("evaluation")
        answers, visit = filled(form, NOTE), make.visit()
        spent = []
        for _ in range(times):
            note = make.note(visit, answers=answers)
            draft = make.draft(note)
            spent.append(ms(lambda note=note, draft=draft: sign(make, note, form, draft)))
        tell(f"{name}: signing, no password hash (aim: under {TARGET})", spent)
        held = [ms(lambda each=each: check(session, each)) for each in notes.of_patient(session, visit.patient_id)]
        tell(f"{name}: checking a signed note", held)
    real = replace(COST, passes=Cost().passes, memory=Cost().memory)
    encoded = passwords.hash_password(PASSWORD, real)
    tell(
        f"{name}: one password hash (signing takes one)",
        [ms(lambda: passwords.matches(encoded, PASSWORD, real)) for _ in range(9)],
    )
    engine.dispose()


def sign(make: Builders, note: Note, form: Form, draft: str) -> None:
    """The act itself, as the page does it."""
    signatures.sign(
        make.session, note, form, PASSWORD, draft=draft, cost=COST, instance=INSTANCE, by=note.author, now=make.now
    )


def check(session: Session, note: Note) -> None:
    """What every read of a signed note does."""
    if not verdicts.of_note(session, note, INSTANCE.trusted).holds:
        message = "a note that was just signed does not hold"
        raise SystemExit(message)


@contextlib.contextmanager
def urls() -> Iterator[Iterator[str]]:
    """A database of each kind to measure on: SQLite, and PostgreSQL where the wheel is there."""
    with tempfile.TemporaryDirectory() as folder:
        found = [f"sqlite:///{folder}/bench.db"]
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(postgres.MissingError):
                found.append(stack.enter_context(postgres.server()).create())
            yield iter(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    given = parser.parse_args()
    with urls() as found:
        for url in found:
            measure(url, given.times)


if __name__ == "__main__":
    main()
