"""A patient's ledger: each signed record has the next place in it, and nobody else's."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from sqlalchemy import exc, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from intake.clinical.signed import FIRST, Place
from intake.store import ledgers
from tests.sizes import size

WRITERS, ROUNDS = 4, size(3, 50)


def test_the_first_place_stands_on_nothing_and_the_next_on_the_one_before(session, make):
    patient = make.patient()
    first = ledgers.next_place(session, patient.id)
    assert first == Place(1, FIRST)
    assert ledgers.newest(session, patient.id) is None
    ledgers.advance(session, patient.id, first, "a" * 64)
    assert ledgers.next_place(session, patient.id) == Place(2, "a" * 64)
    assert ledgers.newest(session, patient.id) == (1, "a" * 64)
    assert ledgers.next_place(session, make.patient().id) == Place(1, FIRST)


def test_the_salt_is_one_for_a_place_and_another_for_every_patient_and_place(session, make):
    one, other = make.patient(), make.patient()
    first = ledgers.next_place(session, one.id)
    assert ledgers.next_place(session, one.id).salt == first.salt
    ledgers.advance(session, one.id, first, "a" * 64)
    salts = {first.salt, ledgers.next_place(session, one.id).salt, ledgers.next_place(session, other.id).salt}
    assert len(salts) == 3
    assert all(len(salt) == 32 for salt in salts)


def test_a_ledger_is_not_set_back(session, make):
    patient = make.patient()
    for position, sha256 in ((1, "a" * 64), (2, "b" * 64)):
        ledgers.advance(session, patient.id, Place(position, ""), sha256)
    session.commit()
    for change in ("UPDATE ledgers SET position = 1", "UPDATE ledgers SET position = 9", "DELETE FROM ledgers"):
        with pytest.raises(exc.DBAPIError, match="only grows"):
            session.execute(text(change))
        session.rollback()


def test_a_place_that_another_took_is_refused(session, make):
    patient = make.patient()
    for position in (1, 2):
        ledgers.advance(session, patient.id, Place(position, ""), "a" * 64)
    for position, refused in ((2, StaleDataError), (4, StaleDataError), (1, exc.IntegrityError)):
        with pytest.raises(refused):
            ledgers.advance(session, patient.id, Place(position, ""), "b" * 64)


def test_the_mark_of_an_entry_fits_into_a_line_of_the_audit_trail():
    assert ledgers.mark(7, "ab" * 32) == f"7 {'ab' * 12}"
    assert len(ledgers.mark(10**9, "a" * 64)) <= 40


def taken(engine, patient_id, holds, writers=WRITERS, rounds=ROUNDS):
    """The places that several who sign at the same moment get; `holds` is how each asks for one."""
    start, places = threading.Barrier(writers), []

    def run():
        with Session(engine) as own, suppress(exc.DBAPIError):
            start.wait()
            for _round in range(rounds):
                place = holds(own, patient_id)
                ledgers.advance(own, patient_id, place, f"{place.position:064x}")
                own.commit()
                places.append(place.position)

    threads = [threading.Thread(target=run) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(places)


def test_of_several_who_sign_at_once_each_gets_a_place_of_their_own(engine, session, make):
    patient = make.patient().id
    session.rollback()
    assert taken(engine, patient, ledgers.next_place) == list(range(1, WRITERS * ROUNDS + 1))


def test_of_two_who_only_look_one_would_take_the_place_of_the_other(engine, session, make):
    """The control: nobody holds the patient, so both are told the same place, and only one signs."""
    patient, gate = make.patient().id, threading.Barrier(2, timeout=10)
    session.rollback()

    def look(own, patient_id):
        found = ledgers.newest(own, patient_id) or (0, FIRST)
        own.rollback()
        gate.wait()
        return Place(found[0] + 1, found[1])

    assert taken(engine, patient, look, writers=2, rounds=1) in ([1], [1, 1])
