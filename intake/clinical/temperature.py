"""Body temperature: from the unit it was read in to degrees Celsius, and what counts as fever."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

FAHRENHEIT: Final = "[degF]"  # UCUM
FREEZING: Final = Decimal(32)
FEVER: Final = Decimal("38.0")  # °C, equal to 100.4 °F (CDC urgent maternal warning signs)


def celsius(number: Decimal, unit: str) -> Decimal:
    """Degrees Celsius, not rounded. A unit other than "[degF]" is taken as Celsius.

    A Fahrenheit reading whose unit is unknown so becomes a fever, and never the other way round.
    """
    if unit == FAHRENHEIT:
        return (number - FREEZING) * 5 / 9  # multiplied first: 100.4 °F is exactly 38 °C
    return number


def is_fever(number: Decimal, unit: str) -> bool:
    """Whether a reading is 38.0 °C (100.4 °F) or more."""
    return celsius(number, unit) >= FEVER
