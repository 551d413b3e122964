"""Nothing she answered gets lost: not to a dead tab, a dead network, one bad value or a second tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from intake.store import responses
from intake.store.sessions import Login
from tests import pages
from tests.browser import doors
from tests.browser.filling import expect_place, go_on, press, show, where

pytestmark = pytest.mark.browser
PAGE, NEXT = pages.place("bl_day_voids"), pages.place("bl_leak_when")
SENSITIVE = pages.place("rf_harm_self")
GOAL, HEART = pages.place("fn_goal_top"), pages.place("rf_heart")
NEWEST = select(Login).where(Login.invitation_id.is_not(None)).order_by(Login.started_at.desc())
SAVED = re.compile(r"Saved at \d\d:\d\d")
ELSEWHERE = "This answer was changed in another window."
both = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


def day_trips(page: Page):
    return page.locator("#bl_day_voids")


def night_trips(page: Page):
    return page.locator("#bl_nocturia")


def saved(page: Page):
    return page.locator("[data-saved]")


def opened(page: Page, place: str = PAGE) -> Page:
    return show(page, place)


def another_tab(page: Page, place: str = PAGE) -> Page:
    return opened(page.context.new_page(), place)


def test_an_answer_is_saved_before_continue_is_pressed(clinic, patient):
    page = opened(patient(doors.invited(clinic)))
    day_trips(page).fill("9")
    expect(saved(page)).to_have_text(SAVED)
    page.reload()
    expect(day_trips(page)).to_have_value("9")


def test_what_cannot_be_kept_yet_is_not_called_saved_before_the_field_is_left(clinic, patient):
    page = opened(patient(doors.invited(clinic)))
    day_trips(page).press_sequentially("often")
    expect(saved(page)).to_have_text(re.compile(r"^Saved at \d\d:\d\d\. What is not finished yet is not saved\.$"))
    expect(page.locator(".error:visible")).to_have_count(0)
    day_trips(page).fill("9")
    expect(saved(page)).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))


def test_the_page_says_when_the_server_cannot_be_reached_and_saves_when_it_is_back(clinic, patient, watch):
    watch.allow(r"console error at /f: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
    watch.allow(r"console error at /f: Failed to load resource: net::ERR_FAILED")
    page = opened(patient(doors.invited(clinic)))
    tried: list[str] = []

    def unreachable(route: Route) -> None:
        tried.append(route.request.method)
        route.abort()

    page.route("**/f", unreachable)
    day_trips(page).fill("9")
    expect(saved(page)).to_have_text("Not saved yet. We keep trying.")
    assert set(tried) == {"POST"}  # one, or more when it was tried again already
    expect(day_trips(another_tab(page))).to_have_value("")
    page.unroute("**/f")
    expect(saved(page)).to_have_text(SAVED)
    expect(day_trips(another_tab(page))).to_have_value("9")


def test_she_comes_back_with_the_same_link_after_the_tab_was_killed(clinic, patient, visitor):
    code = doors.invited(clinic)
    page = opened(patient(code))
    day_trips(page).fill("9")
    expect(saved(page)).to_have_text(SAVED)
    opened(page, SENSITIVE)
    page.locator("[name=rf_harm_self][value=no]").check()
    expect(saved(page)).to_have_text(SAVED)
    page.context.close()
    again = visitor()
    again.goto(f"/f#{code}")
    doors.give_birth_date(again)
    expect(day_trips(opened(again))).to_have_value("9")
    opened(again, SENSITIVE)
    expect(again.get_by_text("Answered. Leave it, replace it or clear it.")).to_have_count(1)
    expect(again.locator(":checked")).to_have_count(0)


def test_a_sensitive_answer_is_on_the_check_page_only_as_answered(clinic, patient):
    page = opened(patient(doors.invited(clinic)), SENSITIVE)
    page.locator("[name=rf_harm_self][value=no]").check()
    expect(saved(page)).to_have_text(SAVED)
    opened(page, "check")
    row = page.locator(".summary-list > div", has_text="Have you had thoughts of hurting yourself")
    expect(row.locator("dd").first).to_have_text("Answered")


@both
def test_one_bad_value_does_not_cost_her_the_good_ones(clinic, patient, watch, script):
    watch.allow(r"console error at /f: Failed to load resource: .* 422")
    page = opened(patient(doors.invited(clinic), script=script))
    day_trips(page).fill("9")
    night_trips(page).fill("often")
    go_on(page)
    expect(page).to_have_title("Form")
    expect(day_trips(page)).to_have_value("9")
    expect(night_trips(page)).to_have_value("often")
    expect(night_trips(page)).to_have_attribute("aria-invalid", "true")
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary.locator("a").first).to_have_attribute("href", "#bl_nocturia")
    expect(day_trips(another_tab(page))).to_have_value("9")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(clinic, patient, watch):
    watch.allow(r"console error at /f: Failed to load resource: .* 422")
    page = opened(patient(doors.invited(clinic)))
    night_trips(page).fill("often")
    go_on(page)
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator('.error-summary a[href="#bl_nocturia"]').click()
    expect(night_trips(page)).to_be_focused()


@both
def test_the_browser_s_back_button_shows_the_page_she_is_on_and_loses_nothing(clinic, patient, script):
    page = opened(patient(doors.invited(clinic), script=script), pages.place("feed_mode"))
    page.locator("[name=feed_mode][value=breast]").check()
    go_on(page)
    page.locator("#slp_longest_h").fill("3.5")
    go_on(page)
    place = where(page)
    page.go_back()
    expect_place(page, place)
    press(page, page.get_by_role("button", name="Back"))
    expect(page.locator("#slp_longest_h")).to_have_value("3.5")
    press(page, page.get_by_role("button", name="Back"))
    expect(page.locator("[name=feed_mode][value=breast]")).to_be_checked()


@both
def test_enter_goes_on_and_not_back(clinic, patient, script):
    page = opened(patient(doors.invited(clinic), script=script))
    for field in ("#bl_day_voids", "#bl_nocturia"):
        page.locator(field).fill("2")
    page.locator("[name=bl_urgency][value=never]").check()
    page.locator("[name=bl_leak_any][value=yes]").check()
    with page.expect_navigation():
        page.locator("#bl_nocturia").press("Enter")
    expect_place(page, NEXT)


@both
def test_leaving_a_page_by_another_button_keeps_what_was_typed(clinic, patient, script):
    page = opened(patient(doors.invited(clinic), script=script))
    day_trips(page).fill("9")
    press(page, page.get_by_role("button", name="All parts"))
    expect_place(page, "tasks")
    expect(day_trips(opened(page))).to_have_value("9")


@both
def test_a_second_tab_cannot_overwrite_what_the_first_one_saved(clinic, patient, watch, script):
    watch.allow(r"console error at /f: Failed to load resource: .* (409|422)")
    first = opened(patient(doors.invited(clinic), script=script))
    second = another_tab(first)
    day_trips(first).fill("9")
    page_saved(first, script=script)
    day_trips(second).fill("12")
    if script:
        expect(saved(second)).to_have_text("Not saved yet. Press the button below to save.")
        second.keyboard.press("Tab")
        expect(second.get_by_text(ELSEWHERE)).to_be_visible()
    go_on(second)
    expect(second.locator(".error", has_text=ELSEWHERE)).to_be_visible()
    expect(day_trips(second)).to_have_value("12")
    expect(day_trips(another_tab(first))).to_have_value("9")


@both
def test_the_second_tab_can_keep_its_version_once_she_knows(clinic, patient, watch, script):
    watch.allow(r"console error at /f: Failed to load resource: .* (409|422)")
    first = opened(patient(doors.invited(clinic), script=script))
    second = another_tab(first)
    day_trips(first).fill("9")
    page_saved(first, script=script)
    day_trips(second).fill("12")
    go_on(second)
    go_on(second)
    expect(day_trips(another_tab(first))).to_have_value("12")


def page_saved(page: Page, *, script: bool) -> None:
    """The page is saved, by the script or by the button; required questions that are still open do not hinder that."""
    if script:
        expect(saved(page)).to_have_text(SAVED)
    else:
        go_on(page)


def test_who_types_on_while_the_form_was_handed_in_elsewhere_reads_so_and_keeps_her_words(clinic, patient, watch):
    watch.allow(r"console error at /f: Failed to load resource: .* 409")
    page = opened(patient(doors.invited(clinic)), GOAL)
    handed_in(clinic)
    page.locator("#fn_goal_top").fill("Carry my child")
    expect(saved(page)).to_contain_text("Your form is in already")
    expect(page.locator("#fn_goal_top")).to_have_value("Carry my child")
    go_on(page)
    expect(page.locator("main dd")).to_have_text("Carry my child")


def test_an_emergency_ticked_there_leads_to_the_numbers_at_once(clinic, patient, watch):
    watch.allow(r"console error at /f: Failed to load resource: .* 409")
    page = opened(patient(doors.invited(clinic)), HEART)
    handed_in(clinic)
    page.locator("[name=rf_heart][value=rf_chest]").check()
    expect(page.get_by_role("link", name="Call 911").first).to_be_visible()


def handed_in(clinic) -> None:
    """The form of who came in last is handed in from another device."""
    with clinic.records() as make:
        sitting = make.session.scalars(NEWEST).first()
        form = responses.intake_of(make.session, sitting.invitation.visit_id)
        form.status, form.completed_at = responses.COMPLETED, make.now
        make.session.commit()
