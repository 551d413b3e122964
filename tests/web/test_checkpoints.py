"""Checkpoints are taken beside the requests: within 15 minutes of any act, and at once for a signature."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.forms import reader
from intake.security.sinks import Sink
from intake.store import checkpoints
from intake.web.checkpoints import LOOK_EVERY, Watch
from tests.builders import NOTE, PASSWORD, filled

DRAFT = re.compile(r'name="draft"[^>]*value="([0-9a-f]{64})"')


@pytest.fixture
def kept(app, tmp_path, session):
    """How many checkpoints the file holds, once whoever writes them is done."""
    path = tmp_path / "elsewhere" / "checkpoints"
    app.config["AUDIT_SINKS"] = (Sink("file", str(path), "file"),)

    def counted():
        thread = app.extensions["checkpoints"].thread
        if thread is not None:
            thread.join(20)
            assert not thread.is_alive()
        session.rollback()
        return len(path.read_text().splitlines()) if path.exists() else 0

    app.extensions["checkpoints"].looked_at = app.extensions["checkpoints"].thread = None
    yield counted
    app.config["AUDIT_SINKS"] = ()


@pytest.mark.dear
def test_an_act_leads_to_a_checkpoint_within_a_quarter_of_an_hour(clock, client, make, sign_in, kept, session):
    chart = f"/clinic/charts/{make.visit(therapist=(therapist := make.therapist())).patient_id}"
    sign_in(therapist)
    counts = []
    for _minute in range(40):
        client.get(chart)
        counts.append(kept())
        clock.shift(timedelta(minutes=1))
    assert [counts.index(number) for number in (1, 2, 3)] == [0, 15, 30]
    assert counts[-1] == 3
    assert checkpoints.last(session).receipts == {"file": "kept"}


def test_a_page_that_leaves_no_line_leads_to_none(client, kept, make):
    make.clinic()
    client.get("/f")
    assert kept() == 0


def test_a_signature_does_not_wait(clock, client, make, sign_in, kept):
    note = make.note(answers=filled(reader.latest("evaluation"), NOTE))
    sign_in(note.author).get(f"/clinic/charts/{note.patient_id}")
    assert kept() == 1
    clock.shift(timedelta(seconds=10))
    page = client.get(f"/clinic/notes/{note.id}/sign").text
    assert kept() == 1  # a look can wait for the next quarter of an hour
    fields = {"csrf_token": client.token, "password": PASSWORD, "draft": DRAFT.search(page)[1]}
    assert client.post(f"/clinic/notes/{note.id}/sign", data=fields).status_code == 303
    assert kept() == 2


def test_without_a_place_to_send_them_to_nobody_looks(app, client, make, sign_in, kept):
    app.config["AUDIT_SINKS"] = ()
    visit = make.visit()
    sign_in(visit.therapist).get(f"/clinic/charts/{visit.patient_id}")
    assert app.extensions["checkpoints"].thread is None


def test_a_place_that_fails_does_not_reach_the_page(app, client, make, sign_in, kept, session):
    app.config["AUDIT_SINKS"] = (Sink("mail", "owner@example.org", "mail"),)
    visit = make.visit()
    assert sign_in(visit.therapist).get(f"/clinic/charts/{visit.patient_id}").status_code == 200
    kept()
    assert checkpoints.last(session).receipts == {"mail": "failed"}


def test_a_process_looks_once_a_minute(make):
    watch, now = Watch(), make.now
    looks = [watch.is_time(now + timedelta(seconds=seconds)) for seconds in (0, 1, 59, 60, 61, 119, 120)]
    assert looks == [True, False, False, True, False, False, True]
    assert watch.is_time(now - timedelta(days=1))  # a clock that went back does not stop it
    assert timedelta(minutes=1) == LOOK_EVERY
