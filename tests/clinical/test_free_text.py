"""What is written in words, and what is not."""

from __future__ import annotations

from intake.clinical import free_text
from intake.forms import reader

NOTE = reader.latest("evaluation")


def test_texts_are_found_in_answers_groups_and_words_of_ones_own():
    answers = {
        "im_impression": {"value": "One"},
        "goal": {"value": [{"goal_text": {"value": "Two"}, "goal_due": {"value": "2027-01-01"}}]},
        "ab_scars": {"value": [{"ab_scar_type": {"value": {"other": "Three"}}}]},
    }
    found = list(free_text.written(NOTE, answers))
    assert found == [("im_impression", "One"), ("goal", "Two"), ("ab_scars", "Three")]


def test_what_is_ticked_measured_left_out_or_not_of_the_form_is_no_text():
    answers = {
        "ab_tension": {"value": "firm"},
        "ab_doming": {"value": ["cough"]},
        "ab_depth": {"value": {"number": "2", "unit": "cm"}},
        "ab_ird_fingers": {"value": {"at": {"ab_ird_fingers_rest": {"number": "2", "unit": "{finger}"}}}},
        "hi_course": {"status": "skipped"},
        "surprise": {"value": "x"},
    }
    assert list(free_text.written(NOTE, answers)) == []
