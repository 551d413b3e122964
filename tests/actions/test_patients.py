"""What the front desk does about people and visits."""

from __future__ import annotations

from datetime import date

import pytest

from intake.actions import careteams, patients
from intake.actions.refusals import StaleError
from intake.clinical import invitations
from intake.security.policy import Role
from intake.store import audit, careteam, visits
from intake.store import patients as stored


def test_a_new_patient_is_kept_with_how_safe_each_contact_is(session, make):
    contacts = [
        {"method": "mobile", "value": "555-0123", "safe": "safe"},
        {"method": "email", "value": "r@example.org", "safe": "not-safe"},
    ]
    patient = patients.create(
        session,
        legal_name="Rowan Invented",
        name_used="Ro",
        birth_date=date(1993, 4, 27),
        contacts=contacts,
        by=make.front_desk(),
        now=make.now,
    )
    session.expire_all()
    kept = stored.get(session, patient.id)
    assert (kept.name, kept.contacts) == ("Ro", contacts)
    assert [line.action for line in audit.of_patient(session, patient.id)] == ["patient.created"]


def test_details_changed_meanwhile_are_not_overwritten(session, make):
    patient, desk = make.patient(), make.front_desk()
    patients.change(session, patient, {"name_used": "First"}, over=1, by=desk, now=make.now)
    with pytest.raises(StaleError):
        patients.change(session, patient, {"name_used": "Second"}, over=1, by=desk, now=make.now)
    session.expire_all()
    assert stored.get(session, patient.id).name_used == "First"


def test_a_visit_puts_its_therapist_on_the_care_team_and_nobody_else(session, make):
    visit, other = make.visit(), make.therapist()
    session.expire_all()
    (member,) = careteam.members(session, visit.patient_id, make.now)
    assert (member.user_id, member.role, member.reason) == (visit.therapist_id, "therapist", "visit")
    assert member.user_id != other.id


def test_a_visit_that_is_called_off_ends_the_membership_unless_another_visit_or_a_colleague_holds_it(session, make):
    first = make.visit()
    second = make.visit(first.patient, first.therapist)
    patients.cancel(session, first, by=make.front_desk(), now=make.now)
    assert len(careteam.members(session, first.patient_id, make.now)) == 1
    patients.cancel(session, second, by=make.front_desk(), now=make.now)
    assert careteam.members(session, first.patient_id, make.now) == []
    by_hand, helper = make.visit(), make.therapist()
    careteams.add(session, by_hand.patient, helper, Role.THERAPIST, by=make.front_desk(), now=make.now)
    patients.cancel(session, make.visit(by_hand.patient, helper), by=make.front_desk(), now=make.now)
    assert {m.user_id for m in careteam.members(session, by_hand.patient_id, make.now)} == {
        helper.id, by_hand.therapist_id,
    }  # fmt: skip


def test_a_visit_that_is_called_off_takes_its_invitations_with_it(session, make):
    invitation = make.invitation()
    patients.cancel(session, invitation.visit, by=make.front_desk(), now=make.now)
    session.expire_all()
    visit = visits.get(session, invitation.visit_id)
    assert visit.cancelled_at is not None
    assert invitations.state(visit.invitations, None, now=make.now) is invitations.State.REVOKED
