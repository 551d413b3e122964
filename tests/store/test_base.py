"""Moments keep their time zone, whichever database holds them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc, text

from intake.security.seal import SealError
from intake.store import people
from intake.store.base import Base, PlainDate, UtcDateTime
from intake.store.people import OneTimeLink

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
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


def in_weeks(moment):
    year, week, day = moment.isocalendar()
    return f"{year}-W{week:02}-{day}T{moment:%H:%M:%S.%f}"


@ON_SQLITE
@pytest.mark.parametrize(
    "written",
    [
        in_weeks,
        lambda moment: f"{moment:%Y%m%dT%H%M%S.%f}",
        lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S.%f}",
        lambda moment: f"{moment:%Y-%m-%d %H:%M:%S.%f}+00:00",
        lambda moment: f"{moment + timedelta(hours=1):%Y-%m-%d %H:%M:%S}.123+01",
        lambda moment: f"{moment:%Y-%m-%d %H:%M:%S},{moment:%f}",
        lambda _moment: "soon",
        lambda _moment: 20260701,
        lambda _moment: b"2026-07-01 20:30:15.123456",
    ],
)
def test_a_moment_that_sqlite_holds_in_another_form_is_not_read(session, written):
    moment = SUMMER_EVENING.astimezone(UTC)
    kept(session, moment)
    session.execute(text("UPDATE one_time_links SET expires_at = :other"), {"other": written(moment)})
    session.commit()
    session.expire_all()
    with pytest.raises(SealError):
        session.query(OneTimeLink).one()


@ON_SQLITE
@pytest.mark.parametrize("written", ["2026-W38-2", "20260915", "2026-09-15 00:00:00", "soon"])
def test_a_date_that_sqlite_holds_in_another_form_is_not_read(session, make, written):
    make.clinic(numbers_checked_on=date(2026, 9, 15))
    session.execute(text("UPDATE clinic SET numbers_checked_on = :other"), {"other": written})
    session.commit()
    session.expire_all()
    with pytest.raises(SealError):
        people.clinic(session)


def test_every_date_of_the_house_is_of_one_type():
    kinds = {type(c.type) for table in Base.metadata.tables.values() for c in table.c if str(c.type) == "DATE"}
    assert kinds == {PlainDate}


def test_every_moment_of_the_house_is_of_this_type():
    plain = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "DATETIME" in str(column.type).upper() and not isinstance(column.type, UtcDateTime)
    ]
    assert plain == []
