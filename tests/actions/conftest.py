"""Actions are tried on databases that are emptied in between, not made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.emptied import Emptied
from tests.postgres import Server


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
