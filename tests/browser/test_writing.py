"""Writing a note with the keyboard: last values, phrases, the patient's words, and the way between questions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from intake.forms import reader
from tests.browser.keyboard import hidden, stop
from tests.browser.looking import SMALLEST, THUMB
from tests.browser.screens import DESK, PHONE

pytestmark = pytest.mark.browser
NOTE = reader.latest("evaluation")
SAVED = re.compile(r"Saved at \d\d:\d\d")
EARLIER = {
    "ab_position": {"value": "supine"},
    "ab_tension": {"value": "moderate"},
    "im_impression": {"value": "Good potential"},
}


@pytest.fixture
def path(clinic):
    """The address of a draft whose patient has a signed note and words of her own, and who writes it."""
    with clinic.records() as make:
        intake = make.intake(
            make.visit(starts_at=make.now), answers={"fn_goal_top": {"value": "Run again"}}, submitted=True
        )
        visit = intake.visit
        earlier = make.visit(visit.patient, visit.therapist, starts_at=make.now - timedelta(hours=47))
        make.note(earlier, visit.therapist, answers=EARLIER, signed=True)
        note = make.note(visit, answers={"hi_reason": {"value": "Seen."}})
        return visit.therapist.email, f"/clinic/notes/{note.id}"


@pytest.fixture
def note(path, staff):
    email, address = path
    page = staff(email)
    page.goto(address)
    return page


def focus(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()


def focused(page: Page) -> str:
    """The name of the field that has the focus."""
    return str(page.evaluate("() => document.activeElement.name ?? ''"))


def press(page: Page, key: str) -> None:
    """A key that sends the page."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("key", ["F2", "l"])
def test_one_key_takes_the_last_value_over_and_another_says_it_is_still_right(note, key):
    focus(note, "[name=ab_tension]")
    press(note, key)
    assert focused(note) == "ab_tension"
    expect(note.locator("[name=ab_tension]:checked")).to_have_value("moderate")
    expect(note.locator(".to-review")).to_have_count(1)
    here = stop(note)
    assert here is not None
    assert not hidden(here)
    press(note, {"F2": "F4", "l": "r"}[key])
    expect(note.locator(".to-review")).to_have_count(0)
    expect(note.get_by_text("still right.")).to_be_visible()


def test_a_key_in_a_text_takes_over_too_and_a_letter_is_a_letter(note):
    focus(note, "#im_impression")
    note.keyboard.type("lr?w")
    expect(note.locator("#im_impression")).to_have_value("lr?w")
    note.locator("#im_impression").fill("")
    expect(note.locator("[data-saved]")).to_have_text(SAVED)
    press(note, "F2")
    expect(note.locator("#im_impression")).to_have_value("Good potential")
    assert focused(note) == "im_impression"


def test_one_key_puts_the_patients_words_in(note):
    focus(note, "#hi_reason")
    press(note, "F8")
    expect(note.locator("#hi_reason")).to_have_value(re.compile("^Seen\\.\nPatient: “Run again”, intake of "))
    assert focused(note) == "hi_reason"


def test_without_script_the_same_buttons_do_the_same(path, staff):
    email, address = path
    page = staff(email, script=False)
    page.goto(address)
    page.locator("#im_impression").fill("Held .kegel")
    page.locator("button[value='take:ab_tension']").click()
    expect(page.locator("[name=ab_tension]:checked")).to_have_value("moderate")
    expect(page.locator("#im_impression")).to_have_value(re.compile("^Held Pelvic floor contractions: {sets} sets"))
    page.get_by_role("button", name="Still right").click()
    page.locator("#keys, .keys").first.wait_for(state="hidden")
    page.get_by_role("button", name="Put these words in").first.click()
    expect(page.locator("#hi_reason")).to_have_value(re.compile("Patient: “Run again”"))


def test_a_phrase_is_expanded_at_the_caret_and_tab_goes_from_field_to_field(note):
    area = note.locator("#im_impression")
    area.fill("Before after")
    area.evaluate("area => area.setSelectionRange(7, 7)")
    note.keyboard.type(".breath ")
    expect(area).to_have_value(
        "Before Diaphragm breathing in {position}, {minutes} min, ribs moving to the side, "
        "pelvic floor let go on breathing in. after"
    )
    note.keyboard.type("side-lying")
    note.keyboard.press("Tab")
    note.keyboard.type("5")
    expect(area).to_have_value(re.compile("in side-lying, 5 min"))
    note.keyboard.press("Tab")
    assert focused(note) != "im_impression"
    expect(note.locator("[data-saved]")).to_have_text(SAVED)


@pytest.mark.parametrize("typed", [".nothing ", "x.tol ", "“said .tol ", 'said "I .tol ', '".tol '])
def test_what_is_no_phrase_is_left_alone(note, typed):
    area = note.locator("#im_impression")
    area.focus()
    note.keyboard.type(typed)
    expect(area).to_have_value(typed)


@pytest.mark.parametrize("before", ['She says "so" ', 'Scar 2" long, ', "“so” "])
def test_behind_a_quotation_and_behind_inches_a_phrase_is_one(note, before):
    area = note.locator("#im_impression")
    area.focus()
    note.keyboard.type(f"{before}.breath ")
    expect(area).to_have_value(re.compile(f"^{re.escape(before)}Diaphragm breathing"))


