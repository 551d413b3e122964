"""The quick way out of a device that was handed over: it ends the form and shows the same page as the end."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from intake.store.handovers import Handover
from intake.web import alone
from intake.web.kiosk import leave
from tests.alone import HERE, PAGES, given_back, open_at_home, send


@pytest.fixture
def device(hand_over, make):
    return hand_over(make.visit())


@pytest.mark.parametrize(("verb", "status"), [("GET", 303), ("POST", 204)])
def test_it_ends_the_form_and_shows_the_end(device, session, verb, status):
    send(device, PAGES[0], {"ipv_afraid": "yes"})
    answer = FlaskClient.open(device, "/here/leave", method=verb)
    assert answer.status_code == status
    assert answer.headers["Clear-Site-Data"] == alone.EMPTIED
    assert session.scalars(select(Handover)).one().end_reason == "left"
    assert given_back(device.get(HERE))


def test_it_needs_no_token_and_leads_to_the_end_twice(device):
    for _again in range(2):
        assert device.get("/here/leave").location == HERE


def test_it_leads_out_whatever_the_database_says(device, monkeypatch):
    def fail():
        statement = "SELECT"
        raise OperationalError(statement, {}, ValueError())

    monkeypatch.setattr(leave, "_end", fail)
    assert device.get("/here/leave").location == HERE
    with device.session_transaction() as cookie:
        assert "kiosk" not in cookie


def test_it_signs_nobody_of_the_clinic_out(client, sign_in, make):
    sign_in(make.front_desk())
    client.get("/here/leave")
    assert client.get("/clinic").status_code == 200


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_at_home_it_is_her_own_way_out(at_home, session, verb):
    browser = at_home()
    open_at_home(browser)
    answer = FlaskClient.open(browser, "/here/leave", method=verb)
    assert (answer.status_code, answer.location) == (307, "/f/leave")
