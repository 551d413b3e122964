"""How forms of the clinic come to whoever looks one up."""

from __future__ import annotations

import pytest

from intake.forms import reader, shelf
from intake.forms.errors import FormError
from tests.forms.made import FEET


def test_a_form_is_fetched_from_the_database_of_the_app_at_hand(app, make):
    make.clinic_form(FEET)
    with app.app_context():
        assert reader.load("clinic-feet", 1) is reader.load("clinic-feet", 1)


def test_in_a_database_without_it_there_is_no_such_form(app):
    shelf.forget()
    with app.app_context(), pytest.raises(FormError):
        reader.load("clinic-feet", 1)


def test_a_form_is_found_while_a_page_is_being_written(app, make, session):
    """SQLite's only lock for writing is held meanwhile."""
    make.clinic_form(FEET)
    shelf.forget()
    session.execute(make.clinic().__table__.update().values(paper="a4"))
    with app.app_context():
        assert reader.load("clinic-feet", 1).id == "clinic-feet"
    session.rollback()
