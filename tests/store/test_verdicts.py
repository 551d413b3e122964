"""Whether signed records hold: each thing that can be wrong has its own name, and a sound record has none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from intake.store import notes, signatures, verdicts
from intake.store.audit import AuditEvent
from intake.store.ledgers import Ledger
from intake.store.notes import Note
from intake.store.responses import ResponseSection
from intake.store.signatures import Signature
from intake.store.signing_keys import SigningKey
from tests.builders import INSTANCE
from tests.tampering import inside, sealed_answers, sealed_text, unprotected


@pytest.fixture
def note(make):
    made = make.note(signed=True)
    make.add(made)
    return made


@pytest.fixture
def bare(session, note):
    """A session that no trigger watches, with the note in it."""
    with unprotected(session) as open_session:
        yield open_session


def judged(session, note, trusted=INSTANCE.trusted):
    session.expire_all()
    return verdicts.of_note(session, notes.get(session, note.id), trusted)


def test_a_sound_note_has_neither_faults_nor_gaps(session, note):
    found = judged(session, note)
    assert (found.faults, found.gaps, found.holds) == ((), (), True)


def test_a_note_of_another_clinic_s_key_is_nobody_s(session, note):
    assert {"certificate", "countersignature"} <= set(judged(session, note, frozenset()).faults)


def first_of(session, note):
    return signatures.of_note(session, note.id)[0]


def put(session, entity, condition, **values):
    session.execute(update(entity).where(condition).values(**values).execution_options(synchronize_session=False))


def words(session, note):
    entry = first_of(session, note)
    content = sealed_text(session, entry, entry.content.replace("Walk for", "Wait for"))
    put(session, Signature, Signature.id == entry.id, sealed_content=content)


def cipher(session, note):
    entry = first_of(session, note)
    put(session, Signature, Signature.id == entry.id, sealed_content=entry.sealed_content[:-1] + b"\0\0")


def nonsense(session, note):
    entry = first_of(session, note)
    put(session, Signature, Signature.id == entry.id, sealed_content=sealed_text(session, entry, "{}"))


def answers(session, note):
    table = ResponseSection.__table__
    for row in session.execute(select(table).where(table.c.response_id == note.response_id)).mappings().all():
        for compartment in ("care", "sensitive"):
            if given := inside(session, row, compartment):
                anew = sealed_answers(session, row, compartment, {name: {"value": "x"} for name in given})
                put(session, ResponseSection, ResponseSection.id == row["id"], **{compartment: anew})


def sealed_rows(session, note):
    put(session, ResponseSection, ResponseSection.response_id == note.response_id, care=b"x" * 600)


def date(session, note):
    put(session, Note, Note.id == note.id, signed_at=note.signed_at - timedelta(days=1))


def gone(session, note):
    session.execute(delete(Signature).where(Signature.note_id == note.id))


def adrift(session, note):
    put(session, Signature, Signature.id == signatures.of_note(session, note.id)[1].id, adds_to="0" * 64)


def signer(session, note):
    put(session, SigningKey, SigningKey.id == first_of(session, note).key_id, method="passkey")


FAULTS = {
    words: "hash", cipher: "sealed", nonsense: "content", answers: "answers", sealed_rows: "sealed", date: "moved",
    gone: "missing", adrift: "moved", signer: "certificate",
}  # fmt: skip


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.__name__)
def test_each_change_has_its_name(bare, note, change):
    change(bare, note)
    assert FAULTS[change] in judged(bare, note).faults


def last(session, note):
    session.execute(delete(Signature).where(Signature.note_id == note.id, Signature.position == 2))


def link(session, note):
    put(session, Signature, (Signature.note_id == note.id) & (Signature.position == 2), prev_hash="0" * 64)


def ledger(session, note):
    head = session.get_one(Ledger, note.patient_id)
    put(session, Ledger, Ledger.patient_id == note.patient_id, sha256=head.sha256[:-1] + "-")


def no_ledger(session, note):
    session.execute(delete(Ledger).where(Ledger.patient_id == note.patient_id))


def line(session, note):
    session.execute(delete(AuditEvent).where(AuditEvent.action == "note.added-to"))


GAPS = {last: "head", link: "chain", ledger: "head", no_ledger: "head", line: "audit"}


@pytest.mark.parametrize("change", GAPS, ids=lambda change: change.__name__)
def test_each_gap_of_a_ledger_has_its_name(bare, note, change):
    change(bare, note)
    bare.expire_all()
    assert GAPS[change] in verdicts.ledger_gaps(bare, note.patient_id)


def test_everybody_who_ever_had_a_signed_record_is_checked(session, make, note):
    make.note()  # a draft alone
    assert verdicts.patients(session) == [note.patient_id]
    with unprotected(session) as bare:
        bare.execute(delete(Signature))
        bare.execute(delete(Ledger))
        bare.execute(delete(Note).where(Note.id == note.id))
        assert verdicts.patients(bare) == [note.patient_id], "the audit trail still speaks of them"


def test_a_patient_is_checked_note_by_note_and_then_as_a_ledger(session, make, note):
    make.note(make.visit(note.patient, note.author), signed=True)
    found = list(verdicts.of_patient(session, note.patient_id, INSTANCE.trusted))
    assert [checked is not None for checked, _verdict in found] == [True, True, False]
    assert all(verdict.holds for _note, verdict in found)


def test_a_record_whose_note_is_gone_is_not_overlooked(bare, note):
    if bare.get_bind().dialect.name == "sqlite":
        bare.execute(text("PRAGMA defer_foreign_keys = ON"))
    bare.execute(delete(Note).where(Note.id == note.id))
    *_notes, (nothing, verdict) = verdicts.of_patient(bare, note.patient_id, INSTANCE.trusted)
    assert (nothing, verdict.faults) == (None, ("moved",))


KINDS = (
    "UPDATE signatures SET signed_at = 'x' WHERE patient_id = :patient",
    "UPDATE signatures SET sha256 = x'00' WHERE patient_id = :patient AND kind = 'note'",
    "UPDATE signatures SET content = 'text' WHERE patient_id = :patient",
    "UPDATE signatures SET instance_public = 'text' WHERE patient_id = :patient",
    "UPDATE signatures SET countersigned_at = '9999-12-31 23:59:59.999999' WHERE patient_id = :patient",
    "UPDATE notes SET created_at = '2026-W01' WHERE patient_id = :patient",
    "UPDATE notes SET author_id = 'zz' WHERE patient_id = :patient",
    "UPDATE responses SET form = 'nope' WHERE patient_id = :patient",
    "UPDATE patient_keys SET wrapped = 'text' WHERE patient_id = :patient",
    "UPDATE patient_keys SET destroyed_at = created_at, wrapped = 'text' WHERE patient_id = :patient",
    "UPDATE ledgers SET position = 'x' WHERE patient_id = :patient",
)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("change", KINDS)
def test_a_value_of_another_kind_spoils_one_patient_s_records_and_no_other_s(session, make, note, change):
    other = make.note(make.visit(), signed=True)
    mine, hers = note.patient_id, other.patient_id
    with unprotected(session):
        session.rollback()
        with closing(sqlite3.connect(session.get_bind().url.database)) as bare:  # it looks at no key to another table
            assert bare.execute(change, {"patient": mine.hex}).rowcount
            bare.commit()
    with Session(session.get_bind()) as fresh:
        assert not all(verdict.holds for _note, verdict in verdicts.of_patient(fresh, mine, INSTANCE.trusted))
    with Session(session.get_bind()) as fresh:
        assert all(verdict.holds for _note, verdict in verdicts.of_patient(fresh, hers, INSTANCE.trusted))
