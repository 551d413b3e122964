"""What somebody who comes back is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical import returning
from intake.forms import reader, recall
from intake.forms.recall import Layer

NOW = datetime(2026, 9, 15, 16, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
INTAKE, FOLLOW_UP, CHECK_IN = (reader.latest(name) for name in ("intake", "follow-up", "check-in"))


def said(**answers):
    given = {name: {"value": value} for name, value in answers.items()}
    return recall.standing([Layer(INTAKE, given, NOW - 10 * DAY, is_whole=True)])


@pytest.mark.parametrize(
    ("kind", "last_full", "form"),
    [
        ("initial-evaluation", None, "intake"),
        ("initial-evaluation", NOW - DAY, "intake"),
        ("follow-up", None, "intake"),
        ("telehealth", None, "intake"),
        ("follow-up", NOW - DAY, "check-in"),
        ("telehealth", NOW - DAY, "check-in"),
        ("follow-up", NOW - 90 * DAY, "check-in"),
        ("follow-up", NOW - 90 * DAY - SECOND, "follow-up"),
        ("telehealth", NOW - 91 * DAY, "follow-up"),
        ("discharge", NOW - DAY, "intake"),
    ],
)
def test_who_comes_back_is_asked_no_more_than_the_age_of_her_answers_calls_for(kind, last_full, form):
    assert returning.usual(kind, frozenset(), last_full, now=NOW) == (form,)


@pytest.mark.parametrize("begun", ["intake", "follow-up", "check-in"])
def test_a_visit_that_has_begun_its_form_gets_no_other_when_she_comes_in_again(begun):
    assert returning.usual("follow-up", {begun}, NOW - 91 * DAY, now=NOW) == ()


@pytest.mark.parametrize("kind", ["initial-evaluation", "follow-up"])
def test_who_never_answered_everything_is_asked_everything_whatever_short_form_waits(kind):
    assert returning.usual(kind, {"check-in"}, None, now=NOW) == ("intake",)


def test_a_diary_that_was_asked_for_takes_no_forms_place():
    assert returning.usual("follow-up", {"bladder-diary"}, NOW - DAY, now=NOW) == ("check-in",)


def test_what_is_followed_is_what_troubled_her_most():
    before = said(bl_leak_any="yes", bl_bother=4, bo_leak_any="yes", bo_bother=7, pop_heavy=["none"], pn_any="yes")
    assert returning.measure(before) == "bowel"


def test_a_trouble_that_is_not_rated_counts_as_least_and_none_is_made_up():
    assert returning.measure(said(pn_any="yes")) == "moving"
    assert returning.measure(said(pop_heavy=["heavy"], pop_bulge="sometimes", pn_any="yes")) == "heaviness"
    assert returning.measure(said(bl_leak_any="no", bo_leak_any="no", pop_heavy=["none"], pn_any="no")) == "none"
    assert returning.measure({}) == "none"


def test_what_was_followed_last_goes_on():
    layers = [
        Layer(INTAKE, {"bl_leak_any": {"value": "yes"}}, NOW - 10 * DAY, is_whole=True),
        Layer(CHECK_IN, {"ci_measure": {"value": "moving", "by": "start"}}, NOW - 5 * DAY),
    ]
    assert returning.measure(recall.standing(layers)) == "moving"


def activities(*names):
    return [{"fn_activity_name": {"value": name}, "fn_rating": {"value": 3}} for name in names]


def begun(before, **more):
    return returning.beginning(CHECK_IN, before, recalls=True, **more)["since"]


def test_a_short_form_begins_with_her_own_activities_and_what_is_followed():
    found = begun(said(fn_psfs=activities("Carry the car seat", "Sit through a meal")), measured="bladder")
    assert {name: answer["value"] for name, answer in found.items()} == {
        "ci_measure": "bladder",
        "ci_name_1": "Carry the car seat",
        "ci_name_2": "Sit through a meal",
    }
    assert {answer["by"] for answer in found.values()} == {"start"}


def test_where_the_clinic_shows_nothing_again_her_words_are_left_out():
    found = returning.beginning(CHECK_IN, said(fn_psfs=activities("Carry")), recalls=False)
    assert set(found["since"]) == {"ci_measure"}


def test_an_activity_without_a_name_is_none():
    assert set(begun(said(fn_psfs=[{"fn_rating": {"value": 3}}, *activities("Walk")]))) == {"ci_measure", "ci_name_1"}


def test_a_follow_up_of_somebody_new_asks_everything():
    found = returning.beginning(FOLLOW_UP, {}, recalls=True)["last-time"]
    assert found.keys() == {question.id for question in FOLLOW_UP.questions() if question.recall}
    assert {answer["value"] for answer in found.values()} == {"changed"}


def test_a_follow_up_asks_anew_only_where_there_is_nothing_to_show():
    found = returning.beginning(FOLLOW_UP, said(bl_day_voids={"number": "7", "unit": "/d"}), recalls=True)["last-time"]
    assert "st_bladder" not in found
    assert "st_bowel" in found
