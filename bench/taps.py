"""Count what a first intake costs on a phone: taps and fields for a typical history, and the longest page in screens."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, expect, sync_playwright

from intake.cli.demo import people
from intake.forms import reader
from tests.browser import doors, filling
from tests.browser.conftest import ARGUMENTS, PATIENCE
from tests.browser.screens import PHONE
from tests.browser.served import served

SCREENS = "() => document.documentElement.scrollHeight / window.innerHeight"
# What is typed, chosen or ticked on the page: each is one thing to do with a thumb.
GIVEN = """() => [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
  .filter((box) => box.type === "radio" || box.type === "checkbox" ? box.checked : box.value)
  .map((box) => `${box.name} ${box.value}`)"""


@dataclass
class Count:
    """What was done on the way, and how long each page was."""

    taps: Counter[str] = field(default_factory=Counter)  # by part
    pages: Counter[str] = field(default_factory=Counter)  # by page
    screens: dict[str, float] = field(default_factory=dict)
    pictures: Path | None = None

    def look(self, page: Page) -> None:
        """Measure the page, and take a picture where one is wanted."""
        place = filling.where(page)
        self.screens[place] = page.evaluate(SCREENS)
        if self.pictures:
            page.screenshot(path=self.pictures / f"{len(self.screens):02d}-{place.replace(' ', '-')}.png", full_page=True)


def part_of(place: str) -> str:
    """The part of the form a place is in."""
    form = reader.latest("intake")
    return form.sections[int(place.split()[1].split(".")[0]) - 1].id if place.startswith("page") else place


def walk(page: Page, own: filling.Typed, count: Count) -> None:
    """Go through the form as she does: only what she is asked and has something to say to."""
    filling.show(page, "tasks")
    count.taps["begin"] += 1
    filling.press(page, page.locator("main button.primary, main .button.primary").first)
    for _page in range(filling.MOST_PAGES):
        place = filling.where(page)
        count.look(page)
        if place == "check":
            return
        before, entries = set(page.evaluate(GIVEN)), page.locator('[name$=".count"]').count()
        filling.fill(page, filling.to_say(page, own))
        done = len(set(page.evaluate(GIVEN)) - before) + entries + 1
        count.taps[part_of(place)] += done
        count.pages[place] += done
        filling.go_on(page)
        if filling.where(page) == place:
            raise SystemExit(f"{place}: {page.locator('.error-summary').all_inner_texts()}")


def main() -> None:
    """Print both figures and where they come from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", action="store_true", help="say it of every page")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of every page")
    given = parser.parse_args()
    count = Count(pictures=given.pictures)
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "bench.db") as clinic, sync_playwright() as tool:
        with clinic.records() as make:
            today = make.now.date()
            invitation = make.invitation(make.visit(make.patient(birth_date=doors.BORN)))
            code = make.codes[invitation.id]
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        page = browser.new_context(viewport=PHONE, base_url=clinic.url).new_page()
        expect.set_options(timeout=PATIENCE)
        doors.come_in(page, code)
        walk(page, people.intake(today), count)
        page.get_by_label("Your full name").fill("Rowan Invented")
        filling.press(page, page.get_by_role("button", name="Sign and send"))
        count.taps["send"] += 2
        browser.close()
    for part, taps in count.taps.items():
        print(f"{part:20} {taps:4}")
    for place, screens in count.screens.items() if given.pages else ():
        print(f"{place:12} {part_of(place):20} {count.pages[place]:4} {screens:5.1f}")
    longest = sorted(count.screens.items(), key=lambda each: -each[1])[:5]
    print(f"{'taps and fields':20} {count.taps.total():4}   (aim: at most 120)")
    print(f"{'pages':20} {len(count.screens):4}")
    print(f"{'longest page':20} {longest[0][1]:4.1f}   screens of {PHONE['width']} x {PHONE['height']} (aim: at most 3)")
    print("the longest:", ", ".join(f"{place} {screens:.1f}" for place, screens in longest))


if __name__ == "__main__":
    main()
