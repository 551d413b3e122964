"""What staff look over: a full intake with entries and signs denied, a follow-up that is still right, and the chart."""

from __future__ import annotations

import types
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from intake.actions import intakes
from intake.forms import reader
from intake.store import beginnings, responses
from tests.browser.looking import sound
from tests.browser.screens import DESK, PHONE, TYPICAL
from tests.builders import filled

pytestmark = pytest.mark.browser
SCREENS = (PHONE, TYPICAL, DESK)
BIRTH = {"birth_outcome": {"value": "living"}, "birth_mode": {"value": "vaginal"}, "birth_tear": {"value": "second"}}
SAID = {
    "rf_heart": {"value": ["none"]},
    "rf_legs": {"value": ["none"]},
    "mh_conditions": {"value": ["none"]},
    "ob_births": {"value": [{"birth_date": {"value": day}, **BIRTH} for day in ("2026-05-01", "2021-03-09")]},
    "bl_leak_any": {"value": "yes"},
    "bl_bother": {"value": 6},
    "fn_goal_top": {"value": "दौड़ run"},
}


@pytest.fixture(scope="module")
def records(clinic):
    """Somebody who comes back: an intake and a follow-up that are in, a check-in that is begun."""
    with clinic.records() as make:
        patient = make.patient(legal_name="محمد Fern", name_used="")
        therapist = make.therapist()
        first = make.intake(make.visit(patient, therapist), SAID, submitted=True)
        form = reader.latest("follow-up")
        follow_up = beginnings.begin(make.session, make.visit(patient, therapist), "follow-up", now=make.now)
        right = {question.id: {"value": "right"} for question in form.questions() if question.recall}
        make.answer(follow_up, filled(form, responses.answers(make.session, follow_up.id) | right))
        intakes.submit(
            make.session, follow_up, form, signer="Rowan Invented", by=None, today=make.now.date(),
            now=make.now + timedelta(minutes=1),
        )  # fmt: skip
        check_in = beginnings.begin(make.session, make.visit(patient, therapist), "check-in", now=make.now)
        make.answer(check_in, {"ci_pain": {"value": 4}})
        return types.SimpleNamespace(
            email=therapist.email, patient=patient.id, first=first.id, follow_up=follow_up.id, visit=first.visit_id
        )


@pytest.fixture(scope="module")
def kept():
    """The cookies of who signed in once."""
    return []


@pytest.fixture
def inside(staff, visitor, records, kept):
    if not kept:
        kept.append(staff(records.email).context.storage_state())
    return visitor(storage_state=kept[0], size=DESK)


def names(page: Page, chosen: str) -> list[str]:
    return [" ".join(each.split()) for each in page.locator(chosen).all_inner_texts()]


def test_the_review_of_an_intake_can_be_read_on_a_phone_and_at_a_desk(inside, records):
    inside.goto(f"/clinic/charts/intakes/{records.first}")
    sound(inside, SCREENS)
    ways = names(inside, ".jump a")
    assert len(set(ways)) == len(ways)
    expect(inside.locator("ol.entries:not(.plain) > li")).to_have_count(2)
    folded = inside.locator("details.denied").first
    folded.locator("summary").click()
    expect(folded.locator("p")).to_be_visible()
    sound(inside, SCREENS)


def test_the_review_of_a_follow_up_shows_what_was_right_when_it_is_unfolded(inside, records):
    inside.goto(f"/clinic/charts/intakes/{records.follow_up}")
    sound(inside, SCREENS)
    for each in inside.locator("details.denied > summary").all():
        each.click()
    expect(inside.locator("dl.entries dd").first).to_contain_text("said")
    sound(inside, SCREENS)


def test_the_chart_of_who_comes_back_has_no_two_links_of_one_name(inside, records):
    inside.goto(f"/clinic/charts/{records.patient}")
    sound(inside, SCREENS)
    found = names(inside, 'main a[href*="/charts/intakes/"]')
    assert len(found) >= 3
    assert len(set(found)) == len(found)
    expect(inside.locator(".notice.slim").first).to_contain_text("not handed in yet")
