"""Which forms each kind of visit asks for."""

from __future__ import annotations

import pytest

from intake.store import visitforms
from intake.store.visitforms import VisitForm
from tests.forms.made import FEET

PATH, PAGE = "/admin/visit-forms", "/admin/forms"


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


@pytest.fixture
def change(admin):
    def changed(act, form, kind="follow-up"):
        return admin.submit(PATH, {"kind": kind, "form": form, "act": act}, at=PAGE)

    return changed


def test_forms_are_added_moved_and_removed_in_order(change, admin, make, session):
    make.clinic_form(FEET)
    for act, form, now in (
        ("add", "intake", ("intake",)),
        ("add", "clinic-feet", ("intake", "clinic-feet")),
        ("earlier", "clinic-feet", ("clinic-feet", "intake")),
        ("later", "clinic-feet", ("intake", "clinic-feet")),
        ("remove", "intake", ("clinic-feet",)),
    ):
        assert change(act, form).status_code == 303
        assert visitforms.assigned(session, "follow-up") == now
    page = admin.get(PAGE).text
    assert "Your feet" in page
    assert page.count("the intake is what is asked first") == 2


@pytest.mark.parametrize("form", ["safety", "evaluation", "care-plan", "clinic-feet", "nobody", "<b>", "x" * 10_000])
def test_what_cannot_be_asked_before_a_visit_is_refused_in_a_sentence(change, admin, make, session, form):
    make.clinic_form(FEET, publish=False)
    assert change("add", form).status_code == 303
    assert "This form cannot be asked before a visit" in admin.get(PAGE).text
    assert visitforms.assigned(session, "follow-up") == ()


def test_what_is_not_offered_is_not_among_the_choices(admin, make):
    make.clinic_form(FEET, publish=False)
    page = admin.get(PAGE).text
    assert '<option value="intake">' in page
    for name in ("safety", "evaluation", "care-plan", "clinic-feet"):
        assert f'<option value="{name}">' not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "birthday", "form": "intake", "act": "add"},
        {"kind": "follow-up", "form": "intake", "act": "explode"},
        {"kind": "follow-up"},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(admin, session, fields):
    assert admin.submit(PATH, fields, at=PAGE).status_code == 400
    assert visitforms.assigned(session, "follow-up") == ()


def test_a_form_that_is_gone_says_so_and_can_be_removed(change, admin, session):
    session.add(VisitForm(kind="follow-up", place=1, form="clinic-gone"))
    session.commit()
    assert "Not in use, so it is left out" in admin.get(PAGE).text
    change("remove", "clinic-gone")
    assert visitforms.assigned(session, "follow-up") == ()


def test_the_list_says_how_it_is_chosen_where_nothing_is(admin):
    assert "Nothing is chosen, so Fernleaf chooses" in admin.get(PAGE).text
