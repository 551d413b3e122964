"""Where somebody is in her form: kept for her, and told to nobody who reads the database."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from intake.forms.problems import MalformedError
from intake.store.sessions import Login
from intake.web.patient import places
from tests.pages import place, visit, where


def rows(session):
    found = session.execute(select(Login.__table__)).all()
    session.rollback()
    return repr(found)


def test_the_row_of_a_sitting_does_not_say_that_a_message_was_shown(client, enter, make, session):
    enter(make.invitation())
    kept = []
    for there in ("tasks", place("rf_bleed"), "message 2.2"):
        visit(client, there)
        kept.append(session.execute(select(Login.place)).scalars().one())
        assert there not in rows(session)
    assert len(set(map(len, kept[1:]))) == 1
    assert len(set(kept)) == 3


def test_the_place_of_one_sitting_is_none_of_another_s(client, new_client, enter, make, session):
    for browser in (client, new_client()):
        enter(make.invitation(), browser)
        visit(browser, place("rf_bleed"))
    first, second = session.scalars(select(Login).order_by(Login.started_at)).all()
    session.execute(update(Login).where(Login.id == second.id).values(place=first.place))
    session.commit()
    assert where(browser.get("/f")) == "tasks"


@pytest.mark.parametrize("text", ["page", "page 0.1", "page 1.100", "message", "tasks 1.1", "page 1.1 told", "x" * 200])
def test_a_place_no_page_of_ours_would_name_is_refused(text):
    with pytest.raises(MalformedError):
        places.read(text)


@pytest.mark.parametrize(
    "text", ["tasks", "check", "page 2.3", "message 2.3", "page 2.3 more ob_births", "page 2.3 told 2.2"]
)
def test_a_place_is_written_as_it_is_read(text):
    assert str(places.read(text)) == text
