"""Recording what happens to a plan of care: by whom, on which day, and how a mistake is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import courses as acts
from intake.actions.refusals import RefusedError
from intake.clinical.certification import TOLD, Act
from intake.store import audit


@pytest.fixture
def keep(session, make):
    visit = make.visit()

    def kept(act, on=None, **more):
        return acts.keep(session, visit.patient, act, on or make.now.date(), by=visit.therapist, now=make.now, **more)

    return kept


@pytest.mark.parametrize("act", TOLD)
def test_each_act_has_its_line_in_the_trail(session, keep, act):
    row = keep(act)
    assert audit.of_patient(session, row.patient_id)[-1].action == f"plan-of-care.{act}"


@pytest.mark.parametrize("act", sorted(set(Act) - set(TOLD)))
def test_what_a_signed_note_says_is_recorded_by_nobody(keep, act):
    with pytest.raises(RefusedError, match="signed note"):
        keep(act)


def test_a_day_to_come_is_refused(keep, make):
    with pytest.raises(RefusedError, match="still to come"):
        keep(Act.SENT, make.now.date() + timedelta(days=1))


def test_an_entry_is_taken_back_once(session, keep, make):
    row = keep(Act.RETURNED)
    back = acts.take_back(session, row, by=row.user, now=make.now)
    assert audit.of_patient(session, row.patient_id)[-1].action == "plan-of-care.taken-back"
    for gone in (row, back):
        with pytest.raises(RefusedError):
            acts.take_back(session, gone, by=row.user, now=make.now)
