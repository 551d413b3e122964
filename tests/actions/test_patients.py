"""What the front desk does about people and visits."""

from __future__ import annotations

from datetime import date

import pytest

from intake.actions import patients
from intake.actions.refusals import StaleError
from intake.clinical import invitations
from intake.store import audit, visits
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
    team = stored.get(session, visit.patient_id).care_team
    assert visit.therapist_id in team
    assert other.id not in team


def test_a_visit_that_is_called_off_takes_its_invitations_with_it(session, make):
    invitation = make.invitation()
    patients.cancel(session, invitation.visit, by=make.front_desk(), now=make.now)
    session.expire_all()
    visit = visits.get(session, invitation.visit_id)
    assert visit.cancelled_at is not None
    assert invitations.state(visit.invitations, None, now=make.now) is invitations.State.REVOKED
