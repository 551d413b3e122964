"""The life of a note until it is signed: started from the intake, written as a draft."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import notes as acts
from intake.actions import shortforms
from intake.actions.refusals import FinalError, StaleError
from intake.forms import reader
from intake.forms.entry import Entry
from intake.store import notes, responses

FORM = reader.latest("evaluation")


@pytest.fixture
def save(session, make):
    """Save answers of a draft, read at these versions."""

    def saved(note, answers, bases, *, emptied=()):
        entry = Entry({name: {"value": value} for name, value in answers.items()}, set(emptied))
        return acts.save(session, note.response, FORM, entry, bases, by=note.author, subject=note, now=make.now)

    return saved


def test_a_note_starts_with_her_own_words_and_marks_them_as_hers(session, make):
    intake = make.intake(answers={"fn_goal_top": {"value": "Run with the stroller again"}}, submitted=True)
    note = make.note(intake.visit)
    written = " ".join(answer["value"] for answer in responses.answers(session, note.response_id).values())
    assert "Patient: “Run with the stroller again”" in written


FIRST = {
    "fn_goal_top": {"value": "Run with the stroller again"},
    "rf_heart": {"value": ["none"]},
    "ti_triggers": {"value": "marzipan"},
}


@pytest.fixture
def again(make, clock):
    """A later visit of a patient who handed in her intake before the first one."""
    first = make.intake(answers=FIRST, submitted=True)
    clock.shift(timedelta(days=30))
    return make.visit(first.patient, first.visit.therapist, kind="follow-up")


def written(session, note):
    return {name: answer["value"] for name, answer in responses.answers(session, note.response_id).items()}


def test_at_a_later_visit_it_starts_with_what_stands_and_says_of_which_day_it_is(session, make, again):
    found = written(session, make.note(again))
    assert found["hi_reason"] == "(September 15, 2026) Patient: “Run with the stroller again”"


def test_the_newest_word_is_quoted_with_its_own_day(session, make, clock, again):
    newer = make.visit(again.patient, again.therapist)
    shortforms.ask(session, newer, "intake", by=again.therapist, now=make.now)
    said = {"fn_goal_top": {"value": "To dance"}}
    paper = make.transcript(newer, answers=said, finished=True, filled_on=make.now.date())
    clock.shift(timedelta(days=1))
    later = make.visit(again.patient, again.therapist, kind="follow-up")
    assert written(session, make.note(later))["hi_reason"] == "(October 15, 2026) Patient: “To dance”"
    assert written(session, make.note(paper.visit))["hi_reason"] == "Patient: “To dance”", "of its own visit no day"


def test_warning_signs_of_another_day_are_no_screening_of_today(session, make, again):
    assert "hi_screening" not in written(session, make.note(again))


def test_what_is_not_handed_in_is_quoted_at_no_later_visit(session, make, clock):
    begun = make.intake(answers=FIRST)
    assert written(session, make.note(make.visit(begun.patient))) == {}


@pytest.mark.parametrize(("ceiling", "quoted"), [("safety", True), ("care", False)])
def test_nor_does_a_later_visit_quote_what_its_author_may_not_read(session, make, again, ceiling, quoted):
    note = acts.start(session, again, FORM, None, ceiling=ceiling, by=again.therapist, now=make.now)
    assert ("marzipan" in str(written(session, note))) is quoted


def test_starting_twice_gives_the_draft_that_is_there(session, make):
    note = make.note()
    again = acts.start(session, note.visit, FORM, None, ceiling="safety", by=note.author, now=make.now)
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


def test_a_signed_note_is_not_written_to(make, save):
    note = make.note(signed=True)
    with pytest.raises(FinalError):
        save(note, {"im_impression": "Another"}, {"impression": 1})
