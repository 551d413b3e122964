"""Who is asking, how they stand to patients, and what of a record they may be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import abort, g

from intake.forms import disclosure
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form
from intake.security import policy
from intake.security.policy import Permission
from intake.store import scope
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.scope import Scope
from intake.web import clock, identity
from intake.web.database import session


def member() -> User | None:
    """The signed-in person of the clinic with their standing at this moment; None when there is none."""
    user = identity.staff()
    if user is not None and "standing" not in g:
        g.standing = scope.standing(session, user.id, clock.now())
        user.standing = g.standing
    return user


def me() -> User:
    """The person of the clinic who is asking; 404 when there is none."""
    return member() or abort(404)


def within(permission: Permission) -> Scope:
    """What of a table the person who asks may be handed: for lists."""
    return Scope(me(), permission, clock.now())


def ceiling() -> str:
    """The highest tier of the record of this request that its viewer may see; an empty string for none."""
    found = (policy.ceiling(g.get("actor"), record) for record in g.get("records", ()))
    return max(found, key=lambda tier: len(policy.tiers_up_to(tier)), default="")


def tiers() -> tuple[str, ...]:
    """The tiers the viewer of this request may see."""
    return policy.tiers_up_to(ceiling())


def chart_ceiling(patient: Patient) -> str:
    """The highest tier of a patient's chart that whoever asks may see now, on a page about something else."""
    return policy.chart_ceiling(me(), patient)


def tiers_of(patient: Patient) -> tuple[str, ...]:
    """The tiers of a patient's chart that whoever asks may see now."""
    return policy.tiers_up_to(chart_ceiling(patient))


def disclosed(
    form: Form, answers: Answers, most: str | None = None, *, of: Collection[str] | None = None
) -> dict[str, Answer]:
    """The answers the viewer of this request may be shown; what was seen goes into the line about it.

    `most` lowers the ceiling for a page that is for many; `of` names the questions a page is about, where the other
    answers only decide whether those were asked.
    """
    own = ceiling()
    lower = min((own, own if most is None else most), key=lambda tier: len(policy.tiers_up_to(tier)))
    shown = disclosure.disclosed(form, answers, lower)
    if of is not None:
        shown = {name: answer for name, answer in shown.items() if name in of}
    saw(disclosure.seen(form, shown))
    return shown


def saw(tiers: Iterable[str]) -> None:
    """Note what is shown of a record, for the line about this look. A sweep over all pages holds it against them."""
    g.seen = g.get("seen", frozenset()).union(tiers)


def keep(actor: Any, records: list[Any]) -> None:
    """Remember whom the guard let in, and to what, for the rest of the request."""
    g.actor, g.records = actor, records
