"""The database itself refuses to change what was signed, issued, submitted, agreed to or logged."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import exc, text

from intake.store import audit
from intake.store.consents import Consent
from intake.store.triggers import FROZEN, statements

CONSENT = {"co_treatment": {"value": "agree"}}


@pytest.fixture
def refused(session):
    """Whether the database refuses a statement with the words of the clinic's world."""

    def tried(statement, message, **values):
        session.rollback()
        with pytest.raises(exc.DBAPIError, match=message):
            session.execute(text(statement), values)
        session.rollback()

    return tried


@pytest.fixture
def key(backend):
    """A row's id as this database stores it."""
    return (lambda value: value.hex) if backend == "sqlite" else (lambda value: value)


def test_a_draft_can_be_changed_and_thrown_away(session, make, key):
    note = make.note()
    session.execute(text("UPDATE notes SET sha256 = 'x' WHERE id = :id"), {"id": key(note.id)})
    session.execute(text("DELETE FROM notes WHERE id = :id"), {"id": key(note.id)})
    session.commit()


def test_a_signed_note_is_final(make, refused, key):
    note = make.note(signed=True)
    values = {"id": key(note.id)}
    refused("UPDATE notes SET content = 'something else' WHERE id = :id", "a signed note is final", **values)
    refused("UPDATE notes SET signed_at = NULL WHERE id = :id", "a signed note is final", **values)
    refused("DELETE FROM notes WHERE id = :id", "a signed note is final", **values)


def test_the_answers_of_a_signed_note_are_final_too(make, refused, key):
    note = make.note(signed=True)
    values = {"id": key(note.response_id)}
    refused("UPDATE response_sections SET care = NULL WHERE response_id = :id", "submitted answers are final", **values)


def test_submitted_answers_are_final(make, refused, key):
    intake = make.intake(submitted=True)
    values = {"id": key(intake.id)}
    refused("UPDATE responses SET status = 'in-progress' WHERE id = :id", "submitted answers are final", **values)
    refused("DELETE FROM responses WHERE id = :id", "submitted answers are final", **values)
    refused("UPDATE response_sections SET care = NULL WHERE response_id = :id", "submitted answers are final", **values)
    refused("DELETE FROM response_sections WHERE response_id = :id", "submitted answers are final", **values)


def test_no_section_is_slipped_into_submitted_answers(make, refused, key):
    intake = make.intake(submitted=True)
    refused(
        "INSERT INTO response_sections (id, response_id, section, version, saved_at)"
        " VALUES (:new, :id, 'slipped-in', 1, :now)",
        "submitted answers are final",
        new=key(uuid.uuid4()), id=key(intake.id), now=datetime(2026, 9, 15, tzinfo=UTC),
    )  # fmt: skip


def test_answers_in_progress_can_be_changed(make, session, key):
    intake = make.intake()
    changed = session.execute(
        text("UPDATE response_sections SET version = version WHERE response_id = :id"), {"id": key(intake.id)}
    )
    assert changed.rowcount > 1


def test_an_addendum_is_final(session, make, refused, key):
    from intake.actions import notes

    note = make.note(signed=True)
    added = notes.add(session, note, "She called back: better.", by=note.author, now=make.now)
    values = {"id": key(added.id)}
    refused("UPDATE addenda SET text = 'worse' WHERE id = :id", "an addendum is final", **values)
    refused("DELETE FROM addenda WHERE id = :id", "an addendum is final", **values)


def test_an_issued_plan_and_its_documents_are_final(make, refused, key):
    plan = make.plan(issued=True)
    values = {"id": key(plan.id)}
    refused("UPDATE plans SET issued_at = NULL WHERE id = :id", "an issued plan is final", **values)
    refused("DELETE FROM plans WHERE id = :id", "an issued plan is final", **values)
    refused("UPDATE documents SET sha256 = 'x' WHERE plan_id = :id", "an issued document is final", **values)
    refused("DELETE FROM documents WHERE plan_id = :id", "an issued document is final", **values)


@pytest.mark.parametrize(
    "change", ["words = 'I agree to more'", "signed_at = '2020-01-01'", "patient_id = id", "id = patient_id"]
)
def test_a_consent_record_keeps_its_words_its_decision_and_its_signature(session, make, refused, key, change):
    consent = consent_of(session, make)
    refused(f"UPDATE consents SET {change} WHERE id = :id", "a consent record is final", id=key(consent.id))


def test_a_consent_can_be_withdrawn_once_and_never_removed(session, make, refused, key):
    consent = consent_of(session, make)
    values = {"id": key(consent.id), "at": datetime(2026, 9, 16, tzinfo=UTC)}
    refused("DELETE FROM consents WHERE id = :id", "a consent record is final", id=values["id"])
    session.execute(text("UPDATE consents SET withdrawn_at = :at WHERE id = :id"), values)
    session.commit()
    refused("UPDATE consents SET withdrawn_at = NULL WHERE id = :id", "a consent record is final", id=values["id"])


def consent_of(session, make):
    intake = make.intake(submitted=True)
    found = session.query(Consent).filter_by(response_id=intake.id).first()
    assert found is not None
    return found


def test_the_audit_trail_only_grows(session, make, refused):
    audit.record(session, "test.happened", now=make.now)
    session.commit()
    refused("UPDATE audit SET action = 'nothing' WHERE action = 'test.happened'", "the audit trail only grows")
    refused("DELETE FROM audit WHERE action = 'test.happened'", "the audit trail only grows")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_each_frozen_table_has_a_trigger_for_each_verb(dialect):
    found = {
        statement.split()[2] for _table, statement in statements(dialect) if statement.startswith("CREATE TRIGGER")
    }
    assert found == {f"{freeze.table}_final_{verb.lower()}" for freeze in FROZEN for verb in freeze.on}


def test_another_row_is_not_moved_into_a_signed_note(make, refused, key):
    signed, draft = make.note(signed=True), make.note(make.visit())
    refused(
        "UPDATE response_sections SET response_id = :signed, section = 'moved' "
        "WHERE response_id = :draft AND section = 'goals'",
        "submitted answers are final",
        signed=key(signed.response_id),
        draft=key(draft.response_id),
    )
