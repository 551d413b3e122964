"""Where the chart shows problems, precautions, medicines and allergies, and who is warned of latex where."""

from __future__ import annotations

import re

import pytest

from intake.store import audit
from tests.tampering import damage

ALLERGIC = {
    "alg_any": {"value": "yes"}, "alg_known": {"value": ["latex", "lubricant"]},
    "alg_reaction": {"value": "Latex, a rash"}, "mh_implants": {"value": ["pacemaker"]},
    "med_any": {"value": "yes"}, "med_list": {"value": [{"med_name": {"value": "Iron tablets"}}]},
}  # fmt: skip
NOTED = {"im_precautions": {"value": "No lifting over 10 kg"}, "im_impression": {"value": "Scar pain"}}
WARNING = "Latex allergy: no latex gloves"


@pytest.fixture
def intake(make):
    return make.intake(answers=ALLERGIC, submitted=True)


def part(client, patient_id):
    page = client.get(f"/clinic/charts/{patient_id}").text
    found = re.search(r'aria-labelledby="cautions-title".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_the_chart_says_them_with_their_source_and_its_day(client, make, sign_in, intake):
    note = make.note(intake.visit, answers=NOTED, signed=True)
    sign_in(note.author)
    found = part(client, intake.patient_id)
    for words in ("No lifting over 10 kg", "Scar pain", "Pacemaker", "Iron tablets", "Latex, a rash"):
        assert words in found
    assert f"/clinic/notes/{note.id}" in found
    assert f"/clinic/charts/intakes/{intake.id}" in found
    assert "write it in the next note" in found


def test_a_draft_says_nothing_yet_and_a_part_without_a_word_says_so(client, make, sign_in, intake):
    note = make.note(intake.visit, answers=NOTED)
    sign_in(note.author)
    found = part(client, intake.patient_id)
    assert "Scar pain" not in found
    assert "Nothing is said of it." in found


def test_a_newer_form_says_it_anew(clock, client, make, sign_in, intake):
    clock.shift(60)
    make.intake(make.visit(intake.patient, intake.visit.therapist), {"alg_any": {"value": "no"}}, submitted=True)
    sign_in(intake.visit.therapist)
    page = client.get(f"/clinic/charts/{intake.patient_id}").text
    assert WARNING not in page
    assert "Latex, a rash" not in part(client, intake.patient_id)


def test_a_note_that_is_not_as_it_was_signed_is_used_for_nothing(client, make, sign_in, session, intake):
    note = make.note(intake.visit, answers=NOTED, signed=True)
    note_id, author, patient_id = note.id, note.author, intake.patient_id
    damage(session, "UPDATE signatures SET signature = :other WHERE note_id = :id", id=note_id, other=b"x" * 64)
    sign_in(author)
    found = part(client, patient_id)
    assert "Scar pain" not in found
    assert "is not as it was signed" in found


def test_latex_is_warned_of_wherever_hands_or_things_are_chosen(client, make, sign_in, intake):
    note = make.note(intake.visit, signed=True)
    plan, issued = make.plan(note), make.plan(make.note(intake.visit, signed=True), issued=True)
    draft = make.note(make.visit(intake.patient, intake.visit.therapist))
    sign_in(note.author)
    for path in (
        f"charts/{intake.patient_id}", f"notes/{draft.id}", f"plans/{plan.id}", f"plans/{issued.id}",
        f"visits/{intake.visit_id}",
    ):  # fmt: skip
        assert WARNING in client.get(f"/clinic/{path}").text, path
    page = client.get(f"/clinic/notes/{draft.id}").text
    assert page.count(WARNING) == 2, "at the head, and where gloves are written down"


TOLD_IN_THE_ROOM = {"im_precautions": {"value": "Latex allergy, anaphylaxis. No lifting over 10 kg."}}


def test_an_allergy_that_was_told_in_the_room_warns_wherever_hers_does(client, make, sign_in):
    note = make.note(make.visit(starts_at=make.now), answers=TOLD_IN_THE_ROOM, signed=True)
    later = make.visit(note.patient, note.author, starts_at=make.now)
    make.note(later, answers={"im_precautions": {"value": "No running yet"}}, signed=True)
    draft, plan = make.note(later, form="daily-note"), make.plan(note)
    sign_in(note.author)
    for path in (f"charts/{note.patient_id}", f"notes/{draft.id}", f"visits/{later.id}", f"plans/{plan.id}"):
        page = client.get(f"/clinic/{path}").text
        assert WARNING in page, path
        assert "In a signed note: “Latex allergy, anaphylaxis”." in page


def test_a_draft_and_a_note_that_is_not_as_it_was_signed_warn_of_nothing(client, make, sign_in, session):
    note = make.note(make.visit(starts_at=make.now), answers=TOLD_IN_THE_ROOM, signed=True)
    draft = make.note(make.visit(starts_at=make.now), answers=TOLD_IN_THE_ROOM)
    damage(session, "UPDATE signatures SET signature = :other WHERE note_id = :id", id=note.id, other=b"x" * 64)
    for each in (note, draft):
        sign_in(each.author)
        assert WARNING not in client.get(f"/clinic/visits/{each.visit_id}").text


def test_the_front_desk_is_not_told_and_the_care_team_is(client, new_client, make, sign_in, intake):
    desk = sign_in(make.front_desk())
    assert WARNING not in desk.get(f"/clinic/visits/{intake.visit_id}").text
    assert "atex" not in desk.get(f"/clinic/patients/{intake.patient_id}").text
    aide = sign_in(make.member(intake.patient), new_client())
    assert WARNING in aide.get(f"/clinic/charts/{intake.patient_id}").text


def test_the_line_about_the_look_says_that_care_was_on_it(client, make, sign_in, session, intake):
    sign_in(intake.visit.therapist).get(f"/clinic/visits/{intake.visit_id}")
    session.rollback()
    line = audit.of_patient(session, intake.patient_id)[-1]
    assert "care" in line.categories.split()
