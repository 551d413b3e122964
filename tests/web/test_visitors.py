"""How long a patient's sitting lasts, and what makes it last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store.sessions import Login
from tests.pages import answer, come_in, place, save, send, version, visit, where


@pytest.mark.parametrize(("minutes", "times", "stays"), [(9, 1, True), (11, 1, False), (9, 13, True), (9, 14, False)])
def test_it_ends_after_ten_minutes_idle_or_two_hours_in_all(client, enter, make, clock, minutes, times, stays):
    enter(make.invitation())
    for _time in range(times):
        clock.shift(timedelta(minutes=minutes))
        page = client.get("/f")
    assert (where(page) != "start") == stays


@pytest.mark.parametrize(("minutes", "stays"), [(4, True), (6, False)])
def test_where_others_use_the_device_it_ends_after_five_minutes_idle(client, make, clock, minutes, stays):
    assert come_in(client, make.codes[make.invitation().id], shared=True).status_code == 303
    clock.shift(timedelta(minutes=minutes))
    assert (where(client.get("/f")) != "start") == stays


def autosave(client, seen, value):
    fields = {"fn_goal_top": value, "_version": seen}
    return send(client, place("fn_goal_top"), fields, headers={"X-Autosave": "1"}).json


@pytest.mark.parametrize("writes", [True, False])
def test_saving_by_itself_makes_it_last_only_when_something_changed(client, enter, make, clock, writes):
    enter(make.invitation())
    seen = version(visit(client, place("fn_goal_top")))
    said = autosave(client, seen, "Run")
    for number in range(3):
        clock.shift(timedelta(minutes=4))
        said = autosave(client, said["version"], f"Run {number}" if writes else "Run")
    assert (said["saved"] is not None) == writes


def test_being_there_is_noted_once_a_minute_at_most(client, enter, make, clock, session):
    enter(make.invitation())
    started = session.scalars(select(Login)).one().seen_at
    clock.shift(timedelta(seconds=50))
    client.get("/f")
    assert session.scalars(select(Login)).one().seen_at == started
    clock.shift(timedelta(seconds=20))
    client.get("/f")
    assert session.scalars(select(Login)).one().seen_at > started


def test_a_patient_who_pauses_for_two_minutes_loses_nothing_when_she_saves(clock, client, make, enter, session):
    enter(make.invitation())
    page = visit(client, place("pre_private"))
    clock.shift(120)
    saved = save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"}, at=version(page))
    assert saved.status_code == 303
    login = session.scalars(select(Login).where(Login.invitation_id.is_not(None))).one()
    assert (login.seen_at - login.started_at).total_seconds() >= 120


def test_the_cookie_names_a_sitting_and_neither_her_nor_where_she_is(client, enter, make):
    invitation = make.invitation()
    enter(invitation)
    answer(client, "fn_goal_top", "Run again", autosave=True)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert set(kept) == {"patient", "csrf_token"}
    # A space is in no token: a short word alone may stand in one by chance.
    for word in (str(invitation.id), str(invitation.visit_id), "page ", "Run again", make.codes[invitation.id]):
        assert word not in str(kept)


@pytest.mark.parametrize(("shared", "seconds"), [(False, 600), (True, 300)])
def test_a_page_says_how_long_its_sitting_lasts(client, make, clock, shared, seconds):
    code = make.codes[make.invitation().id]
    assert "data-left" not in client.get("/f").text
    come_in(client, code, shared=shared)
    assert f'data-left="{seconds}"' in client.get("/f").text
    clock.shift(timedelta(seconds=40))
    assert f'data-left="{seconds - 40}"' in client.get("/f").text, "being there is written once a minute"
    clock.shift(timedelta(seconds=40))
    assert f'data-left="{seconds}"' in client.get("/f").text


def test_near_two_hours_a_page_says_what_is_left_of_them(client, enter, make, clock):
    enter(make.invitation())
    for _time in range(13):
        clock.shift(timedelta(minutes=9))
        page = client.get("/f")
    assert 'data-left="180"' in page.text


def test_what_saves_itself_learns_how_long_the_sitting_lasts_now(client, enter, make, clock):
    enter(make.invitation())
    seen = version(visit(client, place("fn_goal_top")))
    clock.shift(timedelta(minutes=5))
    said = autosave(client, seen, "Run")
    assert said["left"] == 600
    clock.shift(timedelta(minutes=2))
    assert autosave(client, said["version"], "Run")["left"] == 480, "nothing changed, so nothing lasts longer"
