"""What a running server writes, and where: lines on standard error, the database, and the checkpoints' place."""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path

import pytest
from flask.logging import default_handler
from sqlalchemy.orm import Session

from intake.app import create_app
from intake.config import from_environment
from intake.web import logs
from tests import processes
from tests.browsing import Browser
from tests.builders import KEYS, PASSWORD, Builders
from tests.pages import come_in, place, save

WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT
PLANTED = "planted.log"


def serve_and_tell(planted):
    """In a process of its own: serve people, and tell which files were opened for writing and who was called."""
    told = {"files": [], "called": []}
    sys.addaudithook(lambda event, given: noted(told, event, given))
    config = from_environment(os.environ)
    app = create_app(config)
    logs.set_up()
    if planted:
        logging.getLogger("intake.requests").addHandler(logging.FileHandler(planted))
    work(app)
    told["left open"] = left_open()
    told["elsewhere"] = [type(handler).__name__ for handler in handlers() if not is_quiet(handler)]
    sys.stdout.write(json.dumps(told))


def noted(told, event, given):
    if event == "open" and isinstance(given[0], str) and is_writing(*given[1:]):
        told["files"].append(given[0])
    elif event == "sqlite3.connect":
        told["files"].append(str(given[0]))
    elif event in {"socket.connect", "socket.sendto"}:
        told["called"].append(str(given[1]))


def is_writing(mode, flags):
    return bool(set(mode or "") & set("wax+")) or (mode is None and bool(flags & WRITING))


def handlers():
    loggers = [
        logging.getLogger(),
        *(each for each in logging.root.manager.loggerDict.values() if hasattr(each, "handlers")),
    ]
    return [handler for logger in loggers for handler in logger.handlers]


def is_quiet(handler):
    """Whether it writes to standard error or nowhere. Flask's own takes the request's stream, which is the same."""
    if isinstance(handler, logging.NullHandler) or handler is default_handler:
        return True
    return isinstance(handler, logging.StreamHandler) and handler.stream.fileno() == sys.stderr.fileno()


def left_open():
    """Files this process could write to at the end; the two that stand for its output are left out."""
    found = []
    for number in {int(path.name) for path in Path("/proc/self/fd").iterdir()} - {0, 1, 2}:
        try:
            place = Path(f"/proc/self/fd/{number}").readlink()
            flags = Path(f"/proc/self/fdinfo/{number}").read_text().split("flags:")[1].split()[0]
        except OSError:
            continue
        if place.is_file() and int(flags, 8) & (os.O_WRONLY | os.O_RDWR):
            found.append(str(place))
    return found


def work(app):
    """A patient answers, somebody signs in and fails to, somebody prints, a page is missing, a page breaks."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        make = Builders(session)
        make.clinic()
        invitation, user = make.invitation(), make.therapist()
        plan = make.plan(make.note(signed=True), issued=True)
        code, email, document = make.codes[invitation.id], user.email, plan.documents[0].id
    patient, staff = (Browser(app, app.response_class) for _ in range(2))
    come_in(patient, code)
    save(patient, place("rf_bleed"), {"rf_bleed": "heavy"})
    staff.submit("/sign-in", {"email": email, "password": "wrong on purpose, always"})
    staff.submit("/sign-in", {"email": email, "password": PASSWORD})
    staff.get("/nowhere")
    staff.get(f"/clinic/plans/documents/{document}")


@pytest.fixture
def told(tmp_path, sqlite_template):
    """What a server with these settings wrote, and the lines on its standard error."""

    def served(planted=""):
        data = tmp_path / "data"
        data.mkdir(mode=0o700)
        database = data / "clinic.db"
        database.write_bytes(sqlite_template.read_bytes())
        database.chmod(0o600)
        environ = {
            "HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}", "KEY_PROVIDER": "env",
            "KEY_ROOT": KEYS.current.secret.hex(), "AUDIT_SINKS": f"file:{tmp_path / 'checkpoints'}",
        }  # fmt: skip
        done = processes.run(tmp_path, environ, serve_and_tell, planted)
        assert done.code == 0, done.err
        return json.loads(done.out), done.err.splitlines()

    return served


def stray(told, folder):
    """The files that are neither the database nor a checkpoint, nor where the test keeps what the process says."""
    own = (*(str(folder / name) for name in ("data/clinic.db", "checkpoints", "1.txt", "2.txt")), os.devnull)
    return sorted({name for name in [*told["files"], *told["left open"]] if not name.startswith(own)})


@pytest.mark.dear
def test_while_serving_only_the_database_and_the_checkpoints_are_written(told, tmp_path):
    found, lines = told()
    assert stray(found, tmp_path) == []
    assert found["called"] == [], "nobody is told over the network"
    assert found["files"], "the database was seen to be opened"
    assert found["elsewhere"] == []
    assert {json.loads(line)["message"] for line in lines} >= {"request"}


@pytest.mark.dear
def test_a_log_beside_them_is_noticed(told, tmp_path):
    found, _lines = told(str(tmp_path / PLANTED))
    assert stray(found, tmp_path) == [str(tmp_path / PLANTED)]
    assert found["elsewhere"] == ["FileHandler"]
