"""One's own account: where one is signed in, three places at most, each ended from any other."""

from __future__ import annotations

import re

import pytest

from tests.builders import PASSWORD, code

CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"}


@pytest.fixture
def user(make):
    return make.therapist()


def others(page):
    return re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page.text)


def test_a_fourth_place_signs_out_the_oldest_and_says_so(clock, user, make, new_client, sign_in):
    browsers = []
    for _place in range(4):
        clock.shift(60)
        browsers.append(sign_in(user, new_client()))
    assert browsers[0].get("/clinic").location.startswith("/sign-in")
    assert "Three places at once is the most" in browsers[0].get("/sign-in").text
    assert [browser.get("/clinic").status_code for browser in browsers[1:]] == [200] * 3
    assert len(others(browsers[1].get("/account"))) == 2


def test_one_place_is_ended_from_another_at_once(user, new_client, sign_in):
    here, there = sign_in(user, new_client()), sign_in(user, new_client())
    (place,) = others(here.get("/account"))
    assert here.submit(f"/account/sessions/{place}/end", at="/account").status_code == 303
    assert there.get("/clinic").location.startswith("/sign-in")
    assert "signed out from another one" in there.get("/sign-in").text
    assert here.get("/clinic").status_code == 200


def test_all_others_are_ended_at_once(user, new_client, sign_in):
    here, *elsewhere = [sign_in(user, new_client()) for _place in range(3)]
    here.submit("/account/sessions/others/end", at="/account")
    assert all(browser.get("/clinic").location.startswith("/sign-in") for browser in elsewhere)
    assert here.get("/clinic").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(user, make, new_client, sign_in):
    here = sign_in(user, new_client())
    victim, mine = sign_in(make.therapist(), new_client()), sign_in(user, new_client())
    victim.get("/account")
    (place,) = others(here.get("/account"))
    assert victim.post(f"/account/sessions/{place}/end", data={"csrf_token": victim.token}).status_code == 404
    assert mine.get("/clinic").status_code == 200


def test_a_session_somebody_holds_half_way_is_no_place_to_be(user, client, new_client, sign_in):
    here = sign_in(user, new_client())
    client.submit("/sign-in", {"email": user.email, "password": PASSWORD})
    assert others(here.get("/account")) == []


def test_the_page_says_what_one_signs_in_with_and_when_one_last_did(clock, user, client, walk_in):
    walk_in(user)
    page = client.get("/account").text
    for part in ("Set up on", "None yet", "0 unused codes", "Your last sign-ins", "First time there", user.email):
        assert part in page, part
    assert code() not in page


def test_a_kind_of_browser_used_for_the_first_time_is_pointed_out_once(clock, user, new_client):
    for turn in range(2):
        clock.shift(120)
        browser = new_client()
        browser.environ_base["HTTP_USER_AGENT"] = CHROME["User-Agent"]
        second = browser.submit("/sign-in", {"email": user.email, "password": PASSWORD})
        browser.submit(second.location, {"code": code()})
        page = browser.get("/account").text
        assert page.count("First time there") == 1, turn
        assert "Chrome, Windows" in page
