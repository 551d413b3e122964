"""Notes without a visit: written, read and signed like any other, and no appointment anywhere."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.store import careteam, visits
from intake.store import notes as stored
from intake.store.visits import CONTACT
from tests.builders import filled


@pytest.fixture
def visit(make):
    return make.visit(starts_at=make.now - timedelta(days=7))


def path(patient):
    return f"/clinic/charts/{patient.id}/contacts/new"


def moment(make, **ago):
    return (make.now - timedelta(**ago)).astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M")


def start(client, make, patient, kind="contact-note", at=""):
    return client.submit(path(patient), {"kind": kind, "at": at or moment(make, days=1)}, at=path(patient))


def contact(session, patient):
    return next(note for note in stored.of_patient(session, patient.id) if note.visit.kind == CONTACT)


def test_a_call_is_noted_signed_and_named_on_the_chart(client, make, sign_in, session, visit):
    patient = visit.patient
    sign_in(visit.therapist)
    assert "Write a note without a visit" in client.get(f"/clinic/charts/{patient.id}").text
    begun = start(client, make, patient)
    assert begun.status_code == 303
    assert start(client, make, patient).location == begun.location, "two clicks make one draft"
    assert "contact on" in client.get(begun.location).text
    note = contact(session, patient)
    make.answer(note.response, filled(stored.responses.form_of(note.response), {"ct_said": {"value": "She slept."}}))
    make.sign(note)
    page = client.get(begun.location).text
    assert "She slept." in page
    assert "Contact note" in client.get(f"/clinic/charts/{patient.id}").text


def test_it_is_no_appointment_anywhere(client, make, sign_in, session, visit):
    patient = visit.patient
    sign_in(visit.therapist)
    start(client, make, patient, at=moment(make, minutes=1))
    session.expire_all()
    made = contact(session, patient).visit
    today = visits.between(session, make.now - timedelta(days=1), make.now + timedelta(days=1))
    assert made.id not in {each.id for each in today}
    assert [each.id for each in patient.visits] == [visit.id]
    assert visits.get(session, made.id) is None
    for url in (f"/clinic/visits/{made.id}", f"/clinic/visits/{made.id}/transcripts"):
        assert client.get(url).status_code == 404
    for url in ("invitations", "mail", "cancel", "forms"):
        sent = client.post(f"/clinic/visits/{made.id}/{url}", data={"csrf_token": client.token})
        assert sent.status_code == 404, url
    assert client.submit(f"/clinic/notes/visits/{made.id}", at="/clinic").status_code == 404


def test_a_call_keeps_nobody_on_a_care_team(clock, client, make, sign_in, session):
    visit = make.visit()
    patient, therapist = visit.patient, visit.therapist
    clock.shift(timedelta(days=80))
    sign_in(therapist)
    assert start(client, make, patient).status_code == 303
    clock.shift(timedelta(days=20))
    assert careteam.teams_of(session, therapist.id, make.now) == {}
    assert careteam.members(session, patient.id, make.now) == []


@pytest.mark.parametrize(("days", "says"), [(-1, "still to come"), (-2000, "too far away"), (4000, "too far away")])
def test_it_took_place_and_not_ages_ago(client, make, sign_in, session, visit, days, says):
    sign_in(visit.therapist)
    answer = start(client, make, visit.patient, at=moment(make, days=days))
    assert answer.status_code == 422
    assert says in answer.text
    assert stored.of_patient(session, visit.patient_id) == []


def skipped_time(make):
    """Half past two of the last night in which the clinic's clocks went forward at two."""
    zone = ZoneInfo("America/New_York")
    nights = ((make.now - timedelta(days=days)).replace(hour=2, minute=30, tzinfo=zone) for days in range(1, 400))
    return next(each for each in nights if each.astimezone(UTC).astimezone(zone).hour == 3)


def test_a_time_that_the_clocks_skipped_is_pointed_out(client, make, sign_in, session, visit):
    sign_in(visit.therapist)
    there = skipped_time(make)
    answer = start(client, make, visit.patient, at=there.strftime("%Y-%m-%dT%H:%M"))
    assert answer.status_code == 422
    assert "The clocks went forward" in answer.text
    assert stored.of_patient(session, visit.patient_id) == []
    later = there.replace(hour=3)
    assert start(client, make, visit.patient, at=later.strftime("%Y-%m-%dT%H:%M")).status_code == 303


@pytest.mark.parametrize("kind", ["evaluation", "daily-note", "late-entry", "", "intake"])
def test_what_needs_a_visit_is_not_written_without_one(client, make, sign_in, session, visit, kind):
    sign_in(visit.therapist)
    assert start(client, make, visit.patient, kind=kind).status_code == 422
    assert stored.of_patient(session, visit.patient_id) == []


def test_care_may_end_without_a_visit_and_an_assistant_notes_calls_alone(client, make, sign_in, visit):
    sign_in(visit.therapist)
    assert 'value="discharge"' in client.get(path(visit.patient)).text
    sign_in(make.member(visit.patient, make.assistant()))
    page = client.get(path(visit.patient)).text
    assert 'value="contact-note"' in page
    assert 'value="discharge"' not in page
    assert start(client, make, visit.patient).status_code == 303


def test_one_that_is_noted_days_later_is_a_late_entry(client, make, sign_in, visit):
    sign_in(visit.therapist)
    begun = start(client, make, visit.patient, at=moment(make, days=3))
    assert "<strong>Late entry</strong>" in client.get(begun.location).text
