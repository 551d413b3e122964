"""A record that does not open is a page with a number and a line in the audit trail: never a blank or a wrong name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm.exc import DetachedInstanceError

from intake.app import create_app
from intake.config import Config
from intake.security import tokens
from intake.security.devices import UNKNOWN
from intake.security.keys import KeyRing
from intake.store import flags, sessions, shreds
from intake.store.audit import AuditEvent
from intake.store.emergencies import BreakGlass
from intake.store.flags import Flag
from intake.store.patient_keys import PatientKey
from intake.store.patients import Patient
from intake.store.people import NEUTRAL
from intake.store.plans import Document
from intake.store.responses import ResponseSection
from intake.store.sessions import Login
from intake.store.visits import Invitation, Visit
from intake.web import database, errors, unreadable
from intake.web.identity import SESSION_TOKEN
from intake.web.unreadable import UNREADABLE
from tests import pages
from tests.browsing import TAG, TOKEN, Browser
from tests.builders import COST
from tests.pages import PATH, answer, come_in, place
from tests.tampering import unprotected
from tests.web.test_headers import missing
from tests.web.test_uniform import typed
from tests.web.world import routes

CANARY = "Marzipan Lighthouse"
AWAY = "https://weather.example/"
TOLD = re.compile(r"cannot be read, incident ([0-9a-f]{8})")
INCIDENT = re.compile(r"<strong>([0-9a-f]{8})</strong>")
INITIALS = re.compile(r"\bGG\b")  # of the good patient, as a word between tags: a token may hold the letters by chance
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


def answers_taken_out(session, _make, intake):
    put(session, SECTIONS.c.care, section(intake, "bladder"), None)


def private_answers_taken_out(session, _make, intake):
    put(session, SECTIONS.c.sensitive, section(intake, "intimacy"), None)


def answers_where_none_were_asked(session, _make, intake):
    value = fetched(session, SECTIONS.c.care, section(intake, "bladder"))
    put(session, SECTIONS.c.safety, section(intake, "bladder"), value)


def a_section_taken_out(session, _make, intake):
    session.execute(delete(SECTIONS).where(section(intake, "health")))
    session.commit()


def every_section_taken_out(session, _make, intake):
    session.execute(delete(SECTIONS).where(SECTIONS.c.response_id == intake.id))
    session.commit()


CASES = (
    *(a_flipped_bit, somebody_else_s_name, an_older_name_in_a_newer_row, a_value_of_another_column),
    *(answers_of_another_row, answers_of_another_patient, answers_of_another_compartment, older_answers),
    *(the_key_of_another_patient, no_key, answers_taken_out, private_answers_taken_out),
    *(answers_where_none_were_asked, a_section_taken_out, every_section_taken_out),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_record_that_was_tampered_with_is_not_shown(client, session, make, chart, case):
    intake, address = chart
    assert CANARY in client.get(address).text
    case(session, make, intake)
    page = FlaskClient.open(client, address)
    assert_unreadable(page, session, intake.patient_id)


DOCUMENTS = Document.__table__


@pytest.mark.parametrize("column", [DOCUMENTS.c.sha256, DOCUMENTS.c.content], ids=lambda column: column.name)
def test_a_document_that_is_not_what_was_issued_is_not_shown(client, session, make, sign_in, column):
    plan = make.plan(issued=True)
    (document,) = plan.documents
    address, patient = f"/clinic/plans/documents/{document.id}", plan.patient
    sign_in(plan.author)
    assert client.get(address).mimetype == "application/pdf"
    with unprotected(session):
        put(session, column, DOCUMENTS.c.id == document.id, "0" * 64 if column.name == "sha256" else b"")
    page = FlaskClient.open(client, address)
    assert page.status_code == 503
    session.expire_all()
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).one()
    assert line.patient_id == patient.id
    session.rollback()


def assert_unreadable(page, session, patient_id=None):
    assert page.status_code == 503
    assert "cannot be read" in page.text
    for word in (CANARY, "Marzipan", "Traceback", "SealError"):
        assert word not in page.text
    session.expire_all()
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).one()
    assert (line.reason, line.outcome) == (INCIDENT.search(page.text)[1], "failed")
    assert line.patient_id == patient_id
    session.rollback()


def assert_told_without_a_line(page, session):
    """Other keys than the trail's add nothing to it: it could never be verified again."""
    assert page.status_code == 503
    assert INCIDENT.search(page.text)
    assert not session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).all()
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
    page = browser.get(address, headers={"Sec-Fetch-Site": "none"})
    assert_told_without_a_line(page, session)
    other.extensions["engine"].dispose()


