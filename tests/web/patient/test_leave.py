"""The quick way out."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text, update

from intake.store.audit import AuditEvent
from intake.store.handovers import Handover
from intake.store.people import NEUTRAL, Clinic
from intake.store.sessions import Login
from intake.web.headers import EMPTIED
from tests import alone
from tests.alone import HERE, open_at_home
from tests.pages import place, save, visit, where
from tests.tampering import unprotected

SOON = 4  # seconds; whoever else writes is waited for much longer


@pytest.mark.parametrize("way", ["get", "post"])
def test_it_ends_the_session_and_keeps_what_was_saved(client, new_client, enter, make, way):
    invitation = make.invitation()
    enter(invitation)
    save(client, place("id_name_used"), {"id_name_used": "Ro"}, autosave=True)
    stolen = client.get_cookie("session").value
    left = FlaskClient.open(client, "/f/leave", method=way, data={"csrf_token": client.token})
    assert left.status_code == (303 if way == "get" else 204)
    assert where(client.get("/f")) == "start"
    other = new_client()
    other.set_cookie("session", stolen)
    assert where(other.get("/f")) == "start"
    assert "Ro" in visit(enter(invitation, new_client()), place("id_name_used")).text


def test_it_leads_to_the_neutral_place_the_clinic_chose_and_empties_the_browser(client, enter, make):
    make.clinic(leave_to="https://weather.example/")
    enter(make.invitation())
    left = client.get("/f/leave")
    assert left.location == "https://weather.example/"
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_it_leads_somewhere_before_there_is_a_clinic(client):
    assert client.get("/f/leave").location == "https://www.weather.gov/"


def test_a_link_somebody_put_somewhere_does_not_sign_out_the_people_of_the_clinic(client, sign_in, make):
    sign_in(make.therapist())
    left = client.get("/f/leave")
    assert left.status_code == 303
    assert "Clear-Site-Data" not in left.headers
    assert client.get("/clinic").status_code == 200


def rewritten(session, table, **values):
    session.execute(update(table).values(values))
    session.commit()
    session.expunge_all()


def test_a_site_that_somebody_wrote_into_the_database_is_never_led_to(client, session, make):
    make.clinic()
    client.get("/f")
    rewritten(session, Clinic.__table__, leave_to="https://partner-watch.example/", crisis="555-0199")
    assert client.get("/f/leave").location == NEUTRAL
    page = FlaskClient.open(client, "/f")
    assert page.status_code == 503
    assert f'data-neutral="{NEUTRAL}"' in page.text
    assert not any(word in page.text for word in ("partner-watch", "555-01"))


BROKEN = {
    "her sitting does not hold": f"UPDATE invitations SET code_hash = '{'0' * 64}'",
    "the clinic does not hold": "UPDATE clinic SET second_code = NOT second_code",
    "a table is gone": "ALTER TABLE clinic RENAME TO elsewhere",
}


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize("broken", BROKEN)
def test_it_works_although_nothing_else_does(client, enter, make, session, way, broken):
    enter(make.invitation())
    client.get("/f")
    session.execute(text(BROKEN[broken]))
    session.commit()
    left = FlaskClient.open(client, "/f/leave", method=way, data={"csrf_token": client.token})
    assert (left.status_code, left.location) == ((303, NEUTRAL) if way == "get" else (204, None))
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_a_page_that_was_open_too_long_is_said_although_her_sitting_does_not_hold(client, enter, make, session):
    enter(make.invitation())
    session.execute(text(BROKEN["her sitting does not hold"]))
    session.commit()
    page = FlaskClient.open(client, "/f", method="POST", data={"csrf_token": "x"})
    assert page.status_code == 400
    assert f'data-neutral="{NEUTRAL}"' in page.text


def ended(session):
    session.expire_all()
    return session.scalars(select(Login)).one().ended_at is not None


def test_it_needs_no_token_so_a_tab_that_is_older_than_the_cookie_leaves_too(client, enter, make, session):
    enter(make.invitation())
    assert FlaskClient.open(client, "/f/leave", method="POST").status_code == 204
    assert ended(session)
    assert where(client.get("/f")) == "start"


def test_another_site_cannot_make_her_leave_with_a_form(client, enter, make, session):
    enter(make.invitation())
    for told in ("cross-site", "same-site"):
        sent = FlaskClient.open(client, "/f/leave", method="POST", headers={"Sec-Fetch-Site": told})
        assert sent.status_code == 403
    assert not ended(session)


@contextmanager
def held(engine, session):
    """Somebody else who is writing to the clinic's row and to the sittings, and takes their time."""
    session.rollback()
    lite = engine.dialect.name == "sqlite"
    with engine.connect() as other:
        other.execute(text("SELECT 1" if lite else "LOCK TABLE logins IN EXCLUSIVE MODE"))
        yield
        other.rollback()


