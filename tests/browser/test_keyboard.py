"""Without a mouse: everything can be reached, filled in and saved, and the focus can be seen all the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from intake.forms import reader
from tests import pages
from tests.browser import answers, doors
from tests.browser.filling import expect_place, say_who_is_there, show
from tests.browser.keyboard import go_to, hidden, stop, stops
from tests.browser.screens import DESK, PHONE

pytestmark = pytest.mark.browser
SAVED = re.compile(r"Saved at \d\d:\d\d")
TALL = {"width": 320, "height": 480}
NOTE = reader.latest("evaluation")
BLADDER, NEXT, SCALE = (pages.place(asked) for asked in ("bl_day_voids", "bl_leak_when", "ns_downshift"))
TEXTS, GROUP, GRID, MAP = (pages.place(asked) for asked in ("id_emerg_name", "ob_births", "bo_leak", "pn_map"))
DENSE = (TEXTS, GROUP, GRID, MAP, SCALE)


@pytest.fixture
def note(clinic, staff):
    """A page on which a note is being written, with every section open."""
    with clinic.records() as make:
        visit = make.visit()
        draft = make.note(visit, answers=answers.bare(NOTE))
        email, path = visit.therapist.email, f"/clinic/notes/{draft.id}"
    page = staff(email)
    page.goto(path)
    return page


def unseen(page: Page) -> list[str]:
    return [problem for here in stops(page) for problem in hidden(here)]


def test_a_patient_fills_in_and_saves_a_page_without_a_mouse(clinic, patient):
    page = patient(doors.invited(clinic))
    show(page, BLADDER)
    go_to(page, "bl_day_voids")
    page.keyboard.type("9")
    go_to(page, "bl_nocturia")
    page.keyboard.type("1")
    go_to(page, "bl_urgency")
    page.keyboard.press("ArrowDown")
    go_to(page, "bl_leak_any")
    page.keyboard.press("Space")
    go_to(page, "button Continue")
    page.keyboard.press("Enter")
    expect_place(page, NEXT)
    show(page, BLADDER)
    expect(page.locator("#bl_day_voids")).to_have_value("9")
    expect(page.locator("#bl_nocturia")).to_have_value("1")
    expect(page.locator("[name=bl_urgency]:checked")).to_have_count(1)
    expect(page.locator("[name=bl_leak_any][value=yes]")).to_be_checked()


def test_ticking_a_sign_without_a_mouse_brings_the_message(clinic, patient):
    page = patient(doors.invited(clinic))
    show(page, "page 2.1")
    go_to(page, "rf_heart")
    page.keyboard.press("Space")
    expect(page.locator("input[name=_at]")).to_have_value(re.compile("^message"))
    go_to(page, "reply")
    page.keyboard.press("Enter")
    expect_place(page, "page 2.2")


def test_a_digit_answers_a_scale(clinic, patient):
    page = patient(doors.invited(clinic))
    show(page, SCALE)
    go_to(page, "ns_downshift")
    page.keyboard.press("7")
    expect(page.locator("[name=ns_downshift][value='7']")).to_be_checked()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


@pytest.mark.parametrize("place", DENSE)
@pytest.mark.parametrize("size", [PHONE, TALL, DESK], ids=["phone", "phone with its keyboard out", "desk"])
def test_the_focus_can_be_seen_all_through_a_page_of_the_patient(clinic, patient, kept_code, place, size):
    page = say_who_is_there(patient(kept_code, size=size))
    show(page, place)
    found = unseen(page)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def kept_code(clinic):
    """The code of an intake in which every page is open."""
    with clinic.records() as make:
        given = answers.full(reader.latest("intake"))
        response = make.intake(make.visit(make.patient(birth_date=doors.BORN)), given)
        return make.codes[response.visit.invitations[0].id]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_skip_link_jumps_over_what_every_page_repeats(clinic, patient, script):
    page = patient(doors.invited(clinic), script=script)
    show(page, BLADDER)
    page.keyboard.press("Tab")
    first = stop(page)
    assert first is not None
    assert first["what"] == "a Skip to the content"
    assert not hidden(first)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    here = stop(page)
    assert here is not None
    assert here["what"] == "button Back"


def test_the_focus_can_be_seen_all_through_a_note(note):
    found = unseen(note)
    assert not found, "\n".join(found)


def test_a_therapist_fills_in_and_saves_a_note_without_a_mouse(note):
    go_to(note, "co_exam_type")
    note.keyboard.press("Space")
    go_to(note, "co_stop_signal")
    note.keyboard.press("Space")
    go_to(note, "im_impression")
    note.keyboard.type("A plain finding.")
    with note.expect_navigation():
        note.keyboard.press("Control+Enter")
    expect(note.get_by_text("Draft saved.")).to_be_visible()
    expect(note.locator("#im_impression")).to_have_value("A plain finding.")


def test_alt_and_page_down_go_from_section_to_section(note):
    visited = []
    for _press in range(3):
        note.keyboard.press("Alt+PageDown")
        here = stop(note)
        assert here is not None
        visited.append(note.evaluate("() => document.activeElement.closest('section')?.id"))
        assert not hidden(here), hidden(here)
    assert visited == [section.id for section in NOTE.sections][:3]
    note.keyboard.press("Alt+PageUp")
    assert note.evaluate("() => document.activeElement.closest('section')?.id") == visited[1]
