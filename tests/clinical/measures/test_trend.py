"""How a measure moves: only what can be compared, and marks where a change counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from intake.clinical.measures import ids, table
from intake.clinical.measures.reading import Given
from intake.clinical.measures.results import newest_first, result
from intake.clinical.measures.trend import ERROR, MATTERS, marks, trends, verdict
from tests.sizes import size

START = datetime(2026, 1, 1, tzinfo=UTC)


def taken(measure, weeks, *values, names=(), place=0, total=None):
    items = {str(number): value for number, value in enumerate(values, 1)}
    return result(
        measure,
        Given(items, None if total is None else Decimal(total), names),
        START + timedelta(weeks=weeks),
        place=place,
    )


def only(*results):
    (found,) = trends(results)
    return found


def test_the_worked_change_of_pain_matters():
    found = only(taken("nprs", 0, 7), taken("nprs", 6, 4))
    assert found.change == -3
    assert found.verdict == "better, by an amount that matters"


def test_the_worked_change_of_her_activities_is_beyond_error():
    names = ("Run", "Lift", "Laugh")
    found = only(taken("psfs", 0, 3, 5, 2, names=names), taken("psfs", 6, 6, 7, 6, names=names))
    assert found.change == pytest.approx(3)
    assert found.verdict == "better, beyond the error of measuring"


def test_other_activities_are_never_compared():
    found = only(
        taken("psfs", 0, 3, 5, names=("Run", "Lift")), taken("psfs", 6, 6, 7, names=("Run", "Sit")),
        taken("psfs", 12, 7, 8, names=("sit", "run")),
    )  # fmt: skip
    assert [len(run) for run in found.runs] == [1, 2]
    assert found.change == 1


@pytest.mark.parametrize("names", [(), ("", ""), ("Run", "")])
def test_activities_that_nobody_named_are_compared_with_nothing_not_even_with_others_like_them(names):
    found = only(taken("psfs", 0, 1, 2, names=names), taken("psfs", 6, 9, 9, names=names))
    assert [len(run) for run in found.runs] == [1, 1]
    assert (found.change, found.lines) == (None, ())
    assert found.verdict == "nothing before it to compare it with"
    assert only(taken("psfs", 0, total="2"), taken("psfs", 6, total="8.5")).change is None


def test_a_total_whose_items_decide_whether_it_may_be_compared_is_no_point_without_them():
    whole = taken("fsfi", 6, *[4] * 19)
    found = only(taken("fsfi", 0, total="4.8"), whole)
    assert [point.result for point in found.points] == [whole]
    assert trends([taken("fsfi", 0, total="20")]) == []
    assert only(taken("odi", 0, total="40"), taken("odi", 6, total="20")).change == -20


@pytest.mark.parametrize(
    ("names", "later", "told"),
    [
        (("Run",), (5,), "a little better, less than what counts"),
        (("Run",), (6,), "better, beyond the error of measuring"),
        (("Run", "Lift"), (5, 5), "better, beyond the error of measuring"),
        (("Run", "Lift"), (5, 4), "a little better, less than what counts"),
    ],
)
def test_one_activity_alone_has_to_move_further_than_the_mean_of_several(names, later, told):
    found = only(taken("psfs", 0, *[3] * len(names), names=names), taken("psfs", 6, *later, names=names))
    assert found.verdict == told
    assert [line.mark.total for line in found.lines] == [6 if len(names) == 1 else 5]


def test_of_two_of_one_moment_the_one_that_came_in_last_is_the_newest_here_and_in_lists():
    found = [taken("nprs", weeks, value, place=place) for place, (weeks, value) in enumerate([(0, 9), (6, 3), (6, 5)])]
    for given in (found, found[::-1], [found[1], found[2], found[0]]):
        assert only(*given).last is newest_first(given)[0] is found[2]
        assert [point.result for point in only(*given).points] == found


def test_one_measurement_is_no_change():
    found = only(taken("odi", 0, *[1] * 10))
    assert (found.change, found.verdict) == (None, "one measurement so far")
    assert found.points[0].x == 0.5


def test_what_has_no_total_or_may_not_be_compared_is_no_point():
    inactive = taken("fsfi", 0, 2, 2, *[0] * 12, 3, 3, 0, 0, 0)
    assert inactive.total is not None
    assert trends([taken("epds", 0, 1, 1), inactive]) == []


@pytest.mark.parametrize(
    ("measure", "first", "change", "told"),
    [
        ("phq-9", 15, -5, "better, by an amount that matters"),
        ("phq-9", 15, -4, "a little better, less than what counts"),
        ("phq-9", 10, 5, "worse, by an amount that matters"),
        ("nprs", 3, -1, "better, by an amount that matters"),
        ("nprs", 10, -1, "a little better, less than what counts"),
        ("nprs", 0, 2, "worse, by an amount that matters"),
        ("odi", 40, -10, "better, beyond the error of measuring"),
        ("odi", 40, -9, "a little better, less than what counts"),
        ("fsfi", 20, 5, "better; no agreed size of change"),
        ("fsfi", 20, 0, "no change"),
        ("tsk-11", 30, -6, "better, by an amount that matters"),
        ("tsk-11", 30, -4, "better, by an amount that matters, but within the error of measuring"),
        ("tsk-11", 30, 5, "worse, by an amount that matters, but within the error of measuring"),
        ("tsk-11", 30, -3, "a little better, less than what counts"),
        ("groc", 5, -1, "each total is a change by itself, since care began"),
        ("groc", 5, 0, "each total is a change by itself, since care began"),
    ],
)
def test_a_change_is_told_by_its_size_and_direction(measure, first, change, told):
    assert verdict(table.measures()[measure], Fraction(first), Fraction(change)) == told


def test_marks_stand_where_a_change_counts_and_nowhere_where_none_is_agreed_on():
    assert [(mark.kind, mark.total) for mark in marks(table.measures()["tsk-11"], Fraction(30))] == [
        (MATTERS, 26), (ERROR, Fraction("24.4")),
    ]  # fmt: skip
    assert [mark.total for mark in marks(table.measures()["psfs"], Fraction(3))] == [5]
    assert marks(table.measures()["psfs"], Fraction(9)) == []  # the measure ends before that
    assert marks(table.measures()["fsfi"], Fraction(20)) == []
    assert all(mark.source for mark in marks(table.measures()["pfdi-20"], Fraction(100)))


def test_points_and_marks_lie_inside_the_chart_and_the_order_of_what_comes_in_does_not_count():
    known = table.measures()
    chance, scored = Random(7), [name for name in ids() if known[name].total and not known[name].judged]
    for _try in range(size(100, 3_000)):
        measure = chance.choice(scored)
        low, high = table.measures()[measure].range
        count = chance.randint(1, 8)
        found = [
            result(
                measure,
                Given(total=Decimal(chance.randint(int(low), int(high)))),
                START + timedelta(days=chance.randint(0, 400)),
            )
            for _each in range(count)
        ]
        one, other = only(*found), only(*reversed(found))
        assert len(one.points) == count
        assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in one.points)
        assert all(0 <= line.y <= 1 for line in one.lines)
        assert [point.result.at for point in one.points] == sorted(each.at for each in found)
        assert [point.x for point in one.points] == [point.x for point in other.points]
        newest = max(found, key=lambda each: each.at)
        assert one.last.at == newest.at
