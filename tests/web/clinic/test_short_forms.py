"""Asking for a short form from the page of a visit."""

from __future__ import annotations

import re

import pytest

from intake.store import responses


@pytest.fixture
def visit(make):
    return make.visit(kind="follow-up")


def ask(client, visit, **fields):
    there = f"/clinic/visits/{visit.id}"
    return client.submit(f"{there}/short-forms", {"form": "check-in", "measure": "bladder", **fields}, at=there)


def page(client, visit):
    return re.sub(r"\s+", " ", client.get(f"/clinic/visits/{visit.id}").text)


def forms(session, visit):
    session.expire_all()
    return [each.form for each in responses.asked(session, visit.id)]


def test_the_therapist_asks_for_a_diary_and_for_a_short_form(client, sign_in, session, visit):
    sign_in(visit.therapist)
    assert "Ask for a 3-day bladder diary" in page(client, visit)
    assert ask(client, visit, form="bladder-diary", measure="").status_code == 303
    assert ask(client, visit).status_code == 303
    assert forms(session, visit) == ["check-in", "bladder-diary"], "what is kept for days comes last"
    shown = page(client, visit)
    assert "A bladder diary is asked for" in shown
    assert "Ask for a 3-day" not in shown


def test_what_waits_is_not_asked_twice(client, sign_in, session, visit):
    sign_in(visit.therapist)
    ask(client, visit)
    ask(client, visit)
    assert forms(session, visit) == ["check-in"]
    assert "asked for already" in page(client, visit)


@pytest.mark.parametrize("fields", [{"form": "intake"}, {"form": ""}, {"measure": "everything"}])
def test_only_what_is_offered_can_be_asked(client, sign_in, session, visit, fields):
    sign_in(visit.therapist)
    assert ask(client, visit, **fields).status_code == 400
    assert forms(session, visit) == []


def test_the_front_desk_is_not_offered_it(client, make, sign_in, session, visit):
    sign_in(make.front_desk())
    assert "short form" not in page(client, visit)
    assert ask(client, visit).status_code == 404
    assert forms(session, visit) == []


def test_a_measure_in_words_of_ours_is_asked_from_the_page_of_the_visit(client, make, sign_in, session, clock):
    visit = make.visit()
    sign_in(visit.therapist)
    there = f"/clinic/visits/{visit.id}"
    assert "How far you have come" in client.get(there).text
    assert client.submit(f"{there}/short-forms", {"form": "measure-groc"}, at=there).status_code == 303
    assert [each.form for each in responses.asked(session, visit.id)] == ["measure-groc"]
    for name in ("measure-care", "measure-alone", "evaluation", "clinic-measure-phq-9"):
        assert client.submit(f"{there}/short-forms", {"form": name}, at=there).status_code == 400
