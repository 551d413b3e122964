"""Looking answers over: her words, cues that are no gaps, and what changed since last time."""

from __future__ import annotations

from datetime import date

from intake.clinical.review import Before, Earlier, review
from intake.forms import reader

FORM = reader.latest("intake")
CHECK_IN = reader.latest("check-in")
MAY = date(2026, 5, 3)


def rows(found):
    return {row.question: row for part in found.parts for row in part.rows}


def row(found, question):
    return rows(found)[FORM.by_id[question].text]


def earlier(form=FORM, on=MAY, **answers):
    return Earlier(form, {name: {"value": value} for name, value in answers.items()}, on)


def test_her_own_words_are_quoted_and_other_answers_are_in_the_wording_of_the_form():
    found = review(FORM, {"fn_goal_top": {"value": "Run again"}, "alg_any": {"value": "no"}})
    assert (row(found, "fn_goal_top").is_quoted, row(found, "fn_goal_top").lines) == (True, ("Run again",))
    assert (row(found, "alg_any").is_quoted, row(found, "alg_any").lines) == (False, ("No",))


def test_a_question_that_was_passed_over_is_not_answered_and_never_no():
    found = review(FORM, {"alg_any": {"status": "skipped"}})
    assert (row(found, "alg_any").status, row(found, "alg_any").lines) == ("skipped", ("Not answered",))


def test_what_was_not_asked_is_not_there():
    found = review(FORM, {"alg_any": {"value": "no"}})
    assert len(rows(found)) == 1
    assert [part.section.id for part in found.parts] == ["health"]


def test_what_she_would_rather_say_in_person_or_not_at_all_are_cues():
    found = review(
        FORM,
        {
            "ob_g": {"status": "in-person"},
            "rf_unreal": {"status": "declined"},
            "sx_ok_to_ask": {"value": "in-person"},
            "alg_any": {"status": "skipped"},
            "ob_births": {"value": [{"birth_outcome": {"status": "declined"}}, {"birth_outcome": {"value": "living"}}]},
        },
    )
    asked = {(cue.question, cue.status) for cue in found.cues}
    child = next(each for each in FORM.by_id["ob_births"].questions if each.id == "birth_outcome")
    assert asked == {
        (FORM.by_id["ob_g"].text, "in-person"),
        (FORM.by_id["sx_ok_to_ask"].text, "in-person"),
        (FORM.by_id["rf_unreal"].text, "declined"),
        (child.text, "declined"),
    }
    assert [cue.about for cue in found.cues if cue.about] == [FORM.by_id["ob_births"].text]


def test_a_change_says_what_was_said_before_and_when():
    found = review(FORM, {"alg_any": {"value": "yes"}}, [earlier(alg_any="no")])
    assert row(found, "alg_any").before == Before(("No",), MAY)
    assert (row(found, "alg_any").is_changed, found.changes) == (True, 1)


def test_the_newest_of_the_earlier_answers_is_the_one_to_compare_with_from_whatever_form():
    june = date(2026, 6, 7)
    before = [earlier(rf_bleed="heavy"), earlier(CHECK_IN, june, rf_bleed="none")]
    found = review(FORM, {"rf_bleed": {"value": "heavy"}}, before)
    assert row(found, "rf_bleed").before.on == june


def test_the_same_answer_again_is_no_change_whenever_it_was_saved():
    same = Earlier(FORM, {"alg_any": {"value": "no", "r": 2, "at": "2026-05-03T10:00:00+00:00", "by": "x"}}, MAY)
    found = review(FORM, {"alg_any": {"value": "no", "r": 7, "at": "2026-09-03T10:00:00+00:00", "by": "y"}}, [same])
    assert (row(found, "alg_any").before, found.changes) == (None, 0)


def test_passing_a_question_over_is_no_change_but_the_last_word_on_it_stands_there():
    found = review(FORM, {"alg_any": {"status": "skipped"}}, [earlier(alg_any="yes")])
    assert row(found, "alg_any").before == Before(("Yes",), MAY)
    assert (found.changes, found.only_changes()) == (0, ())


