"""flask keys rotate, in processes that are killed on the way, and beside servers that work on."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from intake.actions import keys as acts
from intake.app import create_app
from intake.config import Config, from_environment, key_settings
from intake.security import keyfile
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.security.providers.files import InFile
from intake.security.seal import SealError
from intake.store import rotation
from intake.store.audit import AuditEvent
from intake.store.engine import connect
from intake.store.patient_keys import COMPARTMENTS, Keys, PatientKey
from intake.store.patients import Patient
from intake.store.people import User
from tests import processes
from tests.builders import COST, KEYS, Builders
from tests.processes import flask
from tests.sizes import size, tell

PATIENTS = size(4, 8)
TIMES = 3
KILLS = size(3, 1000)  # at most: a full run kills at every point there is
BATCH = 5
UNREADABLE = "a record did not open"


@pytest.fixture
def environ(url, tmp_path_factory):
    """A clinic whose root key is the one the builders use, in a file apart from the records."""
    home = tmp_path_factory.mktemp("home")
    found = {"HOME": str(home), "DATABASE_URL": url, "KEY_FILE": str(home / "keys" / "clinic.key")}
    keyfile.write(key_settings(found).file, keyfile.written(KEYS).encode(), None)
    return found


@pytest.fixture
def names(make):
    """What has to be read again."""
    return sorted(make.patient().legal_name for _patient in range(PATIENTS))


def rotate(kill_at=0):
    """Rotate in small batches, and be gone at that point: a statement, a commit, or a step of writing the key file."""
    passed = 0

    def point(*_what, **_ever):
        nonlocal passed
        passed += 1
        if passed == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(act):
        @functools.wraps(act)
        def done(*arguments, **named):
            point()
            return act(*arguments, **named)

        return done

    acts.rewrap = functools.partial(acts.rewrap, most=BATCH)
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, point)
    os.fsync, Path.replace = before(os.fsync), before(Path.replace)
    try:
        flask("keys", "rotate")
    finally:
        sys.stdout.write(f"points {passed}\n")


def opened(environ):
    """Every name, read with the ring as it lies there; SealError when any key of anybody does not open."""
    keys = from_environment(environ).keys
    engine = connect(environ["DATABASE_URL"], keys)
    try:
        with Session(engine) as session:
            everybody = session.scalars(select(Patient)).all()
            held = Keys(keys)
            held.load(session.connection(), [patient.id for patient in everybody])
            for patient in everybody:
                assert len({held.key(patient.id, name).secret for name in COMPARTMENTS}) == len(COMPARTMENTS)
            return sorted(patient.legal_name for patient in everybody)
    finally:
        engine.dispose()


def left(environ):
    """How many data keys hang on another root than the one in use."""
    keys = from_environment(environ).keys
    engine = connect(environ["DATABASE_URL"], keys)
    try:
        with Session(engine) as session:
            return rotation.left(session, keys.current.id)
    finally:
        engine.dispose()


def test_a_rotation_leaves_every_record_readable_and_the_old_root_in_the_ring(environ, names, tmp_path, session):
    session.rollback()
    done = processes.run(tmp_path, environ, flask, "keys", "rotate")
    assert done.code == 0, done.err
    keys = from_environment(environ).keys
    assert (opened(environ), left(environ)) == (names, 0)
    assert keys.older == KEYS.roots
    assert keys.current.id in done.out
    assert keys.current.secret.hex() not in done.out + done.err
    actions = session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.startswith("keys.")).order_by(AuditEvent.seq)
    ).all()
    assert actions == ["keys.root-made", "keys.rewrapped"]


def test_killed_at_any_point_every_record_is_readable_and_the_next_run_finishes(environ, names, tmp_path, session):
    session.rollback()
    whole = processes.run(tmp_path, environ, rotate)
    points = int(re.search(r"points (\d+)", whole.out)[1])
    step = max(1, points // KILLS)
    killed = 0
    for point in range(1, points + 1, step):
        gone = processes.run(tmp_path, environ, rotate, point)
        assert gone.code == -signal.SIGKILL, (point, gone)
        assert opened(environ) == names, point
        again = processes.run(tmp_path, environ, rotate)
        assert again.code == 0, (point, again.err)
        assert (opened(environ), left(environ)) == (names, 0), point
        killed += 1
    assert killed >= 3
    tell(f"a rotation killed with SIGKILL at {killed} of {points} points: 0 records lost")


def cut_short():
    """Be gone as soon as the key file is written, before the line about it."""
    acts.record_root = lambda *_given, **_more: os.kill(os.getpid(), signal.SIGKILL)
    flask("keys", "rotate")


def test_a_rotation_that_was_cut_short_leaves_its_line_when_it_goes_on(environ, names, tmp_path, session):
    session.rollback()
    assert processes.run(tmp_path, environ, cut_short).code == -signal.SIGKILL
    made = AuditEvent.action == acts.ROOT_MADE
    assert session.scalars(select(AuditEvent).where(made)).all() == []
    session.rollback()
    for _time in range(2):
        assert processes.run(tmp_path, environ, flask, "keys", "rotate").code == 0
    session.rollback()
    told = session.scalars(select(AuditEvent.reason).where(made).order_by(AuditEvent.seq)).all()
    ring = from_environment(environ).keys
    assert told == [root.id for root in ring.roots if root not in KEYS.roots][::-1]


def careless():
    """The fault: data keys are wrapped under a root key that was never written down."""
    held = {}
    read = InFile.read
    InFile.write = lambda provider, ring: held.update(ring=ring)
    InFile.read = lambda provider: held.get("ring") or read(provider)
    rotate()


@pytest.mark.dear
def test_a_root_key_that_was_not_written_before_it_was_used_is_noticed(environ, names, tmp_path, session):
    session.rollback()
    assert processes.run(tmp_path, environ, careless).code == 0
    with pytest.raises(SealError):
        opened(environ)


# ---------------------------------------------------------------- beside servers


def work(connection, *, reloads=True):
    """A server that started before the rotation: it reads and writes until told to stop, then says what it did."""
    config = from_environment()
    keys = config.keys if reloads else KeyRing(config.keys.current, config.keys.older)
    engine = connect(config.database_url, keys)
    done = 0
    connection.send("ready")
    try:
        while not connection.poll() or not done:
            with Session(engine, expire_on_commit=False) as session:
                by = session.scalars(select(User)).first()
                Builders(session).patient(legal_name=f"Sample Patient {done}", by=by)
            with Session(engine) as session:
                assert all(patient.legal_name for patient in session.scalars(select(Patient)))
            done += 1
        connection.recv()
        with Session(engine) as session:  # once more, with everything wrapped anew
            assert all(patient.legal_name for patient in session.scalars(select(Patient)))
        connection.send((done, keys.current.id))
    except SealError:
        connection.send((done, UNREADABLE))


def beside(environ, tmp_path, **how):
    """What a server that was there before the rotation says after it."""
    (tmp_path / "server").mkdir()
    here, there = processes.FORK.Pipe()
    server = processes.Running(tmp_path / "server", environ, functools.partial(work, **how), there)
    there.close()
    assert here.recv() == "ready"  # EOFError when it ends instead
    turned = processes.run(tmp_path, environ, rotate)
    with contextlib.suppress(BrokenPipeError):  # it may have ended for a reason of its own
        here.send("stop")
    said = here.recv() if here.poll(processes.PATIENCE) else (0, "nothing")
    return turned, said, server.ended()


@pytest.mark.dear
def test_a_server_that_started_before_goes_on_reading_and_writing(environ, names, tmp_path, session):
    session.rollback()
    turned, (done, root), server = beside(environ, tmp_path)
    assert (turned.code, server.code) == (0, 0), turned.err + server.err
    assert done > 0
    assert root == from_environment(environ).keys.current.id
    processes.run(tmp_path, environ, flask, "keys", "rotate")  # what the server wrapped in between
    assert len(opened(environ)) == len(names) + done
    assert session.scalar(select(func.count()).select_from(PatientKey)) == 3 * (len(names) + done)


def test_a_server_that_does_not_look_again_for_keys_is_noticed(environ, names, tmp_path, session):
    session.rollback()
    for number in range(TIMES):  # a server that writes without a pause can keep a rotation from SQLite's only lock
        folder = tmp_path / str(number)
        folder.mkdir()
        turned, (_done, said), server = beside(environ, folder, reloads=False)
        if turned.code == 0:
            break
    assert said == UNREADABLE, turned.err + server.err


def test_servers_from_before_and_after_a_rotation_take_each_others_cookies(url, make, session):
    turned = KEYS.turned(table.new_root())
    before, after = (create_app(Config(database_url=url, keys=keys, password_cost=COST)) for keys in (KEYS, turned))
    for giver, taker in ((before, after), (after, before)):
        serializer = [app.session_interface.get_signing_serializer(app) for app in (giver, taker)]
        assert serializer[1].loads(serializer[0].dumps({"fern": "leaf"})) == {"fern": "leaf"}
    for app in (before, after):
        app.extensions["engine"].dispose()


def test_two_rotations_at_once_are_refused(environ, tmp_path):
    with keyfile.alone(key_settings(environ).file):
        refused = processes.run(tmp_path, environ, flask, "keys", "rotate")
    assert refused.code == 1
    assert "Somebody else is changing the keys" in refused.err
    assert "Traceback" not in refused.err


def test_keys_that_somebody_else_hands_over_are_turned_by_hand(environ, names, tmp_path, session):
    session.rollback()
    known = {**environ, "KEY_PROVIDER": "env", "KEY_ROOT": keyfile.written(KEYS).splitlines()[-1]}
    told = processes.run(tmp_path, known, flask, "keys", "rotate")
    line = re.search(r"^[0-9a-f]{8} [0-9a-f]{64}$", told.out, re.MULTILINE)[0]
    assert told.code == 1
    assert "start every server again" in told.err
    turned = {**known, "KEY_ROOT": f"{line}, {known['KEY_ROOT']}"}
    assert processes.run(tmp_path, turned, flask, "keys", "rotate").code == 0
    assert (opened(turned), left(turned)) == (names, 0)
