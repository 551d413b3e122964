"""Who may do what: every permission, for every hat and every relation to the record."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field

import pytest

from intake.security.policy import RULES, Permission, Role, may

P = Permission
ANYBODY_OF_THE_CLINIC = {P.USE_ACCOUNT, P.VERIFY_NOTE}
# What each hat brings by itself, whatever the record.
BY_HAT = {
    Role.THERAPIST: {P.SEE_DAY, P.SEE_PATIENTS, P.SEE_WORKLIST, P.ACT_ON_FLAG},
    Role.FRONT_DESK: {P.SEE_DAY, P.SEE_PATIENTS, P.MANAGE_PATIENTS, P.INVITE},
    Role.ADMIN: {P.MANAGE_CLINIC},
}
# What a therapist may do because of how they stand to the record.
TREATING = {
    P.INVITE, P.READ_CHART, P.READ_NOTE, P.START_NOTE, P.ADD_TO_NOTE, P.READ_PLAN, P.READ_DOCUMENT,
    P.COSIGN_NOTE, P.EXPORT_NOTE,
}  # fmt: skip
AUTHOR = {P.EXPORT_NOTE, P.READ_NOTE, P.WRITE_NOTE, P.SIGN_NOTE, P.ADD_TO_NOTE, P.READ_PLAN, P.WRITE_PLAN, P.ISSUE_PLAN}
RELATIONS = {"stranger": set(), "treating": TREATING, "author": AUTHOR, "treating author": TREATING | AUTHOR}
HATS = [frozenset(hats) for size in range(1, 4) for hats in itertools.combinations(Role, size)]


@dataclass
class Person:
    """Somebody of the clinic."""

    roles: frozenset[str]
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass
class Patient:
    """Whom the record is about."""

    care_team: frozenset[uuid.UUID] = frozenset()


@dataclass
class Record:
    """A note or plan."""

    patient: Patient
    author_id: uuid.UUID | None = None
    visit_id: uuid.UUID | None = None


@dataclass
class Invited:
    """A patient who came in with an invitation."""

    visit_id: uuid.UUID


def record_of(person, relation):
    team = frozenset({person.id}) if "treating" in relation else frozenset({uuid.uuid4()})
    return Record(Patient(team), person.id if "author" in relation else uuid.uuid4())


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("hats", HATS, ids=lambda hats: "+".join(sorted(hats)))
def test_each_hat_and_relation_opens_exactly_its_doors(hats, relation):
    person = Person(hats)
    allowed = set.union(ANYBODY_OF_THE_CLINIC, *(BY_HAT[hat] for hat in hats))
    if Role.THERAPIST in hats:
        allowed |= RELATIONS[relation]
    record = record_of(person, relation)
    assert {permission for permission in Permission if may(person, permission, record)} == allowed


def test_every_permission_has_a_row_and_every_row_a_rule():
    assert set(RULES) == set(Permission)
    assert all(RULES.values())


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_anything(permission):
    assert not may(None, permission, Record(Patient()))
    assert not may(Person(frozenset()), permission, Record(Patient()))


def test_a_patient_may_answer_the_intake_of_her_visit_and_nothing_else():
    visitor = Invited(uuid.uuid4())
    own, other = Record(Patient(), visit_id=visitor.visit_id), Record(Patient(), visit_id=uuid.uuid4())
    assert {permission for permission in Permission if may(visitor, permission, own)} == {P.ANSWER_INTAKE}
    assert not [permission for permission in Permission if may(visitor, permission, other)]


def test_a_record_without_a_visit_is_nobodys_intake():
    assert not may(Person(frozenset({Role.THERAPIST})), P.ANSWER_INTAKE, Record(Patient()))


def test_the_patient_stands_for_the_record_where_the_record_is_the_patient():
    therapist = Person(frozenset({Role.THERAPIST}))
    assert may(therapist, P.READ_CHART, Patient(frozenset({therapist.id})))
    assert not may(therapist, P.READ_CHART, Patient())


def test_who_is_no_therapist_any_more_loses_what_they_wrote():
    former = Person(frozenset({Role.ADMIN}))
    record = record_of(former, "treating author")
    assert not [p for p in TREATING | AUTHOR if may(former, p, record)]
