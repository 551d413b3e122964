"""What was typed in one window after the note was signed in another: shown once more, with a way into the record."""

from __future__ import annotations

import html
import re

import pytest

from intake.forms import reader
from intake.store import notes, responses
from intake.store.audit import AuditEvent
from tests.builders import NOTE, PASSWORD, filled
from tests.pages import version

DAILY = reader.latest("daily-note")
BEFORE = {"dn_done": {"value": "Walked on the treadmill"}, "dn_response": {"value": "No pain"}}
LATE = {"dn_done": "Walked on the treadmill", "dn_response": "Dizzy for a minute, then well"}
DUE = {"goal_due": {"value": "2027-12-01"}, "goal_number": {"value": {"number": "1"}}}
FULLER = {
    "dn_report": {"value": "Old wrong words"},
    "dn_pain": {"value": 3},
    "goal": {"value": [{"goal_text": {"value": "Walk"}, "goal_target": {"value": "1 mile"}, **DUE}]},
    "co_exam_type": {"value": ["none"]},
    "chaperone_offered": {"value": "yes"},
    "chaperone_outcome": {"value": "declined"},
    "pr_total": {"value": {"number": "45", "unit": "min"}},
}
WAS = {
    "dn_done": "Walked on the treadmill",
    "dn_response": "No pain",
    "dn_report": "Old wrong words",
    "dn_pain": "3",
    "goal.count": "1",
    "goal.0.goal_text": "Walk",
    "goal.0.goal_target": "1 mile",
    "goal.0.goal_due.year": "2027",
    "goal.0.goal_due.month": "12",
    "goal.0.goal_due.day": "1",
    "goal.0.goal_number": "1",
    "co_exam_type": "none",
    "chaperone_offered": "yes",
    "chaperone_outcome": "declined",
    "pr_total": "45",
    "pr_total.unit": "min",
}


@pytest.fixture
def draft(make):
    return make.note(form="daily-note", answers=filled(DAILY, BEFORE))


@pytest.fixture
def second_window(client, make, sign_in, draft):
    """The author's browser with the version of a page that was opened before the note was signed elsewhere."""
    sign_in(draft.author)
    read_at = version(client.get(url(draft)))
    make.session.refresh(draft)
    make.sign(draft)

    def send(fields, **headers):
        data = {"csrf_token": client.token, "_version": read_at, **fields}
        return client.post(url(draft), data=data, headers=headers)

    client.send = send
    return client


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def texts(page):
    """What stands in the boxes of a page, as it would be sent."""
    boxes = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    return [html.unescape(text).strip() for text in boxes]


def held(page):
    """{question: words, what the note says now} of what the page lists."""
    row = re.compile(r"<div><dt>(.*?)</dt> <dd[^>]*>(.*?)</dd></div>", re.DOTALL)
    return {html.unescape(question): html.unescape(words) for question, words in row.findall(page.text)}


@pytest.fixture
def overtaken(client, make, sign_in):
    """Send `typed` from a window that was opened before another one saved `elsewhere` and signed.

    Both are {field: words} beside all that the draft said when they were opened.
    """
    note = make.note(form="daily-note", answers=filled(DAILY, {**BEFORE, **FULLER}))
    sign_in(note.author)
    make.session.commit()

    def send(elsewhere, typed, **headers):
        read_at = version(client.get(url(note)))
        first = {"csrf_token": client.token, "_version": read_at, **WAS}
        if elsewhere:
            assert client.post(url(note), data={**first, **elsewhere}).status_code == 303
        make.session.expire_all()
        make.sign(note)
        return client.post(url(note), data={**first, **typed}, headers=headers)

    return send


