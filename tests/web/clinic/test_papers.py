"""Blank forms to print."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from intake.forms import reader
from intake.store.audit import AuditEvent


@pytest.fixture
def desk(make, sign_in):
    return sign_in(make.front_desk())


def test_staff_print_a_blank_form_from_the_page_of_a_visit(make, desk):
    visit = make.visit()
    page = desk.get(f"/clinic/visits/{visit.id}").text
    assert "/clinic/paper/letter?form=check-in" in page
    assert "form=safety" not in page
    answer = desk.get("/clinic/paper/a4?form=check-in")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="form.pdf"'
    text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.data)).pages)
    assert "Fernbank Clinic (fictional)" in text
    assert f"{reader.latest('check-in').title}, version 1" in text
    assert visit.patient.name not in text


@pytest.mark.parametrize("name", ["safety", "evaluation", "care-plan", "nothing", "../intake", ""])
def test_nothing_else_is_printed(desk, name):
    assert desk.get("/clinic/paper/letter", query_string={"form": name}).status_code == 404


def test_a_blank_form_is_about_nobody_so_it_leaves_no_line(desk, session):
    session.rollback()
    before = session.query(AuditEvent).count()
    session.rollback()
    desk.get("/clinic/paper/letter?form=check-in")
    assert session.query(AuditEvent).count() == before


def test_a_patient_and_an_administrator_print_none(make, sign_in, client):
    assert client.get("/clinic/paper/letter").status_code == 302
    assert sign_in(make.admin()).get("/clinic/paper/letter").status_code == 404
