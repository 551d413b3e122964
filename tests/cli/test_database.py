"""flask db: bringing the database to the newest tables."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from intake.app import create_app
from intake.config import Config
from tests.builders import COST, KEYS


def test_an_empty_database_is_said_to_be_behind_until_it_is_upgraded(empty_url):
    app = create_app(Config(database_url=empty_url, keys=KEYS, password_cost=COST))
    run = app.test_cli_runner().invoke
    before = run(args=["db", "check"])
    assert (before.exit_code, "migrations pending" in before.output) == (1, True)
    assert run(args=["db", "upgrade"]).exit_code == 0
    after = run(args=["db", "check"])
    assert (after.exit_code, after.output) == (0, "The database is current.\n")
    app.extensions["engine"].dispose()


def test_a_database_that_cannot_be_carried_over_is_said_in_a_sentence(url, engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    app = create_app(Config(database_url=url, keys=KEYS, password_cost=COST))
    said = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert (said.exit_code, "cannot be carried over" in said.output) == (1, True)
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_whose_safeguards_were_dropped_is_said_not_to_be_ours(app, session):
    session.execute(text("DROP TRIGGER audit_final_delete"))
    session.commit()
    said = app.test_cli_runner().invoke(args=["db", "check"])
    assert (said.exit_code, "safeguards" in said.output, "audit_final_delete" in said.output) == (1, True, True)
