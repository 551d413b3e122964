"""What answers that were given alone mean for staff: gravest first, and silence never stands for "no"."""

from __future__ import annotations

from intake.clinical.asked_alone import meaning, wanted
from tests.alone import every_no, every_yes, questions

ASKED = [question.id for question in questions()]


def said(answers):
    return {name: {"value": code} for name, code in answers.items()}


def rules(*times):
    return [sign.words.rule for sign in meaning(times, ASKED).signs]


def test_the_gravest_sign_comes_first():
    assert rules(said(every_yes())) == ["E9", "S11", "S12"]
    assert meaning([said(every_yes())], ASKED).signs[0].severity == "EMERGENCY"
    assert rules(said(every_no())) == []


def test_what_has_no_answer_is_named_whatever_the_reason():
    whole = meaning([{}], ASKED)
    assert list(whole.unanswered) == ASKED
    ways = [{"status": status} for status in ("declined", "in-person", "skipped")]
    assert meaning([{ASKED[0]: way} for way in ways], ASKED).unanswered[0] == ASKED[0]
    assert meaning([said(every_no())], ASKED).unanswered == ()


def test_a_later_silence_takes_nothing_back():
    first, then = said({"ipv_now_safe": "no"}), {}
    assert rules(then, first) == rules(first, then) == ["E9"]


def test_a_sign_that_was_raised_twice_stands_once_with_all_that_raised_it():
    (sign,) = meaning([said({"ipv_hurt": "yes"}), said({"ipv_afraid": "yes"})], ASKED).signs
    assert set(sign.because) == {"ipv_hurt", "ipv_afraid"}


def test_what_is_meant_for_couples_stays_off_unless_she_can_always_say_no():
    def is_off(*codes):
        return meaning([said({"sx_pressure": code}) if code else {} for code in codes], ASKED).couples_off

    assert [is_off(code) for code in ("always", "mostly", "sometimes", "never", "")] == [False, True, True, True, True]
    assert is_off("always", "never")
    assert not is_off("", "always")


def test_what_she_wants_is_the_newest_that_was_said():
    assert wanted([{}, said({"ipv_want": "talk"}), said({"ipv_want": "nothing"})]) == {"value": "talk"}
    assert wanted([{"ipv_want": {"status": "declined"}}]) is None
