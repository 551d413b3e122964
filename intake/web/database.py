"""The request's database session: one a request, closed at its end whatever happened."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.local import LocalProxy

from intake.security import tokens
from intake.store import audit
from intake.store.engine import hurried, reading

Unreachable = SQLAlchemyError
CONFLICTS = (StaleDataError, IntegrityError)
READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Rows that g holds of a session, read again by whoever asks.
DROPPED = ("clinic", "zone", "visitor", "sitter", "stayed_at", "records", "signed_before")


def attach(app: Flask, engine: Engine) -> None:
    """Give the app its database."""
    app.extensions["engine"] = engine
    app.extensions["reading"] = reading(engine)
    app.extensions["hurried"] = hurried(engine)
    app.extensions["glancing"] = hurried(reading(engine))
    app.teardown_appcontext(_close)


def engine() -> Engine:
    """The app's engine."""
    return cast("Engine", current_app.extensions["engine"])


def _open() -> Session:
    if "session" not in g:
        engine = "reading" if request.method in READS else "engine"
        g.session = _session(engine)
    return cast("Session", g.session)


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()


def only_glance() -> None:
    """From here on this request only reads, and waits for nobody; what it writes, it writes beside."""
    g.session = _session("glancing")


def let_go() -> None:
    """End the request's transaction: a short write beside it would wait for its lock. What was read is read again."""
    if "session" in g and request.method not in READS:
        g.session.commit()
        g.session.expire_all()


def give_up(*rows: object) -> None:
    """Close the request's session for good. These rows can still be read: what was let go of them is fetched again.

    What g holds of it is let go of too: rows of a closed session cannot be read any more once they have expired.
    """
    if not session.is_active:
        session.rollback()
    for row in rows:
        state = inspect(row, raiseerr=False)
        if state is not None and state.persistent and state.expired:
            session.refresh(row)
    session.close()
    for name in DROPPED:
        g.pop(name, None)


def recorded() -> frozenset[str]:
    """The acts this request has put into the audit trail."""
    return frozenset(action for made in g.get("sessions", ()) for action in audit.recorded(made))


def looking() -> Session:
    """A session of its own that only reads, for what happens beside a request; use it as a context."""
    return _session("reading")


def writing() -> Session:
    """A session of its own for a short write beside a reading request; use it as a context."""
    return _session("engine")


def hurrying() -> Session:
    """The same for a write that nobody can wait for."""
    return _session("hurried")


def _session(engine: str) -> Session:
    made = Session(current_app.extensions[engine], expire_on_commit=False, info={audit.AROUND: _around})
    g.setdefault("sessions", []).append(made)
    return made


def _around() -> audit.Around:
    """Whose session a line comes from, and a hash of where: enough to see that two lines came from the same place."""
    address = request.remote_addr if has_request_context() else None
    network = tokens.keyed_hash(current_app.config["SECRET"], "network", address)[:32] if address else None
    return audit.Around(g.get("login_id"), network)


session = cast("Session", LocalProxy(_open))
