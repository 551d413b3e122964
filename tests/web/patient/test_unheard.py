"""An emergency on a page that came in too late to be kept is answered at once all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import invitations, patients
from intake.store import flags, responses
from intake.web import visitors
from tests.pages import PATH, place, send, version, visit
from tests.web.patient.test_ended import TOLD

ENDS = {
    "withdrawn": lambda session, sent, now: invitations.revoke(session, sent, by=sent.visit.therapist, now=now),
    "called off": lambda session, sent, now: patients.cancel(session, sent.visit, by=sent.visit.therapist, now=now),
    "idle": lambda _session, _sent, _now: None,
}
CHEST = ("rf_heart", ["rf_chest"])
READ, CALL, UNREAD = "Please read this now", "Call 911", "Nobody at the clinic has read it"
AUTOSAVE = {"X-Autosave": "1"}


@pytest.fixture
def sent(make, clock):
    return make.invitation()


@pytest.fixture
def typing(client, enter, session, make, sent, clock):
    """A patient at the page of a question; then her sitting is over, in one of its ways."""

    def typed(question, way):
        enter(sent)
        page = visit(client, place(question))
        clock.shift(visitors.IDLE + timedelta(minutes=1) if way == "idle" else timedelta(minutes=1))
        ENDS[way](session, sent, make.now)
        return version(page)

    return typed


def go_on(client, typing, way, question=CHEST[0], said=CHEST[1], **more):
    seen = typing(question, way)
    return send(client, place(question), {question: said, "_version": seen}, **more)


@pytest.mark.parametrize("way", ENDS)
def test_chest_pain_is_answered_with_what_to_do_and_that_nobody_has_read_it(client, session, typing, way):
    left = go_on(client, typing, way)
    assert (left.status_code, left.location) == (303, PATH)
    told = client.get(PATH).text
    assert all(words in told for words in (READ, CALL, UNREAD))
    assert "rf_chest" not in told
    assert flags.open_flags(session) == []


@pytest.mark.parametrize("way", ENDS)
def test_it_is_answered_as_soon_as_it_is_ticked(client, typing, way):
    told = go_on(client, typing, way, headers=AUTOSAVE)
    assert (told.status_code, told.json["go"]) == (409, PATH)
    assert CALL in client.get(PATH, headers={"Sec-Fetch-Mode": "navigate"}).text


@pytest.mark.parametrize("way", ENDS)
def test_it_is_shown_once_and_leads_on_to_what_became_of_her_sitting(client, typing, way):
    go_on(client, typing, way)
    assert READ not in client.get(PATH, headers={"Sec-Fetch-Mode": "cors"}).text
    assert READ in client.get(PATH).text
    again = client.get(PATH).text
    assert READ not in again
    assert (TOLD in again) == (way != "idle")


@pytest.mark.parametrize("way", ENDS)
def test_whoever_opens_the_address_later_reads_nothing_of_it(client, new_client, typing, clock, way):
    go_on(client, typing, way)
    assert READ not in new_client().get(PATH).text
    clock.shift(timedelta(minutes=2))
    assert READ not in client.get(PATH).text


@pytest.mark.parametrize(("question", "said"), [("rf_heart", ["none"]), ("fn_goal_top", "chest pain")])
@pytest.mark.parametrize("way", ENDS)
def test_a_page_that_warns_of_nothing_leads_where_it_always_did(client, typing, way, question, said):
    go_on(client, typing, way, question, said)
    assert READ not in client.get(PATH).text


def test_what_she_told_before_is_not_looked_at(client, make, session, sent, typing):
    seen = typing("fn_goal_top", "idle")
    make.answer(responses.intake_of(session, sent.visit_id), {"rf_heart": {"value": ["rf_chest"]}})
    send(client, place("fn_goal_top"), {"fn_goal_top": "x", "_version": seen})
    assert READ not in client.get(PATH).text
