"""The app's own commands."""

from __future__ import annotations

from flask import Flask

from intake.cli.database import db
from intake.cli.demo import demo
from intake.cli.forms import forms
from intake.cli.notes import notes
from intake.cli.people import people
from intake.cli.serve import serve


def attach(app: Flask) -> None:
    """Give the app its commands."""
    for command in (db, demo, forms, notes, people, serve):
        app.cli.add_command(command)
