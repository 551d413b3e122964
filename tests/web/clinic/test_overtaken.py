"""Two people at one paper form: who comes second reads what became of it, in words, on a page that is still there."""

from __future__ import annotations

import re

import pytest

from intake.actions import corrections, transcripts
from intake.store import responses
from tests.actions.test_transcripts import finish, typed
from tests.pages import version
from tests.web.clinic.test_transcripts import plain

LIFT = {"fn_goal_top": {"value": "To lift"}}
WHY = {"what": "not-hers", "text": "Another name stands on it."}
CORRECTED, TAKEN_OUT = "Somebody corrected this form meanwhile.", "Somebody took this form out meanwhile"
LEFT, ENDED = "Somebody left this correction meanwhile", "Somebody ended this form meanwhile."
NOTHING = "Nothing was changed by what you sent."
PART = {"_part": "goals", "fn_goal_top": "x"}


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers=LIFT, finished=True)


@pytest.fixture
def begun(make, paper):
    """Another paper of the same patient, half typed in."""
    return make.transcript(make.visit(paper.patient, paper.visit.therapist), answers=LIFT)


@pytest.fixture
def meanwhile(session, make):
    """What a colleague does to a form."""

    def done(what, response, goal="To run"):
        known = {"by": make.member(response.patient, make.therapist(), "therapist"), "now": make.now}
        match what:
            case "begin":
                return corrections.begin(session, response, **known)
            case "end":
                typed(session, make, response, {"fn_goal_top": {"value": goal}})
                return finish(session, make, response, why="Hard to read.")
            case "leave":
                return corrections.drop(session, response, **known)
            case "take out":
                return corrections.take_out(session, response, "not-hers", "x", **known)
            case "throw away":
                return corrections.throw_away(session, response, "not-hers", "x", **known)

    return done


@pytest.fixture
def therapist(sign_in, paper):
    return sign_in(paper.visit.therapist)


def reads(therapist, answer):
    """What a page says that leads somewhere which is still there."""
    assert answer.status_code == 303, answer.text[:300]
    page = therapist.get(answer.location)
    assert page.status_code == 200
    return plain(page)


def send(therapist, response, there="", fields=PART, **more):
    return therapist.post(
        f"/clinic/transcripts/{response.id}{there}", data={"csrf_token": therapist.token, **fields}, **more
    )


def test_a_correction_of_what_was_corrected_meanwhile_is_not_begun(paper, therapist, meanwhile):
    therapist.get(f"/clinic/charts/intakes/{paper.id}")
    meanwhile("end", meanwhile("begin", paper))
    page = reads(therapist, send(therapist, paper, "/correct", {}))
    assert all(words in page for words in (CORRECTED, NOTHING, "See what counts now."))


def test_a_correction_of_what_was_taken_out_meanwhile_leads_to_the_chart(paper, therapist, meanwhile):
    therapist.get(f"/clinic/charts/intakes/{paper.id}")
    meanwhile("take out", paper)
    answer = send(therapist, paper, "/correct", {})
    assert answer.location == f"/clinic/charts/{paper.patient_id}"
    assert TAKEN_OUT in reads(therapist, answer)


@pytest.mark.parametrize(("corrected", "words"), [(True, CORRECTED), (False, TAKEN_OUT)])
def test_what_became_something_else_meanwhile_is_not_taken_out(paper, therapist, meanwhile, corrected, words):
    therapist.get(f"/clinic/transcripts/{paper.id}/misfiled")
    if corrected:
        meanwhile("end", meanwhile("begin", paper))
    else:
        meanwhile("take out", paper)
    page = reads(therapist, send(therapist, paper, "/misfiled", {**WHY, "visit": ""}))
    assert words in page
    assert NOTHING in page


def test_a_correction_that_was_left_meanwhile_is_not_ended(paper, therapist, meanwhile):
    made = meanwhile("begin", paper)
    therapist.get(f"/clinic/transcripts/{made.id}/check")
    meanwhile("leave", made)
    page = reads(therapist, send(therapist, made, "/check", {"why": "x"}))
    assert LEFT in page
    assert "To lift" in page


def test_a_correction_whose_paper_was_taken_out_meanwhile_is_not_ended(paper, therapist, meanwhile):
    made = meanwhile("begin", paper)
    therapist.get(f"/clinic/transcripts/{made.id}/check")
    meanwhile("take out", paper)
    assert TAKEN_OUT in reads(therapist, send(therapist, made, "/check", {"why": "x"}))


