"""flask demo: it replaces its own database and touches no other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from intake.app import create_app
from intake.cli.demo import _load, _refuse_a_real_clinic, access, telling
from intake.cli.demo.people import STAFF
from intake.config import Config
from intake.security import passwords
from intake.store import migrations, people
from tests.builders import COST, KEYS
from tests.rows import changed, everything

PASSWORD = "four small copper boats"
NOW = datetime.now(UTC)


def test_a_clinic_that_is_not_the_demo_s_is_left_alone(app, make, session):
    make.admin()
    before = everything(session)
    with pytest.raises(click.ClickException, match="not the demo's"):
        _refuse_a_real_clinic(app)
    assert changed(before, everything(session)) == set()


def test_a_patient_without_anybody_who_signs_in_is_not_overwritten_either(app, make, session):
    make.patient()
    session.execute(text("UPDATE users SET is_active = :off"), {"off": False})
    session.commit()
    with pytest.raises(click.ClickException):
        _refuse_a_real_clinic(app)


def test_an_empty_database_with_or_without_tables_is_taken_as_it_is(app, empty_url):
    _refuse_a_real_clinic(app)
    bare = create_app(Config(database_url=empty_url, keys=KEYS, password_cost=COST))
    _refuse_a_real_clinic(bare)
    bare.extensions["engine"].dispose()


def test_the_demo_s_own_file_is_replaced_and_on_postgresql_refused(backend, app, session):
    _load(app, "a password for this run only", NOW)
    assert not people.is_empty(session)
    session.close()
    if backend == "postgresql":
        with pytest.raises(click.ClickException):
            _refuse_a_real_clinic(app)
        return
    _refuse_a_real_clinic(app)
    migrations.upgrade(app.extensions["engine"])
    with Session(app.extensions["engine"]) as opened:
        assert people.is_empty(opened)


def test_a_database_of_something_else_is_not_touched(empty_url):
    app = create_app(Config(database_url=empty_url, keys=KEYS, password_cost=COST))
    with migrations.migrating(app.extensions["engine"]) as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
        connection.execute(text("INSERT INTO recipes VALUES ('soup')"))
    with pytest.raises(click.ClickException):
        _refuse_a_real_clinic(app)
    with app.extensions["engine"].begin() as connection:
        assert connection.execute(text("SELECT name FROM recipes")).scalar() == "soup"
    app.extensions["engine"].dispose()


def test_the_passwords_of_a_run_are_made_for_it(app, session):
    _load(app, "made for this run only", NOW)
    for user in people.staff(session):
        assert passwords.matches(user.password_hash, "made for this run only", COST)


@pytest.mark.parametrize("way", ["digits", "paper"])
def test_what_it_tells_lets_somebody_in_who_has_no_app(app, new_client, capsys, way):
    _load(app, PASSWORD, NOW)
    keys = {person.nick: access.first_sign_in(app, person.email, PASSWORD)[1] for person in STAFF}
    telling.tell("http://127.0.0.1:8000", PASSWORD, keys, "0123-4567-89AB", Path("care-plan.pdf"))
    told = capsys.readouterr().out
    for person in STAFF:
        mine, newcomer = keys[person.nick], new_client()
        assert all(word in told for word in (person.email, mine.text, *mine.paper[:2], PASSWORD))
        newcomer.submit("/sign-in", {"email": person.email, "password": PASSWORD})
        second = {"digits": ("", mine.code(later=1)), "paper": ("/recovery", mine.paper[0])}[way]
        answer = newcomer.submit(f"/sign-in/second{second[0]}", {"code": second[1]})
        assert newcomer.get(answer.location).status_code == 200
