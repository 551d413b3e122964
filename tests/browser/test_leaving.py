"""The quick way out: at once, to a site that says nothing, and nobody finds an answer behind it."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from intake.store.sessions import Login
from tests import pages
from tests.browser import doors
from tests.browser.conftest import PATIENCE
from tests.browser.filling import fill, go_on, press, show, where
from tests.browser.profile import CANARY, CONTROL, control_site, found_in, opened
from tests.sizes import paired

pytestmark = pytest.mark.browser
NEUTRAL = "https://www.weather.gov/"
PAGE, PRIVATE = pages.place("bl_day_voids"), pages.place("ti_triggers")
NAMES, GOALS = pages.place("id_name_used"), pages.place("fn_goal_top")
SAVED = re.compile(r"Saved at \d\d:\d\d")
BLANK_WITHIN = 200  # ms from the third Shift to an empty page
TIMES = 3  # what slows one of them down may be the machine; what slows each of them down is the page
ONE_ADDRESS = re.compile(r"^/f(/leave)?$|^/static/[0-9a-f]+/(style\.css|script\.js)$")
# Says after how many milliseconds the page was emptied, counted from the last key, and what is left of it.
STOPWATCH = """
() => {
  let pressed;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  const root = document.documentElement;
  new MutationObserver(() => console.info(
    JSON.stringify([performance.now() - pressed, root.childElementCount, root.textContent + document.title]))
  ).observe(root, { childList: true });
}
"""
KEPT = """
async () => ({
  local: { ...localStorage }, session: { ...sessionStorage }, caches: await caches.keys(),
  databases: await indexedDB.databases(), workers: (await navigator.serviceWorker.getRegistrations()).length,
})
"""
NOTHING_KEPT = {"local": {}, "session": {}, "caches": [], "databases": [], "workers": 0}


def by_click(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def by_keys(page: Page) -> None:
    for _press in range(3):
        page.keyboard.press("Shift")


WAYS = {
    "by click": (by_click, True),
    "by Shift three times": (by_keys, True),
    "by the plain link": (by_click, False),
}
ways = pytest.mark.parametrize(("leave", "script"), WAYS.values(), ids=WAYS)


def weather(page: Page) -> None:
    """Let the neutral site answer."""
    site = "<title>Weather</title><h1>Weather</h1>"
    page.context.route(NEUTRAL, lambda route: route.fulfill(body=site, content_type="text/html"))


@pytest.fixture
def leaving(watch):
    """Going to the neutral site is no complaint."""
    watch.allow(rf"^request to another host: {re.escape(NEUTRAL)}$")


# ---------------------------------------------------------------- the way out


@ways
def test_leaving_leads_to_the_neutral_site_and_ends_the_visit(clinic, patient, leaving, leave: Callable, script: bool):
    page = patient(doors.invited(clinic), script=script)
    weather(page)
    show(page, PAGE)
    page.locator("#bl_day_voids").fill("9")
    if script:
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    leave(page)
    expect(page).to_have_url(NEUTRAL)
    expect(page).to_have_title("Weather")
    elsewhere = page.context.new_page()
    nobody_is_in(elsewhere)
    elsewhere.close()
    page.go_back()
    expect(page).to_have_url("/f")
    expect(page.get_by_label("Access code")).to_be_visible()
    expect(page.locator("#bl_day_voids")).to_have_count(0)


def test_two_presses_of_shift_or_other_keys_between_do_not_leave(clinic, patient):
    page = patient(doors.invited(clinic))
    show(page, PAGE)
    for key in ("Shift", "Shift", "Tab", "Shift"):
        page.keyboard.press(key)
    expect(page).to_have_url("/f")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def mistaken(page: Page) -> None:
    show(page, PAGE)
    page.locator("#bl_day_voids").fill("often")
    go_on(page)


PLACES: dict[str, Callable[[Page], object]] = {
    "the list of parts": lambda page: show(page, "tasks"),
    "a page of questions": lambda page: show(page, PAGE),
    "a page of private questions": lambda page: show(page, PRIVATE),
    "a page with a mistake": mistaken,
    "the warning": lambda page: show(page, "message 2.1"),
    "the check": lambda page: show(page, "check"),
    "a page that is not there": lambda page: page.goto("/f/nowhere"),
}


@pytest.fixture
def warned(clinic) -> str:
    """The code of somebody whose answers hold a warning sign."""
    with clinic.records() as make:
        signs = {"rf_heart": {"value": ["rf_chest"]}}
        response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), signs)
        return make.codes[response.visit.invitations[0].id]


@pytest.mark.parametrize(("place", "way"), paired(PLACES, list(WAYS)))
def test_it_is_on_every_page_and_works_there(patient, warned, leaving, watch, place, way):
    go, (leave, script) = PLACES[place], WAYS[way]
    watch.allow(r"console error at /f(/nowhere)?: Failed to load resource: .* (404|422)")
    page = patient(warned, script=True)
    weather(page)
    if not script:
        page = without_script(page)
    go(page)
    expect(page.get_by_role("link", name="Leave this page")).to_be_in_viewport()
    expect(page).to_have_title("Form")
    leave(page)
    expect(page).to_have_url(NEUTRAL)
    nobody_is_in(page)


def nobody_is_in(page: Page) -> None:
    """Whoever comes to the form next is at the door: once the server has heard of it, which no script waits for."""
    until = time.monotonic() + PATIENCE / 1000
    page.goto("/f")
    while page.get_by_label("Access code").count() == 0 and time.monotonic() < until:
        page.goto("/f")
    expect(page.get_by_label("Access code")).to_be_visible()


def without_script(page: Page) -> Page:
    """The same sitting in a browser without script."""
    base = page.url.removesuffix("/f")
    other = page.context.browser.new_context(
        base_url=base, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    page.context.on("close", lambda _context: other.close())
    tab = other.new_page()
    weather(tab)
    return tab


@pytest.mark.parametrize("at", ["the door", "the thanks"])
@ways
def test_it_is_at_the_door_and_after_handing_in_too(clinic, visitor, patient, leaving, at, leave: Callable, script):
    if at == "the door":
        page = visitor(script=script)
        page.goto("/f")
    else:
        with clinic.records() as make:
            response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), submitted=True)
            code = make.codes[response.visit.invitations[0].id]
        page = patient(code, script=script)
        assert where(page) == "done"
    weather(page)
    leave(page)
    expect(page).to_have_url(NEUTRAL)


def test_the_page_is_empty_at_once_and_before_the_next_one_answers(clinic, patient, leaving):
    assert any(emptied_after(clinic, patient) < BLANK_WITHIN for _time in range(TIMES))


def emptied_after(clinic, patient) -> float:
    """After how many milliseconds the page of a new patient was empty, before the server and the next one answered."""
    page = patient(doors.invited(clinic))
    show(page, PAGE)
    held: list[Route] = []
    page.context.route(NEUTRAL, lambda route: held.append(route))  # noqa: PLW0108 - a bound list method has no signature to look at
    page.evaluate(STOPWATCH)
    with (
        page.expect_console_message(lambda message: message.type == "info") as told,
        page.expect_response("**/f/leave") as left,
    ):
        by_keys(page)
    took, elements, words = json.loads(told.value.text)
    assert (elements, words) == (0, "")
    assert (left.value.request.method, left.value.status) == ("POST", 204)
    expect_ended(clinic)
    for route in held:
        route.fulfill(body="<title>Weather</title>", content_type="text/html")
    expect(page).to_have_url(NEUTRAL)
    return took


def expect_ended(clinic) -> None:
    """The newest sitting is over on the server, whatever the browser still holds."""
    with clinic.records() as make:
        newest = select(Login.ended_at).where(Login.invitation_id.is_not(None)).order_by(Login.started_at.desc())
        assert make.session.scalars(newest).first() is not None


def test_it_leads_away_and_ends_the_visit_where_the_browser_sends_no_beacon(clinic, visitor, leaving):
    page = visitor()
    weather(page)
    page.add_init_script("delete Navigator.prototype.sendBeacon")
    doors.come_in(page, doors.invited(clinic))
    by_click(page)
    expect(page).to_have_url(NEUTRAL)
    expect_ended(clinic)
    page.goto("/f")
    expect(page.get_by_label("Access code")).to_be_visible()


def test_it_ends_the_visit_from_a_tab_that_is_older_than_it(clinic, visitor, leaving):
    old = visitor()
    weather(old)
    old.goto("/f")
    doors.come_in(old.context.new_page(), doors.invited(clinic))
    by_click(old)
    expect(old).to_have_url(NEUTRAL)
    nobody_is_in(old)
    expect_ended(clinic)


# ---------------------------------------------------------------- what stays in the browser


@pytest.fixture
def own_browser(playwright, clinic, tmp_path) -> Iterator[BrowserContext]:
    """A browser with a profile on disk, that keeps pages for its Back button as one at home does."""
    context = opened(playwright, tmp_path / "profile", clinic.url)
    yield context
    context.close()


def test_back_shows_nothing_in_a_browser_that_keeps_pages_for_it(own_browser, clinic):
    page = own_browser.new_page()
    weather(page)
    doors.come_in(page, doors.invited(clinic))
    show(page, PAGE)
    page.locator("#bl_day_voids").fill("9")
    seen = []
    page.on("framenavigated", lambda _frame: seen.append(page.locator("#bl_day_voids").count()))
    by_click(page)
    expect(page).to_have_url(NEUTRAL)
    for _step in range(3):
        page.go_back(wait_until="commit")
        expect(page.locator("#bl_day_voids")).to_have_count(0)
    assert not any(seen)


def test_back_to_a_page_she_only_left_is_asked_of_the_server_again(own_browser, clinic):
    """Not by the quick way out but by an address she typed: the page must not come back as it stood."""
    page = own_browser.new_page()
    weather(page)
    doors.come_in(page, doors.invited(clinic))
    show(page, PAGE)
    page.evaluate("() => { document.documentElement.dataset.kept = 'yes'; }")
    page.goto(NEUTRAL)
    page.go_back()
    expect(page.locator("#bl_day_voids")).to_be_visible()
    expect(page.locator("html[data-kept]")).to_have_count(0)


def test_such_a_browser_does_keep_a_page_that_lets_it(own_browser):
    """The control: the same Back brings back an unprotected page as it stood."""
    page = own_browser.new_page()
    with control_site() as site:
        page.goto(f"{site}/one")
        page.evaluate("() => { document.documentElement.dataset.kept = 'yes'; }")
        page.goto(f"{site}/two")
        page.go_back(wait_until="commit")
        expect(page.locator("html[data-kept]")).to_have_count(1)


def sitting(page: Page) -> None:
    """Say private and plain things, look over them, and leave quickly."""
    for place, fields in {
        NAMES: {"id_name_used": f"{CANARY}-name"},
        PRIVATE: {"ti_triggers": f"{CANARY}-private"},
        GOALS: {"fn_goal_top": f"{CANARY}-goal"},
    }.items():
        fill(show(page, place), fields)
        expect(page.locator("[data-saved]")).to_have_text(SAVED)
        press(page, page.get_by_role("button", name="All parts"))
    show(page, "check")
    assert CANARY in everything_on(page)
    by_keys(page)
    expect(page).to_have_url(NEUTRAL)


@pytest.mark.parametrize("by_link", [True, False], ids=["by the link", "by typing the code"])
def test_after_leaving_nothing_she_said_is_in_the_files_of_the_browser(playwright, clinic, tmp_path, by_link):
    """Where she came by the link, the browser's own history holds that link: no page can take it out again."""
    folder, code = tmp_path / "profile", doors.invited(clinic)
    context = opened(playwright, folder, clinic.url)
    page = context.new_page()
    weather(page)
    with control_site() as site:
        page.goto(f"{site}/keep")
        expect(page.locator("h1")).to_have_text("kept")
    if by_link:
        page.goto(f"/f#{code}")
        doors.give_birth_date(page)
    else:
        doors.come_in(page, code)
    sitting(page)
    page.wait_for_timeout(1000)  # the browser writes behind
    context.close()
    assert found_in(folder, CONTROL), "the search finds nothing at all"
    assert found_in(folder, CANARY) == []
    assert (found_in(folder, code) == []) != by_link
    rows = rows_of(folder / "Default" / "History", "SELECT url, title FROM urls WHERE url LIKE ?", f"{clinic.url}%")
    assert rows_of(folder / "Default" / "Web Data", "SELECT name FROM autofill") == [], "what it would fill in again"
    assert {title for _url, title in rows} <= {"Form", "Weather", ""}
    assert {url.removeprefix(clinic.url) for url, _title in rows} == {"/f", *([f"/f#{code}"] if by_link else [])}


