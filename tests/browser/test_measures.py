"""Measures in a browser: typing in numbers by keyboard, and pages that everybody can read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.looking import sound

pytestmark = pytest.mark.browser


@pytest.fixture
def measured(clinic):
    """(therapist's e-mail, patient id): somebody with a few measures over a year."""
    with clinic.records() as make:
        visit, today = make.visit(), make.now.date()
        for number, (days, value) in enumerate(((300, 4), (200, 3), (100, 3), (0, 1))):
            make.measure("odi", *[value] * 10, visit=visit, on=today - timedelta(days=days))
            make.measure("nprs", 8 - 2 * number, visit=visit, on=today - timedelta(days=days))
        make.measure("phq-9", *[2] * 8, None, visit=visit, on=today - timedelta(days=50))
        make.measure("epds", 1, 1, visit=visit, on=today - timedelta(days=20))
        make.measure("pfdi-20", total=Decimal("67.5"), visit=visit)
        make.measure("fsfi", 2, 2, *[0] * 12, 3, 3, 0, 0, 0, visit=visit)
        return visit.therapist.email, visit.patient_id


def test_the_pages_of_measures_can_be_read_by_everybody(staff, measured):
    email, patient_id = measured
    page = staff(email)
    for address in ("measures", "measures/new?measure=pfdi-20"):
        page.goto(f"/clinic/charts/{patient_id}/{address}")
        sound(page)
    page.goto(f"/clinic/charts/{patient_id}")
    sound(page)


@pytest.mark.parametrize("script", [True, False])
def test_numbers_are_typed_in_with_the_keyboard_alone(staff, measured, watch, script):
    watch.allow("console error at /clinic/charts/[0-9a-f-]+/measures/new: Failed to load resource: .* 422")
    email, patient_id = measured
    page = staff(email, script=script)
    page.goto(f"/clinic/charts/{patient_id}/measures/new?measure=phq-2")
    page.get_by_label("Item 1").focus()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This item can be 0–3.").first).to_be_visible()
    page.get_by_label("Item 2").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The numbers are kept.")).to_be_visible()
