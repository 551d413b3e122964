"""The patient's own words, carried into a note: marked as hers, and to nobody who may not read the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from intake.clinical import quotes
from intake.forms import reader
from intake.forms.model import Kind, Question, Tier
from intake.forms.recall import Said

INTAKE, NOTE = reader.latest("intake"), reader.latest("evaluation")
CANARY = "marzipan-lighthouse"
SENSITIVE = {
    "ti_triggers": {"value": CANARY},
    "rf_harm_self": {"value": "thoughts"},
    "ob_births": {
        "value": [
            {"birth_date": {"value": "2026-05-01"}, "birth_mode": {"value": "vaginal"}, "birth_feeling": {"value": 2}}
        ]
    },
}


def asks(*names, tier=Tier.CARE):
    return Question("hi", Kind.TEXT, "History", tier, quotes=names, prefill="quotes")


def test_her_own_words_are_quoted_as_hers():
    answers = {"fn_goal_top": {"value": "Run again"}}
    assert quotes.patient_said(asks("fn_goal_top"), INTAKE, answers) == "Patient: “Run again”"


def test_a_choice_is_quoted_with_its_question_and_its_wording():
    line = quotes.patient_said(asks("ob_preg_now"), INTAKE, {"ob_preg_now": {"value": "no"}})
    assert line == f"{INTAKE.by_id['ob_preg_now'].text} “No”"


def said(name, answer, *, tier=Tier.CARE, at=datetime(2026, 9, 15, 23, tzinfo=UTC)):
    return {name: Said(INTAKE.by_id[name], tier, answer, at, at)}


def test_what_stands_from_an_earlier_visit_is_quoted_with_its_day_where_the_clinic_is():
    before = said("fn_goal_top", {"value": "Run again"})
    text = quotes.stood(asks("fn_goal_top"), before, ZoneInfo("Asia/Tokyo"))
    assert text == "(September 16, 2026) Patient: “Run again”"
    assert quotes.stands(asks("fn_goal_top"), before, f"She said: {text}") == {"Patient: “Run again”"}
    assert quotes.stands(asks("fn_goal_top"), before, "Run again") == frozenset()


def test_what_stands_above_the_tier_of_a_question_is_not_quoted_in_it_either():
    private = said("fn_goal_top", {"value": CANARY}, tier=Tier.SENSITIVE)
    assert quotes.stood(asks("fn_goal_top"), private, UTC) == ""
    assert CANARY not in str(quotes.prefill_again(NOTE, private, UTC))
    assert CANARY in str(quotes.prefill_again(NOTE, said("fn_goal_top", {"value": CANARY}), UTC))


@pytest.mark.parametrize(
    "name", sorted(question.id for question in INTAKE.questions() if question.tier.rank > Tier.CARE.rank)
)
def test_nothing_sensitive_is_quoted_to_the_care_tier(name):
    answers = {name: {"value": CANARY}, "pre_private": {"value": "yes"}, "pre_who": {"value": "me"}}
    assert quotes.patient_said(asks(name), INTAKE, answers) == ""


def test_a_sensitive_part_of_a_birth_is_left_out_below_its_tier_and_there_at_it():
    feeling = next(child for child in INTAKE.by_id["ob_births"].questions if child.id == "birth_feeling").text
    assert feeling not in quotes.patient_said(asks("ob_births"), INTAKE, SENSITIVE)
    assert feeling in quotes.patient_said(asks("ob_births", tier=Tier.SENSITIVE), INTAKE, SENSITIVE)


@pytest.mark.parametrize("status", ["declined", "in-person", "skipped"])
def test_what_she_did_not_say_is_not_quoted(status):
    assert quotes.patient_said(asks("fn_goal_top"), INTAKE, {"fn_goal_top": {"status": status}}) == ""


def test_an_answer_that_is_hidden_is_not_quoted():
    hidden = {"rf_temp_taken": {"value": "not-taken-fine"}, "rf_temp": {"value": {"number": "39", "unit": "Cel"}}}
    assert quotes.patient_said(asks("rf_temp"), INTAKE, hidden) == ""


def test_a_note_starts_with_quotations_that_fit_its_fields():
    long = {"fn_goal_top": {"value": "x" * 1999}, "ex_hope": {"value": "y" * 1999}, **SENSITIVE}
    for section, answers in quotes.prefill(NOTE, INTAKE, long).items():
        for name, answer in answers.items():
            assert NOTE.section_of[name].id == section
            assert 0 < len(answer["value"]) <= NOTE.by_id[name].max_length


def test_nothing_above_a_field_s_tier_is_anywhere_in_a_new_note():
    care = [
        answer["value"]
        for answers in quotes.prefill(NOTE, INTAKE, SENSITIVE).values()
        for name, answer in answers.items()
        if NOTE.by_id[name].tier.rank < Tier.SENSITIVE.rank
    ]
    assert CANARY not in " ".join(care)


def test_without_an_intake_a_note_starts_empty():
    assert quotes.prefill(NOTE, None, {}) == {}


def test_what_she_would_rather_say_in_person_is_a_cue_in_the_words_of_the_question():
    answers = {"ob_g": {"status": "in-person"}, "ob_t": {"status": "declined"}, "rf_temp": {"status": "in-person"}}
    answers["ob_more"] = {"value": "yes"}
    assert quotes.told_in_person(INTAKE, answers) == ("ob_g",)


def test_every_quotation_a_note_asks_for_names_a_question_of_the_intake():
    named = {name for question in NOTE.questions() for name in question.quotes}
    named |= {name for section in NOTE.sections for name in section.quotes}
    assert named - set(INTAKE.by_id) == set()


def test_what_a_text_still_quotes_is_found_however_its_lines_are_broken():
    answers = {"fn_goal_top": {"value": "Run\nagain"}, "ob_preg_now": {"value": "no"}}
    asking = asks("fn_goal_top", "ob_preg_now")
    text = f"She came alone. {quotes.patient_said(asks('fn_goal_top'), INTAKE, answers)}".replace("\n", "\r\n")
    assert quotes.quoted(asking, INTAKE, answers, text) == {"Patient: “Run again”"}
    assert quotes.quoted(asking, INTAKE, answers, "Run again") == frozenset()
