"""The end of the form: checking the answers, signing, handing in."""

from __future__ import annotations

import re

import pytest

from intake.forms import reader
from intake.store import consents, responses
from tests import pages
from tests.builders import filled
from tests.pages import arrive, place, send, visit

URGENT = {"rf_bleed": {"value": "heavy"}, "rf_legs": {"value": ["rf_calf"]}, "ob_preg_now": {"value": "yes"}}


@pytest.fixture
def answered(make, enter):
    """A patient who has answered all there is, with some answers of her own."""

    def with_answers(own=None):
        response = make.intake(answers=filled(reader.latest("intake"), own or {}))
        enter(response.visit.invitations[0])
        return response

    return with_answers


def hand_in(client, signer="Rowan Invented"):
    visit(client, "check")
    return send(client, "check", {"signer": signer})


def test_every_part_that_misses_something_is_listed_with_the_page_to_go_on_at(client, make, enter):
    enter(make.invitation())
    page = hand_in(client)
    assert page.status_code == 422
    for question in ("pre_private", "rf_heart", "fn_goal_top", "cons_treat"):
        assert f'value="{place(question)}"' in page.text


def test_the_only_question_that_is_missing_is_listed_in_its_words(client, answered):
    form = reader.latest("intake")
    answered()
    pages.save(client, place("rf_tired_extreme"), {}, autosave=True)
    still_open = visit(client, "check").text.partition("<h2>Still open</h2>")[2].partition("</ul>")[0]
    assert (form.by_id["rf_tired_extreme"].text in still_open, still_open.count("<li>")) == (True, 1)


def test_each_part_is_folded_away_and_says_how_much_she_answered(client, answered):
    answered()
    page = visit(client, "check").text
    parts = re.findall(r'<details class="fold">\s*<summary><span>(.*?)</span> <small>\d+ answers?</small>', page)
    assert len(parts) == len(set(parts)) == page.count("<details")
    assert "2 answers" in page


def test_private_answers_are_only_said_to_be_answered(client, answered):
    answered({"ti_triggers": {"value": "marzipan-lighthouse"}, "fn_goal_top": {"value": "Run again"}})
    page = visit(client, "check").text
    assert "marzipan-lighthouse" not in page
    assert "Run again" in page


def test_signing_hands_the_form_in_and_shows_what_comes_next(client, answered, session):
    response = answered()
    done = hand_in(client)
    assert arrive(client, done) == "done"
    assert "Thank you" in client.get("/f").text
    session.expire_all()
    assert responses.intake(session, response.id).status == responses.COMPLETED
    assert {consent.signer for consent in consents.of_patient(session, response.patient_id)} == {"Rowan Invented"}


def test_without_a_readable_name_nothing_is_handed_in(client, answered, session):
    for signer in ("", "   ", "Rowan\nInvented", "Rowan \u202e Invented", "x" * 300):
        response = answered()
        assert hand_in(client, signer).status_code == 422
        session.expire_all()
        assert responses.intake(session, response.id).status == responses.IN_PROGRESS
        assert consents.of_patient(session, response.patient_id) == []


def test_handing_in_twice_changes_nothing(client, answered, session):
    response = answered()
    hand_in(client)
    kept = len(consents.of_patient(session, response.patient_id))
    assert arrive(client, send(client, "check", {"signer": "Somebody Else"})) == "done"
    assert len(consents.of_patient(session, response.patient_id)) == kept


def test_every_warning_is_shown_once_more_at_the_end_gravest_first(client, answered):
    answered(URGENT)
    assert visit(client, "check").text.index('data-rule="E1"') < visit(client, "check").text.index('data-rule="S9"')
    hand_in(client)
    page = client.get("/f").text
    assert page.index('data-rule="E1"') < page.index('data-rule="S9"')


def test_the_last_page_is_not_there_before_the_form_is_handed_in(client, answered):
    answered()
    assert "Thank you" not in visit(client, "done").text
