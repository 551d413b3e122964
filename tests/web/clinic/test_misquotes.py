"""A note that quotes a paper form which was taken out or corrected afterwards says so beside the quote."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import corrections
from intake.store import responses
from tests.actions.test_transcripts import finish, typed
from tests.pages import version
from tests.web.clinic.test_transcripts import plain

SAID = {"fn_goal_top": {"value": "To carry the marzipan"}}
QUOTES, QUOTED = "Quotes a paper form that was", "Patient: “To carry the marzipan”"


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers=SAID, finished=True)


@pytest.fixture
def later(session, make, clock):
    """What becomes of a sheet a day after a note quoted it."""

    def done(what, paper, said="To run"):
        clock.shift(timedelta(days=1))
        known = {"by": paper.visit.therapist, "now": make.now}
        if what == "corrected":
            made = corrections.begin(session, paper, **known)
            typed(session, make, made, {"fn_goal_top": {"value": said}} if said else {"alg_any": {"value": "no"}})
            finish(session, make, made, why="x")
            return made
        if what == "moved":
            other = make.visit(paper.patient, paper.visit.therapist)
            return corrections.move(session, paper, other, "x", today=make.now.date(), **known)
        return corrections.take_out(session, paper, what, "x", **known)

    return done


def page_of(client, note, more=""):
    return client.get(f"/clinic/notes/{note.id}{more}")


FATES = pytest.mark.parametrize(
    ("what", "words"),
    [
        ("not-hers", "taken out on Sep 16, 2026 by {name}: it is somebody else’s."),
        ("not-of-visit", "taken out on Sep 16, 2026 by {name}: it is of another visit."),
        ("moved", "taken out on Sep 16, 2026 by {name}: it is of another visit."),
        ("corrected", "corrected on Sep 16, 2026 by {name}: these words count no more."),
    ],
)


@FATES
@pytest.mark.parametrize("signed", [True, False])
def test_the_page_of_the_note_says_so_beside_the_quote_and_the_quote_stays(
    make, sign_in, paper, later, what, words, signed
):
    note = make.note(paper.visit, signed=signed)
    later(what, paper)
    page = plain(page_of(sign_in(paper.visit.therapist), note))
    assert f"{QUOTES} {words.format(name=paper.visit.therapist.name)}" in page
    assert page.count(QUOTES) == page.count(QUOTED) > 0, "beside what quotes it alone"


def test_a_quote_of_what_counts_has_no_such_line(make, sign_in, paper):
    note = make.note(paper.visit, signed=True)
    page = plain(page_of(sign_in(paper.visit.therapist), note))
    assert (QUOTED in page, QUOTES in page) == (True, False)


def test_whoever_signs_reads_it_before(make, sign_in, paper, later):
    note = make.note(paper.visit)
    later("not-hers", paper)
    assert QUOTES in page_of(sign_in(paper.visit.therapist), note, "/sign").text


def test_a_colleague_who_reads_a_draft_reads_it_too(make, sign_in, paper, later):
    note = make.note(paper.visit)
    later("not-hers", paper)
    colleague = make.member(paper.patient, make.therapist(), "therapist")
    assert QUOTES in page_of(sign_in(colleague), note).text


def test_a_quote_that_was_taken_out_of_the_draft_is_told_of_no_more(make, sign_in, session, paper, later):
    note = make.note(paper.visit)
    later("not-hers", paper)
    therapist = sign_in(paper.visit.therapist)
    page = page_of(therapist, note)
    stored = responses.answers(session, note.response_id)
    quoting = [name for name, said in stored.items() if QUOTED in str(said.get("value"))]
    data = {"csrf_token": therapist.token, "_version": version(page), **dict.fromkeys(quoting, "She wants to run.")}
    assert therapist.post(f"/clinic/notes/{note.id}", data=data).status_code == 303
    assert QUOTES not in page_of(therapist, note).text


def test_words_that_a_correction_leaves_as_they_were_are_told_of_by_nothing(make, sign_in, paper, later):
    note = make.note(paper.visit, signed=True)
    later("corrected", paper, said="")
    assert QUOTES not in page_of(sign_in(paper.visit.therapist), note).text


def test_a_sheet_that_was_corrected_and_then_taken_out_counts_as_taken_out(make, sign_in, paper, later):
    note = make.note(paper.visit, signed=True)
    later("not-hers", later("corrected", paper))
    assert "taken out on Sep 17, 2026" in plain(page_of(sign_in(paper.visit.therapist), note))


def test_a_note_that_began_after_it_was_corrected_quotes_what_counts(make, sign_in, paper, later):
    later("corrected", paper)
    note = make.note(paper.visit, signed=True)
    page = page_of(sign_in(paper.visit.therapist), note).text
    assert "Patient: “To run”" in page
    assert QUOTES not in page


@pytest.mark.parametrize("what", ["not-hers", "corrected"])
def test_a_note_of_a_later_visit_that_quotes_it_says_so_too(make, sign_in, paper, later, what):
    note = make.note(make.visit(paper.patient, paper.visit.therapist, kind="follow-up"), signed=True)
    assert QUOTES not in page_of(sign_in(paper.visit.therapist), note).text
    later(what, paper)
    page = plain(page_of(sign_in(paper.visit.therapist), note))
    assert f"(September 12, 2026) {QUOTED}" in page
    assert QUOTES in page


def test_a_paper_that_only_moved_to_another_visit_stands_for_a_later_one_as_before(make, sign_in, paper, later):
    note = make.note(make.visit(paper.patient, paper.visit.therapist, kind="follow-up"), signed=True)
    later("moved", paper)
    page = page_of(sign_in(paper.visit.therapist), note).text
    assert QUOTED in page
    assert QUOTES not in page


@FATES
@pytest.mark.parametrize("issued", [True, False])
def test_a_care_plan_says_so_too_and_its_words_stay(make, sign_in, paper, later, what, words, issued):
    told = {"cp_matters": {"value": "To carry\nthe marzipan"}}
    plan = make.plan(make.note(paper.visit, signed=True), told, issued=issued)
    later(what, paper)
    page = plain(sign_in(paper.visit.therapist).get(f"/clinic/plans/{plan.id}"))
    assert page.count(f"{QUOTES} {words.format(name=paper.visit.therapist.name)}") == 1
    assert "To carry" in page


@pytest.mark.parametrize(("own", "said"), [("To carry the marzipan", ""), ("To swim", "To run")])
def test_a_care_plan_that_quotes_what_counts_has_no_such_line(make, sign_in, paper, later, own, said):
    plan = make.plan(make.note(paper.visit, signed=True), {"cp_matters": {"value": own}})
    later("corrected", paper, said=said)
    assert QUOTES not in plain(sign_in(paper.visit.therapist).get(f"/clinic/plans/{plan.id}"))
