"""A link from another site leads on without a cookie, so that it ends nothing that is open in that browser."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from intake.web import arrivals
from tests.web.world import routes

LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
ONWARD = re.compile(r'<a class="button primary" href="([^"]*)"( data-onward)?')
REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]*)"')


def followed(client, address, **more):
    """The answer to a link on a page of another site: the browser keeps the cookie back."""
    return FlaskClient.open(client, address, headers=LINK, **more)


def test_no_page_sets_a_cookie_for_a_link_from_elsewhere(app, new_client, world):
    for rule in routes(app, "GET"):
        for method in ("GET", "HEAD"):
            answer = followed(new_client(), world.address(rule), method=method)
            assert "Set-Cookie" not in answer.headers, rule.rule


@pytest.mark.parametrize("address", ["/f", "/sign-in", "/clinic", "/clinic?day=2026-09-15&x=a%20b", "/nowhere"])
def test_it_leads_on_to_the_same_address_once(client, address):
    page = followed(client, address)
    assert page.status_code == 200
    to, by_script = ONWARD.search(page.text).groups()
    to = to.replace("&amp;", "&")
    assert by_script
    assert REFRESH.search(page.text)[1].replace("&amp;", "&") == to
    led = FlaskClient.open(client, to)
    assert led.status_code == 303
    assert led.location.replace("+", "%20") == address


def test_where_that_counts_as_another_site_again_only_a_click_leads_on(client):
    page = followed(client, f"/f?{arrivals.MARK}=")
    assert (page.status_code, "Set-Cookie" in page.headers) == (200, False)
    assert not REFRESH.search(page.text)
    assert ONWARD.search(page.text)[2] is None


@pytest.mark.parametrize("path", ["//evil.example/f", "/\\evil.example", "///evil.example"])
def test_it_leads_nowhere_else(client, path):
    page = followed(client, "/", environ_overrides={"PATH_INFO": path})
    assert ONWARD.search(page.text)[1].startswith("/evil.example")


def test_it_says_nothing_about_who_is_here_or_what_for(client, make):
    make.clinic(name="Fernbank")
    page = followed(client, "/f").text
    assert "<title>Form</title>" in page
    assert "Fernbank" not in page
    assert "csrf_token" not in page


def test_without_it_the_cookie_would_be_another_one(app, client):
    hooks = app.before_request_funcs[None]
    at = hooks.index(arrivals._arrive)
    del hooks[at]
    try:
        answer = followed(client, "/sign-in")
    finally:
        hooks.insert(at, arrivals._arrive)
    assert "Set-Cookie" in answer.headers
