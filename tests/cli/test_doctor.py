"""flask doctor finds each unsafe setting, and the start refuses every dangerous one (CONF)."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from intake.app import create_app
from intake.cli.doctor import ENDS, doctor, machine, records, start
from intake.cli.doctor.checks import Check, Facts, Needs, Severity, UncheckedError, run
from intake.cli.doctor.table import CHECKS
from intake.cli.keys.first import make_key
from intake.config import ROOT, ConfigError, from_environment, key_settings
from intake.security import hardening, keyfile, ledger, mounts
from intake.security.keys import KeyRing, RootKey
from intake.security.providers import table
from intake.security.providers.files import UnderPassphrase
from intake.store import audit, durability, outbox, shreds
from intake.store.engine import connect
from tests import postgres, processes
from tests.builders import Builders

BY_NAME = {check.name: check for check in CHECKS}
NOW = datetime(2026, 9, 15, tzinfo=UTC)
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@pytest.fixture
def environ(tmp_path, sqlite_template):
    """The safe baseline: production, https, a private key file outside a private data folder, current tables."""
    (tmp_path / "home").mkdir()
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    found = {
        "HOME": str(tmp_path / "home"), "DATABASE_URL": f"sqlite:///{data / 'clinic.db'}",
        "FERNLEAF_ENV": "production", "PUBLIC_URL": "https://localhost:1",  # nobody answers there
    }  # fmt: skip
    make_key(found)
    shutil.copyfile(sqlite_template, data / "clinic.db")
    (data / "clinic.db").chmod(0o600)
    return found


def started(environ):
    """Start as wsgi does, in this process; ConfigError when the start is refused."""
    start.refuse_settings(environ)
    app = create_app(from_environment(environ))
    try:
        start.refuse_database(app, environ)
    finally:
        app.extensions["engine"].dispose()
    return app


def database(environ, *statements):
    engine = connect(environ["DATABASE_URL"])
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def planted(*statements):
    return lambda environ, patch: database(environ, *statements)


def pragma(statement):
    """A setting of SQLite that something changes after Fernleaf has set it."""

    def plant(environ, patch):
        from intake.store import engine as engines

        settle = engines._settle

        def changed(connection, record):
            settle(connection, record)
            connection.execute(f"PRAGMA {statement}")

        patch.setattr(engines, "_settle", changed)

    return plant


def journal(environ, patch):
    from intake.store import engine as engines

    patch.setattr(engines, "PRAGMAS", tuple(each for each in engines.PRAGMAS if not each.startswith("journal")))
    engine = connect(environ["DATABASE_URL"])
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode=DELETE")
    engine.dispose()


def setting(**changed):
    return lambda environ, patch: environ.update(changed)


def key(change):
    return lambda environ, patch: change(key_settings(environ).file)


def damaged(path):
    keyfile.write(path, path.read_bytes()[:-9], None)


def emptied(path):
    keyfile.write(path, b"", None)


def bare_where_a_passphrase_is_wanted(environ, patch):
    environ |= {"KEY_FILE": str(key_settings(environ).file), "KEY_PROVIDER": "passphrase"}


def inside_data(environ, patch):
    path = Path(environ["DATABASE_URL"].removeprefix("sqlite:///")).with_name("root.key")
    shutil.copy(key_settings(environ).file, path)
    environ["KEY_FILE"] = str(path)


def demo(environ, patch):
    engine = connect(environ["DATABASE_URL"], from_environment(environ).keys)
    with Session(engine) as session:
        audit.record(session, "demo.loaded", now=datetime.now(UTC))
        session.commit()
    engine.dispose()


def checkpoints_beside_the_records(environ, patch):
    environ["AUDIT_SINKS"] = f"file:{Path(environ['DATABASE_URL'].removeprefix('sqlite:///')).with_name('checkpoints')}"


def a_made_up_key(environ, patch):
    made_up = KeyRing(RootKey.of(b"the clinic's ow" * 2 + b"n!"))
    keyfile.write(key_settings(environ).file, keyfile.written(made_up).encode(), None)


def another_key(environ, patch):
    patient(environ)
    database(environ, "UPDATE patient_keys SET root_id = '0badc0de'")


def a_trail_of_another_key(environ, patch):
    engine = connect(environ["DATABASE_URL"], KeyRing(table.new_root()))
    with Session(engine) as session:
        audit.record(session, "test.done", now=datetime.now(UTC))
        session.commit()
    engine.dispose()


def patient(environ):
    engine = connect(environ["DATABASE_URL"], from_environment(environ).keys)
    with Session(engine, expire_on_commit=False) as session:
        made = Builders(session).patient()
    engine.dispose()
    return made.id


def back_from_a_backup(environ, patch):
    ring = from_environment(environ).keys
    day = datetime.now(UTC).date()
    ledger.add(key_settings(environ).ledger, patient(environ), key=ring.derive("shred-ledger"), on=day)


def a_ledger_left_behind(environ, patch):
    """The trail knows of an erasure; the settings lead to a place without its ledger."""
    engine = connect(environ["DATABASE_URL"], from_environment(environ).keys)
    with Session(engine) as session:
        audit.record(session, shreds.SHREDDED, now=datetime.now(UTC), patient_id=patient(environ))
        session.commit()
    engine.dispose()


def a_ledger_nobody_can_read(environ, patch):
    key_settings(environ).ledger.mkdir()


def loose_file(environ, patch):
    Path(environ["DATABASE_URL"].removeprefix("sqlite:///")).chmod(0o644)


def a_plain_way_to_a_database(environ, patch):
    environ["KEY_FILE"] = str(key_settings(environ).file)
    environ["DATABASE_URL"] = "postgresql://somebody@database.invalid/x?sslmode=require"


# {check: ways to make it unsafe, each alone}
UNSAFE = {
    "settings": (
        setting(PORT="http"), setting(DATABASE_URL="mysql://x/y"), setting(DATABASE_URL="sqlite://"),
        setting(DATABASE_URL="sqlite:///file:/srv/x.db?uri=true"),
        setting(FERNLEAF_ENV="prod"), setting(PROXIES="two"), setting(AUDIT_SINKS="fax:555"),
        setting(SMTP_URL="mail.example.org"), setting(MAIL_FROM="nobody at all"), checkpoints_beside_the_records,
    ),
    "plain-http": (
        setting(PUBLIC_URL="http://forms.example.org"), setting(HOST="0.0.0.0", PUBLIC_URL=""),
        setting(PUBLIC_URL="https://forms.example.org/path"), setting(PUBLIC_URL=""),
    ),
    "debug": (setting(FLASK_DEBUG="1"), setting(FLASK_DEBUG="true")),
    "key-source": (
        setting(KEY_PROVIDER="env", KEY_ROOT="00" * 32), setting(KEY_PROVIDER="dongle"),
        setting(KEY_PROVIDER="systemd-creds"), setting(KEY_PROVIDER="env", KEY_ROOT_FILE="/nonexistent"),
        setting(KEY_PROVIDER="env", KEY_ROOT="00", FERNLEAF_ENV="development"),
    ),
    "key-file": (
        key(lambda path: path.chmod(0o440)), key(lambda path: path.chmod(0o404)), key(lambda path: path.unlink()),
        key(lambda path: path.parent.chmod(0o777)), inside_data, setting(KEY_PROVIDER="kms"),
        setting(KEY_PROVIDER="passphrase"), key(damaged), key(emptied), bare_where_a_passphrase_is_wanted,
    ),
    "database-file": (loose_file,),
    "database-tls": (a_plain_way_to_a_database,),
    "safeguards": (
        planted("DROP TRIGGER audit_final_delete"),
        planted("CREATE TRIGGER more AFTER INSERT ON flags BEGIN UPDATE flags SET closed_at = NEW.opened_at; END"),
        planted(
            "DROP TRIGGER flags_final_delete",
            "CREATE TRIGGER flags_final_delete BEFORE DELETE ON flags BEGIN SELECT 1; END",
        ),
    ),
    "whole-answers": (
        planted("DROP INDEX ix_audit_action", "CREATE INDEX ix_audit_action ON audit (action) WHERE seq <> 4"),
        planted("CREATE VIEW more AS SELECT * FROM audit"),
    ),
    "schema": (lambda environ, patch: database(environ, "UPDATE alembic_version SET version_num = '0000'"),),
    "journal-mode": (journal,),
    "synchronous": (pragma("synchronous=NORMAL"), pragma("synchronous=OFF")),
    "foreign-keys": (pragma("foreign_keys=OFF"),),
    "secure-delete": (pragma("secure_delete=OFF"),),
    "trusted-schema": (pragma("trusted_schema=ON"),),
    "demo-data": (demo,),
    "random-key": (a_made_up_key,),
    "root-keys": (another_key,),
    "trail-key": (a_trail_of_another_key,),
    "shred-ledger": (a_ledger_left_behind, a_ledger_nobody_can_read),
    "erased-records": (back_from_a_backup,),
}  # fmt: skip
CARELESS = {"fsync", "full-page-writes", "synchronous-commit"}
ON_POSTGRESQL = CARELESS | {"transaction-read-only"}
CASES = [(name, number) for name, ways in UNSAFE.items() for number in range(len(ways))]
# The program reads these itself and would stop a moment later: there is no start without their check to be seen.
READ_AGAIN = {"settings", "plain-http", "key-source", "key-file"}
CONTROLS = [case for case in CASES if case[0] not in READ_AGAIN]


def test_the_safe_baseline_starts(environ, tmp_path):
    started(environ)
    assert processes.run(tmp_path, environ, serve_with, "").code == 0


def test_every_dangerous_check_has_a_way_to_fail():
    dangerous = {check.name for check in (*start.FIRST, *start.LATER)}
    not_at_a_start = {check.name for check in CHECKS if check.needs in {Needs.NETWORK, Needs.TIME}}
    assert {check.name for check in CHECKS if check.severity is Severity.DANGEROUS} - dangerous <= not_at_a_start
    assert UNSAFE.keys() | ON_POSTGRESQL == dangerous


def serve_with(name, number=0, without=""):
    """In a process of its own: plant a fault, ask the doctor, then start as a server does. 0 when it started."""
    with pytest.MonkeyPatch.context() as patch:
        environ = dict(os.environ)
        if name:
            UNSAFE[name][number](environ, patch)
        os.environ.update(environ)
        for part in ("FIRST", "LATER"):
            patch.setattr(start, part, tuple(check for check in getattr(start, part) if check.name != without))
        with pytest.raises(SystemExit) as ended:
            doctor.main([])
        sys.stdout.write(f"ended with {ended.value.code}\n")
        importlib.import_module("wsgi")
        sys.stdout.write("started\n")


@pytest.mark.dear
@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{name}-{number}" for name, number in CASES])
def test_each_unsafe_setting_alone_stops_the_start_with_the_sentence_of_its_check(environ, name, number, tmp_path):
    done = processes.run(tmp_path, environ, serve_with, name, number)
    sentence = done.err.strip().splitlines()[-1]
    assert (done.code, "started" in done.out, "Traceback" in done.err) == (1, False, False)
    assert sentence.endswith(".")
    assert f"{'dangerous':11} {name:16} {sentence}" in done.out.splitlines()
    assert "ended with 2" in done.out


@pytest.mark.dear
@pytest.mark.parametrize(("name", "number"), CONTROLS, ids=[f"{name}-{number}" for name, number in CONTROLS])
def test_without_its_check_the_same_setting_would_pass(environ, name, number, tmp_path):
    """The control: the check stops the start, not luck."""
    done = processes.run(tmp_path, environ, serve_with, name, number, name)
    assert (done.code, "started" in done.out) == (0, True), done.err


def findings(environ, **facts):
    """What the doctor finds, with the database and the keys as far as they can be had."""
    known = Facts(environ, datetime.now(UTC))
    engine = keys = None
    try:
        keys = from_environment(environ).keys
        engine = connect(known.database_url, keys)
    except ConfigError:
        pass
    found = run(CHECKS, Facts(environ, facts.get("now", known.now), engine, keys))
    if engine is not None:
        engine.dispose()
    return found


def bad(environ, **facts):
    return {finding.check.name for finding in findings(environ, **facts) if finding.sentence and finding.checked}


# ---------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="module")
def careful():
    """A server that writes as safely as a clinic's."""
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("TEST_DATABASE_URL", raising=False)
            try:
                found = stack.enter_context(postgres.server((*SAFE, "shared_buffers=32MB")))
            except postgres.MissingError as missing:
                pytest.skip(str(missing))
        yield found


