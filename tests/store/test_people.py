"""The clinic, its places, and the people who sign in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import exc

from intake.actions import accounts
from intake.security import tokens
from intake.store import people
from intake.store.people import Clinic
from tests.builders import SECRET


def test_there_is_no_clinic_until_it_is_set_up(session, make):
    assert people.clinic(session) is None
    assert people.is_empty(session)
    clinic = make.clinic()
    make.admin()
    assert people.clinic(session) is clinic
    assert not people.is_empty(session)


def test_a_database_serves_one_clinic(session, make):
    make.clinic()
    session.add(Clinic(id=2, name="Another", phone="555-0199", numbers_checked_on=make.now.date()))
    with pytest.raises(exc.IntegrityError):
        session.commit()


def test_somebody_is_found_by_e_mail_whatever_its_case(session, make):
    user = make.user(email="pat@example.org")
    assert people.user_by_email(session, " Pat@Example.ORG ") is user
    assert people.user_by_email(session, "nobody@example.org") is None


def test_two_people_cannot_share_an_address(session, make):
    make.user(email="pat@example.org")
    with pytest.raises(exc.IntegrityError):
        make.user(email="pat@example.org")


def test_only_active_therapists_can_be_given_visits(session, make):
    there = make.therapist(name="Ada Invented")
    make.therapist(name="Bea Invented", is_active=False)
    make.front_desk()
    assert people.therapists(session) == [there]


def test_places_are_listed_by_name(session, make):
    make.location("Second floor")
    make.location("First floor")
    assert [place.name for place in people.locations(session)] == ["First floor", "Second floor"]


def test_a_link_works_for_its_purpose_until_it_is_used_or_expires(session, make):
    user = make.user()
    token_hash = tokens.keyed_hash(SECRET, accounts.PASSWORD, make.link(user))
    link = people.link(session, token_hash, accounts.PASSWORD, make.now)
    assert link.user_id == user.id
    assert people.link(session, token_hash, accounts.FIRST_ADMIN, make.now) is None
    assert people.link(session, token_hash, accounts.PASSWORD, make.now + timedelta(days=4)) is None
    link.used_at = make.now
    session.commit()
    assert people.link(session, token_hash, accounts.PASSWORD, make.now) is None


def test_somebody_is_found_by_id(session, make):
    user = make.user()
    assert people.user(session, user.id) is user
