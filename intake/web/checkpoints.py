"""Checkpoints of the audit trail, taken beside the requests: nobody waits, and the next makes up for a lost one.

`flask audit checkpoint` does the same by a timer, for the hours in which nobody comes.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask, Response

from intake.actions import trail
from intake.web import clock, database

LOOK_EVERY = timedelta(minutes=1)  # in each process; the database says whether 15 minutes are over
log = logging.getLogger("intake.audit")


@dataclass
class Watch:
    """When this process looked last, and the thread that did."""

    looked_at: datetime | None = None
    thread: threading.Thread | None = None
    busy: threading.Lock = field(default_factory=threading.Lock)

    def is_time(self, now: datetime) -> bool:
        """Whether to look again; says so once a minute."""
        if self.looked_at is not None and timedelta(0) <= now - self.looked_at < LOOK_EVERY:
            return False
        self.looked_at = now
        return True


def attach(app: Flask) -> None:
    """Look after each request that added to the trail, where there is a place to send checkpoints to."""
    watch = app.extensions["checkpoints"] = Watch()

    @app.after_request
    def after(response: Response) -> Response:
        if app.config["AUDIT_SINKS"] and (actions := database.recorded()):
            signature = not actions.isdisjoint(trail.SIGNATURES)
            if signature or watch.is_time(clock.now()):
                _start(app, watch, clock.now(), at_once=signature)
        return response


def _start(app: Flask, watch: Watch, now: datetime, *, at_once: bool) -> None:
    watch.thread = threading.Thread(target=_look, args=(app, watch, now), kwargs={"at_once": at_once}, daemon=True)
    watch.thread.start()


def _look(app: Flask, watch: Watch, now: datetime, *, at_once: bool) -> None:
    every = timedelta(0) if at_once else trail.EVERY
    try:
        with watch.busy, app.app_context():
            with database.looking() as session:
                due = trail.is_due(session, now, every)
            if due:
                with database.writing() as session:
                    trail.take(session, app.config["AUDIT_SINKS"], app.config["MAIL_SERVER"], now=now)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the request is over and the next one tries again
        log.error("checkpoint not taken", extra={"reason": type(problem).__name__})  # noqa: TRY400 - no text of it
