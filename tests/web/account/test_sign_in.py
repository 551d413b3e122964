"""Signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.authenticator import Device
from tests.builders import PASSWORD, code
from tests.pages import where

REPLY = "do not fit together"


def try_in(client, email, password=PASSWORD, after=""):
    url = f"/sign-in?after={after}" if after else "/sign-in"
    return client.submit(url, {"email": email, "password": password})


def test_everybody_starts_where_their_work_is(client, make):
    for role, leads_to in (("therapist", "/clinic"), ("front-desk", "/clinic"), ("admin", "/admin/people")):
        user = make.user(role)
        second = try_in(client, user.email.upper()).location
        assert client.submit(second, {"code": code()}).location == leads_to
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
        replies.add(re.sub(r'value="[^"]*"', "", answer.text))
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
        second = try_in(client, make.therapist().email, after=after).location
        location = client.submit(second, {"code": code()}).location
        assert re.match(r"/(?![/\\])[\x21-\x7e]*$", location), location
        assert "Set-Cookie: x" not in location


def test_somebody_who_was_sent_here_gets_back_to_where_they_were(client, make):
    note = make.note()
    asked = client.get(f"/clinic/notes/{note.id}?more=goal")
    assert asked.location.startswith("/sign-in?after=")
    second = client.submit(asked.location, {"email": note.author.email, "password": PASSWORD})
    assert client.submit(second.location, {"code": code()}).location == f"/clinic/notes/{note.id}?more=goal"


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


# ---------------------------------------------------------------- with a passkey alone


def ask(client):
    client.get("/sign-in")
    return client.post("/sign-in/passkey/options", data={"csrf_token": client.token}).json


def show(client, credential, after=""):
    way = f"?after={after}" if after else ""
    return client.post(f"/sign-in/passkey{way}", data={"csrf_token": client.token, "credential": credential})


def test_a_passkey_alone_signs_in_because_the_device_has_checked_its_person(client, make, session):
    device = Device.of(session, make.therapist(), make.now)
    assert show(client, device.show(ask(client))).location == "/clinic"
    assert client.get("/clinic").status_code == 200


def test_somebody_with_a_passkey_gets_back_to_where_they_were(client, make, session):
    device = Device.of(session, make.therapist(), make.now)
    assert show(client, device.show(ask(client)), after="/clinic/patients").location == "/clinic/patients"


def test_the_browser_is_told_of_nobody_s_passkeys(client, make, session):
    Device.of(session, make.therapist(), make.now)
    assert ask(client)["allowCredentials"] == []


def test_what_a_false_page_or_a_device_that_checks_nobody_hands_on_opens_nothing(client, make, session):
    user, closed = make.therapist(), make.therapist(is_active=False)
    for device in (
        Device.of(session, user, make.now, origin="https://evil.example"),  # the page between us and her
        Device.of(session, user, make.now, origin="https://evil.example", host="evil.example"),
        Device.of(session, user, make.now, verifies=False),
        Device.of(session, closed, make.now),
        Device(),
    ):
        refused = show(client, device.show(ask(client)))
        assert refused.status_code == 422
        assert "does not open this" in refused.text
        assert client.get("/clinic").location.startswith("/sign-in")


def test_an_answer_opens_the_door_once_and_only_in_its_own_browser(client, new_client, make, session):
    device, thief = Device.of(session, make.therapist(), make.now), new_client()
    answer = device.show(ask(client))
    ask(thief)
    assert show(thief, answer).status_code == 422
    assert show(client, answer).status_code == 303
    with client.session_transaction() as cookie:
        cookie.clear()
    client.get("/sign-in")
    assert show(client, answer).status_code == 422


def test_an_answer_that_comes_after_five_minutes_opens_nothing(clock, client, make, session):
    device = Device.of(session, make.therapist(), make.now)
    answer = device.show(ask(client))
    clock.shift(301)
    client.get("/sign-in")
    assert show(client, answer).status_code == 422


def test_nonsense_opens_nothing(client):
    for nonsense in ("", "x", "[]", "{}", '{"id": 7}', '{"id": "a", "response": {}}', "x" * 30_000, "[" * 9000):
        ask(client)
        assert show(client, nonsense).status_code == 422
