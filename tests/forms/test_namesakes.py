"""Questions of several forms of a clinic, or versions of one, that have one id."""

from __future__ import annotations

import pytest

from intake.forms import checking, namesakes
from tests.forms.made import question, with_question

HOW_FAR = 'minimum = 0\nmaximum = 40\nunits = [{ code = "km", text = "km" }]'
WAYS = 'options = [{ code = "road", text = "On a road" }]'
MORE_WAYS = 'options = [{ code = "track", text = "On a track" }, { code = "road", text = "On roads" }]'
ROWS = 'rows = [{ code = "am", text = "In the morning" }]'


def form(more, kind, version=1):
    found = checking.of_text(with_question(more, kind=kind), version)
    assert found.form is not None, found.faults
    return found.form


def inside(more, kind):
    child = question(more, name="clinic_way", kind=kind).replace(
        "feet.pages.questions", "feet.pages.questions.questions"
    )
    return 'entry_name = "run"\nmaximum_entries = 3\n' + child


def found(new, *others):
    return [str(fault) for fault in namesakes.faults(new, others)]


@pytest.mark.parametrize(
    ("before", "kind_before", "now", "kind"),
    [
        (WAYS, "choices", HOW_FAR, "number"),
        (WAYS, "choice", WAYS, "choices"),
        ("", "yes-no", WAYS, "choice"),
        ('map = "body"', "map", 'map = "body"\nrated = true', "map"),
        (inside(WAYS, "choice"), "group", inside(WAYS, "choices"), "group"),
        (
            f"{ROWS}\n{WAYS}", "grid",
            f'{ROWS}\ncolumns = [{{ id = "clinic_col", kind = "yes-no", text = "Sore?" }}]', "grid",
        ),
    ],
)  # fmt: skip
def test_an_id_that_is_answered_in_another_way_elsewhere_is_refused(before, kind_before, now, kind):
    first, second = form(before, kind_before), form(now, kind, 2)
    (fault,) = found(second, first)
    assert fault.startswith(
        "feet, page 1, clinic_more: clinic_more is answered in another way in clinic-feet, version 1"
    )
    assert f"(kind {kind_before})" in fault
    assert "clinic_more_new" in fault


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (WAYS, MORE_WAYS, "choice"),
        (HOW_FAR, "minimum = 1\nmaximum = 9", "number"),
        (inside(WAYS, "choice"), inside("", "yes-no").replace("clinic_way", "clinic_other"), "group"),
    ],
)
def test_other_options_bounds_and_entries_are_no_other_way(before, now, kind):
    assert found(form(now, kind, 2), form(before, kind)) == []


def test_it_is_told_of_a_form_of_any_number():
    assert len(found(form(HOW_FAR, "number", 3), form("", "yes-no"), form("", "yes-no", 2))) == 1
    assert found(form("", "yes-no")) == []
