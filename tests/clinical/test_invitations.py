"""How far an invitation has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from intake.clinical.invitations import State, state

NOW = datetime(2026, 9, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sent(*, expires=HOUR, revoked=False, opened=False):
    return SimpleNamespace(
        expires_at=NOW + expires, revoked_at=NOW if revoked else None, opened_at=NOW if opened else None
    )


def intake(status="in-progress", *, touched=False):
    return SimpleNamespace(status=status, touched=touched)


LIVE, EXPIRED, REVOKED = sent(), sent(expires=-HOUR), sent(revoked=True)


@pytest.mark.parametrize(
    ("invitations", "started", "expected"),
    [
        ([], None, State.NOT_SENT),
        ([LIVE], None, State.SENT),
        ([LIVE], intake(), State.SENT),  # a form the therapist asked for begins before she comes
        ([sent(opened=True)], intake(), State.OPENED),
        ([LIVE], intake(touched=True), State.IN_PROGRESS),
        ([LIVE], intake("completed", touched=True), State.SUBMITTED),
        ([EXPIRED], None, State.EXPIRED),
        ([EXPIRED], intake(touched=True), State.EXPIRED),
        ([REVOKED], None, State.REVOKED),
        ([EXPIRED, REVOKED], None, State.REVOKED),
        ([REVOKED, EXPIRED], None, State.EXPIRED),
        ([EXPIRED, LIVE], None, State.SENT),
        ([LIVE, REVOKED], None, State.SENT),
        ([EXPIRED], intake("completed"), State.SUBMITTED),
        ([], intake("completed"), State.SUBMITTED),
        ([sent(expires=timedelta())], None, State.EXPIRED),
    ],
)
def test_the_state_is_the_furthest_any_invitation_has_led(invitations, started, expected):
    assert state(invitations, [started] if started else [], now=NOW) is expected


def test_two_forms_are_in_when_both_are():
    half = [intake("completed", touched=True), intake()]
    assert state([LIVE], half, now=NOW) is State.IN_PROGRESS
    assert state([LIVE], [half[0], half[0]], now=NOW) is State.SUBMITTED
