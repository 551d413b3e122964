"""What waits for a click is told in words: who, whose record, and the options as they read on the page."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.web import retold
from intake.web.keeping import Sent
from tests.builders import PASSWORD


def told(client, path, **fields):
    """The page that shows what was sent while the screen was locked."""
    token = client.token
    client.submit("/lock/now", at="/account")
    locked = client.post(path, data={"csrf_token": token, **fields})
    return client.get(client.submit(locked.location, {"password": PASSWORD}).location).text


@pytest.fixture
def desk(client, sign_in, make):
    browser = sign_in(make.front_desk())
    browser.get("/account/password")
    return browser


def test_who_joins_whose_team_is_named(desk, make):
    patient, mallory = make.patient(legal_name="Nora Neighbor"), make.therapist(name="Mallory Colleague")
    shown = told(desk, f"/clinic/care-team/patients/{patient.id}", member=f"{mallory.id}:therapist")
    assert "Mallory Colleague (Therapist)" in shown
    assert "<dt>About</dt> <dd>Nora Neighbor" in shown
    assert "<code>/clinic/care-team/patients/…</code>" in shown
    assert f"<dd>{mallory.id}" not in shown


def test_a_visit_says_with_whom_where_and_what_kind(desk, make):
    patient, therapist, place = make.patient(), make.therapist(name="Thea Invented"), make.location("Main Street")
    fields = {"therapist": therapist.id, "location": place.id, "kind": "follow-up", "starts_at": "2026-12-01T10:00"}
    shown = told(desk, f"/clinic/patients/{patient.id}/visits", **fields)
    for words in ("Thea Invented", "Main Street", "Follow-up"):
        assert f">{words}</dd>" in shown


def test_a_chart_that_is_not_theirs_is_not_named(desk, make):
    note = make.note(make.visit(make.patient(legal_name="Nora Neighbor")))
    shown = told(desk, f"/clinic/notes/{note.id}/sign", sure="y")
    assert "Nora Neighbor" not in shown
    assert "not yours to open" in shown


def test_what_was_ticked_reads_as_on_the_page_and_what_only_counts_is_left_out(app):
    forms = (reader.latest("evaluation"), reader.latest("care-plan"))
    groups = [q for form in forms for q in form.questions() if q.kind == "group"]
    group, child = next((q, each) for q in groups for each in q.questions if each.options)
    option = child.options[0]
    sent = Sent("/x", ((f"{group.id}.count", "1"), (f"{group.id}.0.{child.id}", option.code)))
    with app.test_request_context():
        found = dict(retold.rows(sent))
    assert found == {child.text: option.text}


@pytest.mark.parametrize(
    ("value", "words"), [("~declined", "Prefers not to say"), ("yes", "Yes"), ("~other", "Something else")]
)
def test_ways_out_and_yes_and_no_are_words(app, value, words):
    form = reader.latest("evaluation")
    question = next(q for q in form.questions() if q.kind == "yes-no")
    with app.test_request_context():
        assert retold.rows(Sent("/x", ((question.id, value),))) == [(question.text, words)]