def test_a_correction_that_was_corrected_itself_meanwhile_is_not_ended_twice(paper, therapist, meanwhile):
    made = meanwhile("begin", paper)
    therapist.get(f"/clinic/transcripts/{made.id}/check")
    meanwhile("end", made)
    meanwhile("end", meanwhile("begin", made), goal="To dance")
    assert CORRECTED in reads(therapist, send(therapist, made, "/check", {"why": "x"}))


def test_a_correction_that_was_ended_meanwhile_is_not_left(paper, therapist, meanwhile):
    made = meanwhile("begin", paper)
    therapist.get(f"/clinic/transcripts/{made.id}")
    meanwhile("end", made)
    assert ENDED in reads(therapist, send(therapist, made, "/leave", {}))


DONE = pytest.mark.parametrize(("what", "words"), [("end", ENDED), ("throw away", TAKEN_OUT)])


@DONE
@pytest.mark.parametrize("autosave", [True, False])
def test_a_part_that_is_sent_then_says_so(begun, therapist, meanwhile, what, words, autosave):
    page = therapist.get(f"/clinic/transcripts/{begun.id}", query_string={"part": "goals"})
    fields, headers = {**PART, "_version": version(page)}, {"X-Autosave": "1"} if autosave else {}
    meanwhile(what, begun)
    answer = send(therapist, begun, "", fields, headers=headers)
    if autosave:
        assert (answer.status_code, answer.json["saved"]) == (409, None)
        assert answer.json["message"].startswith(words)
        return
    page = plain(answer)
    assert answer.status_code == 409
    assert words in page
    assert NOTHING in page
    assert "This is what you typed." in page
    assert "<dd>x</dd>" in page, "to copy"
    onward = re.search(r'class="button primary" href="([^"]*)"', page)
    assert onward
    assert therapist.get(onward[1]).status_code == 200


@pytest.mark.parametrize("goal", ["x", ""])
def test_a_part_of_which_nothing_is_lost_only_leads_on(begun, therapist, meanwhile, goal):
    page = therapist.get(f"/clinic/transcripts/{begun.id}", query_string={"part": "goals"})
    meanwhile("end", begun, goal="x")
    answer = send(therapist, begun, "", {**PART, "fn_goal_top": goal, "_version": version(page)})
    assert ENDED in reads(therapist, answer)


def test_what_cannot_be_read_of_such_a_part_is_shown_as_it_was_typed(begun, therapist, meanwhile):
    page = therapist.get(f"/clinic/transcripts/{begun.id}", query_string={"part": "bladder"})
    meanwhile("end", begun)
    fields = {"_part": "bladder", "bl_day_voids": "often", "bl_nocturia": "2", "_version": version(page)}
    shown = plain(send(therapist, begun, "", fields))
    assert "<dd>often</dd>" in shown
    assert re.search(r"<dd>2\b", shown)


def test_an_assistant_is_shown_no_question_that_is_not_theirs(make, sign_in, begun, meanwhile):
    aide = make.member(begun.patient)
    browser = sign_in(aide)
    page = browser.get(f"/clinic/transcripts/{begun.id}", query_string={"part": "goals"})
    meanwhile("throw away", begun)
    fields = {"_version": version(page), "_part": "goals", "fn_goal_top": "x", "ti_triggers": "y"}
    shown = plain(send(browser, begun, "", fields))
    assert "<dd>x</dd>" in shown
    assert "<dd>y</dd>" not in shown


# ---------------------------------------------------------------- given back


GIVEN_BACK = "Somebody gave this form back to the patient meanwhile"


@pytest.fixture
def given_back(session, make, paper):
    """A paper that was begun by mistake, and was given back since."""
    begun = make.transcript(make.visit(paper.patient, paper.visit.therapist))

    def done():
        by = make.member(begun.patient, make.therapist(), "therapist")
        transcripts.hand_back(session, begun, by=by, now=make.now)
        return begun

    return begun, done


@pytest.mark.parametrize("there", ["", "/check", "/discard", "/misfiled"])
def test_who_looks_at_what_was_given_back_meanwhile_reads_that(therapist, given_back, make, session, there):
    begun, give_back = given_back
    give_back()
    make.answer(begun, {"fn_goal_top": {"value": "marzipan"}})
    answer = therapist.get(f"/clinic/transcripts/{begun.id}{there}")
    assert answer.location == f"/clinic/visits/{begun.visit_id}"
    page = reads(therapist, answer)
    assert GIVEN_BACK in page
    assert "marzipan" not in page


