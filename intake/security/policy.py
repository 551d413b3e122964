"""Which hat and which relation to a record allow what. Allow rules only: an empty row lets nobody through.

The functions look at plain attributes (roles, id, standing, author_id), so the policy knows no database. The store
says the same in SQL (intake/store/scope.py), and tests hold the two against each other. docs/policy.md is made from
these tables by `make policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

Rule = Callable[[Any, Any], bool]


class Role(StrEnum):
    """Hats people of the clinic wear; one person can wear several."""

    THERAPIST = "therapist"
    ASSISTANT = "assistant"
    FRONT_DESK = "front-desk"
    ADMIN = "admin"
    PRIVACY_LEAD = "privacy-lead"


TREATING = frozenset({Role.THERAPIST, Role.ASSISTANT})  # whoever wears these can be let into charts


class Permission(StrEnum):
    """What a route asks leave for."""

    USE_ACCOUNT = "use-account"
    USE_OWN = "use-own"
    SEE_DAY = "see-day"
    SEE_PATIENTS = "see-patients"
    SEE_PATIENT = "see-patient"
    MANAGE_PATIENTS = "manage-patients"
    MANAGE_TEAM = "manage-team"
    INVITE = "invite"
    ASK_FORM = "ask-form"
    ENTER_PAPER = "enter-paper"
    TAKE_OUT_PAPER = "take-out-paper"
    SEE_WORKLIST = "see-worklist"
    ACT_ON_FLAG = "act-on-flag"
    HAND_OVER_FLAG = "hand-over-flag"
    READ_TIMES = "read-times"
    READ_CHART = "read-chart"
    SEARCH_CHART = "search-chart"
    PRINT_CHART = "print-chart"
    REVIEW_INTAKE = "review-intake"
    ASK_AGAIN = "ask-again"
    PRINT_INTAKE = "print-intake"
    PRINT_SENSITIVE = "print-sensitive"
    READ_NOTE = "read-note"
    START_NOTE = "start-note"
    WRITE_NOTE = "write-note"
    SIGN_NOTE = "sign-note"
    ADD_TO_NOTE = "add-to-note"
    COSIGN_NOTE = "cosign-note"
    EXPORT_NOTE = "export-note"
    BILL_NOTE = "bill-note"
    FOLLOW_PLAN = "follow-plan"
    VERIFY_NOTE = "verify-note"
    READ_PLAN = "read-plan"
    START_PLAN = "start-plan"
    WRITE_PLAN = "write-plan"
    ISSUE_PLAN = "issue-plan"
    READ_DOCUMENT = "read-document"
    ANSWER_INTAKE = "answer-intake"
    OPEN_EMERGENCY = "open-emergency"
    END_EMERGENCY = "end-emergency"
    REVIEW_EMERGENCY = "review-emergency"
    READ_AUDIT = "read-audit"
    EXPORT_AUDIT = "export-audit"
    MANAGE_CLINIC = "manage-clinic"
    HAND_OVER = "hand-over"
    ANSWER_ALONE = "answer-alone"
    SEEK_SAFETY = "seek-safety"
    READ_SAFETY = "read-safety"
    RECORD_SAFETY = "record-safety"


class State(StrEnum):
    """How far a note, a plan, a warning sign or a visit has come."""

    DRAFT = "draft"
    AWAITING = "awaiting-cosignature"
    SIGNED = "signed"
    ISSUED = "issued"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to patients at this moment: whose team they are on, and which charts an emergency opened.

    `emergency` says of each opened chart whether the sensitive part was asked for too; `leads_safety` whether the
    clinic named them to look after safety at home.
    """

    treats: frozenset[UUID] = frozenset()
    assists: frozenset[UUID] = frozenset()
    emergency: Mapping[UUID, bool] = field(default_factory=dict)
    leads_safety: bool = False


NOBODY = Standing()


def is_staff(actor: Any, _record: Any) -> bool:
    """Anybody who signs in with a name and a password."""
    return bool(getattr(actor, "roles", ()))


def is_therapist(actor: Any, _record: Any) -> bool:
    """A therapist, whoever the patient."""
    return _wears(actor, Role.THERAPIST)


def is_assistant(actor: Any, _record: Any) -> bool:
    """An assistant, whoever the patient."""
    return _wears(actor, Role.ASSISTANT)


def is_front_desk(actor: Any, _record: Any) -> bool:
    """The front desk."""
    return _wears(actor, Role.FRONT_DESK)


def is_admin(actor: Any, _record: Any) -> bool:
    """An administrator of the clinic."""
    return _wears(actor, Role.ADMIN)


def is_privacy_lead(actor: Any, _record: Any) -> bool:
    """The privacy lead."""
    return _wears(actor, Role.PRIVACY_LEAD)


def is_treating(actor: Any, record: Any) -> bool:
    """A therapist on the patient's care team today."""
    return _wears(actor, Role.THERAPIST) and patient_of(record) in _standing(actor).treats


def is_assisting(actor: Any, record: Any) -> bool:
    """An assistant on the patient's care team today."""
    return _wears(actor, Role.ASSISTANT) and patient_of(record) in _standing(actor).assists


