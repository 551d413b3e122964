"""Bringing the worklist up to the warning signs in a form's answers: what is new opens an entry, nothing goes away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.clinical.triage import Flag as Sign
from intake.clinical.triage import Severity, triage
from intake.forms import conditions, moments
from intake.security.seal import SealError
from intake.store import alerts, amendments, audit, flags, people, responses, versions
from intake.store.amendments import Amendment
from intake.store.flags import Flag, Standing
from intake.store.people import User
from intake.store.responses import Response


@dataclass(frozen=True, slots=True)
class Kept:
    """The rules that are new or raised again, and the emergencies nobody has said they have read."""

    new: frozenset[str]
    unread: frozenset[str]


def keep(
    session: Session, response: Response, signs: Sequence[Sign], now: datetime, *, correcting: bool = False
) -> Kept:
    """Open a worklist entry for each new sign and mark those that no longer hold.

    A sign that comes back after staff took its entry on, or with another reason, opens a new entry, which somebody is
    told of. Where an entry of it waits for somebody else already, the reason goes into that one, and they are told.
    While somebody is `correcting` a transcript, what the earlier version raised stays as it is; what was
    gone from it and comes back holds again.
    """
    before = flags.holding(session, response.id)
    raised = {sign.rule: sign for sign in signs}
    new = [sign for sign in signs if _is_new(sign, before.get(sign.rule))]
    added = {sign.rule for sign in signs if _is_added(sign, before.get(sign.rule))}
    again = {rule for rule in raised if rule in before and not before[rule].still_true}
    replied = {rule for rule, known in before.items() if known.has_reply}
    unread = {sign.rule for sign in signs if sign.severity is Severity.EMERGENCY} - replied
    gone = any(known.still_true and rule not in raised for rule, known in before.items())
    if new or again or gone or _grown(raised, before):
        _mark(session, response, raised, now, correcting=correcting)
        for sign in new:
            _open(session, response, sign, before.get(sign.rule), now)
        for rule in added:
            _tell_anew(session, before[rule].waiting, now)
    return Kept(frozenset({sign.rule for sign in new} | again | added), frozenset(unread))


def _is_new(sign: Sign, known: Standing | None) -> bool:
    if known is None:
        return True
    return known.waiting is None and not (known.still_true and known.knows(sign.because))


def _is_added(sign: Sign, known: Standing | None) -> bool:
    """Whether it has a reason that no entry had, where one waits although another was taken on: it was given on."""
    if known is None or known.waiting is None or known.taken is None:
        return False
    return not known.knows(sign.because)


def _grown(raised: Mapping[str, Sign], before: Mapping[str, Standing]) -> bool:
    return any(rule in before and list(sign.because) != before[rule].because for rule, sign in raised.items())


def _tell_anew(session: Session, flag: Flag | None, now: datetime) -> None:
    """Mail whoever has the entry that waits. Reminders go on as they were."""
    if flag is not None:
        session.flush()
        alerts.first(session, flag, people.clinic(session), now)


def _mark(session: Session, response: Response, raised: Mapping[str, Sign], now: datetime, *, correcting: bool) -> None:
    """Bring the entries that are there up to what holds now."""
    for flag in flags.of_response(session, response.id):
        holds, is_own = flag.rule in raised, not correcting or flag.response_id == response.id
        if not (holds or is_own) or (flag.still_true and not is_own):
            continue
        if holds and not flag.still_true:
            flag.raised_at = now
        flag.still_true = holds
        if holds and not flag.is_taken:
            flag.because = list(raised[flag.rule].because)


def _open(session: Session, response: Response, sign: Sign, known: Standing | None, now: datetime) -> None:
    flag = Flag(patient_id=response.patient_id, response_id=response.id, rule=sign.rule, opened_at=now)
    flag.severity, flag.because, flag.raised_at = sign.severity.name, list(sign.because), now
    flag.owner_id = response.visit.therapist_id
    session.add(flag)
    session.flush()
    if (dealing := _dealing(session, flag, known, now)) is not None:
        flag.owner_id = dealing.id
        session.flush()
    alerts.first(session, flag, people.clinic(session), now)
    audit.record(session, "flag.opened", subject=flag, now=now)


def _dealing(session: Session, flag: Flag, known: Standing | None, now: datetime) -> User | None:
    """Who took an earlier entry of the rule on and has not closed it, where they could open this one too."""
    earlier = known.taken if known is not None else None
    if earlier is None or earlier.closed_at is not None or earlier.owner_id is None:
        return None
    with suppress(SealError):
        user = people.user(session, earlier.owner_id)
        return user if user is not None and alerts.can_act(session, user, flag, now) else None
    return None


def ended_by(session: Session, flag: Flag, today: date) -> Amendment | None:
    """Why a sign on a paper holds no more: its sheet was taken out, or the last version that said so was put right."""
    became = versions.became(session, flag.response)
    if became and became[-1].kind in amendments.TAKEN_OUT:
        return became[-1]
    corrected = (each for each in reversed(became) if each.kind == amendments.CORRECTED)
    return next((each for each in corrected if _says(session, each.response_id, flag.rule, today)), None)


def _says(session: Session, response_id: uuid.UUID, rule: str, today: date) -> bool:
    """Whether a transcript holds a sign."""
    response = session.get_one(Response, response_id)
    counted = conditions.visible_answers(responses.form_of(response), responses.said(session, response))
    said_then = moments.as_of(counted, response.filled_on)
    return any(sign.rule == rule for sign in triage(said_then, today=today, born=response.patient.birth_date))
