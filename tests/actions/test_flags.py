"""What staff do with a worklist entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import flags as acts
from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.store import alerts, audit, flags
from intake.store.flags import Flag
from intake.store.outbox import Outgoing


@pytest.fixture
def flag(session, make):
    intake = make.intake()
    made = Flag(
        patient_id=intake.patient_id, response_id=intake.id, rule="S9", severity="SAME_DAY", because=["rf_calf"]
    )
    made.opened_at = make.now
    session.add(made)
    session.commit()
    return made


def test_somebody_takes_it_on_and_it_stays_open(session, make, flag):
    therapist = make.therapist()
    acts.acknowledge(session, flag, by=therapist, now=make.now)
    assert flag.acknowledged_by_id == therapist.id
    assert [each.id for each in flags.open_flags(session)] == [flag.id]


def test_it_is_taken_on_once(session, make, flag):
    first = make.therapist()
    acts.acknowledge(session, flag, by=first, now=make.now)
    with pytest.raises(RefusedError, match="taken this on already"):
        acts.acknowledge(session, flag, by=make.therapist(), now=make.now)
    assert flag.acknowledged_by_id == first.id


def test_it_leaves_the_worklist_with_an_outcome_only(session, make, flag):
    therapist = make.therapist()
    with pytest.raises(RefusedError, match="what came of it"):
        acts.close(session, flag, "", over=flag.version, by=therapist, now=make.now)
    assert flags.open_flags(session)
    acts.close(session, flag, "Called; ultrasound today.", over=flag.version, by=therapist, now=make.now)
    assert flags.open_flags(session) == []
    assert (flag.outcome, flag.acknowledged_by_id) == ("Called; ultrasound today.", therapist.id)
    assert audit.has(session, "flag.closed")


def test_an_entry_a_colleague_closed_meanwhile_is_not_overwritten(session, make, flag):
    seen = flag.version
    acts.close(session, flag, "First", over=seen, by=make.therapist(), now=make.now)
    with pytest.raises(StaleError):
        acts.close(session, flag, "Second", over=seen, by=make.therapist(), now=make.now)
    session.expire_all()
    assert flags.get(session, flag.id).outcome == "First"


def test_an_outcome_that_was_written_down_is_not_written_again(session, make, flag):
    acts.close(session, flag, "First", over=flag.version, by=make.therapist(), now=make.now)
    with pytest.raises(RefusedError):
        acts.close(session, flag, "Second", over=flag.version, by=make.therapist(), now=make.now)
    with pytest.raises(RefusedError):
        acts.acknowledge(session, flag, by=make.therapist(), now=make.now)


# ---------------------------------------------------------------- handing it over


def test_who_it_is_given_to_is_told_and_has_to_take_it_on(session, make, flag):
    make.clinic()
    other = make.therapist()
    acts.acknowledge(session, flag, by=make.therapist(), now=make.now)
    acts.give(session, flag, other, by=make.therapist(), now=make.now)
    assert (flag.owner_id, flag.acknowledged_at, flag.acknowledged_by_id, flag.alerts) == (other.id, None, None, 0)
    assert [row.user_id for row in session.scalars(select(Outgoing))] == [other.id]
    lines = [line.action for line in audit.of_patient(session, flag.patient_id) if line.action.startswith("flag.")]
    assert lines == ["flag.acknowledged", "flag.given"]


def test_it_is_given_only_to_somebody_who_can_open_it(session, make, flag):
    for nobody in (make.front_desk(), make.assistant(), make.therapist(is_active=False)):
        with pytest.raises(RefusedError, match="cannot open"):
            acts.give(session, flag, nobody, by=make.therapist(), now=make.now)
    assert flag.owner_id is None


def test_what_is_closed_is_given_to_nobody(session, make, flag):
    acts.close(session, flag, "Done.", over=flag.version, by=make.therapist(), now=make.now)
    with pytest.raises(FinalError):
        acts.give(session, flag, make.therapist(), by=make.therapist(), now=make.now)


def test_an_entry_the_patient_has_added_to_is_not_given_beside_the_newer_one(session, make, flag):
    acts.acknowledge(session, flag, by=flag.response.visit.therapist, now=make.now)
    newer = make.flag(flag.response, rule=flag.rule)
    with pytest.raises(RefusedError, match="newer entry"):
        acts.give(session, flag, make.user(roles=["therapist"]), by=flag.response.visit.therapist, now=make.now)
    assert not newer.is_taken


def test_reminders_begin_again_from_the_moment_it_was_given(session, make, flag):
    clinic, now = make.clinic(), make.now
    flag.severity, flag.opened_at = "EMERGENCY", now - timedelta(days=1)
    acts.give(session, flag, make.therapist(), by=make.therapist(), now=now)
    assert alerts.due(flag, clinic) == now + timedelta(minutes=15)


def test_only_the_first_look_is_kept(session, make, flag):
    first = make.therapist()
    for each in (first, make.therapist()):
        acts.note_seen(session, flag, by=each, now=make.now)
    session.expire_all()
    assert flag.seen_by_id == first.id