def test_a_server_that_writes_safely_is_taken_and_one_that_does_not_is_refused(environ, careful, postgresql_template):
    from intake.store import migrations

    url = careful.create()
    engine = connect(url)
    migrations.upgrade(engine)
    assert {name for name in durability.POSTGRESQL if durability.unsafe(engine, name)} == set()
    engine.dispose()
    known = {**environ, "DATABASE_URL": url}
    make_key(known, even_if_used=True)
    started(known)
    careless = {**environ, "DATABASE_URL": postgresql_template}
    make_key(careless, even_if_used=True)
    assert bad(careless) >= CARELESS
    with pytest.raises(ConfigError, match="fsync is off, so a crash can damage the database: set it to on"):
        started(careless)


def test_one_setting_of_postgresql_alone_is_enough(environ, careful):
    from intake.store import migrations

    url = careful.create()
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    name = url.partition("?")[0].rpartition("/")[2]
    careful._run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    known = {**environ, "DATABASE_URL": url}
    make_key(known, even_if_used=True)
    with pytest.raises(ConfigError, match="synchronous_commit is off"):
        started(known)


def test_a_copy_that_only_reads_is_refused(environ, careful):
    from intake.store import migrations

    url = careful.create()
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    name = url.partition("?")[0].rpartition("/")[2]
    careful._run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    known = {**environ, "DATABASE_URL": url}
    make_key(known, even_if_used=True)
    with pytest.raises(ConfigError, match="target_session_attrs=read-write"):
        started(known)


