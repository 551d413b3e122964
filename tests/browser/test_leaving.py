"""The quick way out: at once, to a site that says nothing, and nobody finds an answer behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import doors

pytestmark = pytest.mark.browser
NEUTRAL = "https://www.weather.gov/"
PAGE = "/form/7/1"


def by_click(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def by_keys(page: Page) -> None:
    page.locator("#bl_day_voids").focus()
    for _press in range(3):
        page.keyboard.press("Shift")


WAYS = {
    "by click": (by_click, True),
    "by Shift three times": (by_keys, True),
    "by the plain link": (by_click, False),
}


@pytest.mark.parametrize(("leave", "script"), WAYS.values(), ids=WAYS)
def test_leaving_leads_to_the_neutral_site_and_ends_the_visit(clinic, patient, watch, leave: Callable, script: bool):
    watch.allow(rf"^request to another host: {re.escape(NEUTRAL)}$")
    page = patient(doors.invited(clinic), script=script)
    page.context.route(
        NEUTRAL, lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html")
    )
    page.goto(PAGE)
    page.locator("#bl_day_voids").fill("9")
    if script:
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    leave(page)
    expect(page).to_have_url(NEUTRAL)
    expect(page).to_have_title("Weather")
    page.go_back()
    expect(page).to_have_url("/start")
    expect(page.locator("#bl_day_voids")).to_have_count(0)
    page.goto(PAGE)
    expect(page).to_have_url("/start")


def test_two_presses_of_shift_or_other_keys_between_do_not_leave(clinic, patient):
    page = patient(doors.invited(clinic))
    page.goto(PAGE)
    for key in ("Shift", "Shift", "Tab", "Shift"):
        page.keyboard.press(key)
    expect(page).to_have_url(PAGE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
