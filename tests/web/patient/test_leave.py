"""The quick way out."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update

from intake.store.people import NEUTRAL, Clinic
from tests.pages import place, save, visit, where


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
