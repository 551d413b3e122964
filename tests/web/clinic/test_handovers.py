"""Handing this device over from a visit's page: who may, and that nothing of the clinic stays behind the form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store.handovers import Handover
from intake.store.sessions import Login
from tests.alone import HERE, answer_all, given_back


@pytest.fixture
def visit(clock, make):
    return make.visit()


def page_of(visit):
    return f"/clinic/visits/{visit.id}"


def start(browser, visit):
    return browser.submit(f"{page_of(visit)}/handover", at=page_of(visit))


def test_the_therapist_hands_the_device_over_and_is_signed_out_on_it(client, sign_in, visit, session):
    sign_in(visit.therapist)
    with client.session_transaction() as cookie:
        held = dict(cookie)
    answer = start(client, visit)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    with client.session_transaction() as cookie:
        assert set(cookie) == {"kiosk"}
    assert session.scalars(select(Login)).one().end_reason == "handed-over"
    assert client.get("/clinic").location == HERE
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(held)  # the cookie of before, kept somewhere, opens nothing
    assert client.get("/clinic").location.startswith("/sign-in")


def test_a_control_without_the_handover_that_cookie_would_open_the_clinic(client, sign_in, visit):
    sign_in(visit.therapist)
    assert client.get("/clinic").status_code == 200


def test_after_the_end_only_signing_in_leads_back(client, sign_in, visit, walk_in):
    sign_in(visit.therapist)
    start(client, visit)
    answer_all(client, {})
    assert client.get("/clinic").location.startswith("/sign-in")
    walk_in(visit.therapist)
    assert client.get("/clinic").status_code == 200


def test_sessions_on_other_devices_go_on_and_can_close_the_form(client, new_client, sign_in, visit, session):
    own = sign_in(visit.therapist, new_client())
    sign_in(visit.therapist)
    start(client, visit)
    assert not given_back(client.get(HERE))
    page = own.get(page_of(visit))
    assert "Close the form on that device" in page.text
    handover = session.scalars(select(Handover)).one()
    assert own.submit(f"/clinic/handovers/{handover.id}/end", at=page_of(visit)).status_code == 303
    assert given_back(client.get(HERE))
    assert "Close the form on that device" not in own.get(page_of(visit)).text


@pytest.mark.parametrize("answers", [{}, {"ipv_now_safe": "no"}])
def test_the_page_of_the_visit_says_offered_and_done_and_nothing_else(
    client, new_client, sign_in, hand_over, visit, answers, clock
):
    sign_in(visit.therapist)
    assert "Handed over" not in client.get(page_of(visit)).text
    device = hand_over(visit, new_client())
    assert ">offered<" in client.get(page_of(visit)).text
    answer_all(device, answers)
    page = client.get(page_of(visit)).text
    assert ">done<" in page
    assert "Hand over this device again" in page
    assert "Asked alone: please read before they leave." in page


def test_the_front_desk_and_others_neither_see_nor_press_it(client, make, sign_in, visit, hand_over, new_client):
    hand_over(visit, new_client())
    for user in (make.front_desk(), make.admin(), make.member(visit.patient), make.therapist()):
        sign_in(user)
        client.get("/clinic")
        page = client.get(page_of(visit))
        assert "Asked alone" not in page.text
        assert "handover" not in page.text.lower()
        answer = client.post(f"{page_of(visit)}/handover", data={"csrf_token": client.token})
        assert answer.status_code == 404


def test_a_visit_that_was_called_off_says_so(client, make, sign_in, visit, session):
    sign_in(visit.therapist)
    client.get(page_of(visit))
    visit.cancelled_at = make.now
    session.commit()
    answer = client.post(f"{page_of(visit)}/handover", data={"csrf_token": client.token})
    assert answer.location == page_of(visit)
    assert "This visit was called off." in client.get(page_of(visit)).text
    assert client.get("/clinic").status_code == 200, "nobody was signed out"


def test_no_factor_is_asked_for(client, sign_in, visit, clock):
    sign_in(visit.therapist)
    for _time in range(3):
        clock.shift(timedelta(minutes=5))
        client.get("/clinic")
    assert start(client, visit).location == HERE


@pytest.mark.parametrize("answers", [{}, {"ipv_now_safe": {"value": "no"}}])
def test_what_was_asked_at_home_is_told_by_its_place_and_nothing_else(client, make, sign_in, visit, session, answers):
    sign_in(visit.therapist)
    handover = make.at_home(visit)
    make.answer(handover.response, answers)
    page = client.get(page_of(visit)).text
    assert "Asked at home Sep 15, 2026, 12:00 PM, through the link" in page
    assert ">offered<" in page
    assert "Hand over this device<" in page, "nobody handed one over yet"
    closed = client.submit(f"/clinic/handovers/{handover.id}/end", at=page_of(visit))
    assert closed.status_code == 303
    page = client.get(page_of(visit)).text
    assert "Close the form on that device" not in page
    for address in (page_of(visit), f"/clinic/charts/{visit.patient_id}", "/clinic"):
        assert "Asked alone, at home: please read before you see them." in client.get(address).text


def test_the_front_desk_is_not_told_that_anything_was_asked_at_home(client, make, sign_in, visit):
    make.at_home(visit)
    sign_in(make.front_desk())
    assert "at home" not in client.get(page_of(visit)).text
