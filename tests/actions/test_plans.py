"""The life of a care plan: proposed from a signed note, edited, issued as the exact bytes that are kept."""

from __future__ import annotations

import hashlib

import pytest

from intake.actions import plans as acts
from intake.actions.refusals import FinalError, NotReadyError, RefusedError
from intake.forms import reader
from intake.forms.entry import Entry
from intake.library.reader import exercises
from intake.store import audit, plans, responses
from tests.builders import PLAN, filled

FORM = reader.latest("care-plan")
PRIVATE = {"cp_private_topics": {"value": ["return-to-sex"]}}


def issue(session, make, plan, paper="letter"):
    return acts.issue(
        session, plan, FORM, make.clinic(), paper=paper, by=plan.author, today=make.now.date(), now=make.now
    )


def test_a_plan_needs_a_signed_note(session, make):
    note = make.note()
    with pytest.raises(RefusedError, match="sign the note first"):
        acts.start(session, note, FORM, by=note.author, now=make.now)
    assert plans.of_patient(session, note.patient_id) == []


def test_a_plan_starts_with_the_goals_of_the_note_and_her_own_words(session, make):
    intake = make.intake(answers={"fn_goal_top": {"value": "Run again"}}, submitted=True)
    plan = make.plan(make.note(intake.visit, signed=True))
    said = responses.answers(session, plan.response_id)
    assert said["cp_matters"]["value"] == "Run again"
    assert said["cp_goals"]["value"][0]["cp_goal_text"]["value"] == "Walk for 30 minutes with a dry pad"


def test_starting_twice_gives_the_draft_that_is_there(session, make):
    plan = make.plan()
    assert acts.start(session, plan.note, FORM, by=plan.author, now=make.now).id == plan.id


def test_a_plan_without_goals_exercises_or_findings_is_not_handed_over(session, make):
    for emptied, field in (("cp_goals", "cp_goals"), ("cp_exercises", "cp_exercises"), ("cp_findings", "cp_findings")):
        plan = make.plan(answers=filled(FORM, PLAN) | {emptied: {"status": "skipped"}})
        with pytest.raises(NotReadyError) as refusal:
            issue(session, make, plan)
        assert field in {problem.field for problem in refusal.value.reasons}
        session.rollback()
        assert not plan.is_issued
        assert plan.documents == []


def test_the_issued_bytes_are_kept_with_their_hash_and_can_be_fetched_again(session, make):
    plan = make.plan(issued=True)
    session.expire_all()
    (kept,) = plans.get(session, plan.id).documents
    assert kept.content.startswith(b"%PDF-")
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert plans.document(session, kept.id).content == kept.content
    assert audit.has(session, "plan.issued")


def test_a_plan_is_issued_once_and_printed_again_beside_the_first(session, make):
    plan = make.plan(issued=True)
    with pytest.raises(FinalError):
        issue(session, make, plan)
    session.rollback()
    first = plan.documents[0].content
    acts.reprint(session, plan, make.clinic(), paper="a4", by=plan.author, today=make.now.date(), now=make.now)
    session.expire_all()
    assert {document.paper for document in plan.documents} == {"letter", "a4"}
    assert next(document for document in plan.documents if document.paper == "letter").content == first


def test_a_draft_is_not_reprinted(session, make):
    plan = make.plan()
    with pytest.raises(RefusedError, match="issue the plan first"):
        acts.reprint(session, plan, make.clinic(), paper="a4", by=plan.author, today=make.now.date(), now=make.now)


def test_private_handouts_are_a_file_of_their_own_and_only_when_wanted(session, make):
    wanted = make.plan(answers=PRIVATE | {"cp_private_wanted": {"value": "yes"}}, issued=True)
    unwanted = make.plan(answers=PRIVATE | {"cp_private_wanted": {"value": "no"}}, issued=True)
    session.expire_all()
    assert [document.file_name.partition("-")[0] for document in wanted.documents] == ["plan", "pages"]
    assert [document.file_name.partition("-")[0] for document in unwanted.documents] == ["plan"]


def test_private_handouts_nobody_asked_about_hold_the_plan_back(session, make):
    plan = make.plan(answers=filled(FORM, PLAN | make_goals()) | PRIVATE)
    with pytest.raises(NotReadyError) as refusal:
        issue(session, make, plan)
    assert [problem.field for problem in refusal.value.reasons] == ["cp_private_wanted"]


def make_goals():
    goal = {"cp_goal_text": {"value": "Walk"}, "cp_goal_baseline": {"value": "1"}, "cp_goal_target": {"value": "2"}}
    return {"cp_goals": {"value": [goal | {"cp_goal_due": {"value": "2027-01-01"}}]}}


def test_an_exercise_without_a_dose_takes_the_library_s_and_keeps_what_was_prescribed():
    own = {"cp_exercise": {"value": "bridge"}, "cp_sets": {"value": {"number": "1"}}}
    entry = acts.with_usual_doses(Entry({"cp_exercises": {"value": [own]}}))
    (item,) = entry.answers["cp_exercises"]["value"]
    assert item["cp_sets"] == {"value": {"number": "1"}}
    assert item["cp_reps"] == {"value": {"number": str(exercises()["bridge"].reps)}}


def test_the_preview_is_what_would_be_issued(session, make):
    plan = make.plan(answers=filled(FORM, PLAN | make_goals()))
    shown = acts.preview(session, plan, make.clinic(), paper="letter", today=make.now.date())
    assert issue(session, make, plan)[0].content == shown