def is_author(actor: Any, record: Any) -> bool:
    """Who wrote it, while still a therapist, on the care team or not any more."""
    return _wears(actor, Role.THERAPIST) and _wrote(actor, record)


def is_treating_author(actor: Any, record: Any) -> bool:
    """Who wrote it, while a therapist on the patient's care team."""
    return is_treating(actor, record) and _wrote(actor, record)


def is_assisting_author(actor: Any, record: Any) -> bool:
    """Who wrote the note, while an assistant on the patient's care team."""
    return is_assisting(actor, record) and _wrote(actor, record)


def is_cosigner(actor: Any, record: Any) -> bool:
    """A therapist on the patient's care team today who co-signed the note."""
    return is_treating(actor, record) and actor.id in getattr(record, "cosigners", ())


def is_safety_lead(actor: Any, _record: Any) -> bool:
    """The therapist the clinic named to look after safety at home, whoever the patient."""
    return _wears(actor, Role.THERAPIST) and _standing(actor).leads_safety


def is_in_emergency(actor: Any, record: Any) -> bool:
    """A therapist who opened the chart in an emergency, for 60 minutes."""
    return _wears(actor, Role.THERAPIST) and patient_of(record) in _standing(actor).emergency


def is_in_emergency_for_all(actor: Any, record: Any) -> bool:
    """A therapist who opened the chart in an emergency and asked for the sensitive part too."""
    return is_in_emergency(actor, record) and _standing(actor).emergency[patient_of(record)]


def is_owner(actor: Any, record: Any) -> bool:
    """Whose passkey, session or kept page it is."""
    return is_staff(actor, record) and getattr(record, "user_id", None) == actor.id


def is_opener(actor: Any, record: Any) -> bool:
    """Who opened the chart in this emergency."""
    return _wears(actor, Role.THERAPIST) and getattr(record, "user_id", None) == actor.id


def is_on_call(actor: Any, record: Any) -> bool:
    """Any therapist, for a warning sign that does not speak of violence."""
    return _wears(actor, Role.THERAPIST) and getattr(record, "because_tier", "safety") != "safety"


def is_on_call_owner(actor: Any, record: Any) -> bool:
    """Whose turn a warning sign is, while they may act on it."""
    return (is_on_call(actor, record) or is_treating(actor, record)) and getattr(record, "owner_id", None) == actor.id


def is_treating_admin(actor: Any, record: Any) -> bool:
    """An administrator who is a therapist on the patient's care team today."""
    return is_admin(actor, record) and is_treating(actor, record)


def is_invited(actor: Any, record: Any) -> bool:
    """The patient whose invitation leads to this intake."""
    return getattr(actor, "visit_id", None) is not None and actor.visit_id == getattr(record, "visit_id", None)


def is_handed(actor: Any, record: Any) -> bool:
    """The patient who was handed a device with this form, or opened it at home."""
    form = getattr(actor, "response_id", None)
    return form is not None and form == getattr(record, "id", None)


