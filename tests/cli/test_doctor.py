"""flask doctor finds each unsafe setting, and the start refuses every dangerous one (CONF)."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from intake.app import create_app
from intake.cli.doctor import machine, start
from intake.cli.doctor.checks import Check, Facts, Needs, Severity, run
from intake.cli.doctor.table import CHECKS
from intake.cli.keys.first import make_key
from intake.config import ROOT, ConfigError, from_environment, key_settings
from intake.security import hardening, keyfile, ledger, mounts
from intake.security.keys import KeyRing
from intake.security.providers import table
from intake.store import audit, durability
from intake.store.engine import connect
from tests import postgres
from tests.builders import Builders

BY_NAME = {check.name: check for check in CHECKS}
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@pytest.fixture
def environ(tmp_path, sqlite_template):
    """The safe baseline: production, https, a private key file outside a private data folder, current tables."""
    (tmp_path / "home").mkdir()
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    found = {
        "HOME": str(tmp_path / "home"), "DATABASE_URL": f"sqlite:///{data / 'clinic.db'}",
        "FERNLEAF_ENV": "production", "PUBLIC_URL": "https://forms.example.org",
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


def pragma(statement):
    """A setting of SQLite that something changes after Fernleaf has set it."""

    def plant(environ, patch):
        from intake.store import engine as engines

        def changed(connection, record):
            engines._settle(connection, record)
            connection.execute(f"PRAGMA {statement}")

        real = event.listen
        patch.setattr(
            engines.event, "listen", lambda on, name, call: real(on, name, changed if name == "connect" else call)
        )

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


def inside_data(environ, patch):
    path = Path(environ["DATABASE_URL"].removeprefix("sqlite:///")).with_name("root.key")
    shutil.copy(key_settings(environ).file, path)
    environ["KEY_FILE"] = str(path)


def demo(environ, patch):
    engine = connect(environ["DATABASE_URL"])
    with Session(engine) as session:
        audit.record(session, "demo.loaded", now=datetime.now(UTC))
        session.commit()
    engine.dispose()


def another_key(environ, patch):
    patient(environ)
    path = key_settings(environ).file
    keyfile.write(path, keyfile.written(KeyRing(table.new_root())).encode(), None)


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


def loose_file(environ, patch):
    Path(environ["DATABASE_URL"].removeprefix("sqlite:///")).chmod(0o644)


# {check: ways to make it unsafe, each alone}
UNSAFE = {
    "settings": (
        setting(PORT="http"), setting(DATABASE_URL="mysql://x/y"), setting(DATABASE_URL="sqlite://"),
        setting(FERNLEAF_ENV="prod"),
    ),
    "plain-http": (
        setting(PUBLIC_URL="http://forms.example.org"), setting(HOST="0.0.0.0", PUBLIC_URL=""),
        setting(PUBLIC_URL="https://forms.example.org/path"),
    ),
    "debug": (setting(FLASK_DEBUG="1"), setting(FLASK_DEBUG="true")),
    "key-source": (
        setting(KEY_PROVIDER="env", KEY_ROOT="00" * 32), setting(KEY_PROVIDER="dongle"),
        setting(KEY_PROVIDER="systemd-creds"), setting(KEY_PROVIDER="env", KEY_ROOT_FILE="/nonexistent"),
    ),
    "key-file": (
        key(lambda path: path.chmod(0o440)), key(lambda path: path.chmod(0o404)), key(lambda path: path.unlink()),
        key(lambda path: path.parent.chmod(0o777)), inside_data, setting(KEY_PROVIDER="kms"),
        setting(KEY_PROVIDER="passphrase"),
    ),
    "database-file": (loose_file,),
    "schema": (lambda environ, patch: database(environ, "UPDATE alembic_version SET version_num = '0000'"),),
    "journal-mode": (journal,),
    "synchronous": (pragma("synchronous=NORMAL"), pragma("synchronous=OFF")),
    "foreign-keys": (pragma("foreign_keys=OFF"),),
    "secure-delete": (pragma("secure_delete=OFF"),),
    "trusted-schema": (pragma("trusted_schema=ON"),),
    "demo-data": (demo,),
    "root-keys": (another_key,),
    "erased-records": (back_from_a_backup,),
}  # fmt: skip
ON_POSTGRESQL = {"fsync", "full-page-writes", "synchronous-commit"}
CASES = [(name, number) for name, ways in UNSAFE.items() for number in range(len(ways))]


def test_the_safe_baseline_starts(environ):
    started(environ)


def test_every_dangerous_check_has_a_way_to_fail():
    dangerous = {check.name for check in CHECKS if check.severity is Severity.DANGEROUS}
    assert UNSAFE.keys() | ON_POSTGRESQL == dangerous


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{name}-{number}" for name, number in CASES])
def test_each_unsafe_setting_alone_stops_the_start_with_the_sentence_of_its_check(environ, name, number, monkeypatch):
    UNSAFE[name][number](environ, monkeypatch)
    with pytest.raises(ConfigError) as refused:
        started(environ)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert sentence in {finding.sentence for finding in findings(environ) if finding.check.name == name}


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{name}-{number}" for name, number in CASES])
def test_without_its_check_the_same_setting_would_pass_or_be_caught_by_the_program_itself(
    environ, name, number, monkeypatch
):
    """The control: the check stops the start, not luck. Settings are also read by the program and fail there."""
    read_again = {"settings", "plain-http", "key-source", "key-file"}
    if name in read_again or (name, number) == ("root-keys", 1):
        pytest.skip("the program reads this setting itself and would fail a moment later")
    UNSAFE[name][number](environ, monkeypatch)
    for part in ("FIRST", "LATER"):
        monkeypatch.setattr(start, part, tuple(check for check in getattr(start, part) if check.name != name))
    started(environ)


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
    return {finding.check.name for finding in findings(environ, **facts) if finding.sentence}


# ---------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="module")
def careful():
    """A server that writes as safely as a clinic's."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "CARELESS", (*SAFE, "shared_buffers=32MB"))
            patch.delenv("TEST_DATABASE_URL", raising=False)
            with postgres.server() as found:
                yield found
    except postgres.MissingError as missing:
        pytest.skip(str(missing))


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
    assert bad(careless) >= ON_POSTGRESQL
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
    assert "checkpoints" not in bad({**environ, "AUDIT_SINKS": f"{beside},syslog:"})
    assert "checkpoints" not in bad({**environ, "AUDIT_SINKS": "file:/proc/checkpoints"})
    assert "checkpoints" not in bad(environ)


