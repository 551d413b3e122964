"""Data keys are wrapped anew under the root key in use, batch by batch, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake.security.keys import RootKey
from intake.security.seal import SealError
from intake.store import rotation, shreds
from intake.store.engine import connect
from intake.store.patient_keys import PatientKey
from intake.store.patients import Patient
from tests.builders import KEYS

TURNED = KEYS.turned(RootKey.of(b"another root key of 32 bytes, ok"))


def test_keys_are_counted_by_the_root_they_hang_on(session, make):
    make.patient()
    make.patient()
    assert rotation.by_root(session) == {KEYS.current.id: 6}
    assert (rotation.left(session, KEYS.current.id), rotation.left(session, TURNED.current.id)) == (0, 6)


def test_a_batch_is_no_larger_than_asked_and_the_last_is_empty(session, make):
    make.patient()
    make.patient()
    assert [rotation.rewrap(session, TURNED, 4) for _batch in range(3)] == [4, 2, 0]
    assert rotation.by_root(session) == {TURNED.current.id: 6}


def test_every_record_opens_afterwards_and_only_with_the_new_root(session, make, url):
    name = make.patient().legal_name
    rotation.rewrap(session, TURNED, 500)
    session.commit()
    for ring, opens in ((TURNED, True), (KEYS, False)):
        engine = connect(url, ring)
        with Session(engine) as reading:
            patient = reading.scalars(select(Patient)).one()
            if opens:
                assert patient.legal_name == name
            else:
                with pytest.raises(SealError):
                    _ = patient.legal_name
        engine.dispose()


def test_a_destroyed_key_is_neither_counted_nor_wrapped_again(session, make):
    gone = make.patient().id
    shreds.destroy(session, gone, make.now)
    before = session.scalars(select(PatientKey.wrapped).where(PatientKey.patient_id == gone)).all()
    assert rotation.left(session, TURNED.current.id) == 0
    assert rotation.rewrap(session, TURNED, 500) == 0
    assert session.scalars(select(PatientKey.wrapped).where(PatientKey.patient_id == gone)).all() == before


def test_a_key_that_does_not_open_stops_the_batch(session, make):
    patient = make.patient()
    session.execute(update(PatientKey).where(PatientKey.patient_id == patient.id).values(wrapped=b"x" * 60))
    with pytest.raises(SealError):
        rotation.rewrap(session, TURNED, 500)
