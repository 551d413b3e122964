"""The full-page message for an emergency."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.store import flags, responses
from tests.pages import arrive, place, save, send, visit, where

MESSAGE = "message 2.2"
RULE = re.compile(r'data-rule="([^"]+)"')


@pytest.fixture
def bleeding(client, make, enter):
    """The invitation of a patient who has just ticked heavy bleeding, and is shown the message."""
    invitation = make.invitation()
    enter(invitation)
    page = save(client, place("rf_bleed"), {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    assert arrive(client, page) == MESSAGE
    return invitation


def entries(session, invitation):
    session.expire_all()
    return {
        flag.rule: flag for flag in flags.of_response(session, responses.intake_of(session, invitation.visit_id).id)
    }


def test_it_says_what_to_do_with_the_clinic_s_numbers_to_tap(client, bleeding):
    page = client.get("/f").text
    assert 'href="tel:911"' in page
    assert "Your answers are saved" in page
    assert "{" not in page


@pytest.mark.parametrize(("reply", "leads_to"), [("read", place("rf_belly")), ("mistake", place("rf_bleed"))])
def test_her_reply_is_kept_and_leads_back_and_the_entry_stays(client, session, bleeding, reply, leads_to):
    assert arrive(client, send(client, MESSAGE, {"reply": reply})) == leads_to
    entry = entries(session, bleeding)["E1"]
    assert (entry.patient_reply, entry.closed_at, entry.still_true) == (reply, None, True)


def test_the_entry_stays_for_staff_after_she_took_the_answer_back(client, session, bleeding):
    save(client, place("rf_bleed"), {"rf_bleed": "light", "rf_temp_taken": "not-taken-fine"})
    entry = entries(session, bleeding)["E1"]
    assert not entry.still_true
    assert entry in flags.open_flags(session)
    assert where(visit(client, MESSAGE)) == "tasks"


def test_wherever_a_reply_claims_to_come_from_it_leads_nowhere_else(client, session, bleeding):
    for after in ("", "9999", "2.x", "x.2", "../../evil", "//evil.example", "999999.1", "99.1", "2.99", "0.0", "2.2.2"):
        answer = send(client, f"message {after}", {"reply": "read"})
        entry = entries(session, bleeding)["E1"]
        assert answer.status_code in {400, 404}, after
        assert entry.patient_reply is None


def test_a_reply_nobody_offered_is_refused(client, session, bleeding):
    assert send(client, MESSAGE, {"reply": "whatever"}).status_code == 400
    assert entries(session, bleeding)["E1"].patient_reply is None


# ---------------------------------------------------------------- what was said before, and is not shown

HARM, BABY = place("rf_harm_self"), place("rf_harm_baby")
LEGS = {"rf_belly": ["rf_ruq"], "rf_legs": ["none"]}
PAIR = {"rf_head": ["rf_headache", "rf_vision"]}


def came_again(client, enter, invitation, browser, clock):
    client.get("/f/leave")
    clock.shift(timedelta(minutes=20))
    return enter(invitation, browser)


def stopped(browser, at, fields):
    """Whether a save leads to the message of an emergency."""
    return (save(browser, at, fields, autosave=True).json or {}).get("go") == "/f" and where(
        browser.get("/f")
    ).startswith("message")


@pytest.mark.parametrize("before", [{"rf_harm_self": "plan"}, {"rf_harm_self": "no"}, {}])
@pytest.mark.parametrize("now", [{"rf_harm_self": "plan"}, {"rf_harm_baby": "might-act"}])
def test_what_she_says_now_is_answered_whatever_she_said_in_an_earlier_sitting(
    clock, client, new_client, make, enter, before, now
):
    """Otherwise the message would be lost to her, and its silence would tell what the private answer was."""
    invitation = make.invitation()
    enter(invitation)
    if before:
        save(client, HARM, before, autosave=True)
        if (there := client_at(client)).startswith("message"):
            send(client, there, {"reply": "read"})
    again = came_again(client, enter, invitation, new_client(), clock)
    assert stopped(again, HARM, now)


def client_at(client):
    return where(client.get("/f"))


@pytest.mark.parametrize("before", [LEGS, None])
def test_what_is_said_through_a_later_link_is_answered_whatever_was_said_through_an_earlier_one(
    clock, client, new_client, make, enter, before
):
    first = make.invitation()
    enter(first)
    if before:
        save(client, place("rf_belly"), before)
    clock.shift(timedelta(minutes=20))
    later = enter(make.invitation(first.visit), new_client())
    assert stopped(later, place("rf_head"), PAIR)
    assert "E3" in RULE.findall(visit(later, place("rf_head")).text)


def test_a_message_she_has_read_is_not_shown_again_for_the_same_words_in_the_same_sitting(client, make, enter):
    enter(make.invitation())
    assert stopped(client, HARM, {"rf_harm_self": "plan"})
    send(client, client_at(client), {"reply": "read"})
    assert not stopped(client, HARM, {"rf_harm_self": "plan"})
    assert stopped(client, HARM, {"rf_harm_baby": "might-act"}), "another reason is another message"


def test_a_private_answer_of_an_earlier_sitting_is_not_told_by_a_page_that_says_nothing_new(
    clock, client, new_client, make, enter
):
    invitation = make.invitation()
    enter(invitation)
    save(client, HARM, {"rf_harm_self": "plan"})
    again = came_again(client, enter, invitation, new_client(), clock)
    assert not stopped(again, HARM, {"rf_harm_baby": "no"})
    for there in (HARM, "check", "tasks"):
        assert not RULE.findall(visit(again, there).text)
