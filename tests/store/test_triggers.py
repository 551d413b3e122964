"""The database itself refuses to change what was signed, issued, submitted, agreed to or logged."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import exc, text

from intake.store import audit, signing_keys
from intake.store.consents import Consent
from intake.store.flags import Flag
from intake.store.responses import Response
from intake.store.triggers import FROZEN, SAME, statements
from tests.forms.made import FEET

FINAL = "submitted answers are final"
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
    session.execute(text("UPDATE notes SET signed_at = NULL WHERE id = :id"), {"id": key(note.id)})
    session.execute(text("DELETE FROM notes WHERE id = :id"), {"id": key(note.id)})
    session.commit()


def test_a_signed_note_is_final(make, refused, key):
    note = make.note(signed=True)
    values = {"id": key(note.id)}
    refused("UPDATE notes SET version = 99 WHERE id = :id", "a signed note is final", **values)
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


def test_a_transcript_that_is_in_can_only_be_told_not_to_count(make, session, refused, key):
    paper = make.transcript(finished=True)
    values = {"id": key(paper.id)}
    for status in ("in-progress", "stopped"):
        refused(f"UPDATE responses SET status = '{status}' WHERE id = :id", FINAL, **values)
    session.execute(text("UPDATE responses SET status = 'amended' WHERE id = :id"), values)
    session.execute(text("UPDATE responses SET status = 'entered-in-error' WHERE id = :id"), values)
    session.commit()
    for status in ("in-progress", "completed", "amended"):
        refused(f"UPDATE responses SET status = '{status}' WHERE id = :id", FINAL, **values)
    refused("UPDATE response_sections SET care = NULL WHERE response_id = :id", FINAL, **values)
    refused("DELETE FROM responses WHERE id = :id", FINAL, **values)


@pytest.mark.parametrize("change", ["number = 7", "filled_on = NULL", "source = 'self'", "follows_id = id"])
def test_nothing_else_of_it_changes_on_that_occasion(make, refused, key, change):
    paper = make.transcript(finished=True)
    refused(f"UPDATE responses SET status = 'amended', {change} WHERE id = :id", FINAL, id=key(paper.id))


def test_every_column_of_a_form_but_its_status_stays(session):
    assert {name.strip('"') for name in SAME} == {column.name for column in Response.__table__.columns} - {"status"}


@pytest.mark.parametrize("status", ["amended", "entered-in-error"])
def test_what_she_typed_herself_always_counts(make, refused, key, status):
    hers = make.intake(submitted=True)
    refused(f"UPDATE responses SET status = '{status}' WHERE id = :id", FINAL, id=key(hers.id))


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


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "sha256 = 'x'",
        "position = 7",
        "signed_at = '2020-01-01'",
        "meaning = 'signed'",
        "adds_to = 'x'",
    ],
)
def test_a_signature_is_final(session, make, refused, key, change):
    note = make.note(signed=True)
    refused(f"UPDATE signatures SET {change} WHERE note_id = :id", "a signature is final", id=key(note.id))


def test_what_was_signed_is_never_removed(session, make, refused, key):
    values = {"id": key(make.note(signed=True).patient_id)}
    refused("DELETE FROM signatures WHERE patient_id = :id", "a signature is final", **values)
    refused("DELETE FROM ledgers WHERE patient_id = :id", "a ledger only grows", **values)
    refused("DELETE FROM signing_keys", "a signing key is never removed")


@pytest.mark.parametrize("position", [0, 1, 3])
def test_a_ledger_grows_by_one_entry_at_a_time(session, make, refused, key, position):
    values = {"id": key(make.note(signed=True).patient_id), "position": position}
    refused("UPDATE ledgers SET position = :position WHERE patient_id = :id", "a ledger only grows", **values)


@pytest.mark.parametrize("change", ["public = certificate", "certificate = public", "method = 'passkey'"])
def test_a_signing_key_is_never_replaced(make, refused, change):
    make.note(signed=True)
    refused(f"UPDATE signing_keys SET {change}", "a signing key is never replaced")


def test_a_retired_signing_key_does_not_come_back(session, make, refused):
    note = make.note(signed=True)
    signing_keys.retire(session, note.author, make.now)
    session.commit()
    refused("UPDATE signing_keys SET valid_until = NULL", "a signing key is never replaced")


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


def test_a_warning_sign_is_closed_and_never_removed(session, make, refused):
    intake = make.intake()
    sign = Flag(patient_id=intake.patient_id, response_id=intake.id, rule="E1", opened_at=make.now)
    sign.severity, sign.because = "EMERGENCY", ["rf_bleed"]
    session.add(sign)
    session.commit()
    refused("DELETE FROM flags", "a warning sign is never removed")


@pytest.mark.parametrize(
    "change",
    [
        "text = 'other'", "sha256 = 'x'", "form = 'clinic-other'", "version = 7", "status = 'draft'",
        "published_at = NULL", "published_at = '2020-01-01'", "status = 'retired', text = 'other'",
    ],
)  # fmt: skip
def test_a_published_form_of_the_clinic_can_only_be_retired(session, make, refused, key, change):
    row = make.clinic_form(FEET)
    values = {"id": key(row.id)}
    refused(f"UPDATE clinic_forms SET {change} WHERE id = :id", "a published form is final", **values)
    refused("DELETE FROM clinic_forms WHERE id = :id", "a published form is final", **values)
    session.execute(text("UPDATE clinic_forms SET status = 'retired' WHERE id = :id"), values)
    session.commit()
    for status in ("published", "draft"):
        refused(f"UPDATE clinic_forms SET status = '{status}' WHERE id = :id", "a published form is final", **values)
    refused("DELETE FROM clinic_forms WHERE id = :id", "a published form is final", **values)


def test_a_draft_of_a_form_can_be_changed_and_thrown_away(session, make, key):
    values = {"id": key(make.clinic_form(FEET, publish=False).id)}
    session.execute(text("UPDATE clinic_forms SET text = 'other' WHERE id = :id"), values)
    session.execute(text("DELETE FROM clinic_forms WHERE id = :id"), values)
    session.commit()


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
    verbs = {(freeze.table, verb.lower()) for freeze in FROZEN for verb in freeze.on}
    whole = {(table, "truncate") for table, verb in verbs if verb == "delete" and dialect == "postgresql"}
    assert found == {f"{table}_final_{verb}" for table, verb in verbs | whole}


@pytest.mark.parametrize("table", sorted({freeze.table for freeze in FROZEN if "DELETE" in freeze.on}))
def test_a_table_with_final_rows_is_not_emptied_at_one_stroke(backend, refused, table):
    if backend == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    refused(f"TRUNCATE {table} CASCADE", "|".join({freeze.message for freeze in FROZEN}))


def test_another_row_is_not_moved_into_a_signed_note(make, refused, key):
    signed, draft = make.note(signed=True), make.note(make.visit())
    refused(
        "UPDATE response_sections SET response_id = :signed, section = 'moved' "
        "WHERE response_id = :draft AND section = 'goals'",
        "submitted answers are final",
        signed=key(signed.response_id),
        draft=key(draft.response_id),
    )
