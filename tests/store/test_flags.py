"""The worklist is in the order of danger."""

from __future__ import annotations

from datetime import timedelta

from intake.store import flags
from intake.store.flags import Flag


def raised(session, make, intake, rule, severity, minutes=0):
    flag = Flag(patient_id=intake.patient_id, response_id=intake.id, rule=rule, severity=severity)
    flag.because, flag.opened_at = ["ws_now"], make.now + timedelta(minutes=minutes)
    session.add(flag)
    session.commit()
    return flag


def test_the_gravest_comes_first_and_then_the_one_that_waits_longest(session, make):
    intake = make.intake()
    raised(session, make, intake, "D1", "DISCUSS")
    raised(session, make, intake, "E2", "EMERGENCY", minutes=2)
    raised(session, make, intake, "E1", "EMERGENCY", minutes=1)
    raised(session, make, intake, "S1", "SAME_DAY")
    expected = ["E1", "E2", "S1", "D1"]
    assert [flag.rule for flag in flags.open_flags(session)] == expected
    assert [flag.rule for flag in flags.of_response(session, intake.id)] == expected
    assert [flag.rule for flag in flags.of_patient(session, intake.patient_id)] == expected


def test_a_closed_one_is_off_the_worklist_but_stays_with_the_patient(session, make):
    flag = raised(session, make, make.intake(), "E1", "EMERGENCY")
    flag.closed_at, flag.outcome = make.now, "Reached her; she is in the emergency room."
    session.commit()
    assert flags.open_flags(session) == []
    assert flags.get(session, flag.id).outcome is not None
    assert len(flags.of_patient(session, flag.patient_id)) == 1
