"""Timed units under both payers' rules: the published examples, their boundaries, and another way to count."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from intake.clinical.units import bill, tied
from tests.sizes import size

EXAMPLES = [
    ({"97110": 24, "97112": 23}, [2, 1], [2, 2]),
    ({"97110": 33, "97140": 7}, [2, 1], [2, 0]),
    ({"97110": 18, "97140": 13, "97116": 10, "97035": 8}, [1, 1, 1, 0], [1, 1, 1, 1]),
    ({"97530": 15, "97140": 12, "97112": 10, "97535": 6}, [1, 1, 1, 0], [1, 1, 1, 0]),
    ({"97140": 10, "97112": 5}, [1, 0], [1, 0]),
    ({"97110": 52}, [3], [3]),
    ({"97110": 53}, [4], [4]),
]
TIES = [
    ({"97110": 20, "97112": 20}, 3, ["97110", "97112"], [1, 1]),
    ({"97110": 7, "97112": 7, "97140": 7}, 1, ["97110", "97112", "97140"], [0, 0, 0]),
    ({"97112": 16, "97535": 8, "97140": 8}, 2, ["97535", "97140"], [1, 1, 1]),
    ({"97530": 8, "97140": 8}, 1, ["97530", "97140"], [1, 1]),
]


@pytest.mark.parametrize(("minutes", "cms", "ama"), EXAMPLES)
def test_the_worked_examples(minutes, cms, ama):
    assert list(bill(minutes, "cms").values()) == cms
    assert list(bill(minutes, "ama").values()) == ama
    assert tied(minutes) == ()


@pytest.mark.parametrize(("minutes", "total", "among", "ama"), TIES)
def test_a_tie_is_told_and_one_of_the_tied_gets_the_unit(minutes, total, among, ama):
    found = bill(minutes, "cms")
    assert sum(found.values()) == total
    assert list(tied(minutes)) == among
    assert sum(found[code] - minutes[code] // 15 for code in among) == 1
    assert list(bill(minutes, "ama").values()) == ama


def test_among_equal_remainders_the_code_with_more_minutes_gets_the_unit():
    assert bill({"97535": 8, "97110": 23}, "cms") == {"97535": 0, "97110": 2}


TABLE = {0: 7, 1: 22, 2: 37, 3: 52, 4: 67, 5: 82, 6: 97, 7: 112, 8: 127}  # units: most minutes


@pytest.mark.parametrize("total", range(128))
def test_the_manual_s_table_holds_for_every_minute(total):
    units = next(units for units, most in TABLE.items() if total <= most)
    assert sum(bill({"97110": total}, "cms").values()) == units
    split = {"97110": total // 3, "97112": total // 3, "97140": total - 2 * (total // 3)}
    assert sum(bill(split, "cms").values()) == units


def test_both_rules_agree_with_another_way_to_count_on_many_days():
    chance = Random(8)
    for _day in range(size(10_000, 100_000)):
        minutes = {str(code): chance.randrange(70) for code in range(chance.randint(0, 5))}
        assert bill(minutes, "ama") == {
            code: sum(spent >= 15 * n + 8 for n in range(9)) for code, spent in minutes.items()
        }
        found = bill(minutes, "cms")
        whole, extra = sum(minutes.values()), {code: found[code] - spent // 15 for code, spent in minutes.items()}
        assert sum(found.values()) == sum(whole >= 15 * n + 8 for n in range(40))
        assert set(extra.values()) <= {0, 1}
        assert all(
            minutes[less] % 15 <= minutes[more] % 15
            for more, less in product(minutes, repeat=2)
            if (extra[more], extra[less]) == (1, 0)
        )


@pytest.mark.parametrize("spent", [-1, 7.5, "10", None, True])
def test_what_are_no_minutes_is_refused(spent):
    with pytest.raises(ValueError, match="no minutes of 97110"):
        bill({"97110": spent}, "cms")


def test_another_rule_is_refused():
    with pytest.raises(ValueError, match="no rule"):
        bill({"97110": 10}, "whichever is higher")


def test_no_codes_come_to_nothing():
    assert bill({}, "cms") == bill({}, "ama") == {}
    assert tied({}) == ()
