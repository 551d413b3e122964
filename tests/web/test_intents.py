"""Every form that can be kept says in words what it would do."""

from __future__ import annotations

import pytest

from intake.web import intents
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
