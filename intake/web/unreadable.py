"""Records that do not open: an incident's number for each, and a line in the audit trail.

A page about one such record is an error. A list names it in its place and keeps every other row in sight.
"""

from __future__ import annotations

import logging
import secrets
import uuid
from typing import Any

from flask import Flask, Response, g
from flask_babel import gettext as _

from intake.security.seal import SealError
from intake.store import audit
from intake.store.patient_keys import DestroyedError
from intake.store.sealing import trouble
from intake.store.trail import AuditError
from intake.web import clock, identity, visitors
from intake.web.database import give_up, writing

UNREADABLE = "record.unreadable"
log = logging.getLogger("intake.web")


def attach(app: Flask) -> None:
    """Give lists their words, and keep a line about what they could not show."""
    app.add_template_filter(instead, "instead")
    app.add_template_filter(listed, "listed")
    app.add_template_filter(initials, "initials")
    app.after_request(_keep_lines)


def listed(patient: Any) -> str:
    """What a list calls a patient, whether or not the name opens."""
    return instead(patient) or str(patient.name)


def initials(patient: Any) -> str:
    """The same for lists that show no names."""
    return instead(patient) or str(patient.initials)


def instead(row: Any) -> str:
    """What stands in a list in place of a row that does not open; empty for one that does."""
    problem = trouble(row)
    if problem is None:
        return ""
    if isinstance(problem, DestroyedError):
        return str(_("(erased)"))
    seen: dict[uuid.UUID, str] = g.setdefault("unreadable", {})
    number = seen.setdefault(row.patient_id, secrets.token_hex(4))
    return str(_("(cannot be read, incident %(incident)s)", incident=number))


def incident(error: SealError, alert: str = "") -> str:
    """The number under which the log and the audit trail hold that a record does not open.

    With an `alert` the trail says in a line of its own what came of it.
    """
    number = secrets.token_hex(4)
    _keep({getattr(error, "patient_id", None): number}, _reason(error), alert)
    return number


def _reason(error: SealError) -> str:
    """What the log says of it: the kind of trouble, and the row where one is known."""
    return f"{type(error).__name__} {getattr(error, 'row', '')}".rstrip()


def _keep_lines(response: Response) -> Response:
    """After the page is written: on SQLite a line waits for a lock that the request may hold until then."""
    if seen := g.pop("unreadable", None):
        _keep(seen, "in a list")
    return response


def _whoever() -> Any:
    """Who asks. Nobody where the rows that say so do not hold: the browser is let go of, so that it can begin anew."""
    try:
        return identity.staff() or visitors.visitor()
    except SealError:
        identity.drop()
        return None


def _keep(seen: dict[Any, str], reason: str, alert: str = "") -> None:
    now, actor = clock.now(), _whoever()
    give_up(actor)  # what was just read must not keep the line waiting
    for number in seen.values():
        log.error("unreadable record", extra={"incident": number, "reason": reason})
    try:
        with writing() as other:
            for patient_id, number in seen.items():
                for action in filter(None, (UNREADABLE, alert)):
                    audit.record(
                        other, action, now=now, actor=actor, patient_id=patient_id, outcome="failed", reason=number
                    )
            other.commit()
    except AuditError:  # under the keys of another clinic the trail takes no line, and the log has to do
        log.exception("no line about an unreadable record")
