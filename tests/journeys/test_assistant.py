"""An assistant writes, a therapist answers for it: from the draft to the plan, through the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from intake.actions import notes as acts
from intake.actions import plans as plan_acts
from intake.actions.refusals import RefusedError
from intake.clinical import signed
from intake.forms import disclosure, reader
from intake.security.policy import Role
from intake.store import careteam, responses
from intake.store.notes import Note
from intake.store.plans import Plan
from tests.builders import NOTE, PASSWORD, PLAN, filled
from tests.web.clinic.test_notes import cosign

FORM, INTAKE = reader.latest("daily-note"), reader.latest("intake")
BELOW = disclosure.restricted(FORM, "care")
SAID, KEPT = "Wants to run by summer", "A word for her therapist alone"
WAITS = "waits for a co-signature"


@pytest.fixture
def intake(make):
    given = {"fn_goal_top": {"value": SAID}, "ti_triggers": {"value": KEPT}}
    return make.intake(make.visit(starts_at=make.now), answers=filled(INTAKE, given))


@pytest.fixture
def assistant(make, intake):
    return make.member(intake.patient, make.assistant(name="Ash Invented"))


@pytest.fixture
def hers(client, new_client, sign_in, assistant):
    return sign_in(assistant, new_client())


@pytest.fixture
def therapist(new_client, sign_in, intake):
    return sign_in(intake.visit.therapist, new_client())


@pytest.fixture
def note(hers, session, intake, assistant):
    chart = f"/clinic/charts/{intake.patient_id}"
    assert hers.submit(f"/clinic/notes/visits/{intake.visit_id}", at=chart).status_code == 303
    return session.scalar(select(Note).where(Note.author_id == assistant.id))


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def complete(make, note):
    before = responses.answers(make.session, note.response_id)
    make.answer(note.response, filled(BELOW, {**before, **NOTE}))


def sign(browser, note):
    page = browser.get(url(note, "/sign"))
    draft = re.search(r'name="draft"[^>]*value="([0-9a-f]{64})"', page.text)[1]
    sent = {"csrf_token": browser.token, "password": PASSWORD, "draft": draft}
    return page, draft, browser.post(url(note, "/sign"), data=sent)


def test_her_draft_quotes_the_patient_no_further_than_she_may_read(hers, make, session, note, intake):
    held = str(responses.answers(session, note.response_id))
    assert SAID in held
    assert KEPT not in held
    assert KEPT not in hers.get(url(note)).text
    whole = acts.start(
        session, make.visit(intake.patient), FORM, INTAKE, ceiling="safety", by=make.therapist(), now=make.now
    )
    assert whole.id != note.id


def test_without_the_ceiling_the_private_words_would_stand_in_her_draft(make, session, intake):
    """The planted fault: her draft is prefilled as a therapist's is."""
    wide = acts.start(session, intake.visit, FORM, INTAKE, ceiling="safety", by=make.assistant(), now=make.now)
    assert KEPT in str(responses.answers(session, wide.response_id))


def test_she_signs_what_she_saw_a_therapist_co_signs_and_only_then_a_plan_begins(
    hers, therapist, make, session, note, intake, assistant
):
    complete(make, note)
    page, draft, answer = sign(hers, note)
    assert "It then waits for a co-signature" in page.text
    assert answer.location == url(note)
    (entry,) = note.signatures
    assert (entry.meaning, entry.signer_id, entry.said.draft) == (signed.AWAITS, assistant.id, draft)
    assert entry.said.answers.keys() <= BELOW.by_id.keys()
    for browser, path in (
        *((hers, path) for path in ("/clinic", url(note), f"/clinic/charts/{intake.patient_id}")),
        *((therapist, path) for path in (url(note), f"/clinic/charts/{intake.patient_id}")),
        (therapist, f"/verify?code={entry.code}"),
    ):
        assert re.search("waits for a co-signature|waiting for a therapist", browser.get(path).text), path
    assert "Ash Invented" in therapist.get("/clinic").text
    start = f"/clinic/plans/notes/{note.id}"
    assert [browser.submit(start, at="/clinic").status_code for browser in (hers, therapist)] == [404, 404]
    assert cosign(therapist, note).status_code == 303
    assert WAITS not in therapist.get(url(note)).text
    assert hers.submit(start, at="/clinic").status_code == 404
    assert therapist.submit(start, at=url(note)).status_code == 303
    assert session.scalar(select(Plan)).author_id == intake.visit.therapist_id