def test_under_the_wrong_root_key_nobody_signs_in(url, session, make, clock):
    """The rows of the clinic and of whoever signs in are bound under a key of the root: there is not even a page."""
    wrong = KeyRing.from_secret(b"the key of quite another clinic, 32+")
    make.invitation()  # and there is a trail, whose lines are bound too
    other = create_app(Config(database_url=url, keys=wrong, password_cost=COST))
    other.test_client_class = Browser
    session.rollback()
    assert_told_without_a_line(FlaskClient.open(other.test_client(), "/sign-in"), session)
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


# ---------------------------------------------------------------- lists


def erased(session, make, visit):
    shreds.destroy(session, visit.patient_id, make.now)
    session.commit()


def tampered(session, _make, visit):
    for column, where in (
        (PATIENTS.c.identity, PATIENTS.c.id == visit.patient_id),
        (Flag.__table__.c.sign, Flag.__table__.c.patient_id == visit.patient_id),
        (BreakGlass.__table__.c.words, BreakGlass.__table__.c.patient_id == visit.patient_id),
    ):
        value = fetched(session, column, where)
        put(session, column, where, value[:60] + bytes((value[60] ^ 4,)) + value[61:])


def marked_erased_by_hand(session, _make, visit):
    for compartment in ("care", "sensitive", "safety"):
        mine = (KEYS.c.patient_id == visit.patient_id) & (KEYS.c.compartment == compartment)
        put(session, KEYS.c.destroyed_at, mine, visit.starts_at)


HARMS = (erased, tampered, marked_erased_by_hand)
GOOD, BAD = "Goodwin", "Badger"
STAFF = ("clinic.", "privacy.", "admin.")


@dataclass
class Lists:
    """Patients of one therapist, with something in every list, and who reads which lists."""

    good: Visit
    bad: Visit
    worse: list[Visit]
    readers: list[Any]
    about: list[str]


@pytest.fixture
def lists(make, session):
    therapist, opener = make.therapist(), make.therapist()
    visits = [
        make.visit(make.patient(legal_name=f"{name} {name}"), therapist, starts_at=make.now)
        for name in (GOOD, *[BAD] * len(HARMS))
    ]
    for visit in visits:
        make.note(visit)
        intake = make.intake(visit)
        flag = Flag(patient_id=visit.patient_id, response_id=intake.id, rule="E1", opened_at=make.now)
        flag.severity, flag.because = "EMERGENCY", ["rf_bleed"]
        session.add(flag)
        session.commit()
        make.emergency(visit.patient, opener)
    good = visits[0].patient_id
    readers = [therapist, opener, make.front_desk(), make.admin(), make.privacy_lead()]
    readers.append(make.member(visits[0].patient, make.assistant()))
    make.member(visits[1].patient, readers[-1])
    about = [f"/privacy/trail/{good}", f"/clinic/charts/{good}", f"/clinic/patients/{good}"]
    return Lists(visits[0], visits[1], visits[1:], readers, about)


def seen(app, new_client, sign_in, lists):
    """{(reader, address): (status, whether the good patient is there)} of every page that is about no single record."""
    addresses = [rule.rule for rule in routes(app, "GET") if not rule.arguments and rule.endpoint.startswith(STAFF)]
    found = {}
    for number, reader in enumerate(lists.readers):
        browser = sign_in(reader, new_client())
        for address in [*addresses, *lists.about]:
            page = FlaskClient.open(browser, address)
            words = TAG.sub(" ", page.text)
            found[number, address] = page.status_code, GOOD in words, INITIALS.search(words) is not None
        token = TOKEN.search(FlaskClient.open(browser, "/account").text)[1]
        for word in ("", GOOD):
            data = {"csrf_token": token, "q": word}
            page = FlaskClient.open(browser, "/clinic/patients", method="POST", data=data)
            found[number, f"search {word}"] = page.status_code, GOOD in page.text, False
    return found


