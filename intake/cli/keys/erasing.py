"""flask keys shred, hold, release, replay: erasing a record by destroying its keys."""

from __future__ import annotations

import functools
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.actions import keys as acts
from intake.actions import trail
from intake.cli.keys.group import keys
from intake.config import database_address, key_settings
from intake.security import ledger, recovery
from intake.security.providers import table
from intake.store import patients, shape, shreds
from intake.store.engine import connect
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.proofs import Code, Paper, Proof
from intake.web import keyed


def _patient(session: Session, patient_id: uuid.UUID) -> Patient:
    patient = patients.get(session, patient_id)
    if patient is None:
        message = "There is no patient with this number. It stands in the address of the chart."
        raise click.ClickException(message)
    return patient


def _proven(session: Session, email: str) -> User:
    password = click.prompt(f"Password of {email}", hide_input=True)
    second = _proof(click.prompt("A code of your authenticator app, or a recovery code", hide_input=True))
    return acts.proven(session, email, password, second, cost=keyed.cost(), now=datetime.now(UTC))


def _proof(typed: str) -> Proof:
    return Paper(keyed.code_hash(typed)) if recovery.settled(typed) else Code(typed, keyed.box_key())


def _refuse_changed(session: Session) -> None:
    """Who may decide is read from the audit trail: from one that leaves lines out, anybody may."""
    if fault := shape.loosened(session.connection()) or shape.hiding(session.connection()):
        raise click.ClickException(fault)
    session.rollback()


def _forget_old_pages(engine: Engine) -> None:
    if not shreds.forget_old_pages(engine):
        click.echo(
            "The database was in use: its log may hold the old keys until the server is started again.", err=True
        )


def _write_ledger(path: Path, key: bytes, erased: uuid.UUID) -> None:
    try:
        ledger.add(path, erased, key=key, on=datetime.now(UTC).date())
    except OSError as problem:
        message = f"The ledger {path} cannot be written ({problem.strerror}): nothing was erased, set SHRED_LEDGER."
        raise click.ClickException(message) from None


BROKEN = (
    "The audit trail does not hold, so nothing is rebuilt from it and nothing was erased: `flask audit verify` ends "
    "with {code} and says what is wrong, so put back a backup or a copy of the ledger."
)
deciding = click.option("--by", "email", required=True, help="The address you sign in with.")
whose = click.argument("patient_id", metavar="PATIENT", type=click.UUID)


@keys.command()
@whose
@deciding
def shred(patient_id: uuid.UUID, email: str) -> None:
    """Erase the record of PATIENT by destroying its keys. Two people: the first asks, the second agrees in 7 days."""
    engine, ring, path = current_app.extensions["engine"], current_app.config["KEYS"], key_settings().ledger
    write_ledger = functools.partial(_write_ledger, path, ring.derive("shred-ledger"))
    with Session(engine) as session:
        _refuse_changed(session)
        by, patient = _proven(session, email), _patient(session, patient_id)
        done = acts.shred(session, patient, by=by, write_ledger=write_ledger, now=datetime.now(UTC))
    if done is acts.Shredding.ASKED:
        click.echo("Noted. Another administrator or privacy lead agrees with the same command within 7 days.")
        return
    _forget_old_pages(engine)
    click.echo(f"Erased: nobody can read this record any more. Backups: restore, then `flask keys replay` ({path}).")


@keys.command()
@whose
@deciding
def hold(patient_id: uuid.UUID, email: str) -> None:
    """Keep the record of PATIENT from being erased (legal hold)."""
    with Session(current_app.extensions["engine"]) as session:
        by, patient = _proven(session, email), _patient(session, patient_id)
        acts.place_hold(session, patient, by=by, now=datetime.now(UTC))
    click.echo("This record cannot be erased until the hold is lifted.")


@keys.command()
@whose
@deciding
def release(patient_id: uuid.UUID, email: str) -> None:
    """Lift the legal hold on the record of PATIENT."""
    with Session(current_app.extensions["engine"]) as session:
        by, patient = _proven(session, email), _patient(session, patient_id)
        acts.lift_hold(session, patient, by=by, now=datetime.now(UTC))
    click.echo("The hold is lifted. Retention counts as before.")


@keys.command()
@click.option("--rebuild", is_flag=True, help="The ledger is lost: first write into it what the audit trail knows of.")
def replay(*, rebuild: bool) -> None:
    """After restoring a backup: destroy again the keys of every patient in the ledger of erasures."""
    settings = key_settings()
    ring = table.chosen(settings).read()
    key = ring.derive("shred-ledger")
    engine = connect(database_address(), ring)
    try:
        with Session(engine) as session:
            _complete(session, settings.ledger, key, rebuild=rebuild)
            marks = ledger.marks(settings.ledger)
            number = acts.replay(session, lambda each: ledger.mark(each, key) in marks, now=datetime.now(UTC))
        if number:
            _forget_old_pages(engine)
    finally:
        engine.dispose()
    click.echo(f"Erased again: {number} of {len(marks)} in the ledger.")


def _refuse_broken(session: Session) -> None:
    """A forged line about an erasure would erase somebody who is here."""
    if fault := shape.untrue(session.connection()):
        raise click.ClickException(fault)
    if verdict := trail.verify(session, ()).code:
        raise click.ClickException(BROKEN.format(code=verdict))


def _complete(session: Session, path: Path, key: bytes, *, rebuild: bool) -> None:
    """Nothing is replayed from a ledger that is not the clinic's own, unless that is lost and the trail holds."""
    if rebuild:
        _refuse_broken(session)
    lacking = ledger.missing(shreds.finished(session), path, key)
    if lacking and not rebuild:
        raise click.ClickException(ledger.LACKS.format(number=len(lacking), path=path))
    for each in lacking:
        _write_ledger(path, key, each)
