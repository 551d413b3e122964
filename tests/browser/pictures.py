"""Writes the pictures of the documentation: python -m tests.browser.pictures. Everybody in them is invented."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, expect, sync_playwright

from intake.app import create_app
from intake.cli.demo import ZONE, _load, course, journey, people, story
from intake.cli.demo.course import Practice
from intake.config import Config
from tests.browser import doors, work
from tests.browser.filling import answer_everything, press, show
from tests.browser.screens import DESK, TYPICAL
from tests.browser.served import Clinic, served
from tests.builders import COST, KEYS, PASSWORD
from tests.pages import place

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SCALE = 1.25  # pixels a point of paper: a letter page becomes 765 x 990
LARGEST = 200 * 1024
TESS = "tess"


def main() -> None:
    """Make all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "intake.db") as clinic,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        practice = _practice(clinic)
        _phone(_tab(browser, clinic, TYPICAL), _booked(practice), practice.now)
        page = _tab(browser, clinic, DESK)
        _sign_in(page, practice)
        _chart(page)
        _daily_note(page)
        _evaluation_and_plan(page, practice.now)
        browser.close()
    for path in sorted(FOLDER.glob("*.png")):
        size = path.stat().st_size
        print(f"{path.name}: {size // 1024} KB")  # noqa: T201 - it says what it made
        if size > LARGEST:
            sys.exit(f"{path.name} is larger than {LARGEST // 1024} KB")


def _tab(browser: Browser, clinic: Clinic, size: dict[str, int]) -> Page:
    return browser.new_context(base_url=clinic.url, viewport=size, reduced_motion="reduce").new_page()


def _practice(clinic: Clinic) -> Practice:
    """The clinic of the demo, with the months that one of its patients has come for."""
    app = create_app(Config(clinic.database_url, KEYS, public_url=clinic.url, password_cost=COST))
    practice = Practice(app, PASSWORD, datetime.now(UTC).astimezone(ZONE))
    _load(app, PASSWORD, practice.opened)
    practice.open()
    course.walk(practice, lambda _line: None)
    return practice


def _booked(practice: Practice) -> str:
    """Today somebody new is invited, and whoever has come for months comes again: the code of the invitation."""
    desk, noon = practice.walker("frankie"), practice.now.replace(hour=12, minute=0)
    code = journey.invite(desk, people.MAIN, people.BORN, noon)
    patient = f"/clinic/patients/{journey.patient_id(desk, story.NAME)}"
    journey.book(desk, patient, noon + timedelta(hours=1), "follow-up")
    return code


def _sign_in(page: Page, practice: Practice) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(next(person.email for person in people.STAFF if person.nick == TESS))
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_label("Code from your app").fill(practice.keys[TESS].code(later=1))
    press(page, page.get_by_role("button", name="Go on"))


def _phone(page: Page, code: str, now: datetime) -> None:
    doors.come_in(page, code)
    answer_everything(page, {**people.intake(now.date()), "rf_legs": ["rf_calf"]})
    show(page, place("ns_downshift"))
    page.screenshot(path=FOLDER / "intake-phone.png")
    show(page, "check")
    page.get_by_label("Your full name").fill(people.MAIN)
    press(page, page.get_by_role("button", name="Sign and send"))


def _to_chart(page: Page, name: str) -> None:
    page.goto("/clinic")
    press(page, page.get_by_role("link", name=name, exact=True).first)


def _chart(page: Page) -> None:
    """The top of a chart, and how its measures have moved."""
    _to_chart(page, story.NAME)
    page.screenshot(path=FOLDER / "chart.png")
    page.locator("#measures").screenshot(path=FOLDER / "measures.png")


def _daily_note(page: Page) -> None:
    """A note being written on the visit of today, with what the last one said beside its questions."""
    _to_chart(page, story.NAME)
    work.start_note(page)
    page.get_by_label("What the patient reports").fill("Ran for the bus, and thought of nothing.")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    page.locator("h1").click()  # out of the field, whose frame lies over what stands below it
    page.screenshot(path=FOLDER / "daily-note.png")


def _evaluation_and_plan(page: Page, now: datetime) -> None:
    _to_chart(page, people.MAIN)
    work.start_note(page)
    work.record_consent(page)
    work.open_section(page, "internal")
    work.record_findings(page, now.date())
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    page.locator("#popq").evaluate("(part) => part.scrollIntoView()")
    page.screenshot(path=FOLDER / "evaluation.png")
    work.sign_note(page)
    work.write_plan(page)
    address, _fingerprint = work.hand_over(page)
    document = pypdfium2.PdfDocument(page.request.get(address).body())
    document[1].render(scale=SCALE).to_pil().convert("P", palette=1, colors=64).save(
        FOLDER / "plan-page.png", optimize=True
    )


if __name__ == "__main__":
    main()
