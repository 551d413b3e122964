"""flask serve: what is said and made before the first request."""

from __future__ import annotations

import re
import socket

import pytest
from click import ClickException

from intake.cli import NO_RUN
from intake.cli.serve import CONNECTIONS, SILENT, THREADS, offer_setup, run
from intake.store.people import OneTimeLink
from tests import processes
from tests.builders import KEYS, PASSWORD

CLINIC = {
    "clinic_name": "Fernbank", "clinic_phone": "555-0100", "time_zone": "America/Chicago",
    "name": "Ada Invented", "email": "ada@example.org", "password": PASSWORD,
}  # fmt: skip
LINK = re.compile(r"http://127\.0\.0\.1:8000(/set-up#[\w-]{43})")


def test_while_nobody_can_sign_in_a_one_time_link_is_printed(app, client, capsys, session):
    offer_setup(app)
    link = LINK.search(capsys.readouterr().out)[1]
    assert client.submit(link, CLINIC).status_code == 201
    assert link.rpartition("#")[2] not in repr(vars(session.query(OneTimeLink).one()))


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


@pytest.mark.dear
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "{taken}"}, "Port {taken} on 127.0.0.1 is taken: set PORT to another one."),
        (
            {"KEY_ROOT": "short"},
            "KEY_ROOT is damaged: a root key is 64 hexadecimal digits that fit the key id in front of them.",
        ),
    ],
)
def test_a_setting_that_will_not_do_stops_the_start_with_one_sentence(tmp_path, wrong, said):
    with socket.create_server(("127.0.0.1", 0)) as held:
        taken = held.getsockname()[1]
        settings = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'x.db'}",
            "PORT": str(taken),
            "AUDIT_SINKS": "none",
        }
        settings |= {"KEY_PROVIDER": "env", "KEY_ROOT": "0123456789abcdef" * 4}
        settings |= {name: value.format(taken=taken) for name, value in wrong.items()}
        done = processes.run(tmp_path, settings, processes.flask, "serve")
    assert done.code == 1
    assert done.err.strip().splitlines()[-1].removeprefix("Error: ") == said.format(taken=taken)
    assert "Traceback" not in done.err


def test_the_server_takes_as_many_connections_and_threads_as_is_written_down(app, monkeypatch):
    asked = {}

    def taken(_app, **settings):
        asked.update(settings)
        raise OSError

    monkeypatch.setattr("waitress.server.create_server", taken)
    with pytest.raises(ClickException, match="is taken"):
        run(app)
    found = asked["connection_limit"], asked["threads"], asked["channel_timeout"]
    assert found == (CONNECTIONS, THREADS, SILENT)


@pytest.mark.dear
@pytest.mark.parametrize("more", [(), ("--debugger",), ("--host", "0.0.0.0", "--reload")])
@pytest.mark.parametrize("reloaded", [{}, {"WERKZEUG_RUN_MAIN": "true"}])
def test_the_server_of_flask_itself_is_not_started(tmp_path, more, reloaded):
    """It checks nothing before it serves, and its debugger runs code for anybody."""
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'x.db'}", "AUDIT_SINKS": "none",
        "KEY_PROVIDER": "env", "KEY_ROOT": KEYS.current.secret.hex(),
    }  # fmt: skip
    done = processes.run(tmp_path, settings | reloaded, processes.flask, "run", "--port", "0", *more)
    assert (done.code, done.err.strip().splitlines()[-1]) == (1, NO_RUN)
