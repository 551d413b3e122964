"""A bladder diary as the therapist reads it."""

from __future__ import annotations

import re

import pytest

from intake.store import beginnings


def entry(kind, clock, **more):
    fields = {"di_kind": kind, "di_time": clock, **{f"di_{name}": value for name, value in more.items()}}
    return {f"{name}_1": {"value": value} for name, value in fields.items()}


@pytest.fixture
def kept(make, session):
    visit = make.visit(kind="follow-up")
    response = beginnings.begin(session, visit, "bladder-diary", now=make.now)
    session.commit()
    out = entry("leak", "05:00", doing="Nothing of note") | {"di_removed_1": {"value": "yes"}}
    volume = {"number": "350", "unit": "mL"}
    entries = [
        entry("toilet", "02:30", volume=volume, urge="strong"),
        entry("leak", "09:00", leak="drops", doing="<b>Sneezed</b>"), out,
    ]  # fmt: skip
    make.answer(response, {"di_date_1": {"value": "2026-09-14"}, "di_entries_1": {"value": entries}})
    return response


def page(client, response):
    return re.sub(r"\s+", " ", client.get(f"/clinic/diaries/{response.id}").text)


def test_the_therapist_reads_the_numbers_and_every_entry(client, sign_in, kept):
    sign_in(kept.visit.therapist)
    shown = page(client, kept)
    assert "Largest measured void</dt><dd>350 ml" in shown
    assert "peed, 350 ml, strong urge" in shown
    assert "a few drops, “&lt;b&gt;Sneezed&lt;/b&gt;”" in shown
    assert "Sep 14, 2026" in shown
    assert "2:30 AM</strong> peed" in shown
    assert "Not handed in yet" in shown


def test_what_is_not_known_is_said_so_and_what_was_taken_out_is_gone(client, sign_in, kept):
    sign_in(kept.visit.therapist)
    shown = page(client, kept)
    assert "not known" in shown
    assert "Nothing of note" not in shown


def test_the_chart_leads_to_it(client, sign_in, kept):
    sign_in(kept.visit.therapist)
    assert f"/clinic/diaries/{kept.id}" in client.get(f"/clinic/charts/{kept.patient_id}").text


def test_an_empty_diary_says_so(client, make, sign_in, session):
    visit = make.visit(kind="follow-up")
    response = beginnings.begin(session, visit, "bladder-diary", now=make.now)
    session.commit()
    sign_in(visit.therapist)
    assert "Nothing is written down yet" in page(client, response)


def test_another_form_is_no_diary(client, make, sign_in):
    intake = make.intake()
    sign_in(intake.visit.therapist)
    assert client.get(f"/clinic/diaries/{intake.id}").status_code == 404


def test_nobody_else_can_tell_that_there_is_one(client, make, sign_in, kept):
    for who in ("therapist", "front-desk", "admin"):
        sign_in(make.user(who))
        assert client.get(f"/clinic/diaries/{kept.id}").status_code == 404
