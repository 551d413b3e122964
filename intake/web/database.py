"""The request's database session: one a request, closed at its end whatever happened."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.local import LocalProxy

from intake.store.engine import reading

Unreachable = SQLAlchemyError
CONFLICTS = (StaleDataError, IntegrityError)
READS = frozenset({"GET", "HEAD", "OPTIONS"})


def attach(app: Flask, engine: Engine) -> None:
    """Give the app its database."""
    app.extensions["engine"] = engine
    app.extensions["reading"] = reading(engine)
    app.teardown_appcontext(_close)


def engine() -> Engine:
    """The app's engine."""
    return cast("Engine", current_app.extensions["engine"])


def _open() -> Session:
    if "session" not in g:
        engine = "reading" if request.method in READS else "engine"
        g.session = Session(current_app.extensions[engine], expire_on_commit=False, info=_lines())
    return cast("Session", g.session)


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()


def writing() -> Session:
    """A session of its own for a short write beside a reading request; use it as a context."""
    return Session(current_app.extensions["engine"], expire_on_commit=False, info=_lines())


def written() -> bool:
    """Whether this request has put a line into the audit trail."""
    return bool(_lines()["lines"])


def _lines() -> dict[str, list[str]]:
    """What the request's sessions share: the lines audit.record has added."""
    if "lines" not in g:
        g.lines = {"lines": []}
    return cast("dict[str, list[str]]", g.lines)


session = cast("Session", LocalProxy(_open))