@pytest.mark.parametrize("way", ["get", "post"])
def test_while_somebody_else_holds_the_lock_she_leaves_at_once_and_the_browser_forgets_her(
    client, enter, make, session, engine, way
):
    make.clinic(leave_to="https://weather.example/")
    enter(make.invitation())
    with held(engine, session):
        began = perf_counter()
        left = FlaskClient.open(client, "/f/leave", method=way)
        assert perf_counter() - began < SOON
    assert left.status_code == (303 if way == "get" else 204)
    assert way == "post" or left.location == "https://weather.example/"
    assert left.headers["Clear-Site-Data"] == EMPTIED
    assert client.get_cookie("session") is None
    assert not ended(session), "the lock was held"


def test_without_a_database_she_leaves_for_the_place_that_needs_none(client, enter, make, session, app):
    make.clinic(leave_to="https://weather.example/")
    enter(make.invitation())
    working = dict(app.extensions)
    app.extensions |= dict.fromkeys(("reading", "glancing"), create_engine("postgresql+psycopg://127.0.0.1:9/nowhere"))
    left = FlaskClient.open(client, "/f/leave")
    app.extensions |= working
    assert (left.status_code, left.location) == (303, NEUTRAL)
    assert left.headers["Clear-Site-Data"] == EMPTIED
    assert client.get_cookie("session") is None


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_trail_that_takes_no_line_does_not_keep_her_in(client, enter, make, session, way):
    make.clinic(leave_to="https://weather.example/")
    enter(make.invitation())
    foreign(session)
    left = FlaskClient.open(client, "/f/leave", method=way)
    assert left.status_code == (303 if way == "get" else 204)
    assert left.headers["Clear-Site-Data"] == EMPTIED
    assert ended(session)
    assert where(client.get("/f")) == "start"


@pytest.mark.parametrize("path", ["/lock/now", "/sign-out"])
def test_nor_does_it_keep_somebody_of_the_clinic_in(client, sign_in, make, session, path):
    sign_in(make.therapist())
    token = (client.get("/account"), client.token)[1]
    foreign(session)
    assert FlaskClient.open(client, path, method="POST", data={"csrf_token": token}).status_code == 303
    login = session.scalars(select(Login)).one()
    assert login.ended_at or login.locked_at


def foreign(session):
    """The newest line of the trail is another's: from here on it takes no more."""
    with unprotected(session):
        last = session.scalar(select(func.max(AuditEvent.seq)))
        session.execute(update(AuditEvent).where(AuditEvent.seq == last).values(mac=b"x" * 32))
        session.commit()
    session.expire_all()


@pytest.mark.parametrize("table", ["logins", "invitations", "clinic"])
def test_a_table_that_somebody_locked_wholly_does_not_keep_her_waiting(client, enter, make, session, engine, table):
    if engine.dialect.name == "sqlite":
        table = "BEGIN EXCLUSIVE"
    enter(make.invitation())
    session.rollback()
    with engine.connect() as other:
        other.execute(text("SELECT 1" if " " in table else f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        began = perf_counter()
        left = FlaskClient.open(client, "/f/leave")
        assert perf_counter() - began < SOON
        other.rollback()
    assert (left.status_code, left.headers["Clear-Site-Data"]) == (303, EMPTIED)


@pytest.mark.parametrize("way", ["get", "post"])
def test_from_what_is_answered_alone_it_ends_that_and_her_own_sitting(at_home, session, new_client, way):
    browser = at_home()
    open_at_home(browser)
    assert 'href="/f/leave"' in browser.get(HERE).text
    alone.send(browser, alone.PAGES[0], {"ipv_afraid": "yes"})
    stolen = browser.get_cookie("session").value
    left = FlaskClient.open(browser, "/f/leave", method=way)
    assert (left.status_code, left.location) == ((303, NEUTRAL) if way == "get" else (204, None))
    assert left.headers["Clear-Site-Data"] == EMPTIED
    assert session.scalars(select(Handover)).one().end_reason == "left"
    assert ended(session)
    with browser.session_transaction() as cookie:
        assert dict(cookie) == {}
    other = new_client()
    other.set_cookie("session", stolen)
    assert other.get(HERE).location == "/f"
    assert where(other.get("/f")) == "start"


@pytest.mark.parametrize("broken", BROKEN)
def test_from_there_it_works_although_nothing_else_does(at_home, session, broken):
    browser = at_home()
    open_at_home(browser)
    session.execute(text(BROKEN[broken]))
    session.commit()
    left = FlaskClient.open(browser, "/f/leave")
    assert (left.status_code, left.location) == (303, NEUTRAL)
    assert left.headers["Clear-Site-Data"] == EMPTIED
    with browser.session_transaction() as cookie:
        assert dict(cookie) == {}
