"""What an administrator changes about the clinic."""

from __future__ import annotations

import pytest

from intake.actions import clinics
from intake.actions.refusals import RefusedError, StaleError
from intake.store import audit, people


def test_new_settings_are_kept_and_counted(session, make):
    clinic, admin = make.clinic(), make.admin()
    clinics.change(session, clinic, {"phone": "555-0111", "paper": "a4"}, over=clinic.version, by=admin, now=make.now)
    session.refresh(clinic)
    assert (clinic.phone, clinic.paper, clinic.version) == ("555-0111", "a4", 2)
    assert audit.has(session, "clinic.changed")


def test_settings_changed_meanwhile_are_not_overwritten(session, make):
    clinic, admin = make.clinic(), make.admin()
    clinics.change(session, clinic, {"phone": "555-0111"}, over=1, by=admin, now=make.now)
    with pytest.raises(StaleError):
        clinics.change(session, clinic, {"phone": "555-0222"}, over=1, by=admin, now=make.now)
    session.expire_all()
    assert people.clinic(session).phone == "555-0111"


def test_two_places_cannot_share_a_name(session, make):
    admin = make.admin()
    clinics.add_location(session, "Main Street", "", by=admin, now=make.now)
    with pytest.raises(RefusedError, match="this name already"):
        clinics.add_location(session, "MAIN street", "elsewhere", by=admin, now=make.now)
    assert [place.name for place in people.locations(session)] == ["Main Street"]
