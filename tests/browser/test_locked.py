"""A note that is open while its session locks or ends: what is typed there waits behind the way in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from intake.store.kept import KeptPage
from intake.store.people import User
from tests.browser.doors import age
from tests.browser.filling import press
from tests.builders import PASSWORD, code

pytestmark = pytest.mark.browser
FIRST, SECOND = "First sentence.", "First sentence. And a second one."


@pytest.fixture
def note(clinic):
    """A draft's address and its author's e-mail."""
    with clinic.records() as make:
        made = make.note()
        return f"/clinic/notes/{made.id}", made.author.email


def unlock(page: Page, _email: str) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Unlock", exact=True))


def sign_in_again(page: Page, email: str) -> None:
    expect(page.get_by_role("status")).to_contain_text("twelve hours")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_label("Code from your app").fill(code(later=1))  # the one of before is spent
    press(page, page.get_by_role("button", name="Go on", exact=True))


ENDS = {
    "locked": ({"seen_at": timedelta(minutes=16)}, r"/lock\?kept=", unlock),
    "twelve hours": ({"started_at": timedelta(hours=12, minutes=1)}, r"/sign-in\?kept=", sign_in_again),
}


@pytest.mark.parametrize(("changes", "way", "back_in"), ENDS.values(), ids=ENDS)
def test_what_is_typed_there_is_kept_and_shown_after_coming_back(clinic, staff, note, watch, changes, way, back_in):
    watch.allow(r"Failed to load resource: .* 401")
    address, email = note
    page = staff(email)
    page.goto(address)
    age(clinic, email, **changes)
    box = page.locator("textarea:visible").first
    with page.expect_request(lambda asked: "x-autosave" in asked.headers):
        box.fill(FIRST)
    page.wait_for_url(re.compile(way))
    with clinic.records() as make:
        of_hers = select(func.count()).select_from(KeptPage).join(User).where(User.email == email)
        assert make.session.scalar(of_hers) == 1
    back_in(page, email)
    expect(page.get_by_role("heading", name="This waits for you")).to_be_visible()
    expect(page.locator("dd.written", has_text=FIRST)).to_be_visible()
    press(page, page.get_by_role("button", name="Go on: Save a note"))
    page.goto(address)
    expect(page.locator("textarea:visible").first).to_have_value(FIRST)


def test_what_is_typed_while_the_answer_is_under_way_is_kept_with_it(clinic, staff, note, watch):
    watch.allow(r"Failed to load resource: .* 401")
    address, email = note
    page = staff(email)
    page.goto(address)
    age(clinic, email, seen_at=timedelta(minutes=16))
    box, sent = page.locator("textarea:visible").first, []

    def slowly(route) -> None:
        sent.append(route.request)
        if len(sent) == 1:
            box.fill(SECOND)
        route.continue_()

    page.route(f"**{address}", slowly)
    box.fill(FIRST)
    page.wait_for_url("**/lock?kept=*")
    assert len(sent) == 2
    unlock(page, email)
    expect(page.locator("dd.written", has_text=SECOND)).to_be_visible()
    press(page, page.get_by_role("button", name="Discard it"))
    page.goto("/account")
    expect(page.get_by_text("This waits for you")).to_have_count(0)
