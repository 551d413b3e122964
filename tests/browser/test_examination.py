"""Instruments on the page of a note: with a script they follow what is typed, without one the fields are all there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from intake.cli.demo import people
from tests.browser.screens import DESK, PHONE

CONSENT = {name: {"value": value} for name, value in people.consent().items()}
POINTS = {"aa": "-1", "ba": "-1", "c": "-6", "d": "-8", "ap": "-2", "bp": "-2", "tvl": "9"}


@pytest.fixture
def draft(clinic):
    """The address of a draft whose examination is open, and its author."""
    with clinic.records() as make:
        note = make.note(answers={**CONSENT, "popq_cervix": {"value": "yes"}})
        return f"/clinic/notes/{note.id}", note.author.email


@pytest.fixture
def note(staff, draft):
    path, author = draft
    page = staff(author, size=DESK)
    page.goto(path)
    return page


def test_a_line_fills_its_fields_and_follows_them(note):
    note.locator("#perfect_line").fill("3/6/4//7")
    expect(note.locator('[name="perfect_p"][value="3"]')).to_be_checked()
    assert [note.locator(f"#perfect_{part}").input_value() for part in "erf"] == ["6", "4", "7"]
    expect(note.locator('[data-computed="internal"]')).to_have_text("PERFECT: 3/6/4//7")
    note.locator("#perfect_e").fill("8")
    expect(note.locator("#perfect_line")).to_have_value("3/8/4//7")
    expect(note.locator('[data-computed="internal"]')).to_have_text("PERFECT: 3/8/4//7")


def test_what_a_line_says_was_not_tested_has_no_value_left(note):
    note.locator("#perfect_line").fill("3/6/4//7")
    note.locator("#perfect_line").fill("2/5/-//-")
    assert [note.locator(f"#perfect_{part}").input_value() for part in "erf"] == ["5", "", ""]
    expect(note.locator('[name="perfect_p"][value="2"]')).to_be_checked()
    expect(note.locator('[data-computed="internal"]')).to_be_hidden()


def test_the_stage_follows_the_points_and_what_contradicts_them_is_said(note):
    for name, cm in POINTS.items():
        note.locator(f"#popq_{name}").fill(cm)
    expect(note.locator('[data-computed="popq"]')).to_have_text("POP-Q stage II, leading: anterior")
    note.locator("#popq_c").fill("-9.5")
    expect(note.locator('[data-look="popq_c"]')).to_contain_text("cannot lie farther from the hymen")
    note.locator("#popq_c").fill("-6")
    expect(note.locator('[data-look="popq_c"]')).to_have_count(0)


def test_a_drawing_follows_its_fields_and_leads_to_them(note):
    note.locator("#popq_ba").fill("2")
    expect(note.locator('[data-point="popq_ba"]')).to_have_attribute("cy", "113")
    note.locator('[data-row="in_tenderness.obturator-left"]').click()
    expect(note.locator('[id="in_tenderness.obturator-left.in_tender_nprs"]')).to_be_focused()
    note.keyboard.type("6")
    expect(note.locator('[data-amount="in_tenderness.obturator-left.in_tender_nprs"]')).to_have_attribute(
        "fill-opacity", "0.6"
    )


@pytest.mark.parametrize("width", [640, 800, 990, 1000, 1280])
def test_no_table_is_wider_than_the_page_whatever_the_width_in_letters(note, width):
    """A wide screen with large letters is a narrow one: 1280 px at 200 % are as many letters as 640 px at 100 %."""
    note.set_viewport_size({"width": width, "height": 900})
    wide = note.evaluate(
        """() => [...document.querySelectorAll(".grid")]
            .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth)
            .map((each) => each.ariaLabel)"""
    )
    assert wide == []
    assert note.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_a_script_the_same_is_there_after_saving(visitor, draft, staff):
    path, author = draft
    page = visitor(script=False, size=PHONE, storage_state=staff(author).context.storage_state())
    page.goto(path)
    page.locator("#perfect_line").fill("3/6/4//7")
    for name, cm in POINTS.items():
        page.locator(f"#popq_{name}").fill(cm)
    page.locator(".bar").get_by_role("button", name="Save draft").click()
    expect(page.locator('[data-computed="internal"]')).to_have_text("PERFECT: 3/6/4//7")
    expect(page.locator('[data-computed="popq"]')).to_have_text("POP-Q stage II, leading: anterior")
    expect(page.locator("#perfect_line")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
