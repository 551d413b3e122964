"""The day's visits, and the invitations to prepare for them."""

from __future__ import annotations

from datetime import timedelta

from intake.actions import invitations, patients
from intake.security import tokens
from intake.store import visits
from tests.builders import SECRET


def test_the_visits_of_a_day_are_in_order_and_without_those_called_off(session, make, clock):
    midnight = make.now.replace(hour=0)
    at = {hour: make.visit(starts_at=midnight + timedelta(hours=hour)) for hour in (15, 9, 23, 11)}
    make.visit(starts_at=midnight + timedelta(hours=24))
    patients.cancel(session, at[11], by=at[11].therapist, now=make.now)
    found = visits.between(session, midnight, midnight + timedelta(days=1))
    assert [visit.id for visit in found] == [at[hour].id for hour in (9, 15, 23)]
    own = visits.between(session, midnight, midnight + timedelta(days=1), at[9].therapist)
    assert [visit.id for visit in own] == [at[9].id]


def test_a_visit_comes_with_its_people_and_invitations(session, make):
    visit_id = make.invitation().visit_id
    session.expunge_all()
    visit = visits.get(session, visit_id)
    session.expunge_all()
    assert len(visit.invitations) == 1
    assert visit.patient.visits
    assert visit.location.name


def test_an_invitation_is_found_by_the_hash_of_its_code_only(session, make):
    invitation = make.invitation()
    code = make.codes[invitation.id]
    typed = tokens.settled_code(code.lower().replace("-", " "))
    assert visits.by_code(session, tokens.keyed_hash(SECRET, invitations.ACCESS_CODE, typed)) is invitation
    assert visits.by_code(session, code) is None
    assert visits.invitation(session, invitation.id) is invitation
