"""flask demo: a fictional clinic that does its main job once, then serves."""

from __future__ import annotations

import contextvars
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from intake.cli.database import bring_up
from intake.cli.demo import course, journey, people, story, telling
from intake.cli.demo.course import Practice
from intake.cli.serve import run
from intake.config import INSTANCE
from intake.security import passwords, tokens
from intake.store import audit
from intake.store.people import Clinic, Location, User, is_empty
from intake.web.database import Unreachable

PLAN = INSTANCE / "demo" / "care-plan.pdf"
LOADED = "demo.loaded"
ZONE = ZoneInfo("America/New_York")


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the demo clinic afterwards.")
def demo(*, serve: bool) -> None:
    """Load a fictional clinic, do the main job once, and serve it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a LocalProxy's own way
    _refuse_a_real_clinic(app)
    click.echo("Making the tables …")
    bring_up(app.extensions["engine"])
    password = tokens.new_code().lower() + "-" + tokens.new_code().lower()
    click.echo("Bringing in the people …")
    practice = Practice(app, password, datetime.now(UTC).astimezone(ZONE))
    _load(app, password, practice.opened)
    # A command runs inside one application context; each request of the journey needs one of its own.
    code = contextvars.Context().run(_do_the_job, practice)
    telling.tell(app.config["PUBLIC_URL"], password, practice.keys, code, PLAN)
    if serve:
        if sys.stdout.isatty():
            threading.Thread(target=telling.show_digits, args=(practice.keys,), daemon=True).start()
        run(app)


def _refuse_a_real_clinic(app: Flask) -> None:
    """Leave anything but an earlier demo alone; an earlier demo's file is removed, to start afresh."""
    engine = app.extensions["engine"]
    if not inspect(engine).get_table_names():
        return
    try:
        with Session(engine) as session:
            if is_empty(session):
                return
            mine = audit.has(session, LOADED)
    except Unreachable:  # tables, but none of ours
        mine = False
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if not mine or path is None:
        message = (
            "This database holds a clinic that is not the demo's. Nothing was touched; choose another DATABASE_URL."
        )
        raise click.ClickException(message)
    engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    Path(path).touch(mode=0o600)


def _load(app: Flask, password: str, now: datetime) -> None:
    with Session(app.extensions["engine"]) as session:
        audit.record(session, LOADED, now=now)
        session.add(
            Clinic(
                name="Fern Hollow Clinic (demo)",
                phone="555 0100",
                address="1 Example Street, Sampletown",
                numbers_checked_on=datetime.now(UTC).date(),
            )
        )
        session.add(Location(name="Main Street", address="1 Example Street, Sampletown"))
        for person in people.STAFF:
            user = User(email=person.email, name=person.name, roles=list(person.roles), credentials=person.credentials)
            user.password_hash = passwords.hash_password(password, app.config["PASSWORD_COST"])
            user.created_at = now
            session.add(user)
        session.commit()


def _do_the_job(practice: Practice) -> str:
    """A course of care over months, then today from invitation to printed plan: a code that nobody has used yet."""
    local, today = practice.now, practice.now.date()
    click.echo("Everybody sets up an authenticator app …")
    practice.open()
    click.echo(f"{story.NAME} comes for {story.WEEKS} weeks: visits, measures, notes, and what was added to them …")
    course.walk(practice, partial(_progress, story.NAME))
    front, tess = practice.walker("frankie"), practice.walker("tess")
    click.echo("\rToday the front desk adds three patients and invites them …")
    names = (people.MAIN, people.FLAGGED, people.LATER)
    starts = [local + timedelta(minutes=45 * number) for number in range(len(names) + 1)]
    codes = [journey.invite(front, name, people.BORN, start) for name, start in zip(names, starts, strict=False)]
    patient = f"/clinic/patients/{journey.patient_id(front, story.NAME)}"
    journey.book(front, patient, starts[-1], "follow-up")
    for name, code, own in zip(names, codes, (people.intake(today), people.warning(today)), strict=False):
        her = journey.enter(practice.app, code, people.BORN)
        journey.answer(her, own, partial(_progress, f"{name} answers"))
        journey.hand_in(her, name)
        click.echo(f"\r{name} has handed in the form.     ")
    click.echo("The therapist reads, examines, writes and signs …")
    start = journey.note_start(tess, people.MAIN)
    note = journey.write_note(tess, start, today)
    journey.sign(tess, note, practice.password)
    click.echo("… and prints the care plan.")
    PLAN.parent.mkdir(parents=True, exist_ok=True)
    PLAN.write_bytes(tess.fetch(journey.make_plan(tess, note)))
    click.echo("The therapist hands the device over, which signs her out on it, and the patient answers alone.")
    journey.ask_alone(tess, start.rpartition("/")[2])
    return codes[-1]


def _progress(name: str, line: str) -> None:
    click.echo(f"\r{name}: {line}   ", nl=False)
