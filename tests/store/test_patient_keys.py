"""Every patient has three keys of her own, wrapped; without one, what it sealed is gone."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update

from intake.security.keys import KeyRing, RootKey
from intake.security.seal import SealError, Wrapping
from intake.store import patient_keys
from intake.store.patient_keys import COMPARTMENTS, DestroyedError, Keys, PatientKey
from intake.store.patients import Patient
from tests.builders import KEYS


@pytest.fixture
def held(session):
    """The keys of a session that has met nobody yet."""
    return lambda ring=KEYS: Keys(ring)


def test_a_patient_comes_with_three_keys_under_the_root_in_use(session, make):
    patient = make.patient()
    rows = session.scalars(select(PatientKey).where(PatientKey.patient_id == patient.id)).all()
    assert sorted(row.compartment for row in rows) == sorted(COMPARTMENTS)
    assert {(row.root_id, row.created_at) for row in rows} == {(KEYS.current.id, patient.created_at)}
    assert len({row.wrapped for row in rows}) == 3


def test_no_two_patients_and_no_two_compartments_share_a_key(session, make, held):
    keys, people = held(), [make.patient().id, make.patient().id]
    keys.load(session.connection(), people)
    assert len({keys.key(person, compartment).secret for person in people for compartment in COMPARTMENTS}) == 6


def test_a_patient_who_was_not_kept_leaves_no_keys(session, make):
    someone = Patient(legal_name="Robin Made-Up", birth_date=make.now.date(), created_at=make.now)
    session.add(someone)
    session.flush()
    session.rollback()
    make.patient()
    assert len(session.scalars(select(PatientKey)).all()) == 3


def test_a_key_nobody_made_opens_nothing(session, held):
    keys = held()
    keys.load(session.connection(), [uuid.uuid4()])
    with pytest.raises(SealError):
        keys.key(uuid.uuid4(), "care")


def test_a_ring_without_the_root_opens_nothing(session, make, held):
    patient, keys = make.patient(), held(KeyRing.from_secret(b"another installation"))
    keys.load(session.connection(), [patient.id])
    with pytest.raises(SealError):
        keys.key(patient.id, "care")


def test_keys_wrapped_under_a_new_root_open_as_before(session, make, held):
    patient, before = make.patient(), held()
    before.load(session.connection(), [patient.id])
    ring = KeyRing(RootKey.of(bytes(32)), (KEYS.current,))
    root_id, wrapped = Wrapping(ring).wrap(before.key(patient.id, "care"), patient.id, "care")
    mine = PatientKey.patient_id == patient.id, PatientKey.compartment == "care"
    session.execute(update(PatientKey).where(*mine).values(root_id=root_id, wrapped=wrapped))
    after = held(ring)
    after.load(session.connection(), [patient.id])
    assert after.key(patient.id, "care") == before.key(patient.id, "care")
    assert after.key(patient.id, "safety") == before.key(patient.id, "safety"), "under the root it still has"


def test_a_destroyed_key_says_so_and_the_others_still_open(session, make, held):
    patient, keys = make.patient(), held()
    mine = PatientKey.patient_id == patient.id, PatientKey.compartment == "safety"
    session.execute(update(PatientKey).where(*mine).values(destroyed_at=make.now, wrapped=tomb(session, mine)))
    keys.load(session.connection(), [patient.id])
    assert keys.key(patient.id, "care").secret
    with pytest.raises(DestroyedError):
        keys.key(patient.id, "safety")
    assert patient_keys.destroyed(session.connection(), KEYS) == frozenset()


def tomb(session, mine, ring=KEYS):
    row = session.scalars(select(PatientKey).where(*mine)).one()
    return Wrapping(ring).tombstone(row.id, row.patient_id, row.compartment)


FORGED = {
    "the key left as it is": lambda session, _make, mine: session.scalar(select(PatientKey.wrapped).where(*mine)),
    "noise": lambda *_: bytes(60),
    "nothing": lambda *_: b"",
    "another key ring": lambda session, _make, mine: tomb(session, mine, KeyRing.from_secret(b"another clinic " * 3)),
    "the tombstone of another patient": lambda session, make, _mine: tomb(
        session, (PatientKey.patient_id == make.patient().id, PatientKey.compartment == "care")
    ),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_moment_of_erasure_that_somebody_wrote_by_hand_is_not_believed(session, make, held, forged):
    patient, keys = make.patient(), held()
    mine = PatientKey.patient_id == patient.id, PatientKey.compartment == "care"
    session.execute(update(PatientKey).where(*mine).values(destroyed_at=make.now, wrapped=forged(session, make, mine)))
    keys.load(session.connection(), [patient.id])
    with pytest.raises(SealError) as refused:
        keys.key(patient.id, "care")
    assert not isinstance(refused.value, DestroyedError)
    assert patient_keys.destroyed(session.connection(), KEYS) == frozenset()
    assert patient.id in patient_keys.with_keys(session.connection(), KEYS)
    assert not patient_keys.is_erased(session.connection(), KEYS, patient.id)
    session.rollback()


def test_seals_are_counted_and_a_key_that_made_too_many_makes_no_more(session, make, monkeypatch):
    monkeypatch.setattr(patient_keys, "COUNTED", 1)
    patient = make.patient()
    for name in ("Bo", "Jo"):
        patient.name_used = name
        session.commit()
    mine = PatientKey.patient_id == patient.id, PatientKey.compartment == "care"
    assert session.scalar(select(PatientKey.writes).where(*mine)) == 2
    session.execute(update(PatientKey).where(*mine).values(writes=patient_keys.MOST_WRITES))
    session.commit()
    session.info.clear()
    patient.name_used = "Mo"
    with pytest.raises(SealError):
        session.commit()
    session.rollback()
    assert session.get(Patient, patient.id).name_used == "Jo", "what is there can still be read"
