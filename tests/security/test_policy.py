"""Who may do what: every permission, for every hat and every relation to the record."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field

import pytest

from intake.forms.model import Tier
from intake.security import policy
from intake.security.policy import NOBODY, RULES, STATES, Permission, Role, Standing, State, may

P = Permission
# What each hat brings by itself, whatever the record.
BY_HAT = {
    Role.THERAPIST: {P.SEE_DAY, P.SEE_PATIENTS, P.SEE_WORKLIST, P.OPEN_EMERGENCY},
    Role.ASSISTANT: {P.SEE_DAY, P.SEE_PATIENTS},
    Role.FRONT_DESK: {P.SEE_DAY, P.SEE_PATIENTS, P.SEE_PATIENT, P.MANAGE_PATIENTS, P.MANAGE_TEAM, P.INVITE},
    Role.ADMIN: {P.SEE_PATIENTS, P.SEE_PATIENT, P.MANAGE_TEAM, P.MANAGE_CLINIC, P.READ_TIMES},
    Role.PRIVACY_LEAD: {P.REVIEW_EMERGENCY, P.READ_AUDIT, P.EXPORT_AUDIT, P.READ_TIMES},
}
READING = {P.SEE_PATIENT, P.READ_CHART, P.SEARCH_CHART, P.READ_NOTE, P.READ_PLAN, P.READ_DOCUMENT}
WRITING = {P.READ_NOTE, P.WRITE_NOTE, P.SIGN_NOTE, P.ADD_TO_NOTE}
# What each hat may do because of how its wearer stands to the record.
BY_STANDING = {
    ("treats", Role.THERAPIST): READING
    | {
        P.INVITE,
        P.ASK_FORM,
        P.ENTER_PAPER,
        P.TAKE_OUT_PAPER,
        P.START_NOTE,
        P.COSIGN_NOTE,
        P.ADD_TO_NOTE,
        P.ANSWER_REQUEST,
        P.EXPORT_NOTE,
        P.BILL_NOTE,
        P.FOLLOW_PLAN,
        P.ACT_ON_FLAG,
    }
    | {P.HAND_OVER, P.READ_SAFETY, P.RECORD_SAFETY}
    | {P.REVIEW_INTAKE, P.ASK_AGAIN, P.PRINT_INTAKE, P.PRINT_CHART, P.PRINT_SENSITIVE},
    ("leads", Role.THERAPIST): {P.SEEK_SAFETY, P.READ_SAFETY, P.RECORD_SAFETY},
    ("assists", Role.ASSISTANT): READING | {P.START_NOTE, P.PRINT_INTAKE, P.PRINT_CHART, P.ENTER_PAPER},
    ("opened", Role.THERAPIST): READING,
    ("wrote", Role.THERAPIST): WRITING,
    ("treats wrote", Role.THERAPIST): {P.START_PLAN, P.WRITE_PLAN, P.ISSUE_PLAN},
    ("assists wrote", Role.ASSISTANT): READING
    | {P.START_NOTE, P.PRINT_INTAKE, P.PRINT_CHART, P.ENTER_PAPER, P.WRITE_NOTE, P.SIGN_NOTE, P.ADD_TO_NOTE},
    ("treats cosigned", Role.THERAPIST): {P.START_PLAN},
}
RELATIONS = (
    *("", "leads", "treats", "assists", "opened", "wrote", "cosigned"),
    *("treats wrote", "treats cosigned", "assists wrote"),
)
HATS = [frozenset(hats) for size in range(1, 6) for hats in itertools.combinations(Role, size)]


@dataclass
class Person:
    """Somebody of the clinic."""

    roles: frozenset[str]
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    standing: Standing = NOBODY


@dataclass
class Patient:
    """Whom the record is about."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass
class Record:
    """A note or plan."""

    patient: Patient
    author_id: uuid.UUID | None = None
    visit_id: uuid.UUID | None = None
    cosigners: frozenset[uuid.UUID] = frozenset()


@dataclass
class Invited:
    """A patient who came in with an invitation."""

    visit_id: uuid.UUID


@dataclass
class Handed:
    """A patient who was handed a device."""

    response_id: uuid.UUID | None


@dataclass
class Form:
    """What she answers there."""

    id: uuid.UUID | None = field(default_factory=uuid.uuid4)


@dataclass
class Note(Record):
    is_signed: bool = False


@dataclass
class Document:
    patient: Patient
    tier: str


@dataclass
class Sign:
    patient: Patient
    because_tier: str
    closed_at: object = None
    owner_id: uuid.UUID | None = None


