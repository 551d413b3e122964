"""The chart's first screen."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.birth_dates import STAFF, Why
from intake.clinical.summary import summary
from intake.forms import reader
from intake.forms.model import Tier

FORM = reader.latest("intake")
TODAY = date(2026, 9, 15)


def birth(day, mode="vaginal", tear="second", outcome="living"):
    return {
        "birth_date": {"value": day},
        "birth_mode": {"value": mode},
        "birth_tear": {"value": tear},
        "birth_outcome": {"value": outcome},
    }


FULL = {
    "pre_private": {"value": "yes"},
    "pre_who": {"value": "me"},
    "rf_bleed": {"value": "light"},
    "fn_goal_top": {"value": "Run again"},
    "ex_hope": {"value": "A plan"},
    "ex_worry": {"value": "Pain"},
    "ob_births": {"value": [birth("2024-02-01"), birth("2026-05-01", tear="third-a")]},
    "fn_psfs": {"value": [{"fn_activity_name": {"value": "Run"}, "fn_rating": {"value": 0}}]},
    "ti_stop_word": {"value": "pineapple"},
    "ti_internal": {"status": "declined"},
    "ob_more": {"value": "yes"},
    "ob_g": {"status": "in-person"},
    "rf_unreal": {"status": "declined"},
    "alg_any": {"value": "yes"},
    "alg_known": {"value": ["latex", {"other": "kiwi"}]},
    "med_any": {"value": "yes"},
    "med_list": {"value": [{"med_name": {"value": "Iron"}}]},
}


def test_reason_hopes_and_activities_stand_in_her_own_words():
    found = summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY)
    assert (found.goal, found.hope, found.worry) == ("Run again", "A plan", "Pain")
    assert found.activities == (("Run", 0),)


def test_weeks_count_from_the_latest_birth_and_each_birth_has_its_line():
    found = summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY)
    assert found.weeks == 19
    assert [line.when for line in found.births] == ["February 1, 2024", "May 1, 2026"]
    assert found.births[1].tear.startswith("3a")


@pytest.mark.parametrize(("day", "weeks"), [("2026-05", 15), ("2026", -16), ("2026-09-15", 0), ("2026-09-08", 1)])
def test_a_date_known_in_part_counts_from_its_last_possible_day(day, weeks):
    assert summary(FORM, {"ob_births": {"value": [birth(day)]}}, today=TODAY, ceiling=Tier.SAFETY).weeks == weeks


def test_births_that_cannot_be_are_named_to_staff_and_no_weeks_are_counted_from_them():
    close = {"ob_births": {"value": [birth("2026-05-01"), birth("2026-03")]}}
    found = summary(FORM, close, today=TODAY, ceiling=Tier.SAFETY)
    assert (found.weeks, found.odd) == (None, ((STAFF[Why.TOO_CLOSE], "May 1, 2026 · March 2026"),))
    early = {"ob_births": {"value": [birth("2000-05-01")]}}
    found = summary(FORM, early, today=TODAY, ceiling=Tier.SAFETY, born=date(1993, 4, 27))
    assert (found.weeks, found.odd) == (None, ((STAFF[Why.TOO_YOUNG], "May 1, 2000"),))
    assert summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY, born=date(1993, 4, 27)).odd == ()


def test_without_a_birth_there_are_no_weeks_and_never_zero():
    assert summary(FORM, {}, today=TODAY, ceiling=Tier.SAFETY).weeks is None


@pytest.mark.parametrize(("outcome", "loss"), [("living", False), ("stillborn", True), ("died-later", True)])
def test_a_loss_is_said_before_anything_else(outcome, loss):
    assert (
        summary(
            FORM, {"ob_births": {"value": [birth("2026-05-01", outcome=outcome)]}}, today=TODAY, ceiling=Tier.SAFETY
        ).has_loss
        == loss
    )


def test_preferences_hold_what_she_said_and_not_what_she_left_out():
    asked = dict(summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY).preferences)
    assert asked == {FORM.by_id["ti_stop_word"].text: "pineapple"}


def test_what_is_left_for_the_room_is_listed_by_its_question():
    found = summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY)
    assert FORM.by_id["ob_g"].text in found.in_person
    assert FORM.by_id["rf_unreal"].text in found.unanswered


def test_private_parts_kept_for_the_visit_are_named_to_staff():
    alone = summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY)
    not_alone = summary(FORM, FULL | {"pre_private": {"value": "not-now"}}, today=TODAY, ceiling=Tier.SAFETY)
    assert alone.kept_sections == ()
    assert FORM.section("intimacy").title in not_alone.kept_sections


def test_an_intake_nobody_has_begun_claims_nothing():
    found = summary(FORM, {}, today=TODAY, ceiling=Tier.SAFETY)
    assert (found.kept_sections, found.unanswered, found.births, found.allergies, found.medicines) == (
        (),
        (),
        (),
        "",
        "",
    )


def test_allergies_and_medicines_are_in_one_line():
    found = summary(FORM, FULL, today=TODAY, ceiling=Tier.SAFETY)
    assert "kiwi" in found.allergies
    assert found.medicines == "Iron"


def test_a_hidden_answer_is_not_shown():
    hidden = FULL | {"alg_any": {"value": "no"}, "med_any": {"value": "no"}}
    found = summary(FORM, hidden, today=TODAY, ceiling=Tier.SAFETY)
    assert (found.allergies, found.has_latex, found.medicines) == ("None known", False, "None")
