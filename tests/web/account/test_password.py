"""Changing one's own password, and what every field for one offers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from tests.builders import PASSWORD

NEW = "seven green kettles hum softly"
FIELD = re.compile(r"<input[^>]*type=\"password\"[^>]*>")


def led_on(client, user, password):
    """Whether the password leads to the second factor."""
    answer = client.submit("/sign-in", {"email": user.email, "password": password})
    return (answer.location or "").startswith("/sign-in/second")


def test_a_new_password_opens_the_door_and_the_old_one_no_more(client, new_client, make, sign_in):
    user = make.therapist()
    sign_in(user)
    assert client.submit("/account/password", {"password": NEW}).location == "/account"
    assert led_on(new_client(), user, NEW)
    assert not led_on(new_client(), user, PASSWORD)


def test_every_other_place_is_signed_out_and_this_one_is_not(client, new_client, make, sign_in):
    user = make.therapist()
    elsewhere = sign_in(user, new_client())
    sign_in(user)
    client.submit("/account/password", {"password": NEW})
    assert client.get("/clinic").status_code == 200
    assert elsewhere.get("/clinic").location.startswith("/sign-in")


@pytest.mark.parametrize("bad", ["short", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword1"])
def test_one_that_will_not_do_is_refused_with_the_reason_and_changes_nothing(client, new_client, make, sign_in, bad):
    user = make.therapist()
    sign_in(user)
    page = client.submit("/account/password", {"password": bad})
    assert page.status_code == 422
    assert "Please" in page.text
    assert led_on(new_client(), user, PASSWORD)


def test_a_password_does_not_end_by_its_age(client, make):
    user = make.therapist()
    with time_machine.travel(make.now + timedelta(days=3650)):
        assert led_on(client, user, PASSWORD)


@pytest.mark.parametrize("address", ["/sign-in", "/account/password", "/set-up/<setup>", "/password/<token>"])
def test_every_field_for_a_password_can_be_looked_at_and_filled_in_by_a_manager(client, sign_in, world, address):
    if address != "/sign-in":
        sign_in(world.therapist)
    page = client.get(re.sub("<(.+)>", lambda part: world.ids[part[1]], address)).text
    fields = FIELD.findall(page)
    assert fields
    for field in fields:
        name = re.search(r' id="([^"]+)"', field)[1]
        assert f'data-reveal="{name}"' in page, field
        assert re.search(r'autocomplete="(current|new)-password"', field), field
        assert not re.search(r"maxlength|readonly|onpaste", field), field
