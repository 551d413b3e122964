"""Care plans: proposed from a signed note, edited, previewed, issued."""

from __future__ import annotations

import hashlib
import re

import pytest

from intake.forms import reader
from intake.store import plans as stored
from intake.store import responses
from tests.builders import PLAN, filled
from tests.pages import save

FORM = reader.latest("care-plan")
DOCUMENT = re.compile(r"/clinic/plans/documents/[0-9a-f-]{36}")


@pytest.fixture
def plan(make):
    """A draft that has everything it needs: the goals of its note, findings and two exercises."""
    made = make.plan()
    before = responses.answers(make.session, made.response_id)
    make.answer(made.response, filled(FORM, {**PLAN, **before}))
    return made


@pytest.fixture
def author(client, sign_in, plan):
    return sign_in(plan.author)


def issue(client, plan, paper="letter", **more):
    return client.submit(
        f"/clinic/plans/{plan.id}/issue", {"paper": paper, "sure": "y", **more}, at=f"/clinic/plans/{plan.id}"
    )


def test_a_plan_starts_from_a_signed_note_only(client, make, sign_in, session):
    draft = make.note()
    sign_in(draft.author)
    refused = client.submit(f"/clinic/plans/notes/{draft.id}", at="/clinic")
    assert refused.status_code == 409
    assert "sign the note first" in refused.text
    assert stored.of_patient(session, draft.patient_id) == []


def test_a_plan_is_made_from_a_note_and_starting_twice_gives_the_same(client, make, sign_in):
    note = make.note(signed=True)
    sign_in(note.author)
    first, second = (client.submit(f"/clinic/plans/notes/{note.id}", at=f"/clinic/notes/{note.id}") for _ in range(2))
    assert first.status_code == 303
    assert first.location == second.location
    assert "Walk for 30 minutes with a dry pad" in client.get(first.location).text


def test_an_exercise_chosen_without_a_dose_takes_the_library_s(author, plan, session):
    exercise = {"cp_exercises.count": "1", "cp_exercises.0.cp_exercise": "bridge"}
    saved = save(author, f"/clinic/plans/{plan.id}", exercise, at="program:2")
    assert saved.status_code == 303
    session.expire_all()
    (item,) = responses.answers(session, plan.response_id)["cp_exercises"]["value"]
    assert set(item) >= {"cp_sets", "cp_reps", "cp_freq_day"}


def test_two_windows_never_overwrite_each_other_silently(author, plan, session):
    url = f"/clinic/plans/{plan.id}"
    save(author, url, {"cp_habits": "First"}, at="habits:1")
    stale = save(author, url, {"cp_habits": "Second"}, at="habits:1")
    assert stale.status_code == 409
    assert "Second" in stale.text
    session.expire_all()
    assert responses.answers(session, plan.response_id)["cp_habits"]["value"] == "First"


def test_a_plan_without_goals_is_refused_and_says_so(author, plan, make, session):
    make.answer(plan.response, {"cp_goals": {"status": "skipped"}})
    refused = issue(author, plan)
    assert refused.status_code == 422
    assert 'href="#cp_goals"' in refused.text
    assert "Please fill in at least 1" in refused.text
    session.expire_all()
    assert not stored.get(session, plan.id).is_issued


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_issued_bytes_can_be_fetched_again_and_match_their_fingerprint(author, plan, session, paper):
    assert issue(author, plan, paper).status_code == 303
    page = author.get(f"/clinic/plans/{plan.id}").text
    first, second = (author.get(DOCUMENT.search(page)[0]) for _ in range(2))
    assert first.mimetype == "application/pdf"
    assert first.data == second.data
    assert hashlib.sha256(first.data).hexdigest() in page


def test_a_plan_is_final_once_issued_and_can_be_printed_on_other_paper(author, plan, session):
    issue(author, plan)
    late = author.post(
        f"/clinic/plans/{plan.id}", data={"csrf_token": author.token, "_version": "habits:1", "cp_habits": "Changed"}
    )
    assert late.status_code in {404, 409}
    printed = author.submit(f"/clinic/plans/{plan.id}/issue", {"paper": "a4"}, at=f"/clinic/plans/{plan.id}")
    assert printed.status_code == 303
    assert len(DOCUMENT.findall(author.get(f"/clinic/plans/{plan.id}").text)) == 2


def test_private_handouts_are_a_file_of_their_own_only_when_she_wants_them(author, plan, make):
    private = {"cp_private_topics": {"value": ["return-to-sex"]}}
    make.answer(plan.response, private)
    refused = issue(author, plan)
    assert refused.status_code == 422
    assert "wanted on paper" in refused.text
    make.answer(plan.response, {"cp_private_wanted": {"value": "yes"}})
    issue(author, plan)
    assert len(DOCUMENT.findall(author.get(f"/clinic/plans/{plan.id}").text)) == 2


def test_the_preview_is_a_pdf_and_changes_nothing(author, plan, session):
    preview = author.get(f"/clinic/plans/{plan.id}/preview/a4")
    assert preview.data.startswith(b"%PDF-")
    assert not stored.get(session, plan.id).is_issued
    assert author.get(f"/clinic/plans/{plan.id}/preview/a3").status_code == 404


def test_characters_that_cannot_be_printed_are_shown_to_the_author_first(author, plan, make):
    make.answer(plan.response, {"cp_habits": {"value": "Walk हि daily"}})
    assert "cannot be printed" in author.get(f"/clinic/plans/{plan.id}").text


def test_paper_nobody_has_is_refused(author, plan, session):
    for paper in ("a3", "", "letter\x00"):
        assert issue(author, plan, paper).status_code == 422
        session.expire_all()
        assert not stored.get(session, plan.id).is_issued


def test_nobody_outside_the_care_team_finds_plan_preview_or_document(client, make, sign_in, session):
    plan = make.plan(issued=True)
    session.expire_all()
    (document,) = stored.get(session, plan.id).documents
    for role in ("therapist", "front-desk", "admin"):
        sign_in(make.user(role))
        for path in (
            f"/clinic/plans/{plan.id}",
            f"/clinic/plans/{plan.id}/preview/letter",
            f"/clinic/plans/documents/{document.id}",
        ):
            assert client.get(path).status_code == 404
