"""Phrases: a word with a dot that stands for a longer text, and its fields to fill."""

from __future__ import annotations

import pytest

from intake.clinical import phrases
from intake.clinical.signing import NOT_FILLED, reasons_not_to_sign
from intake.forms import reader
from intake.forms.entry import Entry

NOTE = reader.latest("evaluation")
KNOWN = {".kegel": "{n} x {hold} s", ".tol": "Tolerated well.", ".home-program": "Done daily."}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (".kegel", "{n} x {hold} s"),
        ("Today .kegel and .tol", "Today {n} x {hold} s and Tolerated well."),
        ("Line\n.tol\nLine", "Line\nTolerated well.\nLine"),
        (".tol.", "Tolerated well.."),
        (".tol, then", "Tolerated well., then"),
        (".home-program", "Done daily."),
        (".unknown .kegels .keg .Kegel", ".unknown .kegels .keg .Kegel"),
        ("at 3.kegel or x.tol", "at 3.kegel or x.tol"),
        ("..tol", "..tol"),
        (".kegel-x", ".kegel-x"),
        (".tol/.tol", ".tol/.tol"),
        ("Patient: “it is .tol”", "Patient: “it is .tol”"),
        ("Patient: “so” .tol", "Patient: “so” Tolerated well."),
        ('She says "I do .kegel every day"', 'She says "I do .kegel every day"'),
        ('She says ".tol"', 'She says ".tol"'),
        ('"so .tol" .tol "and .tol"', '"so .tol" Tolerated well. "and .tol"'),
        ('She says "I do .kegel', 'She says "I do .kegel'),
        ("She says “I do .kegel", "She says “I do .kegel"),
        ('Scar 2" long .tol', 'Scar 2" long Tolerated well.'),
        ('5\'4" tall, scar 2" .tol', '5\'4" tall, scar 2" Tolerated well.'),
        ("", ""),
    ],
)
def test_a_known_word_is_replaced_and_everything_else_is_left_alone(typed, kept):
    assert phrases.expanded(typed, KNOWN) == kept


def test_what_a_phrase_holds_is_not_looked_through_again():
    assert phrases.expanded(".a-one", {".a-one": ".b-two", ".b-two": "never"}) == ".b-two"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{n} x {hold} s, {n}", ("n", "hold")),
        ("10 x 5 s", ()),
        ("{} { n } {1} {_x}", ()),
        ("{left side} {m/s}", ("left side", "m/s")),
        ("Patient: “my {n}”", ()),
        ('Patient: "my {n}"', ()),
        ('Patient: "my {n}" {hold}', ("hold",)),
        ('Patient: "my {n}', ("n",)),
        ('Scar {n}" by {m}"', ("n", "m")),
        ("{largeur é}", ("largeur é",)),
    ],
)
def test_the_fields_that_are_open_are_named_once_each(text, names):
    assert phrases.fields(text) == names


def test_an_open_field_stops_the_signature_and_is_named():
    answers = {"im_impression": {"value": "Held {hold} s"}}
    reason = next(each for each in reasons_not_to_sign(NOTE, answers) if each.question == "im_impression")
    assert (reason.text, reason.values) == (NOT_FILLED, {"fields": "hold"})
    answers = {"im_impression": {"value": "Held 5 s"}}
    assert not [each for each in reasons_not_to_sign(NOTE, answers) if each.question == "im_impression"]


def test_a_field_is_found_inside_a_group_and_in_words_of_ones_own():
    answers = {
        "goal": {"value": [{"goal_text": {"value": "Hold {n} s"}}]},
        "ab_scars": {"value": [{"ab_scar_type": {"value": {"other": "{who}"}}}]},
        "ab_ird_fingers": {"value": {"at": {"ab_ird_fingers_rest": {"number": "2", "unit": "{finger}"}}}},
    }
    assert phrases.open_fields(NOTE, answers) == {"goal": ("n",), "ab_scars": ("who",)}


def test_a_page_is_expanded_where_something_is_written_and_nowhere_else():
    entry = Entry(
        answers={
            "im_impression": {"value": "Felt .tol"},
            "goal": {"value": [{"goal_text": {"value": ".tol"}, "goal_due": {"value": "2027-01-01"}}]},
            "ab_tension": {"value": "firm"},
            "ab_depth": {"status": "not-examined", "reason": "declined"},
        }
    )
    before = dict(entry.answers)
    phrases.expand(NOTE, entry, KNOWN)
    assert entry.answers["im_impression"] == {"value": "Felt Tolerated well."}
    assert entry.answers["goal"]["value"][0]["goal_text"] == {"value": "Tolerated well."}
    assert entry.answers["goal"]["value"][0]["goal_due"] == {"value": "2027-01-01"}
    assert {name: entry.answers[name] for name in ("ab_tension", "ab_depth")} == {
        name: before[name] for name in ("ab_tension", "ab_depth")
    }


def test_what_would_be_too_long_for_its_field_stays_as_it_was_typed():
    entry = Entry(answers={"ab_strength": {"value": ".long"}})
    phrases.expand(NOTE, entry, {".long": "x" * (NOTE.by_id["ab_strength"].max_length + 1)})
    assert entry.answers["ab_strength"] == {"value": ".long"}
