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

from intake.store import audit
from intake.store.patient_keys import DestroyedError
from intake.store.sealing import trouble
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


def incident(patient_id: uuid.UUID | None, reason: str) -> str:
    """The number under which the log and the audit trail hold that a record does not open."""
    number = secrets.token_hex(4)
    _keep({patient_id: number}, reason)
    return number


def _keep_lines(response: Response) -> Response:
    """After the page is written: on SQLite a line waits for a lock that the request may hold until then."""
    if seen := g.pop("unreadable", None):
        give_up(identity.staff())
        _keep(seen, "in a list")
    return response


def _keep(seen: dict[Any, str], reason: str) -> None:
    now, actor = clock.now(), identity.staff() or visitors.visitor()
    with writing() as other:
        for patient_id, number in seen.items():
            audit.record(
                other, UNREADABLE, now=now, actor=actor, patient_id=patient_id, outcome="failed", reason=number
            )
            log.error("unreadable record", extra={"incident": number, "reason": reason})
        other.commit()
