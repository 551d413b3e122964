"""Too often: refused before the secret is looked at, given back on success, and told plainly."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.security.limits import LIMITS, Beyond, Bucket
from intake.store.audit import AuditEvent
from intake.store.limits import Tally
from intake.web import limits
from tests.builders import PASSWORD
from tests.pages import born, place, save, visit

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
NETWORK = LIMITS[Bucket.ENTRY_NETWORK].windows[0].most
AUTOSAVES = LIMITS[Bucket.AUTOSAVE].windows[0].most


def try_to_sign_in(client, email, password="wrong on purpose, always", **environ):
    return client.post(
        "/sign-in",
        data={"csrf_token": client.token, "email": email, "password": password},
        environ_overrides={**ELSEWHERE, **environ},
    )


def tries(client, email, times, **more):
    return [try_to_sign_in(client, email, **more).status_code for _ in range(times)]


def alerts(session):
    session.rollback()
    return session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("alert."))).all()


@pytest.fixture
def door(client, clock):
    client.get("/sign-in")
    return client


# ---------------------------------------------------------------- signing in


def test_the_sixth_wrong_password_of_a_minute_is_refused_with_the_time_to_wait(door, make):
    user = make.therapist()
    assert tries(door, user.email, 5) == [422] * 5
    refused = try_to_sign_in(door, user.email)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Please try again in 60 seconds." in refused.text


def test_the_right_password_is_refused_as_well_so_that_a_guess_is_never_looked_at(door, make, clock):
    user = make.therapist()
    tries(door, user.email, 5)
    assert try_to_sign_in(door, user.email, PASSWORD).status_code == 429
    clock.shift(60)
    assert try_to_sign_in(door, user.email, PASSWORD).status_code == 303


def test_somebody_unknown_is_refused_just_like_somebody_known(door, make):
    answers = [
        [try_to_sign_in(door, email) for _ in range(6)] for email in (make.therapist().email, "nobody@example.org")
    ]
    known, unknown = ([(each.status_code, each.headers.get("Retry-After")) for each in tried] for tried in answers)
    assert known == unknown


def test_other_people_and_other_places_are_not_held_up(door, make):
    held, free = make.therapist(), make.therapist()
    tries(door, held.email, 6)
    assert try_to_sign_in(door, free.email, PASSWORD).status_code == 303


def test_spelling_the_address_differently_is_no_new_start(door, make):
    user = make.therapist()
    spellings = [user.email, user.email.upper(), f" {user.email}", user.email.title(), f"{user.email} "]
    assert [try_to_sign_in(door, spelling).status_code for spelling in spellings] == [422] * 5
    assert try_to_sign_in(door, user.email).status_code == 429


def test_a_success_is_given_back(door, make):
    user = make.therapist()
    for _ in range(8):
        door.get("/sign-in")
        assert try_to_sign_in(door, user.email, PASSWORD).status_code == 303


def test_one_network_may_try_thirty_a_minute_whoever_it_asks_for(door):
    codes = [
        try_to_sign_in(door, f"person{n}@example.net", REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(32)
    ]
    assert codes == [422] * 30 + [429] * 2
    assert try_to_sign_in(door, "other@example.net", REMOTE_ADDR="198.51.100.1").status_code == 422


def test_twenty_an_hour_even_when_nobody_hurries(door, make, clock):
    user, found = make.therapist(), []
    for minute in range(7):
        found += tries(door, user.email, 3, REMOTE_ADDR=f"203.0.{minute}.1")
        clock.shift(60)
    assert found == [422] * 20 + [429]


@pytest.mark.dear
def test_a_hundred_in_a_row_close_the_password_until_a_new_one_is_chosen(door, make, clock):
    user = make.therapist()
    for _hour in range(5):
        for _minute in range(4):
            tries(door, user.email, 5)
            clock.shift(60)
        clock.shift(3600)
    closed = try_to_sign_in(door, user.email, PASSWORD)
    assert closed.status_code == 429
    assert "Ask an administrator for a new link" in closed.text
    assert "Retry-After" not in closed.headers
    clock.shift(7 * 24 * 3600)
    assert try_to_sign_in(door, user.email, PASSWORD).status_code == 429
    door.submit(f"/password#{make.link(user)}", {"password": "eight violet teapots sing"})
    door.get("/sign-in")
    assert try_to_sign_in(door, user.email, "eight violet teapots sing").status_code == 303


def test_wrong_passwords_with_a_right_one_between_are_not_in_a_row(door, make, clock, session):
    user = make.therapist()
    for _ in range(2):
        tries(door, user.email, 4)
        assert try_to_sign_in(door, user.email, PASSWORD).status_code == 303
        door.get("/sign-in")
        clock.shift(60)
    session.rollback()
    assert session.scalar(select(Tally.n).where(Tally.ends_at > 10**11)) is None


def test_a_flood_on_the_whole_clinic_is_told_once_and_slowed_but_shuts_nobody_out(door, app, make, session):
    user = make.therapist()
    with app.test_request_context():
        session.rollback()
        for _ in range(LIMITS[Bucket.SIGN_IN_CLINIC].windows[0].most):
            limits.charge(Bucket.SIGN_IN_CLINIC, "")
    for _ in range(2):
        door.get("/sign-in")
        assert try_to_sign_in(door, user.email, PASSWORD).status_code == 303
    assert alerts(session) == ["alert.sign-in-clinic"]


# ---------------------------------------------------------------- links and invitations


def test_guessing_one_time_links_ends_after_twenty_and_a_real_one_does_not_count(client, make, clock):
    real, made_up = f"/password#{make.link(make.therapist())}", "/password#made-up"
    weak, good = {"password": "weak"}, {"password": "nine purple lanterns"}
    assert [client.submit(real, weak).status_code for _ in range(25)] == [422] * 25
    assert [client.submit(made_up, good).status_code for _ in range(22)] == [422] * 20 + [429] * 2
    clinic = {
        "clinic_name": "Fernbank",
        "clinic_phone": "555",
        "time_zone": "UTC",
        "name": "A",
        "email": "a@example.org",
    }
    assert client.submit("/set-up#made-up", clinic | good).status_code == 429


def guesses(client, code, times):
    client.get("/f")
    return [
        client.post("/f", data={"csrf_token": client.token, "_at": "start", "code": code, **born()})
        for _ in range(times)
    ]


def wrong_tries(session):
    session.rollback()
    return len(session.scalars(select(AuditEvent.seq).where(AuditEvent.action == "invitation.wrong-try")).all())


def test_guessing_access_codes_is_told_once_an_hour_and_neither_changes_the_reply_nor_shuts_out_a_waiting_room(
    client, new_client, make, enter, clock, session
):
    """Patients of one clinic share its network. What somebody there guesses must not keep the others out."""
    waiting = [make.invitation() for _ in range(3)]
    replies = guesses(client, "0123-4567-89AB", NETWORK + 5)
    assert {reply.status_code for reply in replies} == {422}
    assert len({reply.text.replace(client.token, "") for reply in replies}) == 1
    assert alerts(session) == ["alert.entry-network"]
    for invitation in waiting:
        enter(invitation, new_client())
    assert alerts(session) == ["alert.entry-network"]
    clock.shift(3600)
    guesses(client, "0123-4567-89AB", NETWORK + 1)
    assert alerts(session) == ["alert.entry-network"] * 2


def test_a_flood_of_made_up_codes_cannot_fill_the_trail_but_tries_at_a_real_one_are_all_kept(
    client, make, clock, session
):
    real = make.codes[make.invitation().id]
    guesses(client, "0123-4567-89AB", NETWORK + 15)
    assert wrong_tries(session) == NETWORK
    client.get("/f")
    wrong = {"csrf_token": client.token, "_at": "start", "code": real, **born(day=28)}
    assert [client.post("/f", data=wrong).status_code for _ in range(6)] == [422] * 6
    assert wrong_tries(session) == NETWORK + 6


def test_who_comes_in_is_not_counted_as_guessing(client, new_client, make, enter, clock, session):
    invitation = make.invitation()
    for _ in range(NETWORK + 3):
        enter(invitation, new_client())
    assert alerts(session) == []


# ---------------------------------------------------------------- saving


def test_the_sixty_first_save_by_itself_in_a_minute_waits_and_nothing_is_lost(client, make, enter, clock):
    enter(make.invitation())
    for n in range(AUTOSAVES):
        reply = save(client, place("fn_goal_top"), {"fn_goal_top": f"goal {n}"}, autosave=True)
        assert reply.status_code == 200
    late = save(client, place("fn_goal_top"), {"fn_goal_top": "the last words"}, autosave=True)
    assert late.status_code == 429
    assert late.headers["Retry-After"] == "60"
    assert late.json["saved"] is None
    assert "60 seconds" in late.json["message"]
    # The button goes on working, and so does the next save by itself once the minute is over.
    assert save(client, place("fn_goal_top"), {"fn_goal_top": "the last words"}).status_code != 429
    assert "the last words" in visit(client, place("fn_goal_top")).text
    clock.shift(60)
    assert save(client, place("fn_goal_top"), {"fn_goal_top": "really the last"}, autosave=True).status_code == 200


def test_saves_by_themselves_of_staff_count_too_and_each_session_for_itself(
    client, new_client, make, sign_in, clock, app
):
    note = make.note()
    sign_in(note.author)
    client.get("/clinic")
    data = {"csrf_token": client.token}
    address, script = f"/clinic/notes/{note.id}", {"X-Autosave": "1"}
    codes = [client.post(address, data=data, headers=script) for _ in range(AUTOSAVES + 1)]
    assert [each.status_code for each in codes[-2:]] == [200, 429]
    other = sign_in(note.author, new_client())
    other.get("/clinic")
    answer = other.post(f"/clinic/notes/{note.id}", data={"csrf_token": other.token}, headers={"X-Autosave": "1"})
    assert answer.status_code == 200


# ---------------------------------------------------------------- documents and reading


def test_the_eleventh_document_of_a_minute_has_to_wait(client, make, sign_in, clock):
    plan = make.plan(issued=True)
    sign_in(plan.author)
    address = f"/clinic/plans/documents/{plan.documents[0].id}"
    assert [client.get(address).status_code for _ in range(11)] == [200] * 10 + [429]
    clock.shift(60)
    assert client.get(address).status_code == 200


def test_what_is_refused_on_the_way_is_a_page_and_a_line_and_never_a_failure(client, make, sign_in, session, clock):
    """The charge ends the request's transaction; the line about the look is written all the same."""
    invitation = make.invitation()
    sign_in(make.front_desk())
    client.get("/clinic")
    slip = f"/clinic/visits/invitations/{invitation.id}/slip"
    sent = {"csrf_token": client.token, "code": "0123-4567-89AB"}
    assert [client.post(slip, data=sent).status_code for _ in range(11)] == [404] * 10 + [429]
    session.rollback()
    looks = select(AuditEvent).where(AuditEvent.action == "read.invite", AuditEvent.subject_id == invitation.id)
    assert len(session.scalars(looks).all()) == 11