def test_enter_goes_to_the_next_question_and_digits_answer(note):
    focus(note, "[name=ab_tension]")
    note.keyboard.press("1")
    expect(note.locator("[name=ab_tension]:checked")).to_have_value("firm")
    note.keyboard.press("Enter")
    assert focused(note) == "ab_depth"
    note.keyboard.type("1.5")
    note.keyboard.press("Enter")
    assert focused(note) == "ab_doming"
    note.keyboard.press("3")
    expect(note.locator("[name=ab_doming]:checked")).to_have_count(1)
    expect(note.locator("[data-saved]")).to_have_text(SAVED)


def test_a_digit_picks_the_grade_it_names(note):
    focus(note, "[name=ab_curl_grade]")
    chosen = note.locator("[name=ab_curl_grade]:checked")
    for grade in "305":
        note.keyboard.press(grade)
        expect(chosen).to_have_value(grade)
    note.keyboard.press("9")
    expect(chosen).to_have_value("5")


@pytest.mark.parametrize("table", ["hp_mmt", "lp_myotomes"])
def test_a_digit_in_a_table_of_strength_picks_the_grade_it_names(note, table):
    cell = note.locator(f'select[name^="{table}."]').first
    cell.focus()
    for grade in "54321043":
        note.keyboard.press(grade)
        expect(cell).to_have_value(grade)
    for sign in "-+":
        note.keyboard.press(sign)
        expect(cell).to_have_value(f"3{sign}")
    note.keyboard.press("9")
    expect(cell).to_have_value("3+")
    expect(note.locator("[data-saved]")).to_have_text(SAVED)


def test_a_list_without_the_plain_grade_is_left_to_the_browser(note):
    cell = note.locator('select[name^="lp_reflexes."]').first
    cell.focus()
    note.keyboard.press("2")
    expect(cell).to_have_value("2+")


def test_a_digit_is_never_a_place_where_an_answer_begins_with_a_number(note):
    focus(note, "[name=im_elements]")
    note.keyboard.press("2")
    expect(note.locator("[name=im_elements]:checked")).to_have_count(0)
    note.keyboard.press("3")
    text = note.locator("label:has([name=im_elements]:checked)")
    expect(text).to_have_text("3 elements")


def test_a_letter_leads_to_its_section_once_no_text_is_written(note):
    focus(note, "#hi_course")
    note.keyboard.press("Escape")
    letter = note.locator('.section-nav a[href="#impression"]').get_attribute("data-letter")
    note.keyboard.press(letter)
    assert note.evaluate("() => document.activeElement.closest('section').id") == "impression"
    here = stop(note)
    assert here is not None
    assert not hidden(here)


def test_the_letter_again_leads_to_the_next_part_and_writes_nothing(note):
    letter = note.locator('.section-nav a[href="#impression"]').get_attribute("data-letter")
    note.keyboard.press(letter)
    assert focused(note) == "im_factors"
    note.keyboard.press(letter)
    assert note.evaluate("() => document.activeElement.tagName") == "H3"
    note.keyboard.press(letter)
    note.keyboard.press(letter)
    expect(note.locator("h3:focus")).to_have_text("Clinical impression")
    note.keyboard.press("Enter")
    assert focused(note) == "im_impression"
    expect(note.locator("#im_impression")).to_have_value("")


def test_a_table_is_filled_by_enter_and_page_down_and_left_from_an_empty_cell(note):
    focus(note, '[name="ab_ird.above.ab_ird_rest"]')
    note.keyboard.type("1.5")
    note.keyboard.press("Enter")
    assert focused(note) == "ab_ird.above.ab_ird_curl"
    note.keyboard.press("PageDown")
    assert focused(note) == "ab_ird.at.ab_ird_curl"
    note.keyboard.press("ArrowUp")
    assert focused(note) == "ab_ird.above.ab_ird_curl"
    note.keyboard.press("Enter")
    assert not focused(note).startswith("ab_ird.")


def test_one_key_writes_the_time_it_is(note):
    focus(note, "[name=co_exam_type]")
    note.keyboard.press("1")
    focus(note, "[name=co_external_decision]")
    note.keyboard.press("1")
    focus(note, "[name=co_external_time]")
    note.keyboard.press("n")
    expect(note.locator("#co_external_time")).to_have_value(re.compile(r"^\d\d:\d\d$"))


def test_the_keys_are_listed_and_those_of_one_letter_can_be_turned_off(note):
    note.locator("h1").click()
    note.keyboard.press("?")
    expect(note.get_by_text("same again as last time")).to_be_visible()
    note.get_by_label("Turn keys of one letter off").check()
    expect(note.locator("[data-saved]")).to_have_text(SAVED)
    note.reload()
    focus(note, "[name=ab_tension]")
    note.keyboard.press("l")
    note.keyboard.press("?")
    expect(note.locator(".to-review")).to_have_count(0)
    assert focused(note) == "ab_tension"
    press(note, "F2")
    expect(note.locator(".to-review")).to_have_count(1)


def test_the_focus_is_never_behind_the_summary_even_while_that_is_open(note):
    note.locator(".glance summary").click()
    focus(note, "[name=ab_tension]")
    for _press in range(40):
        note.keyboard.press("Tab")
        here = stop(note)
        assert here is not None
        assert not hidden(here), hidden(here)


def test_the_page_keeps_within_a_phone(path, staff):
    email, address = path
    page = staff(email, size=PHONE)
    page.goto(address)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "least"), [(DESK, SMALLEST), (PHONE, THUMB)])
def test_the_list_of_phrases_opens_with_a_thumb(note, size, least):
    note.set_viewport_size(size)
    box = note.get_by_text("Phrases", exact=True).bounding_box()
    assert box["height"] >= least
