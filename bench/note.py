"""How many keys a note takes: a whole evaluation with an internal examination, and a daily note. No mouse is used.

It plays a therapist at a real page in a browser: what is pressed is counted, each key of a chord by itself. Numbers,
times and dates count too; what is written in words is counted apart, since nobody is spared that.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from intake.actions import notes
from intake.cli.demo import people
from intake.clinical.free_text import is_written
from intake.forms import reader
from intake.forms.errors import FormError
from intake.forms.model import Form, Kind, Question
from tests.browser import doors
from tests.browser.conftest import ARGUMENTS
from tests.browser.screens import DESK
from tests.browser.served import Clinic, served
from tests.builders import NOTE, filled

AIMS = {"evaluation": 220, "daily-note": 40}
MOST_STEPS = 400
# Where the focus is among the questions, and where one is: its section and part, the number of the stop in the form
# and in that part, and whether letters are letters there.
STOPS = """(name) => {
  const form = document.querySelector(".note form");
  const seen = (each) => each.checkVisibility();
  const stops = [...form.querySelectorAll(".field")].filter((each) => seen(each) && !each.querySelector(".field"));
  const place = (element) => {
    const [at, section] = [stops.indexOf(element?.closest(".field")), element?.closest("section")];
    const parts = section ? [...section.querySelectorAll(":scope > div")].filter((part) => stops.some((each) => part.contains(each))) : [];
    const part = parts.findIndex((each) => each.contains(element));
    const first = stops.findIndex((each) => parts[part]?.contains(each));
    const written = element?.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    return { at, section: section?.id ?? "", part, inside: at - first, written };
  };
  const target = document.getElementsByName(name)[0] ?? document.getElementById(name);
  return { here: place(document.activeElement), there: target && seen(target.closest(".field")) ? place(target) : null };
}"""


@dataclass
class Keys:
    """What was pressed at a page, by section of the note; `words` are the letters written in words."""

    page: Page
    pressed: Counter[str] = field(default_factory=Counter)
    words: int = 0
    section: str = ""

    def press(self, *keys: str) -> None:
        """Press keys; "Control+Enter" counts as two."""
        for key in keys:
            self.pressed[self.section] += key.count("+") + 1 if len(key) > 1 else 1
            self.page.keyboard.press(key)

    def send(self, key: str) -> None:
        """A key that sends the page."""
        with self.page.expect_navigation():
            self.press(key)

    def write(self, text: str) -> None:
        """Words of one's own."""
        self.words += len(text)
        self.page.keyboard.insert_text(text)

    def go_to(self, name: str) -> None:
        """The question of a field gets the focus, by the shorter way: step by step, or by the letter of its section."""
        found = self.page.evaluate(STOPS, name)
        here, there = found["here"], found["there"]
        if there is None:
            sys.exit(f"{name} is not on the page")
        self.section = there["section"]
        steps = there["at"] - here["at"] if here["at"] >= 0 else MOST_STEPS
        letter = self.page.locator(f'.section-nav a[href="#{there["section"]}"]').get_attribute("data-letter") or ""
        is_here = here["at"] >= 0 and here["section"] == there["section"]
        jumps = there["part"] - here["part"] if is_here else there["part"] + 1
        leave = ["Escape"] if here["written"] else []
        if not 0 <= steps <= len(leave) + jumps + there["inside"] and jumps > 0:
            self.press(*leave, *letter * jumps)
        self._step_to(name)

    def _step_to(self, name: str) -> None:
        for _step in range(MOST_STEPS):
            found = self.page.evaluate(STOPS, name)
            if found["here"]["at"] == found["there"]["at"]:
                return
            self.press(
                "Enter"
                if self.page.evaluate("() => document.activeElement.matches('input, select, h2, h3')")
                else "Tab"
            )
            if self.page.evaluate(STOPS, name)["here"]["at"] > found["there"]["at"]:
                sys.exit(f"{name}: the keys lead past it")
        sys.exit(f"{name} cannot be reached")


def answer(keys: Keys, question: Question, name: str, value: Any) -> None:
    """Answer the question that has the focus."""
    page = keys.page
    if is_written(question):
        keys.write(value)
    elif question.time:
        keys.press("n")
    elif question.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.CONSENT} and is_list(page, name):
        codes = ["yes", "no"] if question.kind is Kind.YES_NO else [option.code for option in question.options]
        for code in value if isinstance(value, list) else [value]:
            keys.press(str(codes.index(code) + 1))
    elif question.kind in {Kind.CHOICE, Kind.YES_NO}:
        menu(keys, name, value)
    else:
        keys.press(*str(value))


