"""Pages that came in after their sitting had lapsed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store import held
from intake.store.held import HeldPage
from intake.store.sessions import Login


@pytest.fixture
def login(session, make):
    invitation = make.intake().visit.invitations[0]
    return session.scalars(select(Login).where(Login.invitation_id == invitation.id)).one()


@pytest.fixture
def keep(session, make, login):
    """Keep a page that was sent some minutes after now."""

    def kept(mark, text=b"x", minutes=0):
        at = make.now + timedelta(minutes=minutes)
        page = HeldPage(login_id=login.id, mark=mark, sealed=text, sent_at=at, kept_until=at + timedelta(minutes=30))
        held.keep(session, page)
        session.commit()

    return kept


def test_pages_come_in_the_order_they_were_sent_each_once(session, make, login, keep):
    keep("page 2.1", b"first", minutes=-3)
    keep("page 1.1", b"other", minutes=-2)
    keep("page 2.1", b"second", minutes=-1)
    assert [page.sealed for page in held.of_login(session, login, make.now)] == [b"other", b"second"]


def test_old_ones_are_neither_found_nor_kept(session, make, login, keep):
    keep("page 2.1", minutes=-31)
    keep("page 2.2", minutes=-29)
    assert [page.mark for page in held.of_login(session, login, make.now)] == ["page 2.2"]
    held.drop_old(session, make.now)
    assert [page.mark for page in session.scalars(select(HeldPage))] == ["page 2.2"]


def test_what_a_sitting_holds_can_be_forgotten(session, make, login, keep):
    keep("page 2.1")
    held.drop(session, login)
    assert held.of_login(session, login, make.now) == []
