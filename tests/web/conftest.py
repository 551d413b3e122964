"""Pages are tried on databases that are emptied in between, by one app for each: it keeps no state of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.builders import Builders
from tests.emptied import Kept, OnFile, OnServer
from tests.postgres import Server
from tests.raised import raise_to_safety
from tests.web.standings import VIOLENCE, Clinic, clinic_of
from tests.web.world import World, made


@pytest.fixture(scope="session")
def kept_on_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> OnFile:
    return OnFile(tmp_path_factory.mktemp("kept") / "intake.db", sqlite_template)


@pytest.fixture(scope="session")
def kept_on_server(server: Server, postgresql_template: str) -> OnServer:
    return OnServer(server, postgresql_template)


@pytest.fixture(scope="session")
def kept_for_all() -> Kept:
    return Kept()


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database with nothing in it."""
    place = request.getfixturevalue("kept_on_file" if backend == "sqlite" else "kept_on_server")
    with place.empty() as address:
        yield address


@pytest.fixture
def engine(url: str, kept_for_all: Kept) -> Iterator[Engine]:
    found = kept_for_all.engine(url)
    yield found
    found.dispose()


@pytest.fixture
def app(url: str, kept_for_all: Kept) -> Iterator[Flask]:
    found = kept_for_all.app(url)
    yield found
    found.extensions["engine"].dispose()


@pytest.fixture
def world(session: Session, make: Builders) -> World:
    return made(session, make)


@pytest.fixture
def clinic(
    session: Session, make: Builders, clock: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Clinic:
    """Everybody who may stand to a patient in some way, and her records in every state."""
    raise_to_safety(monkeypatch, VIOLENCE)
    doors = [request.getfixturevalue(name) for name in ("new_client", "sign_in", "enter")]
    return clinic_of(session, make, made(session, make), clock, *doors)
