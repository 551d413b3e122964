"""How raw answers are read: what counts as given, and which birth they are about."""

from datetime import date
from decimal import Decimal

import pytest

from intake.clinical.triage import latest_birth, misfits, triage
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
    found = latest_birth(births(*dates), TODAY)
    assert (found and found.first) == latest


def test_a_birth_date_that_was_declined_is_not_known():
    assert latest_birth({"ob_births": {"value": [{"birth_date": {"status": "declined"}}]}}, TODAY) is None
    assert latest_birth({"ob_births": {"status": "in-person"}}, TODAY) is None


def test_a_partial_date_spans_every_day_it_can_mean():
    birth = latest_birth(births("2026-02"), TODAY)
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


BORN = date(1993, 4, 27)
HEADACHE = given(rf_head=["rf_headache"])


def raised(answers, **more):
    return [flag.rule for flag in triage({**HEADACHE, **answers}, today=TODAY, **more)]


def test_a_headache_long_after_a_birth_is_no_emergency():
    """What the tests below are measured against."""
    assert "E3" not in raised(births("2019-06-01"), born=BORN)


@pytest.mark.parametrize(
    "dates",
    [
        ["2000-11-01"],  # she was seven
        ["2019-06-01", "2000-11-01"],
        ["2019-06-01", "1926-11-01"],
        ["2019-06-01", "2019-08-01"],  # two births within two months
    ],
)
def test_dates_that_do_not_fit_silence_no_warning(dates):
    assert "E3" in raised(births(*dates), born=BORN)


def test_nor_does_a_birth_without_a_date_beside_an_older_one():
    answers = given(ob_births=[given(birth_date="2019-06-01"), given(birth_mode="vaginal")])
    assert "E3" in raised(answers, born=BORN)
    blank = given(ob_births=[given(birth_date="2019-06-01"), {}])
    assert "E3" not in raised(blank, born=BORN), "an entry that was left blank is no birth"


def test_a_birth_within_the_present_pregnancy_has_no_date_either():
    pregnant = given(ob_preg_now="yes", ob_preg_weeks={"number": "30", "unit": "wk"})
    assert "E3" not in raised({**births("2026-08-01"), **given(ob_preg_now="no")}, born=BORN)
    assert "E3" in raised({**births("2026-08-01"), **pregnant}, born=BORN)


def test_where_one_date_is_not_known_the_latest_birth_may_have_been_any_day_since_the_others():
    span = made(births("2019-06-01", "1926-11-01"), TODAY).birth
    assert (span.first, span.last) == (date(2019, 6, 1), TODAY)
    assert latest_birth(births("2019-06-01", "1926-11-01"), TODAY) is None, "no page names a day"


def test_a_late_bleeding_stays_one_where_a_later_date_is_odd():
    """The windows hold both ways: it may be recent, and it may be long ago."""
    bleeds = {**births("2019-06-01", "1926-11-01"), **given(lochia_now="spotting")}
    assert "D7" in [flag.rule for flag in triage(bleeds, today=TODAY, born=BORN)]


def test_twins_on_two_days_fit():
    assert misfits(births("2026-05-01", "2026-05-02"), TODAY, BORN) == ()


def test_a_reading_is_as_old_as_it_was_on_the_day_she_said_it():
    """With the years a true date is no slip of the pen."""
    high = {"mh_bp_sys": {"value": {"number": "165", "unit": "mm[Hg]"}}}
    told = {**high, "mh_bp_date": {"value": "2025-10-01", "at": "2025-11-01T09:00:00+00:00"}}
    assert [flag.rule for flag in triage(told, today=TODAY)] == ["P2"]


def test_a_due_date_that_cannot_be_makes_no_birth_odd():
    pregnant = given(ob_preg_now="yes", ob_preg_due="1995-03-01", ob_preg_weeks={"number": "20", "unit": "wk"})
    assert misfits({**births("2019-06-01"), **pregnant}, TODAY, BORN) == ()
    assert misfits({**births("2026-10-01"), **pregnant}, TODAY, BORN), "by the weeks it is within the pregnancy"
