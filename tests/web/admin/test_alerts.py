"""The page of reminders: hours, people, times, holidays, and what did not go out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.store import audit, outbox, people
from intake.store.lines import AuditEvent
from intake.store.outbox import Outgoing

URL = "/admin/alerts"
PLAIN = {
    "monday_from": "09:00", "monday_until": "13:30", "emergency_minutes": "10", "same_day_minutes": "45",
    "staff_mail": "y", "mail_name": "Garden Office", "version": "1",
}  # fmt: skip


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


def clinic(session):
    session.expire_all()
    return people.clinic(session)


def test_a_clinic_that_set_nothing_works_monday_to_friday_from_eight_to_five(admin, session):
    page = admin.get(URL).text
    assert page.count('value="08:00"') == page.count('value="17:00"') == 5
    assert 'value="15"' in page
    assert 'value="60"' in page


def test_hours_people_and_times_are_kept(admin, make, session):
    first, second = make.therapist(name="First Person"), make.therapist(name="Second Person")
    sent = {**PLAIN, "person_0": str(second.id), "person_1": str(first.id), "person_3": str(second.id)}
    assert admin.submit(URL, sent).status_code == 303
    found = clinic(session)
    assert found.opening == [["09:00", "13:30"], *[None] * 6]
    assert found.on_call == [str(second.id), str(first.id)]
    assert (found.times.emergency, found.times.same_day) == (timedelta(minutes=10), timedelta(minutes=45))
    assert (found.staff_mail, found.mail_name) == (True, "Garden Office")
    page = admin.get(URL).text
    assert page.index(f'selected value="{second.id}"') < page.index(f'selected value="{first.id}"')
    assert audit.has(session, "clinic.alerts-changed")


def test_mail_to_staff_can_be_switched_off(admin, session):
    assert admin.submit(URL, {name: value for name, value in PLAIN.items() if name != "staff_mail"}).status_code == 303
    assert clinic(session).staff_mail is False


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"monday_until": ""}, "both times of Monday"),
        ({"monday_from": ""}, "both times of Monday"),
        ({"monday_until": "09:00"}, "after the first one"),
        ({"tuesday_from": "late"}, "like 08:30"),
        ({"emergency_minutes": "0"}, "Minutes for an emergency"),
        ({"same_day_minutes": "1441"}, "Minutes for the same day"),
        ({"mail_name": ""}, "fill this in"),
        ({"mail_name": "a\x00b"}, "hidden characters"),
        ({"person_0": "5f1cbb0e-8b5e-4b7e-9d0a-0c5c3a6e0c11"}, "choose one of these"),
    ],
)
def test_what_cannot_be_is_pointed_out_and_changes_nothing(admin, session, wrong, said):
    answer = admin.submit(URL, {**PLAIN, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert clinic(session).version == 1


def test_only_people_who_can_open_an_entry_can_be_put_on_the_list(admin, make, session):
    for user in (make.front_desk(), make.assistant(), make.therapist(is_active=False)):
        assert admin.submit(URL, {**PLAIN, "person_0": str(user.id)}).status_code == 422


def test_settings_changed_meanwhile_are_not_overwritten(admin, session):
    admin.submit(URL, PLAIN)
    assert admin.submit(URL, {**PLAIN, "mail_name": "Other"}).status_code == 409
    assert clinic(session).mail_name == "Garden Office"


def test_a_holiday_is_added_once_and_taken_out_again(admin, session):
    day = {"day": "2026-11-26", "name": "Thanksgiving"}
    assert admin.submit(f"{URL}/holidays", day, at=URL).status_code == 303
    assert "Thanksgiving" in admin.get(URL).text
    assert "in the list already" in admin.submit(f"{URL}/holidays", day, at=URL).text
    assert clinic(session).holidays == [["2026-11-26", "Thanksgiving"]]
    assert admin.submit(f"{URL}/holidays/remove", {"day": "2026-11-26"}, at=URL).status_code == 303
    assert clinic(session).holidays == []


def test_a_day_of_the_list_is_no_working_day(admin, session):
    admin.submit(f"{URL}/holidays", {"day": "2026-11-26", "name": "Thanksgiving"}, at=URL)
    hours = clinic(session).hours
    assert hours.on(next(iter(hours.closed))) is None


def test_mail_that_did_not_go_out_is_said_in_plain_words_and_put_away(admin, make, session):
    person = make.therapist(name="Tess Telling")
    outbox.notify(session, person.id, make.now)
    session.commit()
    row = outbox.take(session, make.now)
    outbox.end(session, row, outbox.State.FAILED, make.now, outbox.Reason.REFUSED)
    session.commit()
    page = admin.get(URL).text
    assert "Reminder to Tess Telling" in page
    assert "The mail server refused it. Please check the address." in page
    assert admin.submit(f"{URL}/mails/{row.id}/put-away", at=URL).status_code == 303
    assert "Tess Telling" not in admin.get(URL).text.partition("Mail that did not go out")[2]
    assert session.scalars(select(Outgoing)).all() == []


def test_mail_to_a_colleague_that_did_not_go_out_is_tried_again_at_once_with_one_line(admin, make, session):
    person = make.therapist(name="Tess Telling")
    outbox.notify(session, person.id, make.now)
    session.commit()
    row = outbox.take(session, make.now)
    outbox.end(session, row, outbox.State.FAILED, make.now, outbox.Reason.UNREACHABLE)
    session.commit()
    for _click in range(2):
        assert admin.submit(f"{URL}/mails/{row.id}/again", at=URL).status_code == 303
    waiting = session.scalars(select(Outgoing).execution_options(populate_existing=True)).one()
    assert (waiting.state, waiting.tries, waiting.reason, waiting.ended_at) == (outbox.State.WAITING, 0, "", None)
    assert "Tess Telling" not in admin.get(URL).text.partition("Mail that did not go out")[2]
    assert outbox.take(session, datetime.now(UTC)).id == row.id
    session.rollback()
    said = [line.action for line in session.scalars(select(AuditEvent)) if line.action.startswith("mail.")]
    assert said == ["mail.tried-again"]


def test_a_mail_to_a_patient_is_not_tried_again_because_what_it_held_is_wiped(admin, make, session):
    row = outbox.invite(session, make.invitation(), "words", make.now)
    session.commit()
    outbox.end(session, outbox.take(session, make.now), outbox.State.FAILED, make.now, outbox.Reason.UNREACHABLE)
    session.commit()
    page = admin.get(URL).text
    assert "Try again" not in page
    assert "The front desk sees it on the page of the visit" in page
    told = admin.submit(f"{URL}/mails/{row.id}/again", at=URL)
    assert "can send a new one from the page of the visit" in admin.get(told.location).text
    assert session.scalars(select(Outgoing.state)).one() == outbox.State.FAILED


def test_a_mail_to_a_patient_that_did_not_go_out_names_nobody(admin, make, session):
    patient = make.patient(legal_name="Rowan Marzipan", contacts=[])
    row = outbox.invite(session, make.invitation(make.visit(patient)), "words", make.now)
    session.commit()
    outbox.end(session, outbox.take(session, make.now), outbox.State.HELD_BACK, make.now, outbox.Reason.NOT_SAFE)
    session.commit()
    page = admin.get(URL).text
    assert "Invitation to a patient" in page
    assert "by now e-mail is not safe" in page
    assert "Marzipan" not in page
    assert row.id is not None


def test_it_says_when_nothing_sends_the_mail(admin, make, session):
    assert "nobody has started what sends them" in admin.get(URL).text
    outbox.note_worker(session, make.now)
    session.commit()
    assert "No reminder and no mail goes out" not in admin.get(URL).text
    outbox.note_worker(session, make.now - timedelta(minutes=11))
    session.commit()
    assert "was last seen" in admin.get(URL).text


def test_entries_that_wait_too_long_are_counted_and_nothing_more(admin, make, session):
    patient = make.patient(legal_name="Rowan Marzipan")
    make.flag(
        make.intake(make.visit(patient)), rule="E1", severity="EMERGENCY", opened_at=make.now - timedelta(hours=1)
    )
    page = admin.get(URL).text
    assert "1 entry of the worklist waits longer than the clinic" in page
    top = page.partition("<main")[2].partition("halves")[0]
    assert [word for word in ("Marzipan", "Emergency", "E1") if word in top] == []


def test_nobody_but_an_administrator_finds_the_page(client, new_client, make, sign_in):
    for user in (make.therapist(), make.front_desk(), make.privacy_lead()):
        assert sign_in(user, new_client()).get(URL).status_code == 404
