"""Coming in: the access code of an invitation and the date of birth."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from intake.actions import invitations, patients
from intake.store import responses
from tests.pages import born, place, save
from tests.rows import changed, everything

REPLY = "This code and date do not open a form."


def try_in(browser, code, **date):
    return browser.submit("/start", {"code": code, **born(**date)})


def test_the_door_says_nothing_about_what_is_behind_it(client, make):
    make.clinic()
    page = client.get("/start").text.lower()
    assert not re.search(r"pelvi|birth(?!day)(?! date)(?!_date)|intimacy|postpartum", page.replace("date of birth", ""))


def test_looking_at_the_link_changes_nothing(client, make, session):
    invitation = make.invitation()
    before = everything(session)
    for path in (
        "/start",
        f"/start?code={make.codes[invitation.id]}",
        "/form",
        place("rf_bleed"),
        "/form/check",
        "/form/done",
    ):
        client.get(path)
        FlaskClient.open(client, path, method="HEAD")
    assert changed(before, everything(session)) == set()


def test_code_and_birth_date_lead_to_the_form(client, make):
    invitation = make.invitation()
    answer = try_in(client, make.codes[invitation.id])
    assert (answer.status_code, answer.location) == (303, "/form")
    assert "Part" in client.get(place("rf_bleed")).text


def test_the_code_may_be_typed_in_small_letters_with_spaces_or_without_dashes(client, make):
    for way in ("{lower}", " {spaced} ", "{bare}"):
        code = make.codes[make.invitation().id]
        typed = way.format(lower=code.lower(), spaced=code.replace("-", " "), bare=code.replace("-", ""))
        assert try_in(client, typed).status_code == 303


def test_whatever_is_wrong_with_a_link_the_reply_is_the_same(client, make, session):
    wrong, expired, revoked, called_off, frozen = (make.invitation(days=days) for days in (14, 1, 14, 14, 14))
    invitations.revoke(session, revoked, by=revoked.visit.therapist, now=make.now)
    patients.cancel(session, called_off.visit, by=called_off.visit.therapist, now=make.now)
    expired.expires_at = make.now - timedelta(seconds=1)
    frozen.frozen_until = make.now + timedelta(minutes=30)
    session.commit()
    codes = [make.codes[each.id] for each in (wrong, expired, revoked, called_off, frozen)] + [
        "0123-4567-89AB",
        "no code at all",
    ]
    days = [28, 27, 27, 27, 27, 27, 27]
    replies = []
    for code, day in zip(codes, days, strict=True):
        answer = try_in(client, code, day=day)
        page = re.sub(r'(value|data-token)="[^"]*"', "", answer.text)
        replies.append((answer.status_code, answer.headers.get("Location"), page))
    assert replies[0][0] == 422
    assert REPLY in replies[0][2]
    assert replies == replies[:1] * len(replies)
    assert responses.intake_of(session, wrong.visit_id) is None


def test_five_wrong_birth_dates_freeze_the_link_for_an_hour(client, make, clock):
    code = make.codes[make.invitation().id]
    for _try in range(5):
        assert try_in(client, code, year=1992).status_code == 422
    frozen = try_in(client, code)
    assert frozen.status_code == 422
    assert REPLY in frozen.text
    clock.shift(timedelta(minutes=59))
    assert try_in(client, code).status_code == 422
    clock.shift(timedelta(minutes=2))
    assert try_in(client, code).status_code == 303


def test_a_date_that_is_none_is_pointed_out_and_costs_no_try(client, make, session):
    invitation = make.invitation()
    for _try in range(6):
        page = try_in(client, make.codes[invitation.id], day=31, month=2)
        assert page.status_code == 422
    assert 'value="1993"' in page.text
    assert "has no day 31" in page.text
    session.refresh(invitation)
    assert invitation.wrong_tries == 0


def test_she_goes_on_with_the_same_answers_on_another_device(client, new_client, enter, make):
    invitation = make.invitation()
    enter(invitation)
    save(client, place("id_name_used"), {"id_name_used": "Ro from the phone"})
    laptop = enter(invitation, new_client())
    assert "Ro from the phone" in laptop.get(place("id_name_used")).text
    assert "Ro from the phone" in client.get(place("id_name_used")).text


def test_a_revoked_link_ends_the_session_it_opened(client, enter, make, session):
    invitation = make.invitation()
    enter(invitation)
    assert client.get("/form").status_code == 200
    invitations.revoke(session, invitation, by=invitation.visit.therapist, now=make.now)
    assert client.get("/form").location == "/start"


@pytest.mark.parametrize(("wait", "stays"), [((29, 1), True), ((31, 1), False), ((25, 9), True), ((25, 10), False)])
def test_a_patient_is_signed_out_after_half_an_hour_idle_or_four_hours_in_all(client, enter, make, clock, wait, stays):
    enter(make.invitation())
    minutes, times = wait
    for _time in range(times - 1):
        clock.shift(timedelta(minutes=minutes))
        client.get("/form")
    clock.shift(timedelta(minutes=minutes))
    assert (client.get("/form").status_code == 200) == stays