# ---------------------------------------------------------------- warnings


def test_the_safe_baseline_has_nothing_dangerous(environ):
    dangerous = {check.name for check in CHECKS if check.severity is Severity.DANGEROUS}
    assert not bad(environ) & dangerous


def test_a_clock_that_went_back_is_noticed(environ):
    demo(environ, None)
    now = datetime.now(UTC)
    assert "clock" in bad(environ, now=now - timedelta(minutes=10))
    assert "clock" not in bad(environ, now=now - timedelta(minutes=1))


def test_a_bare_key_on_the_disk_of_the_records_is_noticed_unless_the_disk_is_encrypted(environ, monkeypatch):
    assert "same-disk" in bad(environ)
    monkeypatch.setattr(mounts, "is_seen_encrypted", lambda path: True)
    assert "same-disk" not in bad(environ)


def test_a_folder_others_can_look_into_is_noticed(environ, tmp_path):
    assert "database-folder" not in bad(environ)
    (tmp_path / "data").chmod(0o755)
    assert "database-folder" in bad(environ)


@pytest.mark.parametrize(
    ("url", "noticed"),
    [
        ("postgresql://u@db.example.org/x", True),
        ("postgresql://u@db.example.org/x?sslmode=require", True),
        ("postgresql://u@db.example.org/x?sslmode=verify-full", False),
        ("postgresql://u@127.0.0.1/x", False),
        ("postgresql:///x?host=/run/postgresql", False),
    ],
)
def test_a_plain_way_to_the_database_is_noticed(url, noticed):
    facts = Facts({"DATABASE_URL": url}, datetime.now(UTC))
    assert (machine.database_link(facts) is not None) is noticed
    assert machine.database_elsewhere(facts) is None, "a clinic that only tries it out is warned, and starts"
    real = Facts({"DATABASE_URL": url, "FERNLEAF_ENV": "production"}, datetime.now(UTC))
    assert machine.database_elsewhere(real) == machine.database_link(facts)


