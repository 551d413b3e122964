"""A device that was handed over: usable by everybody, and nothing of the clinic or of an answer comes back on it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from intake.store import handovers, responses
from intake.store.handovers import Handover
from intake.store.visits import Visit
from tests.browser.filling import press
from tests.browser.looking import faults
from tests.browser.screens import PHONE
from tests.sizes import paired

pytestmark = pytest.mark.browser
TABLET = {"width": 820, "height": 1180}
NARROW = {"width": 320, "height": 640}
THANKS = "Please give the device back."


@pytest.fixture
def visit(clinic):
    """(id of a visit, e-mail of its therapist)."""
    with clinic.records() as make:
        made = make.visit()
        return made.id, made.therapist.email


@pytest.fixture
def device(staff, visit):
    """The therapist's own browser, handed over from the page of the visit: `device(script=False)`."""

    def handed(**more) -> Page:
        visit_id, email = visit
        page = staff(email, **more)
        page.goto(f"/clinic/visits/{visit_id}")
        press(page, page.get_by_role("button", name="Hand over this device"))
        expect(page).to_have_title("A form")
        return page

    return handed


def next_page(page: Page, button: str = "Continue") -> None:
    press(page, page.get_by_role("button", name=button, exact=True).last)


@pytest.mark.parametrize(("size", "script"), paired([PHONE, TABLET, NARROW], [False, True]))
def test_each_page_is_usable_with_a_thumb_with_script_and_without(device, size, script):
    page, found = device(size=size, script=script), []

    def look() -> None:
        if script:  # the rules of accessibility are a script themselves
            found.extend(faults(page, neutral=True))

    for _page in range(3):
        look()
        next_page(page)
    look()
    next_page(page, "I am done")
    expect(page.get_by_text(THANKS)).to_be_visible()
    look()
    assert found == []


def test_the_dark_theme_is_as_readable(device):
    page = device(size=TABLET, color_scheme="dark")
    assert faults(page, neutral=True) == []


@pytest.mark.parametrize("script", [True, False])
def test_going_back_shows_neither_the_clinic_nor_what_was_answered(device, visit, clinic, script):
    page = device(size=TABLET, script=script)
    page.get_by_role("radiogroup", name=re.compile("afraid")).get_by_label("Yes").check()
    next_page(page)
    for _step in range(4):
        page.go_back()
        expect(page).to_have_title("A form")
        expect(page.locator(":checked")).to_have_count(0)
    page.goto("/clinic")
    expect(page).to_have_title("A form")
    press(page, page.get_by_role("button", name="I am done").last)
    expect(page.get_by_text(THANKS)).to_be_visible()
    for _step in range(3):  # as far back as there were pages of the clinic, there is the sign-in
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^(Thank you|Sign in)$"))
        expect(page.locator(":checked")).to_have_count(0)
    page.goto("/clinic")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    with clinic.records() as make:
        (handover,) = make.session.scalars(select(Handover).where(Handover.visit_id == visit[0]))
        kept = responses.answers(make.session, handover.response_id)
        assert kept["ipv_afraid"]["value"] == "yes"


def leave_by_button(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def leave_by_keys(page: Page) -> None:
    for _press in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize(
    ("leave", "script"), [(leave_by_button, True), (leave_by_button, False), (leave_by_keys, True)]
)
def test_the_quick_way_out_ends_it_and_shows_the_same_page_as_the_end(device, visit, clinic, leave, script):
    page = device(size=TABLET, script=script)
    leave(page)
    expect(page.get_by_text(THANKS)).to_be_visible()
    page.reload()
    expect(page.get_by_text(THANKS)).to_be_visible()
    with clinic.records() as make:
        (handover,) = make.session.scalars(select(Handover).where(Handover.visit_id == visit[0]))
        assert not handovers.is_open(handover, make.now)
        assert handover.end_reason == "left"


def test_a_therapist_closes_it_from_another_device_and_reads_it_behind_a_button(device, staff, visit, clinic):
    with clinic.records() as make:
        patient = make.session.get_one(Visit, visit[0]).patient
        email = make.member(patient, make.therapist(), "therapist").email
    page, own = device(size=TABLET), staff(email)
    page.get_by_role("radiogroup", name=re.compile("afraid")).get_by_label("Yes").check()
    next_page(page)
    own.goto(f"/clinic/visits/{visit[0]}")
    assert faults(own) == []
    press(own, own.get_by_role("button", name="Close the form on that device"))
    page.reload()
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(own.get_by_text("Asked alone: please read before they leave.")).to_be_visible()
    press(own, own.get_by_role("button", name="Asked alone"))
    expect(own.get_by_role("heading", level=1)).to_contain_text("Asked alone")
    assert faults(own) == []
    own.get_by_label("Add what was done").fill("Seen alone.")
    press(own, own.get_by_role("button", name="Write this down"))
    expect(own.get_by_text("Seen alone.")).to_be_visible()
    own.goto(f"/clinic/visits/{visit[0]}")
    expect(own.get_by_text("Asked alone: please read before they leave.")).to_have_count(0)


def test_nobody_there_for_long_the_page_empties_itself(device, visit, clinic):
    page = device(size=TABLET)
    page.clock.install()
    page.reload()
    page.clock.run_for(430_000)
    expect(page.get_by_text("this page closes in one minute")).to_be_visible()
    page.clock.run_for(60_000)
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page.get_by_role("radiogroup")).to_have_count(0)