@pytest.mark.dear
def test_fifty_documents_a_day(client, make, sign_in, clock):
    plan = make.plan(issued=True)
    sign_in(plan.author)
    address, found = f"/clinic/plans/documents/{plan.documents[0].id}", []
    for _minute in range(9):
        found += [client.get(address).status_code for _ in range(6)]
        clock.shift(61)
    assert found == [200] * 50 + [429] * 4
    assert "hour" in client.get(address).text


def test_whoever_opens_thirty_patients_in_an_hour_is_told_of_once_and_goes_on(client, make, sign_in, session, clock):
    desk = make.front_desk()
    patients = [make.patient(by=desk) for _ in range(32)]
    sign_in(desk)
    found = []
    for patient in patients:
        for _again in range(2):  # the same patient twice is one patient
            assert client.get(f"/clinic/patients/{patient.id}").status_code == 200
        found.append(len(alerts(session)))
    assert found == [0] * 29 + [1] * 3
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "alert.patients-read")).one()
    assert line.actor_id == desk.id


# ---------------------------------------------------------------- what is kept, and whose address counts


def test_neither_addresses_nor_names_are_kept(door, make, session):
    user = make.therapist()
    try_to_sign_in(door, user.email)
    session.rollback()
    kept = " ".join(session.scalars(select(Tally.key)).all())
    assert len(kept.split()) == 6
    assert all(len(key) == 64 and not set(key) - set("0123456789abcdef") for key in kept.split())


def test_only_refusing_buckets_refuse():
    assert {bucket for bucket, limit in LIMITS.items() if limit.beyond is Beyond.SLOWED} == {Bucket.SIGN_IN_CLINIC}


def test_an_address_somebody_claims_to_forward_for_is_believed_from_a_proxy_only(door, app):
    forwarded = {"X-Forwarded-For": "198.51.100.7"}
    with app.test_request_context(headers=forwarded, environ_base=ELSEWHERE):
        assert limits.visitor() == limits.network("203.0.113.9")
