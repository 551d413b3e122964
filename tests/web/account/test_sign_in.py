"""Signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders import PASSWORD
from tests.pages import where

REPLY = "do not fit together"


def try_in(client, email, password=PASSWORD, after=""):
    url = f"/sign-in?after={after}" if after else "/sign-in"
    return client.submit(url, {"email": email, "password": password})


def test_everybody_starts_where_their_work_is(client, make):
    for role, leads_to in (("therapist", "/clinic"), ("front-desk", "/clinic"), ("admin", "/admin/people")):
        user = make.user(role)
        assert try_in(client, user.email.upper()).location == leads_to
        assert client.get("/").location == leads_to


def test_unknown_people_wrong_passwords_and_closed_accounts_get_the_same_answer(client, make):
    good = make.therapist()
    closed, new = make.therapist(is_active=False), make.therapist(password_hash=None)
    replies = set()
    for email, password in (
        (good.email, "wrong on purpose"),
        ("nobody@example.org", PASSWORD),
        (closed.email, PASSWORD),
        (new.email, PASSWORD),
    ):
        answer = try_in(client, email, password)
        assert answer.status_code == 422
        assert REPLY in answer.text
        replies.add(re.sub(r'(value|data-token)="[^"]*"', "", answer.text))
    assert len(replies) == 1


def test_the_address_is_shown_again_and_the_password_never(client, make):
    page = try_in(client, "nobody@example.org", "marzipan lighthouse").text
    assert 'value="nobody@example.org"' in page
    assert "marzipan" not in page


def test_nobody_is_led_to_another_site(client, make):
    for after in (
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *(
            "/%09/evil.example",
            "/%0a/evil.example",
            "%20//evil.example",
            "http:evil.example",
            "evil.example",
            "///evil.example",
        ),
        *("/%5cevil.example", "/%09%5cevil.example", "/clinic%0d%0aSet-Cookie:%20x=1"),
    ):
        user = make.therapist()
        location = try_in(client, user.email, after=after).location
        assert re.match(r"/(?![/\\])[\x21-\x7e]*$", location), location
        assert "Set-Cookie: x" not in location


def test_somebody_who_was_sent_here_gets_back_to_where_they_were(client, make):
    note = make.note()
    asked = client.get(f"/clinic/notes/{note.id}?more=goal")
    assert asked.location.startswith("/sign-in?after=")
    back = client.submit(asked.location, {"email": note.author.email, "password": PASSWORD})
    assert back.location == f"/clinic/notes/{note.id}?more=goal"


def test_signing_out_ends_the_session_on_the_server_too(client, new_client, make, sign_in):
    sign_in(make.therapist())
    stolen = client.get_cookie("session").value
    assert client.submit("/sign-out", at="/clinic").location == "/sign-in"
    thief = new_client()
    thief.set_cookie("session", stolen)
    for browser in (client, thief):
        assert browser.get("/clinic").location.startswith("/sign-in")


def test_signing_in_starts_a_fresh_session(client, make, sign_in):
    user = make.therapist()
    sign_in(user)
    first = client.get_cookie("session").value
    sign_in(user)
    assert client.get_cookie("session").value != first


def test_signing_in_as_staff_leaves_the_patient_s_form(client, make, enter, sign_in):
    enter(make.invitation())
    sign_in(make.therapist())
    assert where(client.get("/f")) == "start"


def test_somebody_who_was_switched_off_is_out_at_the_next_request(client, new_client, make, sign_in, session):
    user, admin = make.therapist(), sign_in(make.admin(), new_client())
    sign_in(user)
    assert client.get("/clinic").status_code == 200
    admin.submit(f"/admin/people/{user.id}/off", at="/admin/people")
    assert client.get("/clinic").location.startswith("/sign-in")
    assert try_in(client, user.email).status_code == 422
    admin.submit(f"/admin/people/{user.id}/on", at="/admin/people")
    assert try_in(client, user.email).status_code == 303


@pytest.mark.parametrize(
    ("minutes", "times", "stays"), [(14, 2, True), (16, 1, False), (14, 51, True), (14, 52, False)]
)
def test_staff_are_signed_out_after_a_quarter_hour_idle_or_twelve_hours_in_all(
    clock, client, make, sign_in, minutes, times, stays
):
    sign_in(make.therapist())
    for _time in range(times):
        clock.shift(timedelta(minutes=minutes))
        answer = client.get("/clinic/patients")
    assert (answer.status_code == 200) == stays
