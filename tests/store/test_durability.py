"""What the database says about how safely it writes is believed only when it says what it should."""

from __future__ import annotations

import pytest

from intake.store import audit, durability
from intake.store import engine as engines
from intake.store.engine import connect
from tests.builders import KEYS


def test_sqlite_as_we_open_it_writes_safely(sqlite_template):
    engine = connect(f"sqlite:///{sqlite_template}", KEYS)
    assert {name: durability.unsafe(engine, name) for name in durability.SQLITE} == dict.fromkeys(durability.SQLITE)
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("synchronous", "NORMAL", "1"),
        ("foreign_keys", "OFF", "0"),
        ("secure_delete", "OFF", "0"),
        ("trusted_schema", "ON", "1"),
    ],
)
def test_a_weaker_setting_is_named(sqlite_template, monkeypatch, name, value, found):
    kept = tuple(each for each in engines.PRAGMAS if not each.startswith(name))
    monkeypatch.setattr(engines, "PRAGMAS", (*kept, f"{name}={value}"))
    engine = connect(f"sqlite:///{sqlite_template}", KEYS)
    assert durability.unsafe(engine, name) == found
    engine.dispose()


def test_the_tests_own_postgresql_is_seen_to_be_careless(postgresql_template):
    engine = connect(postgresql_template, KEYS)
    unsafe = {name for name in durability.POSTGRESQL if durability.unsafe(engine, name)}
    assert unsafe == {"fsync", "full_page_writes", "synchronous_commit"}
    engine.dispose()


def test_a_setting_of_the_other_kind_is_no_matter(engine):
    other = "fsync" if engine.dialect.name == "sqlite" else "journal_mode"
    assert durability.unsafe(engine, other) is None


def test_the_newest_line_of_the_trail_tells_the_time(engine, session, make, clock):
    assert durability.last_line(engine) is None
    audit.record(session, "keys.root-made", now=make.now)
    session.commit()
    first = durability.last_line(engine)
    clock.shift(60)
    audit.record(session, "keys.root-made", now=make.now)
    session.commit()
    assert (durability.last_line(engine) - first).total_seconds() == 60
