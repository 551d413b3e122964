"""Links from other sites: who follows one stays in, and arrives with what stands behind the #."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from intake.store import responses
from tests.browser import doors
from tests.browser.filling import show
from tests.browser.screens import DESK
from tests.pages import place

pytestmark = pytest.mark.browser
MAIL = "http://mail.example/"
PAGE = place("bl_day_voids")
SAVED = re.compile(r"Saved at \d\d:\d\d")
both = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture(autouse=True)
def _mail(watch):
    watch.allow(rf"^request to another host: {re.escape(MAIL)}")


def follow(page: Page, address: str) -> Page:
    """Open a message in a tab of its own, and the link in it."""
    tab = page.context.new_page()
    message = f'<title>Mail</title><a href="{address}">Link</a>'
    tab.route(MAIL, lambda route: route.fulfill(body=message, content_type="text/html"))
    tab.goto(MAIL)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    tab.get_by_role("link", name="Link").click()
    expect(tab.get_by_role("heading", name="One moment")).to_have_count(0)
    tab.wait_for_load_state()
    assert len(asked) <= 4, asked  # the link, on from there, without the mark, and what that leads to
    return tab


@both
def test_whoever_works_here_stays_in_and_sees_the_page_of_the_link(clinic, staff, script):
    with clinic.records() as make:
        note = make.note()
        email, address = note.author.email, f"/clinic/notes/{note.id}"
    work = staff(email, script=script)
    work.goto(address)
    arrived = follow(work, f"{clinic.url}/clinic")
    expect(arrived).to_have_url(f"{clinic.url}/clinic")
    expect(arrived.get_by_role("link", name="Today")).to_be_visible()
    box = work.locator("textarea:visible").first
    box.fill("Typed after the link")
    if script:
        expect(work.locator("[data-saved]").first).to_have_text(SAVED)
    else:
        work.locator("[data-primary]").first.click()
    with clinic.records() as make:
        assert "Typed after the link" in str(responses.answers(make.session, note.response_id))


@both
def test_a_patient_who_is_in_stays_in(clinic, patient, script):
    page = patient(doors.invited(clinic), script=script)
    show(page, PAGE)
    arrived = follow(page, f"{clinic.url}/f")
    expect(arrived).to_have_url(f"{clinic.url}/f")
    expect(arrived.locator("#bl_day_voids")).to_be_visible()
    assert arrived.evaluate("history.length") <= 3, "the page in between is nothing to go back to"


def test_the_link_of_her_code_leads_to_the_door_and_costs_her_nothing_on_the_open_page(clinic, patient):
    code = doors.invited(clinic)
    page = patient(code)
    show(page, PAGE)
    page.locator("#bl_day_voids").fill("9")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    arrived = follow(page, f"{clinic.url}/f#{code}")
    expect(arrived).to_have_url(f"{clinic.url}/f")
    expect(arrived.get_by_label("Access code")).to_have_value(code)
    page.locator("#bl_day_voids").fill("8")
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers) as saved:
        page.locator("#bl_nocturia").fill("2")
    assert saved.value.json()["saved"]
    doors.give_birth_date(arrived)
    expect(arrived.locator("#bl_day_voids")).to_have_value("8")
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers) as saved:
        page.locator("#bl_nocturia").fill("3")
    assert saved.value.json()["saved"]
    arrived.reload()
    expect(arrived.locator("#bl_nocturia")).to_have_value("3")


@both
def test_a_first_link_leads_to_the_door_with_its_code(clinic, visitor, script):
    code = doors.invited(clinic)
    page = visitor(script=script)
    arrived = follow(page, f"{clinic.url}/f#{code}")
    expect(arrived).to_have_url(f"{clinic.url}/f")
    expect(arrived).to_have_title("Form")
    if not script:
        arrived.get_by_label("Access code").fill(code)
    expect(arrived.get_by_label("Access code")).to_have_value(code)
    doors.give_birth_date(arrived)


def test_a_link_of_ours_that_works_once_keeps_its_code(clinic, visitor):
    with clinic.records() as make:
        token = make.link(make.user("front-desk", password_hash=None))
    arrived = follow(visitor(size=DESK), f"{clinic.url}/password#{token}")
    expect(arrived.get_by_label("Code of your link")).to_have_value(token)
