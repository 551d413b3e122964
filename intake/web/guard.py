"""The one door to every view: who is it, which record, may they, and a line in the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from intake.security.policy import Permission, may
from intake.store import audit
from intake.web import clock, identity, limits
from intake.web.database import READS, session, writing

View = Callable[..., Any]
Loader = Callable[..., Any]
PATIENT_PERMISSIONS = frozenset({Permission.ANSWER_INTAKE})
LOGGED_READS = frozenset(
    {
        *(Permission.READ_CHART, Permission.READ_NOTE, Permission.READ_PLAN, Permission.READ_DOCUMENT),
        *(
            Permission.SEE_WORKLIST,
            Permission.ACT_ON_FLAG,
            Permission.SIGN_NOTE,
            Permission.SEE_PATIENTS,
            Permission.INVITE,
        ),
    }
)


def allow(permission: Permission, **loaders: Loader) -> Callable[[View], View]:
    """Let a view be seen by whom the policy allows, and hand it the records its ids stand for.

    `note=notes.get` turns the URL's `note_id` into the argument `note`; a loader whose id the URL lacks is asked with
    the actor instead. Nobody signed in: the way in. A record that is missing and one that is not for this person are
    the same 404.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def seen(**values: Any) -> Any:
            actor = _actor(permission)
            if actor is None:
                return _way_in(permission)
            records = {name: _load(load, values.pop(f"{name}_id", actor)) for name, load in loaders.items()}
            if not all(may(actor, permission, record) for record in records.values() or [None]):
                abort(404)
            answer = view(**records, **values)
            if permission in LOGGED_READS and request.method in READS:
                _log_read(permission, actor, records)
            return answer

        seen.permission = permission  # type: ignore[attr-defined]  # a mark the app looks for when it starts
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
    return identity.visitor() if permission in PATIENT_PERMISSIONS else identity.staff()


def _way_in(permission: Permission) -> Response:
    if permission in PATIENT_PERMISSIONS:
        return redirect(url_for("patient.start.show"))
    after = request.full_path.rstrip("?") if request.method in READS else None
    return redirect(url_for("account.sign_in.show", after=after))


def _load(load: Loader, key: Any) -> Any:
    record = load(session, key)
    if record is None:
        abort(404)
    return record


def _log_read(permission: Permission, actor: Any, records: dict[str, Any]) -> None:
    subject = next(iter(records.values()), None)
    patient = getattr(subject, "patient_id", None) or getattr(getattr(subject, "patient", subject), "id", None)
    with writing() as other:
        if patient is not None:
            limits.note_read(other, actor, patient)
        audit.record(other, f"read.{permission}", now=clock.now(), actor=actor, subject=subject, patient_id=patient)
        other.commit()
