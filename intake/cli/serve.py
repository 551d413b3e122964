"""flask serve: migrate, say what is needed, and serve until told to stop."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from intake.actions import accounts
from intake.cli.database import bring_up
from intake.cli.doctor import records, start
from intake.config import ConfigError
from intake.pdf.press import press
from intake.store import migrations, people
from intake.web import handed, logs

THREADS, CONNECTIONS = 8, 100
SILENT = 120  # seconds
LARGEST = 4 * 2**20  # bytes of a body that are read at all; from 1 MiB on the app says what is wrong


@click.command()
def serve() -> None:
    """Serve the clinic on HOST and PORT."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a LocalProxy's own way
    if start.is_away(app):
        raise click.ClickException(records.UNREACHABLE)
    if migrations.problem(app.extensions["engine"]):
        click.echo("Bringing the database to the newest tables …", err=True)
        bring_up(app.extensions["engine"])
    try:
        start.prepare(app)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    offer_setup(app)
    run(app)


def offer_setup(app: Flask) -> None:
    """Print a one-time link to create the first administrator while nobody can sign in."""
    with Session(app.extensions["engine"]) as session:
        if not people.is_empty(session):
            return
        token = accounts.offer_setup(session, app.config["SECRET"], now=datetime.now(UTC))
    with app.test_request_context():
        link = handed.to_set_up(token)
    click.echo(f"\nNobody can sign in yet. Create the first administrator within 30 minutes:\n{link}\n")


def run(app: Flask) -> None:
    """Serve with waitress until SIGTERM or Ctrl+C; requests under way are finished."""
    from waitress.server import create_server  # noqa: PLC0415 - needed by this command only

    host, port = app.config["HOST"], app.config["PORT"]
    logs.set_up()
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENT,
            ident=None,
            clear_untrusted_proxy_headers=app.config["PROXIES"] == 0,
            max_request_body_size=LARGEST,
            inbuf_overflow=LARGEST + 1,  # what somebody typed waits in memory, never in a file
        )
    except OSError:
        message = f"Port {port} on {host} is taken: set PORT to another one."
        raise click.ClickException(message) from None
    press.warm()
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"Serving on http://{host}:{port} (Ctrl+C stops)")
    sys.stdout.flush()
    server.run()


def _stop(_number: int, _frame: Any) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told once is enough: a second time would break off the tidying up
    raise SystemExit(0)