def test_core_dumps_are_noticed(environ):
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
        assert "core-dumps" not in bad(environ)
        if before[1] != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (1, before[1]))
            assert "core-dumps" in bad(environ)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_a_clock_nobody_keeps_right_is_noticed(environ, tmp_path, monkeypatch):
    for said, noticed in (("no", True), ("yes", False)):
        program = tmp_path / "timedatectl"
        program.write_text(f"#!/bin/sh\necho {said}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        assert ("clock-is-set" in bad(environ)) is noticed


def test_swap_on_a_plain_disk_is_told_but_is_no_warning(environ, monkeypatch):
    monkeypatch.setattr(mounts, "plain_swap", lambda: ["/swapfile"])
    assert "swap" in bad(environ)
    assert BY_NAME["swap"].severity is Severity.INFO


def test_checkpoints_that_stay_on_the_disk_of_the_records_are_noticed(environ, tmp_path):
    beside = f"file:{tmp_path / 'checkpoints'}"
    assert "checkpoints" in bad({**environ, "AUDIT_SINKS": beside})
    assert "checkpoints" not in bad({**environ, "AUDIT_SINKS": f"{beside} syslog:"})
    assert "checkpoints" not in bad({**environ, "AUDIT_SINKS": "file:/proc/checkpoints"})


def test_the_usual_place_of_checkpoints_is_looked_at_too(environ, tmp_path):
    assert "checkpoints" in bad({**environ, "XDG_STATE_HOME": str(tmp_path / "state")})
    assert "checkpoints" not in bad({**environ, "XDG_STATE_HOME": "/proc"})


def test_a_clinic_without_any_checkpoints_is_noticed_and_a_demo_is_not(environ):
    assert "checkpoints" in bad({**environ, "AUDIT_SINKS": "none"})
    assert "checkpoints" not in bad({**environ, "AUDIT_SINKS": "none", "FERNLEAF_ENV": ""})


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        ({}, True),
        ({"PROXIES": "1"}, False),
        ({"FERNLEAF_ENV": "", "PUBLIC_URL": "", "PROXIES": "1"}, True),
        ({"FERNLEAF_ENV": "", "PUBLIC_URL": "", "PROXIES": "0"}, False),
    ],
)
def test_a_wrong_number_of_proxies_is_noticed(environ, changed, noticed):
    assert ("proxies" in bad({**environ, **changed})) is noticed


