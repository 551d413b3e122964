"""What came in after a sitting lapsed waits until she is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import sittings
from intake.store import audit, held
from intake.store.sessions import Login


@pytest.fixture
def login(session, make):
    invitation = make.intake().visit.invitations[0]
    return session.scalars(select(Login).where(Login.invitation_id == invitation.id)).one()


def test_a_page_is_held_for_half_an_hour_and_older_ones_go(session, make, login):
    now = make.now
    sittings.hold(session, login, "page 2.1", b"old", now=now - timedelta(minutes=31))
    sittings.hold(session, login, "page 2.2", b"new", now=now)
    assert [page.sealed for page in held.of_login(session, login, now)] == [b"new"]
    assert held.of_login(session, login, now + sittings.KEPT) == []


def test_it_is_forgotten_once_it_was_saved_and_both_leave_a_line(session, make, login):
    sittings.hold(session, login, "page 2.1", b"x", now=make.now)
    sittings.forget(session, login, now=make.now)
    assert held.of_login(session, login, make.now) == []
    acts = [line.action for line in audit.of_patient(session, login.invitation.visit.patient_id)]
    assert acts[-2:] == ["intake.page-held", "intake.held-pages-dropped"]
