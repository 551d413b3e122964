"""Opening the chart of somebody else's patient in an emergency: two identifiers, a reason, a factor, and an hour."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store import audit
from intake.store.emergencies import BreakGlass
from intake.store.sessions import Login
from tests.builders import PASSWORD

CARE, PRIVATE = "Run with the stroller again", "The sound of velcro"
ANSWERS = {"fn_goal_top": {"value": CARE}, "ti_triggers": {"value": PRIVATE}}
KEPT = re.compile(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>')
WHY = {"reason": "acute", "text": "She called from the hospital."}


@pytest.fixture
def intake(clock, make):
    return make.intake(answers=ANSWERS, submitted=True)


@pytest.fixture
def stranger(client, make, sign_in, intake):
    """A therapist who does not treat her."""
    return sign_in(make.therapist())


def identifiers(intake):
    return {"name": intake.patient.legal_name, "birth_date": intake.patient.birth_date.isoformat()}


def open_chart(browser, intake, **more):
    browser.submit("/clinic/emergency", identifiers(intake))
    fields = {**identifiers(intake), "patient": str(intake.patient_id), **WHY, **more}
    return browser.post("/clinic/emergency/open", data={"csrf_token": browser.token, **fields})


def chart(intake):
    return f"/clinic/charts/{intake.patient_id}"


def test_two_identifiers_show_initials_and_nothing_more(stranger, intake):
    page = stranger.submit("/clinic/emergency", identifiers(intake)).text
    assert intake.patient.initials in page
    assert page.count(intake.patient.legal_name) == 1  # what was typed, to be sent again
    for wrong in ({"name": "Row"}, {"birth_date": "1993-04-28"}, {"name": "R I"}):
        known = stranger.submit("/clinic/emergency", {**identifiers(intake), **wrong})
        assert known.status_code == 404
        assert "No chart fits" in known.text


def test_an_opened_chart_says_so_shows_no_private_part_and_closes_after_an_hour(stranger, intake, clock):
    assert stranger.get(chart(intake)).status_code == 404
    assert open_chart(stranger, intake).location == chart(intake)
    page = stranger.get(chart(intake)).text
    assert "Opened in an emergency, to read only." in page
    assert "It closes in 60 minutes." in page
    answers = stranger.get(f"/clinic/charts/intakes/{intake.id}").text
    assert CARE in answers
    assert PRIVATE not in answers
    assert intake.patient.name in stranger.get("/clinic").text
    for _tenth in range(5):
        clock.shift(timedelta(minutes=10))
        assert stranger.get(chart(intake)).status_code == 200
    assert "It closes in 10 minutes." in stranger.get(chart(intake)).text
    clock.shift(timedelta(minutes=10))
    assert stranger.get(chart(intake)).status_code == 404
    assert intake.patient.name not in stranger.get("/clinic").text


def test_the_private_part_is_shown_when_it_was_asked_for(stranger, intake, session):
    open_chart(stranger, intake, sensitive="y")
    assert PRIVATE in stranger.get(f"/clinic/charts/intakes/{intake.id}").text
    session.rollback()
    (line,) = (each for each in audit.of_patient(session, intake.patient_id) if each.action == "emergency.opened")
    assert (line.categories, line.reason) == ("care sensitive", "acute")


def test_nothing_can_be_changed_in_a_chart_opened_this_way(stranger, make, intake):
    note = make.note(intake.visit, signed=True)
    open_chart(stranger, intake)
    assert stranger.get(f"/clinic/notes/{note.id}").status_code == 200
    paths = (f"/clinic/notes/{note.id}/addenda", f"/clinic/notes/{note.id}/cosign", f"/clinic/plans/notes/{note.id}")
    for path in (*paths, f"/clinic/notes/visits/{intake.visit_id}", f"/clinic/visits/{intake.visit_id}/cancel"):
        sent = stranger.post(path, data={"csrf_token": stranger.token, "text": "x", "password": PASSWORD})
        assert sent.status_code == 404, path


def test_it_can_be_closed_early_from_the_banner_and_from_the_day(stranger, intake):
    open_chart(stranger, intake)
    page = stranger.get("/clinic").text
    end = next(part for part in page.split('action="') if part.startswith("/clinic/emergency/")).partition('"')[0]
    assert end in stranger.get(chart(intake)).text
    assert stranger.submit(end, at=chart(intake)).location == "/clinic"
    assert stranger.get(chart(intake)).status_code == 404


def test_a_reason_and_some_words_are_needed(stranger, intake, session):
    for missing in ({"reason": ""}, {"text": ""}, {"patient": ""}, {"reason": "curious"}):
        page = open_chart(stranger, intake, **missing)
        assert page.status_code == 422
        assert "Open the chart for 60 minutes" in page.text
    session.rollback()
    assert session.scalar(select(BreakGlass)) is None


def test_an_id_alone_opens_nothing(stranger, make, intake, session):
    other = make.patient(legal_name="Somebody Else")
    fields = {"name": other.legal_name, "birth_date": other.birth_date.isoformat(), "patient": str(intake.patient_id)}
    page = open_chart(stranger, intake, **fields)
    assert page.status_code == 422
    session.rollback()
    assert session.scalar(select(BreakGlass)) is None


def test_a_factor_given_lately_is_asked_for_first_and_what_was_typed_is_kept(stranger, intake, session):
    login = session.scalar(select(Login).where(Login.user_id.is_not(None)).order_by(Login.started_at.desc()))
    login.stepped_up_at = None
    session.commit()
    asked = open_chart(stranger, intake)
    assert asked.location.startswith("/step-up")
    assert stranger.get(chart(intake)).status_code == 404
    proved = stranger.submit(asked.location, {"password": PASSWORD})
    kept = dict(KEPT.findall(stranger.get(proved.location).text))
    assert kept["text"] == WHY["text"]
    sent = stranger.post("/clinic/emergency/open", data=kept | {"csrf_token": stranger.token})
    assert sent.location == chart(intake)


@pytest.mark.parametrize("role", ["assistant", "front_desk", "admin", "privacy_lead"])
def test_only_therapists_open_charts_in_an_emergency(client, make, sign_in, intake, role):
    sign_in(getattr(make, role)())
    assert client.get("/clinic/emergency").status_code == 404
    client.get("/account")
    sent = {"csrf_token": client.token, **identifiers(intake), **WHY, "patient": str(intake.patient_id)}
    assert client.post("/clinic/emergency/open", data=sent).status_code == 404
