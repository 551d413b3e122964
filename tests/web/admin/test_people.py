"""The people who sign in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.store import people
from tests.builders import PASSWORD

NEW = {"name": "Tess Invented", "email": "Tess@Example.org", "credentials": "PT, DPT", "roles": "therapist"}


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


def test_a_new_colleague_gets_a_link_that_is_shown_once_and_lets_them_in(admin, new_client):
    added = admin.submit("/admin/people", NEW)
    assert added.status_code == 201
    link = re.search(r"http://127\.0\.0\.1:8000(/password#[\w-]+)", added.text)[1]
    assert link not in admin.get("/admin/people").text
    browser = new_client()
    browser.submit(link, {"password": PASSWORD})
    browser.submit("/sign-in", {"email": "tess@example.org", "password": PASSWORD})
    assert browser.get("/clinic").location.startswith("/account/start")


def test_somebody_who_could_not_sign_in_is_not_added(admin, session):
    for wrong in (
        {"email": "tess"},
        {"roles": ""},
        {"roles": "owner"},
        {"name": ""},
        {"name": "a\u202eb"},
        {"email": "x" * 250 + "@example.org"},
    ):
        page = admin.submit("/admin/people", {**NEW, **wrong})
        assert page.status_code == 422
        assert people.user_by_email(session, "tess@example.org") is None


def test_an_address_that_is_taken_is_pointed_out(admin, make, session):
    make.therapist(email="tess@example.org")
    page = admin.submit("/admin/people", NEW)
    assert page.status_code == 422
    assert "here already" in page.text
    assert len(people.therapists(session)) == 1


def test_nobody_switches_off_themselves(admin, session):
    me = next(user for user in people.staff(session) if user.roles == ["admin"])
    refused = admin.submit(f"/admin/people/{me.id}/off", at="/admin/people")
    assert refused.status_code == 409
    session.expire_all()
    assert people.user(session, me.id).is_active


def test_a_fresh_link_for_a_forgotten_password(admin, make, new_client):
    user = make.therapist()
    page = admin.submit(f"/admin/people/{user.id}/password", at="/admin/people")
    assert page.status_code == 201
    link = re.search(r"http://127\.0\.0\.1:8000(/password#[\w-]+)", page.text)[1]
    assert new_client().submit(link, {"password": "nine purple lanterns"}).status_code == 303


def test_new_roles_count_from_the_next_request_on(admin, make, new_client, sign_in):
    user = make.therapist()
    theirs = sign_in(user, new_client())
    assert theirs.get("/clinic/worklist").status_code == 200
    fields = {"name": user.name, "credentials": "", "roles": "front-desk", "version": str(user.version)}
    assert admin.submit(f"/admin/people/{user.id}", fields).status_code == 303
    assert theirs.get("/clinic/worklist").status_code == 404


def test_an_administrator_sees_who_is_a_patient_and_nothing_clinical(admin, make, session):
    patient = make.intake(make.visit(make.patient(legal_name="Rowan Marzipan"))).patient
    for path in ("/admin/people", "/admin/settings"):
        assert "Marzipan" not in admin.get(path).text
    for path in (
        "/clinic",
        f"/clinic/charts/{patient.id}",
        "/clinic/worklist",
        f"/clinic/patients/{patient.id}/change",
    ):
        assert admin.get(path).status_code == 404
    assert "Care team" in admin.get(f"/clinic/patients/{patient.id}").text


def test_nobody_gives_themselves_a_role_and_the_page_says_who_can(admin, session):
    (me,) = people.staff(session)
    url = f"/admin/people/{me.id}"
    assert "flask people role" in admin.get(url).text
    fields = {"name": me.name, "credentials": "", "roles": ["admin", "therapist", "front-desk"], "version": "1"}
    refused = admin.submit(url, fields)
    assert refused.status_code == 422
    assert "You cannot give yourself a role" in refused.text
    session.expire_all()
    assert me.roles == ["admin"]


def test_notes_that_wait_are_counted_by_person_and_name_no_patient(client, make, sign_in):
    patient = make.patient(legal_name="Rowan Marzipan")
    note = make.note(make.visit(patient, starts_at=make.now - timedelta(days=5)))
    page = sign_in(make.admin()).get("/admin/people").text
    part = page.partition("Notes that wait for a signature")[2]
    assert note.author.name in part
    assert "5 days" in part
    assert "Marzipan" not in page
    assert str(patient.id) not in page
