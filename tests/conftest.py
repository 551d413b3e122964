"""Databases, people and a browser for every test. What touches a database runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine as machine
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.forms import shelf
from intake.security.sinks import MailServer
from intake.store import migrations
from intake.store.engine import connect
from intake.store.people import User
from intake.store.visits import Invitation, Visit
from tests import postgres, sizes
from tests.browsing import Browser
from tests.builders import PASSWORD, Builders, code
from tests.emptied import Kept, OnFile, OnServer
from tests.mailbox import Mailbox, serving
from tests.pages import come_in

NOON = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# On a machine that others share an example takes as long as it takes. Where CI is set, Hypothesis has its own profile.
hypothesis.settings.register_profile("shared", deadline=None)
if hypothesis.settings.get_current_profile_name() == "default":
    hypothesis.settings.load_profile("shared")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """After a run at full size, what was measured."""
    if sizes.is_full() and sizes.TOLD:
        terminalreporter.section("what was measured")
        terminalreporter.write("\n".join(sorted(sizes.TOLD)) + "\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has its turn another time (tests/sizes.py)."""
    others = [item for item in items if not sizes.is_on(item)]
    items[:] = [item for item in items if sizes.is_on(item)]
    config.hook.pytest_deselected(items=others)


def pytest_collection_finish() -> None:
    """What was loaded stays: looking for what can be thrown away every few hundred objects costs a twentieth."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    """Forms of one clinic are not those of the next, whatever they are called."""
    yield
    shelf.forget()


@pytest.fixture(scope="session", autouse=True)
def no_way_out() -> Iterator[None]:
    """Nothing leaves this machine: a connection to anywhere else is refused."""
    connect_to = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            message = f"a test tried to reach {address[0]}"
            raise ConnectionRefusedError(message)
        connect_to(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """PostgreSQL; where there is none the test is skipped with the reason, and fails when CI=true."""
    try:
        with postgres.server() as found:
            yield found
    except postgres.MissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(server: postgres.Server) -> str:
    """A migrated database, to be cloned."""
    url = server.create()
    _migrate(url)
    return url


def _migrate(url: str) -> None:
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()


@pytest.fixture(params=sizes.BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The database a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def kept_on_file(sqlite_template: Path) -> Iterator[OnFile]:
    """In memory where there is a place for files in memory: nothing here outlives the tests."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="kept", dir=place, ignore_cleanup_errors=True) as folder:
        yield OnFile(Path(folder) / "data" / "intake.db", sqlite_template)


@pytest.fixture(scope="session")
def kept_on_server(server: postgres.Server, postgresql_template: str) -> Iterator[OnServer]:
    found = OnServer(server, postgresql_template)
    yield found
    found.close()


@pytest.fixture(scope="session")
def kept_for_all() -> Iterator[Kept]:
    found = Kept()
    yield found
    found.close()


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database with nothing in it."""
    place = request.getfixturevalue("kept_on_file" if backend == "sqlite" else "kept_on_server")
    with place.empty() as address:
        yield address


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = request.getfixturevalue("server")
        made = server.create()
        yield made
        server.drop(made)


@pytest.fixture
def engine(url: str, kept_for_all: Kept) -> Iterator[Engine]:
    """The engine the app would use for it."""
    found = kept_for_all.engine(url)
    yield found
    kept_for_all.rest(found)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session for what a test puts in and looks up."""
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def make(session: Session) -> Builders:
    """Fictional people and records, as in make.note(signed=True)."""
    return Builders(session)


@pytest.fixture
def app(url: str, kept_for_all: Kept) -> Iterator[Flask]:
    """The whole application, with cheap passwords and everything else as it is served: it keeps no state of its own."""
    found = kept_for_all.app(url)
    settings = dict(found.config)
    yield found
    found.config.clear()
    found.config.update(settings)
    kept_for_all.rest(found.extensions["engine"])


@pytest.fixture
def new_client(app: Flask, session: Session) -> Callable[[], Browser]:
    """One more browser, with cookies of its own."""

    def opened() -> Browser:
        browser = app.test_client()
        browser.database = session
        return browser

    return opened


@pytest.fixture
def client(new_client: Callable[[], Browser]) -> Browser:
    """A browser nobody has signed in with."""
    return new_client()


@pytest.fixture
def sign_in(client: Browser, make: Builders) -> Callable[..., Browser]:
    """Sign somebody in with both factors, without going through the pages for it."""

    def signed_in(user: User, browser: Browser = client) -> Browser:
        token = make.login(user)
        with browser.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = token
        return browser

    return signed_in


@pytest.fixture
def walk_in(client: Browser) -> Callable[..., Any]:
    """Sign somebody in as they would: e-mail and password, then the code of their app. The answer to the code."""

    def walked_in(user: User, browser: Browser = client, way: str = "", later: int = 0) -> Any:
        answer = browser.submit(f"/sign-in{way}", {"email": user.email, "password": PASSWORD})
        assert answer.location.startswith("/sign-in/second"), answer.text
        return browser.submit(answer.location, {"code": code(later=later)})

    return walked_in


@pytest.fixture
def enter(client: Browser, make: Builders) -> Callable[..., Browser]:
    """Let a patient in with the access code of an invitation and her birth date."""

    def entered(invitation: Invitation, browser: Browser = client) -> Browser:
        born = invitation.patient.birth_date
        code, second = make.codes[invitation.id], make.second_codes[invitation.id]
        answer = come_in(browser, code, second=second, year=born.year, month=born.month, day=born.day)
        assert answer.status_code == 303, answer.text
        return browser

    return entered


@pytest.fixture
def hand_over(client: Browser, make: Builders) -> Callable[..., Browser]:
    """Hand a browser to the patient of a visit, without going through the page for it."""

    def handed(visit: Visit | None = None, browser: Browser = client) -> Browser:
        token = make.tokens[make.handover(visit).id]
        with browser.session_transaction() as cookie:
            cookie.clear()
            cookie["kiosk"] = token
        return browser

    return handed


@pytest.fixture
def at_home(client: Browser, make: Builders, enter: Callable[..., Browser]) -> Callable[..., Browser]:
    """A patient of a clinic that asks at home, in her own form; her visit is tomorrow."""

    def came_in(invitation: Invitation | None = None, browser: Browser = client) -> Browser:
        make.clinic().ask_at_home = True
        make.session.commit()
        return enter(invitation or make.invitation(), browser)

    return came_in


@pytest.fixture
def mailbox() -> Mailbox:
    """Where mail arrives."""
    return Mailbox()


@pytest.fixture
def mail_server(mailbox: Mailbox) -> Iterator[MailServer]:
    """A real mail server for it."""
    with serving(mailbox) as server:
        yield server


@pytest.fixture
def clock() -> Iterator[machine.Traveller]:
    """A clock that stands at noon in New York on September 15, 2026, until `clock.shift` or `clock.move_to`."""
    with machine.travel(NOON, tick=False) as traveller:
        yield traveller