def standing_of(patient, relation, *, everything=False):
    mine = frozenset({patient.id})
    return Standing(
        treats=mine if "treats" in relation else frozenset(),
        assists=mine if "assists" in relation else frozenset(),
        emergency={patient.id: everything} if "opened" in relation else {},
        leads_safety="leads" in relation,
    )


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("hats", HATS, ids=lambda hats: "+".join(sorted(hats)))
def test_each_hat_and_relation_opens_exactly_its_doors(hats, relation):
    patient = Patient()
    person = Person(hats, standing=standing_of(patient, relation))
    allowed = {P.USE_ACCOUNT, P.VERIFY_NOTE}.union(*(BY_HAT[hat] for hat in hats))
    for (needed, hat), opens in BY_STANDING.items():
        if hat in hats and set(needed.split()) <= set(relation.split()):
            allowed |= opens
    if "treats" in relation and {Role.THERAPIST, Role.ADMIN} <= hats:
        allowed |= {P.HAND_OVER_FLAG}
    beside = frozenset({person.id} if "cosigned" in relation else ())
    record = Record(patient, person.id if "wrote" in relation else uuid.uuid4(), cosigners=beside)
    assert {permission for permission in Permission if may(person, permission, record)} == allowed


@pytest.mark.parametrize("tier", ["care", "safety"])
def test_a_warning_sign_is_handed_over_by_its_owner_or_an_administrator_on_the_team(tier):
    patient = Patient()
    mine = standing_of(patient, "treats")
    owner, on_team, elsewhere = (Person(frozenset({Role.THERAPIST})) for _each in range(3))
    lead = Person(frozenset({Role.THERAPIST, Role.ADMIN}), standing=mine)
    admin = Person(frozenset({Role.ADMIN}), standing=mine)
    on_team.standing = mine
    sign = Sign(patient, tier, owner_id=owner.id)
    found = [may(each, P.HAND_OVER_FLAG, sign) for each in (owner, lead, on_team, elsewhere, admin)]
    assert found == [tier != "safety", True, False, False, False]
    owner.standing = mine
    assert may(owner, P.HAND_OVER_FLAG, sign)


@pytest.mark.parametrize("hats", HATS, ids=lambda hats: "+".join(sorted(hats)))
def test_somebody_else_s_patient_opens_no_door_of_a_relation(hats):
    person = Person(hats, standing=standing_of(Patient(), "treats assists opened"))
    allowed = {P.USE_ACCOUNT, P.VERIFY_NOTE}.union(*(BY_HAT[hat] for hat in hats))
    assert {each for each in Permission if may(person, each, Record(Patient(), uuid.uuid4()))} == allowed


def test_every_permission_has_a_row_and_every_row_a_rule_with_its_label():
    assert set(RULES) == set(Permission)
    assert all(RULES.values())
    assert all(rule.__doc__ for rules in RULES.values() for rule in rules)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_anything(permission):
    assert not may(None, permission, Record(Patient()))
    assert not may(Person(frozenset()), permission, Record(Patient()))


def test_a_patient_may_answer_the_intake_of_her_visit_and_nothing_else():
    visitor = Invited(uuid.uuid4())
    own, other = Record(Patient(), visit_id=visitor.visit_id), Record(Patient(), visit_id=uuid.uuid4())
    assert {permission for permission in Permission if may(visitor, permission, own)} == {P.ANSWER_INTAKE}
    assert not [permission for permission in Permission if may(visitor, permission, other)]


def test_whoever_was_handed_a_device_may_answer_that_form_and_nothing_else():
    own, other = Form(), Form()
    handed = Handed(own.id)
    assert {permission for permission in Permission if may(handed, permission, own)} == {P.ANSWER_ALONE}
    assert not [permission for permission in Permission if may(handed, permission, other)]
    assert not [permission for permission in Permission if may(Handed(None), permission, Form(id=None))]


def test_what_was_answered_alone_is_not_for_an_emergency_nor_for_any_other_hat():
    patient = Patient()
    opened = standing_of(patient, "opened assists", everything=True)
    for hat in Role:
        assert not may(Person(frozenset({hat}), standing=opened), P.READ_SAFETY, patient)
    no_therapist = frozenset(Role) - {Role.THERAPIST}
    assert not may(Person(no_therapist, standing=standing_of(patient, "leads")), P.READ_SAFETY, patient)


def test_who_looks_after_safety_sees_nothing_more_of_a_chart():
    patient = Patient()
    lead = Person(frozenset({Role.THERAPIST}), standing=standing_of(patient, "leads opened"))
    assert policy.chart_ceiling(lead, patient) == "care"


