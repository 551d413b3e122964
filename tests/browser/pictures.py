"""Writes the pictures of the documentation: python -m tests.browser.pictures. Everybody in them is invented."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

from intake.cli.demo import people
from tests.browser import doors, work
from tests.browser.filling import answer_everything, press, show
from tests.browser.screens import DESK, TYPICAL
from tests.browser.served import Clinic, served
from tests.pages import place

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SCALE = 1.25  # pixels a point of paper: a letter page becomes 765 x 990
LARGEST = 200 * 1024
NEW_YORK = ZoneInfo("America/New_York")


def main() -> None:
    """Make all three."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "intake.db") as clinic,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        email, code = _somebody(clinic)
        _phone(_tab(browser, clinic, TYPICAL), code)
        _chart_and_plan(_tab(browser, clinic, DESK), email)
        browser.close()
    for path in sorted(FOLDER.glob("*.png")):
        size = path.stat().st_size
        print(f"{path.name}: {size // 1024} KB")  # noqa: T201 - it says what it made
        if size > LARGEST:
            sys.exit(f"{path.name} is larger than {LARGEST // 1024} KB")


def _tab(browser: Browser, clinic: Clinic, size: dict[str, int]) -> Page:
    return browser.new_context(base_url=clinic.url, viewport=size, reduced_motion="reduce").new_page()


def _somebody(clinic: Clinic) -> tuple[str, str]:
    with clinic.records() as make:
        make.clinic(name="Fern Hollow Clinic")
        patient = make.patient(legal_name=people.MAIN, birth_date=doors.BORN)
        noon = datetime.now(UTC).astimezone(NEW_YORK).replace(hour=12, minute=0)
        visit = make.visit(patient, make.therapist(name="Tess Therapist"), starts_at=noon)
        return visit.therapist.email, make.codes[make.invitation(visit).id]


def _phone(page: Page, code: str) -> None:
    today = datetime.now(UTC).astimezone(NEW_YORK).date()
    doors.come_in(page, code)
    answer_everything(page, {**people.intake(today), "rf_legs": ["rf_calf"]})
    show(page, place("ns_downshift"))
    page.screenshot(path=FOLDER / "intake-phone.png")
    show(page, "check")
    page.get_by_label("Your full name").fill(people.MAIN)
    press(page, page.get_by_role("button", name="Sign and send"))


def _chart_and_plan(page: Page, email: str) -> None:
    today = datetime.now(UTC).astimezone(NEW_YORK).date()
    doors.sign_in(page, email)
    press(page, page.get_by_role("link", name=people.MAIN, exact=True))
    page.screenshot(path=FOLDER / "chart.png")
    work.start_note(page)
    work.record_consent(page)
    work.open_section(page, "internal")
    work.record_findings(page, today)
    work.sign_note(page)
    work.write_plan(page)
    address, _fingerprint = work.hand_over(page)
    document = pypdfium2.PdfDocument(page.request.get(address).body())
    document[1].render(scale=SCALE).to_pil().convert("P", palette=1, colors=64).save(
        FOLDER / "plan-page.png", optimize=True
    )


if __name__ == "__main__":
    main()
