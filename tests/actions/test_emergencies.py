"""Opening a chart in an emergency, closing it, and the look at it afterwards."""

from __future__ import annotations

import pytest

from intake.actions import emergencies
from intake.actions.refusals import RefusedError, StaleError
from intake.store import audit

WORDS = "She called from the hospital about marzipan."


def opened(session, make, patient, **more):
    plain = {"reason": "called", "text": WORDS, "sensitive": False}
    by = more.pop("by", None) or make.therapist()
    return emergencies.open_chart(session, patient.id, **{**plain, **more}, by=by, now=make.now)


def test_it_is_open_for_sixty_minutes_and_the_line_holds_codes_only(session, make):
    patient = make.patient()
    made = opened(session, make, patient, sensitive=True)
    assert (made.expires_at - made.opened_at).total_seconds() == 3600
    line = audit.of_patient(session, patient.id)[-1]
    assert (line.action, line.reason, line.categories) == ("emergency.opened", "called", "care sensitive")
    assert "marzipan" not in repr(vars(line))


def test_a_search_leaves_a_line_with_whom_it_found_and_never_what_was_typed(session, make):
    patient, by = make.patient(legal_name="Rowan Marzipan"), make.therapist()
    assert emergencies.search(session, "marzipan", patient.birth_date, by=by, now=make.now) == [patient]
    line = audit.of_patient(session, patient.id)[-1]
    assert (line.action, line.actor_id, line.outcome) == ("emergency.searched", by.id, "found")
    assert "arzipan" not in repr(vars(line))
    assert emergencies.search(session, "nobody", patient.birth_date, by=by, now=make.now) == []


def test_ending_it_twice_keeps_the_first_end(session, make, clock):
    made = opened(session, make, make.patient())
    emergencies.end(session, made, by=made.user, now=make.now)
    first = made.ended_at
    clock.shift(60)
    emergencies.end(session, made, by=made.user, now=make.now)
    assert made.ended_at == first


def test_the_privacy_lead_looks_at_it_and_nobody_at_their_own(session, make):
    both = make.user("therapist", "privacy-lead")
    made = opened(session, make, make.patient(), by=both)
    with pytest.raises(RefusedError, match="Somebody else"):
        emergencies.review(session, made, "seen", "", over=1, by=both, now=make.now)
    lead = make.privacy_lead()
    emergencies.review(session, made, "follow-up", "Ask her.", over=1, by=lead, now=make.now)
    assert (made.review, made.reviewed_by_id, made.review_note) == ("follow-up", lead.id, "Ask her.")
    with pytest.raises(StaleError):
        emergencies.review(session, made, "seen", "", over=1, by=lead, now=make.now)
