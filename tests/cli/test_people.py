"""flask people: what helps when nobody can sign in any more."""

from __future__ import annotations

import re

LINK = re.compile(r"http://127\.0\.0\.1:8000(/password#[\w-]{43})")


def test_a_link_to_choose_a_new_password_is_printed_and_works_once(app, client, make):
    user = make.admin()
    done = app.test_cli_runner().invoke(args=["people", "password", user.email.upper()])
    link = LINK.search(done.output)[1]
    assert client.submit(link, {"password": "nine purple lanterns"}).status_code == 303
    assert client.submit("/sign-in", {"email": user.email, "password": "nine purple lanterns"}).status_code == 303
    assert client.submit(link, {"password": "nine purple lanterns"}).status_code == 422


def test_an_address_nobody_has_is_said_in_one_sentence(app, make):
    make.admin()
    refused = app.test_cli_runner().invoke(args=["people", "password", "nobody@example.org"])
    assert refused.exit_code == 1
    assert refused.output == "Error: Nobody here has the address nobody@example.org.\n"
