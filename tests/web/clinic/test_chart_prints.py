"""The chart on paper: every signed note as signed; what is sensitive by an act with a reason, violence never."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from intake.cli.demo import people
from intake.clinical import additions
from intake.clinical.additions import Change
from intake.store import audit, printouts
from intake.web.clinic import chart_prints
from tests.raised import raise_to_safety
from tests.tampering import damage

WHY = {"reason": "referral", "text": "For the specialist she asked for.", "paper": "letter"}
NOTED = {"im_impression": {"value": "canary-care"}, "hi_sexual": {"value": "canary-private"}}


@pytest.fixture
def note(make):
    made = make.note(answers=NOTED, signed=True)
    make.add(made, "canary-added")
    return made


def words(answer):
    assert answer.mimetype == "application/pdf", answer.text[:300]
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def path(note, more=""):
    return f"/clinic/charts/{note.patient_id}/print{more}"


def sensitive(client, note, **other):
    return client.submit(path(note, "/sensitive"), {**WHY, **other})


def test_every_signed_note_is_on_it_as_signed_with_the_code_and_who_added(client, make, sign_in, note):
    make.note(note.visit, answers={"im_impression": {"value": "canary-draft"}})
    sign_in(note.author)
    for answer in (client.get(path(note)).text, " ".join(words(client.get(path(note, "/letter"))))):
        for each in note.signatures:
            assert each.code in answer
        assert "canary-care" in answer
        assert "Added and signed by" in answer
        assert note.patient.name in answer
        assert "canary-draft" not in answer


def test_nothing_above_the_care_tier_is_on_the_page_and_the_paper_of_the_button(client, make, sign_in, note):
    for who in (note.author, make.member(note.patient)):
        sign_in(who)
        for answer in (client.get(path(note)).text, " ".join(words(client.get(path(note, "/a4"))))):
            assert "canary-private" not in answer
            assert "canary-added" not in answer
            assert "left out of this copy" in answer


def test_what_is_sensitive_is_printed_with_a_reason_that_stays(client, sign_in, session, note):
    sign_in(note.author)
    pages = words(sensitive(client, note))
    assert all("Contains sensitive answers" in page for page in pages)
    assert {"canary-private", "canary-added"} <= set(" ".join(pages).split())
    session.rollback()
    line = audit.of_patient(session, note.patient_id)[-1]
    assert (line.action, line.reason) == ("chart.printed", "referral")
    assert "sensitive" in line.categories.split()
    (kept,) = printouts.of_response(session, note.response_id)
    assert (kept.text, kept.user_id) == (WHY["text"], note.author_id)


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"text": " "}, {"paper": "a3"}])
def test_without_a_reason_nothing_is_printed(client, sign_in, session, note, wrong):
    sign_in(note.author)
    answer = sensitive(client, note, **wrong)
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    session.rollback()
    assert printouts.of_response(session, note.response_id) == []


def test_what_is_about_violence_is_on_no_paper(client, make, sign_in, monkeypatch):
    raise_to_safety(monkeypatch, {"im_impression"})
    note = make.note(answers=NOTED, signed=True)
    sign_in(note.author)
    for answer in (client.get(path(note, "/letter")), sensitive(client, note)):
        assert "canary-care" not in " ".join(words(answer))


def test_an_assistant_prints_nothing_that_is_sensitive(client, make, sign_in, note):
    sign_in(make.member(note.patient))
    assert client.get(path(note, "/sensitive")).status_code == 404


def test_a_note_that_is_not_as_it_was_signed_is_not_printed(client, sign_in, session, note):
    author = note.author
    damage(session, "UPDATE signatures SET signature = :x WHERE note_id = :id", id=note.id, x=b"x" * 64)
    sign_in(author)
    page = " ".join(words(client.get(path(note, "/letter"))))
    assert "not as it was signed" in page
    assert "canary-care" not in page


def test_a_long_chart_comes_in_parts_that_hold_every_note_once(client, make, sign_in, monkeypatch, note):
    monkeypatch.setattr(chart_prints, "NOTES_EACH", 2)
    every = [note, *(make.note(note.visit, signed=True) for _ in range(4))]
    sign_in(note.author)
    pages = [" ".join(words(client.get(path(note, f"/letter?page={number}")))) for number in (1, 2, 3)]
    assert [[each for each in every if each.signatures[0].code in page] for page in pages] == [
        every[:2], every[2:4], every[4:],
    ]  # fmt: skip
    assert all(f"Part {number} of 3" in page for number, page in enumerate(pages, 1))
    assert client.get(path(note, "/letter?page=4")).status_code == 404
    assert client.get(path(note, "/letter?page=x")).status_code == 200


def test_a_chart_without_a_signed_note_says_so(client, make, sign_in):
    draft = make.note()
    sign_in(draft.author)
    assert "There is no signed note." in client.get(path(draft)).text


POINTS = {"aa": "-1", "ba": "-1", "c": "-6", "d": "-8", "ap": "-2", "bp": "-2", "tvl": "9"}
EXAMINED = {
    **{name: {"value": value} for name, value in people.consent().items()},
    **{f"popq_{name}": {"value": {"number": cm, "unit": "cm"}} for name, cm in POINTS.items()},
    "popq_cervix": {"value": "yes"},
    "popq_position": {"value": "supine"},
}


def both(client, note):
    """The page to print, and the paper."""
    page = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(client.get(path(note)).text)).split())
    return page, " ".join(words(client.get(path(note, "/letter"))))


def test_findings_until_consent_was_withdrawn_are_printed_as_such_and_with_what_they_amount_to(client, make, sign_in):
    ended = {"co_vaginal_decision": {"value": "withdrawn"}, "co_vaginal_withdrawn": {"value": "09:40"}}
    ended["co_alternative"] = {"value": ["education"]}
    note = make.note(answers={**EXAMINED, **ended}, signed=True)
    sign_in(note.author)
    for answer in both(client, note):
        assert "Consent to this examination was withdrawn at 9:40 AM. What stands here was found until then." in answer
        assert "POP-Q stage II, leading: anterior" in answer


def test_an_examination_that_went_to_its_end_says_nothing_of_consent_that_ended(client, make, sign_in):
    note = make.note(answers=EXAMINED, signed=True)
    sign_in(note.author)
    assert not any("found until then" in answer for answer in both(client, note))


def test_what_was_taken_over_says_from_which_note_on_paper_too(client, make, sign_in):
    mark = {"on": "2026-09-01T10:00:00+00:00", "note": "x", "at": "2026-09-14T10:00:00+00:00"}
    taken = {"value": "supine", "carried": {**mark, "right": "2026-09-14T10:01:00+00:00"}}
    note = make.note(answers={"ab_position": taken}, signed=True)
    sign_in(note.author)
    for answer in both(client, note):
        assert "Taken over from the note of Sep 1, 2026, looked at and still right." in answer


def test_a_correction_stands_beside_the_words_it_is_about_and_below_what_was_worked_out(client, make, sign_in):
    note = make.note(answers={**EXAMINED, "im_impression": {"value": "Weak on the left."}}, signed=True)
    for change in (Change("im_impression", "left", "right"), Change("popq_c", "-6 cm", "3 cm")):
        make.add(note, addition=additions.correction(change, "Slip"))
    sign_in(note.author)
    for answer in both(client, note):
        assert re.search(rf"Weak on the left\. Corrected on \w+ \d+, 2026 by {note.author.name}", answer)
        assert "Instead of “left”: “right”." in answer
        assert "Worked out from what was signed, and corrected on" in answer


def test_a_correction_of_sensitive_words_is_on_no_ordinary_copy(client, make, sign_in):
    long = "She told me on the phone that it burns whenever they try to be close"
    note = make.note(answers={"hi_sexual": {"value": long}, "im_impression": {"value": long}}, signed=True)
    note.visit.starts_at -= timedelta(hours=30)
    visit = make.visit(note.patient, note.author, starts_at=make.now)
    other = make.note(visit, answers={"im_impression": {"value": long}}, signed=True)
    make.add(note, addition=additions.correction(Change("hi_sexual", long, "canary-private"), "Slip"))
    sign_in(note.author)
    assert "canary-private" in client.get(f"/clinic/notes/{other.id}").text, "her therapist reads it"
    assert not any("canary-private" in answer for answer in both(client, note))
