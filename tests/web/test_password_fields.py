"""What every field for a password offers, and what a password is never asked to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from tests.builders import PASSWORD

FIELD = re.compile(r"<input[^>]*type=\"password\"[^>]*>")


@pytest.mark.parametrize("address", ["/sign-in", "/account/password", "/set-up", "/password"])
def test_every_field_for_a_password_can_be_looked_at_and_filled_in_by_a_manager(client, sign_in, make, address):
    if address == "/account/password":
        sign_in(make.therapist())
    page = client.get(address).text
    fields = FIELD.findall(page)
    assert fields
    for field in fields:
        name = re.search(r' id="([^"]+)"', field)[1]
        assert f'data-reveal="{name}"' in page, field
        assert re.search(r'autocomplete="(current|new)-password"', field), field
        assert not re.search(r"maxlength|readonly|onpaste", field), field


def test_a_password_does_not_end_by_its_age(client, make):
    user = make.therapist()
    with time_machine.travel(make.now + timedelta(days=3650)):
        answer = client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert answer.location.startswith("/sign-in/second")
