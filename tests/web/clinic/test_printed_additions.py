"""What was added to a note, on a printed chart: in the words of the page, and no further than the tier of a copy."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from intake.clinical.additions import (
    ACCEPTED,
    AMENDMENT,
    CORRECTION,
    DENIED,
    DISAGREEMENT,
    GROUNDS,
    LATE,
    SOURCES,
    Addition,
    Asked,
    Change,
    addendum,
)

NOTED = {"im_impression": {"value": "canary-care"}, "hi_sexual": {"value": "canary-private"}}
LEFT_OUT = "What was added is left out of this copy."
WHY = {"reason": "referral", "text": "For the specialist she asked for.", "paper": "letter"}
FIX = Change("im_impression", "canary-care", "canary-new")


@pytest.fixture
def asked(make):
    return Asked("7f3c", make.now.date() - timedelta(days=3), "canary-wish")


@pytest.fixture
def note(make, sign_in):
    made = make.note(answers=NOTED, signed=True)
    sign_in(made.author)
    return made


def path(note, more=""):
    return f"/clinic/charts/{note.patient_id}/print{more}"


def text(answer):
    assert answer.mimetype == "application/pdf", answer.text[:300]
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


@pytest.fixture
def plain(client, make, note):
    """The copy of the button, after something was added."""

    def printed(addition):
        make.add(note, addition=addition)
        return text(client.get(path(note, "/letter")))

    return printed


@pytest.fixture
def whole(client, make, note):
    """The copy with what is sensitive, after something was added."""

    def printed(addition):
        make.add(note, addition=addition)
        return text(client.submit(path(note, "/sensitive"), WHY, at=path(note)))

    return printed


def test_an_addendum_is_left_out_of_the_plain_copy_which_says_so(plain):
    page = plain(addendum("canary-added"))
    assert "Addendum" in page
    assert LEFT_OUT in page
    assert "canary-added" not in page


def test_an_addendum_stands_whole_on_the_copy_with_what_is_sensitive(whole):
    page = whole(addendum("canary-added"))
    assert "canary-added" in page
    assert LEFT_OUT not in page


@pytest.mark.parametrize(("source", "words"), SOURCES)
def test_a_late_entry_says_why_and_from_what(whole, source, words):
    page = whole(Addition(LATE, text="canary-added", reason="canary-reason", source=source))
    for each in ("Late entry", "canary-added", "Reason: canary-reason", f"Written from: {words}"):
        assert each in page


def test_a_correction_of_what_is_care_has_both_words_on_every_copy_and_its_reason_on_one(plain, client, note):
    page = plain(Addition(CORRECTION, change=FIX, reason="canary-reason"))
    both = "It said: “canary-care”", "It says now: “canary-new”"
    assert all(each in page for each in both)
    assert "canary-reason" not in page
    full = text(client.submit(path(note, "/sensitive"), WHY, at=path(note)))
    assert all(each in full for each in (*both, "Reason: canary-reason"))


def test_a_correction_of_what_is_sensitive_has_neither_word_on_the_plain_copy(plain):
    page = plain(
        Addition(CORRECTION, change=Change("hi_sexual", "canary-private", "canary-new"), reason="canary-reason")
    )
    assert LEFT_OUT in page
    assert not [each for each in ("canary-private", "canary-new", "canary-reason") if each in page]


@pytest.mark.parametrize(("ground", "words"), GROUNDS)
def test_a_denial_says_on_what_ground(whole, asked, ground, words):
    page = whole(Addition(AMENDMENT, reason="canary-why", asked=asked, decision=DENIED, ground=ground))
    for each in ("Answer to the patient’s request", "“canary-wish”", f"Denied: {words}", "Reason: canary-why"):
        assert each in page


def test_a_wish_that_was_granted_says_so(whole, asked):
    page = whole(Addition(AMENDMENT, reason="canary-why", asked=asked, decision=ACCEPTED, change=FIX))
    assert "Accepted" in page
    assert "Denied" not in page


def test_her_words_about_a_denial_are_on_the_copy_with_what_is_sensitive_alone(whole, client, make, note, asked):
    make.add(note, addition=Addition(AMENDMENT, reason="No.", asked=asked, decision=DENIED, ground="accurate"))
    page = whole(Addition(DISAGREEMENT, text="canary-hers", asked=asked))
    assert "The patient’s statement of disagreement" in page
    assert "canary-hers" in page
    plain = text(client.get(path(note, "/letter")))
    assert "canary-hers" not in plain
    assert "canary-wish" not in plain
