"""The lock: after a quarter of an hour, or at once; one factor brings everything back as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store import responses
from intake.store.sessions import Login
from tests.authenticator import Device
from tests.browsing import TAG
from tests.builders import PASSWORD

IMPRESSION = "im_impression"


@pytest.fixture
def note(make):
    return make.note(answers={IMPRESSION: {"value": "Marzipan lighthouse"}})


@pytest.fixture
def author(clock, client, sign_in, note):
    return sign_in(note.author)


def unlock(client, url="/lock", password=PASSWORD):
    return client.submit(url, {"password": password})


def test_fourteen_minutes_are_fine_and_after_sixteen_the_screen_is_locked(clock, author, note):
    clock.shift(timedelta(minutes=14))
    assert author.get(f"/clinic/notes/{note.id}").status_code == 200
    clock.shift(timedelta(minutes=16))
    assert author.get(f"/clinic/notes/{note.id}").location.startswith("/lock?after=/clinic/notes/")


def test_nothing_clinical_stands_on_the_lock_screen(clock, author, note):
    clock.shift(timedelta(minutes=16))
    page = author.get(author.get(f"/clinic/notes/{note.id}").location)
    assert page.status_code == 200
    for secret in (note.patient.name, "Marzipan", "Evaluation"):
        assert secret not in page.text
    assert "born" not in TAG.sub(" ", page.text)  # the token of a form may hold it by chance
    assert note.author.name in page.text


def test_one_factor_leads_back_to_the_page_with_the_draft_as_it_was(clock, author, note):
    clock.shift(timedelta(minutes=16))
    locked = author.get(f"/clinic/notes/{note.id}").location
    before = author.get_cookie("session").value
    back = unlock(author, locked)
    assert back.location == f"/clinic/notes/{note.id}"
    assert "Marzipan lighthouse" in author.get(back.location).text
    assert author.get_cookie("session").value != before


def test_what_was_sent_while_the_screen_was_locked_is_kept_and_goes_on(clock, author, note, session):
    page = author.get(f"/clinic/notes/{note.id}")
    clock.shift(timedelta(minutes=16))
    from tests.pages import version

    sent = {"csrf_token": author.token, "_version": version(page), IMPRESSION: "Written behind the lock"}
    locked = author.post(f"/clinic/notes/{note.id}", data=sent)
    assert locked.location.startswith("/lock?kept=")
    waiting = unlock(author, locked.location)
    kept = author.get(waiting.location)
    assert "Written behind the lock" in kept.text
    assert PASSWORD not in kept.text
    (page_id,) = [part.partition('"')[0] for part in kept.text.split('name="_kept" value="')[1:]]
    again = {**sent, "csrf_token": author.token, "_kept": page_id}
    assert author.post(f"/clinic/notes/{note.id}", data=again).status_code == 303
    assert responses.answers(session, note.response_id)[IMPRESSION]["value"] == "Written behind the lock"
    assert author.get(waiting.location).status_code == 404, "what was sent on is kept no longer"


def test_an_autosave_that_meets_the_lock_is_kept_and_the_script_is_told_where_to_go(clock, author, note):
    author.get(f"/clinic/notes/{note.id}")
    clock.shift(timedelta(minutes=16))
    sent = {"csrf_token": author.token, "_version": "impression:2", IMPRESSION: "Half a sen"}
    told = author.post(f"/clinic/notes/{note.id}", data=sent, headers={"X-Autosave": "1"})
    assert told.status_code == 401
    assert told.json["go"].startswith("/lock?kept=")


def test_a_page_of_somebody_else_s_is_never_shown(clock, author, note, new_client, make, sign_in):
    clock.shift(timedelta(minutes=16))
    clock.shift(-timedelta(minutes=16))
    author.get(f"/clinic/notes/{note.id}")
    clock.shift(timedelta(minutes=16))
    sent = {"csrf_token": author.token, "_version": "impression:2", IMPRESSION: "Mine alone"}
    locked = author.post(f"/clinic/notes/{note.id}", data=sent).location
    page = locked.partition("kept=")[2]
    colleague = sign_in(make.therapist(), new_client())
    assert colleague.get(f"/kept/{page}").status_code == 404


def test_a_wrong_password_leaves_it_locked_and_guesses_run_out(clock, author):
    author.submit("/lock/now", at="/clinic")
    for _guess in range(5):
        assert unlock(author, password="not my password at all").status_code == 422
    assert unlock(author).status_code == 429
    assert author.get("/clinic").location.startswith("/lock")
    clock.shift(61)
    assert unlock(author).status_code == 303


def test_a_passkey_unlocks_and_one_of_a_colleague_s_does_not(clock, author, note, session, make):
    mine, other = (Device.of(session, each, make.now) for each in (note.author, make.therapist()))
    author.submit("/lock/now", at="/clinic")
    for device, status in ((other, 422), (mine, 303)):
        author.get("/lock")
        options = author.post("/lock/passkey/options", data={"csrf_token": author.token}).json
        data = {"csrf_token": author.token, "credential": device.show(options)}
        assert author.post("/lock/passkey", data=data).status_code == status
    assert author.get("/clinic").status_code == 200


def test_locking_before_walking_away_keeps_what_was_not_sent_yet(author, note):
    author.get(f"/clinic/notes/{note.id}")
    sent = {"csrf_token": author.token, "_version": "impression:2", IMPRESSION: "Half a sen"}
    path = f"/clinic/notes/{note.id}"
    told = author.post(f"/lock/now?for={path}", data=sent, headers={"X-Autosave": "1"})
    assert author.get("/clinic").location.startswith("/lock")
    assert "Half a sen" in author.get(unlock(author, told.json["go"]).location).text


def test_the_lock_stays_whatever_the_clock_says_later(clock, author, session):
    clock.shift(timedelta(minutes=16))
    author.get("/lock")
    assert session.scalars(select(Login)).one().locked_at is not None
    assert author.get("/clinic").location.startswith("/lock")


def test_a_stolen_cookie_on_another_kind_of_browser_is_locked_out(author, new_client):
    thief = new_client()
    thief.set_cookie("session", author.get_cookie("session").value)
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1"}
    assert thief.get("/clinic", headers=phone).location.startswith("/lock")


def test_a_page_that_only_asks_how_long_it_has_does_not_keep_itself_awake(clock, author):
    assert author.get("/lock/state").json["left"] == 901
    for _minutes in range(3):
        clock.shift(timedelta(minutes=5))
        asked = author.get("/lock/state").json["left"]
    assert asked == 1
    clock.shift(2)
    assert author.get("/lock/state").json["left"] == 0
    assert author.get("/clinic").location.startswith("/lock")


def test_a_hand_on_the_page_keeps_it_awake(clock, author):
    for _minutes in range(4):
        clock.shift(timedelta(minutes=5))
        author.get("/lock/state?active=1")
    assert author.get("/clinic").status_code == 200


def test_twelve_hours_are_the_end_however_busy_somebody_is(clock, author):
    for _quarter in range(12 * 6):
        clock.shift(timedelta(minutes=10))
        answer = author.get("/clinic/patients")
    assert answer.status_code == 200
    clock.shift(timedelta(minutes=1))
    assert author.get("/clinic/patients").location.startswith("/sign-in")
    assert "twelve hours" in author.get("/sign-in").text


def test_a_lock_is_no_way_round_the_twelve_hours(clock, author):
    author.submit("/lock/now", at="/clinic")
    clock.shift(timedelta(hours=12, minutes=1))
    assert author.get("/lock").location.startswith("/sign-in")
