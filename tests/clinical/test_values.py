"""Reading single answers. What was not given is None, never zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intake.clinical.values import number, value

ANSWERS = {
    "given": {"value": 0}, "empty": {"value": ""}, "measured": {"value": {"number": "3.5", "unit": "cm"}},
    "declined": {"status": "declined"}, "kept": {"status": "in-person"}, "skipped": {"status": "skipped"},
    "unseen": {"status": "not-examined", "reason": "deferred"},
}  # fmt: skip


@pytest.mark.parametrize("name", ["declined", "kept", "skipped", "unseen", "never-reached"])
def test_an_answer_that_was_not_given_is_none_and_never_zero(name):
    assert value(ANSWERS, name) is None
    assert number(ANSWERS, name) is None


def test_zero_is_a_number_that_was_given():
    assert number(ANSWERS, "given") == 0
    assert value(ANSWERS, "given") == 0


def test_a_measured_number_comes_in_the_unit_it_was_given_in():
    assert number(ANSWERS, "measured") == Decimal("3.5")