def menu(keys: Keys, name: str, value: str) -> None:
    """An option of a menu, by the letters it begins with, or by the arrow where that is shorter."""
    listed = keys.page.locator(f'select[name="{name}"]').evaluate(
        "(menu) => [...menu.options].map((each) => [each.value, each.text.trim().toLowerCase()])"
    )
    place = [code for code, _text in listed].index(value)
    text = listed[place][1]
    for size in range(1, len(text) + 1):
        first = next(number for number, (_code, other) in enumerate(listed) if other.startswith(text[:size]))
        if first == place and size <= place:
            keys.press(*text[:size])
            break
    else:
        keys.press(*["ArrowDown"] * place)
    if keys.page.locator(f'select[name="{name}"]').input_value() != value:
        sys.exit(f"{name}: the menu does not follow the keys")


def is_list(page: Page, name: str) -> bool:
    """Whether the answers are listed, and not in a menu."""
    return bool(page.locator(f'input[name="{name}"]').count())


def cell(keys: Keys, name: str, value: str) -> None:
    """A cell of a table: by Enter from a filled one, by the arrows from row to row, by Tab over an empty one."""
    for _step in range(60):
        here = keys.page.evaluate("() => document.activeElement.name")
        if here == name:
            tag = keys.page.evaluate("() => document.activeElement.tagName")
            if tag == "SELECT":
                menu(keys, name, value)
            elif keys.page.evaluate("() => document.activeElement.type") == "radio":
                pick(keys, name, value)
            else:
                keys.press(*value)
            return
        column, row = name.rpartition(".")[2], name.split(".")[1]
        if here.rpartition(".")[2] == column and here.split(".")[1] != row:
            keys.press("PageDown")
            if keys.page.evaluate("() => document.activeElement.name") != here:
                continue
        keys.press("Tab")
    sys.exit(f"{name} cannot be reached in its table")


def pick(keys: Keys, name: str, value: str) -> None:
    """A radio of a table: the first with Space, those after it with the arrow."""
    radios = keys.page.locator(f'input[name="{name}"]')
    codes = [radios.nth(place).get_attribute("value") for place in range(radios.count())]
    keys.press("Space", *["ArrowRight"] * codes.index(value))


def group(keys: Keys, question: Question, given: Mapping[str, str]) -> None:
    """The entries of a group, each opened by its button."""
    count = int(given.get(f"{question.id}.count", "0"))
    for number in range(count):
        if not keys.page.locator(f'[id="{question.id}.{number}"]').count():
            keys.go_to(question.id if number == 0 else f"{question.id}.{number - 1}.{question.questions[0].id}")
            while keys.page.evaluate("() => document.activeElement.value") != f"add:{question.id}":
                keys.press("Tab")
            keys.send("Enter")
        for child in question.questions:
            name = f"{question.id}.{number}.{child.id}"
            if child.kind is Kind.DATE and f"{name}.year" in given:
                keys.go_to(f"{name}.month")
                keys.press(*given[f"{name}.month"], "Tab", *given[f"{name}.day"], "Tab", *given[f"{name}.year"])
            elif name in given:
                keys.go_to(name)
                answer(keys, child, name, given[name])


def play(keys: Keys, form: Form, given: Mapping[str, Any]) -> None:
    """Write a note that says this, as fields of the page, in the order of the form."""
    for section in form.sections:
        for question in section.questions():
            named = [name for name in given if name.partition(".")[0] == question.id]
            if not named:
                continue
            if question.kind is Kind.GROUP:
                group(keys, question, given)
            elif question.kind is Kind.GRID:
                keys.go_to(question.id)
                for name in in_table(keys.page, named):
                    cell(keys, name, given[name])
            else:
                keys.go_to(question.id)
                answer(keys, question, question.id, given[question.id])
        if section.id.startswith("consent"):
            keys.send("Control+Enter")


def in_table(page: Page, named: list[str]) -> Iterator[str]:
    """Cells in the order of the page."""
    order = page.evaluate("() => [...document.querySelectorAll('.note [name]')].map((each) => each.name)")
    yield from sorted(named, key=order.index)


