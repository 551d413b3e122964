"""The page about the rules is the one the tables make."""

from pathlib import Path

import pytest

from intake.clinical.triage import safety, table
from intake.clinical.triage.flags import OTHER_WARNING
from intake.clinical.triage.formula import formula
from intake.clinical.triage.messages import messages
from intake.clinical.triage.rules import RULES
from intake.clinical.triage.signs import (
    BornBefore,
    BornWithin,
    DayBefore,
    Entry,
    Fever,
    Item,
    Number,
    Total,
    all_of,
    any_of,
    other_than,
    row,
    ticked,
    without,
)

PAGE = Path(__file__).parents[3] / "docs" / "red-flags.md"


def test_the_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == table.page(), "run `make rules`"


def test_a_changed_rule_makes_it_stale(monkeypatch):
    monkeypatch.setattr(table, "RULES", RULES[1:])
    assert PAGE.read_text(encoding="utf-8") != table.page()


def test_every_rule_is_on_it_once_with_when_it_is_raised_and_where_it_comes_from():
    page = table.page()
    for rule in [*(rule.id for rule in (*RULES, *safety.SAFETY_RULES)), OTHER_WARNING]:
        assert page.count(f"\n### {rule}. ") == 1
    for words in (*messages().values(), *safety.words().rules.values()):
        assert f"**Raised by.** {words.when}\n" in page
        assert f"**Source.** {words.source}\n" in page


def test_a_rule_stands_below_the_level_it_has():
    page = table.page()
    heads = [page.index(f"\n## {name}\n") for name in table.LEVELS.values()]
    levels = dict(zip(table.LEVELS, zip(heads, [*heads[1:], len(page)], strict=True), strict=True))
    for rule in RULES:
        first, last = levels[rule.severity]
        assert first < page.index(f"\n### {rule.id}. ") < last


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        (ticked("q", "b", "a"), "`q`: `a` / `b`"),
        (other_than("q", "none"), "`q`: anything but `none`"),
        (other_than("q"), "`q`: any words"),
        (without("q", "yes"), "`q`: not `yes`"),
        (Number("q", low=140, below=160), "`q`: 140 or more, less than 160"),
        (Number("q", below=4), "`q`: less than 4"),
        (Total("phq-9", 9, low=20), "`phq-9`, the sum of items 1 to 9, all answered: 20 or more"),
        (Item("phq-9", "9", low=1, below=3), "`phq-9`, item 9: 1 or more, less than 3"),
        (Fever("q"), "`q`: 38.0 °C (100.4 °F) or more"),
        (row("q", ("r",), "x"), "`q`, row `r`: `x`"),
        (Entry("g", ticked("q", "a")), "in one of `g`: `q`: `a`"),
        (BornWithin(84), "born at most 84 days ago, or on an unknown day"),
        (BornWithin(41, unknown=False), "born at most 41 days ago, and not on an unknown day"),
        (BornBefore(56), "born more than 56 days ago, or on an unknown day"),
        (DayBefore("q", 14), "`q`: more than 14 days ago, on a day that fits"),
        (DayBefore("q", 14, holds=False), "`q`: not known to be more than 14 days ago"),
        (any_of(ticked("q", "a"), ticked("r", "b")), "(`q`: `a` **or** `r`: `b`)"),
        (all_of(ticked("q", "a"), ticked("rf_bleed", "heavy")), "(`q`: `a` **and** *heavy bleeding*)"),
    ],
)
def test_a_sign_is_said_in_words(sign, words):
    assert formula(sign) == words


def test_a_kind_of_sign_without_words_is_an_error():
    with pytest.raises(TypeError):
        formula(object())
