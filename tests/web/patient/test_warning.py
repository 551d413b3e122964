"""The full-page message for an emergency."""

from __future__ import annotations

import pytest

from intake.store import flags, responses
from tests.pages import place, save


@pytest.fixture
def bleeding(client, make, enter):
    """A patient who has just ticked heavy bleeding: the address she is led to."""
    invitation = make.invitation()
    enter(invitation)
    page = save(client, place("rf_bleed"), {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    return invitation, page.location


def entries(session, invitation):
    session.expire_all()
    return {
        flag.rule: flag for flag in flags.of_response(session, responses.intake_of(session, invitation.visit_id).id)
    }


def test_it_says_what_to_do_with_the_clinic_s_numbers_to_tap(client, bleeding):
    page = client.get(bleeding[1]).text
    assert 'href="tel:911"' in page
    assert "Your answers are saved" in page
    assert "{" not in page


@pytest.mark.parametrize(("reply", "leads_to"), [("read", place("rf_belly")), ("mistake", place("rf_bleed"))])
def test_her_reply_is_kept_and_leads_back_and_the_entry_stays(client, session, bleeding, reply, leads_to):
    invitation, url = bleeding
    answer = client.submit("/form/message", {"reply": reply, "after": "2.2"}, at=url)
    assert (answer.status_code, answer.location) == (303, leads_to)
    entry = entries(session, invitation)["E1"]
    assert (entry.patient_reply, entry.closed_at, entry.still_true) == (reply, None, True)


def test_the_entry_stays_for_staff_after_she_took_the_answer_back(client, session, bleeding):
    invitation, _url = bleeding
    save(client, place("rf_bleed"), {"rf_bleed": "light", "rf_temp_taken": "not-taken-fine"})
    entry = entries(session, invitation)["E1"]
    assert not entry.still_true
    assert entry in flags.open_flags(session)
    assert client.get("/form/message").location == "/form"


def test_wherever_a_reply_claims_to_come_from_it_leads_nowhere_else(client, session, bleeding):
    invitation, url = bleeding
    for after in ("", "9999", "2.x", "x.2", "../../evil", "//evil.example", "999999.1", "99.1", "2.99", "0.0", "2.2.2"):
        answer = client.submit("/form/message", {"reply": "read", "after": after}, at=url)
        entry = entries(session, invitation)["E1"]
        kept, entry.patient_reply = entry.patient_reply, None
        session.commit()
        if answer.status_code == 303:
            assert answer.location.startswith("/form")
            assert kept == "read"
        else:
            assert answer.status_code in {400, 404}
            assert kept is None


def test_a_reply_nobody_offered_is_refused(client, session, bleeding):
    invitation, url = bleeding
    assert client.submit("/form/message", {"reply": "whatever"}, at=url).status_code == 400
    assert entries(session, invitation)["E1"].patient_reply is None
