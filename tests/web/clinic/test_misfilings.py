"""A sheet of somebody else, or of another visit: shown nowhere any more, and nothing it raised is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import corrections
from intake.store import amendments, flags, responses
from tests.actions.test_transcripts import finish, typed
from tests.pages import visit as go
from tests.web.clinic.test_transcripts import HEAVY, plain

SAID = {**HEAVY, "fn_goal_top": {"value": "marzipan"}, "id_do_not_tell": {"value": "nougat"}}
OUT = {"what": "not-hers", "visit": "", "text": "Another name stands on it."}


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers=SAID, finished=True)


@pytest.fixture
def therapist(sign_in, paper):
    return sign_in(paper.visit.therapist)


@pytest.fixture
def put_right(session, make):
    """A sheet with other answers in the place of what was typed in first."""

    def done(paper, answers):
        made = corrections.begin(session, paper, by=paper.visit.therapist, now=make.now)
        typed(session, make, made, answers)
        finish(session, make, made, why="A slip.")
        return made

    return done


def send(client, paper, **fields):
    there = f"/clinic/transcripts/{paper.id}/misfiled"
    return client.submit(there, {**OUT, **fields}, at=there)


def test_a_sheet_of_somebody_else_is_shown_on_no_page_any_more(session, make, paper, therapist, sign_in, new_client):
    desk = sign_in(make.front_desk(), new_client())
    assert "nougat" in desk.get(f"/clinic/patients/{paper.patient_id}").text
    answer = send(therapist, paper)
    assert answer.location == f"/clinic/charts/{paper.patient_id}"
    for there in (f"charts/{paper.patient_id}", f"visits/{paper.visit_id}", f"patients/{paper.patient_id}"):
        for browser in (therapist, desk):
            page = browser.get(f"/clinic/{there}").text
            assert "marzipan" not in page
            assert "nougat" not in page
    assert therapist.get(f"/clinic/transcripts/{paper.id}").location == answer.location
    for there in (f"charts/intakes/{paper.id}", f"charts/intakes/{paper.id}/answers/letter"):
        assert therapist.get(f"/clinic/{there}").status_code == 404


def test_what_it_raised_waits_for_a_person_and_says_what_happened(session, paper, therapist):
    send(therapist, paper)
    session.expire_all()
    found = flags.open_flags(session)
    assert found
    for flag in found:
        page = plain(therapist.get(f"/clinic/worklist/{flag.id}"))
        assert "typed in in the wrong place: taken out on Sep 15, 2026 by" in page
        assert "What the patient has to hear" not in page


@pytest.fixture
def moved(session, make):
    """A sheet under another visit, where it stays."""

    def done(paper, by):
        visit = make.visit(paper.patient, by)
        return corrections.move(session, paper, visit, "Its day.", by=by, today=make.now.date(), now=make.now)

    return done


@pytest.mark.parametrize("first", ["corrected", "moved", "being corrected"])
def test_who_took_a_sheet_out_is_named_whoever_touched_it_before(
    session, make, clock, paper, sign_in, put_right, moved, first
):
    """Staff ask whom it is told of whose sheet it was."""
    match first:
        case "corrected":
            last = put_right(paper, {"fn_goal_top": {"value": "To run"}})
        case "moved":
            last = moved(paper, paper.visit.therapist)
        case "being corrected":
            last, made = paper, corrections.begin(session, paper, by=paper.visit.therapist, now=make.now)
            typed(session, make, made, {"rf_heart": {"value": ["chest-pain"]}})
    clock.shift(timedelta(days=9))
    other = make.therapist(name="Olive Other")
    corrections.take_out(session, last, amendments.NOT_HERS, "Another name.", by=other, now=make.now)
    therapist, found = sign_in(paper.visit.therapist), flags.open_flags(session)
    assert found
    for flag in found:
        page = plain(therapist.get(f"/clinic/worklist/{flag.id}"))
        assert "typed in in the wrong place: taken out on Sep 24, 2026 by Olive Other" in page
        assert "Nothing: the sheet was typed in in the wrong place." in page


def test_a_sign_of_a_sheet_that_was_moved_and_then_corrected_is_of_no_sheet_of_somebody_else(
    session, clock, paper, sign_in, put_right, moved
):
    last = moved(paper, paper.visit.therapist)
    clock.shift(timedelta(days=9))
    put_right(last, {"rf_bleed": {"value": "none"}})
    therapist = sign_in(paper.visit.therapist)
    page = plain(therapist.get(f"/clinic/worklist/{flags.open_flags(session)[0].id}"))
    assert "the answer was corrected on Sep 24, 2026 by" in page
    assert "What the patient has to hear from you" in page


def test_the_page_says_that_the_visit_asks_again_unless_it_was_called_off(session, make, paper, therapist):
    there, words = f"/clinic/transcripts/{paper.id}/misfiled", "Either way, this visit asks for the form again."
    assert words in plain(therapist.get(there))
    paper.visit.cancelled_at = make.now
    session.commit()
    assert words not in plain(therapist.get(there))


def test_the_visit_asks_for_the_form_again(paper, therapist):
    send(therapist, paper, what="not-of-visit")
    assert "Type in a paper form" in plain(therapist.get(f"/clinic/visits/{paper.visit_id}"))


def test_a_sheet_of_another_visit_is_moved_there_with_all_it_says(session, make, paper, therapist):
    visit = make.visit(paper.patient, paper.visit.therapist)
    answer = send(therapist, paper, what="not-of-visit", visit=str(visit.id))
    session.expire_all()
    (made,) = responses.asked(session, visit.id)
    assert answer.location == f"/clinic/charts/intakes/{made.id}"
    page = plain(therapist.get(answer.location))
    assert "marzipan" in page
    assert "Moved here from another visit on Sep 15, 2026 by" in page
    assert amendments.of_response(session, paper.id).kind == "moved"


def test_a_form_that_began_from_it_asks_about_its_words_no_more(make, clock, sign_in, enter, new_client):
    psfs = [{"fn_activity_name": {"value": "truffle"}, "fn_rating": {"value": 3}}]
    paper = make.transcript(answers={"fn_psfs": {"value": psfs}}, finished=True)
    clock.shift(timedelta(days=20))
    later = make.visit(paper.patient, paper.visit.therapist, kind="follow-up")
    hers = enter(make.invitation(later), new_client())
    assert "truffle" in go(hers, "page 3.2").text
    therapist = sign_in(paper.visit.therapist)
    assert "can repeat its words" in plain(therapist.get(f"/clinic/transcripts/{paper.id}/misfiled"))
    send(therapist, paper)
    assert "truffle" not in go(hers, "page 3.2").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"what": ""}, "whose sheet it is"), ({"text": ""}, "fill this in"), ({"visit": "x"}, "Error:")],
)
def test_what_is_missing_is_said_and_nothing_is_taken_out(session, paper, therapist, fields, words):
    answer = send(therapist, paper, **fields)
    assert answer.status_code == 422
    assert words in plain(answer)
    session.expire_all()
    assert paper.status == responses.COMPLETED


def test_a_sheet_of_somebody_else_comes_to_no_visit_of_this_patient(session, make, paper, therapist):
    visit = make.visit(paper.patient, paper.visit.therapist)
    answer = send(therapist, paper, visit=str(visit.id))
    assert answer.status_code == 422
    assert "goes to no visit of this patient" in plain(answer)
    assert responses.asked(session, visit.id) == []


def test_only_who_treats_takes_out_and_only_what_is_in(make, sign_in, new_client, paper):
    for stranger in (make.therapist(), make.member(paper.patient), make.front_desk(), make.admin()):
        browser = sign_in(stranger, new_client())
        assert browser.get(f"/clinic/transcripts/{paper.id}/misfiled").status_code == 404
    begun = make.transcript()
    page = sign_in(begun.visit.therapist).get(f"/clinic/transcripts/{begun.id}/misfiled")
    assert "not in yet" in page.text
    hers = make.intake(submitted=True)
    assert sign_in(hers.visit.therapist, new_client()).get(f"/clinic/transcripts/{hers.id}/misfiled").status_code == 404
