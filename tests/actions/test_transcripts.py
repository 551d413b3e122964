"""Typing in a paper form: nothing of hers is lost, nothing is said that the paper does not say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import intakes, invitations, shortforms, sittings, transcripts
from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.forms.entry import Entry
from intake.store import audit, consents, flags, history, responses
from intake.store.audit import AuditEvent
from intake.store.sessions import Login

HEAVY = {"rf_bleed": {"value": "heavy"}}
IDLE = timedelta(minutes=10)


def last(session):
    return session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first().action


def typed(session, make, response, answers, **more):
    """One part, as the page of it is saved."""
    form = responses.form_of(response)
    section = form.section_of[next(iter(answers))].id
    plain = {"base": responses.sections(session, response.id)[section][1], "leaving": True}
    plain |= {"by": response.visit.therapist, "today": make.now.date(), "now": make.now}
    asked = [question.id for question in form.section(section).questions()]
    return transcripts.save(session, response, section, Entry(answers=answers), asked, **{**plain, **more})


def start(session, make, visit, name="intake", **more):
    plain = {"filled_on": make.now.date(), "idle": IDLE, "by": visit.therapist, "now": make.now}
    return transcripts.start(session, visit, name, "paper", **{**plain, **more})


# ---------------------------------------------------------------- whose form it is


def test_a_form_nobody_has_begun_is_begun_as_the_visit_asks_for_it(session, make):
    visit = make.visit()
    made = start(session, make, visit)
    assert (made.form, made.source, made.entered_by_id, made.filled_on) == (
        "intake", "paper", visit.therapist_id, make.now.date(),
    )  # fmt: skip
    assert responses.asked(session, visit.id) == [made]
    assert last(session) == "transcript.begun"


def test_a_form_she_has_opened_and_left_untouched_is_taken_over(session, make, clock):
    intake = make.intake()
    clock.shift(IDLE + timedelta(seconds=1))
    assert start(session, make, intake.visit).id == intake.id


def test_what_she_typed_herself_is_never_taken_over(session, make, clock):
    intake = make.intake(answers={"fn_goal_top": {"value": "To run again"}})
    clock.shift(timedelta(hours=1))
    with pytest.raises(RefusedError, match="begun this form herself"):
        start(session, make, intake.visit)
    session.rollback()
    assert responses.answers(session, intake.id)["fn_goal_top"]["value"] == "To run again"
    assert not intake.is_from_paper


def test_while_she_has_it_open_nothing_is_taken_from_her(session, make, clock):
    intake = make.intake()
    with pytest.raises(RefusedError, match="open at this moment"):
        start(session, make, intake.visit)
    clock.shift(IDLE - timedelta(seconds=1))
    with pytest.raises(RefusedError, match="open at this moment"):
        start(session, make, intake.visit)


@pytest.mark.parametrize("name", ["safety", "bladder-diary", "follow-up", "evaluation", "check-in", "nothing"])
def test_only_a_form_of_the_visit_that_is_on_paper_is_typed_in(session, make, name):
    with pytest.raises(RefusedError, match="not asked for"):
        start(session, make, make.visit(), name)


def test_a_form_is_typed_in_once(session, make):
    made = make.transcript()
    with pytest.raises(RefusedError, match="being typed in already"):
        start(session, make, made.visit)


def test_a_visit_that_was_called_off_takes_no_paper(session, make):
    visit = make.visit()
    visit.cancelled_at = make.now
    session.commit()
    with pytest.raises(RefusedError, match="called off"):
        start(session, make, visit)


def test_while_staff_types_it_in_nothing_of_hers_gets_into_it(session, make):
    response = make.transcript()
    form = responses.form_of(response)
    section = form.section_of["fn_goal_top"]
    stored = responses.sections(session, response.id)
    entry = Entry(answers={"fn_goal_top": {"value": "Hers"}})
    hers = {"base": 1, "leaving": True, "link": "x", "today": make.now.date(), "now": make.now}
    with pytest.raises(FinalError):
        intakes.save_page(session, response, form, section, section.pages[0], entry, stored, **hers)
    with pytest.raises(FinalError):
        intakes.leave_for_visit(session, response, section, base=1, link="x", now=make.now)
    with pytest.raises(FinalError):
        intakes.submit(session, response, form, signer="R", by=None, today=make.now.date(), now=make.now)
    assert "fn_goal_top" not in responses.answers(session, response.id)


def test_a_mistaken_click_gives_the_form_back_untouched(session, make):
    response = make.transcript()
    by = response.visit.therapist
    transcripts.hand_back(session, response, by=by, now=make.now)
    transcripts.hand_back(session, response, by=by, now=make.now)
    assert (response.source, response.entered_by_id, response.filled_on) == ("self", None, None)
    assert last(session) == "transcript.handed-back"


def test_what_is_typed_in_is_not_given_back(session, make):
    response = make.transcript()
    typed(session, make, response, {"fn_goal_top": {"value": "To lift"}})
    with pytest.raises(RefusedError, match="typed in already"):
        transcripts.hand_back(session, response, by=response.visit.therapist, now=make.now)


# ---------------------------------------------------------------- in which version


def test_a_sheet_is_typed_into_the_very_version_it_was_printed_from(session, make):
    visit = make.visit()
    (offer,) = transcripts.offered(session, visit, make.now)
    assert (offer.versions, offer.asked) == ((3, 2, 1), 3)
    made = start(session, make, visit, version=2)
    assert (made.form_version, made.is_from_paper) == (2, True)
    assert responses.asked(session, visit.id) == [made]


def test_a_form_she_left_untouched_gives_way_to_the_version_of_her_sheet(session, make, clock):
    intake = make.intake()
    clock.shift(IDLE + timedelta(seconds=1))
    made = start(session, make, intake.visit, version=1)
    assert responses.asked(session, intake.visit_id) == [made]
    assert intake.status == responses.WITHDRAWN


@pytest.mark.parametrize("version", [0, 4, 99])
def test_a_version_that_was_never_printed_is_refused(session, make, version):
    with pytest.raises(RefusedError, match="never printed"):
        start(session, make, make.visit(), version=version)


def test_while_a_page_of_hers_waits_at_the_door_no_paper_is_begun_over_it(session, make, clock):
    visit = make.intake().visit
    login = session.scalars(select(Login)).one()
    clock.shift(timedelta(minutes=11))
    sittings.hold(session, login, "mark", b"sealed", now=make.now)
    with pytest.raises(RefusedError, match="sent a page that is added when she comes in again"):
        start(session, make, visit)
    session.rollback()
    assert responses.asked(session, visit.id)[0].source == responses.SELF
    assert start(session, make, make.visit(visit.patient)).is_from_paper, "it is about one visit"
    clock.shift(sittings.KEPT)
    assert start(session, make, visit).is_from_paper


def test_a_page_behind_a_link_that_the_clinic_ended_holds_nobody_up(session, make, clock):
    visit = make.intake().visit
    (invitation,), login = visit.invitations, session.scalars(select(Login)).one()
    clock.shift(timedelta(minutes=11))
    invitations.revoke(session, invitation, by=visit.therapist, now=make.now)
    sittings.hold(session, login, "mark", b"sealed", lasting=sittings.UNTIL_CALLED, now=make.now)
    assert start(session, make, visit).is_from_paper


def test_a_mistaken_click_never_asks_her_in_words_of_long_ago(session, make):
    made = start(session, make, make.visit(), version=1)
    transcripts.hand_back(session, made, by=made.visit.therapist, now=make.now)
    assert responses.asked(session, made.visit_id) == []
    (offer,) = transcripts.offered(session, made.visit, make.now)
    assert (offer.reason, offer.asked) == ("", 3)


def test_a_mistaken_click_on_a_sheet_of_long_ago_leaves_nothing_unasked_beside_another_form(session, make):
    visit = make.visit()
    shortforms.ask(session, visit, "check-in", by=visit.therapist, now=make.now)
    make.transcript(visit, form="check-in", answers={"ci_pain": {"value": 3}}, finished=True)
    made = start(session, make, visit, version=1)
    transcripts.hand_back(session, made, by=made.visit.therapist, now=make.now)
    (again,) = (each for each in responses.asked(session, visit.id) if each.is_waiting)
    assert (again.form, again.form_version) == ("intake", 3)


# ---------------------------------------------------------------- what the paper says


def test_a_part_is_kept_as_from_paper_and_what_is_blank_there_was_left_blank(session, make):
    response = make.transcript()
    typed(session, make, response, {"fn_goal_top": {"value": "To lift"}})
    said = responses.answers(session, response.id)
    assert (said["fn_goal_top"]["value"], said["fn_goal_top"]["by"]) == ("To lift", "paper")
    assert said["fn_psfs"]["status"] == "skipped"
    assert "pre_private" not in said
    assert last(session) == "transcript.saved"


def test_two_windows_do_not_overwrite_each_other(session, make):
    response = make.transcript()
    typed(session, make, response, {"fn_goal_top": {"value": "To lift"}})
    with pytest.raises(StaleError):
        typed(session, make, response, {"fn_goal_top": {"value": "To run"}}, base=1)


def test_a_warning_sign_on_the_paper_opens_its_entry_at_once(session, make):
    response = make.transcript()
    saved = typed(session, make, response, HEAVY)
    found = flags.of_response(session, response.id)
    assert {flag.rule for flag in found} == saved.new_rules
    assert {flag.owner_id for flag in found} == {response.visit.therapist_id}
    assert all(flag.response.is_from_paper for flag in found)
    assert typed(session, make, response, HEAVY).new_rules == frozenset()


def test_a_sign_that_was_mistyped_stays_for_staff_and_no_longer_holds(session, make):
    response = make.transcript()
    typed(session, make, response, HEAVY)
    typed(session, make, response, {"rf_bleed": {"value": "none"}})
    assert {flag.still_true for flag in flags.of_response(session, response.id)} == {False}


def test_private_sheets_raise_their_signs_though_nobody_said_that_she_was_alone(session, make):
    response = make.transcript()
    typed(session, make, response, {"sx_ok_to_ask": {"value": "yes"}, "sx_bleed_after": {"value": "yes"}})
    assert flags.of_response(session, response.id)


def test_paper_makes_ways_to_reach_her_stricter_and_nothing_else(session, make):
    contacts = [{"method": way, "value": f"{way}-1", "safe": "not-safe"} for way in ("mobile", "email")]
    contacts[1]["safe"] = "safe"
    response = make.transcript(make.visit(make.patient(contacts=contacts, name_used="Ro")))
    said = {"id_safe_to_contact": {"value": {"mobile": "safe", "email": "not-safe"}}}
    typed(session, make, response, said)
    typed(session, make, response, {"id_name_used": {"value": "Older name"}})
    assert {each["method"]: each["safe"] for each in response.patient.contacts} == {
        "mobile": "not-safe", "email": "not-safe",
    }  # fmt: skip
    assert response.patient.name_used == "Ro"


REACH = {"id_contact_methods": {"value": ["mobile", "email"]}}


def reach(**flags):
    return REACH | {"id_safe_to_contact": {"value": {"mobile": "safe", **flags}}}


def test_paper_never_frees_an_address_that_came_on_file_after_she_had_forbidden_it(session, make, clock):
    """She says it before there is an address; the desk adds one; a paper of the month before says safe."""
    intake = make.intake(answers=reach(email="not-safe"))
    clock.shift(timedelta(hours=1))
    patient = intake.patient
    patient.contacts = [{"method": "email", "value": "her@fernleaf.example", "safe": "unknown"}]
    session.commit()
    old = make.transcript(make.visit(patient), filled_on=make.now.date() - timedelta(days=30))
    typed(session, make, old, reach(email="safe"))
    assert patient.contacts[0]["safe"] == "not-safe"
    newer = make.transcript(make.visit(patient), filled_on=make.now.date() + timedelta(days=1))
    patient.contacts = [{**patient.contacts[0], "safe": "unknown"}]
    session.commit()
    typed(session, make, newer, reach(email="safe"))
    assert patient.contacts[0]["safe"] == "safe", "what she wrote since then counts"


# ---------------------------------------------------------------- the end


def finish(session, make, response, **more):
    plain = {"ceiling": "safety", "signature": None, "by": response.visit.therapist}
    plain |= {"today": make.now.date(), "now": make.now}
    transcripts.finish(session, response, **{**plain, **more})


def test_once_it_is_done_it_is_final_however_much_is_blank(session, make):
    response = make.transcript(answers={"fn_goal_top": {"value": "To lift"}})
    colleague = make.member(response.patient, make.therapist(), "therapist")
    finish(session, make, response, by=colleague)
    assert (response.status, response.entered_by_id) == (responses.COMPLETED, colleague.id)
    assert last(session) == "transcript.finished"
    with pytest.raises(FinalError):
        typed(session, make, response, {"fn_goal_top": {"value": "Else"}})
    before = session.query(AuditEvent).count()
    finish(session, make, response)
    assert session.query(AuditEvent).count() == before


def test_a_paper_with_nothing_typed_in_is_not_her_intake(session, make):
    response = make.transcript()
    typed(session, make, response, {"fn_goal_top": {"status": "skipped"}})
    with pytest.raises(RefusedError, match="Nothing is typed in"):
        finish(session, make, response)
    assert response.status == responses.IN_PROGRESS
    assert history.last_full(session, response.patient_id) is None


def test_what_she_leaves_for_the_visit_is_an_answer(session, make):
    response = make.transcript(answers={"fn_goal_top": {"status": "in-person"}})
    finish(session, make, response)
    assert response.status == responses.COMPLETED


def test_what_a_later_answer_hides_is_dropped_on_record(session, make):
    answers = {"bl_leak_any": {"value": "no"}, "bl_leak_how_much": {"value": "drops"}}
    response = make.transcript()
    known = responses.form_of(response).by_id
    hidden = next(name for name, q in known.items() if any(c.question == "bl_leak_any" for c in q.when.conditions))
    make.answer(response, {"bl_leak_any": answers["bl_leak_any"], hidden: {"value": "x"}})
    finish(session, make, response)
    assert response.dropped == [hidden]
    assert hidden not in responses.answers(session, response.id)


def test_what_was_set_for_a_screen_is_not_what_the_paper_says(session, make):
    before = make.intake(answers={"bl_leak_any": {"value": "yes"}}, submitted=True)
    visit = make.visit(before.patient, kind="follow-up")
    response = make.transcript(visit, form="check-in")
    assert responses.answers(session, response.id)["ci_measure"]["value"] == "bladder"
    typed(session, make, response, {"ci_name_1": {"value": "Run"}, "ci_measure": {"value": "moving"}})
    other = make.transcript(make.visit(before.patient, kind="follow-up"), form="check-in")
    typed(session, make, other, {"ci_name_1": {"value": "Lift"}})
    for each in (response, other):
        finish(session, make, each)
    assert responses.answers(session, response.id)["ci_measure"]["value"] == "moving"
    assert responses.answers(session, other.id)["ci_measure"]["value"] == "bladder", "her therapist chose that"
    assert other.dropped == []


def test_what_her_therapist_chose_to_follow_stands_where_the_paper_leaves_it_to_her(session, make, clock):
    before = make.intake(answers={"bl_leak_any": {"value": "yes"}}, submitted=True)
    clock.shift(timedelta(days=10))
    visit = make.visit(before.patient, kind="follow-up")
    shortforms.ask(session, visit, "check-in", measured="moving", by=visit.therapist, now=make.now)
    paper = make.transcript(visit, form="check-in")
    with pytest.raises(RefusedError, match="Nothing is typed in"):
        finish(session, make, paper)
    session.rollback()
    typed(session, make, paper, {"ci_pain": {"value": 3}, "ci_moving": {"value": 4}})
    finish(session, make, paper)
    assert responses.said(session, paper)["ci_moving"]["value"] == 4
    later = shortforms.ask(session, make.visit(before.patient), "check-in", by=visit.therapist, now=make.now)
    assert responses.answers(session, later.id)["ci_measure"]["value"] == "moving"


def test_whoever_may_not_see_all_of_the_paper_cannot_end_it(session, make):
    response = make.transcript()
    with pytest.raises(RefusedError, match="treating therapist"):
        finish(session, make, response, ceiling="care")
    assert response.status == responses.IN_PROGRESS


CONSENTS = {"cons_treat": {"value": "agree"}, "cons_npp": {"value": "received"}}


def test_agreements_are_kept_as_signed_on_paper_and_seen(session, make):
    response = make.transcript(answers=CONSENTS)
    day = make.now.date() - timedelta(days=2)
    finish(session, make, response, signature=transcripts.Signature("Rowan I. Invented", day))
    found = {each.question: each for each in consents.of_patient(session, response.patient_id)}
    assert found.keys() == CONSENTS.keys()
    one = found["cons_treat"]
    assert (one.signer, one.on_paper, one.seen_by) == ("Rowan I. Invented", day, response.visit.therapist.name)


def test_without_a_signature_no_agreement_is_kept(session, make):
    response = make.transcript(answers=CONSENTS)
    finish(session, make, response)
    assert consents.of_patient(session, response.patient_id) == []
    assert responses.answers(session, response.id)["cons_treat"]["value"] == "agree"


def test_every_act_leaves_one_line(session, make):
    response = make.transcript()
    typed(session, make, response, HEAVY)
    finish(session, make, response)
    acts = [each.action for each in audit.of_patient(session, response.patient_id)]
    assert [each for each in acts if each.startswith("transcript.")] == [
        "transcript.begun", "transcript.saved", "transcript.finished",
    ]  # fmt: skip
