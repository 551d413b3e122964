"""What was added to a note, on a printed chart: in the words of the page, and no further than the tier of a copy."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from intake.clinical.additions import (
    EVERYBODY,
    GROUNDS,
    LATE,
    SOURCES,
    THERAPISTS,
    Addition,
    Asked,
    Change,
    accepted,
    addendum,
    correction,
    denied,
    disagreement,
)

NOTED = {"im_impression": {"value": "canary-care"}, "hi_sexual": {"value": "canary-private"}}
LEFT_OUT = "What was added is left out of this copy."
WHY = {"reason": "referral", "text": "For the specialist she asked for.", "paper": "letter"}
FIX = Change("im_impression", "canary-care", "canary-new")


@pytest.fixture
def asked(make):
    return Asked("7f3c", make.now.date() - timedelta(days=3), "canary-wish", THERAPISTS)


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


def test_an_addendum_for_everybody_stands_on_every_copy(plain):
    page = plain(addendum("canary-added", EVERYBODY))
    assert "canary-added" in page
    assert LEFT_OUT not in page


def test_an_addendum_for_the_therapists_is_left_out_of_the_plain_copy_which_says_so(plain):
    page = plain(addendum("canary-added", THERAPISTS))
    assert "Addendum" in page
    assert LEFT_OUT in page
    assert "canary-added" not in page


def test_an_addendum_stands_whole_on_the_copy_with_what_is_sensitive(whole):
    page = whole(addendum("canary-added", THERAPISTS))
    assert "canary-added" in page
    assert LEFT_OUT not in page


@pytest.mark.parametrize(("source", "words"), SOURCES)
def test_a_late_entry_says_why_and_from_what(whole, source, words):
    page = whole(Addition(LATE, text="canary-added", reason="canary-reason", source=source, readers=THERAPISTS))
    for each in ("Late entry", "canary-added", "Reason: canary-reason", f"Written from: {words}"):
        assert each in page


def test_a_correction_of_what_is_care_stands_on_every_copy_with_its_reason(plain):
    page = plain(correction(FIX, "canary-reason"))
    for each in ("It said: “canary-care”", "It says now: “canary-new”", "Reason: canary-reason"):
        assert each in page


def test_a_change_a_patient_asked_for_stands_on_every_copy_and_what_is_private_about_it_on_one(
    plain, client, note, asked
):
    page = plain(accepted(asked, FIX, "canary-reason", THERAPISTS))
    both = "It said: “canary-care”", "It says now: “canary-new”"
    assert all(each in page for each in both)
    assert not [each for each in ("canary-reason", "canary-wish") if each in page]
    full = text(client.submit(path(note, "/sensitive"), WHY, at=path(note)))
    assert all(each in full for each in (*both, "Reason: canary-reason", "canary-wish"))


def test_a_correction_of_what_is_sensitive_has_neither_word_on_the_plain_copy(plain):
    page = plain(correction(Change("hi_sexual", "canary-private", "canary-new"), "canary-reason"))
    assert LEFT_OUT in page
    assert not [each for each in ("canary-private", "canary-new", "canary-reason") if each in page]


@pytest.mark.parametrize(("ground", "words"), GROUNDS)
def test_a_denial_says_on_what_ground(whole, asked, ground, words):
    page = whole(denied(asked, ground, "canary-why", THERAPISTS))
    for each in ("Answer to the patient’s request", "“canary-wish”", f"Denied: {words}", "Reason: canary-why"):
        assert each in page


def test_a_wish_that_was_granted_says_so(whole, asked):
    page = whole(accepted(asked, FIX, "canary-why", THERAPISTS))
    assert "Accepted" in page
    assert "Denied" not in page


def test_her_request_its_denial_and_her_statement_go_along_with_every_copy_where_they_are_for_everybody(
    plain, make, note, asked
):
    asked = replace(asked, readers=EVERYBODY)
    make.add(note, addition=denied(asked, "accurate", "canary-why", EVERYBODY))
    page = plain(disagreement(asked, "canary-hers", EVERYBODY))
    for each in ("“canary-wish”", "Denied: The record is accurate", "canary-why", "canary-hers"):
        assert each in page
    assert LEFT_OUT not in page


def test_an_answer_for_everybody_prints_no_word_of_a_wish_that_is_for_the_therapists(plain, asked):
    page = plain(denied(asked, "accurate", "canary-why", EVERYBODY))
    assert "canary-why" in page
    assert "Its words are left out of this copy." in page
    assert "canary-wish" not in page


@pytest.mark.parametrize("readers", [EVERYBODY, THERAPISTS])
def test_a_request_that_waits_stands_on_the_copies_it_is_for(client, make, note, readers):
    make.wish(note, "canary-wish", readers=readers)
    page = text(client.get(path(note, "/letter")))
    assert "The patient asks for a change" in page
    assert ("canary-wish" in page) is (readers == EVERYBODY)
    assert (LEFT_OUT in page) is (readers == THERAPISTS)
    assert "canary-wish" in text(client.submit(path(note, "/sensitive"), WHY, at=path(note)))


def test_her_words_about_a_denial_are_on_the_copy_with_what_is_sensitive_where_they_are_for_the_therapists(
    whole, client, make, note, asked
):
    make.add(note, addition=denied(asked, "accurate", "No.", THERAPISTS))
    page = whole(disagreement(asked, "canary-hers", THERAPISTS))
    assert "The patient’s statement of disagreement" in page
    assert "canary-hers" in page
    plain = text(client.get(path(note, "/letter")))
    assert "canary-hers" not in plain
    assert "canary-wish" not in plain
