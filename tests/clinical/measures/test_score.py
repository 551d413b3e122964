"""Scores of outcome measures: worked examples, what is missing, what cannot be, and every rule counted another way."""

from __future__ import annotations

import math
from random import Random

import pytest

from intake.clinical.measures import ids, score, table
from tests.sizes import size, tell

NAMES = (
    *("phq-2", "phq-9", "gad-2", "gad-7", "epds", "pfdi-20", "pfiq-7", "iciq-ui-sf", "fsfi", "fsfi-6", "pisq-12"),
    *("fsds-r", "odi", "pgq", "wexner", "st-marks", "csi-25", "pcs", "tsk-11", "fgsis", "csi-4", "sis-ses-sf", "hark"),
    *("pc-ptsd-5", "pcl-5", "nprs", "psfs", "groc", "marinoff", "desire", "touch"),
)
_ = None


def numbered(*values):
    return {str(number): value for number, value in enumerate(values, start=1)}


def scored(measure, *values):
    return score(measure, numbered(*values))


WORKED = [
    ("epds", (1, 1, 2, 2, 1, 2, 1, 1, 1, 0), 12, "possible depression"),
    ("epds", (0, 0, 1, 1, 0, 1, 0, 1, 0, 1), 5, "below the cut-off"),
    ("phq-9", (1, 2, 3, 3, 1, 1, 1, 0, 0), 12, "moderate"),
    ("phq-9", (1, 2, 3, _, 1, 1, 1, 0, 0), 10, "moderate"),
    ("phq-2", (1, 2), 3, "positive"),
    ("gad-7", (2, 2, 2, 1, 1, 1, 2), 11, "moderate"),
    ("gad-2", (2, 0), 2, "below the cut-off"),
    ("pfdi-20", (2, 3, 0, 0, 1, _, 0, 0, 1, 0, 2, 0, 0, 1, 2, 0, 3, 1, 0, 0), 67.5, None),
    ("pfiq-7", (1, 1, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 1, 1, _), 56.35, None),
    ("iciq-ui-sf", (3, 2, 6), 11, "moderate"),
    ("fsfi", (2, 2, 3, 3, 2, 3, 3, 2, 3, 2, 3, 3, 3, 4, 3, 3, 2, 2, 3), 19.1, "possible sexual difficulty"),
    ("fsfi-6", (2, 3, 3, 3, 3, 2), 16, "possible sexual difficulty"),
    ("pisq-12", (2, 2, 1, 3, 1, 3, 2, 4, 2, 4, 4, 2), 30, None),
    ("pisq-12", (2, 2, 1, 3, 1, 3, 2, 4, 2, 4, _, 2), 28.36, None),
    ("fsds-r", (2, 2, 1, 1, 2, 1, 0, 2, 1, 2, 1, 2, 2), 19, "sexual distress"),
    ("nprs", (4,), 4, "moderate"),
    ("psfs", (3, 5, 2), 3.33, None),
    ("psfs", (6, 7, 6), 6.33, None),
    ("groc", (5,), 5, "moderately better"),
    ("marinoff", (2,), 2, "pain that often prevents it"),
    ("desire", (3,), 3, None),
    ("touch", (8,), 8, None),
    ("odi", (2, 1, 3, 0, 2, 2, 1, 3, 1, 2), 34, "moderate"),
    ("odi", (2, 1, 3, 0, 2, 2, 1, _, 1, 2), 31.11, "moderate"),
    ("pgq", (*[1] * 12, *[2] * 8, 1, 1, 1, 2, 2), 46.67, None),
    ("wexner", (0, 2, 3, 2, 1), 8, None),
    ("st-marks", (0, 2, 3, 1, 2, 0, 4), 12, None),
    ("csi-25", (*[2] * 12, *[1] * 8, *[3] * 5), 47, "moderate"),
    ("pcs", (2, 2, 1, 2, 1, 2, 1, 2, 3, 2, 3, 1, 1), 23, "below the cut-off"),
    ("tsk-11", (3, 3, 2, 3, 2, 3, 2, 2, 3, 2, 3), 28, None),
    ("fgsis", (2, 2, 3, 2, 2, 3, 2), 16, None),
    ("csi-4", (3, 2, 3, 3), 11, "notable dissatisfaction"),
    ("hark", (1, 0, 0, 0), 1, "positive"),
    ("pc-ptsd-5", (1, 1, 0, 1, 0), 3, "positive (sensitive cut-off)"),
    ("pcl-5", (*[2] * 10, *[1] * 10), 30, "below the cut-off"),
]


@pytest.mark.parametrize(("measure", "values", "total", "band"), WORKED)
def test_the_worked_examples(measure, values, total, band):
    found = scored(measure, *values)
    assert found.total == pytest.approx(total, abs=0.005)
    assert found.band == band
    assert found.interpretable
    assert found.answered == sum(value is not None for value in values)


