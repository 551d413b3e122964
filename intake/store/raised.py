"""Bringing the worklist up to the warning signs in a form's answers: what is new opens an entry, nothing goes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.clinical.triage import Flag as Sign
from intake.clinical.triage import Severity
from intake.store import alerts, audit, flags, people
from intake.store.flags import Flag
from intake.store.responses import Response


@dataclass(frozen=True, slots=True)
class Kept:
    """The rules that are new or raised again, and the emergencies nobody has said they have read."""

    new: frozenset[str]
    unread: frozenset[str]


def keep(session: Session, response: Response, signs: Sequence[Sign], now: datetime) -> Kept:
    """Open a worklist entry for each new sign and mark those that no longer hold.

    A sign that comes back after staff took its entry on, or with another reason, opens a new entry, which somebody is
    told of.
    """
    before = flags.holding(session, response.id)
    raised = {sign.rule: sign for sign in signs}
    new = [sign for sign in signs if _is_new(sign, before.get(sign.rule))]
    again = {rule for rule in raised if rule in before and not before[rule][0]}
    replied = {rule for rule, (*_rest, reply) in before.items() if reply}
    unread = {sign.rule for sign in signs if sign.severity is Severity.EMERGENCY} - replied
    gone = any(true and rule not in raised for rule, (true, *_rest) in before.items())
    if new or again or gone or _grown(raised, before):
        _mark(session, response, raised, now)
        for sign in new:
            _open(session, response, sign, now)
    return Kept(frozenset({sign.rule for sign in new} | again), frozenset(unread))


def _is_new(sign: Sign, known: tuple[bool, list[str], bool, bool] | None) -> bool:
    if known is None:
        return True
    still_true, because, taken, _replied = known
    return taken and not (still_true and set(sign.because) <= set(because))


def _grown(raised: Mapping[str, Sign], before: Mapping[str, tuple[bool, list[str], bool, bool]]) -> bool:
    return any(rule in before and list(sign.because) != before[rule][1] for rule, sign in raised.items())


def _mark(session: Session, response: Response, raised: Mapping[str, Sign], now: datetime) -> None:
    """Bring the entries that are there up to what holds now."""
    for flag in flags.of_response(session, response.id):
        if flag.rule in raised and not flag.still_true:
            flag.raised_at = now
        flag.still_true = flag.rule in raised
        if flag.still_true and not flag.is_taken:
            flag.because = list(raised[flag.rule].because)


def _open(session: Session, response: Response, sign: Sign, now: datetime) -> None:
    flag = Flag(patient_id=response.patient_id, response_id=response.id, rule=sign.rule, opened_at=now)
    flag.severity, flag.because, flag.raised_at = sign.severity.name, list(sign.because), now
    flag.owner_id = response.visit.therapist_id
    session.add(flag)
    session.flush()
    alerts.first(session, flag, people.clinic(session), now)
    audit.record(session, "flag.opened", subject=flag, now=now)
