"""Which measures are due, right at the boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from intake.clinical.measures import batteries, table
from intake.clinical.measures.batteries import BASELINE, DISCHARGE, FOLLOW, Course, due, for_one_visit
from intake.forms import reader
from tests.sizes import size

FIRST = date(2026, 6, 1)


def course(days, taken=None, conditions=(), visits=(FIRST,), **more):
    return Course(FIRST + timedelta(days=days), visits, taken or {}, conditions, **more)


def names(found, time):
    return {each.usual for each in found if each.time == time}


WHOLE = {"phq-2": [FIRST], "gad-2": [FIRST], "nprs": [FIRST], "psfs": [FIRST]}


def test_before_the_first_visit_nothing_is_due():
    assert due(course(-1)) == []
    assert due(Course(FIRST, (), {})) == []


def test_at_the_first_visit_the_baseline_is_due_with_that_of_her_conditions():
    assert names(due(course(0)), BASELINE) == {"phq-2", "gad-2", "nprs", "psfs"}
    more = names(due(course(0, conditions={"leaks", "bowel", "girdle", "sex"})), BASELINE)
    assert more == {"phq-2", "gad-2", "nprs", "psfs", "iciq-ui-sf", "st-marks", "pgq", "fsfi-6", "marinoff"}


def test_any_of_a_choice_will_do():
    taken = {**WHOLE, "phq-2": [], "epds": [FIRST], "odi": [FIRST]}
    assert due(course(1, taken, conditions={"girdle"})) == []


@pytest.mark.parametrize(
    ("days", "states"), [(27, set()), (28, {"due"}), (41, {"due"}), (42, {"late"}), (400, {"late"})]
)
def test_what_is_followed_is_due_after_4_weeks_and_late_after_6(days, states):
    found = due(course(days, WHOLE))
    assert {each.state for each in found} == states
    assert names(found, FOLLOW) == ({"psfs", "nprs", "groc"} if states else set())


@pytest.mark.parametrize(("count", "is_due"), [(9, False), (10, True)])
def test_or_it_is_due_at_the_10th_visit_since(count, is_due):
    visits = [FIRST + timedelta(days=day) for day in range(count + 1)]
    found = due(course(count, WHOLE, visits=visits))
    assert names(found, FOLLOW) == ({"psfs", "nprs", "groc"} if is_due else set())
    assert {each.since for each in found} == ({visits[10]} if is_due else set())


def test_a_condition_is_followed_with_its_one_measure():
    taken = {**WHOLE, "fsfi-6": [FIRST], "marinoff": [FIRST]}
    assert names(due(course(28, taken, conditions={"sex"})), FOLLOW) == {"psfs", "nprs", "groc", "fsfi-6"}


def test_at_the_end_everything_is_due_that_was_not_taken_at_the_last_visit():
    last = FIRST + timedelta(days=60)
    taken = {**WHOLE, "nprs": [FIRST, last]}
    found = due(course(60, taken, visits=(FIRST, last), is_ending=True))
    assert names(found, DISCHARGE) == {"phq-2", "gad-2", "psfs", "groc"}


AGAIN = FIRST + timedelta(days=700)


def test_another_episode_of_care_has_a_baseline_of_its_own():
    visits = (FIRST, AGAIN)
    again = course(700, WHOLE, visits=visits, begins=FIRST + timedelta(days=60))
    assert names(due(again), BASELINE) == {"phq-2", "gad-2", "nprs", "psfs"}
    assert {each.since for each in due(again)} == {AGAIN}
    told_at_home = {**WHOLE, "phq-2": [FIRST, AGAIN - timedelta(days=3)]}
    found = due(course(700, told_at_home, visits=visits, begins=FIRST + timedelta(days=60)))
    assert names(found, BASELINE) == {"gad-2", "nprs", "psfs"}
    assert due(course(700, WHOLE, visits=(FIRST,), begins=FIRST + timedelta(days=60))) == []


def test_what_is_followed_is_reckoned_within_the_episode():
    begins = FIRST + timedelta(days=60)
    taken = {name: [*days, AGAIN] for name, days in WHOLE.items()}
    for days, states in ((727, set()), (728, {"due"}), (742, {"late"})):
        found = due(course(days, taken, visits=(FIRST, AGAIN), begins=begins))
        assert {each.state for each in found} == states
    ending = due(course(760, taken, visits=(FIRST, AGAIN, AGAIN + timedelta(days=60)), begins=begins, is_ending=True))
    assert names(ending, DISCHARGE) == {"phq-2", "gad-2", "nprs", "psfs", "groc"}


def test_at_most_two_long_forms_are_asked_at_one_visit_and_every_short_one():
    found = due(course(0, conditions=set(batteries.batteries().conditions)))
    long = batteries.batteries().long
    kept = for_one_visit(found)
    assert sum(each.usual in long for each in found) >= 2
    assert sum(each.usual in long for each in kept) == 2
    assert [each for each in kept if each.usual not in long] == [each for each in found if each.usual not in long]


def test_conditions_follow_from_what_she_told_and_no_answer_is_none():
    told = {"bl_leak_any": "yes", "bo_leak_any": "no", "pop_heavy": "never", "sx_marinoff": "0"}
    assert batteries.conditions({name: {"value": value} for name, value in told.items()}) == {"leaks"}
    assert batteries.conditions({"sx_marinoff": {"value": "2"}}) == {"sex"}
    assert batteries.conditions({"sx_marinoff": {"status": "declined"}}) == frozenset()
    assert batteries.SHOWN_BY.keys() == batteries.batteries().conditions.keys()
    asked = reader.latest("intake").by_id
    assert set(batteries.SHOWN_BY.values()) <= asked.keys()


def test_no_measure_of_violence_is_in_any_battery():
    known = batteries.batteries()
    for battery in (known.of_all, *known.conditions.values()):
        for found in (*battery.baseline, *battery.follow):
            assert all(table.measures()[name].tier != "safety" for name in found)


def test_it_agrees_with_another_way_to_say_it():
    chance, known = Random(5), batteries.batteries()
    for _try in range(size(1_000, 100_000)):
        visits = sorted(FIRST + timedelta(days=chance.randint(0, 90)) for _each in range(chance.randint(1, 25)))
        today = FIRST + timedelta(days=chance.randint(0, 120))
        taken = {
            name: [FIRST + timedelta(days=chance.randint(0, 120)) for _each in range(chance.randint(0, 2))]
            for name in ("psfs", "nprs", "groc", "phq-2", "gad-7", "pgq", "odi")
        }
        found = due(Course(today, visits, taken, {"girdle"}))
        started = [day for day in visits if day <= today]
        for measures in (("psfs",), ("nprs",), ("groc",), ("pgq", "odi")):
            days = [day for name in measures for day in taken.get(name, ()) if day <= today]
            mine = [each for each in found if each.measures == measures]
            if not started:
                assert mine == []
            elif not days and measures != ("groc",):
                assert [each.time for each in mine] == [BASELINE]
            else:
                from_day = max(days, default=min(started))
                weeks = (today - from_day).days
                is_due = weeks >= 28 or sum(day > from_day for day in started) >= 10
                assert [each.state for each in mine] == ([] if not is_due else ["late"] if weeks >= 42 else ["due"])
    assert known.visits == 10
