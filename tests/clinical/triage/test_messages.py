"""The words of the rules: complete, easy to read, honest about who is reading."""

import re
from string import Formatter

import pytest

from intake.clinical.readability import WORD, grade, sentences
from intake.clinical.triage import Severity, message
from intake.clinical.triage.messages import PLACEHOLDERS, messages
from intake.clinical.triage.rules import RULES

RULE_IDS = [*(rule.id for rule in RULES), "S14"]
EMERGENCIES = [rule.id for rule in RULES if rule.severity is Severity.EMERGENCY]
GRADE = 6.0
WORDS = 15
PROMISES = re.compile(
    r"\bwe(?:'ll| will| are (?:here|reading|watching))\b|\b(?:monitor|watch over|someone will|be in touch)",
    re.IGNORECASE,
)
AVOIDED = re.compile(r"\b(?:should|normal(?:ly)?|complian(?:t|ce)|mother|mom|husband|wife|violen|abus)", re.IGNORECASE)


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_rule_has_a_message_and_every_message_a_rule():
    assert messages().keys() == set(RULE_IDS)


def test_a_rule_without_a_message_is_an_error():
    with pytest.raises(KeyError):
        message("E99")


@pytest.mark.parametrize("rule", RULE_IDS)
def test_a_message_is_complete(rule):
    words = message(rule)
    assert words.rule == rule
    assert all(text.strip() for text in (words.title, words.patient, words.when, words.staff, words.source))


@pytest.mark.parametrize("rule", RULE_IDS)
def test_a_message_can_be_read_by_a_tired_person(rule):
    words = message(rule)
    assert grade(words.title) <= GRADE
    assert grade(words.patient) <= GRADE
    assert max(len(WORD.findall(sentence)) for sentence in sentences(words.patient)) <= WORDS


@pytest.mark.parametrize("rule", RULE_IDS)
def test_every_placeholder_is_known(rule):
    words = message(rule)
    assert placeholders(words.patient) <= PLACEHOLDERS
    assert not placeholders(words.title + words.when + words.staff + words.source)


@pytest.mark.parametrize("rule", RULE_IDS)
def test_no_message_promises_that_someone_is_watching_or_scolds(rule):
    words = message(rule)
    assert not PROMISES.search(words.title + " " + words.patient)
    assert not AVOIDED.search(words.title + " " + words.patient)


@pytest.mark.parametrize("rule", EMERGENCIES)
def test_an_emergency_says_where_to_turn_now(rule):
    text = message(rule).patient
    assert "now" in text
    assert "{emergency}" in text or "emergency room" in text


@pytest.mark.parametrize("rule", ["S1", "S1b", "E5", "E6", "S13"])
def test_dark_or_scary_thoughts_are_met_with_a_number_to_call(rule):
    assert "{crisis}" in message(rule).patient


@pytest.mark.parametrize("rule", ["D1", "D2", "S1", "S1b"])
def test_a_low_mood_is_met_with_a_number_for_support(rule):
    assert "{maternal}" in message(rule).patient


def test_phone_numbers_are_settings_and_never_written_out():
    assert not re.search(r"\b(?:911|988|\d-\d{3})\b", " ".join(words.patient for words in messages().values()))
