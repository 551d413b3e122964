"""A database of a test's own, to be changed behind the app's back."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy.orm import Session

from intake.store.engine import connect
from tests.builders import KEYS


@pytest.fixture
def own(backend, request, tmp_path):
    """A session on a database that nobody else uses afterwards."""
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'own.db'}"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "own.db")
    else:
        server = request.getfixturevalue("server")
        url = server.create(template=request.getfixturevalue("postgresql_template"))
    engine = connect(url, KEYS)
    with Session(engine) as opened:
        yield opened
    engine.dispose()
    if backend == "postgresql":
        server.drop(url)
