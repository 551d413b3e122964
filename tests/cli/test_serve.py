"""flask serve: what is said and made before the first request."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest

from intake.cli.serve import offer_setup
from intake.config import ROOT
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "{taken}"}, "Port {taken} on 127.0.0.1 is taken: set PORT to another one."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short: give at least 32 random characters."),
    ],
)
def test_a_setting_that_will_not_do_stops_the_start_with_one_sentence(tmp_path, wrong, said):
    with socket.create_server(("127.0.0.1", 0)) as held:
        taken = held.getsockname()[1]
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "SECRET_KEY": "x" * 40, "PORT": str(taken)}
        settings |= {name: value.format(taken=taken) for name, value in wrong.items()}
        command = [sys.executable, "-m", "flask", "serve"]
        done = subprocess.run(
            command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].removeprefix("Error: ") == said.format(taken=taken)
    assert "Traceback" not in done.stderr
