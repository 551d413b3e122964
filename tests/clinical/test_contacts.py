"""Her word about ways to reach her."""

from __future__ import annotations

from intake.clinical.contacts import with_her_word

CLINIC = [
    {"method": "mobile", "value": "555 0199", "safe": "safe"},
    {"method": "email", "value": "sample@fernleaf.example", "safe": "unknown"},
]


def said(**flags):
    return {"id_safe_to_contact": {"value": flags}}


def test_a_way_she_calls_not_private_is_never_safe_whatever_the_clinic_wrote():
    assert [c["safe"] for c in with_her_word(CLINIC, said(mobile="not-safe"))] == ["not-safe", "unknown"]


def test_a_way_she_does_not_use_is_not_used():
    assert with_her_word(CLINIC, said(email="not-used"))[1]["safe"] == "not-safe"


def test_a_way_she_says_nothing_of_stays_as_it_was():
    assert with_her_word(CLINIC, {}) == CLINIC
    assert with_her_word(CLINIC, {"id_safe_to_contact": {"status": "declined"}}) == CLINIC


def test_a_way_the_clinic_does_not_have_is_not_made_up():
    assert len(with_her_word(CLINIC, said(home="safe"))) == 2


def test_a_way_she_did_not_tick_is_not_used_whatever_its_row_still_says():
    answers = {"id_contact_methods": {"value": ["email"]}, **said(mobile="safe", email="safe")}
    assert [c["safe"] for c in with_her_word(CLINIC, answers)] == ["not-safe", "safe"]