def test_what_she_would_not_say_then_or_now_is_not_held_against_it():
    declined = Earlier(FORM, {"alg_any": {"status": "declined"}}, MAY)
    assert row(review(FORM, {"alg_any": {"value": "yes"}}, [declined]), "alg_any").before is None
    for now in ({"status": "declined"}, {"status": "in-person"}):
        assert row(review(FORM, {"alg_any": now}, [earlier(alg_any="yes")]), "alg_any").before is None


def test_only_what_changed_leaves_everything_else_out():
    answers = {"alg_any": {"value": "yes"}, "fn_goal_top": {"value": "Run"}, "rf_bleed": {"value": "none"}}
    found = review(FORM, answers, [earlier(alg_any="no", fn_goal_top="Run")])
    (part,) = found.only_changes()
    assert [each.question for each in part.rows] == [FORM.by_id["alg_any"].text]


def test_a_part_says_when_it_was_answered_last():
    at = {"alg_any": {"value": "no", "at": "2026-09-15T10:00:00+00:00"}}
    more = {"med_any": {"value": "no", "at": "2026-09-15T11:00:00+00:00"}}
    (part,) = review(FORM, at | more).parts
    assert part.at.isoformat() == "2026-09-15T11:00:00+00:00"


def test_whether_something_is_still_right_is_no_change_from_what_was_said_the_last_time():
    form = reader.latest("follow-up")
    last = earlier(form, st_bladder="changed", bl_bother=6)
    found = review(form, {"st_bladder": {"value": "right"}, "bl_bother": {"value": 2}}, [last])
    assert rows(found)[form.by_id["st_bladder"].text].before is None
    assert rows(found)[form.by_id["bl_bother"].text].before == Before(("6/10",), MAY)


def test_neighbors_of_one_title_are_one_part_that_says_when_it_was_answered_last():
    morning, noon = "2026-09-15T10:00:00+00:00", "2026-09-15T12:00:00+00:00"
    answers = {
        "rf_heart": {"value": ["none"], "at": noon},
        "rf_tired_extreme": {"value": "no", "at": morning},
        "alg_any": {"value": "no"},
    }
    signs, health = review(FORM, answers).parts
    assert (signs.section.id, len(signs.rows), signs.at.isoformat()) == ("warning-signs", 2, noon)
    assert health.section.id == "health"


def test_what_changed_has_one_heading_for_what_follows_on_each_other_too():
    before = earlier(rf_heart=["rf_chest"], rf_tired_extreme="yes", alg_any="no")
    found = review(
        FORM,
        {"rf_heart": {"value": ["none"]}, "rf_tired_extreme": {"value": "no"}, "alg_any": {"value": "no"}},
        [before],
    )
    assert [part.section.title for part in found.only_changes()] == ["Warning signs"]


def test_none_of_these_says_what_was_denied():
    found = review(FORM, {"rf_heart": {"value": ["none"]}, "rf_bleed": {"value": "none"}})
    assert "Trouble breathing" in row(found, "rf_heart").denied
    assert row(found, "rf_bleed").denied == ()


def test_a_group_is_a_list_of_its_entries():
    births = {"value": [{"birth_date": {"value": "2021"}}, {"birth_date": {"value": "2026"}}]}
    found = row(review(FORM, {"ob_births": births}), "ob_births")
    assert [entry[0].words for entry in found.entries] == ["2021", "2026"]


def test_a_row_says_that_something_was_called_right_without_seeing_it():
    form = reader.latest("follow-up")
    found = review(form, {"st_bladder": {"value": "right", "unread": True}, "st_bowel": {"value": "right"}})
    assert rows(found)[form.by_id["st_bladder"].text].unseen
    assert not rows(found)[form.by_id["st_bowel"].text].unseen
