"""Looking for words in one chart: below the reader's ceiling, and nowhere but on the page."""

from __future__ import annotations

import pytest

from intake.clinical import additions
from intake.clinical.additions import Asked, Change
from intake.store import audit
from tests.raised import raise_to_safety

TOLD = {"fn_goal_top": {"value": "canary-goal in the care tier"}, "ti_triggers": {"value": "canary-velcro, private"}}
NOTED = {"im_impression": {"value": "canary-note of a scar"}, "hi_sexual": {"value": "canary-intimate"}}


@pytest.fixture
def intake(make):
    return make.intake(answers=TOLD, submitted=True)


@pytest.fixture
def note(make, intake):
    made = make.note(intake.visit, answers=NOTED, signed=True)
    make.add(made, "canary-added")
    return made


def search(client, patient_id, words):
    return client.submit(f"/clinic/charts/{patient_id}/search", {"words": words}, at=f"/clinic/charts/{patient_id}")


def test_answers_notes_addenda_and_plans_are_found_with_a_way_to_them(client, make, sign_in, intake, note):
    plan = make.plan(note, {"cp_findings": {"value": "canary-plan"}}, issued=True)
    sign_in(note.author)
    page = search(client, intake.patient_id, "CANARY").text
    for word in ("velcro", "goal", "note", "intimate", "added", "plan"):
        assert f"-{word}" in page, word
    for path in (f"charts/intakes/{intake.id}", f"notes/{note.id}", f"plans/{plan.id}"):
        assert f"/clinic/{path}" in page
    assert "<mark>canary</mark>" in page


def test_an_assistant_finds_nothing_that_is_private(client, make, sign_in, intake, note):
    sign_in(make.member(intake.patient))
    page = search(client, intake.patient_id, "canary").text
    assert "-goal" in page
    assert "-note" in page
    for word in ("velcro", "intimate", "added"):
        assert f"-{word}" not in page
    make.add(note, "canary-told to everybody", readers="everybody")
    assert "-told" in search(client, intake.patient_id, "canary").text
    assert "Nothing you may see" in search(client, intake.patient_id, "velcro").text


def test_an_assistant_finds_the_corrected_words_that_stand_in_the_note(client, make, sign_in, intake, note):
    def accept(question, old, new):
        wish = make.wish(note, "canary-wish", readers=additions.THERAPISTS)
        asked = Asked(str(wish.id), wish.received_on, wish.text, wish.readers)
        change = Change(question, old, new)
        make.add(note, addition=additions.accepted(asked, change, "canary-reason", additions.THERAPISTS))

    accept("im_impression", "scar", "canary-tear")
    accept("hi_sexual", "intimate", "canary-secret")
    sign_in(make.member(intake.patient))
    page = search(client, intake.patient_id, "canary-tear").text
    assert "<mark>canary-tear</mark>" in page
    assert f"/clinic/notes/{note.id}" in page
    page = search(client, intake.patient_id, "canary").text
    for word in ("wish", "reason", "secret"):
        assert f"canary</mark>-{word}" not in page, word
    assert "Nothing you may see" in search(client, intake.patient_id, "secret").text


def test_what_is_about_safety_at_home_is_found_by_nobody(client, make, sign_in, monkeypatch):
    raise_to_safety(monkeypatch, {"fn_goal_top"})
    intake = make.intake(answers=TOLD, submitted=True)
    sign_in(intake.visit.therapist)
    assert "-goal" not in search(client, intake.patient_id, "canary").text


def test_a_search_leaves_one_line_that_does_not_say_the_words(client, sign_in, session, intake):
    sign_in(intake.visit.therapist).get(f"/clinic/charts/{intake.patient_id}")
    session.rollback()
    before = len(audit.of_patient(session, intake.patient_id))
    answer = client.submit(
        f"/clinic/charts/{intake.patient_id}/search", {"words": "canary"}, at=f"/clinic/charts/{intake.patient_id}"
    )
    session.rollback()
    lines = [each for each in audit.of_patient(session, intake.patient_id)[before:] if each.action != "read.read-chart"]
    assert [(each.action, each.categories) for each in lines] == [("read.search-chart", "care sensitive")]
    assert "canary" not in answer.request.url


@pytest.mark.parametrize("words", ["", " ", "x", "x" * 101, "a\u202eb"])
def test_what_cannot_be_looked_for_says_why_and_keeps_what_was_typed(client, sign_in, intake, words):
    sign_in(intake.visit.therapist)
    answer = search(client, intake.patient_id, words)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_what_is_found_is_shown_as_words_and_never_as_markup(client, make, sign_in):
    intake = make.intake(answers={"fn_goal_top": {"value": "<b>bold</b> & run"}}, submitted=True)
    sign_in(intake.visit.therapist)
    page = search(client, intake.patient_id, "<b>bold").text
    assert "<mark>&lt;b&gt;bold</mark>" in page


def test_somebody_else_s_chart_cannot_be_searched(client, make, sign_in, intake):
    sign_in(make.therapist())
    client.get("/clinic")
    answer = client.post(
        f"/clinic/charts/{intake.patient_id}/search", data={"csrf_token": client.token, "words": "run"}
    )
    assert answer.status_code == 404
