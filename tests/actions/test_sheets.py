"""From records to the plain data that documents print."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from intake.actions import sheets
from intake.library.reader import exercises
from intake.store.people import Clinic

TODAY = date(2026, 9, 15)
CLINIC = Clinic(name="Fernbank", phone="555-0100", address="", emergency="911", crisis="988", maternal="")
PLAN = SimpleNamespace(
    id="0f9f2e0c-0000",
    patient=SimpleNamespace(name="Rowan", initials="RI", birth_date=date(1993, 4, 27)),
    author=SimpleNamespace(name="Tess", credentials="PT"),
)
ANSWERS = {
    "cp_findings": {"value": "Strong.\n\n  Calm.  "},
    "cp_goals": {"value": [{"cp_goal_text": {"value": "Walk"}, "cp_goal_due": {"value": "2027-01-01"}}]},
    "cp_exercises": {
        "value": [
            {"cp_exercise": {"value": "bridge"}, "cp_exercise_note": {"value": "On the mat."}},
            {"cp_exercise": {"value": "gone"}},
        ]
    },
    "cp_topics": {"value": ["strength", "return-to-sex"]},
    "cp_private_topics": {"value": ["return-to-sex", "strength"]},
}
INTAKE = {
    "ob_births": {"value": [{"birth_date": {"value": "2026-05-01"}}, {"birth_date": {"value": "2024-02"}}]},
    "fn_psfs": {
        "value": [
            {"fn_activity_name": {"value": "Run"}, "fn_rating": {"value": 2}},
            {"fn_activity_name": {"value": "Lift"}},
        ]
    },
}


def printed(**answers):
    return sheets.care_plan(PLAN, ANSWERS | answers, INTAKE, CLINIC, issued_on=TODAY)


def test_a_plan_prints_findings_goals_and_activities():
    sheet = printed()
    assert sheet.findings == ("Strong.", "Calm.")
    assert (sheet.goals[0].text, sheet.goals[0].due) == ("Walk", date(2027, 1, 1))
    assert [(activity.name, activity.baseline) for activity in sheet.activities] == [("Run", 2), ("Lift", None)]


def test_the_latest_birth_is_printed_only_when_its_day_is_known():
    assert printed().birth_date == date(2026, 5, 1)
    vague = {"ob_births": {"value": [{"birth_date": {"value": "2026-05"}}]}}
    assert sheets.care_plan(PLAN, ANSWERS, vague, CLINIC, issued_on=TODAY).birth_date is None
    assert sheets.care_plan(PLAN, ANSWERS, {}, CLINIC, issued_on=TODAY).birth_date is None
    seven = {"ob_births": {"value": [{"birth_date": {"value": "2000-05-01"}}]}}
    assert sheets.care_plan(PLAN, ANSWERS, seven, CLINIC, issued_on=TODAY).birth_date is None, "she was seven"


def test_an_exercise_prints_its_steps_and_the_therapist_s_note_and_one_the_library_lost_is_left_out():
    (exercise,) = printed().exercises
    assert exercise.steps == (*exercises()["bridge"].steps, "On the mat.")
    assert exercise.stop_rule == exercises()["bridge"].stop_rule


def test_nothing_sensitive_is_printed_in_the_plan_itself():
    assert [topic.title for topic in printed().topics] == [
        topic.title for topic in sheets._topics(["strength"], "care")
    ]


def test_private_pages_exist_only_when_she_wants_them_and_hold_private_topics_only():
    assert sheets.private_pages(PLAN, ANSWERS, INTAKE, CLINIC, issued_on=TODAY) is None
    for wanted, there in (("no", False), ("yes", True)):
        answers = ANSWERS | {"cp_private_wanted": {"value": wanted}}
        sheet = sheets.private_pages(PLAN, answers, INTAKE, CLINIC, issued_on=TODAY)
        assert (sheet is not None) == there
    assert len(sheet.topics) == 1
    assert not hasattr(sheet, "name_used")
