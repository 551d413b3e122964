"""Signed records: found by their note, their patient and their printed code, and final."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, select, text

from intake.security import proof, signing
from intake.store import signatures
from intake.store.signatures import Signature
from tests.builders import INSTANCE


@pytest.fixture
def note(make):
    made = make.note(signed=True)
    make.add(made)
    return made


def test_what_was_signed_for_a_note_comes_in_the_order_of_the_ledger(session, make, note):
    make.note(make.visit(note.patient, note.author), signed=True)
    assert [entry.kind for entry in signatures.of_note(session, note.id)] == ["note", "addendum"]
    assert [entry.position for entry in signatures.of_patient(session, note.patient_id)] == [1, 2, 3]
    assert signatures.of_patient(session, make.patient().id) == []


def test_a_record_is_found_by_its_printed_code_however_it_is_typed(session, note):
    for entry in signatures.of_note(session, note.id):
        for typed in (entry.code, entry.code.lower(), entry.code.replace("-", " "), entry.code.replace("-", "")):
            assert signatures.by_code(session, typed).id == entry.id


def test_what_is_no_code_and_a_code_of_nothing_find_nothing(session, note):
    for typed in ("", "%", "_" * 20, "AAAA-BBBB-CCCC-DDDD-EEEE", note.signatures[0].code[:-1], "9" * 20):
        assert signatures.by_code(session, typed) is None


def test_a_record_carries_everything_a_check_needs(session, note):
    for entry in signatures.of_note(session, note.id):
        assert proof.problems(entry.as_proof, INSTANCE.trusted) == ()
        assert entry.said.note == note.id
        assert entry.instance_public == INSTANCE.public


def test_the_words_are_sealed_and_only_the_words(session, note):
    entry = signatures.of_note(session, note.id)[0]
    row = session.execute(select(Signature.__table__).where(Signature.id == entry.id)).mappings().one()
    assert b"Walk for" in entry.content.encode()
    assert b"Walk for" not in bytes(row["content"])
    assert b"Walk for" not in repr(dict(row)).encode()


def test_two_records_that_say_the_same_have_hashes_nobody_can_guess_from_what_they_say(session, make):
    first, second = make.note(signed=True), make.note(signed=True)
    salts = {note.signatures[0].said.place.salt for note in (first, second)}
    assert len(salts) == 2
    assert all(signing.digest(note.signatures[0].content.encode()) for note in (first, second))


def test_no_signed_record_is_changed_or_removed(session, note):
    entry = signatures.of_note(session, note.id)[0]
    table, own = Signature.__table__, entry.id
    for column in table.columns:
        with pytest.raises(exc.DBAPIError):
            session.execute(table.update().where(table.c.id == own).values({column.name: table.c[column.name]}))
        session.rollback()
    with pytest.raises(exc.DBAPIError, match="final"):
        session.execute(text("DELETE FROM signatures"))
    session.rollback()


def test_what_a_record_says_is_read_once_as_long_as_its_bytes_stay_the_same(make, session):
    (entry,) = signatures.of_note(session, make.note(signed=True).id)
    said = entry.said
    assert entry.said is said
    entry.content = entry.content.replace(said.author_name, "Somebody Else")
    assert entry.said.author_name == "Somebody Else"
