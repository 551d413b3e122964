"""Links that work once, as they are opened: the code goes from the address into the page, and is sent with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from intake.actions import accounts
from tests.browser.filling import press
from tests.builders import PASSWORD, SECRET

pytestmark = pytest.mark.browser
FIELD = "Code of your link"


@pytest.fixture
def token(clinic):
    """What a new colleague's link carries."""
    with clinic.records() as make:
        return make.link(make.user("front-desk", password_hash=None))


def asked(page):
    """(address without fragment, headers) of everything the page will ask for."""
    found = []
    page.on("request", lambda request: found.append((request.url.partition("#")[0], dict(request.all_headers()))))
    return found


def test_the_code_of_a_link_is_filled_in_and_gone_from_the_address_and_no_request_tells_it(visitor, token):
    page = visitor()
    requests = asked(page)
    page.goto(f"/password#{token}")
    expect(page.get_by_label(FIELD)).to_have_value(token)
    expect(page).to_have_url(re.compile(r"/password$"))
    assert page.evaluate("history.length") <= 2, "nothing to go back to"
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, page.get_by_role("button", name="Keep this password"))
    expect(page.get_by_text("Your password is set")).to_be_visible()
    assert len(requests) > 3
    assert token not in str(requests)


def test_a_link_that_is_opened_on_the_page_it_leads_to_is_taken_as_well(visitor, token):
    page = visitor()
    page.goto("/password")
    expect(page.get_by_label(FIELD)).to_have_value("")
    page.evaluate("token => { location.hash = token; }", token)
    expect(page.get_by_label(FIELD)).to_have_value(token)
    expect(page).to_have_url(re.compile(r"/password$"))


def test_an_address_that_ends_in_something_else_fills_in_nothing(visitor):
    page = visitor()
    for other in ("#content", "#0123-4567-89AB", f"#{'a' * 44}", f"#{'%22' * 43}"):
        page.goto(f"/password{other}")
        expect(page.get_by_label(FIELD)).to_have_value("")


def test_without_script_the_link_is_pasted(visitor, token, clinic):
    page = visitor(script=False)
    page.goto("/password")
    page.get_by_label(FIELD).fill(f"{clinic.url}/password#{token}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, page.get_by_role("button", name="Keep this password"))
    expect(page.get_by_text("Your password is set")).to_be_visible()


def test_a_patient_s_page_takes_no_code_of_another_kind(visitor, clinic):
    with clinic.records() as make:
        setup = accounts.offer_setup(make.session, SECRET, now=make.now)
    page = visitor()
    page.goto(f"/f#{setup}")
    expect(page.get_by_label("Access code")).to_have_value("")
