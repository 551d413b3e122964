"""Numbers as staff type them in, and what they cannot be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from intake.clinical.measures import ids, table
from intake.clinical.measures.entering import reasons_not_to_keep, told
from intake.clinical.measures.reading import Given

TODAY = date(2026, 9, 15)


def reasons(measure, given, on=TODAY):
    return [(each.field, str(each)) for each in reasons_not_to_keep(measure, given, on=on, today=TODAY)]


def test_good_numbers_have_no_reason_against_them():
    for measure in ids():
        items = {item: min(values) for item, values in table.measures()[measure].items.items()}
        assert reasons(measure, Given(items)) == []


@pytest.mark.parametrize(
    ("measure", "given", "told_so"),
    [
        ("phq-9", Given({"1": 4, "2": 1}), ("1", "This item can be 0–3.")),
        ("iciq-ui-sf", Given({"2": 3}), ("2", "This item can be 0, 2, 4, 6.")),
        ("phq-9", Given({"1": None}), ("total", "Please type in the items, or a total.")),
        ("phq-9", Given({"1": 1}, Decimal(3)),
         ("total", "Type in the items or a total, not both: the items make the total.")),
        ("phq-9", Given(total=Decimal(28)), ("total", "The total is a whole number between 0 and 27.")),
        ("phq-9", Given(total=Decimal("4.5")), ("total", "The total is a whole number between 0 and 27.")),
        ("odi", Given(total=Decimal("100.5")), ("total", "The total is between 0 and 100.")),
        ("sis-ses-sf", Given(total=Decimal(20)), ("total", "This measure has no total. Please type in its items.")),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_told_at_its_field(measure, given, told_so):
    assert reasons(measure, given) == [told_so]


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), TODAY - timedelta(days=400)])
def test_a_day_that_cannot_be_is_told(on):
    assert [field for field, _text in reasons("phq-2", Given({"1": 1}), on)] == ["on"]


def test_what_an_item_can_be_is_told_in_short():
    assert told(table.measures()["phq-9"], "1") == "0–3"
    assert told(table.measures()["hark"], "1") == "0, 1"
