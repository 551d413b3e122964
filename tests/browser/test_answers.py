"""Looking over answers on a phone, at a desk and on paper, and asking one part again in a real browser."""

from __future__ import annotations

import types

import pytest
from playwright.sync_api import expect

from intake.actions import reviews
from intake.store import responses
from tests.browser import doors
from tests.browser.looking import faults
from tests.browser.screens import DESK, PHONE

pytestmark = pytest.mark.browser
FIRST = {
    "pre_private": {"value": "yes"}, "pre_who": {"value": "me"}, "alg_any": {"value": "no"},
    "fn_goal_top": {"value": "Run with the stroller again"}, "ob_g": {"status": "in-person"},
    "sx_ok_to_ask": {"value": "in-person"}, "rf_unreal": {"status": "declined"}, "rf_bleed": {"value": "heavy"},
}  # fmt: skip


@pytest.fixture(scope="module")
def records(clinic):
    """A patient with two intakes that are in, the first reviewed; one answer differs."""
    with clinic.records() as make:
        therapist = make.therapist()
        first = make.intake(make.visit(make.patient(birth_date=doors.BORN), therapist), FIRST, submitted=True)
        reviews.mark(make.session, first, by=therapist, now=make.now)
        second = make.intake(
            make.visit(first.patient, therapist), {**FIRST, "alg_any": {"value": "yes"}}, submitted=True
        )
        return types.SimpleNamespace(
            therapist=therapist.email, first=first.id, second=second.id, visit=second.visit_id, make=make
        )


@pytest.fixture(scope="module")
def kept():
    """The therapist's cookies: a code of the app opens once in half a minute."""
    return {}


@pytest.fixture
def inside(staff, visitor, kept, records):
    """The therapist, signed in."""

    def entered(**more):
        if "state" not in kept:
            kept["state"] = staff(records.therapist).context.storage_state()
        return visitor(**{"size": DESK, "storage_state": kept["state"], **more})

    return entered


PAGES = {
    "the review of answers": "/clinic/charts/intakes/{second}",
    "only what changed": "/clinic/charts/intakes/{second}?show=changes",
    "answers that are reviewed": "/clinic/charts/intakes/{first}",
    "printing sensitive answers": "/clinic/charts/intakes/{second}/sensitive",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_each_page_is_usable_by_everybody(inside, records, name, size):
    page = inside(size=size)
    page.goto(PAGES[name].format(**vars(records)))
    assert faults(page) == []


def test_the_list_of_parts_leads_to_each_part_by_keyboard(inside, records):
    page = inside()
    page.goto(PAGES["the review of answers"].format(**vars(records)))
    jump = page.get_by_role("navigation", name="Parts of the form").get_by_role("link", name="Bladder")
    jump.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bladder\\:title")).to_be_focused()
    expect(page.locator("#bladder\\:title")).to_be_in_viewport()


def test_on_paper_the_answers_stand_and_the_buttons_do_not(inside, records):
    page = inside()
    page.goto(PAGES["the review of answers"].format(**vars(records)))
    page.emulate_media(media="print")
    for there in ("For the visit", "Warning signs, and what the patient was told", "“Run with the stroller again”"):
        expect(page.get_by_text(there, exact=True).first).to_be_visible()
    for gone in ("Mark as reviewed", "Ask again", "Answers as a PDF", "Only what changed (1)"):
        expect(page.get_by_text(gone, exact=True).first).to_be_hidden()


def test_a_part_is_asked_again_without_script_and_she_sees_it_alone_on_her_phone(inside, visitor, clinic, records):
    page = inside(script=False)
    page.goto(PAGES["the review of answers"].format(**vars(records)))
    page.get_by_label("Part", exact=True).select_option("bowel")
    page.get_by_label("For which visit").select_option(str(records.visit))
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Asked again.")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    code = page.locator("#code").inner_text()
    hers = visitor()
    doors.come_in(hers, code)
    expect(hers.get_by_text("Your clinic would like you to answer one part again.")).to_be_visible()
    assert faults(hers, neutral=True) == []
    expect(hers.locator(".task-list").first.locator("li")).to_have_count(1)
    hers.get_by_role("button", name="Go on: Pooping").click()
    expect(hers.get_by_text("Part 1 of 1")).to_be_visible()
    with clinic.records() as make:
        (asked,) = responses.following(make.session, records.second)
        assert asked.only == "bowel"
