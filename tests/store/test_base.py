"""Moments keep their time zone, whichever database holds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc

from intake.store.base import Base, UtcDateTime
from intake.store.people import OneTimeLink

SUMMER_EVENING = datetime(2026, 7, 1, 20, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-4)))


def kept(session, moment):
    session.add(OneTimeLink(purpose="password", token_hash="x", expires_at=moment))
    session.commit()
    session.expire_all()
    return session.query(OneTimeLink).one().expires_at


def test_a_moment_comes_back_in_utc_to_the_microsecond(session):
    found = kept(session, SUMMER_EVENING)
    assert found == SUMMER_EVENING
    assert found.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(session):
    with pytest.raises(exc.StatementError, match="a moment needs a time zone"):
        kept(session, datetime(2026, 7, 1, 12, 0))  # noqa: DTZ001 - that is the point


def test_moments_are_compared_as_moments(session):
    kept(session, SUMMER_EVENING)
    later = SUMMER_EVENING.astimezone(UTC) + timedelta(seconds=1)
    assert session.query(OneTimeLink).filter(OneTimeLink.expires_at < later).count() == 1
    assert session.query(OneTimeLink).filter(OneTimeLink.expires_at > later).count() == 0


def test_every_moment_of_the_house_is_of_this_type():
    plain = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "DATETIME" in str(column.type).upper() and not isinstance(column.type, UtcDateTime)
    ]
    assert plain == []
