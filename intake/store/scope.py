"""The policy in SQL: which rows of a table somebody may be handed. A foreign row is never fetched.

Every rule of intake/security/policy.py has its clause here; a test holds the two against each other, record by record.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from intake.clinical.signed import COSIGNATURE
from intake.security import policy
from intake.security.policy import CEILINGS, NOBODY, RULES, Permission, Role, Rule, Standing
from intake.store import careteam, emergencies, people
from intake.store.flags import Flag
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.signatures import Signature
from intake.store.visits import Invitation, Visit

Clause = ColumnElement[bool]


class Scope:
    """What one actor may see with one permission now. Called with a table, it gives the clause for its rows.

    `asked` is the table it was called with last, so that a refusal can say what was asked for.
    """

    def __init__(self, actor: Any, permission: Permission, now: datetime) -> None:
        self.actor, self.permission, self.now = actor, permission, now
        self.asked: type[Any] | None = None

    def __call__(self, model: type[Any]) -> Clause:
        """What holds of the rows this actor may be handed."""
        self.asked = model
        return or_(false(), *(self._clause(rule, model) for rule in RULES.get(self.permission, ())))

    def _clause(self, rule: Rule, model: type[Any]) -> Clause:
        clause = CLAUSES[rule](self, model)
        return and_(clause, self._within_ceiling(model)) if hasattr(model, "tier") else clause

    def _within_ceiling(self, model: type[Any]) -> Clause:
        """A document is handed over only to whom its tier may reach."""
        rows = [
            and_(CLAUSES[rule](self, model), model.tier.in_(policy.tiers_up_to(top))) for rule, top in CEILINGS.items()
        ]
        return or_(false(), *rows)


def _by_hat(rule: Rule) -> Callable[[Scope, type[Any]], Clause]:
    return lambda scope, _model: true() if rule(scope.actor, None) else false()


def _about(patients: Callable[[Standing], Iterable[uuid.UUID]], role: Role) -> Callable[[Scope, type[Any]], Clause]:
    """Rows about the patients somebody stands to, for whoever wears the hat.

    Their ids come from rows that were checked (`standing`): a query for them would believe every row.
    """

    def clause(scope: Scope, model: type[Any]) -> Clause:
        ids = sorted(patients(getattr(scope.actor, "standing", NOBODY)))
        return _patient(model).in_(ids) if ids and role in getattr(scope.actor, "roles", ()) else false()

    return clause


def _patient(model: type[Any]) -> ColumnElement[Any]:
    """The column that says which patient a row is about."""
    if model is Patient:
        found: ColumnElement[Any] = Patient.id.expression
        return found
    if model is Invitation:
        return select(Visit.patient_id).where(Visit.id == Invitation.visit_id).scalar_subquery()
    column: ColumnElement[Any] = model.patient_id
    return column


def _own(column: str, role: Role) -> Callable[[Scope, type[Any]], Clause]:
    """Rows that name the actor in a column, for whoever wears the hat."""

    def clause(scope: Scope, model: type[Any]) -> Clause:
        if role not in getattr(scope.actor, "roles", ()) or not hasattr(model, column):
            return false()
        found: Clause = getattr(model, column) == scope.actor.id
        return found

    return clause


def _invited(scope: Scope, model: type[Any]) -> Clause:
    visit = getattr(scope.actor, "visit_id", None)
    return model.visit_id == visit if visit is not None and hasattr(model, "visit_id") else false()


def _handed(scope: Scope, model: type[Any]) -> Clause:
    form = getattr(scope.actor, "response_id", None)
    return model.id == form if form is not None else false()


def _on_call(scope: Scope, model: type[Any]) -> Clause:
    """Every warning sign: what one is about is sealed, so the policy in Python has the last word on each."""
    return true() if Role.THERAPIST in getattr(scope.actor, "roles", ()) and model is Flag else false()


def _cosigned(scope: Scope, model: type[Any]) -> Clause:
    if model is not Note:
        return false()
    mine = Signature.kind == COSIGNATURE, Signature.signer_id == scope.actor.id
    return and_(_treated(scope, model), Note.id.in_(select(Signature.note_id).where(*mine)))


def _on_call_owner(scope: Scope, model: type[Any]) -> Clause:
    """What is theirs among the warning signs; as for those on call, the policy in Python has the last word."""
    return and_(_on_call(scope, model), Flag.owner_id == scope.actor.id) if model is Flag else false()


def _treating_admin(scope: Scope, model: type[Any]) -> Clause:
    return _treated(scope, model) if Role.ADMIN in getattr(scope.actor, "roles", ()) else false()


_treated = _about(lambda standing: standing.treats, Role.THERAPIST)
_assisted = _about(lambda standing: standing.assists, Role.ASSISTANT)
_opened = _about(lambda standing: standing.emergency, Role.THERAPIST)
_opened_all = _about(lambda standing: [p for p, is_all in standing.emergency.items() if is_all], Role.THERAPIST)
_authored = _own("author_id", Role.THERAPIST)
_drafted = _own("author_id", Role.ASSISTANT)
HATS = (
    *(policy.is_staff, policy.is_therapist, policy.is_assistant, policy.is_front_desk),
    *(policy.is_admin, policy.is_privacy_lead, policy.is_safety_lead),
)
CLAUSES: Mapping[Rule, Callable[[Scope, type[Any]], Clause]] = {
    **{rule: _by_hat(rule) for rule in HATS},
    policy.is_treating: _treated,
    policy.is_assisting: _assisted,
    policy.is_author: _authored,
    policy.is_treating_author: lambda scope, model: and_(_treated(scope, model), _authored(scope, model)),
    policy.is_assisting_author: lambda scope, model: and_(_assisted(scope, model), _drafted(scope, model)),
    policy.is_cosigner: _cosigned,
    policy.is_in_emergency: _opened,
    policy.is_in_emergency_for_all: _opened_all,
    policy.is_owner: lambda scope, model: model.user_id == scope.actor.id if hasattr(model, "user_id") else false(),
    policy.is_opener: _own("user_id", Role.THERAPIST),
    policy.is_on_call: _on_call,
    policy.is_on_call_owner: _on_call_owner,
    policy.is_treating_admin: _treating_admin,
    policy.is_invited: _invited,
    policy.is_handed: _handed,
}


def standing(session: Session, user_id: uuid.UUID, now: datetime) -> Standing:
    """How somebody stands to patients now, of rows that hold; ForgedError when one does not."""
    teams = careteam.teams_of(session, user_id, now)
    opened: dict[uuid.UUID, bool] = {}
    for row in emergencies.open_by(session, user_id, now):
        opened[row.patient_id] = opened.get(row.patient_id, False) or row.sensitive
    treats, assists = (teams.get(role, frozenset()) for role in (Role.THERAPIST, Role.ASSISTANT))
    clinic = people.clinic(session)
    leads = clinic is not None and clinic.safety_lead_id == user_id
    return Standing(treats=treats, assists=assists, emergency=opened, leads_safety=leads)


def patient_behind(session: Session, model: type[Any], record_id: uuid.UUID) -> uuid.UUID | None:
    """Whose record an id stands for, and nothing else of it: for the line about a refusal."""
    if model is not Patient and model is not Invitation and not hasattr(model, "patient_id"):
        return None
    return session.scalar(select(_patient(model)).where(model.id == record_id))
