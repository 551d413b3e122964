"""Asked alone at home, in a real browser: from her own form and back, with her own way out, and nothing behind it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from intake.store import responses
from intake.store.handovers import Handover
from intake.store.sessions import Login
from tests import pages
from tests.browser import doors
from tests.browser.filling import fill, go_on, press, show
from tests.browser.looking import faults
from tests.browser.screens import DESK, PHONE
from tests.sizes import paired

pytestmark = pytest.mark.browser
NEUTRAL = "https://www.weather.gov/"
NARROW = {"width": 320, "height": 640}
THANKS = "You can say more, or nothing more, at your visit."
OFFER = "Look at these questions"


@pytest.fixture
def offered(patient, clinic, watch):
    """A patient who has said that she is alone and nobody else knows her way in: `offered(script=False)`."""
    watch.allow("^console error at /f: Failed to load resource: .* 422")  # a page she leaves half filled in
    with clinic.records() as make:
        make.clinic().ask_at_home = True
        make.session.commit()

    def said(**more) -> Page:
        page = patient(doors.invited(clinic), **more)
        show(page, pages.place("pre_private"))
        page.get_by_role("radiogroup", name=re.compile("Can you answer alone")).get_by_label("Yes").check()
        page.get_by_label("I am, by myself").check()
        go_on(page)
        fill(show(page, pages.place("id_portal_shared")), {"id_portal_shared": "no"})
        go_on(page)  # what is missing there may be missing: what she said is kept
        return show(page, "tasks")

    return said


@pytest.fixture
def opened(offered):
    """The same on the first page that is answered alone."""

    def at_first(**more) -> Page:
        page = offered(**more)
        press(page, page.get_by_role("button", name=OFFER))
        press(page, page.get_by_role("button", name="Yes, I am alone"))
        expect(page).to_have_title("A form")
        return page

    return at_first


@pytest.fixture
def leaving(watch):
    """Going to the neutral site is no complaint."""
    watch.allow(rf"^request to another host: {re.escape(NEUTRAL)}$")


def weather(page: Page) -> None:
    page.context.route(NEUTRAL, lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>"))


def next_page(page: Page, button: str = "Continue") -> None:
    press(page, page.get_by_role("button", name=button, exact=True).last)


def the_last(clinic):
    """(the sitting that began last, its answers, whether her own sitting has ended)."""
    with clinic.records() as make:
        found = make.session.scalars(select(Handover).order_by(Handover.started_at.desc())).first()
        answers = responses.answers(make.session, found.response_id)
        own = make.session.scalars(select(Login).where(Login.invitation_id == found.invitation_id)).one()
        return found.end_reason, answers, own.ended_at is not None


@pytest.mark.parametrize(("size", "script"), paired([PHONE, NARROW, DESK], [True, False]))
def test_each_page_is_usable_with_a_thumb_and_she_comes_back_to_her_form(offered, clinic, size, script):
    page, found = offered(size=size, script=script), []

    def look() -> None:
        if script:  # the rules of accessibility are a script themselves
            found.extend(faults(page, neutral=True))

    look()
    press(page, page.get_by_role("button", name=OFFER))
    look()
    press(page, page.get_by_role("button", name="Yes, I am alone"))
    for _page in range(3):
        look()
        next_page(page)
    expect(page.get_by_text("Nobody is watching this form.")).to_be_visible()
    look()
    next_page(page, "I am done")
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page).to_have_title("Form")
    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)
    look()
    assert found == []
    assert the_last(clinic)[0] == "given-back"


def test_the_dark_theme_is_as_readable(offered):
    page = offered(color_scheme="dark")
    press(page, page.get_by_role("button", name=OFFER))
    assert faults(page, neutral=True) == []
    press(page, page.get_by_role("button", name="Yes, I am alone"))
    assert faults(page, neutral=True) == []


@pytest.mark.parametrize("script", [True, False])
def test_not_now_leads_kindly_back_and_it_is_not_offered_again(offered, clinic, script):
    page = offered(script=script)
    press(page, page.get_by_role("button", name=OFFER))
    press(page, page.get_by_role("button", name="Not now"))
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_going_back_after_the_end_shows_nothing_that_was_answered(opened, clinic, script):
    page = opened(script=script)
    page.get_by_role("radiogroup", name=re.compile("afraid")).get_by_label("Yes").check()
    next_page(page)
    page.go_back()
    expect(page).to_have_title("A form")
    expect(page.locator(":checked")).to_have_count(0)
    page.goto("/f")
    expect(page).to_have_title("A form")
    next_page(page, "I am done")
    expect(page.get_by_text(THANKS)).to_be_visible()
    for _step in range(4):
        page.go_back()
        expect(page.locator(":checked")).to_have_count(0)
        expect(page.get_by_text("How you are treated")).to_have_count(0)
    page.goto("/here")
    expect(page).to_have_title("Form")
    reason, answers, own_ended = the_last(clinic)
    assert (reason, answers["ipv_afraid"]["value"], own_ended) == ("given-back", "yes", False)


def by_button(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def by_keys(page: Page) -> None:
    for _press in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize(("leave", "script"), [(by_button, True), (by_button, False), (by_keys, True)])
def test_the_quick_way_out_is_her_own(opened, clinic, leaving, leave, script):
    page = opened(script=script)
    weather(page)
    page.get_by_role("radiogroup", name=re.compile("afraid")).get_by_label("Yes").check()
    leave(page)
    expect(page).to_have_title("Weather")
    page.goto("/here")
    expect(page.get_by_label("Access code")).to_be_visible()
    reason, answers, own_ended = the_last(clinic)
    assert (reason, answers, own_ended) == ("left", {}, True)


def test_another_tab_of_her_form_leads_to_it_and_keeps_what_she_typed(opened, clinic):
    page = opened()
    other = page.context.new_page()
    other.goto("/f")
    expect(other).to_have_title("A form")
    next_page(page, "I am done")
    other.reload()
    expect(other).to_have_title("Form")


def test_left_alone_for_long_it_empties_itself_and_leads_back_to_her_form(opened):
    page = opened()
    page.clock.install()
    page.reload()
    page.clock.run_for(430_000)
    expect(page.get_by_text("this page closes in one minute")).to_be_visible()
    page.clock.run_for(60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    expect(page.get_by_role("radiogroup")).to_have_count(0)
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_title("A form")  # to the server she was there until now: only the browser's clock ran ahead
    next_page(page, "I am done")
    expect(page).to_have_title("Form")


def test_keeping_it_open_after_the_clinic_has_closed_it_closes_it(opened, clinic):
    page = opened()
    page.clock.install()
    page.reload()
    page.clock.run_for(430_000)
    with clinic.records() as make:
        handover = make.session.scalars(select(Handover).order_by(Handover.started_at.desc())).first()
        handover.ended_at = make.now
        make.session.commit()
    page.get_by_role("button", name="Keep it open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    expect(page.get_by_role("radiogroup")).to_have_count(0)
