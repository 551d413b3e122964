"""Temperature: the same fever in both units, to the tenth of a degree."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies

from intake.clinical.temperature import celsius, is_fever


@pytest.mark.parametrize(
    ("number", "unit", "fever"),
    [
        ("38.0", "Cel", True),
        ("37.9", "Cel", False),
        ("100.4", "[degF]", True),
        ("100.3", "[degF]", False),
        ("98.6", "[degF]", False),
        ("100.4", "", True),
    ],
)
def test_a_fever_begins_at_38_celsius_and_at_100_4_fahrenheit(number, unit, fever):
    assert is_fever(Decimal(number), unit) is fever


def test_100_4_fahrenheit_is_exactly_38_celsius():
    assert celsius(Decimal("100.4"), "[degF]") == Decimal(38)
    assert celsius(Decimal("38.5"), "Cel") == Decimal("38.5")


@given(strategies.decimals(min_value=86, max_value=113, places=2))
def test_fahrenheit_readings_are_a_fever_exactly_from_100_4_on(number):
    assert is_fever(number, "[degF]") == (number >= Decimal("100.4"))
