"""The table of measures fits itself, and a slip in it is told before anybody is miscounted."""

from __future__ import annotations

from random import Random

import pytest

from intake.clinical.measures import score, table
from tests.sizes import size


@pytest.mark.parametrize(
    ("text", "found"),
    [("1-3", (1, 2, 3)), ("2", (2,)), ("0,2,4", (0, 2, 4)), ("-1-1", (-1, 0, 1)), ("1-2,5", (1, 2, 5))],
)
def test_numbers_are_read_as_stretches_and_singly(text, found):
    assert table.numbers(text) == found


@pytest.mark.parametrize("text", ["", "a", "1-", "1;2", "1-2-3"])
def test_what_is_no_list_of_numbers_is_refused(text):
    with pytest.raises(ValueError, match="no list of numbers"):
        table.numbers(text)


def test_bands_go_up_and_no_scale_needs_more_than_it_has():
    for measure in table.measures().values():
        starts = [start for start, _text in measure.bands]
        assert starts == sorted(set(starts)), measure.id
        for scale in (*measure.scales.values(), *([measure.total] if measure.total else [])):
            assert 1 <= scale.least <= len(scale.items or scale.of), measure.id


GOOD = {
    "label": "X",
    "source": "nobody",
    "tier": "care",
    "better": "less",
    "values": "0-3",
    "total": {"items": "1-3", "how": "sum"},
}


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [("phq-9", 0, 27), ("pfdi-20", 0, 300), ("fsfi", 2, 36), ("odi", 0, 100), ("groc", -7, 7),
     ("st-marks", 0, 24), ("tsk-11", 11, 44)],
)  # fmt: skip
def test_the_range_of_a_total_is_that_of_its_items(measure, low, high):
    assert table.measures()[measure].range == (low, high)


def test_a_total_is_called_whole_just_where_no_answers_make_it_another():
    chance = Random(11)
    for measure in table.measures().values():
        made = set()
        for _try in range(size(300, 3_000)):
            left_out = chance.choice(["", *measure.items])
            answers = {item: chance.choice(sorted(can)) for item, can in measure.items.items() if item != left_out}
            found = score(measure.id, answers)
            made.add(type(found.total) if found is not None and found.total is not None else int)
        assert measure.is_whole is (made == {int} and measure.total is not None), measure.id


def test_what_has_no_total_has_no_range():
    assert table.measures()["sis-ses-sf"].range is None


def test_sizes_of_change_are_points_of_the_total_and_say_where_they_are_from():
    for measure in table.measures().values():
        for step in filter(None, (measure.matters, measure.error)):
            low, high = measure.range
            assert 0 < step.by < high - low, measure.id
            assert step.source, measure.id


@pytest.mark.parametrize(
    ("tier", "ids"),
    [
        ("safety", {"hark"}),
        ("sensitive", {"fsfi", "fsfi-6", "pisq-12", "fsds-r", "fgsis", "csi-4", "sis-ses-sf", "phq-9", "epds"}),
    ],
)
def test_what_is_private_has_the_tier_of_its_topic(tier, ids):
    assert ids <= {measure.id for measure in table.measures().values() if measure.tier == tier}


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ({"total": {"items": "1-2,4", "how": "sum"}}, "items of x"),
        ({"total": {"items": "1-3", "how": "median"}}, "no scale"),
        ({"total": {"how": "sum"}}, "no scale"),
        ({"better": "more or less"}, "which way is better"),
        ({"total": {"of": ["one"]}, "scales": {"two": {"items": "1-3"}}}, "does not have"),
    ],
)
def test_a_slip_in_the_table_is_told(slip, told):
    assert table._measure("x", GOOD).items.keys() == {"1", "2", "3"}
    with pytest.raises(ValueError, match=told):
        table._measure("x", GOOD | slip)
