"""The quick way out."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

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
