"""What an erasure asks and does in the tables."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intake.store import audit, shreds
from intake.store import engine as engines
from intake.store.engine import connect
from intake.store.lines import LINES
from intake.store.patient_keys import DestroyedError, PatientKey
from intake.store.patients import Patient
from intake.store.shreds import LegalHold, ShredRequest
from tests.builders import KEYS, Builders


def asked(session, make, patient, ago=timedelta(0), agreed=None):
    by = make.admin()
    request = ShredRequest(patient_id=patient.id, asked_by_id=by.id, asked_at=make.now - ago, agreed_at=agreed)
    session.add(request)
    session.commit()
    return request


def test_a_request_is_open_until_it_is_agreed_or_too_old(session, make):
    patient, since = make.patient(), make.now - timedelta(days=7)
    assert shreds.request(session, patient.id, since) is None
    asked(session, make, patient, ago=timedelta(days=8))
    asked(session, make, patient, agreed=make.now)
    asked(session, make, make.patient())
    assert shreds.request(session, patient.id, since) is None
    mine = asked(session, make, patient, ago=timedelta(days=6))
    assert shreds.request(session, patient.id, since) is mine


def test_a_hold_stands_until_it_is_lifted(session, make):
    patient, by = make.patient(), make.admin()
    hold = LegalHold(patient_id=patient.id, placed_by_id=by.id, placed_at=make.now)
    session.add(hold)
    session.commit()
    assert shreds.hold(session, patient.id) is hold
    assert shreds.hold(session, make.patient().id) is None
    hold.lifted_by_id, hold.lifted_at = by.id, make.now
    session.commit()
    assert shreds.hold(session, patient.id) is None


def test_the_last_visit_counts_and_one_that_was_called_off_does_not(session, make):
    patient = make.patient()
    assert shreds.last_visit(session, patient.id) is None
    first = make.visit(patient)
    later = make.visit(patient, starts_at=make.now + timedelta(days=9))
    assert shreds.last_visit(session, patient.id) == later.starts_at
    later.cancelled_at = make.now
    session.commit()
    assert shreds.last_visit(session, patient.id) == first.starts_at


def test_all_three_keys_are_destroyed_and_nobody_elses(engine, session, make):
    mine, other = make.patient().id, make.patient().id
    assert shreds.destroy(session, mine, make.now) == 3
    session.commit()
    assert (shreds.is_destroyed(session, mine), shreds.is_destroyed(session, other)) == (True, False)
    assert list(shreds.with_keys(session)) == [other]
    assert shreds.destroy(session, mine, make.now) == 0
    session.commit()
    with Session(engine) as fresh:
        with pytest.raises(DestroyedError):
            _ = fresh.get(Patient, mine).legal_name
        assert fresh.get(Patient, other).legal_name


def held_bytes(engine):
    """Every byte of the SQLite files, or of the keys' column."""
    if engine.dialect.name == "sqlite":
        files = [Path(f"{engine.url.database}{end}") for end in ("", "-wal", "-journal")]
        return b"".join(path.read_bytes() for path in files if path.exists())
    with engine.connect() as connection:
        return b"".join(connection.scalars(select(PatientKey.wrapped)))


def careless(session, patient_id, now):
    """The fault: a mark, and the key stays where it is."""
    session.execute(update(PatientKey).where(PatientKey.patient_id == patient_id).values(destroyed_at=now))


@pytest.mark.parametrize(("destroy", "stays"), [(shreds.destroy, False), (careless, True)])
def test_no_byte_of_the_keys_stays_in_the_database(engine, make, destroy, stays):
    with Session(engine) as session:
        patient = make.patient().id
        wrapped = session.scalars(select(PatientKey.wrapped).where(PatientKey.patient_id == patient)).all()
        make.session.rollback()
    assert all(key in held_bytes(engine) for key in wrapped)
    with Session(engine) as session:
        destroy(session, patient, make.now)
        session.commit()
    assert shreds.forget_old_pages(engine)
    assert any(key in held_bytes(engine) for key in wrapped) is stays


def test_a_log_that_somebody_reads_cannot_be_emptied_and_it_is_said(sqlite_template, tmp_path, monkeypatch):
    shutil.copyfile(sqlite_template, tmp_path / "clinic.db")
    monkeypatch.setattr(engines, "PRAGMAS", (*engines.PRAGMAS, "busy_timeout=50"))
    engine = connect(f"sqlite:///{tmp_path / 'clinic.db'}", KEYS)
    with engines.reading(engine).connect() as reader:
        reader.execute(select(PatientKey.id)).all()
        with Session(engine) as session:
            Builders(session).patient()
        assert not shreds.forget_old_pages(engine)
    assert shreds.forget_old_pages(engine)
    engine.dispose()


def test_the_trail_knows_whose_records_were_erased(session, make):
    mine, asked_only = make.patient(), make.patient()
    audit.record(session, "keys.shred-asked", now=make.now, patient_id=asked_only.id)
    for _twice in range(2):
        audit.record(session, shreds.SHREDDED, now=make.now, patient_id=mine.id)
    session.commit()
    assert shreds.finished(session) == [mine.id]


def test_a_line_that_somebody_made_up_erases_nobody(session, make):
    living, gone = make.patient(), make.patient()
    audit.record(session, shreds.SHREDDED, now=make.now, patient_id=gone.id)
    session.commit()
    line = dict(session.execute(select(LINES).order_by(LINES.c.seq.desc()).limit(1)).one()._mapping)
    for number in (-1, 0, line["seq"] + 1, 2**62):
        session.execute(insert(LINES), line | {"patient_id": living.id, "seq": number})
    session.commit()
    assert shreds.finished(session) == [gone.id]