def test_a_database_that_does_not_answer_is_told_and_stops_nothing(environ):
    known = {**environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"}
    make_key(known)
    assert "database" in bad(known)
    started(known)


# ---------------------------------------------------------------- the command


def flask(environ, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        env={**os.environ, **environ}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_command_lists_everything_and_ends_with_0_1_or_2(environ, tmp_path):
    warned = flask(environ, "doctor")
    assert warned.returncode == 1, warned.stdout
    for check in CHECKS:
        if check.needs is not Needs.POSTGRESQL:
            assert f" {check.name} " in warned.stdout
    key_settings(environ).file.chmod(0o444)
    dangerous = flask(environ, "doctor")
    assert dangerous.returncode == 2
    assert "dangerous  key-file" in dangerous.stdout
    assert "chmod 400" in dangerous.stdout
    assert "Traceback" not in dangerous.stderr


def test_it_works_where_nothing_is_set_up_yet(tmp_path):
    new = {"HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'new.db'}"}
    told = flask(new, "doctor")
    assert told.returncode == 2
    assert "There is no database yet" in told.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["debug", "key-file", "foreign"])
def test_serving_is_refused_with_the_same_sentence(environ, name):
    if name == "debug":
        environ["FLASK_DEBUG"] = "1"
    elif name == "key-file":
        key_settings(environ).file.chmod(0o444)
    else:
        demo(environ, None)
    refused = flask(environ, "serve")
    assert refused.returncode == 1
    (sentence,) = {finding.sentence for finding in findings(environ) if finding.sentence} & {
        refused.stderr.strip().splitlines()[-1].removeprefix("Error: ")
    }
    assert sentence
    assert "Traceback" not in refused.stderr


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
