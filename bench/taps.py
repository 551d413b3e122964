"""Count what a first intake costs on a phone: taps and fields for a typical history, and its longest page."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, expect, sync_playwright

from intake.cli.demo.answers import Typed
from intake.forms import conditions, reader
from intake.forms.model import Form
from tests import typical
from tests.browser import answers, doors, filling
from tests.browser.conftest import ARGUMENTS, PATIENCE
from tests.browser.screens import PHONE, TYPICAL
from tests.browser.served import Clinic, served

AIM, AIM_SCREENS = 120, 3
SCREENS = "() => document.documentElement.scrollHeight / window.innerHeight"
# What is typed, chosen or ticked on the page: each is one thing to do with a thumb.
GIVEN = """() => [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
  .filter((box) => box.type === "radio" || box.type === "checkbox" ? box.checked : box.value)
  .map((box) => `${box.name} ${box.value}`)"""
ENTRIES = """() => [...document.querySelectorAll('main [name$=".count"]')]
  .reduce((sum, box) => sum + Number(box.value), 0)"""


@dataclass
class Count:
    """What was done on the way, and how long each page was."""

    form: Form
    taps: Counter[str] = field(default_factory=Counter)  # by part
    pages: Counter[str] = field(default_factory=Counter)  # by page
    screens: dict[tuple[str, str, int], float] = field(default_factory=dict)  # by (who, place, width)
    pictures: Path | None = None

    def look(self, page: Page, who: str = "typical") -> None:
        """Measure the page on both phones, and take a picture where one is wanted."""
        place = filling.where(page)
        for size in (PHONE, TYPICAL):
            page.set_viewport_size(size)
            self.screens[who, place, size["width"]] = page.evaluate(SCREENS)
        if self.pictures:
            name = f"{who}-{len(self.screens):03d}-{place}.png".replace(" ", "-")
            page.screenshot(path=self.pictures / name, full_page=True)

    def part_of(self, place: str) -> str:
        """The part of the form a place is in."""
        number = place.removeprefix("page ").partition(".")[0]
        return self.form.sections[int(number) - 1].id if number.isdecimal() else place

    def longest(self, width: int) -> list[tuple[str, float]]:
        """The longest pages on a phone of that width, whoever meets them."""
        found = [(f"{place} ({who})", screens) for (who, place, wide), screens in self.screens.items() if wide == width]
        return sorted(found, key=lambda each: -each[1])


def walk(page: Page, own: Typed, count: Count) -> None:
    """Go through the form as she does; where she has nothing to say of a page, one tap says so."""
    filling.show(page, "tasks")
    count.look(page)
    count.taps["begin"] += 1
    filling.press(page, page.locator("main button.primary, main .button.primary").first)
    for _page in range(filling.MOST_PAGES):
        place = filling.where(page)
        count.look(page)
        if place == "check":
            return
        before, entries = set(page.evaluate(GIVEN)), page.evaluate(ENTRIES)
        alone = page.locator('button[value="nothing"]')
        hers = {q.id for q in filling.questions(page)} & {name.partition(".")[0] for name in own}
        one_tap = alone.count() and not hers
        if not one_tap:
            filling.fill(page, filling.to_say(page, own))
        done = len(set(page.evaluate(GIVEN)) - before) + page.evaluate(ENTRIES) - entries + 1
        count.taps[count.part_of(place)] += done
        count.pages[place] += done
        filling.press(page, alone if one_tap else page.get_by_role("button", name="Continue").last)
        if filling.where(page) == place:
            sys.exit(f"{place}: {page.locator('.error-summary').all_inner_texts()}")


def typical_patient(browser: Browser, clinic: Clinic, count: Count) -> None:
    """From the list of parts to handing in."""
    with clinic.records() as make:
        today = make.now.date()
        invitation = make.invitation(make.visit(make.patient(birth_date=doors.BORN)))
        code = make.codes[invitation.id]
    page = browser.new_context(viewport=TYPICAL, base_url=clinic.url).new_page()
    doors.come_in(page, code)
    walk(page, typical.own(today), count)
    page.get_by_label("Your full name").fill("Rowan Invented")
    filling.press(page, page.get_by_role("button", name="Sign and send"))
    count.taps["send"] += 2


def fuller_patients(browser: Browser, clinic: Clinic, count: Count) -> None:
    """Every page of those who have more to say."""
    for who, given in answers.states(count.form).items():
        with clinic.records() as make:
            response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), given)
            code = make.codes[response.visit.invitations[0].id]
        page = browser.new_context(viewport=TYPICAL, base_url=clinic.url).new_page()
        doors.come_in(page, code)
        shown = conditions.pages_shown(count.form, given)
        numbers = {section.id: number for number, section in enumerate(count.form.sections, 1)}
        for place in (*(f"page {numbers[part.id]}.{number}" for part, number, _page in shown), "tasks", "check"):
            filling.show(page, place)
            count.look(page, who)


def main() -> None:
    """Print both figures and where they come from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", action="store_true", help="say it of every page")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of every page")
    parser.add_argument("--hers-only", action="store_true", help="leave out those who have more to say")
    given = parser.parse_args()
    count = Count(reader.latest("intake"), pictures=given.pictures)
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        served(Path(folder) / "bench.db") as clinic,
        sync_playwright() as tool,
    ):
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        expect.set_options(timeout=PATIENCE)
        typical_patient(browser, clinic, count)
        if not given.hers_only:
            fuller_patients(browser, clinic, count)
        browser.close()
    report(count, every_page=given.pages)


def report(count: Count, *, every_page: bool) -> None:
    """What was counted."""
    for part, taps in count.taps.items():
        print(f"{part:20} {taps:4}")
    for (who, place, width), screens in count.screens.items() if every_page else ():
        if width == TYPICAL["width"]:
            narrow = count.screens[who, place, PHONE["width"]]
            taps = count.pages[place] if who == "typical" else 0
            print(f"{place:12} {count.part_of(place):20} {who:26} {taps:4} {screens:6.2f} {narrow:6.2f}")
    hers = sum(1 for who, _place, width in count.screens if who == "typical" and width == TYPICAL["width"])
    print(f"{'taps and fields':20} {count.taps.total():4}   (aim: at most {AIM})")
    print(f"{'pages':20} {hers:4}")
    for size in (TYPICAL, PHONE):
        longest = count.longest(size["width"])
        over = sum(1 for _place, screens in longest if screens > AIM_SCREENS)
        shape = f"{size['width']} x {size['height']}"
        print(f"{'longest page':20} {longest[0][1]:4.1f}   screens of {shape} (aim: {AIM_SCREENS})")
        print(f"  {over} pages are longer: " + ", ".join(f"{place} {screens:.2f}" for place, screens in longest[:6]))


if __name__ == "__main__":
    main()