def evaluation(clinic: Clinic, page: Page) -> Keys:
    """A whole first evaluation, from the intake, up to the page that is signed."""
    with clinic.records() as make:
        intake = make.intake(make.visit(starts_at=make.now), {"fn_goal_top": {"value": "Run again"}}, submitted=True)
        note, email, today = make.note(intake.visit), intake.visit.therapist.email, make.now.date()
        path = f"/clinic/notes/{note.id}"
    doors.sign_in(page, email)
    page.goto(path)
    keys = Keys(page)
    play(keys, reader.latest("evaluation"), {**people.consent(), **people.findings(today)})
    keys.send("Control+Enter")
    page.goto(f"{path}/sign")
    return keys


def daily_note(clinic: Clinic, page: Page) -> Keys | None:
    """A daily note of a patient who was here a week ago: what is as it was is taken over, the rest is answered."""
    try:
        form = reader.latest("daily-note")
    except (FormError, KeyError, OSError):
        return None
    with clinic.records() as make:
        visit = make.visit(starts_at=make.now - timedelta(days=7))
        email, drafts = visit.therapist.email, []
        for each in (visit, make.visit(visit.patient, visit.therapist, starts_at=make.now)):
            start = {"ceiling": "safety", "by": visit.therapist, "now": each.starts_at}
            drafts.append(notes.start(make.session, each, form, None, **start))
        known = {name: answer for name, answer in DAILY.items() if name in form.by_id}
        make.answer(drafts[0].response, filled(form, known))
        make.sign(drafts[0])
        path = f"/clinic/notes/{drafts[1].id}"
    doors.sign_in(page, email)
    page.goto(path)
    keys = Keys(page)
    for question in form.questions():
        take = page.locator(f'button[value="take:{question.id}"]')
        if question.id in AGAIN and take.count():
            inside = f"{question.id}.0.{question.questions[0].id}" if question.questions else ""
            keys.go_to(inside if page.locator(f'[name="{inside}"]').count() else question.id)
            keys.send("F2")
            keys.send("F4")
        elif question.id in ANEW:
            keys.go_to(question.id)
            answer(keys, question, question.id, ANEW[question.id])
    keys.send("Control+Enter")
    page.goto(f"{path}/sign")
    return keys


def minutes(number: int) -> dict[str, str]:
    """A number of minutes as an answer holds it."""
    return {"number": str(number), "unit": "min"}


# What the daily note before says, what of it is taken over, and what is answered anew.
DAILY: dict[str, Any] = {
    "co_exam_type": {"value": ["none"]},
    "dn_done": {"value": "Contractions, lying: 3 sets of 8."},
    "dn_response": {"value": "Tolerated well."},
    "dn_justification": {"value": "Cueing and progression by a therapist."},
    "pr": {"value": [{"pr_code": {"value": "97110"}, "pr_minutes": {"value": minutes(25)}}]},
    "pr_total": {"value": minutes(45)},
    **NOTE,
}
AGAIN = frozenset({"dn_justification", "pr", "pr_total", "goal"})
ANEW: dict[str, Any] = {
    "dn_change": "better",
    "dn_report": "Two dry days. Ran for the bus without leaking.",
    "dn_pain": 3,
    "co_exam_type": ["none"],
    "dn_done": "Contractions, sitting: 3 sets of 10, hold 6 s. Scar glide.",
    "dn_response": "No pain during or after.",
    "dn_next": "Standing.",
}


def report(name: str, keys: Keys) -> None:
    """What was counted, and what the page that is signed still misses."""
    print(f"\n{name}")
    for section, count in keys.pressed.items():
        print(f"  {section or 'the way there':20} {count:4}")
    print(f"  {'keys':20} {keys.pressed.total():4}   (aim: at most {AIMS[name]}; the mouse was not used)")
    print(f"  {'letters in words':20} {keys.words:4}")
    missing = keys.page.locator("#missing-title ~ ul li").all_inner_texts()
    print("  ready to sign" if not missing else f"  missing: {missing}")


def main() -> None:
    """Print the figures of both notes."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with TemporaryDirectory() as folder, served(Path(folder) / "bench.db") as clinic, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        for name, written in (("evaluation", evaluation), ("daily-note", daily_note)):
            page = browser.new_context(base_url=clinic.url, viewport=DESK).new_page()
            keys = written(clinic, page)
            if keys is None:
                print(f"\n{name}: there is no such form yet")
            else:
                report(name, keys)
        browser.close()


if __name__ == "__main__":
    main()
