"""Loading lists of codes, and using one no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import codes as acts
from intake.clinical.coding.codes import Code
from intake.store import codes
from intake.store.lines import AuditEvent


@pytest.fixture
def listed(session, make):
    def made(since):
        found = [Code("97110", "Exercise", since, timed=True)]
        acts.load(session, codes.PROCEDURE, found, by=make.admin(), now=make.now)
        return codes.of_kind(session, codes.PROCEDURE)[0]

    return made


def lines(session):
    return [
        (line.action, line.reason) for line in session.scalars(select(AuditEvent)) if line.action.startswith("codes.")
    ]


def test_loading_leaves_a_line(session, make, listed):
    listed(make.now.date())
    assert lines(session) == [("codes.loaded", "procedure")]


def test_a_code_that_is_used_no_more_stays_for_visits_before(session, make, listed):
    today = make.now.date()
    row = listed(today - timedelta(days=30))
    acts.stop(session, row, today=today, by=make.admin(), now=make.now)
    assert "97110" in codes.lists(session, today - timedelta(days=1), []).procedures
    assert "97110" not in codes.lists(session, today, []).procedures
    assert lines(session)[-1] == ("codes.stopped", "procedure")


def test_one_that_began_today_was_never_there(session, make, listed):
    row = listed(make.now.date())
    acts.stop(session, row, today=make.now.date(), by=make.admin(), now=make.now)
    assert codes.of_kind(session, codes.PROCEDURE) == []


def test_stopping_twice_changes_nothing(session, make, listed):
    today = make.now.date()
    row = listed(today - timedelta(days=30))
    for _turn in range(2):
        acts.stop(session, row, today=today, by=make.admin(), now=make.now)
    assert row.valid_to == today - timedelta(days=1)
