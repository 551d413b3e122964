"""A page that was sent is laid over what is saved: nothing is overwritten silently, and what is blank says so."""

from __future__ import annotations

import pytest

from intake.forms.entry import Entry
from intake.forms.problems import Problem
from intake.store import pages, responses
from intake.store.pages import Sent

GOAL = {"fn_goal_top": {"value": "To lift"}}
LEFT = frozenset({"fn_psfs", "fn_goal_top"})


@pytest.fixture
def intake(make):
    return make.intake()


@pytest.fixture
def send(session, make, intake):
    """A page of her goals, kept where it is not stale: (what it was laid to, the version then)."""

    def sent(entry, *, base=1, left=frozenset()):
        page = Sent("goals", entry, base, "link", make.now)
        laid = pages.lay(responses.sections(session, intake.id), page)
        return laid, None if laid.is_stale else pages.keep(session, intake, page, laid, left)

    return sent


def said(session, intake):
    return responses.answers(session, intake.id)


def test_what_was_said_is_kept_and_what_was_left_is_skipped(session, intake, send):
    laid, version = send(Entry(answers=GOAL), left=LEFT)
    assert (laid.version, version) == (1, 2)
    found = said(session, intake)
    assert (found["fn_goal_top"]["value"], found["fn_psfs"]["status"]) == ("To lift", "skipped")


def test_a_page_that_says_nothing_new_makes_no_version(send):
    send(Entry(answers=GOAL))
    assert send(Entry(answers=GOAL), base=2)[1] == 2


def test_another_window_is_not_overwritten(session, intake, send):
    send(Entry(answers=GOAL))
    laid, version = send(Entry(answers={"fn_goal_top": {"value": "To run"}}))
    assert (laid.is_stale, laid.conflicts, version) == (True, ("fn_goal_top",), None)
    assert said(session, intake)["fn_goal_top"]["value"] == "To lift"


def test_a_page_of_a_version_that_never_was_is_stale(send):
    assert send(Entry(answers=GOAL), base=9)[0].is_stale


def test_somebody_who_saved_in_between_is_not_overwritten(session, make, intake):
    page = Sent("goals", Entry(answers=GOAL), 1, "link", make.now)
    laid = pages.lay(responses.sections(session, intake.id), page)
    make.answer(intake, {"fn_goal_top": {"value": "To run"}})
    assert pages.keep(session, intake, page, laid, frozenset()) is None
    assert said(session, intake)["fn_goal_top"]["value"] == "To run"


def test_what_could_not_be_kept_is_not_taken_for_blank(session, intake, send):
    send(Entry(answers={}, problems=(Problem("fn_psfs.0.activity", "Too long."),)), left=LEFT)
    found = said(session, intake)
    assert "fn_psfs" not in found
    assert found["fn_goal_top"]["status"] == "skipped"
