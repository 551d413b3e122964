"""flask worker: reminds people of what nobody has taken on, and sends the mail that waits."""

from __future__ import annotations

import logging
import signal
import threading
import time
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake.actions import alerts, outbox
from intake.actions.outbox import Post
from intake.cli.doctor import records, start
from intake.config import ConfigError
from intake.store import migrations
from intake.web import logs
from intake.web.say import translated

EVERY = 15  # seconds between two looks
log = logging.getLogger("intake.worker")


@click.command()
@click.option("--once", is_flag=True, help="Look once, send what is due, and end: for a timer.")
def worker(*, once: bool) -> None:
    """Remind people and send mail until told to stop. Any number of them can run beside each other."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a LocalProxy's own way
    _check(app)
    logs.set_up()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if once:
        _once(app, stop)
        return
    log.info("worker started")
    while not stop.is_set():
        _look(app, stop)
        stop.wait(EVERY)
    log.info("worker ended")


def _check(app: Flask) -> None:
    """End with one sentence where the database does not answer, is not current, or is not safe."""
    if start.is_away(app):
        raise click.ClickException(records.UNREACHABLE)
    if migrations.problem(app.extensions["engine"]):
        message = "The tables are not those of this version: run `flask db upgrade`."
        raise click.ClickException(message)
    try:
        start.prepare(app)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None


def _once(app: Flask, stop: threading.Event) -> None:
    try:
        turn(app, stop)
    except SQLAlchemyError as problem:
        message = f"The database could not be asked: {type(problem).__name__}."
        raise click.ClickException(message) from None


def _look(app: Flask, stop: threading.Event) -> None:
    """One turn; a database that is away for a while is asked again at the next."""
    try:
        turn(app, stop)
    except SQLAlchemyError as problem:
        log.error("database not asked", extra={"reason": type(problem).__name__})  # noqa: TRY400 - a trace could quote rows


def turn(app: Flask, stop: threading.Event) -> None:
    """Say that a worker is there, plan what is due, and send what waits, one after another until told to stop.

    A mail server can be slow, and nobody's reminder waits for it: between two mails is planned again what is due.
    """
    post = Post(app.config["MAIL_SERVER"], app.config["PUBLIC_URL"], translated)
    planned, more = _planned(app), True
    while more and not stop.is_set():
        with _session(app) as session:
            more = outbox.send_one(session, post, clock=_now)
        if time.monotonic() - planned >= EVERY:
            planned = _planned(app)


def _planned(app: Flask) -> float:
    """Say that a worker is there and plan what is due; when that was done."""
    with _session(app) as session:
        outbox.look_after(session, now=_now())
        alerts.remind(session, now=_now())
    return time.monotonic()


def _session(app: Flask) -> Any:
    return Session(app.extensions["engine"], expire_on_commit=False)


def _now() -> datetime:
    return datetime.now(UTC)
