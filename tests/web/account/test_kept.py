"""A page that was kept: its owner's alone, without secrets, for twelve hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.store import kept
from tests.builders import PASSWORD


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def page(clock, client, sign_in, user):
    """The address of a page that met the lock."""
    sign_in(user)
    client.get("/account/password")
    client.submit("/lock/now", at="/clinic")
    client.get("/lock")
    sent = {"csrf_token": client.token, "legal_name": "Rowan <Invented>", "password": "a secret of mine"}
    locked = client.post("/clinic/patients/new?x=1", data=sent)
    return "/kept/" + locked.location.partition("kept=")[2]


def unlock(client):
    return client.submit("/lock", {"password": PASSWORD})


def test_what_was_sent_stands_there_to_be_sent_on_without_its_secrets(client, page):
    unlock(client)
    shown = client.get(page).text
    assert 'action="/clinic/patients/new?x=1"' in shown
    assert "Rowan &lt;Invented&gt;" in shown
    assert "a secret of mine" not in shown
    assert "<dt>Legal name</dt>" in shown
    assert "csrf" not in shown.partition("<form")[0]
    assert "data-send" not in shown, "nothing goes on by itself"


def test_it_lies_in_a_box(client, page, session, user):
    row = session.query(kept.KeptPage).one()
    assert b"Rowan" not in row.content
    assert row.user_id == user.id


def test_it_is_not_shown_while_the_screen_is_locked_nor_to_anybody_else(client, page, new_client, make, sign_in):
    assert client.get(page).location.startswith("/lock")
    assert sign_in(make.therapist(), new_client()).get(page).status_code == 404


def test_it_is_gone_the_next_day(clock, client, page, session, user, make):
    clock.shift(timedelta(hours=13))
    kept.keep(session, kept.KeptPage(user_id=user.id, content=b"x", kept_at=make.now))
    session.commit()
    assert [row.content for row in session.query(kept.KeptPage)] == [b"x"]
