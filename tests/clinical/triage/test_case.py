"""How raw answers are read: what counts as given, and which birth they are about."""

from datetime import date
from decimal import Decimal

import pytest

from intake.clinical.triage import birth_date, latest_birth, triage
from intake.clinical.triage.case import Case
from intake.clinical.triage.case import case as made

TODAY = date(2026, 11, 22)


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def births(*dates):
    return given(ob_births=[given(birth_date=each) for each in dates])


def case(**values):
    return Case(given(**values), TODAY)


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (["2026-05-01"], date(2026, 5, 1)),
        (["2024-01-09", "2026-05-01", "2019"], date(2026, 5, 1)),
        (["2026-05"], date(2026, 5, 1)),
        (["2026"], date(2026, 1, 1)),
        (["soon"], None),
        ([], None),
    ],
)
def test_the_birth_date_is_that_of_the_latest_birth(dates, latest):
    assert birth_date(births(*dates)) == latest


def test_a_birth_date_that_was_declined_is_not_known():
    assert birth_date({"ob_births": {"value": [{"birth_date": {"status": "declined"}}]}}) is None
    assert latest_birth({"ob_births": {"status": "in-person"}}) is None


def test_a_partial_date_spans_every_day_it_can_mean():
    birth = latest_birth(births("2026-02"))
    assert (birth.first, birth.last, birth.exact) == (date(2026, 2, 1), date(2026, 2, 28), False)


def test_blank_text_and_a_status_are_not_answers():
    answers = {"a": {"value": "  "}, "b": {"status": "declined"}, "c": {"status": "skipped", "value": "yes"}}
    assert [Case(answers, TODAY).value(question) for question in "abcd"] == [None] * 4


def test_codes_come_from_choices_maps_and_yes_or_no():
    read = case(one="taken", many=["a", "b"], rated={"low-back": 4}, true=True, number=7)
    assert read.codes("one") == {"taken"}
    assert read.codes("many") == {"a", "b"}
    assert read.codes("rated") == {"low-back"}
    assert read.codes("true") == {"yes"}
    assert read.codes("number") == frozenset()


def test_numbers_come_from_scales_measures_codes_and_grids():
    read = case(scale=3, measure={"number": "38.5", "unit": "Cel"}, code="2", grid={"a": {"x": 4}, "b": {"x": 1}})
    assert read.numbers("scale") == (3,)
    assert read.numbers("measure") == (Decimal("38.5"),)
    assert read.numbers("code") == (2,)
    assert read.numbers("grid") == (4, 1)
    assert case(word="not-applicable", odd="NaN", none=None).numbers("odd") == ()


def test_only_a_whole_date_is_a_day():
    assert case(when="2026-11-01").day("when") == date(2026, 11, 1)
    assert case(when="2026-11").day("when") is None
    assert case().day("when") is None


@pytest.mark.parametrize(
    ("written", "days"), [("2026-11-01", 21), ("1926-11-01", None), ("1926", None), ("1977", 17858)]
)
def test_a_birth_that_no_patient_can_have_given_has_no_date_for_the_rules(written, days):
    found = made(births(written), TODAY).birth
    assert (found and (TODAY - found.last).days) == days


def test_a_mistyped_year_does_not_silence_a_warning():
    headache = given(rf_head=["rf_headache"])
    raised = [
        [flag.rule for flag in triage({**headache, **births(day)}, today=TODAY)] for day in ("2026-11-01", "1926-11-01")
    ]
    assert "E3" in raised[0]
    assert "E3" in raised[1]