READERS: tuple[Rule, ...] = (is_treating, is_assisting, is_in_emergency)
RULES: Mapping[Permission, tuple[Rule, ...]] = {
    Permission.USE_ACCOUNT: (is_staff,),
    Permission.USE_OWN: (is_owner,),
    Permission.SEE_DAY: (is_therapist, is_assistant, is_front_desk),
    Permission.SEE_PATIENTS: (is_front_desk, is_admin, is_therapist, is_assistant),
    Permission.SEE_PATIENT: (is_front_desk, is_admin, is_treating, is_assisting, is_in_emergency),
    Permission.MANAGE_PATIENTS: (is_front_desk,),
    Permission.MANAGE_TEAM: (is_front_desk, is_admin),
    Permission.INVITE: (is_front_desk, is_treating),
    Permission.ASK_FORM: (is_treating,),
    Permission.ENTER_PAPER: (is_treating, is_assisting),
    Permission.TAKE_OUT_PAPER: (is_treating,),
    Permission.SEE_WORKLIST: (is_therapist,),
    Permission.ACT_ON_FLAG: (is_on_call, is_treating),
    Permission.HAND_OVER_FLAG: (is_on_call_owner, is_treating_admin),
    Permission.READ_TIMES: (is_admin, is_privacy_lead),
    Permission.READ_CHART: READERS,
    Permission.SEARCH_CHART: READERS,
    Permission.PRINT_CHART: (is_treating, is_assisting),
    Permission.REVIEW_INTAKE: (is_treating,),
    Permission.ASK_AGAIN: (is_treating,),
    Permission.PRINT_INTAKE: (is_treating, is_assisting),
    Permission.PRINT_SENSITIVE: (is_treating,),
    Permission.READ_NOTE: (is_author, *READERS),
    Permission.START_NOTE: (is_treating, is_assisting),
    Permission.WRITE_NOTE: (is_author, is_assisting_author),
    Permission.SIGN_NOTE: (is_author, is_assisting_author),
    Permission.COSIGN_NOTE: (is_treating,),
    Permission.ADD_TO_NOTE: (is_author, is_treating, is_assisting_author),
    Permission.EXPORT_NOTE: (is_treating,),
    Permission.BILL_NOTE: (is_treating,),
    Permission.FOLLOW_PLAN: (is_treating,),
    Permission.VERIFY_NOTE: (is_staff,),
    Permission.READ_PLAN: READERS,
    Permission.START_PLAN: (is_treating_author, is_cosigner),
    Permission.WRITE_PLAN: (is_treating_author,),
    Permission.ISSUE_PLAN: (is_treating_author,),
    Permission.READ_DOCUMENT: READERS,
    Permission.ANSWER_INTAKE: (is_invited,),
    Permission.OPEN_EMERGENCY: (is_therapist,),
    Permission.END_EMERGENCY: (is_opener,),
    Permission.REVIEW_EMERGENCY: (is_privacy_lead,),
    Permission.READ_AUDIT: (is_privacy_lead,),
    Permission.EXPORT_AUDIT: (is_privacy_lead,),
    Permission.MANAGE_CLINIC: (is_admin,),
    Permission.HAND_OVER: (is_treating,),
    Permission.ANSWER_ALONE: (is_handed,),
    Permission.SEEK_SAFETY: (is_safety_lead,),
    Permission.READ_SAFETY: (is_treating, is_safety_lead),
    Permission.RECORD_SAFETY: (is_treating, is_safety_lead),
}
SIGNED = frozenset({State.SIGNED, State.AWAITING})
# What may be changed in which state only. Reading is the same in every state.
STATES: Mapping[Permission, frozenset[State]] = {
    Permission.WRITE_NOTE: frozenset({State.DRAFT}),
    Permission.SIGN_NOTE: frozenset({State.DRAFT}),
    Permission.COSIGN_NOTE: frozenset({State.AWAITING}),
    Permission.EXPORT_NOTE: SIGNED,
    Permission.BILL_NOTE: frozenset({State.SIGNED}),
    Permission.ADD_TO_NOTE: SIGNED,
    Permission.START_PLAN: frozenset({State.SIGNED}),
    Permission.WRITE_PLAN: frozenset({State.DRAFT}),
}
# The highest tier of answers each rule lets its people see; a rule that is not listed shows none. What a page shows
# beside its own record comes from the chart: there the patient is the record, and an author has no say (chart_ceiling).
TIERS = ("desk", "care", "sensitive", "safety")
CEILINGS: Mapping[Rule, str] = {
    is_front_desk: "desk",
    is_admin: "desk",
    is_assisting: "care",
    is_in_emergency: "care",
    is_in_emergency_for_all: "sensitive",
    is_treating: "safety",
    is_author: "safety",
}


def may(actor: Any, permission: Permission, record: Any) -> bool:
    """Whether any rule listed for the permission lets this actor through to the record, whatever its state."""
    allowed = any(rule(actor, record) for rule in RULES.get(permission, ()))
    tier = getattr(record, "tier", None)
    return allowed and (tier is None or tier in tiers_up_to(ceiling(actor, record)))


def is_timely(permission: Permission, record: Any) -> bool:
    """Whether the record is in a state the permission can still be used in."""
    state = state_of(record)
    return state is None or state in STATES.get(permission, State)


def state_of(record: Any) -> State | None:
    """How far the record has come; None for one that has no life of its own."""
    if hasattr(record, "is_signed"):
        if not record.is_signed:
            return State.DRAFT
        return State.AWAITING if getattr(record, "waiting", ()) else State.SIGNED
    if hasattr(record, "is_issued"):
        return State.ISSUED if record.is_issued else State.DRAFT
    if hasattr(record, "closed_at") or hasattr(record, "cancelled_at"):
        return (
            State.CLOSED if getattr(record, "closed_at", None) or getattr(record, "cancelled_at", None) else State.OPEN
        )
    return None


def ceiling(actor: Any, record: Any) -> str:
    """The highest tier of the record's answers this actor may see; an empty string for none."""
    found = [tier for rule, tier in CEILINGS.items() if rule(actor, record)]
    return max(found, key=TIERS.index, default="")


def chart_ceiling(actor: Any, patient: Any) -> str:
    """The highest tier of a patient's chart this actor may be shown, wherever; an empty string for none.

    Whoever wrote a note and left the team still has the note, and nothing of the chart beside it.
    """
    return ceiling(actor, patient) if may(actor, Permission.READ_CHART, patient) else ""


def tiers_up_to(highest: str) -> tuple[str, ...]:
    """The tiers at or below one; none for an empty string."""
    return TIERS[: TIERS.index(highest) + 1] if highest else ()


def patient_of(record: Any) -> Any:
    """The id of the patient a record is about; the record's own where it is the patient."""
    return getattr(record, "patient_id", None) or getattr(getattr(record, "patient", record), "id", None)


def _wears(actor: Any, role: Role) -> bool:
    return role in getattr(actor, "roles", ())


def _standing(actor: Any) -> Standing:
    found: Standing = getattr(actor, "standing", NOBODY)
    return found


def _wrote(actor: Any, record: Any) -> bool:
    return bool(getattr(record, "author_id", None) == actor.id)