def test_a_mail_server_that_nobody_named_is_noticed(environ):
    assert "mail" in bad(environ)
    assert "mail" not in bad({**environ, "SMTP_URL": "smtps://mail.example.org"})
    assert "mail" not in bad({**environ, "FERNLEAF_ENV": "development"})


def test_a_worker_that_nobody_started_or_that_is_gone_is_noticed(environ):
    assert "worker" not in bad(environ), "there is no clinic yet"
    engine = connect(environ["DATABASE_URL"], KeyRing.from_secret(b"a fixed key that only the tests use!"))
    with Session(engine) as session:
        Builders(session).admin()
        assert "worker" in bad(environ)
        outbox.note_worker(session, datetime.now(UTC))
        session.commit()
    engine.dispose()
    assert "worker" not in bad(environ)
    assert "worker" in bad(environ, now=datetime.now(UTC) + timedelta(minutes=11))


@pytest.mark.parametrize(
    ("url", "noticed"),
    [
        ("smtp://fern:secret@mail.example.org:587", True),
        ("smtps://fern:secret@mail.example.org", False),
        ("smtp://mail.example.org", False),
        ("smtp://fern:secret@localhost", False),
    ],
)
def test_a_mail_password_in_the_open_is_noticed(environ, url, noticed):
    assert ("mail-link" in bad({**environ, "SMTP_URL": url})) is noticed


def test_keys_left_under_an_older_root_are_noticed(environ):
    patient(environ)
    assert "older-root" not in bad(environ)
    ring = from_environment(environ).keys
    keyfile.write(key_settings(environ).file, keyfile.written(ring.turned(table.new_root())).encode(), None)
    assert "older-root" in bad(environ)