def test_what_another_window_replaced_is_not_offered_for_signing_and_stands_beside_what_replaced_it(overtaken):
    page = overtaken({"dn_report": "New right words"}, {"dn_response": "Dizzy"})
    assert page.status_code == 409
    assert [("Dizzy" in text, "Old wrong words" in text) for text in texts(page)] == [(True, False), (True, False)]
    impression = next(words for words in held(page).values() if "Old wrong words" in words)
    assert "The note says now: \u201cNew right words\u201d" in impression
    told = "changed in another window, or taken out on signing, after this page was opened"
    assert page.text.index(told) < page.text.index("Old wrong words")


def test_words_typed_over_what_another_window_changed_are_shown_beside_it(overtaken):
    page = overtaken({"dn_report": "New right words"}, {"dn_report": "My own words"})
    assert "This is what you typed and what was not signed" not in page.text, "nobody knows that"
    assert any("My own words" in words and "New right words" in words for words in held(page).values())
    assert texts(page) == ["", ""], "the author copies what belongs there"


def test_an_answer_that_another_window_took_out_is_not_offered_for_signing(overtaken):
    page = overtaken({"dn_pain": ""}, {"dn_report": "My own words"})
    assert [("My own words" in text, "3/10" in text) for text in texts(page)] == [(True, False), (True, False)]
    assert "The note says nothing here now." in held(page)["Pain now (NPRS)"]


def test_an_answer_that_signing_took_out_is_not_offered_for_signing(overtaken):
    page = overtaken({"chaperone_offered": "no"}, {"dn_response": "Dizzy"})
    assert [("Dizzy" in text, "Declined" in text) for text in texts(page)] == [(True, False), (True, False)]
    outcome = held(page)["Outcome of the offer"]
    assert "Declined by the patient" in outcome
    assert "The note says nothing here now." in outcome


def test_beside_what_was_typed_stands_what_the_note_says_now(overtaken):
    page = overtaken({}, {"dn_response": "Dizzy"})
    assert any("Dizzy" in words and "The note says now: \u201cNo pain\u201d" in words for words in held(page).values())
    assert "Old wrong words" not in page.text


def test_of_a_list_only_what_was_typed_is_offered_for_signing(overtaken):
    page = overtaken({}, {"goal.count": "2", "goal.1.goal_text": "Lift the baby"})
    assert [("Lift the baby" in text, "1 mile" in text) for text in texts(page)] == [(True, False), (True, False)]


def test_words_that_cannot_be_read_are_held_back_where_another_window_changed_the_answer(overtaken):
    page = overtaken({"pr_total": "50"}, {"pr_total": "about an hour"})
    assert '<p class="written">about an hour</p><p class="last">The note says now: \u201c50 minutes\u201d' in page.text
    assert texts(page) == ["", ""]


def test_words_typed_after_the_note_was_signed_elsewhere_are_shown_and_nothing_that_was_changes(
    second_window, draft, session
):
    before = responses.answers(session, draft.response_id)
    page = second_window.send(LATE)
    assert page.status_code == 409
    assert "This note was signed meanwhile" in page.text
    assert '<p class="written">Dizzy for a minute, then well</p>' in page.text
    assert "Walked on the treadmill" not in page.text, "what was signed as it was typed is not lost"
    session.expire_all()
    assert responses.answers(session, draft.response_id) == before
    assert len(notes.get(session, draft.id).signatures) == 1


@pytest.mark.parametrize(
    ("path", "kind", "more"),
    [
        ("/addenda", "addendum", {}),
        ("/late-entries", "late-entry", {"reason": "Typed in another window", "source": "records"}),
    ],
)
def test_they_go_into_an_addendum_or_a_late_entry_as_they_were_typed(second_window, draft, session, path, kind, more):
    page = second_window.send(LATE)
    there = f'action="{url(draft, path)}"'
    assert there in page.text
    boxes = texts(page)
    assert len(boxes) == 2, "one for each way"
    assert all("Dizzy for a minute, then well" in text for text in boxes)
    assert page.text.count('name="readers"') == 2, "who reads it is chosen with each"
    sent = {"readers": "everybody", **more, "text": boxes[0], "password": PASSWORD, "csrf_token": second_window.token}
    assert second_window.post(url(draft, path), data=sent).status_code == 303
    session.expire_all()
    added = notes.get(session, draft.id).signatures[-1]
    assert added.kind == kind
    assert "Dizzy for a minute, then well" in added.said.addition.text


