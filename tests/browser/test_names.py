"""Names that the page or the server gives things never take the place of what our scripts rely on."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests import pages
from tests.browser import doors
from tests.browser.filling import show

pytestmark = pytest.mark.browser
PAGE = pages.place("bl_day_voids")
SAVED = re.compile(r"Saved at \d\d:\d\d")
PATIENT_PAGES = ("tasks", "page 1.1", "page 2.1", PAGE, "check")
STAFF_PAGES = ("/sign-in", "/password", "/set-up")
# What names in the page replace: of the document, those of a few elements; of a form, those of all its fields. A
# field called `name` hides the form's own name, which no script of ours asks for.
HIDDEN = """() => {
  const replacing = "form[name], iframe[name], embed[name], :is(img, object):is([name], [id])";
  const named = [...document.querySelectorAll(replacing)];
  const inDocument = named.flatMap((each) => [each.name, each.id]).filter((name) => name && name in Document.prototype);
  const inForms = [...document.forms].flatMap((form) =>
    [...HTMLFormElement.prototype.__lookupGetter__("elements").call(form)].flatMap((each) => [each.name, each.id]))
    .filter((name) => name && name in HTMLFormElement.prototype && name !== "name");
  return [...inDocument, ...inForms];
}"""
# Elements with ids that a window would be asked for, and names every object has.
PLANTED = "".join(
    f'<a id="{name}" name="{name}"></a><output id="{name}-x" name="{name}"></output>'
    for name in (
        "location", "history", "fetch", "navigator", "FormData", "JSON", "Object", "document", "exit", "kept",
        "__proto__", "constructor", "hasOwnProperty", "toString", "autosave", "first", "all", "byId", "performance",
    )
)  # fmt: skip
HOSTILE = ("__proto__", "constructor", "prototype", "__proto__.polluted", "constructor.prototype", "hasOwnProperty")
CLEAN = "() => [({}).polluted, [].polluted, ...Object.keys(Object.prototype), (() => {}).polluted].filter(Boolean)"


def day_trips(page):
    return page.locator("#bl_day_voids")


def test_no_name_on_our_pages_hides_what_a_script_asks_for(clinic, patient, visitor):
    page = patient(doors.invited(clinic))
    for place in PATIENT_PAGES:
        assert show(page, place).evaluate(HIDDEN) == [], place
    page = visitor()
    for address in STAFF_PAGES:
        page.goto(address)
        assert page.evaluate(HIDDEN) == [], address


@pytest.mark.parametrize("planted", ['<form name="body"></form>', '<form><input name="action"></form>'])
def test_a_name_that_hides_something_is_noticed(visitor, planted):
    page = visitor()
    with_more(page, "**/sign-in", planted)
    page.goto("/sign-in")
    assert page.evaluate(HIDDEN) == [re.search('name="([^"]+)', planted)[1]]


def with_more(page, address, more):
    """Put more into every page of an address, before its scripts run."""

    def fuller(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        route.fulfill(response=answer, body=body.replace("<main", f"{more}<main", 1))

    page.route(address, fuller)


def test_with_hostile_names_in_the_page_answers_are_saved_and_the_way_out_works(clinic, patient, watch):
    watch.allow(r"^request to another host: https://www\.weather\.gov/$")
    page = patient(doors.invited(clinic))
    show(page, PAGE)
    with_more(page, "**/f", PLANTED)
    page.reload()
    assert page.locator("#location").count() == 1, "they are there"
    day_trips(page).fill("9")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.unroute("**/f")
    page.reload()
    expect(day_trips(page)).to_have_value("9")
    with_more(page, "**/f", PLANTED)
    page.reload()
    page.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    with page.expect_request("**/f/leave"):
        for _ in range(3):
            page.keyboard.press("Shift")


def answered(page, reply):
    """What a page does with a reply of the server to saving."""
    page.route("**/f", lambda route: route.fulfill(body=reply, content_type="application/json"))
    day_trips(page).fill("9")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Saved at 10:00"))
    page.unroute("**/f")


def test_names_every_object_has_change_no_object_when_the_server_says_them(clinic, patient):
    page = patient(doors.invited(clinic))
    show(page, PAGE)
    bad = ", ".join(f'"{name}": {{"polluted": "yes", "prototype": {{"polluted": "yes"}}}}' for name in HOSTILE)
    answered(page, f'{{"saved": "10:00", "errors": {{{bad}}}, {bad}}}')
    assert page.evaluate(CLEAN) == []
    day_trips(page).fill("8")
    expect(page.locator("[data-saved]")).to_have_text(SAVED), "the script still works"


def test_nor_when_they_stand_in_a_condition_of_the_page(clinic, patient):
    page = patient(doors.invited(clinic))
    when = json.dumps([{"question": name, "operator": name, "answer": {"polluted": "yes"}} for name in HOSTILE])
    rules = f"<p data-when='{when}' data-prefix='__proto__.' hidden>x</p>"
    fields = "".join(f'<div class="field"><input name="{name}" id="{name}" value="polluted"></div>' for name in HOSTILE)
    show(page, PAGE)
    with_more(page, "**/f", rules + fields)
    page.reload()
    page.locator("#constructor").fill("x")
    assert page.evaluate(CLEAN) == []


def test_a_script_that_copies_what_it_is_told_is_noticed(visitor):
    """The control: a deep copy that takes every name changes all objects."""
    page = visitor()
    page.goto("/sign-in")
    page.evaluate("""() => {
      const copy = (to, from) => { for (const key of Object.keys(from)) {
        if (typeof from[key] === "object") copy(to[key] ??= {}, from[key]); else to[key] = from[key]; } };
      copy({}, JSON.parse('{"__proto__": {"polluted": "yes"}}'));
    }""")
    assert page.evaluate(CLEAN) == ["yes", "yes", "polluted", "yes"]
