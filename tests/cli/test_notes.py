"""flask notes: whether signed notes are still what was signed, in plain lines and an exit code."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update

from intake.store import audit
from intake.store.ledgers import Ledger
from intake.store.signatures import Signature
from tests.tampering import unprotected

GOOD, BROKEN, GAP = 0, 2, 3


@pytest.fixture
def flask(app):
    """Type a command of the app."""
    return lambda *words: app.test_cli_runner().invoke(args=["notes", *map(str, words)])


@pytest.fixture
def note(session, make):
    made = make.note(signed=True)
    make.note(make.visit(), signed=True)
    session.commit()
    return made


def damage(session, note):
    """Somebody with the database dates the signature back."""
    (signature,) = session.scalars(select(Signature).where(Signature.note_id == note.id)).all()
    with unprotected(session):
        earlier = signature.signed_at.replace(year=2020)
        session.execute(update(Signature).where(Signature.id == signature.id).values(signed_at=earlier))
        session.commit()


def test_notes_that_are_what_was_signed_end_with_0_and_say_whose_key_holds(flask, note, session):
    done = flask("verify", "--all")
    assert done.exit_code == GOOD, done.output
    assert "2 signed records" in done.output
    assert "0 broken, 0 with gaps." in done.output
    assert "The clinic's own signing key: " in done.output
    assert audit.has(session, "notes.verified")


def test_no_note_at_all_is_well(flask):
    assert flask("verify", "--all").exit_code == GOOD


def test_one_note_is_checked_by_its_id(flask, note):
    done = flask("verify", note.id)
    assert done.exit_code == GOOD, done.output
    assert "1 signed records" in done.output


def test_a_changed_note_is_named_and_ends_with_2_and_the_other_one_still_holds(flask, note, session):
    mine, other = note.id, session.scalars(select(Signature.note_id).where(Signature.note_id != note.id)).one()
    damage(session, note)
    done = flask("verify", "--all")
    assert done.exit_code == BROKEN, done.output
    assert f"note {mine}: " in done.output
    assert f"note {other}" not in done.output
    assert "1 broken" in done.output
    assert flask("verify", mine).exit_code == BROKEN
    assert flask("verify", other).exit_code == GOOD


def test_a_ledger_that_is_gone_ends_with_3(flask, note, session):
    with unprotected(session):
        session.execute(delete(Ledger).where(Ledger.patient_id == note.patient_id))
        session.commit()
    done = flask("verify", "--all")
    assert done.exit_code == GAP, done.output
    assert "ledger: " in done.output


def test_what_is_asked_is_said_clearly(flask, make, session):
    draft = make.note()
    session.commit()
    assert "Give the id of one note, or --all." in flask("verify").output
    assert "Give the id of one note, or --all." in flask("verify", draft.id, "--all").output
    assert "There is no signed note of that id." in flask("verify", draft.id).output
    assert "not a valid UUID" in flask("verify", "seven").output


def test_no_line_says_what_a_note_says_or_whose_it_is(flask, note, session):
    damage(session, note)
    output = flask("verify", "--all").output
    assert note.patient.legal_name not in output
    assert note.author.name not in output


@pytest.mark.parametrize("backend", ["sqlite"])
def test_notes_that_hold_say_nothing_while_others_could_be_left_out(flask, note, session):
    session.execute(text("DROP INDEX ix_signatures_note_id"))
    session.execute(text("CREATE INDEX ix_signatures_note_id ON signatures (note_id) WHERE position <> 4"))
    session.commit()
    done = flask("verify", "--all")
    assert (done.exit_code, "could leave rows out of an answer" in done.output) == (BROKEN, True)