@pytest.mark.parametrize("autosave", [True, False])
def test_who_sends_a_part_of_it_reads_that_too_and_nothing_reaches_her_form(therapist, given_back, session, autosave):
    begun, give_back = given_back
    page = therapist.get(f"/clinic/transcripts/{begun.id}", query_string={"part": "goals"})
    give_back()
    headers = {"X-Autosave": "1"} if autosave else {}
    answer = send(therapist, begun, "", {**PART, "_version": version(page)}, headers=headers)
    assert answer.status_code == 409
    assert GIVEN_BACK in (answer.json["message"] if autosave else answer.text)
    assert autosave or "<dd>x</dd>" in answer.text
    session.expire_all()
    assert responses.answers(session, begun.id) == {}


@pytest.mark.parametrize(
    ("there", "fields"), [("/check", {"looked": "y"}), ("/discard", WHY), ("/correct", {}), ("/leave", {})]
)
def test_what_else_is_done_to_it_is_told_so(therapist, given_back, there, fields):
    begun, give_back = given_back
    therapist.get(f"/clinic/transcripts/{begun.id}")
    give_back()
    assert GIVEN_BACK in reads(therapist, send(therapist, begun, there, fields))


def test_who_gives_it_back_twice_reads_the_same_twice(therapist, given_back):
    begun, _give_back = given_back
    therapist.get(f"/clinic/transcripts/{begun.id}")
    for _press in range(2):
        assert "The form is the patient’s again." in reads(therapist, send(therapist, begun, "/back", {}))


@DONE
def test_it_is_not_thrown_away_either(begun, therapist, meanwhile, what, words):
    therapist.get(f"/clinic/transcripts/{begun.id}/discard")
    meanwhile(what, begun)
    assert words in reads(therapist, send(therapist, begun, "/discard", WHY))


def test_what_was_thrown_away_meanwhile_is_not_given_back(begun, therapist, meanwhile):
    therapist.get(f"/clinic/transcripts/{begun.id}")
    meanwhile("throw away", begun)
    assert TAKEN_OUT in reads(therapist, send(therapist, begun, "/back", {}))


def test_nobody_else_learns_that_there_was_one(make, sign_in, new_client, paper, meanwhile):
    meanwhile("take out", paper)
    stranger = sign_in(make.therapist(), new_client())
    stranger.get("/clinic")
    for there in ("/correct", "/misfiled", "/check", "/leave", "/discard", "/back", ""):
        assert send(stranger, paper, there).status_code == 404


TWICE = pytest.mark.parametrize("back", [False, True], ids=["pressed twice", "gone back"])


@TWICE
@pytest.mark.parametrize(
    ("there", "which", "fields"), [("/discard", "begun", WHY), ("/misfiled", "paper", {**WHY, "visit": ""})]
)
def test_who_does_it_twice_is_told_so_and_not_that_somebody_else_did(request, therapist, there, which, fields, back):
    response = request.getfixturevalue(which)
    address = f"/clinic/transcripts/{response.id}{there}"
    therapist.get(address)
    first = send(therapist, response, there, fields)
    if back:
        therapist.get(first.location)
    page = reads(therapist, therapist.get(address) if back else send(therapist, response, there, fields))
    assert "You have done this already: the form is taken out, or moved to another visit." in page
    assert ("Warning signs" in page) is not back, "what the first press did is still said"
    assert "Somebody" not in page
    assert NOTHING not in page


def test_who_goes_to_a_page_that_a_colleague_was_faster_at_reads_what_happened(sign_in, make, paper, meanwhile):
    colleague = make.member(paper.patient, make.therapist(), "therapist")
    meanwhile("take out", paper)
    browser = sign_in(colleague)
    page = reads(browser, browser.get(f"/clinic/transcripts/{paper.id}/misfiled"))
    assert TAKEN_OUT in page
    assert "To lift" not in page
    assert NOTHING not in page, "nothing was sent"


def test_a_correction_that_is_left_twice_is_left_and_no_more_is_said(paper, therapist, meanwhile):
    made = meanwhile("begin", paper)
    therapist.get(f"/clinic/transcripts/{made.id}")
    send(therapist, made, "/leave", {})
    page = reads(therapist, send(therapist, made, "/leave", {}))
    assert "Left as it was typed in first." in page
    assert "Somebody" not in page
    assert "To lift" in page
