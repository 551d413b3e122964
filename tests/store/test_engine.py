"""Acknowledged writes are kept, and two people who write at once both keep what they wrote."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from intake.store import engine as engines
from intake.store import migrations
from intake.store.engine import TurnedError, connect, reading
from intake.store.patients import Patient
from tests.builders import Builders
from tests.certificates import Authority, context

THREADS, ROUNDS = 4, 15
SSL_WANTED = (80877103).to_bytes(4, "big")  # what a client of PostgreSQL says first


def add_one(engine, patient_id):
    """Read and write one row; False when somebody else was faster and nothing was written."""
    with Session(engine) as session:
        patient = session.get_one(Patient, patient_id)
        patient.name_used = str(int(patient.name_used) + 1)
        try:
            session.commit()
        except StaleDataError:
            return False
        return True


def test_no_update_is_lost_between_two_who_read_and_write_the_same_row(engine, make):
    patient = make.patient(name_used="0")
    patient_id = patient.id
    start = threading.Barrier(THREADS)

    def keep_adding(_number):
        start.wait(10)
        return sum(add_one(engine, patient_id) for _round in range(ROUNDS))

    with ThreadPoolExecutor(THREADS) as pool:
        written = sum(pool.map(keep_adding, range(THREADS)))
    with Session(engine) as session:
        assert session.get_one(Patient, patient_id).name_used == str(written)
    assert written >= ROUNDS


def test_on_sqlite_writers_wait_for_each_other_so_nobody_is_turned_away(engine, make):
    if engine.dialect.name != "sqlite":
        return
    patient_id = make.patient(name_used="0").id
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(lambda _number: add_one(engine, patient_id), range(THREADS * ROUNDS)))
    assert all(results)


def test_a_stale_write_is_refused(engine, make):
    patient_id = make.patient().id
    readers = reading(engine)
    with Session(readers) as first:
        stale = first.get_one(Patient, patient_id)
        first.expunge(stale)
    with Session(engine) as second:
        second.get_one(Patient, patient_id).name_used = "Ro"
        second.commit()
    with Session(engine) as third:
        third.add(stale)
        stale.name_used = "Row"
        with pytest.raises(StaleDataError):
            third.commit()


def test_a_reader_is_not_stopped_by_a_writer(engine, make):
    patient_id = make.patient(name_used="Ro").id
    with Session(engine) as writer, Session(reading(engine)) as reader:
        writer.get_one(Patient, patient_id).name_used = "Rowan"
        writer.flush()
        assert reader.get_one(Patient, patient_id).name_used == "Ro"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("trusted_schema", 0)],
)
def test_sqlite_is_set_to_keep_what_it_acknowledged(tmp_path, pragma, value):
    engine = connect(f"sqlite:///{tmp_path / 'a' / 'new.db'}")
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()


def test_the_folder_of_a_new_sqlite_file_is_closed_to_others(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'instance' / 'new.db'}")
    assert (tmp_path / "instance").stat().st_mode & 0o077 == 0
    engine.dispose()


def test_a_fault_of_the_database_says_what_was_asked_and_never_with_which_values(session):
    with pytest.raises(DBAPIError) as fault:
        session.execute(text("SELECT :said FROM nowhere"), {"said": "marzipan"})
    assert "nowhere" in str(fault.value)
    assert "marzipan" not in str(fault.value)


@contextmanager
def played(shown):
    """A server that plays PostgreSQL as far as the first words under TLS: its port, and what it was told."""
    heard = []

    def answer():
        with suppress(OSError), listening.accept()[0] as plain:
            plain.settimeout(5)
            assert plain.recv(8)[4:] == SSL_WANTED
            plain.sendall(b"S")
            with shown.wrap_socket(plain, server_side=True) as greeted:
                heard.append(greeted.recv(200))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(5)


@pytest.mark.parametrize(
    ("host", "days", "vouched", "said"),
    [
        ("localhost", 1, True, "clinic"),
        ("localhost", 1, False, "certificate verify failed"),
        ("localhost", -1, True, "certificate verify failed"),
        ("other.example", 1, True, "does not match host name"),
    ],
)
def test_a_database_somebody_else_plays_is_told_nothing(tmp_path, host, days, vouched, said):
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
    shown = context((ours if vouched else theirs).certified(host=host, days=days))
    with played(shown) as (port, heard):
        asked = f"sslmode=verify-full&sslrootcert={ours.file}&connect_timeout=5"
        engine = connect(f"postgresql+psycopg://clinic@localhost:{port}/x?{asked}")
        with pytest.raises(DBAPIError) as raised:
            engine.connect()
        engine.dispose()
    if said == "clinic":
        assert b"clinic" in heard[0], "the right one is spoken to"
    else:
        assert said in str(raised.value)
        assert not any(heard)


# ---------------------------------------------------------------- settings of somebody else


def turned(own, name, value):
    """A setting of the database, which whoever owns it can give it; the next connections begin with it."""
    own.execute(text(f"ALTER DATABASE {own.get_bind().url.database} SET {name} = {value}"))
    own.commit()
    own.close()
    own.get_bind().dispose()


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search_path", "evil, pg_catalog, public"),
        ("session_replication_role", "replica"),
        ("row_security", "on"),
        ("transform_null_equals", "on"),
    ],
)
def test_what_the_database_was_set_to_counts_for_nothing(own, name, value):
    turned(own, name, value)
    for _once_more in range(2):
        assert own.scalar(text(f"SHOW {name}")) == engines.PINNED[name]
        own.rollback()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_signed_note_stays_final_where_the_database_switches_triggers_off(own):
    note = Builders(own).note(signed=True)
    note_id = note.id
    turned(own, "session_replication_role", "replica")
    with pytest.raises(DBAPIError, match="a signed note is final"):
        own.execute(text("UPDATE notes SET signed_at = NULL WHERE id = :id"), {"id": note_id})


@pytest.mark.parametrize("backend", ["postgresql"])
def test_where_they_cannot_be_switched_on_again_nothing_is_asked(own):
    url = own.get_bind().url
    role = f"plain_{url.database}"
    own.execute(text(f"CREATE ROLE {role} LOGIN"))
    own.execute(text(f"ALTER ROLE {role} SET session_replication_role = replica"))
    own.commit()
    plain = connect(url.set(username=role).render_as_string(hide_password=False))
    try:
        with pytest.raises(TurnedError, match="session_replication_role"):
            plain.connect()
        assert migrations.problem(plain) == "unreachable"
    finally:
        plain.dispose()
        own.execute(text(f"DROP ROLE {role}"))
        own.commit()


# ---------------------------------------------------------------- how many, and how long


def test_the_pool_is_as_it_is_written_down(engine):
    pool = engine.pool
    kept, at_most = pool.size(), pool.size() + pool._max_overflow
    assert (kept, at_most, pool._timeout) == (engines.KEPT_OPEN, engines.AT_MOST, engines.FOR_A_CONNECTION)


def test_whoever_needs_one_connection_too_many_waits_and_is_told_and_the_next_one_gets_it(engine, monkeypatch):
    monkeypatch.setattr(engine.pool, "_timeout", 0.05)
    with ExitStack() as held:
        for _ in range(engines.AT_MOST):
            held.enter_context(engine.connect())
        with pytest.raises(PoolTimeout):
            engine.connect()
    with reading(engine).connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


@pytest.mark.dear
def test_a_postgresql_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(engines, "FOR_AN_ANSWER", 2)  # the shortest libpq knows
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quiet = connect(f"postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x?sslmode=disable")
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="timeout"):
            quiet.connect()
        assert time.monotonic() - started < 5
        quiet.dispose()
