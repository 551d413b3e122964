"""flask keys init, status, unlock, sheet and recover, as an owner types them."""

from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from intake.config import ROOT, from_environment, key_settings
from intake.security import keyfile, sheet
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.files import InFile, UnderPassphrase
from intake.store.audit import AuditEvent
from intake.store.engine import connect
from tests import processes
from tests.builders import KEYS, Builders
from tests.transit import TOKEN, transit

WORDS = "seven green kettles hum"
PATIENCE = 60


@pytest.fixture
def environ(tmp_path):
    """A clinic that is not set up yet."""
    (tmp_path / "home").mkdir()
    database = f"sqlite:///{tmp_path / 'data' / 'clinic.db'}"
    return {"HOME": str(tmp_path / "home"), "DATABASE_URL": database, "AUDIT_SINKS": "none"}


@pytest.fixture
def flask(tmp_path):
    """Type a command of the app, in a process of its own."""
    return lambda environ, *arguments: processes.run(tmp_path, environ, processes.flask, *arguments)


# ---------------------------------------------------------------- unlocking


@pytest.fixture
def short():
    """A folder with a short name: that of a socket may have a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="fern", dir="/tmp") as folder:
        yield Path(folder)


def start(environ, *arguments):
    """A real command, as an owner would start it, without a terminal."""
    command = [sys.executable, "-m", "flask", *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", **environ}, cwd=ROOT, text=True, **pipes)


def unlock(environ, words):
    with start(environ, "keys", "unlock") as hand:
        out, err = hand.communicate(f"{words}\n", timeout=PATIENCE)
    return hand.returncode, out + err


def accepts(port):
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def reached(server, port):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status
    assert server.poll() is not None, "the server does not answer"
    return None


@pytest.mark.dear
def test_a_locked_server_serves_only_after_somebody_hands_it_the_passphrase(environ, short):
    environ |= {"KEY_PROVIDER": "passphrase", "KEY_SOCKET": str(short / "keys.sock")}
    settings, ring = key_settings(environ), KeyRing(table.new_root())
    UnderPassphrase(settings, ask=lambda: WORDS).write(ring)
    assert ring.current.secret.hex() not in settings.file.read_text()
    # When a server ends although it was unlocked, somebody may have taken its port meanwhile.
    assert 200 in (unlocked_on(port, environ, settings) for port in processes.free_ports())
    code, said = unlock(environ, WORDS)
    assert (code, "No server waits" in said) == (1, True)


def unlocked_on(port, environ, settings):
    """What a server answers that is locked at first and then unlocked; None when it ended."""
    with start({**environ, "PORT": str(port)}, "serve") as server:
        try:
            told = server.stderr.readline()
            assert "Locked until `flask keys unlock`" in told
            assert stat.S_IMODE(settings.socket.stat().st_mode) == 0o600
            code, said = unlock(environ, "seven green kettles hiss")
            assert (code, "does not open the keys" in said) == (1, True)
            assert server.poll() is None
            listened = accepts(port)
            assert unlock(environ, WORDS) == (0, "Unlocked: the server starts.\n")
            answered = reached(server, port)
            assert not (answered and listened), "nobody is let in while it is locked"
            assert not settings.socket.exists()
        finally:
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=PATIENCE)
    assert WORDS not in out + err
    return answered


# ---------------------------------------------------------------- where the keys are


def test_a_first_key_is_made_and_its_place_and_worth_are_told(environ, flask):
    made = flask(environ, "keys", "init", "file")
    root = from_environment(environ).keys.current
    assert (made.code, root.id in made.out, root.secret.hex() in made.out) == (0, True, False)
    told = flask(environ, "keys", "status").out
    for part in (str(key_settings(environ).file), "It stops:", "It does not stop:", root.id):
        assert part in told
    again = flask(environ, "keys", "init", "file")
    assert (again.code, "is there already" in again.err) == (1, True)
    assert from_environment(environ).keys.current == root


def test_a_key_moves_from_its_file_to_a_key_service_and_stays_the_same(environ, flask, tmp_path):
    flask(environ, "keys", "init", "file")
    ring = from_environment(environ).keys
    assert flask(environ, "db", "upgrade").code == 0
    assert flask(environ, "keys", "sheet").code == 0
    with transit() as server:
        token = tmp_path / "token"
        keyfile.write(token, TOKEN.encode(), None)
        vault = {"VAULT_ADDR": server.address, "VAULT_TOKEN_FILE": str(token)}
        moved = flask({**environ, **vault}, "keys", "init", "kms")
        assert moved.code == 0, moved.err
        place = re.search(r"KEY_PROVIDER=kms and KEY_FILE=(\S+),", moved.out)[1]
        known = {**environ, **vault, "KEY_PROVIDER": "kms", "KEY_FILE": place}
        assert from_environment(known).keys == ring
        assert flask(known, "keys", "rotate").code == 0
        assert actions(environ) == ["keys.sheet-printed", "keys.moved", "keys.root-made"]
        assert from_environment(known).keys.older == ring.roots
        assert server.asked.count("/v1/transit/encrypt/fernleaf") == 2


def test_no_new_key_is_made_for_records_whose_key_is_missing(environ, flask):
    flask(environ, "keys", "init", "file")
    assert flask(environ, "db", "upgrade").code == 0
    key_settings(environ).file.unlink()
    refused = flask(environ, "keys", "init", "file")
    assert (refused.code, "flask keys recover" in refused.err) == (1, True)
    assert not key_settings(environ).file.exists()


# ---------------------------------------------------------------- the sheet


def actions(environ):
    """What the trail says was done to the keys."""
    engine = connect(environ["DATABASE_URL"])
    with Session(engine) as session:
        found = session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    engine.dispose()
    return [action for action in found if action.startswith("keys.")]


def typed(environ, answers):
    with start(environ, "keys", "recover") as hand:
        out, err = hand.communicate("\n".join(answers) + "\n", timeout=PATIENCE)
    return hand.returncode, out + err


@pytest.mark.dear
def test_a_lost_key_comes_back_from_its_sheet(environ, flask):
    InFile(key_settings(environ)).write(KEYS)  # a fixed one: a slip in one of 65536 random ones would check
    flask(environ, "db", "upgrade")
    ring = from_environment(environ).keys
    assert ring == KEYS
    engine = connect(environ["DATABASE_URL"], ring)
    with Session(engine) as session:
        Builders(session).patient()
    engine.dispose()
    printed = flask(environ, "keys", "sheet").out
    lines = [match[1] for match in re.finditer(r"^  \d  (.+)$", printed, re.MULTILINE)]
    assert tuple(lines) == sheet.lines(ring.current)
    key_settings(environ).file.unlink()
    assert flask(environ, "doctor").code == 2
    slip = lines[0].replace(lines[0][0], "b" if lines[0][0] != "b" else "d", 1)
    code, said = typed(environ, [slip, *lines, "n"])
    assert (code, "Line 1 does not check" in said) == (0, True), said
    assert from_environment(environ).keys == ring
    assert f"3 data keys hang on {ring.current.id}, which is here." in said
    assert actions(environ) == ["keys.sheet-printed", "keys.recovered"]


@pytest.mark.dear
def test_the_wrong_sheet_is_seen_at_once(environ, flask):
    flask(environ, "keys", "init", "file")
    flask(environ, "db", "upgrade")
    engine = connect(environ["DATABASE_URL"], from_environment(environ).keys)
    with Session(engine) as session:
        Builders(session).patient()
    engine.dispose()
    key_settings(environ).file.unlink()
    code, said = typed(environ, [*sheet.lines(table.new_root()), "n"])
    assert (code, "not made with the root keys that are here" in said) == (1, True), said
    assert not key_settings(environ).file.exists()


@pytest.mark.dear
@pytest.mark.parametrize("typed_in", ["only the newest", "in another order"])
def test_half_a_sheet_or_one_in_another_order_is_seen_before_it_is_put_in_place(environ, flask, typed_in):
    flask(environ, "keys", "init", "file")
    flask(environ, "db", "upgrade")
    assert flask(environ, "keys", "rotate").code == 0
    assert flask(environ, "keys", "sheet").code == 0
    whole = from_environment(environ).keys
    key_settings(environ).file.unlink()
    newest, oldest = (sheet.lines(root) for root in whole.roots)
    answers = [*newest, "n"] if typed_in == "only the newest" else [*oldest, "y", *newest, "n"]
    code, said = typed(environ, answers)
    assert (code, "an older root key is missing, or they are in another order" in said) == (1, True), said
    assert not key_settings(environ).file.exists()
    code, said = typed(environ, [*newest, "y", *oldest, "n"])
    assert (code, from_environment(environ).keys) == (0, whole), said
    assert flask(environ, "audit", "verify").code == 0


def test_no_sheet_is_printed_without_its_line(environ, flask):
    flask(environ, "keys", "init", "file")
    flask(environ, "db", "upgrade")
    assert flask(environ, "keys", "rotate").code == 0
    engine = connect(environ["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE audit"))
    engine.dispose()
    refused = flask(environ, "keys", "sheet")
    assert (refused.code, "Root key" in refused.out) == (1, False), refused.out
