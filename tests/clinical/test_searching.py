"""Words are found whatever their capitals and accents, and are shown as they were written."""

from __future__ import annotations

import random

from intake.clinical.searching import AROUND, Text, find
from tests.sizes import size


def found(words, typed):
    return [(hit.before, hit.found, hit.after) for hit in find([Text(None, "", words)], typed)]


def test_a_word_is_found_in_its_own_spelling():
    assert found("Her Café scar", "cafe") == [("Her ", "Café", " scar")]
    assert found("STRASSE und Straße", "straße") == [("", "STRASSE", " und Straße")]
    assert found("Dry pad", "PAD") == [("Dry ", "pad", "")]


def test_every_word_has_to_be_there_in_any_order():
    assert found("scar is dry", "dry scar") == [("", "scar", " is dry")]
    assert found("scar is dry", "dry scars") == []


def test_nothing_is_found_for_nothing():
    assert found("scar", "") == found("scar", "  ") == []


def test_a_long_text_is_cut_between_words_around_what_was_found():
    ((before, word, after),) = found("left " * 60 + "scar" + " right" * 60, "scar")
    assert (before[:2], word, after[-2:]) == ("… ", "scar", " …")
    assert len(before) <= AROUND + 2
    assert set(before[2:].split()) == {"left"}
    assert set(after[:-2].split()) == {"right"}


def test_what_is_found_is_what_a_plain_look_finds():
    chance = random.Random(3)
    for _ in range(size(2_000, 50_000)):
        words = "".join(chance.choice("abAB é") for _ in range(chance.randrange(30)))
        typed = "".join(chance.choice("abe ") for _ in range(chance.randrange(1, 5)))
        plain = words.replace("é", "e").lower()
        hits = found(words, typed)
        assert bool(hits) == (bool(typed.split()) and all(each in plain for each in typed.split()))
        for before, word, after in hits:
            assert before + word + after == words
            assert word.replace("é", "e").lower() in typed.split()
