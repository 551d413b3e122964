"""The names of the fields a question's answer arrives in: every one our pages send, and no other."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.forms.fields import is_field

INTAKE, NOTE, PLAN = (reader.latest(name) for name in ("intake", "evaluation", "care-plan"))
QUESTIONS = [question for form in (INTAKE, NOTE, PLAN) for question in form.questions()]


@pytest.mark.parametrize(
    "name",
    [
        *("rf_bleed", "rf_bleed.status", "rf_temp", "rf_temp.unit", "id_pronouns.other", "feed_stopped_on.year"),
        *(
            "ob_births.count",
            "ob_births.0.birth_date.month",
            "ob_births.49.birth_weight.unit",
            "id_safe_to_contact.mobile",
        ),
        *("bl_fluid.all.bl_fluid_cups", "pn_map", "ab_ird.at.ab_ird_rest", "ab_tension.reason", "goal.0.goal_text"),
    ],
)
def test_what_a_page_sends_is_known(name):
    assert is_field(name, QUESTIONS)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "surprise", "rf_bleed.", "rf_bleed.surprise", "rf_bleed.status.more", "rf_bleed.reason", "rf_lead"),
        *(
            "ob_births.0",
            "ob_births.0.surprise",
            "ob_births.x.birth_mode",
            "ob_births.99999.birth_mode",
            "ob_births.count.more",
        ),
        *(
            "id_safe_to_contact.pigeon",
            "bl_fluid.all",
            "bl_fluid.all.surprise",
            "feed_stopped_on.hour",
            "rf_temp.scale",
        ),
        *("ob_births.0.birth_date.year.more", "birth_mode", "ob_births.-1.birth_mode"),
    ],
)
def test_what_no_page_sends_is_not(name):
    assert not is_field(name, QUESTIONS)


def test_every_question_knows_its_own_name_but_a_text_that_only_says_something():
    unknown = [question.id for question in QUESTIONS if not is_field(question.id, QUESTIONS)]
    assert unknown == [question.id for question in QUESTIONS if question.kind == "display"]
