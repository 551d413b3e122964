"""How somebody gets an account, and what others may change about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import accounts
from intake.actions.refusals import NotReadyError, RefusedError
from intake.security import passwords, tokens
from intake.security.policy import Role
from intake.store import people
from intake.store.audit import AuditEvent
from intake.store.people import Clinic
from tests.builders import COST, PASSWORD, SECRET


def link(session, token, purpose, now):
    return people.link(session, tokens.keyed_hash(SECRET, purpose, token), purpose, now)


def set_up(session, token, now, **details):
    plain = {"name": "Ada Invented", "email": "Ada@Example.org", "password": PASSWORD}
    clinic = Clinic(name="Fernbank", phone="555-0100", numbers_checked_on=now.date())
    found = link(session, token, accounts.FIRST_ADMIN, now)
    return accounts.set_up(session, found, clinic=clinic, **{**plain, **details}, cost=COST, now=now)


def test_the_first_administrator_is_made_with_the_clinic_and_can_sign_in(session, make):
    token = accounts.offer_setup(session, SECRET, now=make.now)
    user = set_up(session, token, make.now)
    assert (user.email, user.roles) == ("ada@example.org", ["admin"])
    assert passwords.matches(user.password_hash, PASSWORD, COST)
    assert people.clinic(session).name == "Fernbank"


def test_a_setup_link_works_once_and_for_thirty_minutes(session, make):
    token = accounts.offer_setup(session, SECRET, now=make.now)
    assert link(session, token, accounts.FIRST_ADMIN, make.now + timedelta(minutes=29))
    assert not link(session, token, accounts.FIRST_ADMIN, make.now + timedelta(minutes=31))
    set_up(session, token, make.now)
    assert not link(session, token, accounts.FIRST_ADMIN, make.now)


def test_a_setup_link_does_not_choose_a_password_and_the_other_way_round(session, make):
    token = accounts.offer_setup(session, SECRET, now=make.now)
    assert not link(session, token, accounts.PASSWORD, make.now)
    assert not link(session, make.link(make.admin()), accounts.FIRST_ADMIN, make.now)


def test_a_second_setup_link_cannot_make_a_second_first_administrator(session, make):
    first, second = (accounts.offer_setup(session, SECRET, now=make.now) for _ in range(2))
    set_up(session, first, make.now)
    with pytest.raises(RefusedError, match="set up already"):
        set_up(session, second, make.now, email="eve@example.org")
    assert len(people.staff(session)) == 1


def test_no_link_is_kept_in_a_form_that_could_be_used(session, make):
    token = accounts.offer_setup(session, SECRET, now=make.now)
    row = link(session, token, accounts.FIRST_ADMIN, make.now)
    assert token not in (row.token_hash, str(row.id))
    assert row.token_hash != tokens.keyed_hash(b"another secret, as long as it should be", accounts.FIRST_ADMIN, token)


def test_a_new_colleague_cannot_sign_in_before_choosing_a_password(session, make):
    admin = make.admin()
    user, token = accounts.add_person(
        session,
        name="Tess",
        email="Tess@Example.org",
        credentials="PT",
        roles=["therapist"],
        secret=SECRET,
        by=admin,
        now=make.now,
    )
    assert user.password_hash is None
    assert not passwords.matches(user.password_hash, "", COST)
    accounts.choose_password(
        session, link(session, token, accounts.PASSWORD, make.now), PASSWORD, cost=COST, now=make.now
    )
    assert passwords.matches(user.password_hash, PASSWORD, COST)
    assert not link(session, token, accounts.PASSWORD, make.now)


def test_one_address_belongs_to_one_person_whatever_its_case(session, make):
    there, admin = make.therapist(email="tess@example.org"), make.admin()
    with pytest.raises(RefusedError, match="here already"):
        accounts.add_person(
            session,
            name="T",
            email="TESS@example.org",
            credentials="",
            roles=["admin"],
            secret=SECRET,
            by=admin,
            now=make.now,
        )
    assert there.roles == ["therapist"]


def test_a_password_somebody_could_guess_is_refused_and_the_link_still_works(session, make):
    for password in ("short", "a" * 40, "Pat Example and more", "x" * 300):
        user = make.user("therapist", name="Pat Example", password_hash=None)
        token = make.link(user)
        with pytest.raises(NotReadyError):
            accounts.choose_password(
                session, link(session, token, accounts.PASSWORD, make.now), password, cost=COST, now=make.now
            )
        session.rollback()
        assert link(session, token, accounts.PASSWORD, make.now)
        assert user.password_hash is None


def test_an_invitation_to_choose_a_password_ends_after_three_days(session, make):
    token = make.link(make.therapist())
    assert link(session, token, accounts.PASSWORD, make.now + timedelta(days=2, hours=23))
    assert not link(session, token, accounts.PASSWORD, make.now + timedelta(days=3, minutes=1))


def test_nobody_switches_off_their_own_account(session, make):
    admin = make.admin()
    with pytest.raises(RefusedError, match="your own account"):
        accounts.set_active(session, admin, active=False, by=admin, now=make.now)
    assert admin.is_active


def roles(session, user, *wanted, by, now):
    accounts.change_person(
        session, user, name=user.name, credentials="", roles=wanted, over=user.version, by=by, now=now
    )


def alerts(session):
    found = select(AuditEvent).where(AuditEvent.action.startswith("alert."))
    lines = session.scalars(found.order_by(AuditEvent.seq))
    return [(line.action, line.actor_id, line.subject_id, line.reason) for line in lines]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_adds_a_role_to_themselves(session, make, role):
    ada, ben = make.admin(), make.admin()
    with pytest.raises(RefusedError, match="give yourself a role"):
        roles(session, ada, "admin", role, by=ada, now=make.now)
    session.rollback()
    assert ada.roles == ["admin"]
    roles(session, ada, "admin", role, by=ben, now=make.now)
    assert ada.roles == ["admin", role]
    roles(session, ada, "admin", by=ada, now=make.now)
    assert ada.roles == ["admin"], "a role is laid down without anybody's help"


def test_an_administrator_who_is_given_sight_of_charts_leaves_an_alert(session, make):
    ada, ben = make.admin(), make.admin()
    roles(session, ada, "admin", "front-desk", by=ben, now=make.now)
    assert alerts(session) == []
    roles(session, ada, "admin", "therapist", by=ben, now=make.now)
    once = ("alert.admin-treats", ben.id, ada.id, "therapist")
    assert alerts(session) == [once]
    roles(session, ada, "admin", "therapist", "front-desk", by=ben, now=make.now)
    assert alerts(session) == [once], "it was told already"
    tess = make.therapist()
    roles(session, tess, "therapist", "admin", by=ben, now=make.now)
    assert alerts(session)[1:] == [("alert.admin-treats", ben.id, tess.id, "therapist")]
    made, _token = accounts.add_person(
        session, name="Cy", email="cy@example.org", credentials="", roles=["admin", "assistant"], secret=SECRET,
        by=ben, now=make.now,
    )  # fmt: skip
    assert alerts(session)[2:] == [("alert.admin-treats", ben.id, made.id, "assistant")]


def test_who_sets_up_a_practice_of_their_own_says_there_what_else_they_do(session, make):
    token = accounts.offer_setup(session, SECRET, now=make.now)
    user = set_up(session, token, make.now, roles=["therapist", "front-desk"])
    assert user.roles == ["admin", "therapist", "front-desk"]
    assert [line[0] for line in alerts(session)] == ["alert.admin-treats"]


def test_whoever_runs_the_server_gives_a_role_and_it_is_written_down(session, make):
    ada = make.admin()
    accounts.give_role(session, ada, Role.THERAPIST, now=make.now)
    assert ada.roles == ["admin", "therapist"]
    assert alerts(session) == [("alert.admin-treats", None, ada.id, "therapist")]
    with pytest.raises(RefusedError, match="has this role already"):
        accounts.give_role(session, ada, Role.THERAPIST, now=make.now)
