"""Who is asking: a cookie that names a session, a row that can be ended."""

from __future__ import annotations

from sqlalchemy import select

from intake.store.sessions import Login
from tests.pages import where


def test_the_cookie_holds_no_person_and_the_row_no_token(client, app, make, sign_in, session):
    user = make.therapist()
    sign_in(user)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
        assert str(user.id) not in str(dict(cookie))
        assert user.email not in str(dict(cookie))
    row = session.scalars(select(Login)).one()
    assert token not in (row.token_hash, str(row.id))
    assert len(token) >= 43


def test_a_session_of_a_row_that_was_ended_is_over(client, make, sign_in, session):
    sign_in(make.therapist())
    session.scalars(select(Login)).one().ended_at = make.now
    session.commit()
    assert client.get("/clinic").location.startswith("/sign-in")


def test_a_patient_s_token_does_not_sign_in_staff_nor_the_other_way_round(client, new_client, make, enter, sign_in):
    enter(make.invitation())
    with client.session_transaction() as cookie:
        patient = cookie["patient"]
    sign_in(make.therapist(), staff := new_client())
    with staff.session_transaction() as cookie:
        member = cookie["_user_id"]
        cookie["patient"] = member
        cookie["_user_id"] = patient
    assert staff.get("/clinic").location.startswith("/sign-in")
    assert where(staff.get("/f")) == "start"


def test_a_forged_cookie_is_nobody(client):
    for value in ("x", "a.b.c", "eyJ1IjoxfQ.aaaaaa.bbbbbb", "\x7f" * 200):
        client.set_cookie("session", value)
        assert client.get("/clinic").location.startswith("/sign-in")
        assert where(client.get("/f")) == "start"


def test_being_busy_keeps_a_session_alive_with_one_write_a_minute_at_most(clock, client, make, sign_in, session):
    sign_in(make.therapist())
    started = session.scalars(select(Login)).one().seen_at
    client.get("/clinic")
    session.expire_all()
    assert session.scalars(select(Login)).one().seen_at == started
    clock.shift(61)
    client.get("/clinic")
    session.expire_all()
    assert (session.scalars(select(Login)).one().seen_at - started).total_seconds() >= 61


def test_a_therapist_who_thinks_for_two_minutes_can_still_save(clock, client, make, sign_in, session):
    visit = make.visit()
    sign_in(visit.therapist)
    client.get("/clinic")
    clock.shift(120)
    answer = client.submit(f"/clinic/visits/{visit.id}/invitations", {}, at=f"/clinic/visits/{visit.id}")
    assert answer.status_code == 201
    clock.shift(120)
    answer = client.submit(f"/clinic/visits/{visit.id}/invitations", {}, at=None)
    assert answer.status_code == 201
