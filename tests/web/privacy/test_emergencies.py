"""The privacy lead looks at every chart that was opened in an emergency, except at those they opened themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.store import audit

PAGE = "/privacy/emergency"


@pytest.fixture
def opened(clock, make):
    return make.emergency(make.patient())


@pytest.fixture
def lead(client, make, sign_in, opened):
    return sign_in(make.privacy_lead())


def review(browser, opened, **fields):
    sent = {"outcome": "seen", "note": "She was right to.", "version": str(opened.version), **fields}
    return browser.submit(f"{PAGE}/{opened.id}", sent, at=PAGE)


def test_an_empty_queue_says_so(client, make, sign_in):
    assert "No chart was opened in an emergency." in sign_in(make.privacy_lead()).get(PAGE).text


def test_the_queue_says_who_when_and_why_and_whose_only_by_initials(lead, opened):
    page = lead.get(PAGE).text
    for words in (opened.user.name, opened.patient.initials, opened.text, "not opened", "To look at"):
        assert words in page
    assert opened.patient.legal_name not in page


def test_a_look_is_kept_and_the_trail_knows_it(lead, opened, session):
    assert review(lead, opened).status_code == 303
    page = lead.get(PAGE).text
    assert "She was right to." in page
    assert "Looked at" in page
    session.rollback()
    assert "emergency.reviewed" in {line.action for line in audit.of_patient(session, opened.patient_id)}


def test_what_waits_too_long_stands_out(client, new_client, make, sign_in, clock, opened):
    waits, tags = [], ("To look at", "More than 72 hours", "Overdue: more than 7 days")
    for later in (timedelta(), timedelta(hours=73), timedelta(days=5)):
        clock.shift(later)
        page = sign_in(make.privacy_lead(), new_client()).get(PAGE).text
        waits += [words for words in tags if words in page]
    assert waits == list(tags)


def test_nobody_looks_at_what_they_opened_themselves(client, make, sign_in, clock, session):
    both = make.user("therapist", "privacy-lead")
    own = make.emergency(make.patient(), both)
    sign_in(both)
    page = review(client, own)
    assert page.status_code == 422
    assert "Somebody else has to look at it." in page.text
    session.rollback()
    session.refresh(own)
    assert own.reviewed_at is None


def test_two_looks_at_once_lose_neither(lead, opened):
    assert review(lead, opened, outcome="follow-up").status_code == 303
    assert review(lead, opened, version="1", note="Another").status_code == 409


@pytest.mark.parametrize("role", ["therapist", "assistant", "front_desk", "admin"])
def test_the_queue_is_the_privacy_lead_s_alone(client, make, sign_in, opened, role):
    assert sign_in(getattr(make, role)()).get(PAGE).status_code == 404
