"""Which kinds of notes are offered, which one is chosen already, and that pages name the kind."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.actions.refusals import NotReadyError
from intake.forms import conditions
from intake.store import notes as stored
from intake.store import responses
from tests.builders import NOTE, filled

MOST_FIELDS = 18  # with those of procedures and goals
OURS = ("Daily note", "Initial evaluation", "Re-evaluation", "Progress report", "Discharge summary")


def chart(patient):
    return f"/clinic/charts/{patient.id}"


def start(client, visit, kind):
    return client.submit(f"/clinic/notes/visits/{visit.id}", {"kind": kind}, at=chart(visit.patient))


def chosen(page):
    return re.findall(r'<option value="([^"]*)" selected>', page)


def test_a_therapist_is_offered_every_kind_and_the_first_note_is_an_evaluation(client, make, sign_in):
    visit = make.visit()
    sign_in(visit.therapist)
    page = client.get(chart(visit.patient)).text
    assert all(f">{title}<" in page for title in OURS)
    assert "Contact note" not in page
    assert chosen(page) == ["evaluation"]


def test_after_the_evaluation_a_visit_wants_a_daily_note_and_the_chart_names_each(client, make, sign_in):
    first = make.note(signed=True)
    make.visit(first.patient, first.author)
    sign_in(first.author)
    page = client.get(chart(first.patient)).text
    assert "Initial evaluation, " in page
    assert chosen(page) == ["daily-note", "daily-note"]


def test_a_note_that_is_written_ahead_is_no_treatment_day_before_its_visit(client, make, sign_in):
    first = make.note(make.visit(starts_at=make.now - timedelta(days=1)), signed=True)
    for days in range(1, 10):
        visit = make.visit(first.patient, first.author, starts_at=make.now + timedelta(days=days))
        make.note(visit, form="daily-note", ahead=True)
    sign_in(first.author)
    page = client.get(chart(first.patient)).text
    assert "rogress report with the next treatment day" not in page
    assert "treatment days since the last one" not in page


def test_an_assistant_is_offered_daily_notes_alone(client, make, sign_in):
    visit = make.visit()
    sign_in(make.member(visit.patient, make.assistant()))
    page = client.get(chart(visit.patient)).text
    assert re.findall(r'<option value="([^"]*)"', page) == ["daily-note"]


NO_KINDS = ["intake", "care-plan", "assessment", "late-entry", "contact-note", "no-such", "../evaluation"]


@pytest.mark.parametrize("kind", NO_KINDS)
def test_what_is_no_kind_of_note_at_a_visit_starts_nothing(client, make, sign_in, session, kind):
    visit = make.visit()
    sign_in(visit.therapist)
    refused = start(client, visit, kind)
    assert refused.location.startswith(chart(visit.patient))
    assert "Please choose what kind of note it is." in client.get(refused.location).text
    assert stored.of_patient(session, visit.patient_id) == []


def test_two_clicks_make_one_draft_and_another_kind_makes_another(client, make, sign_in, session):
    visit = make.visit()
    sign_in(visit.therapist)
    first = start(client, visit, "daily-note").location
    assert start(client, visit, "daily-note").location == first
    assert start(client, visit, "progress-report").location != first
    assert {note.kind for note in stored.of_patient(session, visit.patient_id)} == {"daily-note", "progress-report"}


def test_goals_go_on_in_the_next_note_and_a_met_one_does_not(client, make, sign_in, session):
    first = make.note(signed=True)
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    sign_in(first.author)
    start(client, visit, "daily-note")
    second = next(note for note in stored.of_patient(session, first.patient_id) if note.kind == "daily-note")
    (goal,) = responses.answers(session, second.response_id)["goal"]["value"]
    assert goal["goal_text"] == NOTE["goal"]["value"][0]["goal_text"]
    met = {**goal, "goal_status": {"value": "met"}}
    make.answer(second.response, filled(stored.responses.form_of(second.response), {"goal": {"value": [met]}}))
    make.sign(second)
    third = make.visit(first.patient, first.author)
    assert start(client, third, "daily-note").status_code == 303
    newest = next(note for note in stored.of_patient(session, first.patient_id) if note.visit_id == third.id)
    assert "goal" not in responses.answers(session, newest.response_id)


@pytest.mark.parametrize("kind", ["daily-note", "re-evaluation", "progress-report", "discharge"])
def test_every_page_about_a_note_names_its_kind(client, make, sign_in, kind):
    visit = make.visit()
    note = make.note(visit, kind=kind)
    sign_in(visit.therapist)
    title = note.title
    for path in ("", "/sign"):
        assert title in re.search(r"<title>(.*)</title>", client.get(f"/clinic/notes/{note.id}{path}").text)[1]
    assert f"<small>{title}</small>" in client.get("/clinic").text
    form = stored.responses.form_of(note.response)
    make.answer(note.response, filled(form, NOTE if "goal" in form.by_id else {}))
    make.sign(note)
    page = client.get(f"/clinic/notes/{note.id}").text
    assert f"<h1>{title}" in page
    assert title in client.get(f"/verify?code={note.signatures[0].code}").text


def test_a_daily_note_is_short_and_its_internal_findings_are_closed_until_consent(client, make, sign_in):
    note = make.note(kind="daily-note")
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    assert 'id="internal" class="closed"' in page
    asked = conditions.visible(stored.responses.form_of(note.response), {})
    assert "perfect_p" not in asked
    assert len(asked) <= MOST_FIELDS, sorted(asked)


def test_a_daily_note_says_how_long_the_treatment_was_and_may_have_no_open_goal(make):
    note = make.note(kind="daily-note")
    form = stored.responses.form_of(note.response)
    given = filled(form, {})
    make.answer(note.response, {name: answer for name, answer in given.items() if name != "pr_total"})
    with pytest.raises(NotReadyError) as refusal:
        make.sign(note)
    assert [reason.question for reason in refusal.value.reasons] == ["pr_total"]
    make.session.rollback()
    make.answer(note.response, {"pr_total": {"value": {"number": "0", "unit": "min"}}})
    assert make.sign(note).said.form == "daily-note"
