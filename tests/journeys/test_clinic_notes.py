"""A clinic adds a form for notes of its own: offered among the kinds, written, signed and read, asked of no patient."""

from __future__ import annotations

import pytest

from intake.actions import clinicforms as acts
from intake.actions.refusals import NotReadyError, RefusedError
from intake.store import clinicforms, verdicts, visitforms
from intake.store import notes as stored
from tests.builders import INSTANCE, filled
from tests.forms.made import FEET, NOTES, question

GROUP = NOTES.replace("Your feet", "Group class").replace(
    '["feet"]', '["feet", "goals"]\nborrows = { goals = "assessment/1" }'
)


@pytest.fixture
def own(make):
    return make.clinic_form(GROUP + question("examined = true", name="clinic_seen", kind="text", text="Seen"))


@pytest.mark.usefixtures("own")
def test_it_is_offered_written_signed_and_named(client, make, sign_in, session):
    visit = make.visit(starts_at=make.now)
    sign_in(visit.therapist)
    chart = f"/clinic/charts/{visit.patient_id}"
    assert '<option value="clinic-feet">Group class</option>' in client.get(chart).text
    started = client.submit(f"/clinic/notes/visits/{visit.id}", {"kind": "clinic-feet"}, at=chart)
    assert "Are your feet sore?" in client.get(started.location).text
    (note,) = stored.of_patient(session, visit.patient_id)
    goal = {
        "goal_text": {"value": "Walk 30 minutes"},
        "goal_target": {"value": "30"},
        "goal_due": {"value": "2099-01-01"},
    }
    given = {"clinic_sore": {"value": "yes"}, "goal": {"value": [goal]}}
    make.answer(note.response, filled(stored.responses.form_of(note.response), given))
    make.sign(note)
    session.expire_all()
    assert verdicts.of_note(session, stored.get(session, note.id), INSTANCE.trusted).holds
    assert "<h1>Group class" in client.get(started.location).text
    assert "Group class, " in client.get(chart).text


@pytest.mark.usefixtures("own")
def test_an_assistant_is_not_offered_it_and_a_call_can_be_noted_with_it(client, make, sign_in):
    visit = make.visit()
    sign_in(visit.therapist)
    assert 'value="clinic-feet"' in client.get(f"/clinic/charts/{visit.patient_id}/contacts/new").text
    sign_in(make.member(visit.patient, make.assistant()))
    assert "clinic-feet" not in client.get(f"/clinic/charts/{visit.patient_id}").text


def test_no_visit_can_ask_a_patient_for_it(client, make, sign_in, session, own):
    admin = make.admin()
    with pytest.raises(RefusedError, match="cannot be asked before a visit"):
        acts.ask(session, "follow-up", "clinic-feet", by=admin, now=make.now)
    visitforms.assign(session, "follow-up", ["clinic-feet"])
    session.commit()
    assert visitforms.of_kind(session, "follow-up") == ()
    sign_in(admin)
    page = client.get("/admin/forms").text
    assert '<option value="clinic-feet">' not in page
    assert "Group class" in page
    shown = client.get(f"/admin/forms/{own.id}").text
    assert "notes of therapists" in shown
    assert client.get(f"/admin/forms/{own.id}/preview").location == f"/admin/forms/{own.id}"


@pytest.mark.parametrize(("first", "then"), [(GROUP, FEET), (FEET, NOTES)])
def test_a_form_never_changes_whom_it_is_for(make, session, first, then):
    make.clinic_form(first)
    with pytest.raises(NotReadyError) as refusal:
        acts.add(session, then, by=make.admin(), now=make.now)
    assert any("for somebody else" in fault.text for fault in refusal.value.reasons)


@pytest.mark.usefixtures("own")
def test_a_retired_one_is_offered_no_more_and_what_was_written_stays(client, make, sign_in, session):
    note = make.note(kind="clinic-feet")
    acts.retire(session, clinicforms.in_use(session, "clinic-feet"), by=make.admin(), now=make.now)
    sign_in(note.author)
    chart = client.get(f"/clinic/charts/{note.patient_id}").text
    assert 'value="clinic-feet"' not in chart
    assert "Group class" in chart
    assert "Are your feet sore?" in client.get(f"/clinic/notes/{note.id}").text
