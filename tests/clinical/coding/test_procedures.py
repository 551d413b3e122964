"""Procedures of a note: minutes, units by payer, totals, ties, and what is looked at again."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from intake.clinical.coding import procedures
from intake.clinical.coding.codes import Code, Lists
from tests.sizes import size

SINCE = date(2026, 1, 1)
TIMED = ("97110", "97112", "97140", "97530", "97535", "97116", "97035")
UNTIMED = ("97161", "97164")
LISTS = Lists(
    {},
    {code: Code(code, f"Our {code}", SINCE, timed=code in TIMED, fee=4550) for code in (*TIMED, *UNTIMED)},
    {name: Code(name, name, SINCE, rule=rule) for name, rule in (("Medicare", "cms"), ("Maple", "ama"))},
)
EXAMPLES = [
    ({"97110": 24, "97112": 23}, [2, 1], [2, 2]),
    ({"97110": 20, "97112": 20}, [2, 1], [1, 1]),
    ({"97110": 33, "97140": 7}, [2, 1], [2, 0]),
    ({"97110": 18, "97140": 13, "97116": 10, "97035": 8}, [1, 1, 1, 0], [1, 1, 1, 1]),
    ({"97110": 7, "97112": 7, "97140": 7}, [1, 0, 0], [0, 0, 0]),
    ({"97530": 15, "97140": 12, "97112": 10, "97535": 6}, [1, 1, 1, 0], [1, 1, 1, 0]),
    ({"97112": 16, "97535": 8, "97140": 8}, [1, 1, 0], [1, 1, 1]),
    ({"97530": 8, "97140": 8}, [1, 0], [1, 1]),
    ({"97140": 10, "97112": 5}, [1, 0], [1, 0]),
]


def note(minutes, *, total=None, payer=None, tied=None):
    """The answers of a note with {code: minutes}."""
    entries = []
    for code, spent in minutes.items() if isinstance(minutes, dict) else minutes:
        entry = {"pr_code": {"value": code}}
        if spent is not None:
            entry["pr_minutes"] = {"value": {"number": str(spent), "unit": "min"}}
        entries.append(entry)
    answers = {"pr": {"value": entries}, "pr_payer": {"value": payer} if payer else None}
    answers["pr_total"] = {"value": {"number": str(total), "unit": "min"}} if total is not None else None
    answers["pr_tied"] = {"value": tied} if tied else None
    return {name: answer for name, answer in answers.items() if answer}


def said(answers, **more):
    return [remark.text for remark in procedures.remarks(answers, LISTS, **more)]


@pytest.mark.parametrize(("minutes", "cms", "ama"), EXAMPLES)
def test_the_payer_decides_the_rule(minutes, cms, ama):
    def units(payer):
        return [line.units for line in procedures.account(note(minutes, payer=payer), LISTS).lines]

    assert units("Medicare") == units(None) == units("Nobody knows") == cms
    assert units("Maple") == ama


def test_untimed_codes_are_one_unit_and_their_minutes_count_for_no_other():
    found = procedures.account(note({"97161": 30, "97110": 7}), LISTS)
    assert [(line.code, line.units) for line in found.lines] == [("97161", 1), ("97110", 0)]
    assert (found.timed, found.total) == (7, 37)


def test_the_whole_time_is_what_was_written():
    assert procedures.account(note({"97110": 23}, total=40), LISTS).total == 40


def test_the_therapist_picks_among_tied_codes():
    found = procedures.account(note({"97110": 20, "97112": 20}, tied="97112"), LISTS)
    assert found.tied == ("97110", "97112")
    assert [line.units for line in found.lines] == [1, 2]


def test_a_tie_is_said_until_somebody_picks():
    assert procedures.TIED in said(note({"97530": 8, "97140": 8}, total=16))
    assert said(note({"97530": 8, "97140": 8}, total=16, tied="97140")) == []
    assert procedures.NOT_TIED in said(note({"97530": 8, "97140": 8}, total=16, tied="97110"))


def test_without_a_tie_a_pick_changes_nothing_and_is_told():
    minutes = {"97110": 33, "97140": 7}
    assert (
        procedures.account(note(minutes, tied="97110"), LISTS).lines == procedures.account(note(minutes), LISTS).lines
    )
    assert said(note(minutes, total=40, tied="97110")) == [procedures.NOT_TIED]


def test_minutes_of_one_code_are_counted_together_and_told():
    answers = note([("97110", 10), ("97110", 13)], total=23)
    assert [(line.minutes, line.units) for line in procedures.account(answers, LISTS).lines] == [(23, 2)]
    assert said(answers) == [procedures.TWICE]


def test_a_code_the_clinic_does_not_have_counts_no_units_and_is_told():
    found = procedures.account(note({"99999": 30, "97110": 15}, total=45), LISTS)
    assert [line.code for line in found.lines] == ["97110"]
    assert found.unknown == ("99999",)
    assert said(note({"99999": 30}, total=30)) == [procedures.UNKNOWN]


@pytest.mark.parametrize(("total", "told"), [(39, True), (40, False), (41, False)])
def test_timed_minutes_beyond_the_whole_time_are_told(total, told):
    assert (procedures.LONGER in said(note({"97110": 33, "97140": 7}, total=total))) is told


@pytest.mark.parametrize(("lasted", "told"), [(44, True), (45, False), (None, False)])
def test_minutes_beyond_the_visit_so_far_are_told(lasted, told):
    assert (procedures.BEYOND in said(note({"97110": 15}, total=45), lasted=lasted)) is told


@pytest.mark.parametrize(
    ("minutes", "lasted", "told"),
    [
        (480, 20, procedures.BEYOND),
        (480, 24 * 60, procedures.LONG),
        (480, None, procedures.LONG),
        (181, 181, procedures.LONG),
        (180, 24 * 60, None),
        (45, 45, None),
        (0, 0, None),
        (0, -30, None),
        (15, -30, procedures.BEYOND),
    ],
)
def test_minutes_that_no_visit_has_are_told_whenever_the_note_is_opened(minutes, lasted, told):
    assert [remark.text for remark in procedures.beyond(minutes, lasted)] == ([told] if told else [])


def test_what_is_not_written_is_asked_for():
    assert said(note({"97110": None})) == [procedures.NO_MINUTES, procedures.NO_TOTAL]
    assert said(note([("exercise", 10)], total=10)) == [procedures.NO_CODE]
    assert said(note({"97161": None}, total=45)) == []
    assert procedures.NO_PAYER in said(note({"97161": None}, total=45, payer="Unheard of"))


def test_an_add_on_needs_the_code_it_adds_to():
    assert procedures.BESIDE in said(note({"90913": 15}, total=15))
    assert procedures.BESIDE not in said(note({"90912": 15, "90913": 15}, total=30))


def test_nothing_of_this_stops_signing():
    assert not any(r.stops for r in procedures.remarks(note({"99999": None}, payer="x", tied="y"), LISTS))


def test_charges_are_fees_times_units():
    found = procedures.account(note({"97110": 30, "97161": 30}), LISTS)
    assert [line.charge for line in found.lines] == [9100, 4550]
    assert found.charge == 13650


def test_a_fee_nobody_knows_makes_no_sum():
    lists = Lists({}, {"97110": Code("97110", "Exercise", SINCE, timed=True)}, {})
    assert procedures.account(note({"97110": 30}), lists).charge is None


def test_no_procedures_come_to_nothing():
    found = procedures.account({}, LISTS)
    assert (found.lines, found.timed, found.total, found.charge) == ((), 0, 0, 0)
    assert said({}) == []


def dealt(minutes, picked):
    """Units under the 8-minute rule once more: minute by minute to whoever is owed the most."""
    total = sum(minutes.values())
    left = 0
    while total >= 15 * left + 8:
        left += 1
    units = dict.fromkeys(minutes, 0)
    rest = dict(minutes)
    for code in minutes:
        while rest[code] >= 15:
            rest[code], units[code], left = rest[code] - 15, units[code] + 1, left - 1
    open_ones = list(minutes)
    for _turn in range(left):
        best = max(open_ones, key=lambda code: (rest[code], code in picked, minutes[code], -list(minutes).index(code)))
        open_ones.remove(best)
        units[best] += 1
    return units


def test_units_with_a_pick_agree_with_dealing_them_one_by_one():
    random = Random(5)
    for _turn in range(size(5_000, 100_000)):
        minutes = {code: random.randrange(0, 40) for code in random.sample(TIMED, random.randrange(1, 5))}
        picked = random.sample(TIMED, random.randrange(0, 3))
        answers = note(minutes, payer="Medicare", tied=" ".join(picked))
        found = {line.code: line.units for line in procedures.account(answers, LISTS).lines}
        assert found == dealt(minutes, picked), (minutes, picked)
