"""Handing a device over: whose session ends, what is kept of a page, and how it is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.actions import handovers
from intake.actions.refusals import RefusedError
from intake.forms import reader
from intake.forms.entry import Entry
from intake.store import audit, responses, sessions
from intake.store.handovers import Handover
from intake.store.sessions import Login

FORM = reader.latest("safety")
SECTION = FORM.sections[0]


def start(session, make, visit, token="a" * 64, login=None):
    return handovers.start(session, visit, FORM, token, login=login, by=visit.therapist, now=make.now)


def keep(session, make, handover, number, answers):
    entry = Entry(answers={name: {"value": said} for name, said in answers.items()})
    page = SECTION.pages[number - 1]
    handovers.save(session, handover, handover.response, SECTION, page, entry, number=number, now=make.now)


def test_the_session_of_who_hands_it_over_ends_and_their_others_go_on(session, make):
    visit = make.visit()
    make.login(visit.therapist)
    make.login(visit.therapist)
    here, other = sessions.of(session, visit.therapist, make.now)
    start(session, make, visit, login=here)
    assert here.end_reason == "handed-over"
    assert sessions.of(session, visit.therapist, make.now) == [other]
    assert len(session.scalars(select(Login)).all()) == 2


def test_a_device_that_is_out_for_the_same_visit_is_closed_and_its_answers_are_kept(session, make):
    visit = make.visit()
    first = start(session, make, visit)
    keep(session, make, first, 1, {"ipv_afraid": "yes"})
    second = start(session, make, visit, "b" * 64)
    assert (first.end_reason, first.was_given_back) == ("replaced", False)
    assert second.ended_at is None
    assert responses.answers(session, first.response_id)["ipv_afraid"]["value"] == "yes"
    assert responses.answers(session, second.response_id) == {}


def test_devices_for_two_visits_are_out_at_once(session, make):
    first, second = make.handover(), make.handover()
    assert (first.ended_at, second.ended_at) == (None, None)


def test_a_visit_that_was_called_off_opens_no_form(session, make):
    visit = make.visit()
    visit.cancelled_at = make.now
    with pytest.raises(RefusedError):
        start(session, make, visit)
    assert session.scalars(select(Handover)).all() == []


def test_every_question_of_a_page_has_something_after_it_was_sent(session, make):
    handover = make.handover()
    keep(session, make, handover, 1, {"ipv_afraid": "no"})
    kept = responses.answers(session, handover.response_id)
    assert kept.keys() == {"ipv_humiliated", "ipv_afraid", "ipv_forced", "ipv_hurt", "ipv_weapon_choke"}
    assert [name for name, answer in kept.items() if answer.get("status") != "skipped"] == ["ipv_afraid"]
    assert handover.page == 2


def test_a_page_that_comes_late_adds_to_what_was_said_and_leads_nowhere_back(session, make):
    handover = make.handover()
    keep(session, make, handover, 1, {"ipv_afraid": "yes"})
    keep(session, make, handover, 2, {})
    keep(session, make, handover, 1, {"ipv_hurt": "yes"})
    kept = responses.answers(session, handover.response_id)
    assert (kept["ipv_afraid"]["value"], kept["ipv_hurt"]["value"], handover.page) == ("yes", "yes", 3)


@pytest.mark.parametrize(
    ("way", "reason"), [(handovers.finish, "given-back"), (handovers.leave, "left"), (handovers.end, "ended")]
)
def test_however_it_ends_what_was_answered_is_final_and_there_is_a_line(session, make, way, reason):
    handover = make.handover()
    way(session, handover, by=handover.handed_by, now=make.now)
    way(session, handover, by=handover.handed_by, now=make.now)
    assert handover.end_reason == reason
    assert handover.response.status == responses.COMPLETED
    lines = [(line.action, line.reason) for line in audit.of_patient(session, handover.patient_id)]
    assert lines[-1] == ("device.given-back", reason)


def test_ending_it_from_elsewhere_takes_nothing_back_from_one_that_was_given_back(session, make):
    handover = make.handover()
    handovers.finish(session, handover, by=None, now=make.now)
    handovers.end(session, handover, by=handover.handed_by, now=make.now)
    assert handover.was_given_back


def test_looking_for_somebody_by_two_identifiers_leaves_a_line(session, make):
    lead, patient = make.safety_lead(), make.patient(legal_name="Rowan Sought")
    found = handovers.seek(session, "Rowan Sought", patient.birth_date, by=lead, now=make.now)
    assert found == [patient]
    assert handovers.seek(session, "Rowan Nobody", patient.birth_date, by=lead, now=make.now) == []
    assert audit.of_patient(session, patient.id)[-1].action == "safety.searched"


# ---------------------------------------------------------------- at home


def opened(session, make, visit, token="a" * 64, **more):
    by = make.invitation(visit)
    plain = {"is_alone": True, "by": by, "now": make.now}
    return handovers.ask_at_home(session, visit, FORM, token, **{**plain, **more})


def test_at_home_it_is_opened_once_for_a_visit_and_the_line_names_the_link(session, make):
    visit = make.visit()
    made = opened(session, make, visit)
    (line,) = (line for line in audit.of_patient(session, visit.patient_id) if line.action.startswith("device."))
    assert (line.action, line.actor_kind, line.actor_id) == ("device.opened-at-home", "invitation", made.invitation_id)
    for _time in range(2):
        with pytest.raises(RefusedError):
            opened(session, make, visit, "b" * 64)
        session.rollback()
        handovers.finish(session, made, by=None, now=make.now)
    assert session.scalars(select(Handover)).all() == [made]


def test_at_home_nothing_opens_for_a_visit_that_was_called_off_nor_beside_a_device(session, make):
    called_off, out = make.visit(), make.handover()
    by = make.invitation(called_off)
    called_off.cancelled_at = make.now
    with pytest.raises(RefusedError):
        handovers.ask_at_home(session, called_off, FORM, "a" * 64, is_alone=True, by=by, now=make.now)
    with pytest.raises(RefusedError):
        opened(session, make, out.visit)
    assert session.scalars(select(Handover)).all() == [out]


def test_who_is_not_alone_leaves_what_somebody_leaves_who_opens_it_and_goes(session, make):
    shy, gone = opened(session, make, make.visit(), is_alone=False), opened(session, make, make.visit(), "b" * 64)
    handovers.leave(session, gone, by=None, now=make.now)
    for each in (shy, gone):
        assert (each.end_reason, each.page, each.was_given_back) == ("left", 1, False)
        assert each.response.status == responses.COMPLETED
        assert responses.answers(session, each.response_id) == {}
        lines = [line.action for line in audit.of_patient(session, each.patient_id)]
        assert lines[-2:] == ["device.opened-at-home", "device.given-back"]


def test_a_device_handed_over_later_closes_what_is_open_at_home(session, make):
    visit = make.visit()
    made = opened(session, make, visit)
    start(session, make, visit, "b" * 64)
    assert made.end_reason == "replaced"
