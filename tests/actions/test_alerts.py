"""Reminders go on from person to person until somebody takes an entry on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from intake.actions import alerts as acts
from intake.actions import flags as takes
from intake.clinical.delivery import State
from intake.store import audit, flags, outbox
from intake.store.flags import Flag
from intake.store.outbox import Outgoing
from intake.store.people import User

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)


@pytest.fixture
def clinic(session, make, clock):
    """A clinic at noon on a Tuesday, with two people on call."""
    found = make.clinic()
    found.on_call = [str(make.therapist(name=name).id) for name in ("Second", "Third")]
    session.commit()
    return found


@pytest.fixture
def emergency(make, clinic):
    return make.flag(rule="E1", severity="EMERGENCY", because=["rf_bleed"])


def remind(session, now):
    """One turn of the worker, every mail sent; who was told."""
    count = acts.remind(session, now=now)
    told = [row.user_id for row in session.scalars(select(Outgoing).where(Outgoing.state == State.WAITING))]
    while (row := outbox.take(session, now)) is not None:
        outbox.end(session, row, State.SENT, now)
        session.commit()
    session.rollback()
    assert len(told) == count
    return told


def names(session, make, times, now):
    found = [remind(session, now + QUARTER * number) for number in range(1, times + 1)]
    return [session.get_one(User, each).name for (each,) in found]


def test_an_emergency_goes_from_person_to_person_every_quarter_of_an_hour_and_begins_again(session, make, emergency):
    owner = emergency.owner
    owner.name = "Own"
    session.commit()
    assert names(session, make, 5, make.now) == ["Second", "Third", "Own", "Second", "Third"]


def test_when_the_owner_leaves_after_the_first_mail_the_first_one_on_call_is_told_next(session, make, emergency):
    emergency.owner.is_active = False
    session.commit()
    assert names(session, make, 2, make.now) == ["Second", "Third"]


def test_when_the_one_who_was_told_last_leaves_the_one_behind_them_is_told_next(session, make, clinic, emergency):
    clinic.on_call = [*clinic.on_call, str(make.therapist(name="Fourth").id)]
    session.commit()
    assert names(session, make, 1, make.now) == ["Second"]
    session.refresh(emergency)
    emergency.alerted.is_active = False
    session.commit()
    assert names(session, make, 2, make.now + QUARTER) == ["Third", "Fourth"]


def test_nothing_is_sent_before_its_time(session, make, emergency):
    assert remind(session, make.now + QUARTER - timedelta(seconds=1)) == []
    assert len(remind(session, make.now + QUARTER)) == 1
    assert remind(session, make.now + QUARTER) == []


def test_it_ends_when_somebody_takes_it_on(session, make, emergency):
    takes.acknowledge(session, emergency, by=emergency.owner, now=make.now)
    assert remind(session, make.now + HOUR) == []


def test_what_is_for_today_waits_over_the_night(session, make, clinic, clock):
    clock.shift(timedelta(hours=4, minutes=30))  # half past four in the afternoon
    make.flag()
    assert remind(session, make.now + timedelta(hours=12)) == []
    assert len(remind(session, make.now + timedelta(hours=16))) == 1  # half past eight


def test_what_is_to_discuss_is_never_sent(session, make, clinic):
    make.flag(rule="D1", severity="DISCUSS")
    assert remind(session, make.now + timedelta(days=30)) == []


def test_each_reminder_has_its_line_and_its_count_without_who_it_is_about(session, make, emergency):
    remind(session, make.now + QUARTER)
    session.expire_all()
    assert (emergency.alerts, emergency.alerted.name) == (1, "Second")
    (line,) = [each for each in audit.of_patient(session, emergency.patient_id) if each.action == "flag.alerted"]
    assert (line.actor_kind, line.subject_id, line.reason) == ("system", emergency.id, "")


def test_whoever_has_the_entry_open_can_still_close_it_after_a_reminder(session, make, emergency):
    seen = emergency.version
    remind(session, make.now + QUARTER)
    session.refresh(emergency)
    takes.close(session, emergency, "Reached her.", over=seen, by=emergency.owner, now=make.now)
    assert emergency.closed_at is not None


def test_two_workers_at_once_tell_one_person(engine, session, make, emergency):
    """The second one finds that the first one has counted."""
    stale, owner = Flag(id=emergency.id, alerts=0), emergency.owner_id  # as the other worker read it
    remind(session, make.now + QUARTER)
    session.rollback()
    with Session(engine) as other:
        assert not flags.note_alert(other, stale, owner, make.now)


def test_an_entry_that_cannot_be_read_stops_no_other(session, make, emergency):
    broken = make.flag(rule="E2", severity="EMERGENCY", opened_at=make.now - HOUR)
    session.execute(
        text("UPDATE flags SET sign = :junk WHERE id = :id"), {"junk": b"x" * 64, "id": _raw(session, broken)}
    )
    session.commit()
    session.expire_all()
    assert len(remind(session, make.now + QUARTER)) == 1
    assert acts.overdue(session, now=make.now + QUARTER) == 2


def _raw(session, row):
    return row.id.hex if session.get_bind().dialect.name == "sqlite" else row.id


def test_what_waits_too_long_is_counted_for_administrators(session, make, emergency):
    make.flag(rule="D1", severity="DISCUSS")
    assert acts.overdue(session, now=make.now) == 0
    assert acts.overdue(session, now=make.now + QUARTER) == 1
    remind(session, make.now + QUARTER)
    assert acts.overdue(session, now=make.now + QUARTER) == 1


def test_with_nobody_but_an_administrator_left_the_administrator_is_told(session, make, clock):
    flag = make.flag(rule="E1", severity="EMERGENCY")
    flag.owner.is_active = False
    session.commit()
    (told,) = remind(session, make.now + QUARTER)
    assert "admin" in session.get_one(User, told).roles
