"""Too often: charge a bucket before a secret is looked at, give it back on success, say how long to wait."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import TooManyRequests

from intake.security import tokens
from intake.security.limits import FOR_GOOD, HOUR, LIMITS, MINUTE, Beyond, Bucket, end_of, network
from intake.store import audit, limits
from intake.store.limits import Place
from intake.web import clock, identity, visitors
from intake.web.database import READS, let_go, writing

SLOWED = 0.25  # seconds
LONGEST_IN_SECONDS, LONGEST_IN_MINUTES = 90, 90 * MINUTE
log = logging.getLogger("intake.limits")


class TooOftenError(TooManyRequests):
    """Refused for now; `wait` is in seconds, None when only recovery opens again."""

    def __init__(self, wait: int | None) -> None:
        super().__init__(retry_after=wait)
        self.wait = wait


def attach(app: Flask) -> None:
    """Count what scripts save by themselves, before anything is read for it."""
    app.before_request(_count_autosave)


def _count_autosave() -> None:
    token = visitors.token() or identity.token()
    if token and request.headers.get("X-Autosave") and request.method not in READS:
        charge(Bucket.AUTOSAVE, token)


def charge(bucket: Bucket, subject: str) -> bool:
    """Count one try in a transaction of its own, and say whether there was room for it.

    TooOftenError where a bucket refuses and it is one too many. Call it before anything is changed: the request's
    transaction ends here.
    """
    let_go()
    beyond, places = LIMITS[bucket].beyond, _places(bucket, subject)
    with writing() as other:
        over = limits.charge(other, places, clock.now())
        if over is not None and beyond is not Beyond.REFUSED:
            _tell(other, bucket, over, actor=None)
        other.commit()
    if over is not None and beyond is Beyond.REFUSED:
        log.warning("refused", extra={"reason": str(bucket)})
        raise TooOftenError(_wait(over))
    if over is not None and beyond is Beyond.SLOWED:
        time.sleep(SLOWED)
    return over is None


def refund(bucket: Bucket, subject: str) -> None:
    """Take the charge of this request back: it succeeded. What is counted in a row starts anew."""
    let_go()
    with writing() as other:
        places = _places(bucket, subject)
        limits.refund(other, [place for place in places if place.ends_at != FOR_GOOD])
        for place in places:
            if place.ends_at == FOR_GOOD:
                limits.reset(other, place.key)
        other.commit()


def visitor() -> str:
    """The network the request comes from, as `charge` wants it."""
    return network(request.remote_addr or "")


def note_read(other: Any, actor: Any, patient_id: uuid.UUID) -> None:
    """Count the patients somebody reads in an hour, inside the transaction that logs the read; tell once it is many."""
    (total,) = _places(Bucket.PATIENTS_READ, str(actor.id))
    (this,) = _places(Bucket.PATIENTS_READ, f"{actor.id} {patient_id}")
    if limits.count(other, this, clock.now()) == 1 and limits.charge(other, [total], clock.now()) is not None:
        _tell(other, Bucket.PATIENTS_READ, total, actor=actor)


def _tell(other: Any, bucket: Bucket, over: Place, actor: Any) -> None:
    """Leave a line for whoever watches, the first time in a window that it is too many."""
    key = tokens.keyed_hash(current_app.config["SECRET"], f"limit/{bucket}/told", over.key)
    if limits.count(other, replace(over, key=key), clock.now()) == 1:
        log.warning("alert", extra={"reason": str(bucket)})
        audit.record(other, f"alert.{bucket}", actor=actor, subject=actor, now=clock.now())


def _places(bucket: Bucket, subject: str) -> list[Place]:
    key, now = current_app.config["SECRET"], clock.now()
    return [
        Place(tokens.keyed_hash(key, f"limit/{bucket}/{window.seconds}", subject), end_of(window, now), window.most)
        for window in LIMITS[bucket].windows
    ]


def _wait(over: Place) -> int | None:
    return None if over.ends_at == FOR_GOOD else max(1, over.ends_at - _seconds(clock.now()))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def words(refusal: TooOftenError) -> str:
    """How long to wait, as one says it."""
    wait = refusal.wait
    if wait is None:
        return str(_("Too many wrong passwords. Ask an administrator for a new link, or use another way to sign in."))
    if wait <= LONGEST_IN_SECONDS:
        return str(ngettext("Please try again in %(num)s second.", "Please try again in %(num)s seconds.", wait))
    if wait <= LONGEST_IN_MINUTES:
        minutes = -(-wait // MINUTE)
        return str(ngettext("Please try again in %(num)s minute.", "Please try again in %(num)s minutes.", minutes))
    hours = -(-wait // HOUR)
    return str(ngettext("Please try again in %(num)s hour.", "Please try again in %(num)s hours.", hours))
