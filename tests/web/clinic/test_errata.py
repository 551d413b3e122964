"""Corrections and late entries: signed, marked for good, and seen wherever the note is read."""

from __future__ import annotations

import re

import pytest

from intake.actions.refusals import RefusedError
from intake.clinical import additions
from intake.clinical.additions import Change
from intake.store import notes as stored
from intake.store import verdicts
from tests.builders import GOAL, INSTANCE, NOTE, PASSWORD, filled
from tests.tampering import damage

IMPRESSION = {"im_impression": {"value": "Tender on the left side."}}
FIX = {"question": "im_impression", "old": "left side", "new": "right side", "reason": "Slip of the pen"}


@pytest.fixture
def note(make):
    return make.note(answers=IMPRESSION, signed=True)


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def correct(client, note, **more):
    return client.submit(url(note, "/corrections"), {**FIX, "password": PASSWORD, **more}, at=url(note, "/corrections"))


def test_a_correction_shows_old_and_new_beside_the_words_and_below_and_the_original_stays(author, session, note):
    assert "Correct something" in author.get(url(note)).text
    assert correct(author, note).location == url(note)
    page = author.get(url(note)).text
    assert "Tender on the left side." in page, "what was signed stays readable"
    assert f"by {note.author.name}. Instead of “left side”: “right side”." in page
    assert "Slip of the pen" in page
    session.expire_all()
    kept = stored.get(session, note.id)
    assert [entry.kind for entry in kept.signatures] == ["note", "correction"]
    assert verdicts.of_note(session, kept, INSTANCE.trusted).holds


DX = {"dx": {"value": [{"dx_code": {"value": "M62.89 Other specified disorders of muscle"}}]}}
CODE = {"question": "dx", "old": "M62.89 Other specified disorders of muscle"}


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("T74.21XA Adult sexual abuse, confirmed, by husband", "T74.21XA is one of the codes that are kept apart"),
        ("F53.0 Postpartum depression", "F53.0 is one of the codes that are kept apart"),
        ("Z37.0 Single live birth", "Z37.0 belongs to the record of the delivery alone"),
        ("N39.4 Other incontinence", "N39.4 is only a heading"),
    ],
)
def test_a_correction_of_diagnoses_is_checked_as_the_note_was(client, make, sign_in, session, new, why):
    note = make.note(answers=DX, signed=True)
    client = sign_in(note.author)
    page = correct(client, note, **{**CODE, "new": new})
    assert page.status_code == 422
    assert why in page.text
    wish = make.wish(note)
    there = f"/clinic/requests/{wish.id}"
    sent = {**CODE, "new": new, "reason": "She is right.", "readers": "everybody", "password": PASSWORD}
    answer = client.submit(f"{there}/accept", sent, at=there)
    assert answer.status_code == 422
    assert why in answer.text
    with pytest.raises(RefusedError, match=re.escape(why)):
        make.add(note, addition=additions.correction(Change("dx", CODE["old"], new), "Slip"))
    session.expire_all()
    assert len(stored.get(session, note.id).signatures) == 1
    assert new not in sign_in(make.member(note.patient)).get(url(note)).text


def test_the_right_code_in_place_of_a_wrong_one_is_signed(make, sign_in):
    note = make.note(answers=DX, signed=True)
    assert correct(sign_in(note.author), note, **{**CODE, "new": "M62.81 Muscle weakness"}).location == url(note)


def test_the_chart_and_the_check_of_a_code_say_that_it_was_corrected(author, note):
    code = note.signatures[0].code
    correct(author, note)
    assert '<span class="tag plain">corrected</span>' in author.get(f"/clinic/charts/{note.patient_id}").text
    page = author.get(f"/verify?code={code}").text
    assert "Valid, and added to since" in page
    assert "<li>Correction, " in page
    assert "right side" not in page, "it says nothing of what the note says"


def test_who_corrects_sees_what_was_corrected_already_and_the_old_words_are_refused(author, note, session):
    there = url(note, "/corrections")
    assert "Instead of" not in author.get(there).text
    correct(author, note)
    page = author.get(there).text
    assert "Instead of “left side”: “right side”." in page
    assert "What stands there now: “Tender on the right side.”" in page
    answer = correct(author, note, new="both sides")
    assert answer.status_code == 422
    assert "These words were corrected already." in answer.text
    assert "What stands there now: “Tender on the right side.”" in answer.text
    session.expire_all()
    assert len(stored.get(session, note.id).signatures) == 2
    assert correct(author, note, old="right side", new="both sides").status_code == 303
    assert "What stands there now: “Tender on the both sides.”" in author.get(there).text


def test_where_corrected_words_stand_twice_the_page_says_what_was_signed_and_what_was_corrected(client, make, sign_in):
    goals = {"value": [GOAL, {**GOAL, "goal_text": {"value": "Lift the baby"}}]}
    note = make.note(answers={"goal": goals}, signed=True)
    sign_in(note.author)
    fix = {"question": "goal", "old": "30 minutes", "new": "20 minutes"}
    assert correct(client, note, **fix).status_code == 303
    page = client.get(url(note, "/corrections")).text
    assert "Instead of \u201c30 minutes\u201d: \u201c20 minutes\u201d." in page
    assert "What stands there now" not in page, "which goal was meant nobody can say"
    assert "Walk for 20 minutes" not in page
    again = correct(client, note, **fix)
    assert again.status_code == 422
    assert "This very correction was signed already." in again.text
    assert correct(client, note, **{**fix, "old": "Lift the baby", "new": "Lift both babies"}).status_code == 303
    assert correct(client, note, **{**fix, "old": "", "new": "Walk"}).status_code == 303
    assert "What stands there now: \u201cWalk\u201d" in client.get(url(note, "/corrections")).text


