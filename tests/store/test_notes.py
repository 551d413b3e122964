"""Notes are found by their patient and their author."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import inspect

from intake.store import notes
from tests.tampering import a_draft_again, damage


def test_a_note_comes_with_everything_its_page_shows(session, make):
    note_id = make.note().id
    session.expunge_all()
    note = notes.get(session, note_id)
    session.expunge_all()  # nothing below may need the database again
    assert note.visit.location.name
    assert (note.response.status, note.signatures, note.is_signed) == ("in-progress", [], False)


def test_there_is_no_note_of_an_unknown_id(session):
    assert notes.get(session, uuid.uuid4()) is None


def test_drafts_are_listed_for_their_author_only(session, make):
    draft = make.note()
    make.note(make.visit(therapist=draft.author), signed=True)
    assert [note.id for note in notes.unsigned_by(session, draft.author)] == [draft.id]
    assert notes.unsigned_by(session, make.therapist()) == []


def test_the_newest_note_of_a_patient_comes_first(session, make, clock):
    first = make.note()
    clock.shift(60)
    second = make.note(make.visit(patient=first.patient))
    assert [note.id for note in notes.of_patient(session, first.patient_id)] == [second.id, first.id]


def test_a_list_of_notes_says_who_signed_and_leaves_what_they_say_sealed(session, make):
    note = make.note(signed=True)
    patient_id, content = note.patient_id, note.signatures[0].content
    session.expunge_all()
    (listed,) = notes.of_patient(session, patient_id)
    (entry,) = listed.signatures
    assert "sealed_content" in inspect(entry).unloaded
    assert (listed.waiting, listed.cosigners, entry.content) == ([], frozenset(), content)


def test_what_was_signed_stays_final_whatever_its_row_says(session, make):
    note = make.note(signed=True)
    note_id, signed_at, version = note.id, note.signed_at, note.version
    damage(session, "UPDATE notes SET signed_at = NULL WHERE id = :id", id=note_id)
    session.expunge_all()
    opened = notes.get(session, note_id)
    assert (opened.signed_at, opened.is_signed) == (None, True)
    assert notes.unsigned_by(session, opened.author) == []
    assert not notes.freeze(session, opened, signed_at, over=version)


def test_a_signed_note_without_signature_and_date_is_no_draft_as_long_as_the_trail_knows(session, make):
    note, draft = make.note(signed=True), make.note()
    note_id, patient_id, signed_at, version = note.id, note.patient_id, note.signed_at, note.version
    a_draft_again(session, note)
    opened = notes.get(session, note_id)
    assert (opened.signed_at, opened.signatures, opened.is_signed) == (None, [], True)
    assert [each.is_signed for each in notes.of_patient(session, patient_id)] == [True]
    assert notes.unsigned_by(session, opened.author) == []
    assert not notes.freeze(session, opened, signed_at, over=version)
    assert [each.id for each in notes.to_check(session, patient_id)] == [note_id]
    assert notes.to_check(session, draft.patient_id) == []
    assert not notes.get(session, draft.id).is_signed


def test_visits_without_a_note_are_listed_for_whoever_held_them(session, make):
    before = make.now - timedelta(days=3)
    bare = make.visit(starts_at=before)
    therapist = bare.therapist
    make.note(make.visit(bare.patient, therapist, starts_at=before))
    off = make.visit(bare.patient, therapist, starts_at=before)
    off.cancelled_at = make.now
    make.visit(bare.patient, therapist, starts_at=make.now + timedelta(days=1))
    make.visit(bare.patient, therapist, starts_at=make.now - timedelta(days=100))
    session.commit()
    found = notes.unwritten_by(session, therapist, make.now - timedelta(days=90), make.now)
    assert [visit.id for visit in found] == [bare.id]
    assert notes.unwritten_by(session, make.therapist(), make.now - timedelta(days=90), make.now) == []


def test_what_waits_is_counted_for_the_whole_clinic_without_naming_a_patient(session, make):
    draft, signed = make.note(), make.note(signed=True)
    assert notes.all_unsigned(session) == [(draft.author_id, draft.visit.starts_at)]
    assert notes.all_awaiting(session) == []
    aide = make.member(signed.patient)
    theirs = make.note(signed.visit, author=aide, signed=True)
    make.add(theirs, by=aide)
    assert notes.all_awaiting(session) == [(aide.id, signed.visit.starts_at)], "one note, however much of it waits"
    make.cosign(theirs, by=signed.author)
    assert notes.all_awaiting(session) == []


def test_a_draft_stands_beside_its_visit_and_the_oldest_visit_comes_first(session, make):
    late = make.note(make.visit(starts_at=make.now - timedelta(days=3)))
    early = make.note(make.visit(therapist=late.author, starts_at=make.now - timedelta(days=9)))
    found = notes.unsigned_by(session, late.author)
    session.expunge_all()
    assert [(each.id, each.visit.starts_at) for each in found] == [
        (each.id, each.visit.starts_at) for each in (early, late)
    ]


def test_the_visits_that_have_a_note_say_whether_a_draft_is_one_s_own(session, make):
    note = make.note()
    bare = make.visit(note.patient, note.author)
    briefs = notes.briefs(session, note.patient_id)
    assert notes.written(briefs, note.author) == {note.visit_id: True}
    assert notes.written(briefs, make.therapist()) == {note.visit_id: False}
    assert bare.id not in notes.written(briefs, note.author)


def test_notes_in_brief_say_what_is_signed_and_which_visits_were_called_off(make, session):
    note = make.note(signed=True)
    off = make.note(make.visit(note.patient, note.author))
    off.visit.cancelled_at = make.now
    session.flush()
    told = {(each.id, each.signed_at is not None, each.is_off) for each in notes.briefs(session, note.patient_id)}
    assert told == {(note.id, True, False), (off.id, False, True)}
    assert notes.briefs_of(session, []) == {}
