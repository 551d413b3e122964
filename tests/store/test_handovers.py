"""Devices that were handed over: how long they open the form, and who has not read what was answered."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import exc, func, select, text, update
from sqlalchemy.orm import Session

from intake.actions import handovers as acts
from intake.actions import safety_entries as safety_acts
from intake.security.keys import RootKey
from intake.security.seal import SealError
from intake.store import handovers, responses, rotation, safety_entries, shreds
from intake.store.binding import ForgedError
from intake.store.engine import connect
from intake.store.handovers import Handover, Reading
from intake.store.patient_keys import DestroyedError
from intake.store.responses import ResponseSection
from tests.alone import every_yes
from tests.builders import KEYS

WHOLE = tuple(every_yes())


@pytest.mark.parametrize(("seconds", "open_"), [(0, True), (479, True), (480, False), (3000, False)])
def test_it_opens_the_form_for_eight_minutes_after_the_last_sign_of_her(session, make, seconds, open_):
    handover = make.handover()
    assert handovers.is_open(handover, handover.seen_at + timedelta(seconds=seconds)) == open_


@pytest.mark.parametrize(("minutes", "open_"), [(19, True), (20, False)])
def test_it_opens_the_form_for_twenty_minutes_in_all(session, make, minutes, open_):
    handover = make.handover()
    handover.seen_at = at = handover.started_at + timedelta(minutes=minutes)
    assert handovers.is_open(handover, at) == open_


def test_one_that_ended_or_whose_visit_was_called_off_opens_nothing(session, make):
    ended, called_off = make.handover(), make.handover()
    acts.end(session, ended, by=ended.handed_by, now=make.now)
    called_off.visit.cancelled_at = make.now
    assert not handovers.is_open(ended, make.now)
    assert not handovers.is_open(called_off, make.now)


def test_it_is_found_by_its_token_its_visit_and_its_patient(session, make):
    handover = make.handover()
    assert handovers.find(session, handover.token_hash) is handover
    assert handovers.find(session, "0" * 64) is None
    assert handovers.get(session, uuid.uuid4()) is None
    assert (
        handovers.of_visit(session, handover.visit_id)
        == handovers.of_patient(session, handover.patient_id)
        == [handover]
    )


def test_only_the_form_that_is_answered_alone_is_found_as_one(session, make):
    handover, intake = make.handover(), make.intake()
    assert handovers.response(session, handover.response_id) is handover.response
    assert handovers.response(session, intake.id) is None
    assert responses.intake(session, handover.response_id) is None
    assert responses.intake_of(session, handover.visit_id) is None
    assert responses.intakes(session, handover.patient_id) == []


@pytest.mark.parametrize("answers", [{}, {"ipv_now_safe": {"value": "no"}}])
def test_it_is_unread_until_each_who_may_read_it_has_whatever_was_answered(session, make, answers):
    handover, colleague = make.alone(answers), make.therapist()
    hers = handover.visit.therapist
    assert handovers.unread(session, handover.patient_id, hers) == [handover]
    assert handovers.waiting_for(session, hers) == [handover]
    acts.note_read(session, [handover], by=hers, now=make.now)
    assert handovers.unread(session, handover.patient_id, hers) == handovers.waiting_for(session, hers) == []
    assert handovers.unread(session, handover.patient_id, colleague) == [handover], "nobody reads for somebody else"


def test_it_waits_for_whom_the_visit_is_with_and_for_who_handed_it_over(session, make):
    handover = make.alone({}, by=make.therapist())
    assert handovers.waiting_for(session, handover.handed_by) == [handover]
    assert handovers.waiting_for(session, handover.visit.therapist) == [handover]
    assert handovers.waiting_for(session, make.therapist()) == []


def test_what_is_read_while_the_device_is_out_is_not_read_yet(session, make):
    handover = make.handover()
    acts.note_read(session, [handover], by=handover.handed_by, now=make.now)
    assert handovers.unread(session, handover.patient_id, handover.handed_by) == [handover]
    later = make.now + timedelta(minutes=9)
    acts.note_read(session, [handover], by=handover.handed_by, now=later)
    assert handovers.unread(session, handover.patient_id, handover.handed_by) == []


def test_a_reading_that_somebody_else_put_there_is_not_taken_for_one(session, make):
    handover = make.alone({})
    acts.note_read(session, [handover], by=handover.handed_by, now=make.now)
    session.execute(update(Reading.__table__).values(user_id=make.therapist().id))
    session.commit()
    session.expunge_all()
    with pytest.raises(ForgedError):
        session.scalars(select(Reading)).all()


def test_it_cannot_be_turned_to_another_patient_or_another_form(session, make):
    handover, other = make.handover(), make.handover()
    for change in (
        {"patient_id": other.patient_id},
        {"started_at": make.now + timedelta(days=1)},
        {"visit_id": other.visit_id},
    ):
        session.execute(update(Handover.__table__).where(Handover.__table__.c.id == handover.id).values(change))
        session.flush()
        session.expunge_all()
        with pytest.raises(ForgedError):
            handovers.find(session, handover.token_hash)
        session.rollback()
        session.expunge_all()


def test_what_was_answered_is_final_once_it_is_over(session, make):
    handover = make.alone({"ipv_afraid": {"value": "yes"}})
    with pytest.raises(exc.DBAPIError, match="final"):
        session.execute(text("UPDATE response_sections SET version = version + 1 WHERE section = 'safety'"))
    session.rollback()
    assert handover.response.status == responses.COMPLETED


def test_an_erasure_takes_what_was_answered_alone_and_what_was_done_with_it(session, make):
    handover = make.alone({"ipv_afraid": {"value": "yes"}})
    by, patient = handover.handed_by, handover.patient
    safety_acts.write(session, patient, "Seen alone.", over=0, by=by, now=make.now)
    shreds.destroy(session, patient.id, make.now)
    session.commit()
    with Session(session.get_bind()) as later:
        with pytest.raises(DestroyedError):
            responses.answers(later, handover.response_id)
        (entry,) = safety_entries.of_patient(later, patient.id)
        with pytest.raises(DestroyedError):
            _ = entry.text


def test_after_a_new_root_key_it_is_read_as_before_and_with_the_new_one_only(session, make, url):
    handover = make.alone({"ipv_afraid": {"value": "yes"}})
    turned = KEYS.turned(RootKey.of(b"another root key of 32 bytes, ok"))
    rotation.rewrap(session, turned, 500)
    session.commit()
    for ring, opens in ((turned, True), (KEYS, False)):
        engine = connect(url, ring)
        with Session(engine) as reading:
            if opens:
                assert responses.answers(reading, handover.response_id)["ipv_afraid"]["value"] == "yes"
            else:
                with pytest.raises(SealError):
                    responses.answers(reading, handover.response_id)
        engine.dispose()


def test_one_that_was_only_opened_takes_as_much_room_as_one_that_was_filled_in(session, make):
    said = {"status": "in-person", "at": "2026-09-15T16:00:00+00:00"}
    for answers in ({}, {WHOLE[0]: said}, dict.fromkeys(WHOLE, said)):
        make.alone(answers)
    kept = session.scalars(select(func.length(ResponseSection.safety)).where(ResponseSection.section == "safety")).all()
    assert len(kept) == 3
    assert len(set(kept)) == 1


# ---------------------------------------------------------------- at home


def test_one_opened_at_home_names_a_link_and_nobody_of_the_clinic(session, make):
    at_home, on_device = make.at_home(), make.handover()
    assert (at_home.at_home, at_home.handed_by) == (True, None)
    assert at_home.invitation_id == at_home.visit.invitations[0].id
    assert (on_device.at_home, on_device.invitation_id) == (False, None)


def test_it_is_asked_at_home_once_for_a_visit_and_not_beside_a_device(session, make):
    ended, lapsed, back, left = make.at_home(), make.at_home(), make.alone({}), make.handover()
    acts.finish(session, ended, by=None, now=make.now)
    acts.leave(session, left, by=None, now=make.now)
    later = make.now + timedelta(hours=1)
    assert not handovers.is_spent([], make.now)
    assert handovers.is_spent([ended], later)
    assert handovers.is_spent([lapsed], later), "one that was left open counts too"
    assert handovers.is_spent([back], later)
    assert not handovers.is_spent([left], later)
    out = make.handover()
    assert handovers.is_spent([left, out], make.now)
    assert not handovers.is_spent([left, out], later)


def test_the_database_takes_no_second_one_at_home_for_a_visit_and_none_without_an_origin(session, make):
    first = make.at_home()
    response = make.handover(first.visit).response
    plain = {"visit_id": first.visit_id, "patient_id": first.patient_id, "started_at": make.now, "seen_at": make.now}
    for wrong in (
        {"invitation_id": first.invitation_id},
        {},
        {"invitation_id": first.invitation_id, "handed_by_id": first.visit.therapist_id},
    ):
        second = Handover(**plain, **wrong, token_hash="c" * 64)
        second.response_id = make.intake(first.visit).id
        session.add(second)
        with pytest.raises(exc.IntegrityError):
            session.flush()
        session.rollback()
    assert response.form == "safety"


def test_which_link_it_was_opened_with_cannot_be_changed(session, make):
    handover, other = make.at_home(), make.at_home()
    table = Handover.__table__
    session.execute(update(table).where(table.c.id == handover.id).values(invitation_id=other.invitation_id))
    session.commit()
    session.expunge_all()
    with pytest.raises(ForgedError):
        handovers.find(session, handover.token_hash)


def test_what_was_asked_at_home_waits_for_whom_the_visit_is_with_alone(session, make):
    handover = make.at_home()
    assert handovers.waiting_for(session, handover.visit.therapist) == [handover]
    assert handovers.waiting_for(session, make.therapist()) == []
