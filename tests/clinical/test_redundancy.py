"""How much of a note stands in the one before it."""

from __future__ import annotations

from random import Random

import pytest

from intake.clinical import redundancy
from intake.clinical.redundancy import Length
from intake.forms import reader
from tests.sizes import size

NOTE = reader.latest("evaluation")


def by_looking(text, before, run):
    """Each word by itself: whether a run of that length around it stands anywhere in the text before."""
    pieces = [before[start : start + run] for start in range(len(before))]
    return sum(
        any(
            len(text[start : start + run]) == run and text[start : start + run] in pieces
            for start in range(max(0, place - run + 1), place + 1)
        )
        for place in range(len(text))
    )


def test_it_agrees_with_looking_at_each_word_by_itself():
    chance = Random(3)
    for _time in range(size(5_000, 100_000)):
        text, before = ([chance.choice("abc") for _word in range(chance.randrange(14))] for _each in "12")
        run = chance.randint(1, 6)
        assert redundancy.copied(text, before, run) == by_looking(text, before, run), (text, before, run)


@pytest.mark.parametrize(
    ("text", "before", "copied"),
    [
        ("one two three four five", "one two three four five", 5),
        ("one two three four", "one two three four", 0),
        ("so one two three four five", "One, two: THREE four five!", 5),
        ("five four three two one", "one two three four five", 0),
        ("a b c d e f", "a b c d e x b c d e f", 6),
        ("it's new and can't be old", "it’s new and can’t be old", 0),
        ("", "one two three four five", 0),
        ("one two three four five", "", 0),
    ],
)
def test_a_word_is_copied_in_a_run_of_five(text, before, copied):
    assert redundancy.copied(redundancy.words(text), redundancy.words(before)) == copied


def answers(text, more="", **ticked):
    said = {"im_impression": {"value": text}, "goal": {"value": [{"goal_text": {"value": more}}]} if more else {}}
    return said | {name: {"value": value} for name, value in ticked.items()}


def test_only_what_is_written_counts_and_no_run_goes_from_one_answer_to_the_next():
    mine = answers("one two three", "four five six seven", ab_tension="firm")
    found = redundancy.of_note(NOTE, mine, (NOTE, answers("one two three four five six seven")))
    assert found == Length(7, 7, 0)
    assert found.share == 0


def test_the_share_is_of_the_words_of_this_note():
    found = redundancy.of_note(NOTE, answers("a b c d e f g h i j"), (NOTE, answers("a b c d e")))
    assert (found.words, found.before, found.copied, found.share) == (10, 5, 5, 50)


def test_without_a_note_before_or_a_word_there_is_no_share():
    assert redundancy.of_note(NOTE, answers("a b")).share is None
    assert redundancy.of_note(NOTE, {}, (NOTE, answers("a b"))).share is None
    assert redundancy.of_note(NOTE, {"im_impression": {"status": "skipped"}}) == Length(0, None, 0)
