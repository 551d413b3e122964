"""/healthz: whether the database answers and has the newest tables."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url, text

from intake.app import create_app
from intake.config import Config
from intake.store import engine as engines
from tests.builders import COST, KEYS


def browser(app):
    return FlaskClient(app, app.response_class)


def test_all_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_database_without_tables_or_with_old_ones_is_not_ready(empty_url, url, engine):
    app = create_app(Config(database_url=empty_url, keys=KEYS, password_cost=COST))
    answer = browser(app).get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "migrations pending"})
    app.extensions["engine"].dispose()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    old = create_app(Config(database_url=url, keys=KEYS, password_cost=COST))
    assert browser(old).get("/healthz").status_code == 503
    old.extensions["engine"].dispose()


@pytest.fixture
def gone(app, url, request):
    """The app after its database was lost while it ran, with a browser that had been in use."""
    used = browser(app)
    used.get("/f")
    app.extensions["engine"].dispose()
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{parsed.database}{suffix}").unlink(missing_ok=True)
        Path(parsed.database).mkdir()
    else:
        request.getfixturevalue("server").drop(url)
    return used


def test_a_database_that_is_gone_is_said_to_be_and_pages_say_so_in_plain_words(gone):
    answer = gone.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "unreachable"})
    page = gone.get("/clinic", headers={"Cookie": ""})
    assert page.status_code in {302, 500}
    for path in ("/password", "/f"):
        page = gone.get(path)
        assert "Traceback" not in page.text
        assert "sqlite" not in page.text.lower()
        assert page.status_code in {200, 500}


def test_when_every_connection_is_in_use_a_page_says_so_and_the_next_request_is_answered(app):
    visitor = browser(app)
    engine = app.extensions["engine"]
    with ExitStack() as held, pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.pool, "_timeout", 0.05)
        for _ in range(engines.AT_MOST):
            held.enter_context(engine.connect())
        page = visitor.get("/f")
        assert page.status_code == 500
        assert "Something went wrong on our side" in page.text
        assert visitor.get("/healthz").status_code == 503
    assert visitor.get("/f").status_code == 200
    assert visitor.get("/healthz").status_code == 200
