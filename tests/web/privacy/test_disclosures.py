"""A patient can be told what left Fernleaf of her record, and who of the clinic worked with it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.clinical.chart_numbers import chart_number
from intake.store import audit
from intake.store.lines import AuditEvent
from intake.store.sessions import Login

SIX_YEARS = timedelta(days=6 * 365 + 2)


@pytest.fixture
def patient(make):
    return make.patient(legal_name="Rowan Invented")


@pytest.fixture
def reader(client, sign_in, make):
    return sign_in(make.privacy_lead(name="Nell Invented"))


def line(session, who, patient, action, **more):
    audit.record(session, action, **{"actor": who, "subject": patient, "patient_id": patient.id, **more})
    session.commit()


@pytest.fixture
def history(make, session, patient):
    """An export, a plan, an emergency, some looks, a refusal, the patient's own entry, another's export."""
    ada = make.therapist(name="Ada Example")
    for action in ("read.export-note", "plan.issued", "emergency.opened"):
        line(session, ada, patient, action, now=make.now)
    for categories in (("care",), ("care", "sensitive")):
        line(session, ada, patient, "read.read-chart", now=make.now, categories=categories)
    line(session, make.therapist(name="Ben Refused"), patient, "access.denied", now=make.now, outcome="denied")
    line(session, None, patient, "invitation.opened", now=make.now)
    line(session, make.therapist(name="Cy Elsewhere"), make.patient(), "read.export-note", now=make.now)
    line(session, make.therapist(name="Di Longago"), patient, "read.export-note", now=make.now - SIX_YEARS * 1.1)
    return ada


def address(patient, more=""):
    return f"/privacy/patients/{patient.id}/disclosures{more}"


def part(page, name):
    text = page[page.index(f'id="{name}-title"') :].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_disclosures_documents_emergencies_and_daily_work_are_apart(reader, history, patient):
    page = reader.get(address(patient)).text
    assert "Ada Example Downloaded a signed note with its proof" in part(page, "disclosed")
    assert "Ada Example Issued a care plan" in part(page, "given")
    assert "Ada Example Opened the chart in an emergency" in part(page, "emergencies")
    assert "Opened the chart" not in part(page, "disclosed")
    inside = part(page, "inside")
    assert re.search(r"Ada Example 2 .* care, private part", inside)


def test_refusals_other_patients_and_what_is_older_than_six_years_are_left_out(reader, history, patient):
    page = reader.get(address(patient)).text
    for name in ("Ben Refused", "Cy Elsewhere", "Di Longago"):
        assert name not in page


def test_it_names_the_patient_the_clinic_and_the_time_it_is_for(clock, reader, history, patient):
    page = reader.get(address(patient)).text
    for said in ("Rowan Invented", chart_number(patient.id), "Fernbank Clinic (fictional)", "Sep 15, 2026", "2020"):
        assert said in page


def test_it_says_plainly_what_it_does_not_know(reader, patient):
    page = reader.get(address(patient)).text
    assert "It does not know whom a file or a paper was handed to or why" in page
    assert "are no disclosures" in page


def test_an_empty_list_says_so(reader, patient):
    assert "Nothing in this time." in part(reader.get(address(patient)).text, "disclosed")


# ---------------------------------------------------------------- the table


def table(answer):
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def fresh(client, session):
    """Somebody who has just given a factor."""
    login = session.scalars(select(Login).order_by(Login.started_at.desc())).first()
    login.stepped_up_at = login.started_at
    session.commit()


def test_the_table_wants_a_factor_first_and_comes_back(clock, reader, history, patient, session):
    reader.get("/privacy/trail")
    clock.shift(timedelta(minutes=6))
    answer = reader.get(address(patient, "/table.csv"))
    assert answer.status_code == 303
    assert answer.location.startswith("/step-up?after=%2Fprivacy") or "after=/privacy" in answer.location


def test_the_table_holds_what_the_page_holds(clock, reader, history, patient, session):
    fresh(reader, session)
    answer = reader.get(address(patient, "/table.csv"))
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="accounting-{chart_number(patient.id)}.csv"'
    )
    head, *rows = table(answer)
    assert head == ["List", "When", "Who", "Roles", "What", "Parts seen", "Times"]
    assert [row[0] for row in rows][:3] == [
        "Taken out of Fernleaf", "Documents made for the patient",
        "Opened in an emergency by somebody outside the care team",
    ]  # fmt: skip
    assert rows[0][1:5] == ["2026-09-15 12:00", "Ada Example", "Therapist", "Downloaded a signed note with its proof"]
    assert ["Worked with inside the clinic", "care, private part", "2"] in [[row[0], *row[5:]] for row in rows]
    assert not [row for row in rows if "Invented" in " ".join(row) and "Nell" not in " ".join(row)]


def test_a_name_that_looks_like_a_formula_stays_a_name(clock, reader, make, patient, session):
    line(session, make.therapist(name="=cmd|' /C calc'!A0"), patient, "read.export-note", now=make.now)
    fresh(reader, session)
    assert table(reader.get(address(patient, "/table.csv")))[1][2] == "'=cmd|' /C calc'!A0"


def test_downloading_it_is_a_line_of_its_own_in_the_patients_record(clock, reader, patient, session):
    fresh(reader, session)
    reader.get(address(patient, "/table.csv"))
    session.rollback()
    (mine,) = [each for each in audit.of_patient(session, patient.id) if each.action == "read.export-audit"]
    assert mine.role == "privacy-lead"
    assert "Nell Invented Downloaded the accounting" in part(reader.get(address(patient)).text, "given")
    assert session.scalar(select(AuditEvent.seq).where(AuditEvent.action == "read.read-audit"))


@pytest.mark.parametrize("role", ["therapist", "assistant", "front-desk", "admin"])
def test_nobody_else_gets_it(client, sign_in, make, patient, role):
    sign_in(make.user(role))
    assert client.get(address(patient)).status_code == 404
    assert client.get(address(patient, "/table.csv")).status_code == 404
