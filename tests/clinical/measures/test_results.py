"""What one measurement came to, in words: no number for what is incomplete, and what is by hand says so."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from intake.clinical.measures import of_total
from intake.clinical.measures.reading import Given
from intake.clinical.measures.results import notes, result

AT = datetime(2026, 9, 15, tzinfo=UTC)


def taken(measure, *values, total=None):
    items = {str(place): value for place, value in enumerate(values, 1)}
    return result(measure, Given(items, None if total is None else Decimal(total)), AT)


def words(found):
    return " ".join(text % values if values else text for text, values in notes(found))


def test_a_whole_measure_has_a_total_a_band_and_no_remark():
    found = taken("phq-9", 1, 2, 3, 3, 1, 1, 1, 0, 0)
    assert (found.total, found.score.band, words(found)) == (12, "moderate", "")


def test_what_was_scaled_up_says_from_how_many_items():
    found = taken("phq-9", 1, 2, 3, None, 1, 1, 1, 0, 0)
    assert found.total == 10
    assert "Scaled up from 8 of 9 items" in words(found)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (taken("epds", 1, 1), "2 of 10 items are there, and no rule makes up"),
        (taken("phq-9", 1, 1), "2 of 9 items are there, and it takes 7"),
        (taken("pfdi-20", 1, 1), "2 of 20 items are there, too few in one of its parts"),
        (taken("sis-ses-sf", *[1] * 14), "parts and no total"),
    ],
)
def test_without_a_total_there_is_no_number_and_the_reason_is_told(found, told):
    assert found.total is None
    assert told in words(found)


def test_a_total_that_reflects_inactivity_says_that_no_cut_off_holds():
    found = taken("fsfi", 2, 2, *[0] * 12, 3, 3, 0, 0, 0)
    assert found.score.band is None
    assert "Not interpretable" in words(found)


def test_a_total_by_hand_says_so_and_has_a_band_only_where_it_can_be_judged():
    found = taken("odi", total="34")
    assert (found.total, found.score.band, found.is_by_hand) == (34, "moderate", True)
    assert "typed in by hand" in words(found)
    sexual = taken("fsfi", total="19.1")
    assert (sexual.total, sexual.score.band) == (19.1, None)
    assert "nobody can say whether a cut-off holds" in words(sexual)


def test_activities_without_a_name_are_told_and_named_ones_are_not():
    told = "compared with nothing"
    assert told in words(taken("psfs", 3, 4))
    assert told in words(taken("psfs", total="3.5"))
    named = result("psfs", Given({"1": 3, "2": 4}, names=("Run", "Lift")), AT)
    assert told not in words(named)
    assert told not in words(taken("odi", *[1] * 10))


@pytest.mark.parametrize("measure", ["phq-9", "epds"])
def test_a_skipped_item_about_self_harm_is_told_and_one_that_is_not_on_file_too(measure):
    count = {"phq-9": 9, "epds": 10}[measure]
    assert "self-harm" not in words(taken(measure, *[0] * count))
    assert "no answer. That is no “no”" in words(taken(measure, *[0] * (count - 1), None))
    assert "not on file" in words(taken(measure, total="5"))


@pytest.mark.parametrize(
    ("measure", "total"),
    [
        ("phq-9", "28"), ("tsk-11", "10"), ("sis-ses-sf", "3"),
        ("phq-9", "9.99"), ("epds", "12.5"), ("groc", "4.5"), ("marinoff", "1.5"), ("pcl-5", "33.5"), ("hark", "0.5"),
        *(("odi", odd) for odd in ("Infinity", "-Infinity", "NaN", "sNaN", "1e999999", "1e-999999", "0e999999")),
    ],
)  # fmt: skip
def test_a_total_nobody_can_have_is_none(measure, total):
    with pytest.raises(ValueError, match="is no total"):
        of_total(measure, Decimal(total))
    assert taken(measure, total=total).total is None


@pytest.mark.parametrize(
    ("measure", "total"),
    [("odi", "33.3"), ("pgq", "41.7"), ("pfdi-20", "67.5"), ("psfs", "4.67"), ("fsfi", "19.1"), ("pisq-12", "31.2")],
)
def test_what_its_owner_averages_or_scales_up_keeps_its_decimals(measure, total):
    assert taken(measure, total=total).total == float(total)


@pytest.mark.parametrize("total", ["12", "12.0", "1.2e1"])
def test_a_whole_total_can_be_written_in_more_than_one_way(total):
    assert taken("phq-9", total=total).total == 12
