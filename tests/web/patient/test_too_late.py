"""A page that is sent to a form which is in already: what her other device is told, and that her words are not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.forms import reader
from intake.store import responses
from intake.web import visitors
from tests.builders import filled
from tests.pages import PATH, arrive, come_in, place, send, version, visit

GOAL, WORDS = "fn_goal_top", "Typed long on the other phone"
IN = "Your form is in already"


@pytest.fixture
def two(make, enter, new_client, client, session):
    """Two devices with one link: from the first the form is handed in, the second has a page of it open."""

    def opened(at=GOAL):
        form = reader.latest("intake")
        response = make.intake(answers=filled(form, {"ti_triggers": {"value": "marzipan"}}))
        invitation = response.visit.invitations[0]
        first, second = enter(invitation, new_client()), enter(invitation, client)
        seen = version(visit(second, place(at)))
        assert arrive(first, send(first, "check", {"signer": "Rowan Invented"})) == "done"
        session.expire_all()
        assert response.status == responses.COMPLETED
        return response, invitation, seen

    return opened


def test_the_other_device_is_told_that_it_is_in_and_how_to_add_something(client, two, session):
    response, _invitation, seen = two()
    page = send(client, place(GOAL), {"_version": seen, GOAL: WORDS})
    assert page.status_code == 409
    for words in (IN, "What you just typed was not added.", "Tell your therapist, or call us", "call <a"):
        assert words in page.text
    assert "This is final" not in page.text
    assert f"<dd>{WORDS}</dd>" in page.text, "to copy, or to read out"
    assert responses.answers(session, response.id)[GOAL]["value"] != WORDS


def test_from_there_she_comes_to_the_end_of_her_form(client, two):
    _response, _invitation, seen = two()
    page = send(client, place(GOAL), {"_version": seen, GOAL: WORDS})
    assert 'name="_go" value="tasks"' in page.text
    send(client, "done", {"_go": "tasks"})
    assert "Thank you" in client.get(PATH).text


def test_while_she_types_her_words_stay_on_the_page(client, two):
    _response, _invitation, seen = two()
    reply = send(client, place(GOAL), {"_version": seen, GOAL: WORDS}, headers={"X-Autosave": "1"})
    assert reply.status_code == 409
    assert reply.json.keys() == {"saved", "errors", "message"}
    assert (reply.json["saved"], reply.json["errors"]) == (None, {})
    assert reply.json["message"].startswith("Your form is in already: it was sent from another page or phone.")


def test_private_words_are_not_shown_again(client, two):
    _response, _invitation, seen = two("ti_triggers")
    page = send(client, place("ti_triggers"), {"_version": seen, "ti_triggers": "cinnamon-lighthouse"})
    assert IN in page.text
    assert "cinnamon" not in page.text
    assert "marzipan" not in page.text


def test_what_the_form_says_already_is_not_repeated(client, two, session):
    response, _invitation, seen = two()
    said = responses.answers(session, response.id)[GOAL]["value"]
    page = send(client, place(GOAL), {"_version": seen, GOAL: said})
    assert IN in page.text
    assert "This is what you typed" not in page.text


def test_a_page_that_was_kept_apart_meanwhile_is_told_of_too(client, two, make, clock, session):
    response, invitation, seen = two()
    clock.shift(visitors.IDLE + timedelta(minutes=1))
    send(client, place(GOAL), {"_version": seen, GOAL: WORDS})
    come_in(client, make.codes[invitation.id])
    page = client.get(PATH).text
    assert "The page you were on before was not added." in page
    assert "The page you were on before was not added." not in client.get(PATH).text, "once"
    assert responses.answers(session, response.id)[GOAL]["value"] != WORDS


def test_an_emergency_on_such_a_page_is_answered_all_the_same(client, two):
    _response, _invitation, seen = two("rf_heart")
    page = send(client, place("rf_heart"), {"_version": seen, "rf_heart": ["rf_chest"]})
    assert IN in page.text
    assert "Call 911" in page.text


def test_an_emergency_that_is_ticked_there_has_the_whole_page_sent_so_that_it_is_answered_at_once(client, two):
    _response, _invitation, seen = two("rf_heart")
    reply = send(client, place("rf_heart"), {"_version": seen, "rf_heart": ["rf_chest"]}, headers={"X-Autosave": "1"})
    assert (reply.status_code, reply.json) == (409, {"saved": None, "errors": {}, "send": True})
