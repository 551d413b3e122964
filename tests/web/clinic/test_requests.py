"""A patient asks to have a note changed: received, answered in time, signed, and seen wherever the note is read."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from intake.clinical import additions
from intake.clinical.additions import Change
from intake.store import amendment_requests as wishes
from intake.store import audit, verdicts
from intake.store import notes as stored
from tests.builders import INSTANCE, PASSWORD

WORDS = "It was my right side, never my left."
pytestmark = pytest.mark.usefixtures("clock")
RECEIVED = {"text": WORDS, "readers": "everybody"}
ACCEPT = {
    "question": "im_impression",
    "old": "left side",
    "new": "right side",
    "reason": "She is right.",
    "readers": "everybody",
}
DENY = {"ground": "accurate", "reason": "It was examined twice that day.", "readers": "everybody"}


@pytest.fixture
def note(make):
    return make.note(answers={"im_impression": {"value": "Tender on the left side."}}, signed=True)


@pytest.fixture
def wish(make, note):
    return make.wish(note, WORDS)


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def url(wish, more=""):
    return f"/clinic/requests/{wish.id}{more}"


def send(client, wish, act, said, password=PASSWORD):
    more = {"password": password} if act != "extend" else {}
    return client.submit(url(wish, f"/{act}"), {**said, **more}, at=url(wish))


def entries(session, note):
    session.expire_all()
    return [entry.kind for entry in stored.get(session, note.id).signatures]


def test_it_is_received_from_the_page_of_the_note_and_shows_until_when(author, note, session, make):
    at = f"/clinic/requests/notes/{note.id}"
    assert at in author.get(f"/clinic/notes/{note.id}").text
    answer = author.submit(at, {**RECEIVED, "received_on": make.now.date().isoformat()}, at=at)
    assert answer.status_code == 303
    page = author.get(answer.location).text
    assert WORDS in page
    assert "To be answered by" in page
    assert "The patient asked on" in author.get(f"/clinic/notes/{note.id}").text
    assert "amendment.requested" in {line.action for line in audit.of_patient(session, note.patient_id)}


@pytest.mark.parametrize(
    ("days", "says"), [(-3, "still to come"), (3000, "too far away"), (1, "before the note was signed")]
)
def test_the_day_it_was_received_is_past_and_not_ages_ago(author, note, make, days, says):
    at = f"/clinic/requests/notes/{note.id}"
    day = (make.now.date() - timedelta(days=days)).isoformat()
    answer = author.submit(at, {**RECEIVED, "received_on": day}, at=at)
    assert answer.status_code == 422
    assert says in answer.text
    assert WORDS in answer.text


def test_an_accepted_one_is_a_signed_change_beside_the_words_with_hers(author, session, note, wish):
    assert send(author, wish, "accept", ACCEPT).location == url(wish)
    assert entries(session, note) == ["note", "amendment"]
    page = author.get(f"/clinic/notes/{note.id}").text
    assert all(words in page for words in ("Tender on the left side.", "“left side”: “right side”", WORDS, "Accepted"))
    assert "request answered" in author.get(f"/clinic/charts/{note.patient_id}").text
    assert verdicts.of_note(session, stored.get(session, note.id), INSTANCE.trusted).holds


def test_what_was_corrected_stands_beside_the_words_she_asks_about_and_is_not_changed_over(author, make, note, wish):
    make.add(note, addition=additions.correction(Change("im_impression", "left side", "right side"), "Slip"))
    page = author.get(url(wish)).text
    assert "Instead of “left side”: “right side”." in page
    assert "What stands there now: “Tender on the right side.”" in page
    refused = send(author, wish, "accept", {**ACCEPT, "new": "both sides"})
    assert refused.status_code == 422
    assert "These words were corrected already." in refused.text
    assert send(author, wish, "accept", {**ACCEPT, "old": "right side", "new": "both sides"}).status_code == 303


def test_a_denial_keeps_its_ground_and_her_statement_stays_linked(author, session, note, wish):
    assert send(author, wish, "deny", DENY).location == url(wish)
    assert "The patient disagrees" in author.get(url(wish)).text
    assert send(
        author, wish, "disagree", {"text": "I still say it was the right.", "readers": "everybody"}
    ).location == url(wish)
    assert entries(session, note) == ["note", "amendment", "disagreement"]
    page = author.get(f"/clinic/notes/{note.id}").text
    for words in (
        WORDS,
        "Denied",
        "The record is accurate and complete",
        DENY["reason"],
        "I still say it was the right.",
    ):
        assert words in page, words
    assert "patient disagrees" in author.get(f"/clinic/charts/{note.patient_id}").text
    code = note.signatures[0].code
    assert "statement of disagreement" in author.get(f"/verify?code={code}").text
    assert verdicts.of_note(session, stored.get(session, note.id), INSTANCE.trusted).holds


def test_one_answer_and_one_statement_each(author, session, note, wish):
    early = send(author, wish, "disagree", {"text": "No.", "readers": "everybody"})
    assert early.status_code == 422
    assert "Only what was denied" in early.text
    send(author, wish, "deny", DENY)
    for act, said in (("accept", ACCEPT), ("deny", DENY)):
        again = send(author, wish, act, said)
        assert again.status_code == 422, act
    send(author, wish, "disagree", {"text": "No.", "readers": "everybody"})
    assert send(author, wish, "disagree", {"text": "No!", "readers": "everybody"}).status_code == 422
    assert entries(session, note) == ["note", "amendment", "disagreement"]


@pytest.mark.parametrize(
    ("act", "said", "says"),
    [
        ("accept", {**ACCEPT, "old": "upper side"}, "These words do not stand there."),
        ("accept", {**ACCEPT, "question": ""}, "Please choose what is corrected."),
        ("deny", {**DENY, "ground": ""}, "Please choose on what ground it is denied."),
        ("deny", {**DENY, "reason": ""}, "Please give the reason."),
        ("accept", {**ACCEPT, "readers": ""}, "Please choose who reads it."),
        ("deny", {**DENY, "readers": ""}, "Please choose who reads it."),
        ("extend", {"reason": " "}, "Please give the reason."),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(author, session, note, wish, act, said, says):
    answer = send(author, wish, act, said)
    assert answer.status_code == 422
    assert says in answer.text
    assert all(
        text in answer.text for text in said.values() if text.strip() and text not in {"im_impression", "everybody"}
    )
    assert entries(session, note) == ["note"]


def test_a_wish_is_not_kept_before_somebody_said_who_reads_it(author, note, session):
    at = f"/clinic/requests/notes/{note.id}"
    answer = author.submit(at, {"text": WORDS, "received_on": date(2026, 9, 1).isoformat()}, at=at)
    assert answer.status_code == 422
    assert "Please choose who reads it." in answer.text
    assert WORDS in answer.text
    session.expire_all()
    assert wishes.of_note(session, note.id) == []


@pytest.mark.parametrize("readers", ["everybody", "therapists"])
def test_a_colleague_reads_the_wish_the_denial_and_the_statement_where_they_are_for_everybody(
    author, new_client, make, sign_in, note, readers
):
    at, stated = f"/clinic/requests/notes/{note.id}", "I still say it was the right."
    colleague = sign_in(make.member(note.patient, make.assistant()), new_client())
    answer = author.submit(at, {"text": WORDS, "readers": readers, "received_on": make.now.date().isoformat()}, at=at)
    wish = wishes.get(make.session, uuid.UUID(answer.location.rpartition("/")[2]))
    assert (WORDS in colleague.get(f"/clinic/notes/{note.id}").text) is (readers == "everybody"), "while it waits"
    send(author, wish, "deny", {**DENY, "readers": readers})
    send(author, wish, "disagree", {"text": stated, "readers": readers})
    page = colleague.get(f"/clinic/notes/{note.id}").text
    paper = author.get(f"/clinic/charts/{note.patient_id}/print").text
    for words in (WORDS, DENY["reason"], stated):
        assert (words in page) is (readers == "everybody"), words
        assert (words in paper) is (readers == "everybody"), words


def test_a_wrong_password_signs_nothing(author, session, note, wish):
    assert "That is not your password" in send(author, wish, "deny", DENY, "not my password at all").text
    assert entries(session, note) == ["note"]


def test_more_time_is_taken_once_within_sixty_days_and_the_list_is_right_at_its_boundaries(
    clock, client, make, sign_in, session
):
    note = make.note(signed=True)
    late, wish = (make.wish(note, words) for words in ("One", "Two"))
    sign_in(note.author)
    clock.shift(timedelta(days=45))
    sign_in(note.author)
    assert "waits for an answer until" not in client.get("/clinic").text
    clock.shift(timedelta(days=1))
    sign_in(note.author)
    assert client.get("/clinic").text.count("waits for an answer until") == 2
    clock.shift(timedelta(days=14))
    sign_in(note.author)
    assert "overdue" not in client.get("/clinic/requests").text, "the sixtieth day is in time"
    assert send(client, wish, "extend", {"reason": "The author is away."}).location == url(wish)
    assert "The author is away." in client.get(url(wish)).text
    twice = send(client, wish, "extend", {"reason": "Again."})
    assert "only one time" in twice.text
    clock.shift(timedelta(days=1))
    sign_in(note.author)
    assert client.get("/clinic/requests").text.count("overdue") == 1
    assert "The first 60 days are over" in send(client, late, "extend", {"reason": "Busy."}).text
    session.expire_all()
    assert [each.text for each in wishes.waiting(session, lambda _model: wishes.AmendmentRequest.id.is_not(None))] == [
        "One",
        "Two",
    ]


def test_who_does_not_treat_her_sees_none_of_it(client, make, sign_in, wish):
    for person in (make.therapist(), make.front_desk(), make.member(wish.patient, make.assistant())):
        sign_in(person)
        assert client.get(url(wish)).status_code == 404
        assert WORDS not in client.get("/clinic/requests").text


def test_a_draft_needs_no_request(client, make, sign_in):
    draft = make.note()
    sign_in(draft.author)
    at = f"/clinic/requests/notes/{draft.id}"
    assert client.get(at).location == f"/clinic/notes/{draft.id}"
    sent = client.submit(at, {**RECEIVED, "received_on": date(2026, 9, 1).isoformat()}, at="/clinic")
    assert sent.location == f"/clinic/notes/{draft.id}"


def test_nothing_waits_says_so(client, make, sign_in):
    sign_in(make.therapist())
    assert "No request waits for an answer." in client.get("/clinic/requests").text