def rows_of(database: Path, query: str, *values: str) -> list[tuple[str, ...]]:
    """What a question finds in one of the browser's own databases."""
    opened_file = sqlite3.connect(database)
    found = opened_file.execute(query, values).fetchall()
    opened_file.close()
    return found


def test_a_sitting_keeps_nothing_in_web_storage_and_shows_one_address(clinic, visitor, watch, leaving):
    page = visitor()
    weather(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(clinic.url)))
    page.goto("/f")
    page.get_by_label("Access code").fill(doors.invited(clinic))
    doors.give_birth_date(page)
    for place in (NAMES, PRIVATE, PAGE, "check", "tasks"):
        show(page, place)
        assert page.title() == "Form"
    fill(show(page, PRIVATE), {"ti_triggers": "something private"})
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert page.evaluate(KEPT) == NOTHING_KEPT
    assert page.locator("link[rel=icon]").get_attribute("href") == "data:,"
    assert [url for url in asked if not ONE_ADDRESS.match(url)] == []
    page.evaluate("() => localStorage.setItem('planted', '1')")
    assert page.evaluate(KEPT) != NOTHING_KEPT, "the look into the storage sees nothing"


# ---------------------------------------------------------------- her own screen


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_is_private_is_shown_back_nowhere(clinic, patient, script):
    page = patient(doors.invited(clinic), script=script)
    show(page, PRIVATE)
    fill(page, {"ti_triggers": f"{CANARY}-private"})
    press(page, page.get_by_role("button", name="All parts"))
    for place in (PRIVATE, "check", "tasks", PRIVATE):
        show(page, place)
        for _look in range(2):
            assert CANARY not in everything_on(page), place
            page.reload()
    expect(page.get_by_text("Answered. Leave it, replace it or clear it.")).to_have_count(1)


