"""One transcript in the place of another says the same at first, and stands where that one stood."""

from __future__ import annotations

from datetime import timedelta

from intake.store import amendments, history, responses, versions


def test_a_copy_says_the_same_and_does_not_count_yet(session, make):
    paper = make.transcript(answers={"fn_goal_top": {"value": "To lift"}}, finished=True)
    made = versions.copy(session, paper, paper.visit, by=paper.visit.therapist, now=make.now)
    assert responses.answers(session, made.id)["fn_goal_top"]["value"] == "To lift"
    assert (made.source, made.filled_on, made.form_version) == (paper.source, paper.filled_on, paper.form_version)
    assert responses.transcript(session, made.id) is made
    assert responses.intake(session, made.id) is None
    assert responses.intakes(session, paper.patient_id) == [paper]


def test_a_page_of_a_copy_can_be_saved_over_what_was_typed_long_ago(session, make):
    paper = make.transcript(answers={"fn_goal_top": {"value": "To lift"}})
    for word in ("lift", "dance"):
        make.answer(paper, {"fn_goal_top": {"value": f"To {word}", "r": 9}})
    made = versions.copy(session, paper, paper.visit, by=paper.visit.therapist, now=make.now)
    assert responses.answers(session, made.id)["fn_goal_top"]["r"] == 1


def test_what_stands_in_is_as_old_as_what_it_puts_right(session, make):
    paper, by = make.transcript(finished=True), make.therapist()
    made = versions.copy(session, paper, paper.visit, by=by, now=make.now)
    later = make.now + timedelta(days=9)
    versions.stand_in(session, made, paper, amendments.CORRECTED, "A slip.", by=by, now=later)
    assert made.completed_at == paper.completed_at
    assert history.latest(session, paper.patient_id) is made
    assert amendments.of_response(session, paper.id).amended_at == later
