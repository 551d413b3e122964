"""What the front desk does about people and visits."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.actions import careteams, patients
from intake.actions.refusals import NotReadyError, StaleError
from intake.clinical import invitations
from intake.security.policy import Role
from intake.store import audit, careteam, people, visits
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


TICKED = {"id_contact_methods": {"value": ["mobile", "email"]}}


@pytest.mark.parametrize(
    ("word", "flag", "may"),
    [
        ("not-safe", "safe", False), ("not-safe", "appointments-only", False), ("not-safe", "not-safe", True),
        ("appointments-only", "safe", False), ("appointments-only", "appointments-only", True),
        ("safe", "safe", True), ("safe", "not-safe", True), (None, "safe", True),
    ],
)  # fmt: skip
def test_the_desk_makes_no_way_to_reach_her_freer_than_she_said(session, make, word, flag, may):
    """Also where there was no address yet when she said it."""
    intake = make.intake(answers=TICKED | {"id_safe_to_contact": {"value": {"email": word}}} if word else {})
    patient = intake.patient
    details = {"contacts": [{"method": "email", "value": "her@fernleaf.example", "safe": flag}]}
    by = make.front_desk()
    if may:
        patients.change(session, patient, details, over=patient.version, by=by, now=make.now)
        assert [{**each, "saved": 1} for each in details["contacts"]] == patient.contacts
    else:
        with pytest.raises(NotReadyError, match="In their form the patient said"):
            patients.change(session, patient, details, over=patient.version, by=by, now=make.now)


def test_a_way_she_did_not_tick_is_not_made_free_either(session, make):
    patient = make.intake(answers={"id_contact_methods": {"value": ["mobile"]}}).patient
    details = {"contacts": [{"method": "email", "value": "her@fernleaf.example", "safe": "safe"}]}
    with pytest.raises(NotReadyError):
        patients.change(session, patient, details, over=patient.version, by=make.front_desk(), now=make.now)


FREE = {"contacts": [{"method": "email", "value": "her@fernleaf.example", "safe": "safe"}]}


def reach(email):
    return TICKED | {"id_safe_to_contact": {"value": {"mobile": "safe", "email": email}}}


def may_free(session, make, patient):
    try:
        patients.change(session, patient, FREE, over=patient.version, by=make.front_desk(), now=make.now)
    except NotReadyError:
        return False
    return True


@pytest.mark.parametrize(
    ("days", "online", "paper", "may"),
    [
        (14, "not-safe", "safe", False), (14, "safe", "not-safe", True),  # an older paper, typed in later
        (0, "not-safe", "safe", False), (0, "safe", "not-safe", False),  # of one day: which was last is not known
        (-1, "safe", "not-safe", False), (-1, "not-safe", "safe", True),  # filled in the day after
    ],
)  # fmt: skip
def test_her_newest_word_is_the_one_she_said_last_not_the_one_typed_in_last(
    session, make, clock, days, online, paper, may
):
    intake = make.intake(answers=reach(online))
    day = make.now.astimezone(ZoneInfo(make.clinic().time_zone)).date() - timedelta(days=days)
    clock.shift(timedelta(days=2))
    make.transcript(make.visit(intake.patient), filled_on=day, answers=reach(paper), finished=True)
    assert may_free(session, make, intake.patient) is may


def test_a_list_of_ways_she_has_only_begun_to_fill_in_again_frees_none_of_the_others(session, make, clock):
    """So does one she would rather not fill in again."""
    intake = make.intake(answers=reach("not-safe"), submitted=True)
    clock.shift(timedelta(days=1))
    half = {"id_safe_to_contact": {"value": {"mobile": "safe"}}}
    again = make.intake(make.visit(intake.patient), TICKED | half)
    assert not may_free(session, make, intake.patient)
    make.answer(again, {"id_safe_to_contact": {"status": "declined"}})
    assert not may_free(session, make, intake.patient)
    make.answer(again, reach("safe"))
    assert may_free(session, make, intake.patient)


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


def schedule(session, make, patient, therapist, by, place=None):
    return patients.schedule(
        session, patient, therapist=therapist, location=place or make.location(), kind="follow-up",
        starts_at=make.now, by=by, now=make.now,
    )  # fmt: skip


def team(session, make, patient):
    return {member.user_id for member in careteam.members(session, patient.id, make.now)}


def test_a_visit_with_oneself_opens_no_chart_of_somebody_else_s_patient(session, make):
    visit, both = make.visit(), make.user("therapist", "front-desk", "admin")
    mine = schedule(session, make, visit.patient, both, by=both)
    assert (mine.therapist_id, team(session, make, visit.patient)) == (both.id, {visit.therapist_id})
    schedule(session, make, visit.patient, both, by=make.front_desk())
    assert team(session, make, visit.patient) == {visit.therapist_id, both.id}


def test_who_was_taken_off_a_team_does_not_come_back_by_a_visit_with_themselves(session, make, clock):
    visit, both = make.visit(), make.user("therapist", "front-desk")
    schedule(session, make, visit.patient, both, by=make.front_desk())
    clock.shift(timedelta(days=200))
    assert team(session, make, visit.patient) == set(), "everybody's time is over"
    schedule(session, make, visit.patient, both, by=both)
    assert team(session, make, visit.patient) == set(), "nobody's time begins again with it"


def test_a_first_visit_makes_the_team_whoever_plans_it(session, make):
    patient, both = make.patient(), make.user("therapist", "front-desk")
    make.therapist()
    schedule(session, make, patient, both, by=both)
    assert team(session, make, patient) == {both.id}


def test_who_works_alone_needs_nobody_s_help(session, make, clock):
    alone, patient, place = make.user("admin", "therapist", "front-desk"), make.patient(), make.location()
    for other in people.staff(session):
        if other.id != alone.id:
            other.password_hash = None  # never came in
    session.commit()
    for year in range(2):
        schedule(session, make, patient, alone, by=alone, place=place)
        assert team(session, make, patient) == {alone.id}
        assert audit.has(session, "alert.opened-alone") is bool(year), "a new patient's chart holds nothing yet"
        clock.shift(timedelta(days=200))
        assert team(session, make, patient) == set()
    make.front_desk()
    schedule(session, make, patient, alone, by=alone, place=place)
    assert team(session, make, patient) == set(), "there is somebody to ask now"


def test_who_switches_everybody_else_off_is_not_alone(session, make):
    visit, both, place = make.visit(), make.user("therapist", "front-desk", "admin"), make.location()
    for other in people.staff(session):
        other.is_active = other.id == both.id
    session.commit()
    schedule(session, make, visit.patient, both, by=both, place=place)
    assert team(session, make, visit.patient) == {visit.therapist_id}


def test_somebody_who_came_in_once_counts_without_a_password_too(session, make):
    visit, both, place = make.visit(), make.user("therapist", "front-desk", "admin"), make.location()
    make.login(visit.therapist)
    for other in people.staff(session):
        if other.id != both.id:
            other.password_hash, other.is_active = None, False
    session.commit()
    schedule(session, make, visit.patient, both, by=both, place=place)
    assert team(session, make, visit.patient) == {visit.therapist_id}
