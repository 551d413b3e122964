"""Drawing questions: what is kept for the next reader is bare."""

from __future__ import annotations

from intake.forms import reader
from intake.web.asking import asked

CANARY = "only Sample Person would say this"


def test_a_question_without_an_answer_is_drawn_once_and_reads_the_same(app):
    question = reader.latest("intake").by_id["fn_goal_top"]
    with app.test_request_context():
        first = asked(question)
        assert asked(question) is first
        assert 'name="fn_goal_top"' in first


def test_nothing_anybody_answered_typed_or_got_wrong_stays_in_memory(app):
    question = reader.latest("intake").by_id["fn_goal_top"]
    with app.test_request_context():
        assert CANARY in asked(question, {"value": CANARY})
        assert CANARY in asked(question, {"raw": {"fn_goal_top": CANARY}})
        assert "Please fill this in" in asked(question, None, {"fn_goal_top": "Please fill this in."})
        assert "Please fill this in" not in asked(question)
    kept = " ".join(app.extensions["bare"].values())
    assert CANARY not in kept
    assert "Please fill this in" not in kept


def test_an_error_inside_a_group_is_shown_though_the_group_itself_is_empty(app):
    group = reader.latest("intake").by_id["ob_births"]
    with app.test_request_context():
        assert "Please add the day." in asked(group, None, {"ob_births.0.birth_date.day": "Please add the day."})
