"""The app's own commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from flask import Flask
from flask.cli import run_command

from intake.cli.audit import audit
from intake.cli.codes import codes
from intake.cli.database import db
from intake.cli.demo import demo
from intake.cli.doctor import doctor
from intake.cli.forms import forms
from intake.cli.keys import keys
from intake.cli.measures import measures
from intake.cli.notes import notes
from intake.cli.paper import paper
from intake.cli.people import people
from intake.cli.serve import serve
from intake.cli.worker import worker

# What has to work while the app cannot start: its keys are missing or locked, or a setting is unsafe.
WITHOUT_APP: tuple[tuple[str, ...], ...] = (("doctor",), *(("forms", name) for name in ("check", "list", "--help")))
WITHOUT_APP += tuple(("keys", name) for name in ("init", "recover", "replay", "rotate", "sheet"))
WITHOUT_APP += (("keys", "status"), ("keys", "unlock"), ("keys", "--help"), ("--help",), ())

NO_RUN = "flask run checks nothing before it serves, and can serve a debugger to anybody: use flask serve."


def attach(app: Flask) -> None:
    """Give the app its commands. SystemExit where Flask's own server wants to serve it.

    That command is found before any of the app's, so that none of the same name could stand in its place.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.command is run_command:
        sys.exit(NO_RUN)
    forms.add_command(paper)
    for command in (audit, codes, db, demo, doctor, forms, keys, measures, notes, people, serve, worker):
        app.cli.add_command(command)


def needs_no_app(arguments: Sequence[str]) -> bool:
    """Whether the command that was typed, without the program's name, does its work without the app."""
    words = tuple(arguments)
    while words and words[0] in {"-A", "--app", "-e", "--env-file"}:
        words = words[2:]
    return any(words[: len(known)] == known for known in WITHOUT_APP if known) or not words


def bare() -> Flask:
    """Something to hang the commands on when the app itself is not needed."""
    app = Flask("fernleaf")
    attach(app)
    return app
