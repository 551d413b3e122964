"""Which forms a kind of visit asks for."""

from __future__ import annotations

from intake.store import visitforms
from intake.store.visitforms import VisitForm


def test_until_the_clinic_says_otherwise_a_visit_has_no_forms_of_its_own(session):
    assert visitforms.of_kind(session, "follow-up") == ()


def test_a_kind_of_visit_asks_for_its_own_forms_in_their_order(session):
    for place, form in ((2, "intake"), (1, "check-in")):
        session.add(VisitForm(kind="follow-up", place=place, form=form))
    session.commit()
    assert visitforms.of_kind(session, "follow-up") == ("check-in", "intake")
    assert visitforms.of_kind(session, "telehealth") == ()
