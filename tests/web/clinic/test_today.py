"""The day: who comes when, how far each intake is, and what needs attention."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.clinical.triage import message
from tests.pages import answer
from tests.tampering import damage


def test_a_therapist_sees_her_own_visits_and_the_front_desk_everybody_s(clock, client, new_client, make, sign_in):
    now = make.now + timedelta(minutes=1)
    mine = make.visit(make.patient(legal_name="Mine Invented"), starts_at=now)
    make.visit(make.patient(legal_name="Theirs Invented"), starts_at=now)
    own = sign_in(mine.therapist).get("/clinic").text
    assert "Mine Invented" in own
    assert "Theirs Invented" not in own
    desk = sign_in(make.front_desk(), new_client()).get("/clinic").text
    assert "Mine Invented" in desk
    assert "Theirs Invented" in desk


def test_the_day_is_the_clinic_s_and_not_the_server_s(clock, client, make, sign_in):
    late = make.now.replace(hour=3, minute=30) + timedelta(days=1)  # 23:30 in New York on the 15th
    visit = make.visit(make.patient(legal_name="Late Invented"), starts_at=late)
    sign_in(visit.therapist)
    assert "Late Invented" in client.get("/clinic?day=2026-09-15").text
    assert "Late Invented" not in client.get("/clinic?day=2026-09-16").text


def test_a_visit_that_was_called_off_is_gone_from_the_day(clock, client, make, sign_in):
    visit = make.visit(make.patient(legal_name="Gone Invented"), starts_at=make.now)
    sign_in(visit.therapist)
    client.submit(f"/clinic/visits/{visit.id}/cancel", at=f"/clinic/visits/{visit.id}")
    assert "Gone Invented" not in client.get("/clinic").text


def test_a_therapist_sees_warning_signs_and_the_front_desk_never_does(clock, client, new_client, make, sign_in, enter):
    visit = make.visit(starts_at=make.now + timedelta(minutes=1))
    enter(make.invitation(visit))
    answer(client, "rf_bleed", "heavy", autosave=True)
    assert "/clinic/worklist/" in sign_in(visit.therapist, new_client()).get("/clinic").text
    desk = sign_in(make.front_desk(), new_client()).get("/clinic").text
    assert visit.patient.name in desk
    assert "worklist" not in desk
    assert message("E1").title not in desk


def test_a_day_that_is_none_shows_some_day_and_never_breaks(client, make, sign_in):
    for day in ("", "x", "2026-02-30", "0001-01-01", "9999-12-31", "2026-09-15T10:00", "1" * 9000, "%00"):
        sign_in(make.therapist())
        assert client.get(f"/clinic?day={day}").status_code == 200


def test_a_therapist_is_reminded_of_notes_that_wait_for_a_signature(client, make, sign_in):
    note = make.note()
    sign_in(note.author)
    assert f"/clinic/notes/{note.id}" in client.get("/clinic").text


def test_each_note_that_waits_says_how_long_ago_the_visit_was(client, make, sign_in):
    visits = [make.visit(starts_at=make.now - timedelta(hours=30))]
    therapist = visits[0].therapist
    visits.append(make.visit(therapist=therapist, starts_at=make.now - timedelta(hours=100)))
    for visit in visits:
        make.note(visit)
    page = sign_in(therapist).get("/clinic").text
    assert "1 day since the visit" in page
    assert "4 days since the visit" in page
    assert (page.count("more than 24 hours"), page.count("late: more than 48 hours")) == (1, 1)


def test_a_visit_nobody_wrote_on_is_on_the_list_of_whoever_held_it(client, new_client, make, sign_in):
    visit = make.visit(make.patient(legal_name="Bare Invented"), starts_at=make.now - timedelta(days=2, hours=1))
    title = "Your visits without a note"
    assert title in sign_in(visit.therapist).get("/clinic").text
    other = make.member(visit.patient, make.therapist(), "therapist")
    assert title not in sign_in(other, new_client()).get("/clinic").text
    make.note(visit)
    assert title not in client.get("/clinic").text


LEAKS = {"bl_leak_any": {"value": "yes"}}


@pytest.fixture
def told(clock, make):
    """A visit of today whose patient told of leaks."""
    visit = make.visit(starts_at=make.now - timedelta(minutes=30))
    make.intake(visit, LEAKS, submitted=True)
    return visit


def test_a_therapist_sees_how_many_measures_are_due_and_no_private_one_by_name(client, sign_in, told):
    page = sign_in(told.therapist).get("/clinic").text
    found = re.search(r"(\d) measures due.*?</small>", page, re.DOTALL)
    assert found[1] == "5"
    assert "NPRS, PSFS, ICIQ-UI SF, and others" in found[0]
    assert not [name for name in ("PHQ", "GAD", "EPDS", "FSFI", "Marinoff", "HARK") if name in page]


def test_nobody_but_who_treats_them_sees_what_is_due_and_only_today(client, new_client, make, sign_in, told, clock):
    assert "due" not in sign_in(make.front_desk(), new_client()).get("/clinic").text
    assert "measures due" not in sign_in(make.member(told.patient), new_client()).get("/clinic").text
    other = make.visit(told.patient, make.therapist(), starts_at=make.now + timedelta(days=1))
    assert "measures due" not in sign_in(other.therapist, new_client()).get("/clinic").text
    assert "measures due" not in sign_in(told.therapist).get("/clinic?day=2026-09-16").text


def test_answers_that_do_not_open_leave_the_rest_of_the_day_in_sight(client, make, sign_in, session, told):
    other = make.visit(make.patient(legal_name="Fine Invented"), told.therapist, starts_at=make.now)
    damage(session, "UPDATE response_sections SET care = :junk", junk=b"not sealed")
    page = sign_in(other.therapist).get("/clinic")
    assert page.status_code == 200
    assert "Measures cannot be read." in page.text
    assert "Fine Invented" in page.text
