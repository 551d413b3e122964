"""flask people: what helps when nobody can sign in any more."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from intake.actions import resets
from intake.security import keyfile
from intake.store import factors
from intake.store.resets import OwnerKey
from tests import processes
from tests.builders import KEYS, SECRET

LINK = re.compile(r"http://127\.0\.0\.1:8000(/password#[\w-]{43})")
KEY = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}")


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


def test_the_only_administrator_is_given_a_role_on_the_server(app, make, session):
    ada, email = make.admin(name="Ada Invented", email="ada@example.org"), "ada@example.org"
    done = app.test_cli_runner().invoke(args=["people", "role", email.upper(), "therapist"])
    assert (done.exit_code, done.output) == (0, "Ada Invented is now: admin, therapist.\n")
    session.refresh(ada)
    assert ada.roles == ["admin", "therapist"]
    session.rollback()
    again = app.test_cli_runner().invoke(args=["people", "role", email, "therapist"])
    assert (again.exit_code, again.output) == (1, "Error: This person has this role already.\n")
    nobody = app.test_cli_runner().invoke(args=["people", "role", "nobody@example.org", "therapist"])
    assert nobody.output == "Error: Nobody here has the address nobody@example.org.\n"
    assert app.test_cli_runner().invoke(args=["people", "role", email, "owner"]).exit_code == 2


def test_the_only_account_starts_afresh_with_the_owner_s_key(app, client, make, session):
    email = make.admin().email
    key = resets.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    run = app.test_cli_runner().invoke
    wrong = run(args=["people", "reset", email], input="AAAA-BBBB-CCCC-DDDD-EEEE-FFFF\n")
    assert (wrong.exit_code, "not the owner's key" in wrong.output) == (1, True)
    done = run(args=["people", "reset", email], input=f"{key}\n")
    assert done.exit_code == 0, done.output
    assert client.submit(LINK.search(done.output)[1], {"password": "nine purple lanterns"}).status_code == 303
    client.submit("/sign-in", {"email": email, "password": "nine purple lanterns"})
    assert client.get("/clinic").location.startswith("/account/start")
    again = run(args=["people", "reset", email], input=f"{key}\n")
    assert (again.exit_code, "not the owner's key" in again.output) == (1, True), "a new one took its place"
    newest = KEY.search(run(args=["people", "owner-key"]).output)[0]
    assert run(args=["people", "reset", email], input=f"{newest}\n").exit_code == 0


# ---------------------------------------------------------------- what cannot be printed


@pytest.fixture
def environ(url, tmp_path):
    """A clinic whose root key is the one the builders use, in a file apart from the records."""
    path = tmp_path / "keys" / "clinic.key"
    keyfile.write(path, keyfile.written(KEYS).encode(), None)
    return {"HOME": str(tmp_path), "DATABASE_URL": url, "KEY_FILE": str(path)}


def into_a_full_disk(key, *arguments):
    """Type a command, and the key it may ask for, where nothing can be written."""
    reading, writing = os.pipe()
    os.write(writing, f"{key}\n".encode())
    os.close(writing)
    sys.stdin = os.fdopen(reading)
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    processes.flask(*arguments)


@pytest.mark.dear
@pytest.mark.parametrize("command", ["owner-key", "reset"])
def test_what_could_not_be_printed_changes_nothing(make, session, engine, environ, tmp_path, command):
    user = make.admin()
    key = resets.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    asked = ["people", command, *([user.email] if command == "reset" else [])]
    if (path := engine.url.database) and engine.dialect.name == "sqlite":
        for each in Path(path).parent.iterdir():
            each.chmod(0o600)
    done = processes.run(tmp_path, environ, into_a_full_disk, key, *asked)
    assert (done.code, "could not be printed" in done.err) == (1, True), done.err
    session.expire_all()
    assert len(session.scalars(select(OwnerKey)).all()) == 1
    assert user.password_hash is not None
    assert factors.has_any(session, user)
