"""The app as in every test, with templates that are compiled once for all of them: it halves the time they take."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session

from tests.builders import Builders
from tests.emptied import Emptied
from tests.postgres import Server
from tests.web.world import World, made


class Compiled(BytecodeCache):
    """Compiled templates, kept as long as the tests run."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(app: Flask) -> Flask:
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def world(session: Session, make: Builders) -> World:
    return made(session, make)


@pytest.fixture(scope="session")
def emptied(server: Server, postgresql_template: str) -> Emptied:
    return Emptied(server, postgresql_template)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database: a file of the test's own, or the one PostgreSQL database that is emptied in between."""
    if backend == "sqlite":
        path = request.getfixturevalue("tmp_path") / "intake.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        emptied = request.getfixturevalue("emptied")
        yield emptied.hand_out()
        emptied.take_back()
