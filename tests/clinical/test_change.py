"""What changed since last time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from intake.clinical.change import MEAN, changes
from intake.forms import reader
from intake.forms.recall import Layer

FIRST = datetime(2026, 5, 3, 15, tzinfo=UTC)
WEEK = timedelta(days=7)
INTAKE, CHECK_IN = reader.latest("intake"), reader.latest("check-in")


def said(answers):
    return {name: value if isinstance(value, dict) and "status" in value else {"value": value}
            for name, value in answers.items()}  # fmt: skip


def intake(*activities, at=FIRST):
    entries = [said({"fn_activity_name": name, "fn_rating": rating}) for name, rating in activities]
    return Layer(INTAKE, said({"fn_psfs": entries}), at, is_whole=True)


def short(weeks, **answers):
    return Layer(CHECK_IN, said(answers), FIRST + weeks * WEEK)


def times(number):
    return {"number": str(number), "unit": "{times}/wk"}


def row(found, measure):
    (only,) = [each for each in found if each.measure == measure]
    return only


PAIN, LEAKS = "Worst pain in the last week, 0 to 10", "Leaks of pee in the last week"


def test_without_a_short_form_there_is_nothing_to_compare():
    assert changes([intake(("Walk", 3))]) == ()


def test_each_measure_stands_beside_the_last_time_it_was_answered():
    found = row(changes([short(1, ci_pain=6), short(2, ci_pain=4)]), PAIN)
    assert (found.now, found.last, found.last_at, found.difference) == (4, 6, FIRST + WEEK, -2)
    assert found.is_better is True


def test_the_first_short_form_has_no_last_time():
    found = row(changes([intake(), short(1, ci_pain=6)]), PAIN)
    assert (found.last, found.last_at, found.difference, found.is_better) == (None, None, None, None)


def test_what_was_not_answered_is_not_zero():
    found = row(changes([short(1, ci_pain=6), short(2, ci_pain={"status": "skipped"})]), PAIN)
    assert (found.now, found.last, found.difference) == (None, 6, None)


def test_a_visit_without_an_answer_is_passed_over_for_the_last_one_with_one():
    found = row(changes([short(1, ci_pain=6), short(2), short(3, ci_pain=0)]), PAIN)
    assert (found.now, found.last, found.last_at, found.difference) == (0, 6, FIRST + WEEK, -6)


def test_an_older_paper_that_is_typed_in_last_is_no_news():
    layers = [short(1, ci_pain=6), short(3, ci_pain=4), short(2, ci_pain=9)]
    found = row(changes(layers), PAIN)
    assert (found.now, found.at, found.last, found.last_at) == (4, FIRST + 3 * WEEK, 9, FIRST + 2 * WEEK)


def test_only_what_is_followed_is_listed():
    leaks = [short(week, ci_measure="bladder", ci_leaks=times(number)) for week, number in ((1, 9), (2, 3))]
    found = changes(leaks)
    assert row(found, LEAKS).difference == -6
    assert len(found) == 3


def test_an_answer_of_another_measure_that_no_longer_shows_does_not_count():
    assert {each.measure for each in changes([short(1, ci_measure="moving", ci_leaks=times(3))])}.isdisjoint({LEAKS})


def test_her_activities_are_compared_by_the_mean_of_the_same_ones():
    names = {"ci_name_1": "Lift", "ci_name_2": "Run", "ci_name_3": "Sit"}
    first = intake(("lift", 3), ("Run", 5), ("Sit", 2))
    found = row(changes([first, short(6, **names, ci_activity_1=6, ci_activity_2=7, ci_activity_3=6)]), MEAN)
    assert (found.last, found.now, found.difference) == (Decimal("3.3"), Decimal("6.3"), Decimal("3.0"))
    assert found.matters is True
    assert found.is_better is True


@pytest.mark.parametrize(("now", "matters"), [((5, 4), False), ((5, 5), True), ((1, 1), True), ((3, 3), False)])
def test_a_mean_that_moves_by_2_points_is_beyond_chance(now, matters):
    names = {"ci_name_1": "Lift", "ci_name_2": "Run"}
    found = changes([intake(("Lift", 3), ("Run", 3)), short(1, **names, ci_activity_1=now[0], ci_activity_2=now[1])])
    assert row(found, MEAN).matters is matters


@pytest.mark.parametrize(("now", "matters"), [(5, False), (6, True)])
def test_one_activity_alone_has_to_move_by_3(now, matters):
    found = changes([intake(("Lift", 3)), short(1, ci_name_1="Lift", ci_activity_1=now)])
    assert row(found, MEAN).matters is matters
    assert row(found, "Lift").matters is matters


def test_an_activity_she_did_not_rate_is_left_out_of_both_means():
    names = {"ci_name_1": "Lift", "ci_name_2": "Run"}
    found = changes([intake(("Lift", 2), ("Run", 8)), short(1, **names, ci_activity_1=4)])
    assert (row(found, MEAN).last, row(found, MEAN).now) == (2, 4)
    assert (row(found, "Run").now, row(found, "Run").difference) == (None, None)


def test_later_short_forms_compare_with_the_one_before():
    names = {"ci_name_1": "Lift"}
    found = changes([intake(("Lift", 2)), short(1, **names, ci_activity_1=4), short(2, **names, ci_activity_1=5)])
    assert (row(found, MEAN).last, row(found, MEAN).last_at) == (4, FIRST + WEEK)


RATING = some.one_of(some.none(), some.integers(0, 10))


@for_any(some.lists(RATING, min_size=1, max_size=5), RATING)
def test_a_number_is_always_one_she_gave(pains, last):
    forms = [short(week, **({"ci_pain": pain} if pain is not None else {})) for week, pain in enumerate([*pains, last])]
    found = row(changes(forms), PAIN)
    assert found.now == last
    given = [pain for pain in pains if pain is not None]
    assert found.last == (given[-1] if given else None)
    assert (found.difference is None) is (last is None or not given)


def test_an_activity_left_open_last_time_is_compared_with_nothing():
    names = {"ci_name_1": "Lift", "ci_name_2": "Run"}
    found = changes([short(1, **names, ci_activity_1=2), short(2, **names, ci_activity_1=4, ci_activity_2=9)])
    assert (row(found, MEAN).last, row(found, MEAN).now) == (2, 4)
    assert (row(found, "Run").last, row(found, "Run").difference) == (None, None)
