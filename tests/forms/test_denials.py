"""What "None of these" says no to, and what no answer may be taken for."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.forms.denials import denied
from intake.forms.model import Kind

FORM = reader.latest("intake")
NO_NO = {"not-sure", "unknown", "decide", "not-needed", "all", "closed", "intact"}
HEART = FORM.by_id["rf_heart"]


def test_none_of_these_names_every_sign_that_was_denied_and_not_itself():
    assert denied(HEART, {"value": ["none"]}) == (
        "Chest pain, or a heart that races or skips",
        "Trouble breathing",
        "I passed out, or felt so dizzy I almost did",
        "A seizure (a fit)",
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"value": ["rf_chest"]}, {"value": ["none", {"other": "A flutter"}]}, {"value": []}, {"status": "skipped"},
        {"status": "declined"}, {"status": "in-person"},
    ],
)  # fmt: skip
def test_any_other_answer_denies_nothing(answer):
    assert denied(HEART, answer) == ()


def test_not_knowing_or_leaving_it_for_later_is_never_a_no():
    alone = [
        (question, option)
        for form in (reader.load(name, version) for name, version in reader.published())
        for asked in form.questions()
        for question in (asked, *asked.questions)
        for option in question.options
        if option.exclusive and option.code in NO_NO
    ]
    assert alone
    for question, option in alone:
        assert denied(question, {"value": [option.code]}) == (), question.id


def test_every_warning_sign_that_can_be_denied_in_one_is_named():
    for form in ("intake", "follow-up", "check-in"):
        section = reader.latest(form).section("warning-signs")
        asked = [question for question in section.questions() if question.kind is Kind.CHOICES]
        assert asked
        for question in asked:
            assert len(denied(question, {"value": ["none"]})) == len(question.options) - 1


def test_the_options_are_named_in_the_language_of_the_reader():
    assert denied(HEART, {"value": ["none"]}, str.upper)[1] == "TROUBLE BREATHING"
