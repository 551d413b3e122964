"""Why a warning sign was raised, in the words of the form."""

from __future__ import annotations

from intake.clinical import reasons
from intake.forms import reader

FORM = reader.latest("intake")


def test_what_was_ticked_is_named_as_the_form_words_it():
    texts = {option.code: option.text for option in FORM.by_id["rf_heart"].options}
    assert reasons.words(FORM, ["rf_seizure", "rf_chest"]) == (texts["rf_chest"], texts["rf_seizure"])


def test_a_code_that_two_questions_share_and_one_nobody_knows_name_nothing():
    codes = [option.code for question in FORM.questions() for option in question.options]
    shared = next(code for code in codes if codes.count(code) > 1)
    assert reasons.words(FORM, [shared, "no-such-reason"]) == ()
