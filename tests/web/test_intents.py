"""Every form that can be kept says in words what it would do."""

from __future__ import annotations

from html import unescape

import pytest

from intake.web import intents
from tests.builders import PASSWORD
from tests.web.world import routes


def keepable(app):
    """Forms behind the sign-in; those of the way in are never kept, and the patient has pages of her own."""
    for rule in routes(app, "POST"):
        view = app.view_functions[rule.endpoint]
        if view.permission is not None and not rule.endpoint.startswith(WAY_IN):
            yield rule


WAY_IN = ("account.lock.", "account.second.", "account.step_up.", "account.sign_in.")


def test_every_form_behind_the_sign_in_has_its_words_and_no_other(app):
    assert {rule.endpoint for rule in keepable(app)} == intents.WORDS.keys()


def test_the_words_are_found_by_the_address(app, world):
    with app.test_request_context():
        for rule in keepable(app):
            address = world.address(rule)
            assert intents.words(f"{address}?x=1") == intents.WORDS[rule.endpoint], address


@pytest.mark.parametrize("path", ["/nowhere", "/lock", "/sign-in", "/clinic/charts/x", "/f"])
def test_what_cannot_be_named_has_none(app, path):
    with app.test_request_context():
        assert intents.words(path) is None


def test_a_page_that_can_be_looked_at_first_is_known(app):
    with app.test_request_context():
        assert intents.can_be_opened("/admin/people")
        assert not intents.can_be_opened("/account/sessions/others/end")


@pytest.mark.parametrize("endpoint", sorted(intents.WORDS))
def test_a_kept_page_of_every_kind_opens(client, sign_in, world, app, endpoint):
    """It was sent while the screen was locked; behind the lock it waits, in words, for a click."""
    browser = sign_in(world.who_may(endpoint) or world.therapist)
    browser.get("/account/password")
    token = browser.token
    browser.submit("/lock/now", at="/account")
    address = next(world.address(rule) for rule in keepable(app) if rule.endpoint == endpoint)
    locked = browser.post(address, data={"csrf_token": token})
    page = browser.get(browser.submit(locked.location, {"password": PASSWORD}).location)
    assert page.status_code == 200
    assert str(intents.WORDS[endpoint]) in unescape(page.text)
