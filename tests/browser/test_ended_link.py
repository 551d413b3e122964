"""The clinic ends a link while its patient types: in a real browser, with the script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from intake.actions import invitations
from intake.store import responses
from intake.store.sessions import Login
from tests.browser import doors
from tests.browser.filling import show
from tests.browser.looking import sound
from tests.pages import place

pytestmark = pytest.mark.browser
PAGE, GOAL, WORDS = place("fn_goal_top"), "#fn_goal_top", "Carry my child upstairs"


def newest():
    """The sittings of patients, the newest first."""
    return select(Login).where(Login.invitation_id.is_not(None)).order_by(Login.started_at.desc())


def end_link(clinic) -> str:
    """The clinic ends the link of the newest sitting; the code of a new one for the same visit."""
    with clinic.records() as make:
        ended = make.session.scalars(newest()).first().invitation
        invitations.revoke(make.session, ended, by=ended.visit.therapist, now=make.now)
        return make.codes[make.invitation(ended.visit).id]


def expect_told(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("The clinic ended this link")
    expect(page.locator("main")).to_contain_text("The page you were just on is kept apart")
    sound(page, neutral=True)


def expect_back(page: Page, clinic, code: str) -> None:
    page.get_by_role("link", name="I have a new code").click()
    page.get_by_label("Access code").fill(code)
    doors.give_birth_date(page)
    expect(page.locator(".error-summary, .banner").first).to_be_visible()
    with clinic.records() as make:
        sitting = make.session.scalars(newest()).first()
        found = responses.answers(make.session, responses.intake_of(make.session, sitting.invitation.visit_id).id)
    assert found["fn_goal_top"]["value"] == WORDS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_script_leads_to_what_became_of_the_link_and_her_words_are_kept(visitor, clinic, watch, scheme):
    watch.allow(r"Failed to load resource.*4(09|22)")
    page = visitor(color_scheme=scheme)
    doors.come_in(page, doors.invited(clinic))
    show(page, PAGE)
    code = end_link(clinic)
    page.locator(GOAL).fill(WORDS)
    expect_told(page)
    expect_back(page, clinic, code)


def test_without_script_continue_leads_there(visitor, clinic, watch):
    watch.allow(r"Failed to load resource.*422")
    page = visitor(script=False)
    doors.come_in(page, doors.invited(clinic))
    page.locator(f'[name=_go][value="{PAGE}"]').first.click()
    code = end_link(clinic)
    page.locator(GOAL).fill(WORDS)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The clinic ended this link")
    expect_back(page, clinic, code)
