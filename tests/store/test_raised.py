"""The worklist follows what a form's answers say: what is new opens an entry, what was said once stays on record."""

from __future__ import annotations

import pytest

from intake.clinical.triage import Flag, Severity
from intake.store import audit, flags, raised


@pytest.fixture
def intake(make):
    return make.intake()


def sign(rule="S9", *because, severity=Severity.SAME_DAY):
    return Flag(rule, severity, because or ("rf_calf",))


def keep(session, make, intake, *signs):
    found = raised.keep(session, intake, signs, make.now)
    session.commit()
    return found


def test_a_new_sign_opens_one_entry_of_the_therapist_of_the_visit(session, make, intake):
    assert keep(session, make, intake, sign()).new == {"S9"}
    assert keep(session, make, intake, sign()).new == frozenset()
    (flag,) = flags.of_response(session, intake.id)
    assert flag.owner_id == intake.visit.therapist_id
    assert [line.action for line in audit.of_patient(session, intake.patient_id)].count("flag.opened") == 1


def test_what_is_not_said_any_more_stays_as_no_longer_true_and_comes_back(session, make, intake):
    keep(session, make, intake, sign())
    keep(session, make, intake)
    (flag,) = flags.of_response(session, intake.id)
    assert not flag.still_true
    assert keep(session, make, intake, sign()).new == {"S9"}
    assert flags.of_response(session, intake.id)[0].still_true


def test_an_emergency_nobody_has_read_is_told_each_time(session, make, intake):
    emergency = sign("E1", "rf_chest", severity=Severity.EMERGENCY)
    assert keep(session, make, intake, emergency).unread == {"E1"}
    assert keep(session, make, intake, emergency).unread == {"E1"}
    flags.of_response(session, intake.id)[0].patient_reply = "read"
    session.commit()
    assert keep(session, make, intake, emergency).unread == frozenset()


def test_another_reason_for_an_open_sign_is_written_to_its_entry(session, make, intake):
    keep(session, make, intake, sign())
    assert keep(session, make, intake, sign("S9", "rf_calf", "rf_warm")).new == frozenset()
    assert flags.of_response(session, intake.id)[0].because == ["rf_calf", "rf_warm"]
