"""Wishes of patients as they were received: only added to, sealed, and answered by what was signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from intake.actions import amendment_requests as acts
from intake.clinical import additions
from intake.clinical.additions import Asked
from intake.store import amendment_requests as stored


def test_words_are_sealed_and_read_back(session, make):
    wish = make.wish(words="It was my right side.")
    raw = session.scalar(sa.text("SELECT words FROM amendment_requests"))
    assert b"right side" not in bytes(raw)
    session.expire_all()
    assert stored.get(session, wish.id).text == "It was my right side."
    assert stored.get(session, wish.id).readers == "therapists"


@pytest.mark.parametrize(
    "change", ["UPDATE amendment_requests SET received_on = '2020-01-01'", "DELETE FROM amendment_requests"]
)
def test_nobody_dates_one_back_or_takes_it_away(session, make, change):
    make.wish()
    with pytest.raises(DatabaseError, match="stays on record"):
        session.execute(sa.text(change))
    session.rollback()


def test_what_became_of_it_is_what_was_signed_for_it(session, make):
    note = make.note(signed=True)
    first, second = make.wish(note), make.wish(note)
    assert stored.outcome(first) == stored.Outcome(None, None)
    make.add(
        note,
        addition=additions.denied(Asked(str(first.id), first.received_on, first.text), "accurate", "No", "therapists"),
    )
    session.expire_all()
    first, second = stored.get(session, first.id), stored.get(session, second.id)
    assert stored.outcome(first).is_denied
    assert stored.outcome(second).answer is None
    assert [each.id for each in stored.waiting(session, lambda _model: sa.true())] == [second.id]


def test_more_time_is_a_row_of_its_own_and_no_wish(clock, session, make):
    note, day = make.note(signed=True), make.now.date()
    clock.shift(timedelta(days=60))
    wish = make.wish(note, received_on=day)
    more = acts.extend(session, wish, "Away", by=wish.user, today=make.now.date(), now=make.now)
    session.expire_all()
    kept = stored.get(session, wish.id)
    assert kept.extension.text == "Away"
    assert stored.get(session, more.id) is None
    assert [each.id for each in stored.of_note(session, wish.note_id)] == [wish.id]
