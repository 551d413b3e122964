"""A bladder diary in numbers, and what it does not say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from intake.clinical import diary
from intake.forms import reader

FORM = reader.latest("bladder-diary")


def entry(day, kind, clock="", **more):
    fields = {"di_kind": kind, **({"di_time": clock} if clock else {}), **{f"di_{name}": v for name, v in more.items()}}
    return {f"{name}_{day}": {"value": value} for name, value in fields.items()}


def ml(number, unit="mL"):
    return {"number": str(number), "unit": unit}


def void(day, clock, volume=None, **more):
    return entry(day, "toilet", clock, **({"volume": ml(volume)} if volume is not None else {}), **more)


def days(*lists, dates=("2026-09-15", "2026-09-16", "2026-09-17")):
    """The diary of so many days of entries."""
    answers = {}
    for number, entries in enumerate(lists, 1):
        answers[f"di_entries_{number}"] = {"value": list(entries)}
        if dates[number - 1]:
            answers[f"di_date_{number}"] = {"value": dates[number - 1]}
    return diary.read(FORM, answers)


FIRST = [
    entry(1, "up", "07:00"), void(1, "07:10", 400), void(1, "12:00", 250), void(1, "18:00", 300, urge="strong"),
    void(1, "22:30", 150), entry(1, "bed", "23:00"),
]  # fmt: skip
SECOND = [void(2, "02:30", 350), entry(2, "up", "06:30"), void(2, "06:40", 300), void(2, "11:00", 200)]


def test_a_whole_day_and_night_of_measured_voids():
    found = days(FIRST, SECOND)
    day = found.days[0]
    assert (day.voids, day.by_day, day.by_night) == (4, 4, 1)
    assert day.total == 250 + 300 + 150 + 350 + 300
    assert day.nightly == 350 + 300
    assert day.night_share == 48
    assert (found.largest, found.mean, found.measured) == (400, Decimal(279), 7)
    assert day.urges == {"strong": 1}
    assert day.date == date(2026, 9, 15)


def test_the_first_void_of_the_morning_belongs_to_the_night_before():
    assert days(FIRST, SECOND).days[0].nightly == 650


def test_one_void_that_was_not_measured_leaves_no_volume_of_24_hours():
    found = days(FIRST, [void(2, "02:30"), *SECOND[1:]])
    assert (found.days[0].total, found.days[0].nightly, found.days[0].night_share) == (None, None, None)
    assert found.days[0].by_night == 1
    assert found.measured == 6


@pytest.mark.parametrize("missing", ["up", "bed"])
def test_without_the_times_of_bed_there_is_no_night(missing):
    found = days([each for each in FIRST if each["di_kind_1"]["value"] != missing], SECOND)
    assert found.days[0].by_day is None
    assert found.days[0].total is None
    assert found.days[0].voids == 4


def test_without_the_next_morning_the_night_has_no_end():
    found = days(FIRST)
    assert (found.days[0].by_day, found.days[0].by_night, found.days[0].total) == (None, None, None)


def test_a_day_without_a_date_is_counted_and_not_parted():
    found = days(FIRST, SECOND, dates=("", "2026-09-16", ""))
    assert (found.days[0].voids, found.days[0].by_night, found.days[1].total) == (4, None, None)


def test_an_entry_without_a_time_could_belong_to_the_night():
    found = days([*FIRST, void(1, "")], SECOND)
    assert (found.days[0].voids, found.days[0].by_day, found.days[0].by_night) == (5, None, None)


def test_a_nap_is_no_night():
    nap = [entry(1, "bed", "13:00"), entry(1, "up", "14:30")]
    found = days([*FIRST, *nap], SECOND)
    assert (found.days[0].by_day, found.days[0].by_night) == (4, 1)


def test_going_to_bed_after_midnight_ends_the_day_before():
    late = [entry(2, "bed", "00:30"), *SECOND]
    found = days(FIRST[:-1], late)
    assert (found.days[0].by_day, found.days[0].by_night) == (4, 1)


NIGHT = [void(1, "02:00", 200), void(1, "04:30", 150)]
NEXT = [entry(2, "up", "06:30"), void(2, "06:40", 300), void(2, "11:00", 200)]


def test_what_she_adds_at_night_to_the_page_of_the_evening_belongs_to_the_night_that_follows():
    found = days([*FIRST, *NIGHT], NEXT)
    day = found.days[0]
    assert (day.by_day, day.by_night, day.nightly) == (4, 2, 200 + 150 + 300)
    assert day.total == 250 + 300 + 150 + 200 + 150 + 300
    assert [each.clock for each in day.entries][-3:] == ["23:00", "02:00", "04:30"]


def test_going_to_bed_after_midnight_can_stand_on_the_page_of_the_evening():
    found = days([*FIRST[:-1], entry(1, "bed", "00:30"), *NIGHT], NEXT)
    assert (found.days[0].by_day, found.days[0].by_night) == (4, 2)


def test_getting_up_can_stand_on_the_page_of_the_evening_before():
    found = days([*FIRST, *NIGHT, entry(1, "up", "07:30")])
    assert (found.days[0].by_day, found.days[0].by_night) == (4, 2)


def test_the_first_void_after_getting_up_can_stand_there_too_and_ends_the_24_hours():
    day = days([*FIRST, *NIGHT, entry(1, "up", "07:00"), void(1, "07:10", 148)]).days[0]
    assert (day.by_day, day.by_night, day.nightly) == (4, 2, 200 + 150 + 148)
    assert day.total == 250 + 300 + 150 + 200 + 150 + 148
    assert [each.clock for each in day.entries][-2:] == ["07:00", "07:10"]


@pytest.mark.parametrize("forgotten", [void(1, "02:00", 200), void(1, "06:30", 200)])
def test_a_void_of_the_night_that_she_adds_after_getting_up_is_of_that_night(forgotten):
    day = days([*FIRST, entry(1, "up", "07:30"), forgotten, void(1, "07:40", 148)]).days[0]
    assert (day.by_day, day.by_night, day.nightly) == (4, 1, 348)


def test_what_she_adds_after_getting_up_for_the_afternoon_before_stays_of_that_day():
    day = days([*FIRST, entry(1, "up", "07:30"), void(1, "15:00", 100), void(1, "07:40", 148)]).days[0]
    assert (day.by_day, day.total) == (5, 250 + 300 + 150 + 100 + 148)


def test_getting_up_in_the_night_and_going_back_to_bed_is_all_of_that_night():
    woken = [entry(1, "up", "02:00"), void(1, "02:05", 200), entry(1, "bed", "02:20"), entry(1, "up", "07:00")]
    day = days([*FIRST, *woken, void(1, "07:10", 148)]).days[0]
    assert [each.clock for each in day.entries][-6:] == ["23:00", "02:00", "02:05", "02:20", "07:00", "07:10"]


@pytest.mark.parametrize("first", [[], FIRST[:1], [*FIRST[:1], entry(1, "bed", "13:00")]])
def test_a_night_that_is_added_before_the_evening_is_the_night_before(first):
    rest = [each for each in FIRST if each not in first]
    found = days([*first, *NIGHT, entry(1, "up", "14:00"), *rest], NEXT)
    assert (found.days[0].by_night, found.days[0].total) == (0, 1000)


def test_without_getting_up_nobody_can_tell_which_night_it_was():
    found = days([*FIRST[1:], *NIGHT], NEXT)
    assert (found.days[0].voids, found.days[0].by_night) == (6, None)


def test_days_that_are_not_in_a_row_have_no_night_between_them():
    assert days(FIRST, SECOND, dates=("2026-09-15", "2026-09-20", "")).days[0].by_night is None


def test_ounces_are_read_in_millilitres():
    found = days([entry(1, "toilet", "07:00", volume=ml(10, "[foz_us]"))])
    assert found.largest == Decimal("295.7350")


def test_nothing_measured_is_not_zero():
    found = days([void(1, "07:00", size="small"), entry(1, "drink", "08:00", drink="Tea")])
    assert (found.largest, found.mean, found.days[0].drunk, found.days[0].drinks) == (None, None, None, 1)


def test_a_void_measured_as_zero_counts():
    assert days([void(1, "07:00", 0)]).largest == 0


def test_leaks_and_drinks_are_counted():
    drinks = [entry(1, "drink", "08:00", drunk=ml(200)), entry(1, "drink", "09:00", drunk=ml(1, "{cups}"))]
    leak = entry(1, "leak", "10:00", leak="drops", doing="Coughing")
    day = days([*drinks, leak]).days[0]
    assert (day.drinks, day.drunk, day.leaks) == (2, 440, 1)
    assert day.entries[2].doing == "Coughing"


def test_what_was_taken_out_does_not_count():
    out = void(1, "08:00", 999) | {"di_removed_1": {"value": "yes"}}
    found = days([void(1, "07:00", 100), out])
    assert (found.days[0].voids, found.largest) == (1, 100)


def test_an_empty_diary_has_no_days():
    assert diary.read(FORM, {}).days == ()


CLOCKS = some.times().map(lambda at: f"{at:%H:%M}")
VOIDS = some.lists(some.tuples(CLOCKS, some.one_of(some.none(), some.integers(0, 900))), max_size=60)
BEDS = some.lists(some.tuples(some.sampled_from(["bed", "up"]), CLOCKS), max_size=4)


@for_any(some.lists(some.tuples(VOIDS, BEDS), min_size=1, max_size=3))
def test_no_number_is_made_up(lists):
    listed = [
        [*(void(n, at, volume) for at, volume in voids), *(entry(n, kind, at) for kind, at in beds)]
        for n, (voids, beds) in enumerate(lists, 1)
    ]
    found = days(*listed)
    volumes = [volume for voids, _beds in lists for _at, volume in voids if volume is not None]
    assert found.measured == len(volumes)
    assert found.largest == max(volumes, default=None)
    assert sum(day.voids for day in found.days) == sum(len(voids) for voids, _beds in lists)
    for day in found.days:
        assert day.total is None or 0 <= (day.nightly or 0) <= day.total <= sum(volumes)
        assert day.night_share is None or 0 <= day.night_share <= 100