def test_what_she_adds_waits_too_and_holds_every_plan_until_it_is_co_signed(hers, therapist, make, session, note):
    complete(make, note)
    sign(hers, note)
    cosign(therapist, note)
    plan = make.plan(note, by=note.visit.therapist)
    added = {"text": "She called about the pain.", "readers": "therapists", "password": PASSWORD}
    assert hers.submit(url(note, "/addenda"), added, at=url(note)).status_code == 303
    assert added["text"] in hers.get(url(note)).text, "her own words are hers to read"
    refused = therapist.submit(f"/clinic/plans/notes/{note.id}", at=url(note))
    assert refused.status_code == 409
    assert "waits for a co-signature" in refused.text
    with pytest.raises(RefusedError, match="co-signature"):
        issue(make, session, plan)
    cosign(therapist, note)
    issue(make, session, plan)


def issue(make, session, plan):
    session.expire_all()
    form, today = reader.latest("care-plan"), make.now.date()
    make.answer(plan.response, filled(form, {**responses.answers(session, plan.response_id), **PLAN}))
    by = plan.author
    plan_acts.issue(session, plan, form, make.clinic(), paper="letter", by=by, today=today, now=make.now)


def test_nobody_co_signs_from_outside_the_team_nor_what_is_their_own(hers, new_client, sign_in, make, note):
    complete(make, note)
    sign(hers, note)
    for stranger in (make.therapist(), make.assistant(), make.front_desk(), make.emergency(note.patient).user):
        browser = sign_in(stranger, new_client())
        browser.get("/account")
        sent = {"csrf_token": browser.token, "password": PASSWORD}
        assert browser.post(url(note, "/cosign"), data=sent).status_code == 404
    hers.get(url(note))
    own = hers.post(url(note, "/cosign"), data={"csrf_token": hers.token, "password": PASSWORD})
    assert own.status_code == 404


def test_she_loses_her_note_with_her_place_on_the_team(hers, make, session, note, assistant):
    (member,) = (m for m in careteam.members(session, note.patient_id, make.now) if m.user_id == assistant.id)
    member.until = make.now
    session.commit()
    assert hers.get(url(note)).status_code == 404
    assert str(note.id) not in hers.get("/clinic").text


def test_a_draft_with_parts_she_may_not_see_is_not_signed_by_her(hers, make, session, intake, assistant):
    """As when a therapist became an assistant: what she cannot read is neither signed nor lost."""
    assistant.roles = [Role.THERAPIST]
    session.commit()
    note = make.note(intake.visit, assistant, kind="daily-note")
    assistant.roles = [Role.ASSISTANT]
    session.commit()
    assert KEPT in str(responses.answers(session, note.response_id))
    complete(make, note)
    page, _draft, answer = sign(hers, note)
    assert KEPT not in page.text
    assert answer.status_code == 409
    assert "parts that you may not see" in answer.text
    assert KEPT in str(responses.answers(session, note.response_id))


@pytest.mark.parametrize("kind", ["evaluation", "re-evaluation", "progress-report", "discharge"])
def test_what_is_a_therapist_s_own_judgment_she_neither_starts_nor_signs(hers, make, session, intake, assistant, kind):
    chart = f"/clinic/charts/{intake.patient_id}"
    assert f'value="{kind}"' not in hers.get(chart).text
    refused = hers.submit(f"/clinic/notes/visits/{intake.visit_id}", {"kind": kind}, at=chart)
    assert refused.location.startswith(chart)
    assert session.scalar(select(Note).where(Note.author_id == assistant.id)) is None
    with pytest.raises(RefusedError, match="A therapist has to write"):
        acts.start(session, intake.visit, reader.latest(kind), None, ceiling="care", by=assistant, now=make.now)


def test_a_draft_she_began_as_a_therapist_is_not_signed_by_her_as_an_assistant(hers, make, session, intake, assistant):
    assistant.roles = [Role.THERAPIST]
    session.commit()
    note = make.note(make.visit(make.patient(), therapist=assistant), assistant)
    make.answer(note.response, filled(reader.latest("evaluation"), NOTE))
    assistant.roles = [Role.ASSISTANT]
    session.commit()
    with pytest.raises(RefusedError, match="A therapist has to write"):
        make.sign(note)