def test_every_measure_can_be_scored_and_has_worked_examples():
    assert sorted(ids()) == sorted(NAMES)
    assert {name for name, *_rest in WORKED} | {"sis-ses-sf"} == set(NAMES)


def test_subscales_of_the_worked_examples():
    assert scored("epds", 1, 1, 2, 2, 1, 2, 1, 1, 1, 0).subscales == {"epds-3a": 5}
    assert scored("phq-9", 1, 2, 3, 3, 1, 1, 1, 0, 0).subscales == {"phq-2": 3}
    found = scored("pfdi-20", 2, 3, 0, 0, 1, _, 0, 0, 1, 0, 2, 0, 0, 1, 2, 0, 3, 1, 0, 0).subscales
    assert found == {"popdi-6": 30, "cradi-8": 12.5, "udi-6": 25}
    found = scored("pcs", 2, 2, 1, 2, 1, 2, 1, 2, 3, 2, 3, 1, 1).subscales
    assert found == {"rumination": 10, "magnification": 4, "helplessness": 9}
    answers = dict.fromkeys(map(str, range(1, 15)), 1)
    answers |= {"1": 3, "3": 3, "8": 3, "10": 2, "11": 2, "14": 2}  # 15 in all
    answers |= {"4": 3, "9": 3, "12": 3, "13": 2} | {"2": 3, "5": 3, "6": 2, "7": 2}  # 11 and 10
    found = score("sis-ses-sf", answers)
    assert found.total is None
    assert found.subscales == {"ses": 15, "sis1": 11, "sis2": 10}


def test_a_total_that_reflects_inactivity_is_not_compared():
    found = scored("fsfi", 2, 2, *[0] * 12, 3, 3, 0, 0, 0)
    assert (found.total, found.band, found.interpretable) == (4.8, None, False)
    seven = scored("fsfi", 5, 5, *[0] * 7, *[5] * 10)
    eight = scored("fsfi", 5, 5, *[0] * 8, *[5] * 9)
    assert (seven.interpretable, eight.interpretable) == (True, False)


def test_what_is_not_relevant_counts_as_missing_and_the_percent_is_of_what_was_answered():
    values = [1] * 12 + [2] * 8 + [1, 1, 1, 2, 2]
    values[14] = None
    found = scored("pgq", *values)
    activity = sum(value for value in values[:20] if value is not None)
    assert found.subscales["activity"] == pytest.approx(100 * activity / 57)
    assert found.total == pytest.approx(100 * (activity + 7) / 72)
    assert found.prorated
    worked = [1] * 14 + [3] + [2] * 4 + [3] + [1, 1, 1, 2, 2]
    assert sum(worked[:20]) == 28
    worked[14] = None
    found = scored("pgq", *worked)
    assert (round(found.subscales["activity"], 1), round(found.total, 1)) == (43.9, 44.4)


NO_RULE = ("epds", "iciq-ui-sf", "fsfi-6", "fsds-r", "wexner", "st-marks", "csi-25", "pcs", "tsk-11", "fgsis", "csi-4")
OWN = ("nprs", "groc", "marinoff", "desire", "touch")
SINGLE = (*NO_RULE, *OWN, "phq-2", "gad-2", "hark", "pc-ptsd-5", "pcl-5", "sis-ses-sf")
MOST_MISSING = {"phq-9": 2, "gad-7": 1, "pisq-12": 2, "odi": 1}


@pytest.mark.parametrize("measure", SINGLE)
def test_without_a_rule_for_missing_items_no_number_comes_of_an_incomplete_one(measure):
    items = table.measures()[measure].items
    for missing in items:
        given = {item: min(values) for item, values in items.items()} | {missing: None}
        found = score(measure, given)
        assert found is None or found.total is None
        assert found is None or not found.prorated


@pytest.mark.parametrize(("measure", "most"), MOST_MISSING.items())
def test_as_many_items_as_the_rule_allows_may_be_missing_and_that_is_said(measure, most):
    given = {item: max(values) for item, values in table.measures()[measure].items.items()}
    whole = score(measure, given)
    for number in range(1, most + 1):
        given[str(number)] = None
        found = score(measure, given)
        assert (found.total, found.prorated) == (whole.total, True)
    given[str(most + 1)] = None
    found = score(measure, given)
    assert found is None or found.total is None


def test_a_scale_of_which_less_than_half_is_there_has_no_value_and_the_whole_no_total():
    values = [1, 1, 1, _, _, _, *[1] * 14]
    assert scored("pfdi-20", *values).total == 75
    values[2] = None
    found = scored("pfdi-20", *values)
    assert found.total is None
    assert found.subscales == {"cradi-8": 25, "udi-6": 25}


def test_five_domains_of_six_make_a_total_and_four_do_not():
    full = scored("fsfi", *[5] * 19)
    assert full.total == 36 == scored("fsfi", *[5] * 16, _, _, _).total
    assert scored("fsfi", *[5] * 10, _, _, _, *[5] * 3, _, _, _).total is None


