"""A warning sign is answered at once, on the page that raised it, and somebody at the clinic finds it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import doors
from tests.browser.filling import expect_place, go_on, press, show

pytestmark = pytest.mark.browser
CHEST = "Chest pain, or a heart that races or skips"


@pytest.fixture
def invited(clinic):
    """(code, e-mail of her therapist, name) of somebody who is invited."""
    with clinic.records() as make:
        visit = make.visit(make.patient(birth_date=doors.BORN))
        code = make.codes[make.invitation(visit).id]
        return code, visit.therapist.email, visit.patient.name


def worklist_entry(page: Page, name: str):
    page.goto("/clinic/worklist")
    return page.get_by_role("row", name=re.compile(re.escape(name) + r"\b"))


def expect_the_message(page: Page) -> None:
    expect(page.locator("input[name=_at]")).to_have_value(re.compile("^message"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Please read this now")
    expect(page.get_by_role("link", name="Call 911").first).to_have_attribute("href", "tel:911")
    expect(page.get_by_role("link", name="Call 911").first).to_be_in_viewport()


def test_chest_pain_brings_the_message_without_pressing_continue(patient, staff, invited):
    code, email, name = invited
    page = patient(code)
    show(page, "page 2.1")
    page.get_by_label(CHEST).check()
    expect_the_message(page)
    press(page, page.get_by_role("button", name="I have read this"))
    expect_place(page, "page 2.2")
    entry = worklist_entry(staff(email), name)
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("Emergency")


def test_pressing_continue_while_the_page_is_being_saved_does_not_skip_the_message(patient, invited):
    page = patient(invited[0])
    show(page, "page 2.1")
    held: list[Route] = []
    page.route("**/f", lambda route: held.append(route) if "x-autosave" in route.request.headers else route.continue_())
    with page.expect_request(lambda request: "x-autosave" in request.headers):
        page.get_by_label(CHEST).check()
    page.get_by_role("button", name="Continue").click()
    for route in held:
        route.continue_()
    expect_the_message(page)


def test_chest_pain_brings_the_message_after_continue_without_script(patient, staff, invited):
    code, email, name = invited
    page = patient(code, script=False)
    show(page, "page 2.1")
    page.get_by_label(CHEST).check()
    go_on(page)
    expect_the_message(page)
    press(page, page.get_by_role("button", name="I have read this"))
    expect_place(page, "page 2.2")
    expect(worklist_entry(staff(email), name)).to_contain_text("Emergency")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_sign_ticked_by_mistake_stays_on_the_worklist_with_her_reply(patient, staff, invited, script):
    code, email, name = invited
    page = patient(code, script=script)
    show(page, "page 2.1")
    page.get_by_label(CHEST).check()
    if not script:
        go_on(page)
    expect_the_message(page)
    press(page, page.get_by_role("button", name="I ticked this by mistake"))
    expect_place(page, "page 2.1")
    page.get_by_label(CHEST).uncheck()
    for none in page.get_by_label("None of these").all():
        none.check()
    go_on(page)
    expect_place(page, "page 2.2")
    tess = staff(email)
    entry = worklist_entry(tess, name)
    expect(entry).to_contain_text("Emergency")
    expect(entry).to_contain_text("no longer in the answers")
    press(tess, entry.get_by_role("link").first)
    expect(tess.get_by_text("says it was ticked by mistake")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_sign_for_the_same_day_brings_its_message_on_the_page_at_once(patient, invited, script):
    page = patient(invited[0], script=script)
    show(page, "page 2.2")
    page.get_by_label("Not at all").check()
    page.get_by_label("No, but I feel hot or shivery").check()
    if not script:
        go_on(page)
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#notice")).to_be_in_viewport()
    expect(page.get_by_label("No, but I feel hot or shivery")).to_be_checked()
    go_on(page)
    expect_place(page, "page 2.3")


def test_what_she_answers_while_the_message_is_on_its_way_is_saved_before_it_shows(patient, invited):
    page = patient(invited[0])
    show(page, "page 2.2")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held or "x-autosave" not in route.request.headers:
            route.continue_()
        else:
            held.append(route)

    page.route("**/f", hold_the_first)
    with page.expect_request(lambda request: "x-autosave" in request.headers):
        page.get_by_label("No, but I feel hot or shivery").check()
    page.get_by_label("Not at all").check()
    held[0].continue_()
    expect(page.locator("#notice")).to_be_visible()
    expect(page.get_by_label("No, but I feel hot or shivery")).to_be_checked()
    expect(page.get_by_label("Not at all")).to_be_checked()