def test_what_is_not_private_is_shown_back(clinic, patient):
    """The control of the search above."""
    page = patient(doors.invited(clinic))
    show(page, GOALS)
    fill(page, {"fn_goal_top": f"{CANARY}-goal"})
    press(page, page.get_by_role("button", name="All parts"))
    assert CANARY in everything_on(show(page, GOALS))


def everything_on(page: Page) -> str:
    """The page's source, and what stands in its fields."""
    values = page.locator("input, textarea, select").evaluate_all("fields => fields.map((field) => field.value)")
    return " ".join([page.content(), *values])


@pytest.mark.parametrize(
    ("seen", "started"), [(timedelta(minutes=11), timedelta(0)), (timedelta(0), timedelta(hours=2, minutes=1))],
    ids=["ten minutes idle", "two hours in all"],
)  # fmt: skip
def test_a_sitting_that_is_over_asks_for_the_code_again_and_keeps_what_was_typed(clinic, patient, watch, seen, started):
    watch.allow(r"console error at /f: Failed to load resource: .* (401|422)")
    code = doors.invited(clinic)
    page = patient(code)
    show(page, GOALS)
    with clinic.records() as make:
        newest = select(Login).where(Login.invitation_id.is_not(None)).order_by(Login.started_at.desc()).limit(1)
        login = make.session.scalars(newest).one()
        login.seen_at, login.started_at = login.seen_at - seen, login.started_at - started
        make.session.commit()
    fill(page, {"fn_goal_top": "Run again"})
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet. Press the button below to save.")
    go_on(page)
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert "Run again" not in everything_on(page)
    page.get_by_label("Access code").fill(code)
    doors.give_birth_date(page)
    show(page, GOALS)
    expect(page.locator("#fn_goal_top")).to_have_value("Run again")
