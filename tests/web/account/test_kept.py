"""A page that was kept: its owner's alone, without secrets, for twelve hours, and never sent on by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from intake.config import ROOT
from intake.forms import reader
from intake.store import kept
from tests.builders import PASSWORD, code


@pytest.fixture
def user(make):
    return make.therapist()


@pytest.fixture
def page(clock, client, sign_in, user):
    """The address of a page that met the lock."""
    sign_in(user)
    client.get("/account/password")
    before = client.token
    client.submit("/lock/now", at="/clinic")
    sent = {"csrf_token": before, "legal_name": "Rowan <Invented>", "password": "a secret of mine"}
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
    assert "data-send" not in shown, "nothing goes on by itself"


def test_it_says_what_it_would_do_and_waits_for_a_click(client, page):
    unlock(client)
    shown = client.get(page).text
    assert shown.count("Add a patient") == 2, "once in words, once on the button"
    assert "<code>/clinic/patients/new?x=1</code>" in shown
    assert "data-send" not in shown
    assert "requestSubmit" not in (ROOT / "static" / "staff.js").read_text(encoding="utf-8")


def test_it_can_be_thrown_away(client, page, session):
    unlock(client)
    client.get(page)
    assert client.post(f"{page}/discard", data={"csrf_token": client.token}).status_code == 303
    assert session.query(kept.KeptPage).count() == 0
    assert client.get(page).status_code == 404


def test_answers_stand_under_their_questions(client, sign_in, make):
    note = make.note()
    sign_in(note.author)
    client.get(f"/clinic/notes/{note.id}")
    sent = {"csrf_token": client.token, "_version": "impression:2", "im_impression": "Half a sen", "im_other": ""}
    told = client.post(f"/lock/now?for=/clinic/notes/{note.id}", data=sent, headers={"X-Autosave": "1"})
    way = client.submit(told.json["go"], {"password": PASSWORD}).location
    shown = client.get(way).text
    question = reader.latest("evaluation").by_id["im_impression"].text
    assert f'<dt>{question}</dt> <dd class="written">Half a sen</dd>' in shown
    assert "impression:2</dd>" not in shown


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


# ---------------------------------------------------------------- pages that save themselves

LISTS = ("/account", "/clinic")


@pytest.fixture
def typing(clock, client, sign_in, make):
    """Saves what stands on an open note, as its script does."""
    note = make.note()
    sign_in(note.author)
    client.get(f"/clinic/notes/{note.id}")
    token = client.token

    def saved(words, **more):
        sent = {"csrf_token": token, "_version": "impression:2", "im_impression": words, **more}
        return client.post(f"/clinic/notes/{note.id}", data=sent, headers={"X-Autosave": "1"})

    saved.author = note.author
    return saved


def lapse(client, clock):
    clock.shift(timedelta(minutes=16))
    return lambda way: client.submit(way, {"password": PASSWORD})


def end_late(client, clock):
    clock.shift(timedelta(hours=12, minutes=1))

    def back_in(way):
        page = client.get(way)
        assert "twelve hours" in page.text
        data = {"csrf_token": client.token, "email": client.author.email, "password": PASSWORD}
        second = client.post(way, data=data)
        return client.submit(second.location, {"code": code()})

    return back_in


@pytest.mark.parametrize("over", [lapse, end_late])
def test_what_is_typed_on_an_open_page_after_the_end_waits_in_one_piece(client, clock, typing, session, over):
    client.author = typing.author
    back_in = over(client, clock)
    first = typing("First sentence.")
    assert first.status_code == 401
    last = typing("First sentence. And a second one.", _kept=first.json["go"].partition("kept=")[2])
    assert last.status_code == 401, "the cookie was not emptied"
    assert session.query(kept.KeptPage).count() == 1
    shown = client.get(back_in(last.json["go"]).location).text
    assert "And a second one." in shown


@pytest.mark.parametrize("address", LISTS)
def test_what_waits_is_found_again_by_whoever_went_elsewhere(client, clock, typing, address):
    back_in = lapse(client, clock)
    way = typing("Half a sentence").json["go"]
    back_in("/lock")
    page = client.get(address).text
    assert page.count("This waits for you") == 1
    assert f'href="/kept/{way.partition("kept=")[2]}">Save a note' in page


def test_nobody_finds_what_waits_for_somebody_else(client, clock, typing, sign_in, make):
    lapse(client, clock)
    typing("Half a sentence")
    sign_in(make.therapist())
    for address in LISTS:
        assert "This waits for you" not in client.get(address).text


def test_what_cannot_be_read_does_not_stand_in_the_way(client, clock, typing, session):
    back_in = lapse(client, clock)
    typing("Half a sentence")
    back_in("/lock")
    session.execute(update(kept.KeptPage.__table__).values(content=b"torn"))
    session.commit()
    page = client.get("/account")
    assert (page.status_code, "This waits for you" in page.text) == (200, False)