def test_as_many_activities_as_she_named_are_all_there_are():
    assert not scored("psfs", 3, 5, 2).prorated
    assert scored("psfs", 4).total == 4
    assert score("psfs", {}) is None


@pytest.mark.parametrize("measure", NAMES)
def test_nothing_answered_is_no_score_and_never_zero(measure):
    assert score(measure, {}) is None
    assert score(measure, dict.fromkeys(table.measures()[measure].items)) is None


@pytest.mark.parametrize(
    ("measure", "answers"),
    [
        ("phq-9", {"1": 4}),
        ("phq-9", {"1": -1}),
        ("phq-9", {"1": True}),
        ("phq-9", {"1": 1.5}),
        ("phq-9", {"10": 1}),
        ("phq-9", {"0": None}),
        ("iciq-ui-sf", {"2": 3}),
        ("fsfi", {"1": 0}),
        ("tsk-11", {"1": 0}),
        ("st-marks", {"7": 2}),
        ("groc", {"1": 8}),
    ],
)
def test_what_an_item_cannot_be_is_refused(measure, answers):
    with pytest.raises(ValueError, match=r"cannot be|has no item"):
        score(measure, answers)


def test_an_unknown_measure_is_refused():
    with pytest.raises(KeyError):
        score("phq-10", {})


# ---------------------------------------------------------------- the same rules, put another way


def given(answers, items):
    return [answers[str(item)] for item in items if answers.get(str(item)) is not None]


def plain(answers, items, most_missing=0):
    there, items = given(answers, items), list(items)
    return sum(there) * len(items) / len(there) if there and len(items) - len(there) <= most_missing else None


def rounded(value):
    return None if value is None else math.floor(value + 0.5 + 1e-9)


def percent(answers, items, highest, most_missing):
    there = given(answers, items)
    return 100 * sum(there) / (highest * len(there)) if there and len(items) - len(there) <= most_missing else None


def added(values, least=None):
    there = [value for value in values if value is not None]
    return sum(there) * len(values) / len(there) if there and len(there) >= (least or len(values)) else None


def domain(answers, first, last, factor):
    items = range(first, last + 1)
    found = plain(answers, items, len(items) // 2)
    return None if found is None else found * factor


def simple(last):
    return lambda answers: plain(answers, range(1, last + 1))


ANOTHER_WAY = {
    "phq-2": simple(2), "gad-2": simple(2), "epds": simple(10), "iciq-ui-sf": simple(3), "fsfi-6": simple(6),
    "fsds-r": simple(13), "wexner": simple(5), "st-marks": simple(7), "csi-25": simple(25), "pcs": simple(13),
    "tsk-11": simple(11), "fgsis": simple(7), "csi-4": simple(4), "hark": simple(4), "pc-ptsd-5": simple(5),
    "pcl-5": simple(20), "nprs": simple(1), "groc": simple(1), "marinoff": simple(1),
    "desire": simple(1), "touch": simple(1),
    "sis-ses-sf": lambda _answers: None,
    "phq-9": lambda answers: rounded(plain(answers, range(1, 10), 2)),
    "gad-7": lambda answers: rounded(plain(answers, range(1, 8), 1)),
    "pisq-12": lambda answers: plain(answers, range(1, 13), 2),
    "odi": lambda answers: percent(answers, range(1, 11), 5, 1),
    "pgq": lambda answers: percent(answers, range(1, 26), 3, 6),
    "psfs": lambda answers: percent(answers, range(1, 6), 100, 4),
    "pfdi-20": lambda answers: added([
        percent(answers, range(1, 7), 4, 3), percent(answers, range(7, 15), 4, 4),
        percent(answers, range(15, 21), 4, 3),
    ]),
    "pfiq-7": lambda answers: added([percent(answers, range(first, first + 7), 3, 3) for first in (1, 8, 15)]),
    "fsfi": lambda answers: added([
        domain(answers, 1, 2, 0.6), domain(answers, 3, 6, 0.3), domain(answers, 7, 10, 0.3),
        domain(answers, 11, 13, 0.4) if len(given(answers, range(11, 14))) > 1 else None,
        domain(answers, 14, 16, 0.4), domain(answers, 17, 19, 0.4),
    ], 5),
}  # fmt: skip


@pytest.mark.parametrize("measure", NAMES)
def test_it_agrees_with_another_way_to_count(measure):
    chance, items = Random(measure), table.measures()[measure].items
    tried, totals = size(400, 100_000), 0
    for _try in range(tried):
        gaps = chance.choice([0, 0, 0.05, 0.3])
        answers = {
            item: None if chance.random() < gaps else chance.choice(sorted(values)) for item, values in items.items()
        }
        found, wanted = score(measure, answers), ANOTHER_WAY[measure](answers)
        total = found.total if found else None
        assert total == (None if wanted is None else pytest.approx(wanted)), answers
        totals += total is not None
    assert totals or measure == "sis-ses-sf"
    tell(f"{measure}: {tried} random sets of answers, each counted alike in another way, {totals} with a total")
