"""What a patient agreed to is kept with the exact words she was shown."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

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
