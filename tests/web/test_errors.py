"""Pages for what goes wrong: plain words, an incident number, never a trace."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from intake.web.guard import public
from tests.emptied import new_app

CANARY = "marzipan-lighthouse"


@pytest.fixture
def broken(url):
    """A browser, and an address whose view fails with a secret in its message."""

    @public
    def fail():
        raise ValueError(CANARY)

    app = new_app(url)
    app.add_url_rule("/broken", view_func=fail)
    yield FlaskClient(app, app.response_class)
    app.extensions["engine"].dispose()


def test_a_fault_of_ours_shows_a_number_and_no_trace(broken):
    page = broken.get("/broken")
    assert page.status_code == 500
    assert "What was saved is still there" in page.text
    assert "tell the clinic this number" in page.text
    for word in (CANARY, "Traceback", "ValueError", ".py"):
        assert word not in page.text


def test_script_is_told_in_words_it_can_show(broken):
    reply = broken.get("/broken", headers={"X-Autosave": "1"})
    assert reply.status_code == 500
    assert reply.json["saved"] is None
    assert "Something went wrong" in reply.json["message"]
    assert CANARY not in reply.text


def test_a_mistake_gets_a_page_in_plain_words(client):
    for method, path, status, words in (
        ("GET", "/nowhere", 404, "cannot find this page"),
        ("DELETE", "/f", 405, "does not work here"),
        ("POST", "/f", 400, "open too long"),
    ):
        page = client.open(path, method=method)
        assert page.status_code == status
        assert words in page.text


def test_a_page_for_somebody_says_nothing_about_what_it_was_for(client, make, sign_in):
    note = make.note()
    sign_in(make.therapist())
    page = client.get(f"/clinic/notes/{note.id}").text
    assert "may not be for you" in page or "not for you to see" in page
    assert "note" not in page.lower().replace("notes", "").split("<main")[1]