def test_words_that_could_not_be_read_are_shown_as_they_were_typed(second_window):
    page = second_window.send({**LATE, "pr_total": "forty-five or so"})
    assert page.status_code == 409
    assert "forty-five or so" in page.text


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {
                "pr.count": "2",
                "pr.0.pr_code": "97110",
                "pr.0.pr_minutes": "abc",
                "pr.1.pr_code": "97140",
                "pr.1.pr_minutes": "15",
            },
            ["What was done: 1. Minutes: abc"],
        ),
        ({"pr.count": "1", "pr.0.pr_code": "97110", "pr.0.pr_minutes": "abc"}, ["What was done: Minutes: abc"]),
    ],
)
def test_of_a_list_that_could_not_be_read_only_what_is_wrong_is_told_apart(second_window, fields, lines):
    box = texts(second_window.send(fields))[0].splitlines()
    assert [line for line in box if "abc" in line] == lines
    assert not {"What was done: 1", "What was done: 2", "What was done: 97110"} & set(box), "no loose lines"


def test_of_a_table_the_row_and_the_column_are_named(client, make, sign_in):
    draft = make.note(answers=filled(reader.latest("evaluation"), NOTE))
    sign_in(draft.author)
    read_at = version(client.get(url(draft)))
    make.session.refresh(draft)
    make.sign(draft)
    sent = {"csrf_token": client.token, "_version": read_at, "lp_slr.left.lp_slr_degrees": "steep"}
    page = client.post(url(draft), data=sent)
    assert texts(page)[0] == "Straight leg raise: Patient's left: Angle: steep"


def test_a_day_that_cannot_be_is_told_in_one_line_beside_the_goal_it_is_of(client, make, sign_in):
    draft = make.note(answers=filled(reader.latest("evaluation"), NOTE))
    sign_in(draft.author)
    read_at = version(client.get(url(draft)))
    make.session.refresh(draft)
    make.sign(draft)
    due = {"goal.0.goal_due.day": "31", "goal.0.goal_due.month": "2", "goal.0.goal_due.year": "2027"}
    typed = {"goal.count": "1", "goal.0.goal_text": "Lift the baby", **due}
    page = client.post(url(draft), data={"csrf_token": client.token, "_version": read_at, **typed})
    box = texts(page)[0]
    assert box.count("Lift the baby") == 1
    assert [line for line in box.splitlines() if "31" in line] == ["Goals: To be reached by: 2027-2-31"]


def test_a_page_that_holds_nothing_new_says_only_that_the_note_is_final(second_window):
    page = second_window.send({name: answer["value"] for name, answer in BEFORE.items()})
    assert page.status_code == 409
    assert "This is final" in page.text
    assert "<textarea" not in page.text


def test_while_it_saves_itself_the_page_says_where_the_words_go(second_window):
    reply = second_window.send(LATE, **{"X-Autosave": "1"})
    assert reply.status_code == 409
    assert reply.json["saved"] is None
    assert "signed meanwhile" in reply.json["message"]
    assert "Save draft" in reply.json["message"]


def test_the_attempt_stays_in_the_trail(second_window, session, draft):
    second_window.send(LATE)
    lines = session.query(AuditEvent).filter(AuditEvent.outcome == "not-now").all()
    assert [(line.action, line.subject_id) for line in lines] == [("access.denied", draft.id)]


def test_somebody_else_s_window_shows_nothing(client, make, sign_in, draft):
    make.session.refresh(draft)
    make.sign(draft)
    sign_in(make.therapist())
    client.get("/clinic")
    page = client.post(url(draft), data={"csrf_token": client.token, "_version": "treatment:1", **LATE})
    assert page.status_code == 404
    assert "Dizzy" not in page.text
