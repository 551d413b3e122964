"""What a patient handed in before, the oldest first."""

from __future__ import annotations

import pytest

from intake.actions import askings, intakes
from intake.forms import reader
from intake.forms.excerpt import excerpt
from intake.store import history
from tests.builders import filled


@pytest.fixture
def first(make, clock):
    """An intake that is in."""
    response = make.intake(answers={"alg_any": {"value": "no"}, "fn_goal_top": {"value": "Run"}}, submitted=True)
    clock.shift(60)
    return response


def handed_in(make, session, response, answers):
    """Answer a part that is asked again and hand it in."""
    known = history.newest(history.before(session, response))
    form = excerpt(reader.load(response.form, response.form_version), response.only, known)
    make.answer(response, filled(form, answers))
    intakes.submit(
        session, response, form, signer="Rowan Invented", by=None, today=make.now.date(), now=make.now, known=known
    )


def test_nothing_was_there_before_the_first(session, first):
    assert history.before(session, first) == []


def test_a_form_that_is_not_in_counts_for_nothing(session, make, first):
    again = make.intake(make.visit(first.patient, first.visit.therapist), {"alg_any": {"value": "yes"}})
    assert [each.response.id for each in history.before(session, again)] == [first.id]
    assert history.before(session, first) == []


def test_the_newest_word_on_each_question_is_found_across_forms(session, make, first, clock):
    asked = askings.ask_again(session, first, "health", visit=first.visit, by=first.visit.therapist, now=make.now)
    clock.shift(60)
    handed_in(make, session, asked, {"alg_any": {"value": "yes"}})
    (before,) = history.before(session, asked)
    assert before.response.id == first.id
    assert history.before(session, first) == []
    clock.shift(60)
    last = make.intake(make.visit(first.patient, first.visit.therapist))
    known = history.newest(history.before(session, last))
    assert (known["alg_any"]["value"], known["fn_goal_top"]["value"]) == ("yes", "Run")


def test_a_part_is_read_among_what_it_was_asked_over(session, make, first, clock):
    asked = askings.ask_again(session, first, "health", visit=first.visit, by=first.visit.therapist, now=make.now)
    clock.shift(60)
    handed_in(make, session, asked, {})
    opened = history.opened(session, asked)
    assert "fn_goal_top" in opened.in_full()
    assert "fn_goal_top" not in opened.answers


def test_another_patient_s_answers_are_never_among_them(session, make, first):
    assert history.before(session, make.intake()) == []
