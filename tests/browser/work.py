"""What the front desk and the therapist do in their pages: invite, write, sign, hand over."""

from __future__ import annotations

import re
from datetime import date, datetime

from playwright.sync_api import Page, expect

from intake.cli.demo import people
from tests.browser.filling import fill, press, where
from tests.builders import PASSWORD


def add_patient(page: Page, name: str, born: date) -> None:
    """The front desk adds a patient with a mobile phone that is safe to call."""
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("link", name="Add a patient").click()
    page.get_by_label("Legal name").fill(name)
    page.get_by_label("Date of birth").fill(born.isoformat())
    way = page.get_by_role("group", name="Mobile phone")
    way.get_by_label("Mobile phone").fill("555 0199")
    way.get_by_label("Is it safe?").select_option("Private and safe")
    press(page, page.get_by_role("button", name="Add patient"))


def add_visit(page: Page, starts_at: datetime, therapist: str) -> None:
    """The front desk adds a visit; the page of the visit follows."""
    page.get_by_label("When").fill(f"{starts_at:%Y-%m-%dT%H:%M}")
    page.get_by_label("With").select_option(therapist)
    page.get_by_label("Where").select_option(index=0)
    press(page, page.get_by_role("button", name="Add visit"))


def invite(page: Page) -> str:
    """The front desk makes an invitation: its link."""
    press(page, page.get_by_role("button", name="Make an invitation"))
    return page.locator("#link").inner_text().strip()


def start_note(page: Page) -> None:
    """From the chart to an empty note."""
    press(page, page.get_by_role("button", name="Start a note"))


def record_consent(page: Page) -> None:
    """What was explained, offered and agreed before an internal examination."""
    fill(page, people.consent())
    expect(page.get_by_role("status")).to_contain_text("Saved at")


def open_section(page: Page, section: str) -> None:
    """Open a section of the note that waited for consent."""
    press(page, page.locator(f"#{section}").get_by_role("button", name="Save draft and open"))


def record_findings(page: Page, today: date) -> None:
    """What was found, what it means and what was agreed."""
    fill(page, people.findings(today))


def sign_note(page: Page) -> None:
    """Check the note and sign it with the password."""
    press(page, page.get_by_role("button", name="Check and sign"))
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign this note"))


def write_plan(page: Page) -> None:
    """From the signed note to a care plan that is filled in and saved."""
    press(page, page.get_by_role("button", name="Make a care plan"))
    fill(page, people.plan())
    press(page, page.get_by_role("button", name="Save draft").and_(page.locator("[data-primary]")))


def hand_over(page: Page) -> tuple[str, str]:
    """Issue the plan: the address of its document and the fingerprint the page shows."""
    page.get_by_label("I have read the preview").check()
    press(page, page.get_by_role("button", name="Hand over this plan"))
    address = page.get_by_role("link", name=re.compile(r"\.pdf")).get_attribute("href")
    assert address, where(page)
    return address, page.locator("code").first.inner_text()
