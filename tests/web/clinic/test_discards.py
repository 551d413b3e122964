"""A sheet of somebody else that is still being typed in: thrown away with a reason, and hers to answer again."""

from __future__ import annotations

import pytest

from intake.store import flags, responses
from tests.pages import PATH, come_in
from tests.web.clinic.test_transcripts import HEAVY, plain, said, send, show

AWAY = {"what": "not-hers", "text": "Another name stands on it."}


@pytest.fixture
def paper(make, clock):
    return make.transcript()


@pytest.fixture
def therapist(sign_in, paper):
    return sign_in(paper.visit.therapist)


def throw(client, paper, **fields):
    there = f"/clinic/transcripts/{paper.id}/discard"
    return client.submit(there, {**AWAY, **fields}, at=there)


def test_one_letter_in_the_wrong_paper_does_not_lock_her_out_of_her_form(make, new_client, paper, therapist):
    send(therapist, paper, "goals", {"fn_goal_top": "T"}, autosave=True)
    send(therapist, paper, "goals", {"fn_goal_top": ""}, autosave=True)
    hers, invitation = new_client(), make.invitation(paper.visit)
    come_in(hers, make.codes[invitation.id])
    assert "typing in" in plain(hers.get(PATH))
    page = plain(show(therapist, paper))
    assert f"/clinic/transcripts/{paper.id}/discard" in page
    answer = throw(therapist, paper, what="no-paper")
    assert answer.location == f"/clinic/visits/{paper.visit_id}"
    assert "Type in a paper form" in plain(therapist.get(answer.location))
    page = plain(hers.get(PATH))
    assert "typing in" not in page
    assert "Go on: Before you start" in page
    assert show(therapist, paper).location == f"/clinic/charts/{paper.patient_id}"


def test_what_it_raised_waits_for_a_person_and_says_what_happened(session, paper, therapist):
    send(therapist, paper, "warning-signs", {"rf_bleed": "heavy"})
    throw(therapist, paper)
    session.expire_all()
    found = flags.open_flags(session)
    assert found
    for flag in found:
        page = plain(therapist.get(f"/clinic/worklist/{flag.id}"))
        assert "typed in in the wrong place: taken out on Sep 15, 2026 by" in page
        assert "What the patient has to hear" not in page


def test_nothing_of_it_is_shown_any_more(session, make, paper, therapist):
    make.answer(paper, {**HEAVY, "fn_goal_top": {"value": "marzipan"}})
    throw(therapist, paper)
    for there in (f"charts/{paper.patient_id}", f"visits/{paper.visit_id}", f"patients/{paper.patient_id}"):
        assert "marzipan" not in therapist.get(f"/clinic/{there}").text
    assert therapist.get(f"/clinic/charts/intakes/{paper.id}").status_code == 404
    for there in ("", "/check", "/discard"):
        assert therapist.get(f"/clinic/transcripts/{paper.id}{there}").location == f"/clinic/charts/{paper.patient_id}"


@pytest.mark.parametrize("called_off", [True, False])
def test_it_is_said_whose_the_form_is_then(session, make, paper, therapist, called_off):
    if called_off:
        paper.visit.cancelled_at = make.now
        session.commit()
    page = plain(therapist.get(throw(therapist, paper).location))
    assert ("Thrown away. The form is the patient’s again." in page) is not called_off
    assert ("Thrown away. Nobody is asked this form any more." in page) is called_off


@pytest.mark.parametrize("fields", [{"what": ""}, {"what": "corrected"}, {"text": ""}])
def test_without_a_reason_nothing_is_thrown_away(session, paper, therapist, fields):
    send(therapist, paper, "goals", {"fn_goal_top": "To lift"})
    assert throw(therapist, paper, **fields).status_code == 422
    assert said(session, paper)["fn_goal_top"]["value"] == "To lift"
    assert paper.status == responses.IN_PROGRESS


def test_whoever_types_it_in_may_throw_it_away_and_nobody_else(session, make, sign_in, new_client, paper):
    for stranger in (make.therapist(), make.assistant(), make.front_desk(), make.admin()):
        browser = sign_in(stranger, new_client())
        assert browser.get(f"/clinic/transcripts/{paper.id}/discard").status_code == 404
    aide = sign_in(make.member(paper.patient), new_client())
    assert throw(aide, paper).status_code == 303
    session.expire_all()
    assert paper.status == responses.IN_ERROR


def test_what_is_in_is_taken_out_another_way(make, sign_in, clock):
    paper = make.transcript(answers=HEAVY, finished=True)
    therapist = sign_in(paper.visit.therapist)
    page = therapist.get(f"/clinic/transcripts/{paper.id}/discard")
    assert "in already" in page.text
    data = {"csrf_token": therapist.token, **AWAY}
    answer = therapist.post(f"/clinic/transcripts/{paper.id}/discard", data=data)
    assert (answer.status_code, answer.location) == (303, f"/clinic/charts/intakes/{paper.id}")
    assert "It is final now" in therapist.get(answer.location).text
