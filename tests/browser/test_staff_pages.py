"""Every page staff can meet, with records on it: usable by everybody, on a phone and at a desk."""

from __future__ import annotations

import re
import types
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from intake.actions import accounts, intakes
from intake.forms import reader
from intake.forms.entry import Entry
from intake.store import flags, responses
from tests.browser import answers, doors
from tests.browser.filling import press
from tests.browser.looking import faults, sound
from tests.browser.screens import DESK, PHONE
from tests.builders import NOTE as GOALS
from tests.builders import SECRET, filled

pytestmark = pytest.mark.browser
OPEN = {
    "sign-in": "/sign-in",
    "setting up the clinic": "/set-up#{set_up}",
    "choosing a password": "/password#{password}",
}
DESK_PAGES = {
    "the day of the front desk": "/clinic",
    "an empty day": "/clinic?day=2020-01-01",
    "the list of patients": "/clinic/patients",
    "a new patient": "/clinic/patients/new",
    "a patient": "/clinic/patients/{patient}",
    "a patient's details": "/clinic/patients/{patient}/change",
    "a visit with an invitation": "/clinic/visits/{visit}",
}
THERAPIST_PAGES = {
    "the therapist's day": "/clinic",
    "the worklist": "/clinic/worklist",
    "the code of a printed note": "/verify",
    "a code that cannot be one of ours": "/verify?code=abc",
    "a code that fits nothing": "/verify?code=AAAA-BBBB-CCCC-DDDD-EEEE",
    "a warning sign": "/clinic/worklist/{flag}",
    "a chart": "/clinic/charts/{patient}",
    "a chart without an intake": "/clinic/charts/{newcomer}",
    "an intake": "/clinic/charts/intakes/{intake}",
    "a note being written": "/clinic/notes/{draft}",
    "a note with everything open": "/clinic/notes/{full}",
    "a note that lacks something": "/clinic/notes/{draft}/sign",
    "a note ready to sign": "/clinic/notes/{ready}/sign",
    "a signed note": "/clinic/notes/{signed}",
    "a plan being written": "/clinic/plans/{plan}",
    "a plan handed over": "/clinic/plans/{issued}",
}
ADMIN_PAGES = {"people": "/admin/people", "settings": "/admin/settings"}
NOTE = reader.latest("evaluation")


@pytest.fixture(scope="module")
def records(clinic):
    """A clinic's day: one patient through the whole of her care, one who is new, somebody in every role."""
    with clinic.records() as make:
        therapist = make.therapist()
        visit = make.visit(make.patient(birth_date=doors.BORN), therapist, starts_at=make.now + timedelta(minutes=5))
        intake = handed_in_with_signs(make, visit)
        found = types.SimpleNamespace(
            therapist=therapist.email, desk=make.front_desk().email, admin=make.admin().email,
            patient=visit.patient_id, visit=visit.id, intake=intake.id,
            newcomer=make.visit(therapist=therapist).patient_id,
            draft=make.note(make.visit(therapist=therapist)).id,
            full=make.note(make.visit(therapist=therapist), answers=answers.full(NOTE)).id,
            signed=make.note(visit, signed=True).id,
            set_up=accounts.offer_setup(make.session, SECRET, now=make.now),
            password=make.link(make.therapist()),
        )  # fmt: skip
        found.ready = ready(make, therapist)
        found.plan = make.plan(make.note(make.visit(therapist=therapist), signed=True)).id
        found.issued = make.plan(make.note(make.visit(therapist=therapist), signed=True), issued=True).id
        found.flag = next(iter(flags.of_patient(make.session, visit.patient_id))).id
        return found


def handed_in_with_signs(make, visit):
    """An intake that raised an emergency and a sign for the same day before it was handed in."""
    form = reader.latest("intake")
    signs = {"rf_heart": {"value": ["rf_chest"]}, "rf_legs": {"value": ["rf_calf"]}}
    response = make.intake(visit)
    for question, answer in signs.items():
        section = form.section_of[question]
        page = next(page for page in section.pages if any(q.id == question for q in page.questions))
        stored = responses.sections(make.session, response.id)
        intakes.save_page(
            make.session, response, form, section, page, Entry(answers={question: answer}), stored,
            base=stored[section.id][1], leaving=False, link="a", today=make.now.date(), now=make.now,
        )  # fmt: skip
    make.answer(response, filled(form, signs))
    signed = {"signer": "Rowan Invented", "by": visit.invitations[0]}
    intakes.submit(make.session, response, form, **signed, today=make.now.date(), now=make.now)
    return response


def ready(make, therapist):
    """The id of a note that only lacks its signature."""
    note = make.note(make.visit(therapist=therapist))
    make.answer(note.response, filled(NOTE, GOALS))
    return note.id


@pytest.fixture(scope="module")
def kept():
    """{e-mail: cookies}: who signed in once need not do so again for every page."""
    return {}


@pytest.fixture
def inside(staff, visitor, kept):
    def entered(email: str) -> Page:
        if email not in kept:
            kept[email] = staff(email).context.storage_state()
        return visitor(storage_state=kept[email])

    return entered


