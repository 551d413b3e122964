"""Acknowledged writes are kept, and two people who write at once both keep what they wrote."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from intake.store.engine import connect, reading
from intake.store.patients import Patient

THREADS, ROUNDS = 4, 15


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
