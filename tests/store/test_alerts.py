"""Whom a warning sign is told to, as the clinic stands at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from intake.clinical.triage.safety import SAFETY_RULES
from intake.forms.model import Tier
from intake.store import alerts, flags, outbox, people
from intake.store.careteam import Membership
from intake.store.outbox import Outgoing
from intake.store.people import User


@pytest.fixture
def clinic(make):
    return make.clinic()


def told(session, flag, clinic, make, count=6):
    found = []
    for number in range(count):
        last = found[-1].id if found else None
        found.append(alerts.next_person(session, flag, clinic, number, last, make.now))
    return [person and person.name for person in found]


def on_call(session, clinic, *people):
    clinic.on_call = [str(each.id) for each in people]
    session.commit()


def test_the_therapist_of_the_visit_comes_first_then_the_clinic_s_list_and_administrators_at_the_end(
    session, make, clinic
):
    flag = make.flag(make.intake(make.visit(therapist=make.therapist(name="Own"))))
    on_call(session, clinic, make.therapist(name="Second"), make.therapist(name="Third"))
    for admin in (found for found in session.scalars(select(User)) if "admin" in found.roles):
        admin.name = "Admin"
    session.commit()
    assert told(session, flag, clinic, make, 7) == ["Own", "Second", "Third", "Own", "Second", "Third", "Admin"]


def test_nobody_is_told_who_could_not_open_it(session, make, clinic):
    flag = make.flag(make.intake(make.visit(therapist=make.therapist(name="Own"))))
    left = make.therapist(is_active=False)
    on_call(session, clinic, left, make.front_desk(), make.therapist(name="Second"))
    assert told(session, flag, clinic, make, 2) == ["Own", "Second"]


def test_where_the_owner_has_left_the_next_one_is_told_at_once(session, make, clinic):
    owner = make.therapist()
    flag = make.flag(make.intake(make.visit(therapist=owner)))
    owner.is_active = False
    on_call(session, clinic, make.therapist(name="Second"))
    assert told(session, flag, clinic, make, 1) == ["Second"]


def test_whoever_was_told_first_in_the_owner_s_place_is_not_told_twice_and_finds_it_among_their_own(
    session, make, clinic
):
    owner, second, third = make.therapist(), make.therapist(name="Second"), make.therapist(name="Third")
    flag = make.flag(make.intake(make.visit(therapist=owner)), severity="EMERGENCY")
    owner.is_active = False
    on_call(session, clinic, second, third)
    seen = flag.version
    alerts.first(session, flag, clinic, make.now)
    session.commit()
    assert [each.id for each in flags.waiting_for(session, second.id)] == [flag.id]
    assert alerts.another(session, flag, clinic, make.now + timedelta(minutes=15)).name == "Third"
    session.commit()
    assert flag.version == seen, "whoever has the entry open can still write what came of it"


def test_of_a_sign_of_violence_only_the_care_team_is_told(session, make, clinic, monkeypatch):
    """No question of this form speaks of violence: the answers are said to, as in the tests of who may see what."""
    monkeypatch.setattr(alerts.Flag, "because_tier", Tier.SAFETY)
    flag = make.flag(make.intake(make.visit(therapist=make.therapist(name="Own"))))
    on_call(session, clinic, make.therapist(name="Elsewhere"))
    assert set(told(session, flag, clinic, make)) == {"Own"}


def test_somebody_whose_rows_were_tampered_with_is_passed_over_and_the_others_are_told(session, make, clinic):
    """A row that does not hold must stop no reminder, and no answer of a patient."""
    flag = make.flag(make.intake(make.visit(therapist=make.therapist(name="Own"))), severity="EMERGENCY")
    forged = make.therapist(name="Forged")
    on_call(session, clinic, forged, make.therapist(name="Third"))
    session.execute(update(Membership).values(reason="planted"))
    session.execute(update(User).where(User.id == forged.id).values(name="Somebody else"))
    session.commit()
    session.expunge_all()
    flag, clinic = flags.get(session, flag.id), people.clinic(session)
    assert alerts.next_person(session, flag, clinic, 0, None, make.now).name == "Third"
    alerts.first(session, flag, clinic, make.now)
    assert outbox.waiting(session) == 1


@pytest.mark.parametrize("rule", [rule.id for rule in SAFETY_RULES])
def test_what_is_about_safety_at_home_is_never_due(session, make, clinic, rule):
    flag = make.flag(rule=rule, severity="EMERGENCY")
    assert alerts.due(flag, clinic) is None
    alerts.first(session, flag, clinic, make.now)
    assert outbox.waiting(session) == 0


@pytest.mark.parametrize(("severity", "mails"), [("EMERGENCY", 1), ("SAME_DAY", 1), ("DISCUSS", 0)])
def test_what_is_only_to_discuss_is_listed_and_mailed_to_nobody(session, make, clinic, severity, mails):
    flag = make.flag(severity=severity)
    alerts.first(session, flag, clinic, make.now)
    session.commit()
    assert [row.user_id for row in session.scalars(select(Outgoing))] == [flag.owner_id] * mails


def test_where_the_clinic_wants_no_mail_the_next_one_is_counted_and_not_mailed(session, make, clinic):
    clinic.staff_mail = False
    flag = make.flag(severity="EMERGENCY")
    assert alerts.another(session, flag, clinic, make.now + timedelta(minutes=15)) is not None
    session.commit()
    session.refresh(flag, ["alerts"])
    assert (flag.alerts, outbox.waiting(session)) == (1, 0)
