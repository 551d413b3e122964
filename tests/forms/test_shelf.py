"""Forms of the clinic, as a process has them."""

from __future__ import annotations

import pytest

from intake.forms import checking, ours, reader, shelf
from intake.forms.errors import FormError
from tests.forms.made import FEET


@pytest.fixture
def fetched(monkeypatch):
    """What was asked of the database, which knows version 1."""
    asked = []

    def fetch(form, version):
        asked.append((form, version))
        if version != 1:
            raise FormError
        return checking.as_published(FEET, version)

    monkeypatch.setattr(shelf, "_forms", {})
    monkeypatch.setattr(shelf, "_fetches", [fetch])
    return asked


def test_a_form_of_the_clinic_is_looked_up_like_any_other_and_read_once(fetched):
    first = reader.load("clinic-feet", 1)
    assert reader.load("clinic-feet", 1) is first
    assert fetched == [("clinic-feet", 1)]


def test_a_form_nobody_published_is_not_there_and_is_asked_for_again(fetched):
    for _again in range(2):
        with pytest.raises(FormError):
            reader.load("clinic-feet", 2)
    assert fetched == [("clinic-feet", 2)] * 2


def test_without_a_database_no_form_of_a_clinic_is_known(fetched, monkeypatch):
    monkeypatch.setattr(shelf, "_fetches", [])
    with pytest.raises(FormError, match="not known"):
        reader.load("clinic-feet", 1)


def test_what_is_on_the_shelf_stays_the_same_object(fetched):
    first = reader.load("clinic-feet", 1)
    shelf.put(checking.as_published(FEET, 1))
    assert reader.load("clinic-feet", 1) is first


def test_no_form_and_no_question_of_ours_is_called_like_one_of_a_clinic():
    for name, version in reader.published():
        assert not shelf.is_of_clinic(name)
        form = reader.load(name, version)
        asked = [part.id for q in form.questions() for part in (q, *q.questions)]
        assert [each for each in asked if each.startswith(ours.OWN)] == []
