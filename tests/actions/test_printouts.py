"""Keeping why sensitive answers were printed."""

from __future__ import annotations

from intake.actions import printouts as acts
from intake.store import audit, printouts


def test_who_printed_what_and_why_is_kept_and_the_trail_has_the_code_but_not_the_words(session, make):
    response = make.intake(submitted=True)
    acts.keep(
        session, response, reason="law", text="A court asked.", categories=["care", "sensitive"],
        by=response.visit.therapist, now=make.now,
    )  # fmt: skip
    (kept,) = printouts.of_response(session, response.id)
    assert (kept.reason, kept.text, kept.patient_id) == ("law", "A court asked.", response.patient_id)
    line = audit.of_patient(session, response.patient_id)[-1]
    assert (line.action, line.reason, line.categories) == ("intake.printed", "law", "care sensitive")
