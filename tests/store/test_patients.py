"""Finding people by name, and knowing who treats them."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from intake.store import patients, shreds
from intake.store.patient_keys import PatientKey
from tests.tampering import unprotected


@pytest.mark.parametrize("words", ["robin", "ROBIN", "mad rob", "made-up", "bo", ""])
def test_a_patient_is_found_by_parts_of_either_name(session, make, words):
    patient = make.patient(legal_name="Robin Made-Up", name_used="Bo")
    found = patients.search(session, words)
    assert ([one.id for one in found.patients], found.total) == ([patient.id], 1)


def test_every_word_has_to_fit(session, make):
    make.patient(legal_name="Robin Made-Up")
    assert patients.search(session, "robin somebody").total == 0


def test_the_first_are_shown_by_name_and_all_are_counted(session, make):
    for name in ("Cleo Made-Up", "Ada Made-Up", "Bea Made-Up"):
        make.patient(legal_name=name)
    found = patients.search(session, "made-up", 2)
    assert ([one.legal_name for one in found.patients], found.total) == (["Ada Made-Up", "Bea Made-Up"], 3)


def test_a_changed_name_is_found_at_once_and_the_old_one_no_more(session, make):
    patient = make.patient(legal_name="Robin Made-Up")
    assert patients.search(session, "robin").total == 1
    patient.legal_name = "Kim Made-Up"
    session.commit()
    assert (patients.search(session, "robin").total, patients.search(session, "kim").total) == (0, 1)


def test_somebody_whose_keys_were_destroyed_is_not_found_and_stops_no_search(session, make):
    gone, there = make.patient(legal_name="Robin Made-Up"), make.patient(legal_name="Robin Other")
    assert patients.search(session, "robin").total == 2
    shreds.destroy(session, gone.id, make.now)
    session.commit()
    assert [found.id for found in patients.search(session, "robin").patients] == [there.id]
    assert patients.same_person(session, "robin made-up", gone.birth_date) == []


def test_somebody_whose_key_is_gone_without_a_word_comes_first_whatever_is_looked_for(session, make):
    there, gone = make.patient(legal_name="Ada Other"), make.patient(legal_name="Robin Made-Up")
    session.execute(delete(PatientKey).where(PatientKey.patient_id == gone.id))
    session.commit()
    for words, found in (("robin", [gone]), ("ada", [gone, there]), ("", [gone, there])):
        assert patients.search(session, words).patients == found
    assert patients.by_two_identifiers(session, "robin", gone.created_at.date()) == []


def test_more_new_names_than_are_asked_for_by_id_are_opened_at_once(session, make, monkeypatch):
    monkeypatch.setattr(patients, "AT_ONCE", 1)
    make.patient(legal_name="Ada Made-Up")
    assert patients.search(session, "ada").total == 1
    for name in ("Bea Made-Up", "Cleo Made-Up"):
        make.patient(legal_name=name)
    assert patients.search(session, "made-up").total == 3


def test_the_same_name_and_birth_date_is_most_often_the_same_person(session, make):
    patient = make.patient(legal_name="Robin Made-Up", birth_date=date(1990, 1, 2))
    assert patients.same_person(session, "robin made-up", date(1990, 1, 2))[0].id == patient.id
    assert patients.same_person(session, "Robin Made-Up", date(1990, 1, 3)) == []


def test_the_name_to_call_them_is_used_and_so_are_its_initials(make):
    assert make.patient(legal_name="Robin Made-Up").name == "Robin Made-Up"
    called = make.patient(legal_name="Robin Made-Up", name_used="Bo Any")
    assert (called.name, called.initials) == ("Bo Any", "BA")


def test_one_identifier_alone_finds_nobody(session, make):
    born, other = date(1993, 4, 27), date(1993, 4, 28)
    patient = make.patient(legal_name="Rowan Marie Invented", name_used="Ro", birth_date=born)
    make.patient(legal_name="Rowan Invented", birth_date=other)
    for name in ("rowan invented", "INVENTED", "ro marie", "Rowan  Marie Invented"):
        assert patients.by_two_identifiers(session, name, born) == [patient]
    for name, day in (("rowan inv", born), ("", born), ("r", born), ("i", born), ("rowan else", born)):
        assert patients.by_two_identifiers(session, name, day) == [], name
    assert patients.by_two_identifiers(session, "rowan invented", date(1990, 1, 1)) == []


def test_a_patient_is_found_by_id_or_not_at_all(session, make):
    patient = make.patient()
    assert patients.get(session, patient.id) is patient
    assert patients.get(session, uuid.uuid4()) is None


def test_a_second_search_of_the_process_opens_no_name_again(engine, session, make, monkeypatch):
    make.patient(legal_name="Rowan Invented")
    assert patients.search(session, "rowan").total == 1
    session.rollback()
    monkeypatch.setattr(patients, "unseal", None)
    with Session(engine) as other:
        assert patients.search(other, "rowan").total == 1


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE patient_keys SET wrapped = 'text' WHERE patient_id = :id AND compartment = 'care'",
        "UPDATE patient_keys SET root_id = 7 WHERE patient_id = :id AND compartment = 'care'",
        "UPDATE patient_keys SET id = 'zz' WHERE patient_id = :id AND compartment = 'care'",
        "UPDATE patient_keys SET destroyed_at = created_at, wrapped = 'text' WHERE patient_id = :id",
        "UPDATE patients SET identity = 'text' WHERE id = :id",
        "UPDATE patients SET version = 'x' WHERE id = :id",
    ],
)
def test_a_value_of_another_kind_hides_nobody_else(session, make, change):
    bad, good = make.patient(legal_name="Bad Apple"), make.patient(legal_name="Good Pear")
    with unprotected(session) as bare:
        bare.execute(text(change), {"id": bad.id.hex})
        bare.commit()
        bare.expunge_all()
    found = patients.search(session, "pear").patients
    assert good.id in {each.id for each in found}
