"""flask notes: whether signed notes are still what was signed."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from intake.cli.database import engine
from intake.cli.plain import PlainGroup
from intake.security.signing import fingerprint
from intake.store import audit, shape, verdicts
from intake.store import notes as stored
from intake.store.engine import reading
from intake.store.notes import Note
from intake.store.verdicts import Verdict
from intake.web.instance import instance

BROKEN, GAPS = 2, 3
notes = PlainGroup("notes", help="Signed notes.")


@notes.command()
@click.argument("note_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="Check every signed note and every ledger.")
def verify(note_id: uuid.UUID | None, *, everything: bool) -> None:
    """Check the signed note NOTE_ID, or all of them: 0 all is well, 2 a note is broken, 3 a ledger has a gap."""
    if everything == (note_id is not None):
        message = "Give the id of one note, or --all."
        raise click.UsageError(message)
    started = time.perf_counter()
    count, broken, gaps = 0, 0, 0
    with Session(reading(engine())) as session:
        if fault := shape.untrue(session.connection()):
            click.echo(f"BROKEN: {fault}")
            broken += 1
        for note, entries, verdict in _one(session, note_id) if note_id else _all(session):
            count += entries
            broken += bool(verdict.faults)
            gaps += bool(verdict.gaps)
            _tell(note, verdict)
    seconds = time.perf_counter() - started
    click.echo(f"The clinic's own signing key: {fingerprint(instance().public)}")
    click.echo(
        f"{count} signed records in {seconds:.1f} s ({count / seconds:,.0f}/s): {broken} broken, {gaps} with gaps."
    )
    _keep(broken, gaps)
    sys.exit(BROKEN if broken else GAPS if gaps else 0)


Checked = Iterator[tuple[Note | None, int, Verdict]]


def _one(session: Session, note_id: uuid.UUID) -> Checked:
    note = stored.get(session, note_id)
    if note is None or not (note.is_signed or note.signatures):
        message = "There is no signed note of that id."
        raise click.ClickException(message)
    yield note, len(note.signatures), verdicts.of_note(session, note, instance().trusted)


def _all(session: Session) -> Checked:
    """Patient by patient, so that the memory of one is enough."""
    everybody = verdicts.patients(session)
    with click.progressbar(everybody, label="Patients", file=sys.stderr) as bar:
        for patient_id in bar:
            for note, verdict in verdicts.of_patient(session, patient_id, instance().trusted):
                yield note, len(note.signatures) if note else 0, verdict
            session.expunge_all()


def _tell(note: Note | None, verdict: Verdict) -> None:
    if not verdict.holds:
        what = ", ".join((*verdict.faults, *(f"ledger: {gap}" for gap in verdict.gaps)))
        click.echo(f"{f'note {note.id}' if note else 'a row or ledger'}: {what}")


def _keep(broken: int, gaps: int) -> None:
    """A line about the check itself."""
    with Session(engine()) as session:
        outcome = "failed" if broken or gaps else "done"
        audit.record(session, "notes.verified", now=datetime.now(UTC), outcome=outcome)
        session.commit()
