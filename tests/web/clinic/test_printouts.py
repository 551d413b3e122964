"""Answers on paper: the care tier by a button, sensitive ones by an act with a reason, those about violence never."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from intake.forms import reader
from intake.forms.model import Kind, Tier
from intake.store import audit, printouts
from intake.store.sessions import Login
from tests.browsing import alike
from tests.raised import raise_to_safety

FORM = reader.latest("intake")
WHY = {"reason": "referral", "text": "For the specialist she asked for.", "paper": "letter"}
WORDS = {"desk": "canary-plum", "care": "canary-pear", "sensitive": "canary-fig", "safety": "canary-quince"}
ALONE = {"pre_private": {"value": "yes"}, "pre_who": {"value": "me"}}


def planted(tier, *, but=()):
    """A text question of a tier that hangs on nothing."""
    return next(
        question.id
        for section in FORM.sections
        for page in section.pages
        for question in page.questions
        if question.tier is tier
        and question.kind in {Kind.TEXT, Kind.STRING}
        and not (question.when.conditions or page.when.conditions or section.when.conditions or section.private)
        and question.id not in but
    )


DESK, CARE = planted(Tier.DESK), planted(Tier.CARE)
SENSITIVE = planted(Tier.SENSITIVE)
VIOLENT = planted(Tier.CARE, but={CARE})  # raised for these tests: the form itself asks nothing about violence


@pytest.fixture
def response(make, monkeypatch):
    names = {DESK: "desk", CARE: "care", SENSITIVE: "sensitive", VIOLENT: "safety"}
    raise_to_safety(monkeypatch, {VIOLENT})
    said = {name: {"value": WORDS[tier]} for name, tier in names.items()}
    return make.intake(answers=ALONE | said, submitted=True)


@pytest.fixture
def therapist(response, sign_in):
    return sign_in(response.visit.therapist)


def path(response, more="/answers/letter"):
    return f"/clinic/charts/intakes/{response.id}{more}"


def on(answer):
    """The tiers whose words stand on the paper."""
    assert answer.mimetype == "application/pdf", answer.status_code
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    return [tier for tier, words in WORDS.items() if words in " ".join(pages)], pages


def test_the_button_prints_nothing_above_the_care_tier_whoever_presses_it(make, sign_in, response):
    for who in (response.visit.therapist, make.member(response.patient)):
        tiers, pages = on(sign_in(who).get(path(response)))
        assert tiers == ["desk", "care"]
        assert "Contains sensitive answers" not in " ".join(pages)
        assert FORM.by_id[SENSITIVE].text not in " ".join(" ".join(pages).split())


def test_printing_leaves_a_line_with_what_was_on_the_paper(therapist, response, session):
    answer = therapist.get(path(response, "/answers/a4"))
    assert answer.headers["Content-Disposition"] == 'inline; filename="answers.pdf"'
    session.rollback()
    line = audit.of_patient(session, response.patient_id)[-1]
    assert (line.action, line.categories) == ("read.print-intake", "desk care")


def test_sensitive_answers_are_printed_with_a_reason_that_stays_and_every_page_says_so(therapist, response, session):
    answer = therapist.submit(path(response, "/sensitive"), WHY)
    tiers, pages = on(answer)
    assert tiers == ["desk", "care", "sensitive"]
    assert all("Contains sensitive answers" in page for page in pages)
    session.rollback()
    line = audit.of_patient(session, response.patient_id)[-1]
    assert (line.action, line.categories, line.reason) == ("intake.printed", "desk care sensitive", "referral")
    (kept,) = printouts.of_response(session, response.id)
    assert (kept.text, kept.user_id) == (WHY["text"], response.visit.therapist_id)
    assert WHY["text"] in therapist.get(path(response, "/sensitive")).text


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"text": ""}, {"text": " "}, {"paper": "a3"}, {"reason": "fun"}])
def test_without_a_reason_nothing_is_printed(therapist, response, session, wrong):
    answer = therapist.submit(path(response, "/sensitive"), {**WHY, **wrong})
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    session.rollback()
    assert printouts.of_response(session, response.id) == []


def test_with_an_older_factor_it_asks_for_one_first_and_prints_nothing(therapist, response, session):
    therapist.get(path(response, "/sensitive"))
    for login in session.scalars(select(Login)):
        login.stepped_up_at = datetime.now(UTC) - timedelta(hours=1)
    session.commit()
    answer = therapist.submit(path(response, "/sensitive"), WHY)
    assert answer.location.startswith("/step-up")
    session.rollback()
    assert printouts.of_response(session, response.id) == []


def test_an_assistant_a_stranger_and_the_desk_cannot_print_what_is_sensitive(make, sign_in, response, session):
    stranger = make.therapist()
    make.emergency(response.patient, stranger, sensitive=True)
    for who in (make.member(response.patient), stranger, make.front_desk(), make.admin()):
        browser = sign_in(who)
        nothing = browser.get("/clinic/charts/intakes/00000000-0000-4000-8000-000000000000/sensitive")
        refused = browser.get(path(response, "/sensitive"))
        assert (refused.status_code, alike(refused)) == (404, alike(nothing))
        assert browser.post(path(response, "/sensitive"), data={"csrf_token": browser.token, **WHY}).status_code == 404
    assert sign_in(stranger).get(path(response)).status_code == 404
    session.rollback()
    assert printouts.of_response(session, response.id) == []


def test_what_she_would_rather_say_in_person_and_what_she_would_not_say_are_marked(make, sign_in):
    told, declined = (
        next(
            question.id
            for section in FORM.sections
            for page in section.pages
            for question in page.questions
            if question.tier is Tier.CARE and getattr(question, offers)
            if not (question.when.conditions or page.when.conditions or section.when.conditions or section.private)
        )
        for offers in ("may_tell_in_person", "may_decline")
    )
    said = {declined: {"status": "declined"}, told: {"status": "in-person"}}
    response = make.intake(answers=ALONE | said, submitted=True)
    _tiers, pages = on(sign_in(response.visit.therapist).get(path(response)))
    words = " ".join(" ".join(pages).split())
    assert words.count(FORM.by_id[told].text) == 2, "as a cue, and in its place"
    assert "Would rather say in person" in words
