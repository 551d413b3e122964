"""Every page a patient can meet, empty and filled in: usable by everybody, on a small phone and on a large screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from intake.forms import conditions, reader
from tests import pages
from tests.browser import answers, doors, looking
from tests.browser.filling import go_on, press, say_who_is_there, show, where
from tests.browser.screens import PHONE, TYPICAL
from tests.sizes import is_full, paired

pytestmark = pytest.mark.browser
FORM = reader.latest("intake")
SCREENS = """() => {
  const warnings = [...document.querySelectorAll("main [data-rule]")];
  const taken = warnings.reduce((sum, each) => sum + each.getBoundingClientRect().height, 0);
  return (document.documentElement.scrollHeight - taken) / window.innerHeight;
}"""
STATES, LOSS, MOST_SCREENS = answers.states(FORM), answers.LOSS, 3
PARTS = {section.id: number for number, section in enumerate(FORM.sections, start=1)}


def shown_in(state: str) -> set[tuple[str, int]]:
    """(part, page) of every page somebody in this state is shown."""
    return {(section.id, number) for section, number, _page in conditions.pages_shown(FORM, STATES[state])}


# After a loss most parts are the same, so only those are looked at that hold a page nobody else is shown.
ONLY_THEN = {section for section, _number in shown_in(LOSS) - shown_in("filled in")}
USUAL = [state for state in STATES if state != LOSS]
LOOKED_AT = [(state, part) for part, state in paired(PARTS, USUAL)] + [
    (LOSS, part) for part in PARTS if part in ONLY_THEN
]


@pytest.fixture(scope="module")
def codes(clinic):
    """{state: code} of three intakes: one barely begun, one filled in, one after a loss."""
    found = {}
    for state, given in STATES.items():
        with clinic.records() as make:
            response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), given)
            found[state] = make.codes[response.visit.invitations[0].id]
    return found


@pytest.fixture(scope="module")
def kept():
    """{code: cookies}: who came in once need not do so again for every part."""
    return {}


@pytest.fixture
def inside(patient, visitor, kept):
    def entered(code: str) -> Page:
        if code not in kept:
            kept[code] = say_who_is_there(patient(code)).context.storage_state()
        return visitor(storage_state=kept[code])

    return entered


@pytest.mark.parametrize(("state", "section"), LOOKED_AT)
def test_every_page_of_a_part_can_be_used_by_everybody(codes, inside, section, state):
    page, found = inside(codes[state]), []
    numbers = [n for part, n, _page in conditions.pages_shown(FORM, STATES[state]) if part.id == section]
    assert numbers
    for number in numbers:
        place = f"page {PARTS[section]}.{number}"
        assert where(show(page, place)) == place
        found += looking.wrong(page, neutral=True) + too_long(page)
    assert not found, "\n".join(found)


def too_long(page: Page) -> list[str]:
    """Whether the page is more than three screens of a usual phone; a warning comes on top, as long as it has to be."""
    page.set_viewport_size(TYPICAL)
    screens = page.evaluate(SCREENS)
    return [f"{where(page)} is {screens:.2f} screens long"] if screens > MOST_SCREENS else []


@pytest.mark.parametrize("section", PARTS if is_full() else ["births", "pain", "scars"])
def test_pages_can_be_used_by_everybody_without_script(codes, inside, section):
    state = LOSS if section not in {part for part, _number in shown_in("filled in")} else "filled in"
    page, found = inside(codes[state]), []
    # The rules are looked at by script of their own: of ours nothing arrives.
    page.context.route("**/*script*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for number in [n for part, n, _page in conditions.pages_shown(FORM, STATES[state]) if part.id == section]:
        show(page, f"page {PARTS[section]}.{number}")
        assert page.locator("html.js").count() == 0
        found += looking.wrong(page, neutral=True)
    assert not found, "\n".join(found)


def test_the_intakes_show_every_page_there_is_and_all_that_both_can_show_empty_and_filled_in():
    every = {(section.id, n) for section in FORM.sections for n in range(1, len(section.pages) + 1)}
    assert shown_in("empty") == shown_in("filled in") == every - (shown_in(LOSS) - shown_in("filled in"))
    assert shown_in("filled in") | shown_in(LOSS) == every


def test_the_door_can_be_used_by_everybody(visitor):
    page = visitor()
    page.goto("/f")
    looking.sound(page, neutral=True)


def test_the_door_can_be_used_by_everybody_after_a_mistake(visitor, watch):
    watch.allow("console error at /f: Failed to load resource: .* 422")
    page = visitor()
    page.goto("/f")
    press(page, page.get_by_role("button", name="Go on"))
    looking.sound(page, neutral=True)


@pytest.mark.parametrize("state", STATES)
def test_the_list_of_parts_can_be_used_by_everybody(codes, inside, state):
    page = inside(codes[state])
    show(page, "tasks")
    looking.sound(page, neutral=True)


@pytest.mark.parametrize("state", STATES)
def test_the_check_of_the_answers_can_be_used_by_everybody(codes, inside, state):
    page = inside(codes[state])
    show(page, "check")
    looking.sound(page, neutral=True)
    assert too_long(page) == []


def test_the_check_can_be_used_by_everybody_while_something_is_missing(codes, inside, watch):
    watch.allow("console error at /f: Failed to load resource: .* 422")
    page = inside(codes["empty"])
    show(page, "check")
    press(page, page.get_by_role("button", name="Sign and send"))
    looking.sound(page, neutral=True)


def test_a_page_with_mistakes_can_be_used_by_everybody(clinic, patient, watch):
    watch.allow("console error at /f: Failed to load resource: .* 422")
    page = patient(doors.invited(clinic))
    show(page, pages.place("bl_day_voids"))
    page.locator("#bl_day_voids").fill("often")
    go_on(page)
    looking.sound(page, neutral=True)


BROKEN = """() => {
  const found = [];
  for (const label of document.querySelectorAll(".option span")) {
    const words = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) for (const word of words.currentNode.data.matchAll(/[\\w'’]+/g)) {
      const range = document.createRange();
      range.setStart(words.currentNode, word.index);
      range.setEnd(words.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("question", ["id_contact_methods", "rf_heart"])
def test_no_word_of_an_option_breaks_where_letters_are_twice_as_large_on_the_smallest_phone(codes, inside, question):
    page = inside(codes["empty"])
    page.set_viewport_size({"width": 320, "height": 640})
    show(page, pages.place(question))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(BROKEN) == []


def test_the_line_below_the_list_of_parts_keeps_away_from_the_button(codes, inside):
    page = inside(codes["empty"])
    page.set_viewport_size(PHONE)
    show(page, "tasks")
    button = page.get_by_role("button", name="Check your answers").bounding_box()
    line = page.get_by_text("Your answers are kept.").bounding_box()
    assert line["y"] - button["y"] - button["height"] >= 8


def test_what_is_not_chosen_looks_empty_in_the_dark_theme(codes, visitor, kept, inside):
    inside(codes["empty"])
    page = visitor(storage_state=kept[codes["empty"]], color_scheme="dark")
    show(page, pages.place("pre_private"))
    box = page.locator("main .option [type=radio]:not(:checked)").first
    fill = "element => getComputedStyle(element).backgroundColor"
    assert box.evaluate("element => getComputedStyle(element).appearance") == "none"
    assert box.evaluate(fill) == page.locator("main .option:has(:not(:checked)[type=radio])").first.evaluate(fill)


def test_the_warning_can_be_used_by_everybody(codes, inside):
    page = inside(codes["filled in"])
    show(page, "message 2.1")
    looking.sound(page, neutral=True)


def test_the_thanks_can_be_used_by_everybody(clinic, patient):
    with clinic.records() as make:
        response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), submitted=True)
        code = make.codes[response.visit.invitations[0].id]
    page = patient(code)
    assert where(page) == "done"
    looking.sound(page, neutral=True)


def test_a_page_that_is_not_there_can_be_read_by_everybody(visitor, watch):
    watch.allow("console error at /nowhere: Failed to load resource: .* 404")
    page = visitor()
    page.goto("/nowhere")
    looking.sound(page, neutral=True)
