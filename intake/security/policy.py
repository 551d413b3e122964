"""Which relation to a record allows what. Allow rules only: an empty row lets nobody through.

The functions look at plain attributes (roles, id, care_team, author_id), so the policy knows no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

Rule = Callable[[Any, Any], bool]


class Role(StrEnum):
    """Hats people of the clinic wear; one person can wear several."""

    THERAPIST = "therapist"
    ASSISTANT = "assistant"
    FRONT_DESK = "front-desk"
    ADMIN = "admin"
    PRIVACY_LEAD = "privacy-lead"


class Permission(StrEnum):
    """What a route asks leave for."""

    USE_ACCOUNT = "use-account"
    SEE_DAY = "see-day"
    SEE_PATIENTS = "see-patients"
    MANAGE_PATIENTS = "manage-patients"
    INVITE = "invite"
    SEE_WORKLIST = "see-worklist"
    ACT_ON_FLAG = "act-on-flag"
    READ_CHART = "read-chart"
    READ_NOTE = "read-note"
    START_NOTE = "start-note"
    WRITE_NOTE = "write-note"
    SIGN_NOTE = "sign-note"
    ADD_TO_NOTE = "add-to-note"
    COSIGN_NOTE = "cosign-note"
    EXPORT_NOTE = "export-note"
    VERIFY_NOTE = "verify-note"
    READ_PLAN = "read-plan"
    WRITE_PLAN = "write-plan"
    ISSUE_PLAN = "issue-plan"
    READ_DOCUMENT = "read-document"
    ANSWER_INTAKE = "answer-intake"
    MANAGE_CLINIC = "manage-clinic"


def is_staff(actor: Any, _record: Any) -> bool:
    """Anybody who signs in with a name and a password."""
    return bool(getattr(actor, "roles", ()))


def is_therapist(actor: Any, _record: Any) -> bool:
    """A therapist, whoever the patient."""
    return Role.THERAPIST in getattr(actor, "roles", ())


def is_front_desk(actor: Any, _record: Any) -> bool:
    """The front desk."""
    return Role.FRONT_DESK in getattr(actor, "roles", ())


def is_admin(actor: Any, _record: Any) -> bool:
    """An administrator of the clinic."""
    return Role.ADMIN in getattr(actor, "roles", ())


def is_treating(actor: Any, record: Any) -> bool:
    """A therapist with a visit of this patient, past or to come."""
    patient = getattr(record, "patient", record)
    return is_therapist(actor, record) and actor.id in getattr(patient, "care_team", ())


def is_author(actor: Any, record: Any) -> bool:
    """Who wrote the note or plan, while still a therapist."""
    return is_therapist(actor, record) and getattr(record, "author_id", None) == actor.id


def is_invited(actor: Any, record: Any) -> bool:
    """The patient whose invitation leads to this intake."""
    return getattr(actor, "visit_id", None) is not None and actor.visit_id == getattr(record, "visit_id", None)


RULES: Mapping[Permission, tuple[Rule, ...]] = {
    Permission.USE_ACCOUNT: (is_staff,),
    Permission.SEE_DAY: (is_therapist, is_front_desk),
    Permission.SEE_PATIENTS: (is_front_desk, is_therapist),
    Permission.MANAGE_PATIENTS: (is_front_desk,),
    Permission.INVITE: (is_front_desk, is_treating),
    Permission.SEE_WORKLIST: (is_therapist,),
    Permission.ACT_ON_FLAG: (is_therapist,),
    Permission.READ_CHART: (is_treating,),
    Permission.READ_NOTE: (is_author, is_treating),
    Permission.START_NOTE: (is_treating,),
    Permission.WRITE_NOTE: (is_author,),
    Permission.SIGN_NOTE: (is_author,),
    Permission.ADD_TO_NOTE: (is_author, is_treating),
    Permission.COSIGN_NOTE: (is_treating,),
    Permission.EXPORT_NOTE: (is_author, is_treating),
    Permission.VERIFY_NOTE: (is_staff,),
    Permission.READ_PLAN: (is_author, is_treating),
    Permission.WRITE_PLAN: (is_author,),
    Permission.ISSUE_PLAN: (is_author,),
    Permission.READ_DOCUMENT: (is_treating,),
    Permission.ANSWER_INTAKE: (is_invited,),
    Permission.MANAGE_CLINIC: (is_admin,),
}


def may(actor: Any, permission: Permission, record: Any) -> bool:
    """Whether any rule listed for the permission lets this actor through."""
    return any(rule(actor, record) for rule in RULES.get(permission, ()))
