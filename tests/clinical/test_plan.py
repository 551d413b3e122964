"""What a care plan starts from, and why one cannot be handed over yet."""

from __future__ import annotations

import pytest

from intake.clinical import plan
from intake.clinical.additions import Change, text_of
from intake.clinical.readability import grade
from intake.forms import reader
from intake.library.reader import exercises

FORM = reader.latest("care-plan")
GOAL = {
    "goal_text": {"value": "Walk  for\n30 minutes"},
    "goal_measure": {"value": "Pad diary"},
    "goal_baseline": {"value": "b" * 300},
    "goal_target": {"value": "30 minutes"},
    "goal_due": {"value": "2027-01-01"},
}
WHOLE = {
    "cp_findings": {"value": "Strong."},
    "cp_goals": {
        "value": [
            {
                "cp_goal_text": {"value": "Walk"},
                "cp_goal_baseline": {"value": "10"},
                "cp_goal_target": {"value": "30"},
                "cp_goal_due": {"value": "2027-01-01"},
            }
        ]
    },
    "cp_exercises": {
        "value": [plan.with_usual_dose({"cp_exercise": {"value": name}}) for name in ("bridge", "clamshell")]
    },
}


def fields(**answers):
    return [problem.field for problem in plan.reasons_not_to_issue(FORM, WHOLE | answers)]


def number(value):
    return {"value": {"number": str(value)}}


def test_a_whole_plan_can_be_handed_over():
    assert fields() == []


@pytest.mark.parametrize("name", ["cp_findings", "cp_goals", "cp_exercises"])
def test_a_plan_without_its_parts_cannot(name):
    assert fields(**{name: {"status": "skipped"}}) == [name]


def test_everything_that_is_missing_is_said_at_once():
    assert {problem.field for problem in plan.reasons_not_to_issue(FORM, {})} == {
        "cp_findings",
        "cp_goals",
        "cp_exercises",
    }


@pytest.mark.parametrize("part", ["cp_goal_text", "cp_goal_baseline", "cp_goal_target", "cp_goal_due"])
def test_a_goal_nobody_can_check_holds_the_plan_back(part):
    goal = {name: answer for name, answer in WHOLE["cp_goals"]["value"][0].items() if name != part}
    assert fields(cp_goals={"value": [goal]}) == [f"cp_goals.0.{part}"]


@pytest.mark.parametrize(("count", "fits"), [(1, False), (2, True), (4, True)])
def test_two_to_four_exercises_make_a_plan(count, fits):
    names = list(exercises())[:count]
    chosen = {"value": [plan.with_usual_dose({"cp_exercise": {"value": name}}) for name in names]}
    assert (fields(cp_exercises=chosen) == []) == fits


def test_an_exercise_is_not_in_the_plan_twice():
    twice = {"value": [plan.with_usual_dose({"cp_exercise": {"value": "bridge"}})] * 2}
    assert fields(cp_exercises=twice) == ["cp_exercises.1.cp_exercise"]


def test_a_dose_that_could_harm_is_refused_at_its_exercise():
    heavy = plan.with_usual_dose({"cp_exercise": {"value": "bridge"}, "cp_reps": number(900)})
    chosen = {"value": [heavy, WHOLE["cp_exercises"]["value"][1]]}
    assert set(fields(cp_exercises=chosen)) == {"cp_exercises.0.cp_exercise"}


def test_findings_stay_short_enough_to_be_read():
    assert fields(cp_findings={"value": "\n".join(["A line."] * 5)}) == []
    assert fields(cp_findings={"value": "\n".join(["A line."] * 6)}) == ["cp_findings"]


def test_private_handouts_need_her_word_on_paper():
    private = {"cp_private_topics": {"value": ["dilators"]}}
    assert fields(**private) == ["cp_private_wanted"]
    assert fields(**private, cp_private_wanted={"value": "no"}) == []


def test_a_proposal_carries_goals_findings_and_her_words():
    note = {"goal": {"value": [GOAL] * 6}, "perfect_p": {"value": 3}, "im_factors": {"value": ["scar", {"other": "x"}]}}
    found = plan.proposal(note, {"fn_goal_top": {"value": "w" * 900}})
    assert len(found["findings"]["cp_matters"]["value"]) <= FORM.by_id["cp_matters"].max_length
    goals = found["goals"]["cp_goals"]["value"]
    assert len(goals) == FORM.by_id["cp_goals"].maximum_entries
    assert goals[0]["cp_goal_text"] == {"value": "Walk for 30 minutes"}
    assert len(goals[0]["cp_goal_baseline"]["value"]) == 80
    assert found["findings"]["cp_findings"]["value"].splitlines() == [
        plan.POWER_SENTENCES[3],
        plan.PLAIN_FACTORS["scar"],
    ]


def test_a_note_without_findings_proposes_none():
    assert plan.proposal({}, {}) == {"findings": {}, "goals": {}}


def test_what_was_not_examined_is_never_said_to_be_weak_or_fine():
    unseen = {"perfect_p": {"status": "not-examined", "reason": "declined"}}
    assert plan.plain_findings(unseen) == ()


def test_findings_are_five_at_most_and_plain_enough_to_read():
    note = {"perfect_p": {"value": 0}, "im_factors": {"value": list(plan.PLAIN_FACTORS)}}
    sentences = plan.plain_findings(note)
    assert len(sentences) == 5
    texts = [*plan.PLAIN_FACTORS.values(), *plan.POWER_SENTENCES.values(), *plan.SUPPORT_SENTENCES.values()]
    assert [text for text in texts if grade(text.format(what="The front wall")) > 8] == []


def test_the_usual_dose_fills_what_was_left_empty_and_nothing_else():
    own = plan.with_usual_dose(
        {"cp_exercise": {"value": "bridge"}, "cp_reps": number(3), "cp_sets": {"status": "skipped"}}
    )
    assert own["cp_reps"] == number(3)
    assert own["cp_sets"] == number(exercises()["bridge"].sets)
    assert plan.with_usual_dose({"cp_exercise": {"value": "gone"}}) == {"cp_exercise": {"value": "gone"}}


def test_a_prescribed_dose_keeps_the_library_s_pain_limit():
    dose = plan.dose({"cp_sets": number(1)}, exercises()["bridge"])
    assert (dose.sets, dose.reps, dose.pain_limit_nprs) == (
        1,
        exercises()["bridge"].reps,
        exercises()["bridge"].pain_limit_nprs,
    )


NOTE_FORM = reader.latest("evaluation")


@pytest.mark.parametrize(
    ("question", "old", "expected"),
    [
        ("goal", "30 minutes", True),
        ("goal", "Target: 30", True),
        ("goal", text_of(NOTE_FORM.by_id["goal"], {"value": [GOAL]}), True),
        ("goal", "Nowhere", False),
        ("goal_close", "30 minutes", False),
    ],
)
def test_a_plan_goes_on_with_a_goal_of_its_note_until_it_is_written_otherwise(question, old, expected):
    note, change = {"goal": {"value": [GOAL]}}, Change(question, old, "10 minutes")
    kept = plan.proposal(note, {})["goals"]
    assert plan.goes_on(change, (NOTE_FORM, note), FORM, kept) is expected
    other = {"cp_goals": {"value": [{"cp_goal_text": {"value": "Walk"}}]}}
    assert not plan.goes_on(change, (NOTE_FORM, note), FORM, other)
    assert not plan.goes_on(change, (NOTE_FORM, {}), FORM, kept)
