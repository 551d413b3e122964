"""Letting somebody start afresh who lost every way to sign in."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from intake.actions import resets as acts
from intake.store.resets import Reset
from tests.builders import PASSWORD, SECRET

LINK = re.compile(r"http://127\.0\.0\.1:8000(/password#[\w-]+)")
KEY = re.compile(r'id="owner-key">\s*([A-Z0-9-]+)')


@pytest.fixture
def lost(make):
    """Somebody who lost everything."""
    return make.therapist()


def page(user):
    return f"/admin/resets/people/{user.id}"


def asked(browser, user):
    browser.get(page(user))
    return browser.post(page(user), data={"csrf_token": browser.token})


def waiting(session):
    session.rollback()
    return session.scalars(select(Reset)).one()


def press(browser, user, reset, verb, **fields):
    browser.get(page(user))
    return browser.post(f"/admin/resets/{reset.id}/{verb}", data={"csrf_token": browser.token, **fields})


def test_two_administrators_give_a_link_that_is_shown_once(new_client, make, sign_in, session, lost):
    first, second = (sign_in(make.admin(), new_client()) for _each in range(2))
    assert asked(first, lost).status_code == 303
    reset = waiting(session)
    assert "Approve the reset" not in first.get(page(lost)).text, "not by whoever asked"
    assert press(first, lost, reset, "approve").status_code in {403, 404, 409, 422}
    answer = press(second, lost, reset, "approve")
    assert answer.status_code == 201
    link = LINK.search(answer.text)[1]
    assert link not in second.get(page(lost)).text
    browser = new_client()
    browser.submit(link, {"password": PASSWORD + " anew"})
    browser.submit("/sign-in", {"email": lost.email, "password": PASSWORD + " anew"})
    assert browser.get("/clinic").location.startswith("/account/start")


def test_the_owner_s_key_takes_the_second_administrator_s_place_and_gets_a_successor(
    client, make, sign_in, session, lost
):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    admin = sign_in(make.admin(), client)
    asked(admin, lost)
    reset = waiting(session)
    wrong = press(admin, lost, reset, "key", code="AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
    assert wrong.status_code == 422
    assert LINK.search(wrong.text) is None
    right = press(admin, lost, reset, "key", code=key)
    assert right.status_code == 201
    assert LINK.search(right.text)
    assert KEY.search(right.text)[1] != key
    again = press(admin, lost, reset, "key", code=key)
    assert again.status_code == 409
    assert "approved already" in again.text
    assert "the key before it still works" in admin.get("/admin/people").text
    kept = {"csrf_token": admin.token, "key": re.search(r'name="key" value="([^"]+)"', right.text)[1]}
    assert admin.post("/admin/resets/owner-key/kept", data=kept).status_code == 303
    assert "written down?" not in admin.get("/admin/people").text


def test_a_key_that_nobody_saw_is_made_anew(client, make, sign_in, session):
    key = acts.make_owner_key(session, secret=SECRET, by=None, now=make.now)
    admin = sign_in(make.admin(), client)
    assert "make a new one" in admin.get("/admin/people").text
    made = admin.post("/admin/resets/owner-key", data={"csrf_token": admin.token})
    assert made.status_code == 201
    assert KEY.search(made.text)[1] != key


def test_a_wish_can_be_taken_back(client, make, sign_in, session, lost):
    admin = sign_in(make.admin(), client)
    asked(admin, lost)
    assert press(admin, lost, waiting(session), "drop").status_code == 303
    assert "A reset waits" not in admin.get(page(lost)).text
    assert "Ask for a reset" in admin.get(page(lost)).text


def test_nobody_asks_for_themselves(client, make, sign_in):
    me = make.admin()
    assert "Ask for a reset" not in sign_in(me, client).get(page(me)).text
