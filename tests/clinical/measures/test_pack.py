"""Text packs: held against the slot of their measure, and made into a form of the clinic. All words are invented."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from intake.clinical.measures import ids, pack, reading, table
from intake.clinical.measures.pack import Said, form_text
from intake.forms import checking
from intake.forms.model import Tier
from tests.forms.made import PACK
from tests.sizes import size

TAKING = [name for name in ids() if table.measures()[name].tier is not Tier.SAFETY]


def wrong(text, said=None):
    found = form_text(text, said or Said())
    assert isinstance(found, list), found
    return " | ".join(map(str, found))


def form_of(text, said=None):
    checked = checking.of_text(form_text(text, said or Said()))
    assert checked.form is not None, [str(fault) for fault in checked.faults]
    return checked.form


def invented(measure, words="Cloud"):
    """A pack that fits a measure, of no words that anybody owns."""
    lines = [f'measure = "{measure}"', 'holder = "Fernbank (fictional)"']
    for item, values in table.measures()[measure].items.items():
        listed = ", ".join(f'{{ value = {value}, text = "{words} {value}" }}' for value in sorted(values))
        lines += ["[[items]]", f'text = "{words} number {item}?"', f"answers = [{listed}]"]
    return "\n".join(lines)


def test_a_pack_becomes_a_form_that_asks_its_items_and_says_whose_words_they_are():
    form = form_of(PACK)
    assert (form.id, form.holder, form.until) == (
        "clinic-measure-phq-2", "Fernbank Clinic (fictional), letter 12", date(2026, 12, 31),
    )  # fmt: skip
    assert form.by_id["clinic_phq_2_1"].text == "How did the invented sky look?"
    assert [option.text for option in form.by_id["clinic_phq_2_2"].options][3] == "Only clouds"
    assert form.by_id["clinic_phq_2_credit"].body == "Invented for tests."
    assert list(pack.faults(form)) == []


@pytest.mark.parametrize("measure", [name for name in TAKING if name != "groc"])
def test_every_slot_takes_a_pack_that_fits_it_and_its_answers_score(measure):
    form, chance = form_of(invented(measure)), Random(measure)
    assert list(pack.faults(form)) == []
    tier = table.measures()[measure].tier
    for _try in range(size(5, 200)):
        items = {item: chance.choice(sorted(values)) for item, values in table.measures()[measure].items.items()}
        answers = {reading.asked_as(measure, item): {"value": str(number)} for item, number in items.items()}
        assert reading.read(answers)[measure].items == items
        assert all(form.by_id[name].tier == tier for name in answers)


def test_what_is_private_is_asked_only_of_somebody_who_is_alone():
    form = form_of(invented("fsfi"))
    assert [section.id for section in form.sections] == ["before", "questions"]
    assert form.section("questions").private
    assert form.private_when.conditions
    assert not form_of(invented("odi")).section("questions").private


EXTRA = """[[items]]
scored = false
text = "How much did the invented weather matter?"
answers = [{ text = "Not at all" }, { text = "Much" }]
"""


def with_extra(extra=EXTRA, at=2):
    """The invented pack of PHQ-9 with an item that is not scored, after so many of its own."""
    own = invented("phq-9").split("[[items]]")
    return (
        "[[items]]".join(own[: at + 1]).rstrip() + "\n" + extra + "".join(f"[[items]]{each}" for each in own[at + 1 :])
    )


@pytest.mark.parametrize("at", [0, 2, 9])
def test_what_is_not_scored_is_asked_beside_the_items_and_counts_nowhere(at):
    form = form_of(with_extra(at=at))
    assert list(pack.faults(form)) == []
    extra = form.by_id["clinic_phq_9_extra_1"]
    assert (extra.tier, [option.text for option in extra.options]) == (Tier.SENSITIVE, ["Not at all", "Much"])
    answers = {reading.asked_as("phq-9", item): {"value": "1"} for item in table.measures()["phq-9"].items}
    answers["clinic_phq_9_extra_1"] = {"value": "1"}
    assert set(reading.read(answers)["phq-9"].items.values()) == {1}
    assert len(reading.read(answers)["phq-9"].items) == 9


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("scored = false\n", "", "the pack has 10 items with values, and PHQ-9 has 9"),
        ("scored = false", 'scored = "no"', "scored is 'no'"),
        ("scored = false", "scored = 0", "scored is 0"),
        ('[{ text = "Not at all" }, { text = "Much" }]', "[]", "items, 3: the item has no answers"),
        ('{ text = "Much" }', "{ value = 1 }", "items, 3: the item has no answers"),
    ],
)
def test_what_is_wrong_with_an_item_that_is_not_scored_is_told(old, new, told):
    assert old in EXTRA
    assert told in wrong(with_extra(EXTRA.replace(old, new)))


def test_odd_words_stay_as_they_are():
    odd = 'A \\"cloud\\" \\\\ & <b>fog</b> %(x)s שלום 🌫'
    form = form_of(invented("phq-2", words=odd))
    assert form.by_id["clinic_phq_2_1"].text == 'A "cloud" \\ & <b>fog</b> %(x)s שלום 🌫 number 1?'


def test_what_stands_beside_the_file_counts_more_than_what_it_says():
    form = form_of(PACK, Said(holder="Another", until=date(2027, 1, 1)))
    assert (form.holder, form.until) == ("Another", date(2027, 1, 1))
    assert "measure is missing" in wrong(PACK.replace('measure = "phq-2"', ""))
    assert form_of(PACK.replace('measure = "phq-2"', ""), Said("phq-2")).id == "clinic-measure-phq-2"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"phq-2"', '"phq-9"', "the pack has 2 items with values, and PHQ-9 has 9"),
        ('"phq-2"', '"phq-99"', "is none we know"),
        ('"phq-2"', '"hark"', "asked alone"),
        ('"phq-2"', "2", "is none we know"),
        *(('"phq-2"', nothing, "is none we know") for nothing in ("0", "[]", "false", "{}")),
        ('holder = "Fernbank Clinic (fictional), letter 12"', "", "holder is missing"),
        ("2026-12-31", '"soon"', "Write a day without quotes"),
        ("value = 3", "value = 4", "an answer has the value 4, which the item cannot be scored. It can be: 0, 1, 2, 3"),
        ("value = 3", "value = 2", "two answers have the value 2"),
        (', { value = 3, text = "Only clouds" }', "", "no answer has the value 3"),
        ("value = 3", 'value = "3"', "the item has no answers"),
        ('text = "And the invented sea?"', 'text = " "', "items, 2: the item has no text"),
        ("credit", "colour", "unknown key colour"),
        ("items = [", "items = [1, ", "no list of tables"),
        ('measure = "phq-2"', "measure = ", "not TOML"),
        ('credit = "Invented for tests."', "credit = 3", "Write words in quotes"),
    ],
)
def test_what_is_wrong_with_a_pack_is_told(old, new, told):
    assert old in PACK
    assert told in wrong(PACK.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('permission = { holder = "Fernbank Clinic (fictional), letter 12", until = 2026-12-31 }\n', "", "permission"),
        ('id = "clinic_phq_2_2"', 'id = "clinic_phq_2_7"', "has no such item"),
        ('id = "clinic_phq_2_2"', 'id = "clinic_other"', "1 items of PHQ-2 are missing: clinic_phq_2_2"),
        ('{ code = "3", text = "Only clouds" },\n', "", "a choice among the codes 0, 1, 2, 3"),
        ('tier = "sensitive"', 'tier = "care"', "is private"),
        ('"clinic-measure-phq-2"', '"clinic-measure-hark"', "none that takes one"),
    ],
)
def test_a_form_that_is_called_a_pack_is_held_against_the_slot_however_it_was_written(old, new, told):
    text = form_text(PACK, Said())
    assert old in text
    form = checking.of_text(text.replace(old, new, 1)).form
    assert told in " ".join(map(str, pack.faults(form)))


def test_no_words_of_an_instrument_stand_in_the_table():
    for measure in table.measures().values():
        assert len(measure.label) <= 30
