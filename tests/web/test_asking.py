"""Drawing questions: what is kept for the next reader is bare."""

from __future__ import annotations

from dataclasses import replace

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
    kept = " ".join(markup for _question, _peers, markup in app.extensions["bare"].values())
    assert CANARY not in kept
    assert "Please fill this in" not in kept


def test_an_error_inside_a_group_is_shown_though_the_group_itself_is_empty(app):
    group = reader.latest("intake").by_id["ob_births"]
    with app.test_request_context():
        assert "Please add the day." in asked(group, None, {"ob_births.0.birth_date.day": "Please add the day."})


def test_a_question_in_somebodys_own_words_is_drawn_for_them_alone(app):
    question = next(each for each in reader.latest("check-in").questions() if each.words)
    with app.test_request_context():
        for number in range(100):
            hers = replace(question, text=f"{CANARY} ({number})")
            assert f"{CANARY} ({number})" in asked(hers)
            plain = reader.latest("check-in").by_id["ci_change"]
            assert asked(plain, peers=[hers]) is not asked(plain, peers=[hers])
    assert CANARY not in str(app.extensions["bare"])


def test_what_is_kept_is_never_taken_for_another_question_that_came_to_lie_in_its_place(app):
    question = reader.latest("intake").by_id["fn_goal_top"]
    with app.test_request_context():
        for number in range(100):
            assert f"Question {number}?" in asked(replace(question, text=f"Question {number}?"))
