"""The full-page message for an emergency."""

from __future__ import annotations

import pytest

from intake.store import flags, responses
from tests.pages import arrive, place, save, send, visit, where

MESSAGE = "message 2.2"


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
