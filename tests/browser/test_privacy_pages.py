"""The privacy lead's pages with lines on them: usable by everybody, on a phone and at a desk, and by keyboard."""

from __future__ import annotations

import types

import pytest

from intake.store import audit
from tests.browser import doors
from tests.browser.looking import sound

pytestmark = pytest.mark.browser
PAGES = {
    "who opened what": "/privacy/trail",
    "nothing fits": "/privacy/trail?since=2040-01-01",
    "one patient": "/privacy/trail/{patient}",
    "the accounting of disclosures": "/privacy/patients/{patient}/disclosures",
    "an accounting with nothing in it": "/privacy/patients/{newcomer}/disclosures",
    "emergencies": "/privacy/emergency",
}


@pytest.fixture(scope="module")
def records(clinic):
    """A patient whose chart was opened, exported and opened in an emergency, and one who has just come."""
    with clinic.records() as make:
        therapist, patient = (
            make.therapist(name="Ada Example"),
            make.patient(legal_name="Sky Sample", birth_date=doors.BORN),
        )
        for action in ("read.read-chart", "read.export-note", "plan.issued"):
            more = {"actor": therapist, "subject": patient, "patient_id": patient.id, "categories": ("care",)}
            audit.record(make.session, action, now=make.now, **more)
        make.session.commit()
        make.emergency(patient)
        return types.SimpleNamespace(
            lead=make.privacy_lead().email, patient=patient.id, newcomer=make.patient().id, name=patient.legal_name
        )


@pytest.fixture(scope="module")
def kept():
    """The privacy lead's cookies: a code works once, so nobody signs in twice within half a minute."""
    return {}


@pytest.fixture
def lead(staff, visitor, kept, records):
    if not kept:
        kept.update(staff(records.lead).context.storage_state())
    return visitor(storage_state=kept)


def test_every_page_of_the_privacy_lead_can_be_used_by_everybody(lead, records):
    page = lead
    for path in PAGES.values():
        answer = page.goto(path.format(**vars(records)))
        assert answer is not None
        assert answer.ok, path
        sound(page)


def test_a_patient_is_found_with_the_keyboard_and_her_name_is_in_no_address(lead, records):
    page = lead
    page.goto("/privacy/trail")
    page.get_by_label("Name").focus()
    page.keyboard.type(records.name)
    page.get_by_label("Date of birth").fill(doors.BORN.isoformat())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/privacy/trail/{records.patient}")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Who opened what")
    assert "sample" not in page.url.lower()
