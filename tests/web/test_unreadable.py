"""A record that does not open is a page with a number and a line in the audit trail: never a blank or a wrong name."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from intake.app import create_app
from intake.config import Config
from intake.security import tokens
from intake.security.devices import UNKNOWN
from intake.security.keys import KeyRing
from intake.store import sessions
from intake.store.audit import AuditEvent
from intake.store.patient_keys import PatientKey
from intake.store.patients import Patient
from intake.store.responses import ResponseSection
from intake.store.sessions import Login
from intake.web.errors import UNREADABLE
from intake.web.identity import SESSION_TOKEN
from tests.browsing import Browser
from tests.builders import COST, PASSWORD
from tests.pages import PATH, answer, place

CANARY = "Marzipan Lighthouse"
INCIDENT = re.compile(r"<strong>([0-9a-f]{8})</strong>")
PATIENTS, SECTIONS, KEYS = Patient.__table__, ResponseSection.__table__, PatientKey.__table__


@pytest.fixture
def chart(make, sign_in):
    """A therapist who is signed in, the intake of her patient, and the address of the chart."""
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}, "sx_history_text": {"value": CANARY}})
    intake.patient.legal_name = CANARY
    make.session.commit()
    sign_in(intake.visit.therapist)
    return intake, f"/clinic/charts/{intake.patient_id}"


def put(session, column, where, value):
    done = session.execute(update(column.table).where(where).values({column.name: value}))
    session.commit()
    session.expire_all()
    assert done.rowcount == 1


def fetched(session, column, where):
    value = session.execute(select(column).where(where)).scalar_one()
    session.rollback()
    return value


def section(intake, name):
    return (SECTIONS.c.response_id == intake.id) & (SECTIONS.c.section == name)


def a_flipped_bit(session, _make, intake):
    here = PATIENTS.c.id == intake.patient_id
    value = fetched(session, PATIENTS.c.identity, here)
    put(session, PATIENTS.c.identity, here, value[:60] + bytes((value[60] ^ 4,)) + value[61:])


def somebody_else_s_name(session, make, intake):
    other = PATIENTS.c.id == make.patient(legal_name=CANARY).id
    here = PATIENTS.c.id == intake.patient_id
    put(session, PATIENTS.c.identity, here, fetched(session, PATIENTS.c.identity, other))


def an_older_name_in_a_newer_row(session, _make, intake):
    here = PATIENTS.c.id == intake.patient_id
    older = fetched(session, PATIENTS.c.identity, here)
    intake.patient.legal_name = CANARY + " the Second"
    session.commit()
    put(session, PATIENTS.c.identity, here, older)


def a_value_of_another_column(session, _make, intake):
    here = PATIENTS.c.id == intake.patient_id
    put(session, PATIENTS.c.identity, here, fetched(session, SECTIONS.c.care, section(intake, "bladder")))


def answers_of_another_row(session, _make, intake):
    value = fetched(session, SECTIONS.c.care, section(intake, "bladder"))
    put(session, SECTIONS.c.care, section(intake, "bowel"), value)


def answers_of_another_patient(session, make, intake):
    other = make.intake(answers={"bl_leak_any": {"value": "no"}})
    value = fetched(session, SECTIONS.c.care, section(other, "bladder"))
    put(session, SECTIONS.c.care, section(intake, "bladder"), value)


def answers_of_another_compartment(session, _make, intake):
    value = fetched(session, SECTIONS.c.sensitive, section(intake, "bladder"))
    put(session, SECTIONS.c.care, section(intake, "bladder"), value)


def older_answers(session, make, intake):
    value = fetched(session, SECTIONS.c.care, section(intake, "bladder"))
    make.answer(intake, {"bl_leak_any": {"value": "no"}})
    put(session, SECTIONS.c.care, section(intake, "bladder"), value)


def the_key_of_another_patient(session, make, intake):
    other = (KEYS.c.patient_id == make.patient().id) & (KEYS.c.compartment == "care")
    mine = (KEYS.c.patient_id == intake.patient_id) & (KEYS.c.compartment == "care")
    put(session, KEYS.c.wrapped, mine, fetched(session, KEYS.c.wrapped, other))


def no_key(session, _make, intake):
    mine = (KEYS.c.patient_id == intake.patient_id) & (KEYS.c.compartment == "care")
    put(session, KEYS.c.compartment, mine, "gone")


CASES = (
    *(a_flipped_bit, somebody_else_s_name, an_older_name_in_a_newer_row, a_value_of_another_column),
    *(answers_of_another_row, answers_of_another_patient, answers_of_another_compartment, older_answers),
    *(the_key_of_another_patient, no_key),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_record_that_was_tampered_with_is_not_shown(client, session, make, chart, case):
    intake, address = chart
    assert CANARY in client.get(address).text
    case(session, make, intake)
    page = FlaskClient.open(client, address)
    assert_unreadable(page, session, intake.patient_id)


def assert_unreadable(page, session, patient_id=None):
    assert page.status_code == 503
    assert "cannot be read" in page.text
    for word in (CANARY, "Marzipan", "Traceback", "Seal"):
        assert word not in page.text
    session.expire_all()
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).one()
    assert (line.reason, line.outcome) == (INCIDENT.search(page.text)[1], "failed")
    assert line.patient_id == patient_id
    session.rollback()


def test_the_wrong_root_key_shows_nobody(url, session, make, chart):
    intake, address = chart
    session.rollback()
    wrong = KeyRing.from_secret(b"the key of quite another clinic, 32+")
    other = create_app(Config(database_url=url, keys=wrong, password_cost=COST))
    browser = other.test_client()
    token = tokens.new_token()
    login = Login(user_id=intake.visit.therapist_id)
    hashed = tokens.keyed_hash(wrong.derive("tokens"), SESSION_TOKEN, token)
    sessions.admit(session, login, intake.visit.therapist, hashed, UNKNOWN, make.now)
    session.commit()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert_unreadable(browser.get(address, headers={"Sec-Fetch-Site": "none"}), session)
    other.extensions["engine"].dispose()


def test_under_the_wrong_root_key_nobody_signs_in(url, session, make, clock):
    """The row of whoever signs in is bound under a key of the root."""
    wrong = KeyRing.from_secret(b"the key of quite another clinic, 32+")
    user = make.therapist()
    other = create_app(Config(database_url=url, keys=wrong, password_cost=COST))
    other.test_client_class = Browser
    browser = other.test_client()
    session.rollback()
    browser.get("/sign-in")
    body = {"csrf_token": browser.token, "email": user.email, "password": PASSWORD}
    assert_unreadable(FlaskClient.open(browser, "/sign-in", method="POST", data=body), session)
    other.extensions["engine"].dispose()


def test_an_unreadable_page_of_hers_saves_nothing_over_what_is_there(session, make, enter, client):
    invitation = make.invitation()
    enter(invitation)
    answer(client, "bl_leak_any", "yes")
    intake = session.scalars(select(ResponseSection.response_id)).first()
    here = (SECTIONS.c.response_id == intake) & (SECTIONS.c.section == "bladder")
    put(session, SECTIONS.c.care, here, b"\xe1\x01 torn")
    body = {"csrf_token": client.token, "_at": place("bl_leak_any"), "_version": "bladder:2", "bl_leak_any": "no"}
    told = FlaskClient.open(client, PATH, method="POST", data=body, headers={"X-Autosave": "1"})
    assert (told.status_code, told.json["saved"]) == (503, None)
    assert fetched(session, SECTIONS.c.care, here) == b"\xe1\x01 torn"


def test_what_was_erased_on_purpose_says_so_and_breaks_no_list(client, session, make, sign_in):
    visit = make.visit(starts_at=make.now)
    mine = (KEYS.c.patient_id == visit.patient_id) & (KEYS.c.compartment == "care")
    put(session, KEYS.c.destroyed_at, mine, make.now)
    sign_in(visit.therapist)
    day = client.get("/clinic")
    assert (day.status_code, "(erased)" in day.text) == (200, True)
    page = client.get(f"/clinic/patients/{visit.patient_id}")
    assert (page.status_code, "erased" in page.text) == (410, True)
