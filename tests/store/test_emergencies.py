"""Charts that were opened in an emergency."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import exc, text

from intake.actions import emergencies as acts
from intake.store import emergencies


@pytest.mark.parametrize(("minutes", "open_"), [(0, True), (59, True), (60, False), (61, False), (-1, False)])
def test_a_chart_stays_open_for_an_hour(session, make, minutes, open_):
    opened = make.emergency(make.patient())
    at = opened.opened_at + timedelta(minutes=minutes)
    assert bool(emergencies.open_by(session, opened.user_id, at)) == open_


def test_one_that_was_ended_is_not_open(session, make):
    opened = make.emergency(make.patient())
    acts.end(session, opened, by=opened.user, now=make.now)
    assert emergencies.open_by(session, opened.user_id, make.now) == []


def test_it_is_open_for_who_opened_it_alone(session, make):
    opened = make.emergency(make.patient())
    assert emergencies.open_by(session, make.therapist().id, make.now) == []
    assert emergencies.get(session, opened.id) is opened
    assert emergencies.get(session, uuid.uuid4()) is None


def test_what_waits_for_a_look_comes_first_and_oldest_first(session, make, clock):
    lead, rows = make.privacy_lead(), []
    for _each in range(3):
        rows.append(make.emergency(make.patient()))
        clock.shift(60)
    acts.review(session, rows[0], "seen", "", over=1, by=lead, now=make.now)
    assert emergencies.to_review(session) == [rows[1], rows[2], rows[0]]


def test_why_who_and_how_long_cannot_be_changed_later(session, make):
    opened = make.emergency(make.patient())
    for change in ("reason = 'other'", "sensitive = NOT sensitive", "expires_at = '2099-01-01'"):
        with pytest.raises(exc.DBAPIError, match="stays on record"):
            session.execute(text(f"UPDATE break_glass SET {change}"))
        session.rollback()
    with pytest.raises(exc.DBAPIError, match="stays on record"):
        session.execute(text("DELETE FROM break_glass"))
    session.rollback()
    acts.review(session, opened, "follow-up", "Ask why.", over=1, by=make.privacy_lead(), now=make.now)
