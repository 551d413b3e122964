"""The timeline on the chart: what happened when, of what its reader may see, a page at a time."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from intake.clinical.triage import message
from intake.store import flags


@pytest.fixture
def intake(make):
    return make.intake(answers={"rf_unreal": {"value": "yes"}, "rf_bleed": {"value": "heavy"}}, submitted=True)


def events(client, patient_id, **asked):
    """The lines of the timeline, as words."""
    page = client.get(f"/clinic/charts/{patient_id}", query_string=asked).text
    part = re.search(r'id="timeline-title".*?</section>', page, re.DOTALL)[0]
    lists = "".join(re.findall(r'<ul class="plain timeline">(.*?)</ul>', part, re.DOTALL))
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", each)).split())
        for each in re.findall(r"<li>(.*?)</li>", lists, re.DOTALL)
    ]


def test_visits_forms_notes_plans_and_papers_stand_in_it(client, make, sign_in, intake):
    note = make.note(intake.visit, signed=True)
    make.add(note)
    make.plan(note, issued=True)
    sign_in(note.author)
    client.get(f"/clinic/charts/intakes/{intake.id}/answers/letter")
    page = " | ".join(events(client, intake.patient_id))
    for words in (
        "First evaluation",
        "Before your visit",
        "Initial evaluation",
        "added to",
        "Addendum",
        "Plan of",
        "handed over",
        ".pdf",
    ):
        assert words in page
    assert "Printed the answers of a form" in page
    assert "Consent:" in page


def test_it_keeps_to_a_kind_and_says_how_many_there_are(client, make, sign_in, intake):
    make.note(intake.visit)
    sign_in(intake.visit.therapist)
    assert [line for line in events(client, intake.patient_id, kind="notes") if "Initial evaluation" not in line] == []
    assert events(client, intake.patient_id, kind="disclosures") == []
    for odd in ("x", "", "0", "-1", "999999999", "٣"):
        assert client.get(f"/clinic/charts/{intake.patient_id}?kind={odd}&page={odd}").status_code == 200


def test_a_long_chart_is_cut_into_pages(client, make, sign_in, clock):
    visit = make.visit()
    for _ in range(25):
        make.note(visit, signed=True)
    sign_in(visit.therapist)
    first, second = (events(client, visit.patient_id, page=number) for number in (1, 2))
    assert (len(first), len(second)) == (20, 6)
    page = client.get(f"/clinic/charts/{visit.patient_id}").text
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_an_assistant_sees_no_warning_sign_that_speaks_of_what_is_sensitive(client, make, sign_in, intake):
    titles = {flag.because_tier: message(flag.rule).title for flag in flags.of_patient(make.session, intake.patient_id)}
    assert titles.keys() >= {"care", "sensitive"}
    sign_in(make.member(intake.patient))
    page = " | ".join(events(client, intake.patient_id, kind="signs"))
    assert titles["care"] in page
    assert titles["sensitive"] not in page


def test_a_visit_offers_to_start_a_note_of_a_kind(client, make, sign_in):
    visit = make.visit(starts_at=make.now)
    sign_in(visit.therapist)
    assert f"/clinic/notes/visits/{visit.id}" in client.get(f"/clinic/charts/{visit.patient_id}").text


def test_a_visit_that_was_called_off_stays_in_sight_and_offers_no_note(client, make, sign_in):
    visit = make.visit(starts_at=make.now + timedelta(days=2))
    visit.cancelled_at = make.now
    make.session.commit()
    sign_in(visit.therapist)
    (line,) = events(client, visit.patient_id)
    assert "Called off" in line
    assert "Start" not in line
