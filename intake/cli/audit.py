"""flask audit: testing that the audit trail holds, and sending signed checkpoints of it elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake.actions import trail as acts
from intake.cli.plain import PlainGroup
from intake.security import checkpoint
from intake.security.checkpoint import Checkpoint
from intake.security.sinks import Sink
from intake.store import checkpoints, lines, people, shape, sinks, stretches, trail
from intake.store.trail import AuditError

audit = PlainGroup("audit", help="The audit trail.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WORDS = {
    acts.GOOD: "The audit trail holds: {lines} lines tested.",
    acts.BROKEN: "BROKEN at line {seq} ({what}). Everything before it holds.",
    acts.HEAD: "The head says {seq}, but {what}: lines were removed or added at the end.",
    acts.CHECKPOINT: "The checkpoint at line {seq} does not agree ({what}): it was cut, put back or written anew.",
}


ALONE = (
    "There was no checkpoint outside the database to compare with: an older database in its place would look the same."
)


@audit.command()
@click.option("--from-checkpoint", is_flag=True, help="Start at the newest checkpoint instead of the first line.")
@click.option("--checkpoints", "file", type=FILE, help="Compare with this file.")
def verify(*, from_checkpoint: bool, file: Path | None) -> None:
    """Test every line. Ends with 0 when all is well, 2 broken line, 3 wrong head, 4 checkpoint that does not agree."""
    app = current_app
    with Session(app.extensions["reading"]) as reading:
        fault = shape.untrue(reading.connection())
        outside = _outside(reading, file, app.config["AUDIT_SINKS"])
        known = outside if file is not None else outside + _inside(reading)
        since = max(known, key=lambda each: each.seq, default=None) if from_checkpoint else None
        head, _newest = lines.end(reading.connection())
        if not head.seq and not people.is_empty(reading):
            _stop("There are people here and the trail is empty: it was removed.", acts.HEAD)
        with click.progressbar(
            length=head.seq - (since.seq - 1 if since else 0), label="Testing", file=sys.stderr
        ) as bar:
            verdict = acts.verify(reading, known, since=since, others=stretches.helpers(), progress=bar.update)
    if fault and not verdict.code:  # lines that hold say little while others could be left out
        verdict = acts.Verdict(acts.BROKEN, verdict.lines, what="database")
    compared = _compared(outside, since, "the files" if file is None else "a file given")
    _note(app.extensions["engine"], verdict, compared)
    click.echo(
        f"BROKEN: {fault}"
        if fault
        else WORDS[verdict.code].format(lines=verdict.lines, seq=verdict.seq, what=verdict.what)
    )
    click.echo(f"{compared.number} checkpoints from {compared.source} compared." if compared.number else ALONE)
    sys.exit(verdict.code)


@audit.command("checkpoint")
def checkpoint_() -> None:
    """Sign where the trail stands and send that to every place in AUDIT_SINKS, if it has grown since the last time."""
    app = current_app
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        head, last = checkpoints.head(session), checkpoints.last(session)
        session.rollback()
        made = None
        if head is not None and (last is None or last.seq != head.seq):
            made = acts.take(session, app.config["AUDIT_SINKS"], app.config["MAIL_SERVER"], now=datetime.now(UTC))
    if made is None:
        click.echo("Nothing was added since the last checkpoint.")
        return
    said = ", ".join(f"{place} {answer}" for place, answer in made.receipts.items()) or "kept here only"
    click.echo(f"Checkpoint at line {made.seq}: {said}.")
    if sinks.FAILED in made.receipts.values():
        sys.exit(1)


def _outside(reading: Session, file: Path | None, places: Sequence[Sink]) -> list[Checkpoint]:
    """This installation's checkpoints outside the database: of the file named, else of every file in AUDIT_SINKS."""
    if file is not None:
        return list(_read(file.read_text(encoding="utf-8", errors="replace").splitlines(), file.name))
    table, known = checkpoints.everything(reading), list[Checkpoint]()
    for place in places:
        if place.kind == "file":
            known += _of_file(place, {row.seq for row in table if row.receipts.get(place.name) == sinks.KEPT})
    return _signed(known)


def _inside(reading: Session) -> list[Checkpoint]:
    """Those of the table, which goes back in time with the database."""
    table = checkpoints.everything(reading)
    return _signed([Checkpoint(row.seq, row.hash, row.instance, row.signed_at, row.signature) for row in table])


def _signed(known: list[Checkpoint]) -> list[Checkpoint]:
    for each in known:
        if not each.signature:  # only what somebody copied from a mail has none, and that comes in a file they name
            _stop(f"The checkpoint at line {each.seq} is not signed: it is none of ours.")
    return known


def _compared(outside: Sequence[Checkpoint], since: Checkpoint | None, source: str) -> acts.Compared:
    """What the verification was made against, for its line."""
    lines_of = [each.seq for each in outside if since is None or each.seq >= since.seq]
    return acts.Compared(len(lines_of), source, max(lines_of, default=0))


def _of_file(place: Sink, kept: set[int]) -> Iterable[Checkpoint]:
    """What the file of a place holds; `kept` are the lines of the trail whose checkpoints were written there."""
    found = sinks.lines(place)
    if found is None and kept:
        _stop(f"{place.target} is gone: checkpoints were kept there.")
    held = list(_read(found or (), place.target))
    if missing := kept - {each.seq for each in held}:
        _stop(f"{place.target} lacks {len(missing)} of {len(kept)} checkpoints that were kept there.")
    return held


def _read(found: Sequence[str], name: str) -> Iterable[Checkpoint]:
    instance = trail.keys(current_app.extensions["engine"]).instance
    for number, line in enumerate(found, 1):
        if not line.strip() or _is_cut_off(line, number, name):
            continue
        try:
            read = checkpoint.read(line)
        except ValueError:
            _stop(f"Line {number} of {name} is no checkpoint.")
        if read.instance in {"", instance}:
            yield read


def _is_cut_off(line: str, number: int, name: str) -> bool:
    """Whether a full disk took the beginning only. It never counted as kept, so leaving it out hides nothing."""
    cut = line.startswith("{") and not line.rstrip().endswith("}")
    if cut:
        click.echo(f"Line {number} of {name} was cut off and is left out.", err=True)
    return cut


def _stop(message: str, code: int = acts.CHECKPOINT) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _note(engine: Any, verdict: acts.Verdict, compared: acts.Compared) -> None:
    """Write the result into the trail. One that is badly broken may not take another line."""
    try:
        with Session(engine) as session:
            acts.note_verdict(session, verdict, compared, now=datetime.now(UTC))
    except (AuditError, SQLAlchemyError):
        click.echo("The result could not be written into the trail.", err=True)
