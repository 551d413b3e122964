"""Every form that can be kept says in words what it would do."""

from __future__ import annotations

from html import unescape

import pytest

from intake.web import intents
from tests.builders import PASSWORD
from tests.sizes import share
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


@pytest.mark.dear
def test_a_kept_page_of_every_kind_opens(sign_in, world, app, backend):
    """It was sent while the screen was locked; behind the lock it waits, in words, for a click."""
    missing = [rule.endpoint for rule in share(keepable(app), backend) if not opens(app, sign_in, world, rule)]
    assert missing == []


def opens(app, sign_in, world, rule):
    """Whether such a page can be opened again."""
    browser = sign_in(world.who_may(rule.endpoint) or world.therapist)
    browser.get("/account/password")
    token = browser.token
    browser.submit("/lock/now", at="/account")
    locked = browser.post(world.address(rule), data={"csrf_token": token})
    page = browser.get(browser.submit(locked.location, {"password": PASSWORD}).location)
    return page.status_code == 200 and str(intents.WORDS[rule.endpoint]) in unescape(page.text)
