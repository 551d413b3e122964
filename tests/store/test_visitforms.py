"""Which forms a kind of visit asks for."""

from __future__ import annotations

import pytest

from intake.actions import clinicforms as acts
from intake.store import visitforms
from intake.store.visitforms import VisitForm
from tests.forms.made import FEET


def test_until_the_clinic_says_otherwise_a_visit_has_no_forms_of_its_own(session):
    assert visitforms.of_kind(session, "follow-up") == ()


def test_a_kind_of_visit_asks_for_its_own_forms_in_their_order(session):
    visitforms.assign(session, "follow-up", ("check-in", "intake"))
    session.commit()
    assert visitforms.of_kind(session, "follow-up") == ("check-in", "intake")
    assert visitforms.of_kind(session, "telehealth") == ()


def test_a_new_order_takes_the_place_of_the_old_one(session):
    for names in (("intake", "check-in"), ("check-in",), ()):
        visitforms.assign(session, "follow-up", names)
        session.commit()
        assert visitforms.assigned(session, "follow-up") == names


@pytest.mark.parametrize("name", ["safety", "evaluation", "care-plan", "clinic-gone", "nothing"])
def test_what_cannot_be_asked_before_a_visit_is_never_asked_whatever_a_row_says(session, name):
    session.add(VisitForm(kind="follow-up", place=1, form=name))
    session.commit()
    assert not visitforms.may_be_asked(session, name)
    assert visitforms.of_kind(session, "follow-up") == ()


def test_a_form_of_the_clinic_is_asked_once_it_is_published_and_until_it_is_retired(session, make):
    row = make.clinic_form(FEET, publish=False)
    visitforms.assign(session, "follow-up", ("clinic-feet",))
    assert visitforms.of_kind(session, "follow-up") == ()
    acts.publish(session, row, seen=row.sha256, by=make.admin(), now=make.now)
    assert visitforms.of_kind(session, "follow-up") == ("clinic-feet",)
    assert visitforms.kinds_of(session, "clinic-feet") == ("follow-up",)
    acts.retire(session, row, by=make.admin(), now=make.now)
    assert visitforms.of_kind(session, "follow-up") == ()
    assert visitforms.kinds_of(session, "clinic-feet") == ()