# ---------------------------------------------------------------- a database that does not answer

AWAY = "postgresql://nobody@127.0.0.1:9/x"


@pytest.mark.parametrize("command", [("serve",), ("db", "upgrade"), ("db", "check")])
def test_a_command_that_needs_the_database_says_in_one_sentence_that_it_does_not_answer(environ, command, flask):
    known = {**environ, "DATABASE_URL": AWAY}
    make_key(known)
    told = flask(known, *command)
    assert told.code == 1
    assert told.err.strip() == f"Error: {records.UNREACHABLE}"


def test_any_other_command_says_so_too(environ, flask):
    known = {**environ, "DATABASE_URL": AWAY}
    make_key(known)
    told = flask(known, "people", "password", "somebody@example.org")
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "does not answer" in told.err


def serving_later(environ, url, capsys):
    """Start while the database is away, then let it come back: what the start said, and two answers."""
    app = create_app(from_environment({**environ, "DATABASE_URL": AWAY, "KEY_FILE": str(key_settings(environ).file)}))
    away, back = app.extensions["engine"], connect(url, app.config["KEYS"])
    start.prepare(app)
    said = capsys.readouterr().err.strip()
    first = app.test_client().get("/sign-in")
    for name in ("engine", "reading"):
        app.extensions[name] = back
    second = app.test_client().get("/sign-in")
    away.dispose()
    back.dispose()
    return said, first, second


def test_a_server_that_starts_before_its_database_serves_nobody_until_it_answers(environ, capsys, monkeypatch):
    monkeypatch.setattr(hardening, "keep_memory_private", lambda: None)
    said, before, after = serving_later(environ, environ["DATABASE_URL"], capsys)
    assert said == records.UNREACHABLE
    assert (before.status_code, before.headers["Retry-After"]) == (503, "10")
    assert after.status_code == 200


def test_what_the_start_opened_is_not_shared_with_processes_that_are_forked_later(environ, monkeypatch):
    monkeypatch.setattr(hardening, "keep_memory_private", lambda: None)
    app = create_app(from_environment(environ))
    start.refuse_database(app, environ)
    assert app.extensions["engine"].pool.checkedin() == 1
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    start.prepare(app)
    assert app.extensions["engine"].pool.checkedin() == 0


def test_a_database_that_comes_back_unsafe_is_not_served(environ, capsys, monkeypatch):
    monkeypatch.setattr(hardening, "keep_memory_private", lambda: None)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    demo(environ, None)
    _said, _before, after = serving_later(environ, environ["DATABASE_URL"], capsys)
    assert after.status_code == 503
    assert "This database holds the demo" in capsys.readouterr().err


# ---------------------------------------------------------------- the command


@pytest.fixture
def flask(tmp_path):
    """Type a command of the app, in a process of its own."""
    return lambda environ, *arguments: processes.run(tmp_path, environ, processes.flask, *arguments)


def test_the_command_lists_everything_and_ends_with_0_1_or_2(environ, flask):
    warned = flask(environ, "doctor")
    assert warned.code == 1, warned.out
    for check in CHECKS:
        if check.needs is not Needs.POSTGRESQL:
            assert f" {check.name} " in warned.out
    key_settings(environ).file.chmod(0o444)
    dangerous = flask(environ, "doctor")
    assert dangerous.code == 2
    assert "dangerous   key-file" in dangerous.out
    assert "chmod 400" in dangerous.out
    assert "Traceback" not in dangerous.err


HANG_ON_KEYS = {"random-key", "older-root", "root-keys", "shred-ledger", "erased-records"}


def told_of(out):
    """{check: its state} of what the command printed."""
    return {line[12:].split()[0]: line[:11].strip() for line in out.splitlines() if line[11:12] == " "}


def test_what_hangs_on_keys_that_do_not_open_was_not_checked(environ, flask):
    key(damaged)(environ, None)
    told = flask(environ, "doctor")
    assert (told.code, told_of(told.out)["key-file"]) == (2, "dangerous")
    assert {told_of(told.out)[name] for name in HANG_ON_KEYS} == {"not checked"}


