"""Correcting what was typed in from paper: both words stay for who may see them, and no sign closes by itself."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from intake.store import consents, flags, responses
from tests.pages import PATH
from tests.web.clinic.test_transcripts import HEAVY, plain, said, send

LIFT = {"fn_goal_top": {"value": "To lift"}}
SECRET = {"sx_ok_to_ask": {"value": "yes"}, "sx_partner_status": {"value": "marzipan"}}
WHY = "One line too low."


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers=LIFT, finished=True)


@pytest.fixture
def therapist(sign_in, paper):
    return sign_in(paper.visit.therapist)


def begin(client, paper):
    client.get(f"/clinic/charts/intakes/{paper.id}")
    return client.post(f"/clinic/transcripts/{paper.id}/correct", data={"csrf_token": client.token})


def correct(client, session, paper, part, fields, **end):
    """Begin, type one part, and end it."""
    begin(client, paper)
    made = responses.correction(session, paper.id)
    send(client, made, part, fields)
    session.expire_all()
    there = f"/clinic/transcripts/{made.id}/check"
    client.get(there)
    return made, client.post(there, data={"csrf_token": client.token, "why": WHY, **end})


def test_the_page_of_the_answers_leads_to_a_correction_that_holds_what_was_typed(session, paper, therapist):
    assert "Correct what was typed" in plain(therapist.get(f"/clinic/charts/intakes/{paper.id}"))
    answer = begin(therapist, paper)
    made = responses.correction(session, paper.id)
    assert answer.location == f"/clinic/transcripts/{made.id}"
    page = therapist.get(answer.location, query_string={"part": "goals"})
    assert "To lift" in page.text
    assert "Being corrected by" in plain(page)
    assert "Go on with the correction" in plain(therapist.get(f"/clinic/charts/intakes/{paper.id}"))


def test_the_old_word_stands_beside_the_new_with_who_when_and_why(session, paper, therapist):
    made, answer = correct(therapist, session, paper, "goals", {"fn_goal_top": "To run"})
    assert answer.location == f"/clinic/charts/intakes/{made.id}"
    page = plain(therapist.get(answer.location))
    for words in ("To lift", "To run", WHY, f"Corrected on Sep 15, 2026 by {paper.visit.therapist.name}"):
        assert words in page
    former = plain(therapist.get(f"/clinic/charts/intakes/{paper.id}"))
    assert "To lift" in former
    assert "These answers do not count any more" in former
    assert "Replaced by a corrected version of Sep 15, 2026." in former
    assert "Correct what was typed" not in former


def test_the_record_on_paper_says_that_it_was_corrected(session, paper, therapist):
    made, _answer = correct(therapist, session, paper, "goals", {"fn_goal_top": "To run"})
    therapist.get("/clinic")
    for response, told in ((made, "Corrected on Sep 15, 2026 by"), (paper, "Replaced by a corrected version")):
        answer = therapist.get(f"/clinic/charts/intakes/{response.id}/answers/letter")
        words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
        assert told in " ".join(words.split())


def test_the_chart_knows_the_corrected_word_alone(session, paper, therapist):
    correct(therapist, session, paper, "goals", {"fn_goal_top": "To run"})
    chart = plain(therapist.get(f"/clinic/charts/{paper.patient_id}"))
    assert "To run" in chart
    assert "To lift" not in chart


@pytest.mark.parametrize("end", [{"why": ""}, {"why": "x" * 300}])
def test_without_a_reason_in_a_line_nothing_is_corrected(session, paper, therapist, end):
    _made, answer = correct(therapist, session, paper, "goals", {"fn_goal_top": "To run"}, **end)
    assert answer.status_code == 422
    session.expire_all()
    assert paper.status == responses.COMPLETED


def test_what_is_corrected_is_read_once_more_before_it_counts(session, paper, therapist):
    begin(therapist, paper)
    made = responses.correction(session, paper.id)
    there = f"/clinic/transcripts/{made.id}/check"
    assert "Nothing so far." in therapist.get(there).text
    send(therapist, made, "goals", {"fn_goal_top": "To run"})
    page = plain(therapist.get(there))
    assert "To lift" in page
    assert "To run" in page


def test_a_correction_can_be_left_and_all_is_as_it_was(session, paper, therapist):
    begin(therapist, paper)
    made = responses.correction(session, paper.id)
    send(therapist, made, "goals", {"fn_goal_top": "To run"})
    answer = therapist.post(f"/clinic/transcripts/{made.id}/leave", data={"csrf_token": therapist.token})
    assert answer.location == f"/clinic/charts/intakes/{paper.id}"
    assert therapist.get(f"/clinic/transcripts/{made.id}").location == answer.location
    assert said(session, paper)["fn_goal_top"]["value"] == "To lift"
    assert responses.asked(session, paper.visit_id) == [paper]


def test_a_sign_that_was_mistyped_waits_on_the_worklist_and_says_so(session, make, sign_in, clock):
    paper = make.transcript(answers=HEAVY, finished=True)
    therapist = sign_in(paper.visit.therapist)
    correct(therapist, session, paper, "warning-signs", {"rf_bleed": "none"})
    found = flags.open_flags(session)
    assert found
    for flag in found:
        page = plain(therapist.get(f"/clinic/worklist/{flag.id}"))
        assert "the answer was corrected on Sep 15, 2026 by" in page


@pytest.mark.parametrize(("order", "days"), [("sign last", "Sep 24"), ("sign first", "Sep 15")])
def test_of_several_corrections_the_one_that_took_the_sign_away_is_named(session, make, sign_in, clock, order, days):
    paper = make.transcript(answers={**HEAVY, **LIFT}, finished=True)
    therapist = sign_in(paper.visit.therapist)
    changes = [("warning-signs", {"rf_bleed": "none"}), ("goals", {"fn_goal_top": "To run"})]
    for part, fields in changes if order == "sign first" else reversed(changes):
        correct(therapist, session, paper, part, fields)
        paper = responses.correction(session, paper.id)
        clock.shift(timedelta(days=9))
        therapist = sign_in(paper.visit.therapist)
    page = plain(therapist.get(f"/clinic/worklist/{flags.open_flags(session)[0].id}"))
    assert f"the answer was corrected on {days}, 2026 by" in page


def test_agreements_are_asked_for_again_with_the_signature_that_was_seen(session, make, sign_in, clock):
    paper = make.transcript(answers={"cons_treat": {"value": "agree"}}, finished=True)
    therapist = sign_in(paper.visit.therapist)
    begin(therapist, paper)
    made = responses.correction(session, paper.id)
    assert "Rowan Invented" in therapist.get(f"/clinic/transcripts/{made.id}/check").text
    send(therapist, made, "consents", {"cons_treat": "discuss"})
    signed = {"signed": "yes", "signer": "Rowan Invented", "signed_on": "2026-09-12", "why": WHY}
    answer = therapist.post(f"/clinic/transcripts/{made.id}/check", data={"csrf_token": therapist.token, **signed})
    assert answer.status_code == 303
    session.expire_all()
    assert [each.decision for each in consents.of_patient(session, paper.patient_id)] == ["discuss"]


def test_an_assistant_corrects_no_more_than_she_may_see_and_reads_no_more(session, make, sign_in, new_client, clock):
    paper = make.transcript(answers={**LIFT, **SECRET}, finished=True)
    aide, therapist = sign_in(make.member(paper.patient)), sign_in(paper.visit.therapist, new_client())
    begin(aide, paper)
    made = responses.correction(session, paper.id)
    assert aide.get(f"/clinic/transcripts/{made.id}?part=intimacy").status_code == 404
    assert "for the treating therapist" in aide.get(f"/clinic/transcripts/{made.id}/check").text
    send(therapist, made, "intimacy", {"sx_ok_to_ask": "yes", "sx_partner_status.status": "declined"})
    therapist.post(
        f"/clinic/transcripts/{made.id}/check", data={"csrf_token": therapist.token, "why": "The nougat was hers."}
    )
    session.expire_all()
    assert made.status == responses.COMPLETED
    page = aide.get(f"/clinic/charts/intakes/{made.id}").text
    assert "What was corrected is not for you to see." in page
    assert "marzipan" not in page
    assert "nougat" not in page
    assert "nougat" in therapist.get(f"/clinic/charts/intakes/{made.id}").text


def test_nobody_outside_the_care_team_corrects_anything(session, make, new_client, sign_in, paper):
    for stranger in (make.therapist(), make.front_desk(), make.admin(), make.privacy_lead()):
        browser = sign_in(stranger, new_client())
        assert begin(browser, paper).status_code == 404
    assert responses.correction(session, paper.id) is None


def test_her_own_link_says_only_that_the_clinic_has_her_paper(session, make, sign_in, enter, new_client, clock):
    visit = make.visit()
    hers = new_client()
    sent = make.invitation(visit)
    clock.shift(timedelta(hours=1))
    paper = make.transcript(visit, answers=LIFT, finished=True)
    correct(sign_in(visit.therapist), session, paper, "goals", {"fn_goal_top": "To run"})
    enter(sent, hers)
    page = hers.get(PATH)
    assert "typed in" in page.text
    assert "To run" not in page.text
    assert "To lift" not in page.text
