"""Which measures answers hold: of our own forms, of packs, and of numbers typed in by hand."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from intake.clinical.measures import ids, reading, score, table
from intake.clinical.measures.reading import Given, read
from intake.forms import reader
from intake.forms.model import Kind, Tier
from tests.sizes import size

OURS = ("measure-nprs", "measure-psfs", "measure-groc", "measure-bowel", "measure-closeness")


def said(**values):
    return {name: {"value": value} for name, value in values.items()}


def pack(measure, *values):
    names = [reading.asked_as(measure, str(item)) for item in range(1, len(values) + 1)]
    return {
        name: {"status": "declined"} if number is None else {"value": str(number)}
        for name, number in zip(names, values, strict=True)
    }


def test_every_question_that_is_named_is_asked_by_a_form_of_ours_and_can_say_what_the_item_can_be():
    forms = [reader.latest(name) for name in (*OURS, "check-in")]
    asked = {question.id: question for form in forms for question in form.questions()}
    for name, items in reading._questions().items():
        if name.startswith("clinic_"):
            continue
        for measure, item in items:
            can_be = table.measures()[measure].items[item]
            question = asked[name]
            if question.kind is Kind.SCALE:
                numbers = set(range(int(question.minimum or 0), int(question.maximum or 10) + 1))
            else:
                numbers = {reading._number({"value": code}) for code in question.codes} - {None}
                assert numbers == {option.score for option in question.options} - {None}, name
            assert numbers == can_be, name


def test_a_question_is_at_least_as_private_as_its_measure():
    forms = [reader.latest(name) for name in OURS]
    asked = {question.id: question for form in forms for question in form.questions()}
    for name, items in reading._questions().items():
        if name in asked:
            for measure, _item in items:
                assert asked[name].tier.rank >= table.measures()[measure].tier.rank


def test_a_declined_item_is_missing_and_never_zero():
    found = read(pack("phq-9", 1, 2, 3, None, 1, 1, 1, 0, 0))
    assert found["phq-9"].items["4"] is None
    assert score("phq-9", found["phq-9"].items).total == 10


def test_what_an_item_cannot_be_counts_for_nothing():
    assert read(pack("phq-2", 7, 1))["phq-2"].items == {"1": None, "2": 1}
    assert read(said(nprs_worst="not-applicable"))["nprs"].is_blank


@pytest.mark.parametrize(("code", "number"), [("better-5", 5), ("worse-7", -7), ("same", 0)])
def test_a_change_has_a_sign(code, number):
    assert read(said(groc_change=code))["groc"].items == {"1": number}


def test_what_does_not_fit_her_is_no_grade():
    assert read(said(marinoff_stops="not-applicable"))["marinoff"].is_blank
    assert read(said(marinoff_stops="0"))["marinoff"].items == {"1": 0}


def test_one_set_of_answers_gives_both_grids_of_the_bowel():
    found = read(said(bg_solid="0", bg_liquid="2", bg_gas="3", bg_life="1", bg_pad="2", bg_firming="0", bg_wait="4"))
    assert score("wexner", found["wexner"].items).total == 8
    assert score("st-marks", found["st-marks"].items).total == 12
    never = read(said(bg_solid="0", bg_pad="0"))
    assert never["st-marks"].items["5"] == 0


def test_the_short_form_asks_two_measures_besides():
    found = read(said(ci_pain=4, ci_name_1="Run", ci_activity_1=3, ci_name_2="Lift", ci_activity_2=6))
    assert found["nprs"].items == {"1": 4}
    assert score("psfs", found["psfs"].items).total == 4.5
    assert found["psfs"].names == ("Run", "Lift")


@pytest.mark.parametrize("measure", ids())
def test_numbers_typed_in_are_read_as_they_were_written(measure):
    chance, items = Random(measure), table.measures()[measure].items
    form = reader.latest(reading.form_of(measure))
    for _try in range(size(20, 400)):
        given = Given({
            item: None if chance.random() < 0.2 else chance.choice(sorted(values)) for item, values in items.items()
        })  # fmt: skip
        kept = reading.written(measure, given)
        assert kept.keys() <= form.by_id.keys()
        assert read(kept)[measure].items == given.items
    whole = reading.written(measure, Given(total=Decimal("3.5")))
    assert read(whole) == {measure: Given(total=Decimal("3.5"))}


def test_the_form_for_numbers_has_the_tier_of_the_measure():
    for measure in ids():
        form = reader.latest(reading.form_of(measure))
        assert {question.tier for question in form.questions()} == {table.measures()[measure].tier}
    assert reading.form_of("hark") == "measure-alone"
    assert len(reader.latest("measure-care").by_id) == reading.MOST_ITEMS + 2
    assert max(len(each.items) for each in table.measures().values()) <= reading.MOST_ITEMS


def test_warning_rules_are_told_every_item_of_what_was_begun_and_nothing_of_a_bare_total():
    assert reading.items(pack("epds", 0, 0))["epds"] == dict.fromkeys(map(str, range(1, 11))) | {"1": 0, "2": 0}
    assert reading.items(reading.written("phq-9", Given(total=Decimal(20)))) == {}
    assert reading.items(pack("phq-9", *[None] * 9)) == {}


def test_only_what_is_private_is_kept_apart():
    assert {tier: form for tier, (form, _begin) in reading.NUMBERS.items()} == {
        Tier.CARE: "measure-care", Tier.SENSITIVE: "measure-private", Tier.SAFETY: "measure-alone",
    }  # fmt: skip
