"""The pages of phrases, one's own and the clinic's alike."""

from __future__ import annotations

import pytest

from intake.store import phrases

PLACES = {"/account/phrases": "therapist", "/admin/phrases": "admin"}


@pytest.fixture(params=PLACES)
def place(request):
    return request.param


@pytest.fixture
def writer(make, sign_in, place):
    user = make.user(PLACES[place])
    sign_in(user)
    return user


@pytest.fixture
def own(session, writer, place):
    def found():
        session.expire_all()
        return {row.word: row for row in phrases.of(session, writer if "account" in place else None)}

    return found


def send(client, place, word=".tol", text="{n} times", version="0"):
    return client.submit(place, {"word": word, "stands_for": text, "version": version}, at=place)


def test_a_phrase_is_written_changed_and_removed(client, place, own):
    assert "/phrases" in send(client, place).location
    assert own()[".tol"].stands_for == "{n} times"
    page = client.get(place).text
    assert "{n} times" in page
    assert send(client, place, text="{n} x daily", version="1").status_code == 303
    assert own()[".tol"].stands_for == "{n} x daily"
    gone = client.submit(f"{place}/remove", {"word": ".tol", "version": "2"}, at=place)
    assert gone.status_code == 303
    assert own() == {}


@pytest.mark.parametrize("word", ["tol", ".", ".a b", ".Tol", ".1a", ".tol!", ".x" * 30])
def test_a_word_that_cannot_be_told_from_text_is_refused_and_shown_again(client, place, own, word):
    page = send(client, place, word=word, text="Kept on the page")
    assert page.status_code == 422
    assert "Kept on the page" in page.text
    assert own() == {}


def test_a_word_that_is_taken_is_refused(client, place, own):
    send(client, place, text="First")
    page = send(client, place, text="Second")
    assert page.status_code == 422
    assert "already" in page.text
    assert "Second" in page.text
    assert own()[".tol"].stands_for == "First"


def test_a_phrase_that_was_changed_meanwhile_is_not_overwritten_unseen(client, place, own):
    send(client, place, text="First")
    send(client, place, text="Second", version="1")
    page = send(client, place, text="Third", version="1")
    assert page.status_code == 409
    assert "Third" in page.text
    assert "Second" in page.text
    assert own()[".tol"].stands_for == "Second"
    assert 'name="version" value="2"' in page.text
    assert send(client, place, text="Third", version="2").status_code == 303
    stale = client.submit(f"{place}/remove", {"word": ".tol", "version": "1"}, at=place)
    assert "still here" in client.get(stale.location).text
    assert own()[".tol"].stands_for == "Third"


def test_those_that_come_with_fernleaf_are_listed(client, place, own):
    assert ".kegel" in client.get(place).text
    assert own() == {}
