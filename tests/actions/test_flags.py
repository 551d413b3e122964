"""What staff do with a worklist entry."""

from __future__ import annotations

import pytest

from intake.actions import flags as acts
from intake.actions.refusals import RefusedError, StaleError
from intake.store import audit, flags
from intake.store.flags import Flag


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
