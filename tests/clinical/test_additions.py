"""What can be added to a signed note, what it says, and what keeps it from being signed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from intake.clinical import additions
from intake.clinical.additions import Asked, Change
from intake.forms import reader

FORM = reader.load("evaluation", 1)
STOOD = "Pain on the left side, 4 of 10."
ANSWERS = {
    "im_impression": {"value": f"Better.\n{STOOD}"},
    "im_irritability": {"value": "low"},
    "goal": {"value": [{"goal_text": {"value": "Walk"}, "goal_target": {"value": "30 minutes"}}]},
}
WISH = Asked("b7", date(2026, 9, 1), "I never said that.", "therapists")
SAID_TO_ALL = Asked("b8", date(2026, 9, 1), "I never said that.", "everybody")
CARE, ALL = {"desk", "care"}, {"desk", "care", "sensitive"}
IN_CARE, PRIVATE = FORM.by_id["im_impression"], FORM.by_id["hi_obstetric"]
RIGHT = Change("im_impression", "left side", "right side")


def problems(new, *before):
    return additions.problems(FORM, ANSWERS, new, before)


@pytest.mark.parametrize(
    "new",
    [
        additions.addendum("She called.", "everybody"),
        additions.late("She wept.", "Interrupted", "memory", "therapists"),
        additions.correction(RIGHT, "Slip"),
        additions.accepted(WISH, RIGHT, "She is right.", "everybody"),
        additions.denied(WISH, "accurate", "It was said twice.", "therapists"),
        additions.disagreement(SAID_TO_ALL, "I still say so.", "everybody"),
    ],
    ids=lambda new: f"{new.kind} {new.decision}",
)
def test_what_is_signed_is_read_back_as_it_was(new):
    assert problems(new) == {}
    assert additions.read(new.kind, json.loads(json.dumps(new.body))) == new


def test_an_addendum_says_for_whom_it_is():
    assert additions.addendum(" She called. ", "everybody").body == {"text": "She called.", "readers": "everybody"}


@pytest.mark.parametrize("kind", ["addendum", "late-entry", "correction", "amendment", "disagreement"])
def test_what_was_signed_before_anybody_was_asked_for_whom_it_is_stays_private(kind):
    change = {"question": "im_impression", "old": "left", "new": "right"}
    wish = {"id": "b7", "received_on": "2026-09-01", "words": "I never said that."}
    old = additions.read(kind, {"text": "She called.", "change": change, "request": wish})
    assert old.body.keys() == {"text", "change", "request"}, "it is read as it was signed"
    assert old.tiers(IN_CARE) == {"sensitive"}
    assert old.below(CARE, IN_CARE) is None
    assert old.below(ALL, IN_CARE) == old


@pytest.mark.parametrize(("readers", "tier"), [("everybody", "care"), ("therapists", "sensitive")])
def test_what_is_added_goes_as_far_as_its_signer_says(readers, tier):
    for new in (additions.addendum("x", readers), additions.late("x", "Busy", "memory", readers)):
        assert new.tier(None) == tier
        assert (new.below(CARE, None) == new) is (tier == "care")
        assert new.below(ALL, None) == new


def test_a_correction_goes_as_far_as_what_it_corrects():
    fix = additions.correction(RIGHT, "Slip")
    assert (fix.tier(IN_CARE), fix.tier(PRIVATE)) == ("care", "sensitive")
    assert fix.tier(None) == "sensitive", "where nobody knows what it corrects"


def test_an_answer_that_changes_something_private_is_private_whatever_was_chosen():
    assert additions.accepted(SAID_TO_ALL, RIGHT, "x", "everybody").tier(PRIVATE) == "sensitive"
    assert additions.accepted(SAID_TO_ALL, RIGHT, "x", "everybody").tier(IN_CARE) == "care"


def test_an_answer_for_everybody_leaves_out_the_words_of_a_wish_that_is_for_the_therapists():
    mixed = additions.denied(WISH, "accurate", "It was said twice.", "everybody")
    assert mixed.tiers(None) == {"care", "sensitive"}
    shown = mixed.below(CARE, None)
    assert (shown.asked.words, shown.asked.received_on, shown.reason) == ("", WISH.received_on, mixed.reason)
    assert mixed.below(ALL, None) == mixed
    whole = additions.denied(SAID_TO_ALL, "accurate", "It was said twice.", "everybody")
    assert whole.below(CARE, None) == whole
    assert additions.denied(SAID_TO_ALL, "accurate", "No", "therapists").below(CARE, None) is None


def test_a_note_and_a_co_signature_add_nothing():
    assert additions.read("note", {}) is None
    assert additions.read("cosignature", {}) is None


@pytest.mark.parametrize("broken", [{"change": {"question": "x"}}, {"request": {"id": "1"}}, {"change": "x"}])
def test_bytes_that_say_no_addition_are_told(broken):
    with pytest.raises((ValueError, KeyError, TypeError)):
        additions.read("correction", broken)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change("im_impression", "the other side", "right"), "old"),
        (Change("im_impression", "", "right"), "old"),
        (Change("im_impression", "left side", "  "), "new"),
        (Change("im_impression", "left side", "left  side"), "new"),
        (Change("im_body", "left", "right"), "question"),
        (Change("no_such", "left", "right"), "question"),
        (Change("im_irritability", "Low", "High"), ""),
        (Change("goal", "30 minutes", "20 minutes"), ""),
        (Change("im_impression", f"Better. {STOOD}", "Worse."), ""),
    ],
)
def test_a_correction_replaces_words_that_stand_there(change, field):
    assert list(problems(additions.correction(change, "Slip"))) == ([field] if field else [])


def test_a_correction_can_be_corrected():
    first, again = additions.correction(RIGHT, "Slip"), Change("im_impression", "right side", "both sides")
    assert "old" in problems(additions.correction(again, "Slip"))
    assert problems(additions.correction(again, "Slip"), first) == {}


def test_words_that_were_corrected_already_are_not_corrected_again_but_the_newest_are():
    first, other = additions.correction(RIGHT, "Slip"), Change("im_impression", "left side", "both sides")
    assert problems(additions.correction(other, "Slip"), first) == {"old": additions.CORRECTED}
    assert problems(additions.accepted(WISH, other, "Yes", additions.EVERYBODY), first) == {"old": additions.CORRECTED}
    assert problems(additions.correction(Change("goal", "Walk", "Run"), "Slip"), first) == {}
    back = additions.correction(Change("im_impression", "right side", "left side"), "Slip")
    assert problems(back, first) == {}
    again = additions.correction(Change("im_impression", "right side", "both sides"), "Slip")
    assert problems(again, first, back) == {"old": additions.CORRECTED}
    assert problems(additions.correction(other, "Slip"), first, back) == {}, "the old words stand there again"
    assert problems(additions.correction(Change("im_impression", "elsewhere", "x"), "Slip"), first) == {
        "old": additions.NOT_THERE
    }


def test_what_stands_there_now_holds_every_correction_in_its_turn_and_the_lines_of_the_rest():
    text = "Better.\nPain on the left  side, 4 of 10."
    changes = [RIGHT, Change("im_impression", "right side", "both sides"), Change("goal", "Better", "Worse")]
    assert additions.now("im_impression", text, changes) == "Better.\nPain on the both sides, 4 of 10."
    assert additions.now("im_impression", text, [Change("im_impression", text, r"All \1 new")]) == r"All \1 new"
    assert additions.now("im_impression", text, []) == text


def test_where_two_corrections_contradict_each_other_the_words_of_both_can_be_put_right():
    both = [RIGHT, Change("im_impression", "left side", "both sides")]
    before = [additions.correction(each, "Slip") for each in both]
    assert additions.now("im_impression", STOOD, both) is None, "nobody can say which holds"
    for old in ("right side", "both sides"):
        assert problems(additions.correction(Change("im_impression", old, "no side"), "Slip"), *before) == {}


@pytest.mark.parametrize(
    ("signed", "old", "now"),
    [
        ("Pain 10 of 10, for 1 year, 1 child", "1", None),
        ("Pain 10 of 10, for 1 year", "1", "Pain 10 of 10, for NEW year"),
        ("Walk 30 minutes, stand 30\nminutes", "30 minutes", None),
        ("Gap 2.5 cm", "2", None),
        ("Grade 4- at the hip", "4", None),
        ("C at -6", "6", None),
        ("Verbal consent: 0", "Verb", None),
        ("3/6/4//7", "7", None),
        ("She can't", "can", None),
        ("4 cm, then 4.5 cm", "4", "NEW cm, then 4.5 cm"),
        ("on and on and on", "on and on", None),
        ("\u201cLeft\u201d, she said.", "Left", "\u201cNEW\u201d, she said."),
        ("Tender (left).", "(left)", "Tender NEW."),
        ("4-", "4-", "NEW"),
    ],
)
def test_what_stands_there_now_is_said_only_where_the_old_words_stand_once_as_words(signed, old, now):
    assert additions.now("im_impression", signed, [Change("im_impression", old, "NEW")]) == now


def test_where_nobody_can_say_what_stands_there_now_a_true_correction_is_taken():
    answers = {"im_impression": {"value": "Pain 10 of 10, for 1 year, 1 child"}}

    def found(old, new, *before):
        change = additions.correction(Change("im_impression", old, new), "Slip")
        return additions.problems(FORM, answers, change, before)

    first = additions.correction(Change("im_impression", "1", "2"), "Slip")
    assert found("1", "2") == {}
    assert found("1 child", "3 children", first) == {}
    assert found("2 child", "3 children", first) == {}, "as whoever meant that place reads it"
    assert found("1", "3", first) == {}
    assert found("1", " 2 ", first) == {"new": additions.REPEATED}
    assert found("2 sons", "3 children", first) == {"old": additions.NOT_THERE}
    assert found("1 child", "1  child", first) == {"new": additions.THE_SAME}


def test_words_in_place_of_the_whole_answer_stand_there_whatever_was_corrected_before():
    signed = "Left knee, left hip"
    changes = [Change("im_impression", old, new) for old, new in (("eft", "ight"), (signed, "Both knees"))]
    assert additions.now("im_impression", signed, changes) == "Both knees"
    again = [Change("im_impression", "eft", f"x {signed}"), changes[1]]
    assert additions.now("im_impression", signed, again) is None


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (additions.addendum("  ", "everybody"), "text"),
        (additions.late("", "Busy", "memory", "everybody"), "text"),
        (additions.late("x", " ", "memory", "everybody"), "reason"),
        (additions.late("x", "Busy", "hearsay", "everybody"), "source"),
        (additions.addendum("x", ""), "readers"),
        (additions.addendum("x", "as-the-field"), "readers"),
        (additions.late("x", "Busy", "memory", "nobody"), "readers"),
        (additions.denied(WISH, "accurate", "No", ""), "readers"),
        (additions.accepted(WISH, RIGHT, "Yes", ""), "readers"),
        (additions.disagreement(WISH, "No", ""), "readers"),
        (replace(additions.correction(RIGHT, "Slip"), readers="everybody"), "readers"),
        (additions.correction(RIGHT, ""), "reason"),
        (additions.accepted(WISH, Change("im_impression", "nowhere", "x"), "Yes", "everybody"), "old"),
        (additions.denied(WISH, "because", "No", "everybody"), "ground"),
        (additions.denied(WISH, "accurate", "", "everybody"), "reason"),
        (additions.disagreement(WISH, "", "everybody"), "text"),
    ],
)
def test_what_says_too_little_is_named_at_its_field(new, field):
    assert list(problems(new)) == [field]


def test_old_words_are_known_again_where_they_were_taken_over():
    held = {
        "im_impression": "Was: pain on the left side",
        "hi_reason": "left side",
        "im_body": f"Last time: {STOOD} Now 2.",
    }
    asked, answers = FORM.by_id["im_impression"], {name: {"value": text} for name, text in held.items()}
    assert additions.copied(asked, FORM, answers, Change("im_impression", STOOD, "Pain on the right.")) == {"im_body"}
    assert additions.copied(asked, FORM, answers, Change("im_impression", "left side", "right")) == set()
    assert additions.copied(FORM.by_id["im_factors"], FORM, answers, Change("im_factors", STOOD, "None")) == set()