@pytest.mark.dear
def test_records_that_do_not_open_take_no_list_down_and_hide_nobody_else(
    app, clock, session, make, new_client, sign_in, lists
):
    before = seen(app, new_client, sign_in, lists)
    assert {address for (_who, address), (status, *shown) in before.items() if status == 200 and any(shown)} >= {
        *("/clinic", "/clinic/patients", "/clinic/worklist", "/privacy/emergency", "/privacy/trail", "search "),
        *lists.about,
    }
    assert any(by_initials for _status, _by_name, by_initials in before.values())
    for harm, visit in zip(HARMS, lists.worse, strict=True):
        harm(session, make, visit)
    assert seen(app, new_client, sign_in, lists) == before


@pytest.mark.dear
def test_a_list_that_opens_every_row_without_looking_would_be_noticed(
    app, clock, session, make, new_client, sign_in, lists, monkeypatch
):
    before = seen(app, new_client, sign_in, lists)
    tampered(session, make, lists.bad)
    monkeypatch.setattr(unreadable, "trouble", lambda _row: None)
    after = seen(app, new_client, sign_in, lists)
    broken = {address for (_who, address), (status, *_shown) in after.items() if status == 503}
    assert broken >= {"/clinic", "/clinic/patients", "/clinic/worklist", "/privacy/emergency", "/privacy/trail"}
    assert before.keys() == after.keys()


@pytest.mark.parametrize("harm", [tampered, marked_erased_by_hand], ids=lambda harm: harm.__name__)
def test_a_warning_sign_that_cannot_be_read_keeps_its_place_on_top_with_an_incident(
    client, clock, session, make, sign_in, lists, harm
):
    harm(session, make, lists.bad)
    sign_in(lists.good.therapist)
    page = client.get("/clinic/worklist")
    number = TOLD.search(page.text)[1]
    assert page.text.index(number) < page.text.index("too much blood")
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).one()
    assert (line.reason, line.patient_id, line.actor_id) == (number, lists.bad.patient_id, lists.good.therapist_id)
    flag = next(each for each in flags.open_flags(session) if each.patient_id == lists.bad.patient_id)
    address = f"/clinic/worklist/{flag.id}"
    session.rollback()
    assert FlaskClient.open(client, address).status_code == 503


def test_whose_unreadable_sign_it_is_only_the_care_team_learns(client, clock, session, make, sign_in, lists):
    where = Flag.__table__.c.patient_id == lists.bad.patient_id
    put(session, Flag.__table__.c.sign, where, b"\xe1\x01 torn")
    for reader, named in ((lists.good.therapist, True), (make.therapist(), False)):
        sign_in(reader)
        page = client.get("/clinic/worklist").text
        row = next(part for part in page.split("<tr") if TOLD.search(part))
        assert (BAD in row) is named


@pytest.mark.parametrize("harm", [tampered, marked_erased_by_hand], ids=lambda harm: harm.__name__)
def test_somebody_who_cannot_be_read_stands_in_the_list_of_patients_whatever_is_looked_for(
    client, clock, session, make, sign_in, lists, harm
):
    harm(session, make, lists.bad)
    sign_in(make.front_desk())
    for page in (client.get("/clinic/patients"), client.submit("/clinic/patients", {"q": GOOD})):
        assert str(lists.bad.patient_id) in page.text
        assert TOLD.search(page.text)
    address = f"/clinic/patients/{lists.bad.patient_id}"
    session.rollback()
    assert FlaskClient.open(client, address).status_code == 503


def test_what_was_erased_on_purpose_says_so_and_waits_for_nobody_any_more(client, clock, session, make, sign_in, lists):
    erased(session, make, lists.bad)
    sign_in(lists.good.therapist)
    assert "(erased)" in client.get("/clinic").text
    assert client.get("/clinic/worklist").text.count("too much blood") == len(HARMS)
    for address in (f"/clinic/charts/{lists.bad.patient_id}", f"/clinic/patients/{lists.bad.patient_id}"):
        page = client.get(address)
        assert (page.status_code, "This record was erased" in page.text) == (410, True)
    sign_in(lists.readers[4])
    queue = client.get("/privacy/emergency").text
    assert "the record was erased" in queue
    assert queue.count("<textarea") == len(HARMS), "nothing can be written about what was erased"
    for page in (f"/privacy/trail/{lists.bad.patient_id}", f"/privacy/patients/{lists.bad.patient_id}/disclosures"):
        assert "(erased)" in client.get(page).text
    assert not session.scalars(select(AuditEvent).where(AuditEvent.action == UNREADABLE)).all()


# ---------------------------------------------------------------- pages of a patient


