"""What somebody else's paper said is shown in no form that began from it, and what she said herself stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import corrections
from intake.actions.transcripts import Signature
from intake.forms import reader, recall
from intake.store import amendments, beginnings, history, responses
from tests.actions.test_transcripts import finish, typed


def activity(name):
    return {"fn_psfs": {"value": [{"fn_activity_name": {"value": name}, "fn_rating": {"value": 3}}]}}


NOUGAT, CAR_SEAT = activity("nougat"), activity("Carry the car seat")
GOAL = {"fn_goal_top": {"value": "marzipan"}}
STILL = {each.id: each.recall for each in reader.latest("follow-up").questions() if each.recall}
GOALS = next(name for name, parts in STILL.items() if "goals" in parts)


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers={**NOUGAT, **GOAL, "bl_leak_any": {"value": "yes"}}, finished=True)


@pytest.fixture
def begun(session, make, paper, clock):
    """A form of hers that begins from the paper, twenty days later."""

    def made(name, **more):
        clock.shift(timedelta(days=20))
        visit = make.visit(paper.patient, paper.visit.therapist, kind="follow-up")
        response = beginnings.begin(session, visit, name, now=make.now, **more)
        session.commit()
        return response

    return made


@pytest.fixture
def take_out(session, make):
    def done(response):
        corrections.take_out(session, response, amendments.NOT_HERS, "x", by=response.visit.therapist, now=make.now)

    return done


@pytest.fixture
def put_right(session, make):
    def done(response, answers):
        made = corrections.begin(session, response, by=response.visit.therapist, now=make.now)
        typed(session, make, made, answers)
        finish(session, make, made, why="x", signature=Signature("Rowan Invented", response.filled_on))

    return done


def values(session, response):
    return {name: answer.get("value") for name, answer in responses.answers(session, response.id).items()}


def shown(session, response):
    return {name: said.answer.get("value") for name, said in history.stood(session, response).items()}


def test_a_form_nobody_touched_begins_anew_without_the_words_of_a_paper_that_is_out(session, begun, paper, take_out):
    response = begun("check-in")
    assert values(session, response) == {"ci_measure": "bladder", "ci_name_1": "nougat"}
    take_out(paper)
    session.refresh(response, ["sections"])
    assert values(session, response) == {"ci_measure": "none"}
    assert (response.touched, response.follows_id) == (False, None)


def test_a_form_asks_about_what_stood_before_the_paper(session, make, clock, take_out):
    hers = make.intake(answers=CAR_SEAT, submitted=True)
    clock.shift(timedelta(days=5))
    paper = make.transcript(make.visit(hers.patient), answers=NOUGAT, finished=True)
    response = beginnings.begin(session, make.visit(hers.patient), "check-in", now=make.now)
    session.commit()
    assert values(session, response)["ci_name_1"] == "nougat"
    take_out(paper)
    assert values(session, response)["ci_name_1"] == "Carry the car seat"
    assert response.follows_id == hers.id


def test_what_the_therapist_chose_to_follow_stays(session, begun, paper, take_out):
    response = begun("check-in", measured="moving")
    take_out(paper)
    assert values(session, response) == {"ci_measure": "moving"}


def test_in_a_form_she_has_begun_her_answers_stay_and_the_foreign_name_goes(session, make, begun, paper, take_out):
    response = begun("check-in")
    make.answer(response, {"ci_activity_1": {"value": 4}, "ci_pain": {"value": 2}})
    take_out(paper)
    found = values(session, response)
    assert "ci_name_1" not in found
    assert (found["ci_activity_1"], found["ci_pain"], found["ci_measure"]) == (4, 2, "bladder")


def test_what_she_called_right_of_a_paper_that_is_out_is_asked_anew(session, make, begun, paper, take_out):
    response = begun("follow-up")
    make.answer(response, {GOALS: {"value": recall.RIGHT}})
    assert shown(session, response)["fn_goal_top"] == "marzipan"
    take_out(paper)
    assert "marzipan" not in shown(session, response).values()
    assert values(session, response)[GOALS] == recall.CHANGED


def test_a_form_nobody_touched_begins_with_the_words_as_they_were_put_right(session, begun, paper, put_right):
    response = begun("check-in")
    put_right(paper, CAR_SEAT)
    assert values(session, response)["ci_name_1"] == "Carry the car seat"


def test_in_a_form_she_has_begun_what_she_rated_keeps_the_words_she_read(session, make, begun, paper, put_right):
    response = begun("check-in")
    make.answer(response, {"ci_activity_1": {"value": 4}})
    put_right(paper, CAR_SEAT)
    found = values(session, response)
    assert (found["ci_name_1"], found["ci_activity_1"]) == ("nougat", 4)


def test_what_she_called_right_and_was_put_right_since_is_asked_once_more(session, make, begun, paper, put_right):
    response = begun("follow-up")
    make.answer(response, {each: {"value": recall.RIGHT} for each in STILL})
    put_right(paper, {"fn_goal_top": {"value": "To run"}})
    assert STILL.keys() - values(session, response).keys() == {GOALS}
    assert shown(session, response)["fn_goal_top"] == "To run"


def test_what_a_form_that_is_in_called_right_of_such_a_paper_confirms_nothing_older(session, make, clock, take_out):
    hers = make.intake(answers=GOAL, submitted=True)
    clock.shift(timedelta(days=5))
    paper = make.transcript(make.visit(hers.patient), answers={"fn_goal_top": {"value": "Else"}}, finished=True)
    response = beginnings.begin(session, make.visit(hers.patient), "follow-up", now=make.now)
    make.answer(response, {each: {"value": recall.RIGHT} for each in STILL})
    response.status, response.completed_at = responses.COMPLETED, make.now
    session.commit()
    take_out(paper)
    stands = history.standing(session, response)["fn_goal_top"]
    assert stands.answer["value"] == "marzipan"
    assert stands.confirmed_at == stands.said_at
