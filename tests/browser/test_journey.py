"""The main job by hand in a real browser, from the invitation to the printed plan."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from intake.cli.demo import people
from tests.browser import doors, work
from tests.browser.filling import answer_everything, expect_place, press, where
from tests.browser.screens import DESK, PHONE

pytestmark = pytest.mark.browser
NAME = "Journey Sampleton"
NEW_YORK = ZoneInfo("America/New_York")


def hand_in(page: Page) -> None:
    """Look over the answers, sign and send."""
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_role("heading", name="Still open")).to_have_count(0)
    page.get_by_label("Your full name").fill(NAME)
    press(page, page.get_by_role("button", name="Sign and send"))
    expect_place(page, "done")


def day() -> date:
    return datetime.now(UTC).astimezone(NEW_YORK).date()


def test_from_the_invitation_to_the_plan_in_her_hands(clinic, visitor, staff):
    visit_day = day()  # read once: midnight may come meanwhile
    with clinic.records() as make:
        therapist, desk = make.therapist(name="Tess Therapist"), make.front_desk()
        make.location()
    # The front desk adds her, a visit today and an invitation.
    front = staff(desk.email)
    work.add_patient(front, NAME, doors.BORN)
    work.add_visit(front, datetime.combine(visit_day, time(12), NEW_YORK), "Tess Therapist")
    link = work.invite(front)
    # She opens the link on her phone: the code is filled in and gone from the address.
    phone = visitor(size=PHONE)
    phone.goto(link)
    expect(phone.get_by_label("Access code")).to_have_value(link.partition("#")[2])
    assert phone.url == f"{clinic.url}/f"
    doors.give_birth_date(phone)
    answer_everything(phone, people.warning(visit_day))
    hand_in(phone)
    # The therapist sees the day, with how far the intake is and what it raised.
    tess = staff(therapist.email, size=DESK)
    tess.goto(f"/clinic?day={visit_day.isoformat()}")
    row = tess.get_by_role("row", name=re.compile(rf"[AP]M {NAME}"))  # below it, the notes that wait
    expect(row).to_contain_text("Answers are in")
    expect(row).to_contain_text("Same day")
    # The chart's summary fits one screen.
    press(tess, row.get_by_role("link", name=NAME, exact=True))
    summary = tess.locator(".thirds").bounding_box()
    assert summary is not None
    assert summary["y"] + summary["height"] <= DESK["height"]
    expect(tess.get_by_text("Carry my toddler up the stairs.")).to_be_visible()
    # She writes and signs the note; findings inside the body wait for consent.
    work.start_note(tess)
    expect(tess.locator("[name=in_contraction]")).to_have_count(0)
    work.record_consent(tess)
    work.open_section(tess, "internal")
    expect(tess.locator("[name=in_contraction]").first).to_be_visible()
    work.record_findings(tess, visit_day)
    work.sign_note(tess)
    expect(tess.get_by_text("Signed by Tess Therapist")).to_be_visible()
    # She makes the plan and hands it over; the paper is kept byte for byte.
    work.write_plan(tess)
    address, fingerprint = work.hand_over(tess)
    first, again = (tess.request.get(address).body() for _time in range(2))
    assert first.startswith(b"%PDF-")
    assert first == again
    assert hashlib.sha256(first).hexdigest() == fingerprint


def test_the_same_form_can_be_answered_and_sent_without_javascript(clinic, patient, staff):
    with clinic.records() as make:
        visit = make.visit(make.patient(birth_date=doors.BORN))
        code = make.codes[make.invitation(visit).id]
        email, person = visit.therapist.email, visit.patient_id
    phone = patient(code, script=False)
    answer_everything(phone, people.intake(day()))
    hand_in(phone)
    phone.goto("/f")
    assert where(phone) == "done"
    tess = staff(email)
    tess.goto(f"/clinic/charts/{person}")
    expect(tess.get_by_text("Run with the stroller again")).to_be_visible()
