"""flask db: bringing the database to the newest tables."""

from __future__ import annotations

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
