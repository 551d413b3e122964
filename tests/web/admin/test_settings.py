"""The clinic's settings and places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store import people
from intake.store.audit import AuditEvent

SETTINGS = {
    "name": "Fernbank",
    "phone": "555-0199",
    "address": "1 Example Street",
    "time_zone": "America/Chicago",
    "paper": "a4",
    "invitation_days": "7",
    "retention_years": "12",
    "leave_to": "https://news.example/",
    "emergency": "112",
    "crisis": "988",
    "maternal": "",
    "violence": "555-0177",
    "numbers_checked_on": "2026-09-01",
    "version": "1",
}


LEAD = "/admin/settings/safety-lead"


@pytest.fixture
def admin(clock, client, make, sign_in):
    return sign_in(make.admin())


def test_new_settings_show_wherever_they_are_used(admin, new_client, session):
    assert admin.submit("/admin/settings", SETTINGS).status_code == 303
    session.expire_all()
    clinic = people.clinic(session)
    assert (clinic.phone, clinic.paper, clinic.invitation_days, clinic.maternal) == ("555-0199", "a4", 7, "")
    assert "555-0199" in new_client().get("/f").text
    assert new_client().get("/f/leave").location == "https://news.example/"


def test_settings_that_cannot_work_are_pointed_out(admin, session):
    for wrong in (
        *({"leave_to": "http://news.example/"}, {"leave_to": "javascript:alert(1)"}, {"leave_to": 'https://a"b'}),
        *(
            {"time_zone": "Mars/Olympus"},
            {"time_zone": "../../etc/passwd"},
            {"invitation_days": "0"},
            {"invitation_days": "61"},
            {"retention_years": "5"},
        ),
        *({"emergency": "call"}, {"emergency": ""}, {"numbers_checked_on": ""}, {"paper": "a3"}, {"name": "a\x00b"}),
    ):
        assert admin.submit("/admin/settings", {**SETTINGS, **wrong}).status_code == 422
        session.expire_all()
        assert people.clinic(session).version == 1


def test_settings_changed_meanwhile_are_not_overwritten(admin, session):
    admin.submit("/admin/settings", SETTINGS)
    assert admin.submit("/admin/settings", {**SETTINGS, "phone": "555-0000"}).status_code == 409
    session.expire_all()
    assert people.clinic(session).phone == "555-0199"


def test_a_place_is_added_once(admin, session):
    for status in (303, 422):
        assert (
            admin.submit("/admin/settings/places", {"name": "Main Street"}, at="/admin/settings").status_code == status
        )
    assert [place.name for place in people.locations(session)] == ["Main Street"]


def name(admin, user, version="1"):
    fields = {"lead": str(user.id) if user else "", "version": version}
    return admin.submit(LEAD, fields, at="/admin/settings")


def test_who_looks_after_safety_is_named_by_an_administrator_with_a_line_in_the_trail(admin, make, session):
    lead = make.therapist(name="Sam Invented")
    assert "Sam Invented" in admin.get("/admin/settings").text
    assert name(admin, lead).status_code == 303
    assert people.clinic(session).safety_lead_id == lead.id
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "clinic.safety-lead")).one()
    assert line.subject_id == lead.id
    assert name(admin, None, "2").status_code == 303
    assert people.clinic(session).safety_lead_id is None


def test_nobody_names_themselves_and_only_a_therapist_is_named(client, make, sign_in, session):
    both = make.user("admin", "therapist")
    sign_in(both)
    for other in (both, make.admin(), make.front_desk(), make.privacy_lead(), make.therapist(is_active=False)):
        assert name(client, other).status_code == 422
    assert people.clinic(session).safety_lead_id is None


def test_naming_somebody_asks_for_a_factor_again(admin, make, clock):
    lead = make.therapist()
    clock.shift(timedelta(minutes=6))
    assert name(admin, lead).location.startswith("/step-up")


def test_two_administrators_who_name_somebody_at_once_are_told(admin, make, session):
    assert name(admin, make.therapist()).status_code == 303
    first = people.clinic(session).safety_lead_id
    assert name(admin, make.therapist()).status_code == 409
    assert people.clinic(session).safety_lead_id == first


def test_safety_is_asked_at_home_only_where_somebody_switched_it_on_and_the_page_advises_against(admin, session):
    assert people.clinic(session).ask_at_home is False
    page = admin.get("/admin/settings").text
    assert "Our advice is to leave this off." in page
    assert 'name="ask_at_home" type="checkbox" value="y"' in page
    for typed, is_on in (({"ask_at_home": "y"}, True), ({}, False)):
        session.expire_all()
        sent = admin.submit("/admin/settings", {**SETTINGS, **typed, "version": people.clinic(session).version})
        assert sent.status_code == 303
        session.expire_all()
        assert people.clinic(session).ask_at_home is is_on


def test_who_does_not_manage_the_clinic_switches_nothing_on(client, make, sign_in, session):
    make.clinic()
    for user in (make.therapist(), make.front_desk(), make.privacy_lead(), make.safety_lead()):
        sign_in(user)
        client.get("/account")
        sent = client.post("/admin/settings", data={**SETTINGS, "ask_at_home": "y", "csrf_token": client.token})
        assert sent.status_code == 404
    session.expire_all()
    assert people.clinic(session).ask_at_home is False
