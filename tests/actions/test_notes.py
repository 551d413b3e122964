"""The life of a note: started from the intake, written as a draft, signed and frozen, then added to."""

from __future__ import annotations

import hashlib
import json

import pytest

from intake.actions import notes as acts
from intake.actions.refusals import FinalError, NotReadyError, RefusedError, StaleError, WrongPasswordError
from intake.forms import reader
from intake.forms.entry import Entry
from intake.store import audit, notes, responses
from tests.builders import COST, NOTE, PASSWORD, filled

FORM = reader.latest("evaluation")


@pytest.fixture
def save(session, make):
    """Save answers of a draft, read at these versions."""

    def saved(note, answers, bases, *, emptied=()):
        entry = Entry({name: {"value": value} for name, value in answers.items()}, set(emptied))
        return acts.save(session, note.response, FORM, entry, bases, by=note.author, subject=note, now=make.now)

    return saved


def sign(session, note, now, password=PASSWORD, by=None):
    acts.sign(session, note, FORM, password, cost=COST, by=by or note.author, now=now)


def test_a_note_starts_with_her_own_words_and_marks_them_as_hers(session, make):
    intake = make.intake(answers={"fn_goal_top": {"value": "Run with the stroller again"}}, submitted=True)
    note = make.note(intake.visit)
    written = " ".join(answer["value"] for answer in responses.answers(session, note.response_id).values())
    assert "Patient: “Run with the stroller again”" in written


def test_starting_twice_gives_the_draft_that_is_there(session, make):
    note = make.note()
    again = acts.start(session, note.visit, FORM, None, by=note.author, now=make.now)
    assert again.id == note.id
    assert len(notes.of_patient(session, note.patient_id)) == 1


def test_a_note_can_be_started_without_an_intake(session, make):
    assert responses.answers(session, make.note().response_id) == {}


def test_a_draft_keeps_what_was_written(session, make, save):
    note = make.note()
    assert save(note, {"im_impression": "Good potential"}, {"impression": 1})["impression"] == 2
    assert responses.answers(session, note.response_id)["im_impression"]["value"] == "Good potential"


def test_a_finding_changed_in_another_window_is_kept_and_nothing_of_the_page_is_saved(session, make, save):
    note = make.note()
    save(note, {"im_impression": "First"}, {"impression": 1})
    with pytest.raises(StaleError) as stale:
        save(note, {"im_impression": "Second", "hi_reason": "Also new"}, {"impression": 1, "history": 1})
    assert stale.value.questions == ("im_impression",)
    session.rollback()
    kept = responses.answers(session, note.response_id)
    assert kept["im_impression"]["value"] == "First"
    assert "hi_reason" not in kept


def test_a_draft_that_claims_a_version_yet_to_come_is_refused(session, make, save):
    note = make.note()
    with pytest.raises(StaleError):
        save(note, {"im_impression": "First"}, {"impression": 99})


def test_signing_lists_everything_that_is_missing_at_once(session, make):
    note = make.note(answers={"co_exam_type": {"value": ["vaginal"]}})
    with pytest.raises(NotReadyError) as refusal:
        sign(session, note, make.now)
    asked = {reason.question for reason in refusal.value.reasons}
    assert {"consent_decision", "chaperone_offered", "im_impression", "goal"} <= asked
    session.rollback()
    assert not note.is_signed


def test_a_wrong_password_signs_nothing(session, make):
    note = make.note(answers=filled(FORM, NOTE))
    with pytest.raises(WrongPasswordError):
        sign(session, note, make.now, "seven green kettles hiss")
    session.rollback()
    assert not note.is_signed
    sign(session, note, make.now)
    assert note.is_signed


def test_a_note_without_an_internal_examination_is_complete(session, make):
    note = make.note(answers={"co_exam_type": {"value": ["none"]}}, signed=True)
    assert "consent_decision" not in responses.answers(session, note.response_id)
    assert note.is_signed


def test_what_was_signed_can_be_checked_against_its_hash(session, make):
    note = make.note(signed=True)
    session.expire_all()
    kept = notes.get(session, note.id)
    assert kept.sha256 == hashlib.sha256(kept.content.encode()).hexdigest()
    assert kept.content == acts.canonical(kept, FORM, responses.answers(session, kept.response_id))
    signed = json.loads(kept.content)
    assert signed["author"] == {"credentials": "PT, DPT", "id": str(kept.author_id), "name": kept.author.name}
    assert signed["answers"]["goal"]["value"][0]["goal_target"] == {"value": "30 minutes"}


def test_the_name_on_a_signature_stays_when_the_person_changes_theirs(session, make):
    note = make.note(signed=True)
    before = note.signer_name
    note.author.name = "Renamed Later"
    session.commit()
    assert notes.get(session, note.id).signer_name == before


def test_findings_the_page_no_longer_asks_for_are_dropped_with_a_record(session, make):
    hidden = {"co_exam_type": {"value": ["none"]}, "co_stop_signal": {"value": "raise a hand"}}
    note = make.note(answers=hidden, signed=True)
    assert "co_stop_signal" in note.response.dropped
    assert "co_stop_signal" not in note.content


def test_a_signed_note_is_not_signed_again_nor_written_to(session, make, save):
    note = make.note(signed=True)
    with pytest.raises(FinalError):
        sign(session, note, make.now)
    with pytest.raises(FinalError):
        save(note, {"im_impression": "Another"}, {"impression": 1})


def test_a_signed_note_takes_addenda_and_stays_as_it_was(session, make):
    note, colleague = make.note(signed=True), make.therapist(name="Colleague Example")
    before = note.content
    acts.add(session, note, " She called: the calf is fine. ", by=colleague, now=make.now)
    session.expire_all()
    kept = notes.get(session, note.id)
    assert [(each.text, each.author_name) for each in kept.addenda] == [
        ("She called: the calf is fine.", "Colleague Example")
    ]
    assert kept.content == before
    assert audit.has(session, "note.added-to")


def test_a_draft_takes_no_addendum_and_an_empty_one_is_refused(session, make):
    with pytest.raises(RefusedError, match="draft"):
        acts.add(session, make.note(), "text", by=make.therapist(), now=make.now)
    with pytest.raises(RefusedError, match="what you want to add"):
        acts.add(session, make.note(signed=True), "  ", by=make.therapist(), now=make.now)
