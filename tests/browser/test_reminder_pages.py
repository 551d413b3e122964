"""The pages of reminders and response times, and handing an entry over: for everybody, on a phone and at a desk."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from intake.clinical.delivery import Reason, State
from intake.store import outbox
from tests.browser.filling import press
from tests.browser.looking import sound

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def records(clinic):
    """A worklist with entries of every kind, mail that did not go out, and a holiday."""
    with clinic.records() as make:
        therapist, other = make.therapist(), make.therapist(name="Olga Other")
        contacts = [{"method": "email", "value": "rowan@example.org", "safe": "safe"}]
        visit = make.visit(make.patient(contacts=contacts), therapist)
        intake = make.intake(visit)
        late = make.now - timedelta(hours=2)
        flag = make.flag(intake, "E1", "EMERGENCY", because=["rf_bleed"], opened_at=late)
        for number in range(6):
            made = make.flag(intake, ("S9", "S1", "S2", "S3", "S4", "S5")[number], opened_at=late)
            made.seen_at, made.acknowledged_at = late + timedelta(minutes=3), late + timedelta(minutes=9)
            made.acknowledged_by_id = made.seen_by_id = therapist.id
        settings = make.clinic()
        settings.holidays, settings.on_call = [["2026-11-26", "Thanksgiving"]], [str(other.id)]
        outbox.notify(make.session, other.id, make.now)
        make.session.commit()
        row = outbox.take(make.session, make.now)
        outbox.end(make.session, row, State.FAILED, make.now, Reason.REFUSED)
        make.session.commit()
        return SimpleNamespace(
            admin=make.admin().email, lead=make.privacy_lead().email, desk=make.front_desk().email,
            therapist=therapist.email, visit=visit.id, flag=flag.id,
        )  # fmt: skip


@pytest.fixture(scope="module")
def kept():
    """{e-mail: cookies}: who signed in once need not do so again for every page."""
    return {}


@pytest.fixture
def inside(staff, visitor, kept):
    """The tab of somebody who has signed in."""

    def entered(email, **more):
        if email not in kept:
            kept[email] = staff(email).context.storage_state()
        return visitor(storage_state=kept[email], **more)

    return entered


PAGES = {
    "reminders": ("admin", "/admin/alerts"),
    "response times": ("lead", "/admin/times"),
    "the worklist": ("therapist", "/clinic/worklist"),
    "an entry of one's own": ("therapist", "/clinic/worklist/{flag}"),
    "the day with something that waits": ("therapist", "/clinic"),
    "a visit whose patient may be mailed": ("desk", "/clinic/visits/{visit}"),
}


@pytest.mark.parametrize(("who", "path"), PAGES.values(), ids=PAGES)
def test_every_page_can_be_used_by_everybody(inside, records, who, path):
    page = inside(getattr(records, who))
    page.goto(path.format(**vars(records)))
    sound(page)


def test_hours_that_cannot_be_are_pointed_out_to_everybody(inside, records, watch):
    watch.allow(r"status of 422")
    page = inside(records.admin)
    page.goto("/admin/alerts")
    page.locator("#monday_until").fill("07:00")
    press(page, page.get_by_role("button", name="Save settings"))
    assert page.get_by_text("Please give a time after the first one.").count() >= 1
    sound(page)


def test_without_a_script_a_holiday_is_added_and_taken_out(inside, records):
    page = inside(records.admin, script=False)
    page.goto("/admin/alerts")
    page.get_by_label("Day", exact=True).fill("2027-01-01")
    page.get_by_label("What it is").fill("New Year")
    page.get_by_role("button", name="Add day").click()
    page.get_by_text("Day added.").wait_for()
    page.get_by_role("button", name="Take out New Year").click()
    page.get_by_text("Day taken out.").wait_for()


def test_an_entry_is_given_away_by_keyboard(inside, records):
    page = inside(records.therapist)
    page.goto(f"/clinic/worklist/{records.flag}")
    page.get_by_label("Give to").select_option(label="Olga Other")
    page.get_by_role("button", name="Give to…").press("Enter")
    page.get_by_text("Olga Other has it now.").wait_for()
