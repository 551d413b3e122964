"""What stands on a locked screen is good for the lock alone; what was open before it loses nothing."""

from __future__ import annotations

import uuid

import pytest

from intake.store.kept import KeptPage
from intake.store.people import User
from tests.builders import PASSWORD
from tests.web.world import routes

OUT = "account.sign_in.leave"
ROLES = ["assistant", "therapist", "admin"]


@pytest.fixture
def admin(make):
    return make.admin()


@pytest.fixture
def victim(make):
    """Somebody whose roles an attacker would like to be more."""
    user = make.assistant()
    return f"/admin/people/{user.id}", {"name": user.name, "credentials": "", "roles": ROLES, "version": user.version}


@pytest.fixture
def locked(client, sign_in, admin):
    """An administrator who pressed Lock; `before` is the token of a page that is still open in another tab."""
    sign_in(admin)
    client.get("/admin/people")
    client.before = client.token
    client.submit("/lock/now", at="/admin/people")
    client.get("/lock")
    assert client.token != client.before
    return client


def unlock(client, url="/lock"):
    return client.submit(url, {"password": PASSWORD})


def roles(session, address):
    session.expire_all()
    return set(session.get_one(User, uuid.UUID(address.rpartition("/")[2])).roles)


def test_an_act_that_was_planted_from_the_locked_screen_is_not_even_kept(locked, victim, session):
    address, typed = victim
    assert locked.post(address, data={**typed, "csrf_token": locked.token}).status_code == 400
    assert session.query(KeptPage).count() == 0
    assert unlock(locked).location == "/admin/people"


def test_the_token_of_a_locked_screen_is_good_for_no_form_behind_it(app, locked, world, session):
    before = session.query(KeptPage).count()
    for rule in routes(app, "POST"):
        if app.view_functions[rule.endpoint].permission is None or rule.endpoint.startswith(("account.lock.", OUT)):
            continue
        sent = locked.post(world.address(rule), data={"csrf_token": locked.token})
        assert sent.status_code == 400, rule
    assert session.query(KeptPage).count() == before


def test_nor_is_it_after_the_lock_was_opened(locked, victim, session):
    address, typed = victim
    of_lock = locked.token
    unlock(locked)
    assert locked.post(address, data={**typed, "csrf_token": of_lock}).status_code == 400
    assert roles(session, address) == {"assistant"}


def test_a_locked_screen_has_nothing_to_keep(locked, victim, session):
    address, typed = victim
    told = locked.post(f"/lock/now?for={address}", data={**typed, "csrf_token": locked.token})
    assert told.location == "/lock"
    assert session.query(KeptPage).count() == 0


def test_a_public_page_shown_while_it_is_locked_gives_no_better_token(locked, victim, session):
    address, typed = victim
    locked.get("/verify")
    assert locked.post(address, data={**typed, "csrf_token": locked.token}).status_code == 400
    assert session.query(KeptPage).count() == 0


def test_what_was_typed_before_the_lock_in_another_tab_is_kept_and_goes_on_by_a_click_alone(
    clock, locked, victim, session
):
    """Or by somebody who found that tab: nothing of it happens until the person has read it and pressed the button."""
    address, typed = victim
    way = locked.post(address, data={**typed, "csrf_token": locked.before}).location
    assert way.startswith("/lock?kept=")
    page = locked.get(unlock(locked, way).location).text
    assert "assistant" in page
    assert "Change the name, e-mail or roles of a person" in page
    assert roles(session, address) == {"assistant"}
    (page_id,) = [part.partition('"')[0] for part in page.split('name="_kept" value="')[1:]]
    clicked = {**typed, "csrf_token": locked.token, "_kept": page_id}
    assert locked.post(address, data=clicked).status_code == 303
    assert roles(session, address) == set(ROLES)


def test_a_page_that_was_open_before_the_lock_still_saves_after_it(locked, victim):
    address, typed = victim
    unlock(locked)
    assert locked.post(address, data={**typed, "csrf_token": locked.before}).status_code == 303


def test_one_who_is_locked_can_sign_out(locked):
    assert locked.post("/sign-out", data={"csrf_token": locked.token}).location == "/sign-in"
