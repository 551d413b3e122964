"""What the demo shows of a course of care: months of notes and measures, each of its own day, and a bill."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask import g
from pypdf import PdfReader
from sqlalchemy import select

from intake.cli.demo import ZONE, _load, course, past, story
from intake.cli.demo.course import Practice
from intake.store.audit import AuditEvent
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.visits import Visit

PASSWORD = "four small copper boats"


def test_months_of_care_leave_a_chart_a_trend_and_a_superbill(app, session, monkeypatch):
    monkeypatch.setattr(app, "test_client_class", None)
    practice = Practice(app, PASSWORD, datetime.now(UTC).astimezone(ZONE))
    _load(app, PASSWORD, practice.opened)
    practice.open()
    course.walk(practice, lambda _line: None)

    found = session.scalars(select(Note).join(Visit, Visit.id == Note.visit_id).order_by(Visit.starts_at)).all()
    assert [(note.kind, note.is_late_entry) for note in found] == [(each.kind, each.is_late) for each in story.VISITS]
    assert all(note.is_signed for note in found)
    kinds = [entry.kind for note in found for entry in note.signatures]
    assert {"correction", "late-entry", "addendum"} <= set(kinds)
    for note, told in zip(found, story.VISITS, strict=True):
        waited = note.signed_at - note.visit.starts_at
        assert (waited > timedelta(hours=48)) == told.is_late
        assert note.visit.starts_at.astimezone(ZONE).date() == told.day(practice.now.date())
    times = session.scalars(select(AuditEvent.at).order_by(AuditEvent.seq)).all()
    assert all(one <= other for one, other in pairwise(times)), "the trail was written in the order of the days"
    number = session.scalars(select(Patient)).one().id
    bill = f"/clinic/notes/{found[-1].id}/superbill"
    session.rollback()

    tess = practice.walker("tess")
    chart = tess.open(f"/clinic/charts/{number}")
    assert story.NAME in chart
    assert "<svg" in tess.open(f"/clinic/charts/{number}/measures"), "a trend is drawn"
    assert story.PAYER in tess.open(bill)
    words = PdfReader(io.BytesIO(tess.fetch(f"{bill}/letter"))).pages[0].extract_text()
    assert "97110" in words


def test_what_happens_in_the_past_ends_with_it(app):
    then = datetime(2020, 1, 1, tzinfo=UTC)
    seen = []
    with past.at(app, then), app.app_context():
        seen.append(g.now)
    with app.app_context():
        seen.append("now" in g)
    assert seen == [then, False]