def opened(page: Page, path: str, records) -> Page:
    answer = page.goto(path.format(**vars(records)))
    assert answer is not None
    assert answer.ok, f"{page.url}: {answer.status}"
    return page


@pytest.mark.parametrize("path", OPEN.values(), ids=OPEN)
def test_a_page_before_signing_in_can_be_used_by_everybody(visitor, records, path):
    sound(opened(visitor(), path, records), at_end=True)


@pytest.mark.parametrize("path", DESK_PAGES.values(), ids=DESK_PAGES)
def test_a_page_of_the_front_desk_can_be_used_by_everybody(inside, records, path):
    sound(opened(inside(records.desk), path, records), at_end=True)


@pytest.mark.parametrize("path", THERAPIST_PAGES.values(), ids=THERAPIST_PAGES)
def test_a_page_of_the_therapist_can_be_used_by_everybody(inside, records, path):
    sound(opened(inside(records.therapist), path, records), at_end=True)


@pytest.mark.parametrize("path", ADMIN_PAGES.values(), ids=ADMIN_PAGES)
def test_a_page_of_the_administrator_can_be_used_by_everybody(inside, records, path):
    sound(opened(inside(records.admin), path, records), at_end=True)


def test_a_wrong_password_is_told_to_everybody(visitor, records, watch):
    watch.allow("console error at /sign-in.*: Failed to load resource: .* 422")
    page = opened(visitor(), "/sign-in", records)
    page.get_by_label("E-mail").fill(records.desk)
    page.get_by_label("Password").fill("not the password")
    press(page, page.get_by_role("button", name="Sign in"))
    sound(page, at_end=True)


def test_mistakes_in_a_patients_details_are_told_to_everybody(inside, records, watch):
    watch.allow("console error at /clinic/patients/new: Failed to load resource: .* 422")
    page = opened(inside(records.desk), "/clinic/patients/new", records)
    press(page, page.get_by_role("button", name="Add patient"))
    sound(page, at_end=True)


def test_a_new_invitation_can_be_used_by_everybody(inside, records):
    page = opened(inside(records.desk), "/clinic/patients/{newcomer}", records)
    press(page, page.get_by_role("main").get_by_role("link", name="2026").or_(page.locator("table a")).first)
    press(page, page.get_by_role("button", name="Make an invitation"))
    sound(page, at_end=True)


def test_the_link_for_a_new_colleague_can_be_used_by_everybody(inside, records):
    page = opened(inside(records.admin), "/admin/people", records)
    press(page, page.get_by_role("button", name="New password link").first)
    sound(page, at_end=True)


def test_a_page_that_is_not_there_is_framed_and_leads_on(inside, records, watch):
    watch.allow(r"status of 404")
    page = inside(records.therapist)
    page.goto("/clinic/nowhere")
    sound(page, at_end=True)
    page.get_by_role("link", name="Patients").click()
    page.wait_for_url("**/clinic/patients")


def test_what_ends_a_session_stands_on_one_line(inside, records):
    page = opened(inside(records.therapist), "/clinic", records)
    page.set_viewport_size(DESK)
    tops = {page.get_by_role("button", name=name, exact=True).bounding_box()["y"] for name in ("Lock", "Sign out")}
    assert len(tops) == 1


def test_a_button_too_low_for_a_thumb_is_noticed(visitor):
    page = visitor()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").evaluate("button => button.classList.add('lowered')")
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); "
        "sheet.replaceSync('.lowered { min-height: 0 !important; padding: 0 !important }');"
        " document.adoptedStyleSheets = [sheet]; }"
    )
    assert any("low for a thumb: 'button Sign in'" in fault for fault in faults(page))


HEAD = """() => {
  const root = document.documentElement;
  const parts = document.querySelectorAll(".page-header, .page-header *");
  return [...parts].filter((each) => each.checkVisibility() && !each.classList.contains("visually-hidden"))
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
    .map((each) => each.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("who", ["therapist", "desk", "admin"])
def test_the_head_of_a_page_stays_on_the_smallest_phone_where_letters_are_twice_as_large(inside, records, who):
    page = opened(inside(getattr(records, who)), "/clinic/patients", records)
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(HEAD) == []


def test_the_day_does_not_scroll_sideways_where_letters_are_twice_as_large_and_a_note_waits(inside, records, clinic):
    with clinic.records() as make:
        therapist = make.therapist()
        visit = make.visit(therapist=therapist, starts_at=make.now - timedelta(days=30))
        make.note(visit, form="daily-note")
        email = therapist.email
    page = opened(inside(email), "/clinic", records)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    expect(page.get_by_text("late: more than 48 hours")).to_be_visible()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0


def test_a_draft_that_stays_open_overnight_says_on_which_day_it_was_saved(inside, records):
    page = opened(inside(records.therapist), "/clinic/notes/{draft}", records)
    status = page.locator("[data-saved]")
    page.locator("textarea:visible").first.fill("Good potential")
    expect(status).to_have_text(re.compile(r"^Saved at \d\d:\d\d$"))
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=1, minutes=1))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(status).to_have_text(re.compile(r"^Saved on \w{3} \d{1,2}, \d{4} at \d\d:\d\d$"))
