"""The one door to every view: who is it, which record, may they, and a line in the audit trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

from flask import Flask, abort, g, make_response, redirect, request, url_for

from intake.actions.refusals import FinalError, RefusedError
from intake.forms.problems import N_
from intake.security import policy
from intake.security.policy import Permission, State, may
from intake.store import audit, scope
from intake.store.base import Base
from intake.store.scope import Scope
from intake.web import actor as actors
from intake.web import alone, clock, halfway, limits, visitors
from intake.web.database import READS, give_up, recorded, session, writing

View = Callable[..., Any]
Loader = Callable[..., Any]
# What patients do, each with who is asked about it and the page that leads in.
PATIENT_PERMISSIONS: Mapping[Permission, tuple[Callable[[], Any], str]] = {
    Permission.ANSWER_INTAKE: (visitors.visitor, "patient.form.show"),
    Permission.ANSWER_ALONE: (alone.sitter, "kiosk.form.show"),
}
# Whoever uses these has looked at somebody's record, so each use leaves a line: the act's own, or one about the look.
LOGGED_READS = frozenset(Permission) - {
    *(
        Permission.USE_ACCOUNT,
        Permission.USE_OWN,
        Permission.SEE_DAY,
        *PATIENT_PERMISSIONS,
        Permission.OPEN_EMERGENCY,
        Permission.SEEK_SAFETY,
    ),
    *(Permission.MANAGE_CLINIC, Permission.READ_TIMES),
}
# Pages that show records of many, so that they count as a look without a record of their own.
LISTS = frozenset(
    {Permission.SEE_PATIENTS, Permission.SEE_WORKLIST, Permission.REVIEW_EMERGENCY, Permission.READ_AUDIT}
)
# What can be told during a look without standing for it.
BESIDE = frozenset({"note.broken", "account.sign-in-failed", "device.answers-noted"})

NOT_YET = {
    State.DRAFT: N_("Please sign the note first."),
    State.AWAITING: N_(
        "The note waits for a co-signature. A therapist who treats this patient has to co-sign it first."
    ),
}


def allow(permission: Permission, *, final: View | None = None, **loaders: Loader) -> Callable[[View], View]:
    """Let a view be seen by whom the policy allows, and hand it the records its ids stand for.

    `note=notes.get` turns the URL's `note_id` into the argument `note`. A loader takes (session, id, within): `within`
    is the policy as a clause, so a row that is not for this person is not fetched. A loader whose id the URL lacks is
    asked with the actor instead. Nobody signed in: the way in. A record that is missing and one that is not for this
    person are the same 404, with the same line in the audit trail. `final` answers what came after the record became
    final, where it has more to say than the page for that; it is handed the same records.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def seen(**values: Any) -> Any:
            actor = _actor(permission)
            if actor is None:
                return _way_in(permission)
            within = Scope(actor, permission, clock.now())
            keys = {name: values.pop(f"{name}_id", None) for name in loaders}
            records = {name: _load(load, keys[name], within) for name, load in loaders.items()}
            if not all(may(actor, permission, record) for record in records.values() or [None]):
                _refuse(within, getattr(next(iter(records.values()), None), "id", None))
            try:
                _only_in_time(within, list(records.values()))
            except FinalError:
                if final is None:
                    raise
                # The line about it closed the session that held the records.
                records = {name: _load(load, keys[name], within) for name, load in loaders.items()}
                actors.keep(actor, list(records.values()))
                return make_response(final(**records))
            actors.keep(actor, list(records.values()))
            subject = next(iter(records.values()), None)
            who, patient, subject = _named(actor), policy.patient_of(subject), _named(subject)
            try:
                return make_response(view(**records, **values))
            finally:
                if (records or permission in LISTS) and permission in LOGGED_READS and recorded() <= BESIDE:
                    _log_read(permission, who, subject, patient)

        seen.permission, seen.loaders = permission, loaders  # type: ignore[attr-defined]  # marks the app looks for
        return seen

    return guarded


def public(view: View) -> View:
    """Mark a view that anybody may see."""
    view.permission = None  # type: ignore[attr-defined]  # a mark the app looks for when it starts
    return view


def refuse_unguarded(app: Flask) -> None:
    """Stop the start while a route has neither a permission nor the mark of a public one."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "permission"):
            message = f"the route {rule.rule} ({rule.endpoint}) has no permission"
            raise RuntimeError(message)


def _actor(permission: Permission) -> Any:
    if permission in PATIENT_PERMISSIONS:
        who, _door = PATIENT_PERMISSIONS[permission]
        return who()
    return actors.member()


def _way_in(permission: Permission) -> Any:
    if permission in PATIENT_PERMISSIONS:
        _who, door = PATIENT_PERMISSIONS[permission]
        return redirect(url_for(door))
    return halfway.way_in()


def _load(load: Loader, key: uuid.UUID | None, within: Scope) -> Any:
    record = load(session, within.actor) if key is None else load(session, key, within)
    if record is None:
        _refuse(within, key)
    return record


def _refuse(within: Scope, key: uuid.UUID | None) -> NoReturn:
    """The page for what is not there, after a line about who asked for what."""
    _line("access.denied", within, key, "denied")
    abort(404)


def _only_in_time(within: Scope, records: list[Any]) -> None:
    """Refuse what the record's state does not allow any more, or not yet. Reading is never refused for that."""
    if request.method in READS or all(policy.is_timely(within.permission, record) for record in records):
        return
    _line("access.denied", within, getattr(records[0], "id", None), "not-now")
    if (state := policy.state_of(records[0])) in NOT_YET:
        raise RefusedError(NOT_YET[state])
    raise FinalError


def _line(action: str, within: Scope, key: uuid.UUID | None, outcome: str) -> None:
    """A line in a short transaction of its own. The request's is given up first: it may hold SQLite's only lock."""
    give_up(within.actor)
    with writing() as other:
        patient = scope.patient_behind(other, within.asked, key) if within.asked and key else None
        subject = within.asked(id=key) if within.asked and key else None
        audit.record(
            other, action, now=clock.now(), actor=within.actor, subject=subject, patient_id=patient,
            outcome=outcome, reason=str(within.permission),
        )  # fmt: skip
        other.commit()


def _named(record: Any) -> Any:
    """As much of a record as a line names: a view's commit lets go of the record itself."""
    if not isinstance(record, Base):
        return record
    return type(record)(**{name: getattr(record, name) for name in ("id", "roles") if hasattr(record, name)})


def _log_read(permission: Permission, actor: Any, subject: Any, patient: uuid.UUID | None) -> None:
    categories = sorted(g.get("seen", ()), key=policy.TIERS.index)
    give_up()
    with writing() as other:
        if patient is not None:
            limits.note_read(other, actor, patient)
        audit.record(
            other, f"read.{permission}", now=clock.now(), actor=actor, subject=subject,
            patient_id=patient, categories=categories,
        )  # fmt: skip
        other.commit()
