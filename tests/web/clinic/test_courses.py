"""Goals over time, what is due of a plan of care, and what happened to it: in the chart and on the day's page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.store import courses

PLAN = {
    "poc_plan": {"value": "new"},
    "poc_duration": {"value": {"number": "8", "unit": "wk"}},
    "poc_certified": {"value": "yes"},
    "poc_provider": {"value": "Dr. Ash Romero"},
}
BY = {"value": "2099-01-01"}
NUMBER = {"goal_number": {"value": {"number": "1"}}}
GOAL = {
    "goal_text": {"value": "Walk 30 minutes dry"},
    "goal_target": {"value": "30"},
    "goal_due": {"value": "2099-01-01"},
}
CLOSE = {"gc_text": {"value": "No more sting"}, "gc_target": {"value": "2"}, "gc_due": BY}


@pytest.fixture
def planned(make):
    return make.note(answers=PLAN, signed=True, form="assessment")


def url(note):
    return f"/clinic/charts/{note.patient_id}/course"


def record(client, note, act="sent", who="Dr. Ash Romero", on="", **more):
    return client.submit(url(note), {"act": act, "on": on, "who": who, "way": "fax", **more})


def days(note, clock, count):
    clock.shift(timedelta(days=count))
    return note


def text(client, path):
    return " ".join(client.get(path).text.split())


@pytest.mark.parametrize(("later", "words"), [(15, None), (16, "by Oct"), (30, "by Oct"), (31, "overdue since Oct")])
def test_a_plan_is_due_on_the_day_s_page_when_its_days_come_up(client, clock, make, sign_in, later, words):
    note = make.note(
        answers={**PLAN, "poc_duration": {"value": {"number": "12", "unit": "wk"}}}, signed=True, form="assessment"
    )
    clock.shift(note.visit.starts_at - make.now + timedelta(days=later))
    sign_in(note.author)
    for path in ("/clinic", url(note), f"/clinic/charts/{note.patient_id}"):
        page = text(client, path)
        assert ("needs the signature of whoever certifies it" in page) is (words is not None)
        assert words is None or words in page


def test_what_is_due_is_for_her_own_therapist(client, clock, make, sign_in, planned):
    clock.shift(timedelta(days=40))
    sign_in(make.therapist())
    assert "whoever certifies" not in client.get("/clinic").text


def test_a_signature_that_came_back_settles_it(client, clock, make, sign_in, planned):
    clock.shift(timedelta(days=20))
    sign_in(planned.author)
    today = make.now.date().isoformat()
    assert record(client, planned, act="returned", on=today).status_code == 303
    assert "whoever certifies it" not in client.get(url(planned)).text


def test_an_order_on_file_and_the_plan_sent_in_time_settle_it(client, clock, make, sign_in, planned):
    clock.shift(timedelta(days=20))
    sign_in(planned.author)
    for act in ("order", "sent"):
        record(client, planned, act=act, on=make.now.date().isoformat())
    assert "by the order on file, and the plan sent in time" in client.get(url(planned)).text


def test_an_entry_that_was_wrong_is_taken_back_and_stays(client, clock, make, sign_in, planned, session):
    clock.shift(timedelta(days=20))
    sign_in(planned.author)
    record(client, planned, act="returned", on=make.now.date().isoformat())
    row = courses.of_patients(session, [planned.patient_id])[planned.patient_id][-1]
    assert client.submit(f"/clinic/charts/plan-events/{row.id}/take-back", at=url(planned)).status_code == 303
    page = client.get(url(planned)).text
    assert "taken back" in page
    assert "whoever certifies it" in page
    client.submit(f"/clinic/charts/plan-events/{row.id}/take-back", at=url(planned))
    assert "This entry was taken back already." in client.get(url(planned)).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on": "2999-01-01"}, "still to come"),
        ({"on": "2001-01-01"}, "more than two years ago"),
        ({"on": ""}, "Please fill this in."),
        ({"on": "2026-09-01", "who": ""}, "the plan has to go to whoever ordered it"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(client, make, sign_in, planned, fields, words):
    sign_in(planned.author)
    page = record(client, planned, **{"who": "Dr. Quill", **fields})
    assert page.status_code == 422
    assert words in page.text
    assert fields.get("who", "Dr. Quill") in page.text


@pytest.mark.parametrize("act", ["sent", "returned"])
def test_nothing_was_sent_or_signed_before_there_was_a_plan(client, clock, make, sign_in, planned, session, act):
    clock.shift(timedelta(days=20))
    sign_in(planned.author)
    made = courses.of_patients(session, [planned.patient_id])[planned.patient_id][0].happened_on
    page = record(client, planned, act=act, on=(made - timedelta(days=1)).isoformat(), who="Dr. Quill")
    assert page.status_code == 422
    assert "There was no plan of care yet on that day." in page.text
    assert "Dr. Quill" in page.text
    assert record(client, planned, act=act, on=made.isoformat()).status_code == 303


def test_a_signature_of_the_episode_before_is_recorded_and_serves_no_other(client, clock, make, sign_in):
    first = make.note(make.visit(starts_at=make.now), answers=PLAN, signed=True, form="assessment")
    clock.shift(timedelta(days=20))
    make.note(make.visit(first.patient, first.author, starts_at=make.now), form="discharge", signed=True)
    clock.shift(timedelta(days=2))
    sign_in(first.author)
    assert record(client, first, act="returned", on=make.now.date().isoformat()).status_code == 303
    clock.shift(timedelta(days=200))
    make.note(make.visit(first.patient, first.author, starts_at=make.now), answers=PLAN, signed=True, form="assessment")
    clock.shift(timedelta(days=31))
    sign_in(first.author)
    for path in ("/clinic", url(first)):
        assert "needs the signature of whoever certifies it, <strong>overdue since" in text(client, path)


def test_goals_are_followed_over_notes(client, make, sign_in):
    first = make.note(answers={"goal": {"value": [{**GOAL, **NUMBER}]}}, signed=True, form="assessment")
    step = {**GOAL, **NUMBER, "goal_now": {"value": "20 minutes"}, "goal_status": {"value": "progressing"}}
    make.note(
        make.visit(first.patient, first.author), answers={"goal": {"value": [step]}}, signed=True, form="assessment"
    )
    sign_in(first.author)
    page = text(client, url(first))
    assert "1. Walk 30 minutes dry" in page
    assert "20 minutes, Progressing" in page


def test_goals_about_sex_are_for_those_who_may(client, make, sign_in, session):
    note = make.note(answers={"goal_close": {"value": [CLOSE]}}, signed=True, form="assessment")
    sign_in(note.author)
    assert "No more sting" in client.get(url(note)).text
    for user in (make.member(note.patient), make.emergency(note.patient, make.therapist()).user):
        sign_in(user)
        page = client.get(url(note))
        assert page.status_code == 200
        assert "sting" not in page.text


def test_a_draft_has_no_goal_yet(client, make, sign_in):
    note = make.note(answers={"goal": {"value": [GOAL]}}, form="assessment")
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "No signed note has a goal yet." in page
    assert "No signed note has a plan of care that somebody certifies." in page
    assert "Nothing is recorded yet." in page


def test_the_progress_report_is_due_with_the_tenth_treatment_day(client, clock, make, sign_in, session):
    note = make.note()
    for number in range(1, 10):
        sign_in(note.author)
        told = "Progress report with the next treatment day" in client.get("/clinic").text
        assert told is (number == 9)
        clock.shift(timedelta(days=2))
        make.note(make.visit(note.patient, note.author, starts_at=make.now), form="assessment")
    sign_in(note.author)
    assert "Progress report: 10 treatment days, and none yet" in client.get("/clinic").text


@pytest.fixture
def treated(make, clock):
    """Ten treatment days, all signed; no report."""
    note = make.note(signed=True)
    for _number in range(9):
        clock.shift(timedelta(days=3))
        make.note(make.visit(note.patient, note.author, starts_at=make.now), form="daily-note", signed=True)
    clock.shift(timedelta(days=3))
    return note


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("progress-report", "A progress report is begun and not signed."),
        ("discharge", "A discharge summary is begun and not signed."),
    ],
)
def test_a_report_is_due_until_it_is_signed(client, make, sign_in, treated, kind, words):
    visit = make.visit(treated.patient, treated.author, starts_at=make.now)
    make.note(visit, form=kind)
    sign_in(treated.author)
    for path in ("/clinic", url(treated), f"/clinic/charts/{treated.patient_id}"):
        page = text(client, path)
        assert "Progress report: 10 treatment days, and none yet" in page
        assert words in page
    make.note(visit, form=kind, signed=True)
    for path in ("/clinic", url(treated), f"/clinic/charts/{treated.patient_id}"):
        assert "Progress report:" not in client.get(path).text


def test_what_is_begun_is_told_before_the_report_is_due(client, make, sign_in):
    note = make.note(make.visit(starts_at=make.now), signed=True)
    make.note(note.visit, form="progress-report")
    sign_in(note.author)
    page = text(client, url(note))
    assert "1 treatment day so far, and no progress report yet." in page
    assert "A progress report is begun and not signed." in page
    assert "Progress report:" not in page


def test_a_second_report_is_due_ten_days_after_the_first(client, clock, make, sign_in, treated):
    make.note(make.visit(treated.patient, treated.author, starts_at=make.now), form="progress-report", signed=True)
    for _number in range(10):
        clock.shift(timedelta(days=3))
        make.note(make.visit(treated.patient, treated.author, starts_at=make.now), form="daily-note")
    sign_in(treated.author)
    assert "Progress report: 10 treatment days since the last one" in client.get("/clinic").text


def test_a_visit_that_was_called_off_is_no_treatment_day(client, make, sign_in, session, treated):
    note = make.note(make.visit(treated.patient, treated.author, starts_at=make.now), form="daily-note")
    sign_in(treated.author)
    assert "11 treatment days so far" in client.get(url(treated)).text
    note.visit.cancelled_at = make.now
    session.commit()
    assert "10 treatment days so far" in client.get(url(treated)).text


def test_an_assistant_reads_what_is_due_and_records_nothing(client, make, sign_in, planned):
    sign_in(make.member(planned.patient))
    page = client.get(url(planned)).text
    assert "Record what happened" not in page
    assert client.submit(url(planned), {"act": "sent", "on": "2026-09-01"}, at="/clinic").status_code == 404
