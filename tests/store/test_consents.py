"""What a patient agreed to is kept with the exact words she was shown."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import select

from intake.actions import transcripts
from intake.store import consents
from intake.store.responses import Response


def test_a_consent_keeps_the_words_and_their_hash(session, make):
    intake = make.intake(submitted=True)
    found = consents.of_patient(session, intake.patient_id)
    assert found
    for consent in found:
        assert consent.text.startswith(consent.title)
        assert consent.text_sha256 == hashlib.sha256(consent.text.encode()).hexdigest()
        assert consent.signer == "Rowan Invented"


def test_the_consents_of_somebody_else_are_not_found(session, make):
    make.intake(submitted=True)
    assert consents.of_patient(session, make.patient().id) == []


def test_one_that_was_signed_on_paper_says_so_for_ever_and_no_other_does(session, make):
    make.transcript(answers={"cons_treat": {"value": "agree"}}, finished=True)
    make.intake(submitted=True)
    session.expunge_all()
    found = [each for row in session.scalars(select(Response)) for each in consents.of_patient(session, row.patient_id)]
    by_paper = {bool(each.on_paper): each for each in found}
    assert by_paper[True].seen_by
    assert by_paper[True].on_paper < by_paper[True].signed_at.date()
    assert by_paper[False].seen_by == ""


def test_a_paper_that_is_typed_in_late_stands_behind_what_she_signed_since(session, make, clock):
    """It would read as her newest word, and undo what she refused meanwhile."""
    visit = make.visit()
    make.intake(visit, {"cons_photo": {"value": "no"}}, submitted=True)
    clock.shift(timedelta(days=1))
    older = make.visit(visit.patient)
    day = make.now.date() - timedelta(days=9)
    paper = make.transcript(older, answers={"cons_photo": {"value": "yes"}}, filled_on=day)
    signature = transcripts.Signature("Rowan Invented", day)
    transcripts.finish(
        session, paper, ceiling="safety", signature=signature, by=older.therapist, today=make.now.date(), now=make.now
    )
    found = [each.decision for each in consents.of_patient(session, visit.patient_id) if each.question == "cons_photo"]
    assert found == ["no", "yes"]


def test_what_was_signed_before_a_paper_was_filled_in_was_not_signed_since(session, make, clock):
    hers = make.intake(submitted=True)
    signed = consents.of_patient(session, hers.patient_id)
    clock.shift(timedelta(days=2))
    today, longer_ago = make.now.date(), make.now.date() - timedelta(days=30)
    papers = {
        day: make.transcript(make.visit(hers.patient), answers={"cons_treat": {"value": "agree"}}, filled_on=day)
        for day in (today, longer_ago)
    }
    assert consents.signed_since(session, papers[today], signed) == frozenset()
    assert "cons_treat" in consents.signed_since(session, papers[longer_ago], signed)
