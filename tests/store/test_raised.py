"""The worklist follows what a form's answers say: what is new opens an entry, what was said once stays on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.actions import flags as acts
from intake.clinical.triage import Flag, Severity
from intake.store import audit, flags, raised
from intake.store.outbox import Outgoing


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


# ---------------------------------------------------------------- entries that were taken on, and given on


def chest(*because):
    return sign("E1", *because, severity=Severity.EMERGENCY)


def entry(session, intake, *because):
    return next(flag for flag in flags.of_response(session, intake.id) if flag.because == list(because))


@pytest.fixture
def colleague(make):
    make.clinic()
    return make.therapist()


@pytest.fixture
def given_on(session, make, intake, colleague):
    """Two entries of one rule were taken on, and the first was given to a colleague, so that it waits again."""
    therapist = intake.visit.therapist
    for reasons in (("rf_chest",), ("rf_chest", "rf_breath")):
        keep(session, make, intake, chest(*reasons))
        acts.acknowledge(session, entry(session, intake, *reasons), by=therapist, now=make.now)
    acts.give(session, entry(session, intake, "rf_chest"), colleague, by=therapist, now=make.now)
    for mail in session.scalars(select(Outgoing)):
        session.delete(mail)
    session.commit()
    return colleague


def test_a_further_reason_goes_into_the_entry_that_was_given_on_and_its_owner_is_told(session, make, intake, given_on):
    found = keep(session, make, intake, chest("rf_chest", "rf_breath", "rf_seizure"))
    assert found.new == {"E1"}, "she reads the message"
    waits = entry(session, intake, "rf_chest", "rf_breath", "rf_seizure")
    assert (waits.owner_id, waits.is_taken) == (given_on.id, False)
    assert len(flags.of_response(session, intake.id)) == 2
    assert [mail.user_id for mail in session.scalars(select(Outgoing))] == [given_on.id]


def test_what_is_known_already_tells_nobody_anew(session, make, intake, given_on):
    assert keep(session, make, intake, chest("rf_chest", "rf_breath")).new == frozenset()
    assert list(session.scalars(select(Outgoing))) == []
    waits = next(flag for flag in flags.of_response(session, intake.id) if not flag.is_taken)
    acts.acknowledge(session, waits, by=given_on, now=make.now)
    assert keep(session, make, intake, chest("rf_chest", "rf_breath")).new == frozenset()
    assert len(flags.of_response(session, intake.id)) == 2


def further(session, make, intake):
    """The entry of a reason that comes after the first one, and whom a mail went to."""
    for mail in session.scalars(select(Outgoing)):
        session.delete(mail)
    keep(session, make, intake, chest("rf_chest", "rf_breath"))
    return entry(session, intake, "rf_chest", "rf_breath"), [mail.user_id for mail in session.scalars(select(Outgoing))]


@pytest.fixture
def first(session, make, intake):
    keep(session, make, intake, chest("rf_chest"))
    return entry(session, intake, "rf_chest")


def test_a_further_reason_goes_to_the_colleague_who_deals_with_her(session, make, intake, first, colleague):
    acts.acknowledge(session, first, by=colleague, now=make.now)
    newer, mailed = further(session, make, intake)
    assert newer.owner_id == colleague.id
    assert mailed == [colleague.id]


def test_a_further_reason_goes_to_the_therapist_where_the_colleague_is_done_or_has_left(session, make, intake, first):
    make.clinic()
    colleague = make.therapist()
    acts.acknowledge(session, first, by=colleague, now=make.now)
    colleague.is_active = False
    session.commit()
    newer, _mailed = further(session, make, intake)
    assert newer.owner_id == intake.visit.therapist_id
    another = make.therapist()
    for flag in (first, newer):
        acts.close(session, flag, "Reached her.", over=flag.version, by=another, now=make.now)
    keep(session, make, intake, chest("rf_chest", "rf_breath", "rf_seizure"))
    newest = entry(session, intake, "rf_chest", "rf_breath", "rf_seizure")
    assert newest.owner_id == intake.visit.therapist_id


@pytest.mark.parametrize("now", [(), (sign("S7", "pop_must_push"),)], ids=["taken back", "said again"])
def test_a_part_asked_again_leaves_the_entry_of_what_stood_before_as_it_was(session, make, intake, now):
    before = sign("S7", "pop_must_push", "pop_trouble")
    keep(session, make, intake, before)
    again = make.intake(make.visit(intake.patient))
    keep(session, make, again, *now)
    (entry,) = flags.of_response(session, intake.id)
    assert (entry.still_true, entry.closed_at, tuple(entry.because)) == (True, None, before.because)