def test_a_record_without_a_visit_is_nobodys_intake():
    assert not may(Person(frozenset({Role.THERAPIST})), P.ANSWER_INTAKE, Record(Patient()))


def test_the_patient_stands_for_the_record_where_the_record_is_the_patient():
    patient = Patient()
    therapist = Person(frozenset({Role.THERAPIST}), standing=standing_of(patient, "treats"))
    assert may(therapist, P.READ_CHART, patient)
    assert not may(therapist, P.READ_CHART, Patient())


def test_who_is_no_therapist_any_more_loses_what_they_wrote():
    patient = Patient()
    former = Person(frozenset({Role.PRIVACY_LEAD}), standing=standing_of(patient, "treats"))
    record = Record(patient, former.id)
    assert not [p for p in READING | WRITING if may(former, p, record)]


@pytest.mark.parametrize(
    ("hat", "relation", "everything", "highest"),
    [
        (Role.THERAPIST, "treats", False, "safety"), (Role.THERAPIST, "opened", False, "care"),
        (Role.THERAPIST, "opened", True, "sensitive"), (Role.ASSISTANT, "assists", False, "care"),
        (Role.FRONT_DESK, "", False, "desk"), (Role.ADMIN, "", False, "desk"), (Role.THERAPIST, "", False, ""),
        (Role.ASSISTANT, "", False, ""), (Role.PRIVACY_LEAD, "treats", False, ""),
    ],
)  # fmt: skip
def test_each_relation_sees_the_tiers_up_to_its_ceiling(hat, relation, everything, highest):
    patient = Patient()
    person = Person(frozenset({hat}), standing=standing_of(patient, relation, everything=everything))
    assert policy.ceiling(person, patient) == highest


def test_what_somebody_wrote_opens_nothing_of_the_chart_beside_it():
    patient = Patient()
    left = Person(frozenset({Role.THERAPIST}))
    assert policy.ceiling(left, Record(patient, left.id)) == "safety"
    assert policy.chart_ceiling(left, patient) == ""
    assert policy.chart_ceiling(Person(frozenset({Role.FRONT_DESK, Role.THERAPIST}), left.id), patient) == ""
    left.standing = standing_of(patient, "opened")
    assert policy.chart_ceiling(left, patient) == "care"
    left.standing = standing_of(patient, "treats")
    assert policy.chart_ceiling(left, patient) == "safety"


@pytest.mark.parametrize("tier", policy.TIERS)
@pytest.mark.parametrize(("relation", "hat", "most"), [("treats", Role.THERAPIST, 3), ("assists", Role.ASSISTANT, 1)])
def test_a_document_reaches_only_whom_its_tier_may_reach(tier, relation, hat, most):
    patient = Patient()
    person = Person(frozenset({hat}), standing=standing_of(patient, relation))
    assert may(person, P.READ_DOCUMENT, Document(patient, tier)) == (policy.TIERS.index(tier) <= most)


def test_a_sign_of_violence_is_for_the_team_alone_and_every_other_one_for_any_therapist():
    patient = Patient()
    here = Person(frozenset({Role.THERAPIST}), standing=standing_of(patient, "treats"))
    away = Person(frozenset({Role.THERAPIST}))
    for tier in policy.TIERS:
        assert may(here, P.ACT_ON_FLAG, Sign(patient, tier))
        assert may(away, P.ACT_ON_FLAG, Sign(patient, tier)) == (tier != "safety")


@pytest.mark.parametrize("permission", Permission)
def test_what_is_final_can_only_be_read(permission):
    draft, signed = Note(Patient()), Note(Patient(), is_signed=True)
    states = STATES.get(permission, frozenset(State))
    assert policy.is_timely(permission, draft) == (State.DRAFT in states)
    assert policy.is_timely(permission, signed) == (State.SIGNED in states)
    assert policy.is_timely(permission, Patient())


def test_the_tiers_are_those_of_the_forms():
    assert tuple(Tier) == policy.TIERS
    assert policy.tiers_up_to("care") == ("desk", "care")
    assert policy.tiers_up_to("") == ()


def test_a_rule_too_many_would_be_noticed(monkeypatch):
    """The planted fault: the front desk may read charts."""
    monkeypatch.setitem(RULES, P.READ_CHART, (*RULES[P.READ_CHART], policy.is_front_desk))
    with pytest.raises(AssertionError):
        test_each_hat_and_relation_opens_exactly_its_doors(frozenset({Role.FRONT_DESK}), "")
