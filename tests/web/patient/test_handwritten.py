"""A page that is sent to a form which is on paper by now: that it is not kept, why, and that her words are not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.store import responses
from intake.web import visitors
from tests.pages import PATH, arrive, come_in, place, send, version, visit

GOAL, WORDS = "fn_goal_top", "Typed long on the phone"
PAPER, AUTOSAVE = "To lift, as the paper says", {"X-Autosave": "1"}
NOT_ADDED = "The page you were on before was not added."


@pytest.fixture
def sent(make):
    return make.invitation()


@pytest.fixture
def open_page(client, enter, make, sent, clock):
    """A page that stays open in one tab; the clinic begins to type in her paper, and she comes in again in another."""

    def opened(at=GOAL):
        enter(sent)
        seen = version(visit(client, place(at)))
        clock.shift(visitors.IDLE + timedelta(minutes=1))
        paper = make.transcript(sent.visit, answers={GOAL: {"value": PAPER}})
        come_in(client, make.codes[sent.id])
        client.get(PATH, query_string={"again": ""})  # for the token of a page
        return paper, seen

    return opened


def test_what_she_wrote_is_shown_once_more_and_nothing_of_the_paper(client, open_page, session):
    paper, seen = open_page()
    page = send(client, place(GOAL), {"_version": seen, GOAL: WORDS})
    assert page.status_code == 409
    assert "What you just sent was not kept: this form is on paper now." in page.text
    assert f"<dd>{WORDS}</dd>" in page.text
    assert PAPER not in page.text
    assert responses.answers(session, paper.id)[GOAL]["value"] == PAPER


def test_words_that_the_paper_says_too_are_shown_like_any_others(client, open_page):
    _paper, seen = open_page()
    assert f"<dd>{PAPER}</dd>" in send(client, place(GOAL), {"_version": seen, GOAL: PAPER}).text


def test_a_button_that_leads_away_from_a_page_she_wrote_on_loses_nothing_either(client, open_page):
    _paper, seen = open_page()
    page = send(client, place(GOAL), {"_version": seen, GOAL: WORDS, "_go": "tasks"})
    assert f"<dd>{WORDS}</dd>" in page.text
    assert arrive(client, send(client, "done", {"_go": "tasks"})) == "done"


def test_while_she_types_she_reads_what_happened(client, open_page):
    _paper, seen = open_page()
    reply = send(client, place(GOAL), {"_version": seen, GOAL: WORDS}, headers=AUTOSAVE)
    assert reply.status_code == 409
    assert reply.json["message"].startswith("This form is on paper now, so what you type here is not kept.")


def test_an_emergency_that_is_ticked_there_is_answered_at_once(client, open_page):
    _paper, seen = open_page("rf_heart")
    fields = {"_version": seen, "rf_heart": ["rf_chest"]}
    reply = send(client, place("rf_heart"), fields, headers=AUTOSAVE)
    assert (reply.status_code, reply.json) == (409, {"saved": None, "errors": {}, "send": True})
    assert "Call 911" in send(client, place("rf_heart"), fields).text


def test_a_page_that_was_kept_apart_meanwhile_is_told_of(client, enter, make, sent, clock):
    enter(sent)
    seen = version(visit(client, place(GOAL)))
    clock.shift(visitors.IDLE + timedelta(minutes=1))
    make.transcript(sent.visit)
    send(client, place(GOAL), {"_version": seen, GOAL: WORDS})
    come_in(client, make.codes[sent.id])
    assert NOT_ADDED in client.get(PATH).text
    assert NOT_ADDED not in client.get(PATH).text, "once"