def test_what_hangs_on_keys_under_a_passphrase_was_not_checked_which_is_a_warning(environ, flask, monkeypatch):
    ring, wanted = from_environment(environ).keys, {**environ, "KEY_PROVIDER": "passphrase"}
    UnderPassphrase(key_settings(wanted), ask=lambda: "seven green kettles hum").write(ring)
    told = flask(wanted, "doctor")
    assert (told.code, told_of(told.out)["key-file"]) == (1, "ok")
    assert {told_of(told.out)[name] for name in HANG_ON_KEYS} == {"not checked"}
    assert "which is not asked for here" in told.out


def test_what_hangs_on_tables_of_another_version_was_not_checked(environ, flask):
    database(environ, "UPDATE alembic_version SET version_num = '0000'")
    told = flask(environ, "doctor")
    assert (told.code, told_of(told.out)["schema"]) == (2, "dangerous")
    assert {told_of(told.out)[name] for name in ("journal-mode", "demo-data", "clock", "root-keys")} == {"not checked"}


def test_what_a_setting_that_will_not_do_leaves_open_was_not_checked(environ, flask):
    states = told_of(flask({**environ, "DATABASE_URL": "mysql://x/y", "PROXIES": "two"}, "doctor").out)
    assert states["settings"] == "dangerous"
    assert {states[name] for name in ("proxies", "key-source", "key-file", "database-file")} == {"not checked"}


def test_a_check_that_cannot_be_made_counts_as_a_warning_and_stops_no_start(environ):
    said = ("Nobody knows.",)

    def find(facts):
        raise UncheckedError(*said)

    found = run((Check("planted", "nothing", Severity.DANGEROUS, Needs.SETTINGS, find),), Facts(environ, NOW))
    assert [(each.state, each.sentence) for each in found] == [("not checked", *said)]
    assert ENDS[found[0].state] == ENDS[Severity.WARNING]
    start._refuse(found)


def test_a_clock_that_nothing_tells_of_was_not_checked(environ, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    states = {finding.check.name: finding.state for finding in findings(environ)}
    assert states["clock-is-set"] == "not checked"


def test_a_certificate_that_was_not_seen_was_not_checked(environ):
    found = run((BY_NAME["https"], BY_NAME["tls"]), Facts(environ, NOW, asks=True))
    assert [each.state for each in found] == ["warning", "not checked"]


def test_it_works_where_nothing_is_set_up_yet(tmp_path, flask):
    new = {"HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'new.db'}"}
    told = flask(new, "doctor")
    assert told.code == 2
    assert "There is no database yet" in told.out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["debug", "key-file", "foreign"])
def test_serving_is_refused_with_the_same_sentence(environ, name, flask):
    if name == "debug":
        environ["FLASK_DEBUG"] = "1"
    elif name == "key-file":
        key_settings(environ).file.chmod(0o444)
    else:
        demo(environ, None)
    refused = flask(environ, "serve")
    assert refused.code == 1
    (sentence,) = {finding.sentence for finding in findings(environ) if finding.sentence} & {
        refused.err.strip().splitlines()[-1].removeprefix("Error: ")
    }
    assert sentence
    assert "Traceback" not in refused.err


@pytest.mark.dear
def test_a_server_refuses_too_and_keeps_its_memory_to_itself(environ):
    program = (
        "import wsgi; from intake.security import hardening as h; print(h.is_dumpable(), h.core_limit()); "
        "print(wsgi.app.test_client().get('/healthz').status_code)"
    )

    def served():
        return subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **environ}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert served().stdout.split() == ["False", "0", "200"]
    demo(environ, None)
    refused = served()
    assert refused.returncode == 1
    assert refused.stderr.strip().startswith("This database holds the demo")


def test_a_planted_check_shows_in_the_list(environ):
    planted = Check("planted", "nothing", Severity.DANGEROUS, Needs.SETTINGS, lambda facts: "Mend it.")
    (found,) = run((planted,), Facts(environ, datetime.now(UTC)))
    assert found.sentence == "Mend it."
    assert hardening.core_limit() >= -1
