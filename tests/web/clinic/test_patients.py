"""Finding people and adding new ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.actions import askings
from intake.store import beginnings, patients
from intake.store import visits as stored_visits
from tests.pages import place, save
from tests.rows import changed, everything

NEW = {"legal_name": "Rowan Invented", "birth_date": "1993-04-27", "mobile": "555-0123", "mobile_safe": "safe"}


@pytest.fixture
def desk(client, make, sign_in):
    return sign_in(make.front_desk())


def test_the_front_desk_adds_a_patient_with_how_safe_each_contact_is(desk, session):
    added = desk.submit(
        "/clinic/patients/new", {**NEW, "email": "r@example.org", "email_safe": "not-safe", "name_used": "Ro"}
    )
    assert added.status_code == 303
    (patient,) = patients.search(session, "rowan").patients
    assert patient.contacts == [
        {"method": "mobile", "value": "555-0123", "safe": "safe"},
        {"method": "email", "value": "r@example.org", "safe": "not-safe"},
    ]
    assert "Ro" in desk.get(added.location).text


def test_somebody_who_is_here_already_is_pointed_out_before_a_second_record_is_made(desk, make, session):
    make.patient(legal_name="ROWAN invented", birth_date=date(1993, 4, 27))
    again = desk.submit("/clinic/patients/new", NEW)
    assert again.status_code == 409
    assert 'value="Rowan Invented"' in again.text
    assert patients.search(session, "").total == 1
    assert desk.submit("/clinic/patients/new", {**NEW, "another": "yes"}).status_code == 303


def test_details_that_cannot_be_right_are_pointed_out_and_typed_text_stays(desk, session):
    for wrong in (
        *({"legal_name": ""}, {"birth_date": ""}, {"birth_date": "1993-02-30"}, {"birth_date": "2099-01-01"}),
        *({"birth_date": "1850-01-01"}, {"mobile": "call me"}, {"mobile_safe": "perhaps"}, {"legal_name": "x" * 201}),
        *({"legal_name": "a\u202eb"}, {"legal_name": "a\x00b"}),
    ):
        before = everything(session)
        page = desk.submit("/clinic/patients/new", {**NEW, "name_used": "Marzipan", **wrong})
        assert page.status_code == 422
        assert 'value="Marzipan"' in page.text
        assert changed(before, everything(session)) == set()


def test_a_search_finds_by_any_part_of_a_name_and_leaves_it_out_of_every_address(desk, make):
    patient, other = make.patient(legal_name="Marzipan Invented"), make.patient(legal_name="Robin Made-Up")
    page = desk.submit("/clinic/patients", {"q": "zipan"})
    assert (str(patient.id) in page.text, str(other.id) in page.text) == (True, False)
    assert 'value="zipan"' in page.text
    assert "zipan" not in page.text.partition("</title>")[0]
    assert str(other.id) in desk.get("/clinic/patients?q=zipan").text, (
        "an address that names somebody is not listened to"
    )
    assert "Nobody here" in desk.submit("/clinic/patients", {"q": "zzzz"}).text


def test_details_changed_meanwhile_are_not_overwritten(desk, make, session):
    patient = make.patient()
    url = f"/clinic/patients/{patient.id}/change"
    assert desk.submit(url, {**NEW, "name_used": "First", "version": "1"}).status_code == 303
    assert desk.submit(url, {**NEW, "name_used": "Second", "version": "1"}).status_code == 409
    session.expire_all()
    assert patients.get(session, patient.id).name_used == "First"


def test_a_visit_is_added_in_the_clinic_s_time(clock, desk, make, session):
    patient, therapist, place = make.patient(), make.therapist(), make.location()
    fields = {
        "therapist": str(therapist.id),
        "location": str(place.id),
        "kind": "follow-up",
        "starts_at": "2026-09-15T09:30",
    }
    added = desk.submit(f"/clinic/patients/{patient.id}/visits", fields, at=f"/clinic/patients/{patient.id}")
    assert added.status_code == 303
    session.expire_all()
    (visit,) = patients.get(session, patient.id).visits
    assert visit.starts_at.isoformat() == "2026-09-15T13:30:00+00:00"
    assert stored_visits.get(session, visit.id).therapist_id == therapist.id


def test_a_visit_that_cannot_be_is_pointed_out(clock, desk, make, session):
    for wrong in (
        *(
            {"starts_at": ""},
            {"starts_at": "tomorrow"},
            {"starts_at": "9999-12-31T23:59"},
            {"starts_at": "0001-01-01T00:00"},
            {"starts_at": "2026-03-08T02:30"},
        ),
        *({"therapist": "nobody"}, {"location": ""}, {"kind": "party"}),
    ):
        patient, therapist, place = make.patient(), make.therapist(), make.location()
        fields = {
            "therapist": str(therapist.id),
            "location": str(place.id),
            "kind": "follow-up",
            "starts_at": "2026-09-15T09:30",
        }
        page = desk.submit(f"/clinic/patients/{patient.id}/visits", fields | wrong, at=f"/clinic/patients/{patient.id}")
        assert page.status_code == 422
        session.expire_all()
        assert patients.get(session, patient.id).visits == []


def test_people_are_found_by_any_part_of_either_name(desk, make):
    make.patient(legal_name="Rowan Invented", name_used="Marzi")
    make.patient(legal_name="Somebody Else")
    for words in ("row inv", "MARZI", "invented"):
        page = desk.submit("/clinic/patients", {"q": words}).text
        assert "Marzi" in page
        assert "Somebody Else" not in page
    assert "Somebody Else" in desk.get("/clinic/patients").text


def test_the_front_desk_sees_nothing_clinical_of_a_patient(desk, make):
    intake = make.intake(answers={"fn_goal_top": {"value": "marzipan-lighthouse"}}, submitted=True)
    note = make.note(intake.visit, signed=True)
    for path in (
        f"/clinic/patients/{intake.patient_id}",
        f"/clinic/visits/{intake.visit_id}",
        "/clinic",
        "/clinic/patients",
    ):
        page = desk.get(path).text
        assert "marzipan-lighthouse" not in page
        assert "/clinic/charts/" not in page
        assert "/clinic/notes/" not in page
        assert str(note.id) not in page


def test_who_plans_a_visit_with_themselves_is_told_that_the_chart_stays_closed(clock, client, make, sign_in):
    patient, both = make.visit().patient, make.user("front-desk", "therapist")
    sign_in(both)
    fields = {
        "therapist": str(both.id), "location": str(make.location().id), "kind": "follow-up",
        "starts_at": "2026-09-20T09:30",
    }  # fmt: skip
    planned = client.submit(f"/clinic/patients/{patient.id}/visits", fields, at=f"/clinic/patients/{patient.id}")
    assert planned.status_code == 303
    assert "does not put you on the care team" in client.get(planned.location).text
    assert client.get(f"/clinic/charts/{patient.id}").status_code == 404


NOT_TO = "Marzipan Sample"


@pytest.mark.parametrize("later", ["check-in", "follow-up", "bladder-diary", "intake"])
def test_whom_nobody_may_talk_to_stays_in_sight_of_the_desk_once_another_form_is_begun(desk, make, session, later):
    first = make.intake(answers={"id_do_not_tell": {"value": NOT_TO}}, submitted=True)
    url = f"/clinic/patients/{first.patient_id}"
    assert NOT_TO in desk.get(url).text
    visit = make.visit(first.patient, kind="follow-up")
    beginnings.begin(session, visit, later, now=make.now)
    session.commit()
    assert NOT_TO in desk.get(url).text


def test_the_desk_sees_the_newest_word_on_each_question_and_passing_one_over_takes_nothing_back(desk, make, session):
    said = {"id_do_not_tell": {"value": NOT_TO}, "id_safe_times": {"value": "before noon"}}
    first = make.intake(answers=said, submitted=True)
    again = askings.ask_again(session, first, "reaching-you", visit=first.visit, by=first.visit.therapist, now=make.now)
    make.answer(again, {"id_do_not_tell": {"status": "skipped"}, "id_safe_times": {"value": "after six"}})
    page = desk.get(f"/clinic/patients/{first.patient_id}").text
    assert [words in page for words in (NOT_TO, "after six", "before noon")] == [True, True, False]


def test_what_hangs_on_another_part_is_the_newest_word_too_where_its_own_part_is_asked_again(desk, make, session):
    """Whether she takes e-mail is asked only of who ticked it, in another part."""
    said = {"id_contact_methods": {"value": ["email"]}, "cons_ecomm_email": {"value": "yes"}}
    first = make.intake(answers=said, submitted=True)
    again = askings.ask_again(
        session, first, "practical-consents", visit=first.visit, by=first.visit.therapist, now=make.now
    )
    make.answer(again, {"cons_ecomm_email": {"value": "no"}})
    page = desk.get(f"/clinic/patients/{first.patient_id}").text
    assert ("No e-mail, please" in page, "I accept the risk" in page) == (True, False)


def test_what_she_says_today_in_a_form_she_began_first_is_her_newest_word(
    client, make, enter, new_client, sign_in, session, clock
):
    """Another form was handed in meanwhile. The desk reads the new word, and may not use what she forbids."""
    patient = make.patient(contacts=[{"method": "email", "value": "her@fernleaf.example", "safe": "unknown"}])
    invitation = make.invitation(make.visit(patient))
    enter(invitation, new_client())
    clock.shift(timedelta(days=1))
    ways = {"id_contact_methods": {"value": ["mobile", "email"]}, "id_do_not_tell": {"value": "Marzipan Older"}}
    told = ways | {"id_safe_to_contact": {"value": {"mobile": "safe", "email": "safe"}}}
    make.intake(make.visit(patient), told, submitted=True)
    clock.shift(timedelta(days=1))
    fields = {"id_contact_methods": ["mobile", "email"], "id_do_not_tell": NOT_TO}
    flags = {"id_safe_to_contact.mobile": "safe", "id_safe_to_contact.email": "not-safe"}
    save(enter(invitation, new_client()), place("id_contact_methods"), fields | flags)
    desk, url = sign_in(make.front_desk(), client), f"/clinic/patients/{patient.id}"
    page = desk.get(url).text
    assert (NOT_TO in page, "Marzipan Older" in page) == (True, False)
    session.expire_all()
    changed = {**NEW, "email": "her@fernleaf.example", "email_safe": "safe", "version": str(patient.version)}
    assert desk.submit(f"{url}/change", changed).status_code == 422


def test_an_older_paper_that_is_typed_in_later_does_not_hide_whom_nobody_may_talk_to(client, make, sign_in, clock):
    first = make.intake(answers={"id_do_not_tell": {"value": NOT_TO}}, submitted=True)
    clock.shift(timedelta(hours=2))
    paper = {"id_do_not_tell": {"value": "Nobody"}, "id_safe_times": {"value": "before noon"}}
    on = make.now.date() - timedelta(days=14)
    make.transcript(make.visit(first.patient), filled_on=on, answers=paper, finished=True)
    page = sign_in(make.front_desk(), client).get(f"/clinic/patients/{first.patient_id}").text
    assert (NOT_TO in page, "before noon" in page) == (True, True)
