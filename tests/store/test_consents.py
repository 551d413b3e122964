"""What a patient agreed to is kept with the exact words she was shown."""

from __future__ import annotations

import hashlib

from intake.store import consents


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