def test_no_words_replace_all_that_stands_there_now(author, note, session):
    correct(author, note)
    correct(author, note, old="", new="Nothing is tender.")
    session.expire_all()
    said = stored.get(session, note.id).signatures[-1].said.addition
    assert said.change == Change("im_impression", "Tender on the right side.", "Nothing is tender.")


def test_no_words_replace_all_that_stands_there(author, note, session):
    correct(author, note, old="", new="Nothing is tender.")
    session.expire_all()
    said = stored.get(session, note.id).signatures[-1].said.addition
    assert said.change == Change("im_impression", "Tender on the left side.", "Nothing is tender.")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"old": "upper side"}, "These words do not stand there."),
        ({"new": "left side"}, "This is what stands there already."),
        ({"new": ""}, "Please write what it says now."),
        ({"reason": ""}, "Please fill this in."),
        ({"question": "im_body"}, 'class="error"'),
        ({"question": ""}, "Please choose what is corrected."),
        ({"password": "not my password at all"}, "That is not your password."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_signed_says_why_and_keeps_what_was_typed(author, note, session, wrong, says):
    answer = correct(author, note, **wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert FIX["reason"] in answer.text or "reason" in wrong
    session.expire_all()
    assert len(stored.get(session, note.id).signatures) == 1


def test_a_late_entry_names_the_reason_and_the_source(author, note):
    late = {
        "text": "She wept when she spoke of the birth.",
        "reason": "Called away",
        "source": "memory",
        "readers": "everybody",
    }
    answer = author.submit(url(note, "/late-entries"), {**late, "password": PASSWORD}, at=url(note, "/late-entries"))
    assert answer.location == url(note)
    page = author.get(url(note)).text
    assert all(words in page for words in (late["text"], "Called away", "Memory", "<h3>Late entry</h3>"))


def test_a_late_entry_without_its_source_is_not_signed(author, note):
    late = {"text": "She wept.", "reason": "Called away", "source": "", "readers": "everybody", "password": PASSWORD}
    answer = author.submit(url(note, "/late-entries"), late, at=url(note, "/late-entries"))
    assert answer.status_code == 422
    assert "Please choose what it is written from." in answer.text
    assert "She wept." in answer.text


def test_a_late_entry_is_not_signed_before_somebody_said_who_reads_it(author, note, session):
    late = {"text": "She wept.", "reason": "Called away", "source": "memory", "password": PASSWORD}
    answer = author.submit(url(note, "/late-entries"), late, at=url(note, "/late-entries"))
    assert answer.status_code == 422
    assert "Please choose who reads it." in answer.text
    session.expire_all()
    assert len(stored.get(session, note.id).signatures) == 1


def test_a_draft_that_took_over_words_says_that_they_were_corrected(author, make, note):
    mark = {"note": str(note.id), "on": note.visit.starts_at.isoformat(), "at": make.now.isoformat()}
    taken = {"im_impression": {**IMPRESSION["im_impression"], "carried": {**mark, "right": make.now.isoformat()}}}
    draft = make.note(make.visit(note.patient, note.author), answers=taken)
    correct(author, note)
    for page in (author.get(url(draft)).text, author.get(url(draft, "/sign")).text):
        assert "which was corrected on" in page
        assert "Instead of “left side”: “right side”." in page
    make.answer(draft.response, filled(stored.responses.form_of(draft.response), {**NOTE, **taken}))
    make.sign(draft)
    assert "which was corrected on" in author.get(url(draft)).text
    other = make.note(make.visit(note.patient, note.author), answers=IMPRESSION)
    assert "which was corrected on" not in author.get(url(other)).text


def test_an_assistant_reads_a_correction_of_what_she_may_read_with_its_reason(client, make, sign_in, note):
    make.add(note, addition=additions.correction(Change("im_impression", "left side", "right side"), "Slip of the pen"))
    sign_in(make.member(note.patient, make.assistant()))
    page = client.get(url(note)).text
    assert "Instead of “left side”: “right side”." in page
    assert "Slip of the pen" in page


def test_a_correction_of_a_private_answer_stays_private(client, make, sign_in):
    note = make.note(answers={"hi_obstetric": {"value": "Two births, one loss."}}, signed=True)
    make.add(note, addition=additions.correction(Change("hi_obstetric", "one loss", "two losses"), "She said so"))
    sign_in(make.member(note.patient, make.assistant()))
    page = client.get(url(note)).text
    assert "losses" not in page
    assert "She said so" not in page
    assert "one loss" not in page
    sign_in(note.author)
    assert "two losses" in client.get(url(note)).text


def test_what_an_assistant_corrects_waits_for_a_co_signature(client, make, sign_in):
    visit = make.visit()
    assistant = make.member(visit.patient, make.assistant())
    note = make.note(visit, assistant, answers={"dn_report": {"value": "Slept well."}}, signed=True)
    make.cosign(note)
    sign_in(assistant)
    fix = {"question": "dn_report", "old": "well", "new": "badly"}
    assert correct(client, note, **fix).location == url(note)
    assert "waits for a co-signature" in client.get(url(note)).text


def test_a_draft_is_not_corrected(client, make, sign_in):
    draft = make.note(answers=IMPRESSION)
    sign_in(draft.author)
    for more in ("/corrections", "/late-entries"):
        assert client.get(url(draft, more)).status_code in {303, 404, 409}


def test_what_is_not_what_was_signed_is_not_shown_to_be_corrected(author, session, note):
    damage(session, "UPDATE signatures SET signature = :bad WHERE note_id = :id", bad=b"x" * 64, id=note.id)
    assert author.get(url(note, "/corrections")).location == url(note)
