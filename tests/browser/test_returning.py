"""Who comes back: what was said last time, and a diary in the dark with one thumb, with script and without."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from intake.clinical import diary
from intake.forms import reader
from intake.store import beginnings, responses
from tests import sizes
from tests.browser import doors
from tests.browser.filling import press, show, where
from tests.browser.looking import sound
from tests.sizes import paired

pytestmark = pytest.mark.browser
FOLLOW_UP, DIARY = reader.latest("follow-up"), reader.latest("bladder-diary")
MOST_TAPS = 15
NIGHT = (("I peed", "A lot"), ("A leak", "A few drops"), ("I peed", "A little"))
SAID = {"bl_bother": {"value": 6}, "bl_leak_any": {"value": "yes"}, "bl_sensation": {"value": "yes"}}


def asked(clinic, form, said=None):
    """(code, response) of somebody whose visit asks for that form; with an intake that is in, if she said anything."""
    with clinic.records() as make:
        patient = make.patient(birth_date=doors.BORN)
        if said is not None:
            make.intake(make.visit(patient), said, submitted=True)
        visit = make.visit(patient, kind="follow-up")
        response = beginnings.begin(make.session, visit, form, now=make.now)
        invitation = make.invitation(visit)
        return make.codes[invitation.id], response.id


def arrived(visitor, code, *, script, dark):
    """Somebody who has come in; without script the browser gets an empty one, so that pages can be measured."""
    page = visitor(color_scheme="dark" if dark else "light")
    if not script:
        page.context.route(
            re.compile(r"/script\.js"), lambda route: route.fulfill(body="", content_type="text/javascript")
        )
    doors.come_in(page, code)
    return page


def place(question, form):
    found = (
        f"page {number}.{page_number}"
        for number, section in enumerate(form.sections, 1)
        for page_number, page in enumerate(section.pages, 1)
        if any(each.id == question for each in page.questions)
    )
    return next(found)


@pytest.mark.parametrize(("script", "dark"), paired([True, False], [False, True]))
def test_who_comes_back_says_what_is_right_and_answers_what_changed(clinic, visitor, script, dark):
    code, _response = asked(clinic, "follow-up", SAID)
    page = arrived(visitor, code, script=script, dark=dark)
    press(page, page.get_by_role("button", name="What you told us last time"))
    while where(page) != place("st_bladder", FOLLOW_UP):
        sound(page, neutral=True)
        page.get_by_label("Still right").check()
        press(page, page.get_by_role("button", name="Continue"))
    sound(page, neutral=True)
    expect(page.locator("main")).to_contain_text("you said:")
    expect(page.locator("main")).to_contain_text("6/10")
    page.get_by_label("Something changed").check()
    press(page, page.get_by_role("button", name="Continue"))
    press(page, page.get_by_role("button", name="All parts"))
    press(page, page.get_by_role("button", name="Peeing"))
    assert where(page) == place("bl_day_voids", FOLLOW_UP)
    assert page.locator("#bl_day_voids").input_value() == ""
    sound(page, neutral=True)


class Taps:
    """A thumb that counts how often it touches the glass."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, locator) -> None:
        self.count += 1
        locator.tap()

    def choose(self, label: str) -> None:
        self.on(self.page.locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).first)


def test_three_entries_at_night_take_at_most_15_taps(clinic, patient):
    code, response = asked(clinic, "bladder-diary")
    page = patient(code, color_scheme="dark", has_touch=True)
    show(page, "page 1.1")
    thumb, lines = Taps(page), page.locator(".log-lines li")
    for number, (what, how_much) in enumerate(NIGHT, 1):
        thumb.choose(what)
        thumb.on(page.get_by_role("button", name="Now"))
        thumb.choose(how_much)
        with page.expect_navigation():
            thumb.on(page.get_by_role("button", name="Add", exact=True).last)
        expect(lines).to_have_count(number)
    assert thumb.count <= MOST_TAPS
    sizes.tell(f"diary at night: 3 entries in {thumb.count} taps")
    with clinic.records() as make:
        kept = diary.read(DIARY, responses.answers(make.session, response)).days[0]
    assert (kept.voids, kept.leaks, [entry.at is not None for entry in kept.entries]) == (2, 1, [True] * 3)
    assert kept.date is not None
    assert abs((kept.date - datetime.now(UTC).date()).days) <= 1


def test_only_what_fits_the_kind_is_asked(clinic, patient):
    page = patient(asked(clinic, "bladder-diary")[0])
    show(page, "page 1.1")
    expect(page.get_by_text("How much leaked?")).to_be_hidden()
    page.locator("label").filter(has_text="A leak").first.click()
    expect(page.get_by_text("How much leaked?")).to_be_visible()
    expect(page.get_by_text("What did you drink?")).to_be_hidden()


@pytest.mark.parametrize(("script", "dark"), paired([True, False], [False, True]))
def test_the_diary_can_be_used_by_everybody_empty_and_full(clinic, visitor, script, dark):
    code, response = asked(clinic, "bladder-diary")
    page = arrived(visitor, code, script=script, dark=dark)
    press(page, page.get_by_role("button", name="Your 3-day diary"))
    press(page, page.locator('button[name=_go][value="page 1.1"]').first)
    sound(page, neutral=True)
    page.locator('[name="di_entries_1.9999.di_kind_1"][value="drink"]').check()
    page.locator('[name="di_entries_1.9999.di_time_1"]').fill("03:10")
    press(page, page.get_by_role("button", name="Add", exact=True).last)
    expect(page.locator(".log-lines li")).to_have_count(1)
    press(page, page.get_by_role("button", name=re.compile("^Take out")))
    expect(page.get_by_role("button", name=re.compile("^Put it back"))).to_have_count(1)
    sound(page, neutral=True)
    press(page, page.get_by_role("button", name=re.compile("^Put it back")))
    press(page, page.get_by_role("button", name=re.compile("^Change")))
    assert page.locator('[name="di_entries_1.0.di_time_1"]').input_value() == "03:10"
    with clinic.records() as make:
        stored = make.session.get_one(responses.Response, response)
        entry = {"di_kind_1": {"value": "toilet"}, "di_time_1": {"value": "04:00"}, "di_size_1": {"value": "small"}}
        make.answer(stored, {"di_entries_1": {"value": [entry] * 60}})
    press(page, page.get_by_role("button", name="All parts"))
    press(page, page.locator('button[name=_go][value="page 1.1"]').first)
    expect(page.get_by_text("This day is full")).to_have_count(1)
    sound(page, neutral=True)