def torn(session, invitation):
    """Her name opens no more."""
    put(session, PATIENTS.c.identity, PATIENTS.c.id == invitation.visit.patient_id, b"\xe1\x01 torn")


@pytest.fixture
def answered(client, session, make, enter):
    """A patient on a page of hers, and what stands in the way: her answers open no more."""
    make.clinic(leave_to=AWAY)
    invitation = make.invitation()
    enter(invitation)
    answer(client, "bl_leak_any", "yes")
    pages.visit(client, place("bl_leak_any"))

    def harm():
        intake = session.scalars(select(ResponseSection.response_id)).first()
        here = (SECTIONS.c.response_id == intake) & (SECTIONS.c.section == "bladder")
        put(session, SECTIONS.c.care, here, b"\xe1\x01 torn")

    return invitation, harm


def looked_at(browser):
    return FlaskClient.open(browser, PATH)


def gone_on(browser):
    body = {"csrf_token": browser.token, "_at": place("bl_leak_any"), "_version": "bladder:2", "bl_leak_any": "no"}
    return FlaskClient.open(browser, PATH, method="POST", data=body)


hers = pytest.mark.parametrize("act", [looked_at, gone_on])


def is_hers(page):
    """Whether a page has the quick way out and says what every page says to the browser."""
    return "data-exit" in page.text and list(missing(page)) == []


@hers
def test_a_page_of_hers_that_does_not_open_has_the_way_out_and_a_number(client, session, answered, act):
    invitation, harm = answered
    harm()
    page = act(client)
    assert_unreadable(page, session, invitation.visit.patient_id)
    assert is_hers(page)
    assert AWAY in page.text


@hers
def test_her_page_in_front_of_which_nothing_can_be_read_any_more_has_the_way_out_too(
    client, session, answered, act, monkeypatch
):
    """The control: what is left of the page when the rows for its frame are let go of and cannot be read again."""
    invitation, harm = answered
    harm()
    monkeypatch.setattr(database, "DROPPED", ())
    page = act(client)
    assert_unreadable(page, session, invitation.visit.patient_id)
    assert is_hers(page)
    assert AWAY not in page.text, "the frame was read"
    assert NEUTRAL in page.text


def test_a_page_for_nobody_in_particular_that_asks_for_its_frame_is_noticed(client, answered, monkeypatch):
    """The control: without both the page of errors fails as well, and the bare answer of the server is left."""
    _invitation, harm = answered
    harm()
    monkeypatch.setattr(database, "DROPPED", ())
    monkeypatch.setattr(errors, "_alone", errors._framed)
    with pytest.raises(DetachedInstanceError):
        looked_at(client)


@pytest.mark.parametrize("day", [27, 28], ids=["the right date", "a wrong date"])
def test_at_the_door_a_record_that_does_not_open_is_answered_like_a_wrong_code(new_client, session, make, day):
    make.clinic()
    invitation = make.invitation()
    torn(session, invitation)
    tried, unknown = make.codes[invitation.id], "0123-4567-89AB"
    replies = [typed(come_in(new_client(), code, year=1993, month=4, day=day), code) for code in (tried, unknown)]
    assert replies[0] == replies[1]
    assert replies[0][0] == 422
    lines = session.scalars(select(AuditEvent).where(AuditEvent.patient_id == invitation.visit.patient_id)).all()
    assert {UNREADABLE, "alert.door-unreadable"} <= {line.action for line in lines}
    session.rollback()


def test_at_the_door_a_forged_invitation_and_an_erased_record_are_answered_so_too(new_client, session, make):
    make.clinic()
    forged, gone = make.invitation(), make.invitation()
    codes = [make.codes[forged.id], make.codes[gone.id], "0123-4567-89AB"]
    shreds.destroy(session, gone.visit.patient_id, make.now)
    session.commit()
    rows = Invitation.__table__
    put(session, rows.c.expires_at, rows.c.id == forged.id, make.now + timedelta(days=999))
    replies = [typed(come_in(new_client(), code, year=1993, month=4, day=27), code) for code in codes]
    assert replies == [replies[2]] * 3


def test_a_page_about_such_a_record_has_the_frame_of_the_clinic_and_one_order(client, session, make, chart):
    intake, address = chart
    a_flipped_bit(session, make, intake)
    page = FlaskClient.open(client, address).text
    assert "Sign out" in page
    assert "data-watch" in page
    assert page.count("tell ") == 1
