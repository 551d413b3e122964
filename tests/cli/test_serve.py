"""flask serve: what is said and made before the first request."""

from __future__ import annotations

import re
import socket

import pytest
from click import ClickException

from intake.cli.serve import offer_setup, run
from intake.store.people import OneTimeLink
from tests.builders import PASSWORD

LINK = re.compile(r"http://127\.0\.0\.1:8000(/set-up/[\w-]{43})")


def test_while_nobody_can_sign_in_a_one_time_link_is_printed(app, client, capsys, session):
    offer_setup(app)
    link = LINK.search(capsys.readouterr().out)[1]
    assert client.get(link).status_code == 200
    assert link.rpartition("/")[2] not in repr(vars(session.query(OneTimeLink).one()))


def test_once_somebody_can_sign_in_no_link_is_offered(app, make, capsys, session):
    make.admin()
    offer_setup(app)
    assert capsys.readouterr().out == ""
    assert session.query(OneTimeLink).count() == 0


def test_there_is_no_account_and_no_password_to_begin_with(app, client, capsys):
    offer_setup(app)
    capsys.readouterr()
    for email in ("admin", "admin@example.org", "root@localhost.localdomain"):
        assert client.submit("/sign-in", {"email": email, "password": PASSWORD}).status_code == 422


def test_a_port_that_is_taken_is_said_in_one_sentence(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setenv("SECRET_KEY", "x" * 40)
        with pytest.raises(ClickException, match=f"Port {port} .* is taken"):
            run(app)
