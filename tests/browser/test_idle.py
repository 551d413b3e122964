"""A page nobody is at any more empties itself when its sitting is over, and what was typed is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import doors
from tests.browser.filling import show
from tests.browser.looking import sound
from tests.browser.test_leaving import NEUTRAL, SAVED, by_click, weather
from tests.pages import place

pytestmark = pytest.mark.browser
PAGE = place("fn_goal_top")
GOAL = "#fn_goal_top"
NEARLY, OVER = "09:10", "01:00"  # minutes and seconds: into the last minute, and past it


@pytest.fixture
def page(visitor, clinic) -> Page:
    """A patient at a page of her form, whose clock can be put forward."""
    page = visitor()
    page.clock.install()
    doors.come_in(page, doors.invited(clinic))
    return show(page, PAGE)


def expect_closed(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("form, input, textarea")).to_have_count(0)
    expect(page.get_by_role("link", name="Leave this page")).to_be_visible()


def test_after_ten_minutes_the_page_empties_itself_and_says_how_to_come_back(page):
    expect(page.locator(".soon")).to_have_count(0)
    page.clock.fast_forward(NEARLY)
    expect(page.get_by_role("alert")).to_contain_text("closes in one minute")
    expect(page.locator(GOAL)).to_be_visible()
    page.clock.fast_forward(OVER)
    expect_closed(page)
    assert "Fernbank" not in page.locator("body").inner_text(), "what is left says whose page it was"
    sound(page, neutral=True)


def test_the_page_that_closed_leads_back_in(page):
    page.clock.fast_forward("30:00")
    expect_closed(page)
    page.get_by_role("link", name="Go on").click()
    expect(page.locator("main")).not_to_contain_text("This page is closed")
    expect(page).to_have_url("/f")


def test_a_word_keeps_the_page_open_and_so_does_the_button(page):
    page.clock.fast_forward(NEARLY)
    page.get_by_role("button", name="Keep it open").click()
    expect(page.locator(".soon")).to_have_count(0)
    page.clock.fast_forward(NEARLY)
    expect(page.locator(".soon")).to_have_count(1)
    page.locator(GOAL).fill("Run again")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.locator(".soon")).to_have_count(0)
    page.clock.fast_forward(OVER)
    expect(page.locator(GOAL)).to_have_value("Run again")


def test_what_was_typed_and_not_yet_sent_is_saved_before_the_page_is_emptied(page, watch):
    watch.allow(r"Failed to load resource: net::ERR_FAILED")
    page.route("**/f", lambda route: route.abort() if "x-autosave" in route.request.headers else route.continue_())
    page.locator(GOAL).fill("Run ag")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet. We keep trying.")
    page.unroute("**/f")
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers) as saved:
        page.clock.fast_forward("30:00")
    expect_closed(page)
    assert saved.value.json()["saved"]
    show(page, PAGE)
    expect(page.locator(GOAL)).to_have_value("Run ag")


def test_a_phone_that_slept_shows_nothing_when_it_wakes(page):
    page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=11))  # no timer runs with it
    expect(page.locator(GOAL)).to_be_visible()
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect_closed(page)


def test_while_the_button_waits_the_way_out_still_works(page, watch):
    watch.allow(rf"^request to another host: {re.escape(NEUTRAL)}$")
    weather(page)
    page.clock.fast_forward("30:00")
    expect_closed(page)
    by_click(page)
    expect(page).to_have_url(NEUTRAL)


def test_where_the_sitting_is_over_already_the_button_closes_the_page(page):
    page.clock.fast_forward(NEARLY)

    def ended(route: Route) -> None:
        route.fulfill(body="<title>Form</title><h1>Welcome back</h1>", content_type="text/html")

    page.route("**/f", ended)
    page.get_by_role("button", name="Keep it open").click()
    expect_closed(page)


def test_the_door_has_nothing_to_close(visitor):
    page = visitor()
    page.clock.install()
    page.goto("/f")
    page.clock.fast_forward("30:00")
    expect(page.get_by_label("Access code")).to_be_visible()
