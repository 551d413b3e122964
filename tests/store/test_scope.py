"""The policy in SQL says what the policy in Python says: of every record, for everybody, with every permission."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import False_, false, select, true

from intake.actions import emergencies as acts
from intake.forms import reader
from intake.security import policy
from intake.security.policy import RULES, Permission, Role, may
from intake.store import scope
from intake.store.careteam import Membership
from intake.store.emergencies import BreakGlass
from intake.store.flags import Flag
from intake.store.handovers import Handover
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.plans import Document, Plan
from intake.store.responses import Response
from intake.store.scope import CLAUSES, Scope
from intake.store.visits import Invitation, Visit
from tests.builders import NOTE, filled

MODELS = (Patient, Visit, Invitation, Response, Flag, Note, Plan, Document, Membership, BreakGlass, Handover)
PRIVATE = {"cp_private_topics": {"value": ["dilators"]}, "cp_private_wanted": {"value": "yes"}}


@pytest.fixture
def clinic(session, make, clock):
    """Two patients with everything, and somebody in every relation to the first."""
    for number in range(2):
        intake = make.intake(submitted=True)
        note = make.note(intake.visit, signed=True)
        plan = make.plan(note, answers=PRIVATE)
        make.handover(intake.visit)
        make.answer(plan.response, {"cp_findings": {"value": "Well."}})
        session.add_all(flag(intake, reasons) for reasons in (["rf_bleed"], ["rf_harm_self"], []))
        if number == 0:
            first = intake.patient
    make.plan(note, issued=True)
    former, assistant = make.therapist(), make.member(first)
    make.note(note.visit, make.member(note.patient, make.assistant(roles=["assistant", "therapist"])))
    make.note(make.visit(first), assistant)
    hers = make.note(make.visit(first), assistant, answers=filled(reader.latest("daily-note"), NOTE))
    make.sign(hers)
    make.cosign(hers)
    expired, ended, cautious, curious = (make.therapist() for _each in range(4))
    make.emergency(first, expired)
    make.visit(first, former)
    clock.shift(timedelta(minutes=61))
    acts.end(session, make.emergency(first, ended), by=ended, now=make.now)
    make.emergency(first, cautious)
    make.emergency(first, curious, sensitive=True)
    make.user("therapist", "assistant", "front-desk", "admin", "privacy-lead")
    make.safety_lead()
    make.user()
    return first


def flag(intake, reasons):
    made = Flag(patient_id=intake.patient_id, response_id=intake.id, rule=f"X{len(reasons)}{''.join(reasons)[-4:]}")
    made.severity, made.opened_at, made.because = "DISCUSS", intake.started_at, reasons
    return made


def comparisons(session, now):
    """For everybody, with every permission, of every table: (who, permission, table, how many, whether both agree)."""
    records = {model: session.scalars(select(model)).all() for model in MODELS}
    for user in session.scalars(select(User)).all():
        user.standing = scope.standing(session, user.id, now)
        for permission in set(Permission) - {Permission.ANSWER_INTAKE}:
            for model, every in records.items():
                clause = Scope(user, permission, now)(model)
                found = () if isinstance(clause, False_) else session.scalars(select(model.id).where(clause))
                allowed = {record.id for record in every if may(user, permission, record)}
                yield user.roles, str(permission), model.__name__, len(every), set(found) == allowed


def is_noticed(session, now):
    return not all(agree for *_what, agree in comparisons(session, now))


def test_both_sides_agree_about_every_record(session, make, clinic):
    found = list(comparisons(session, make.now))
    assert [comparison for comparison in found if not comparison[-1]] == []
    assert sum(many for *_what, many, _agree in found) > 10_000


@pytest.mark.dear
def test_a_clause_that_is_too_wide_would_be_noticed(session, make, clinic, monkeypatch):
    monkeypatch.setitem(CLAUSES, policy.is_treating, lambda _scope, _model: true())
    assert is_noticed(session, make.now)


@pytest.mark.dear
def test_a_clause_that_is_too_narrow_would_be_noticed(session, make, clinic, monkeypatch):
    monkeypatch.setitem(CLAUSES, policy.is_in_emergency, lambda _scope, _model: false())
    assert is_noticed(session, make.now)


def test_every_rule_has_its_clause():
    assert set(CLAUSES) == {*(rule for rules in RULES.values() for rule in rules), *policy.CEILINGS}


def test_standing_ends_with_the_team_and_with_the_hour(session, make):
    visit, opened = make.visit(), make.emergency(make.patient(), sensitive=True)
    assert scope.standing(session, visit.therapist_id, make.now).treats == {visit.patient_id}
    assert scope.standing(session, opened.user_id, make.now).emergency == {opened.patient_id: True}
    later = make.now + timedelta(days=400)
    assert scope.standing(session, visit.therapist_id, later) == policy.NOBODY
    assert scope.standing(session, opened.user_id, later) == policy.NOBODY


def test_whose_record_an_id_stands_for_is_known_without_fetching_it(session, make):
    invitation = make.invitation()
    patient_id = invitation.visit.patient_id
    for model, record_id in ((Invitation, invitation.id), (Visit, invitation.visit_id), (Patient, patient_id)):
        assert scope.patient_behind(session, model, record_id) == patient_id
    assert scope.patient_behind(session, Role, patient_id) is None
