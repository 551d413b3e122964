"""Pages kept while a factor is due: for half a day, twenty a person, for nobody else."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from intake.store import kept
from intake.store.kept import KeptPage


def keep(session, user, at):
    page = KeptPage(id=uuid.uuid4(), user_id=user.id, content=b"x", kept_at=at)
    kept.keep(session, page)
    session.commit()
    return page


def count(session):
    return session.scalar(select(func.count()).select_from(KeptPage))


def test_a_page_is_found_until_it_is_forgotten_by_its_owner(session, make):
    user, other = make.therapist(), make.therapist()
    page = keep(session, user, make.now)
    kept.forget(session, other, page.id)
    assert kept.get(session, page.id) is page
    kept.forget(session, user, page.id)
    session.expire_all()
    assert kept.get(session, page.id) is None


def test_pages_of_yesterday_go_when_the_next_one_comes(session, make):
    user = make.therapist()
    keep(session, user, make.now - timedelta(hours=13))
    keep(session, user, make.now)
    assert count(session) == 1


def test_of_many_pages_the_newest_twenty_stay(session, make):
    user, other = make.therapist(), make.therapist()
    keep(session, other, make.now)
    pages = [keep(session, user, make.now + timedelta(seconds=number)).id for number in range(25)]
    assert count(session) == 21
    left = set(session.scalars(select(KeptPage.id).where(KeptPage.user_id == user.id)))
    assert left == set(pages[5:])


def test_all_of_somebody_s_pages_can_be_forgotten(session, make):
    user, other = make.therapist(), make.therapist()
    keep(session, user, make.now)
    keep(session, other, make.now)
    kept.forget_all(session, user)
    assert count(session) == 1
