"""Who writes a form is told what is hard to read, and is never stopped for it."""

from __future__ import annotations

from dataclasses import replace

from intake.clinical import plainness
from intake.forms import checking
from tests.forms.made import FEET, with_question

HARD = "Considering everything mentioned previously, how significantly does metatarsal discomfort impair ambulation?"


def test_a_text_above_grade_8_is_pointed_out_with_its_place():
    (warning,) = plainness.with_warnings(checking.of_text(with_question(text=HARD))).faults
    assert warning.is_warning
    assert str(warning).startswith("feet, page 1, clinic_more: this reads at grade ")
    assert "Considering everything" in str(warning)


def test_the_form_is_good_all_the_same():
    assert plainness.with_warnings(checking.of_text(with_question(text=HARD))).form is not None


def test_plain_words_and_short_labels_are_fine():
    assert plainness.with_warnings(checking.of_text(FEET)).faults == ()
    assert plainness.with_warnings(checking.of_text(with_question(text="Metatarsal discomfort?"))).faults == ()


def test_introductions_bodies_reasons_and_options_are_looked_at_too():
    hard = f"{HARD} {HARD}"
    more = f'why = "{hard}"\noptions = [{{ code = "a", text = "{hard}" }}]'
    text = with_question(more, kind="choice").replace('tier = "care"', f'tier = "care"\nintro = "{hard}"')
    places = [fault.place for fault in plainness.with_warnings(checking.of_text(text)).faults]
    assert places == ["feet", "feet, page 1, clinic_more", "feet, page 1, clinic_more, a"]


def test_what_has_to_be_mended_comes_first():
    checked = checking.of_text(with_question("colour = 1", text=HARD))
    assert plainness.with_warnings(checked) == checked


def test_forms_for_clinicians_may_speak_their_language():
    checked = checking.of_text(with_question(text=HARD))
    clinician = replace(checked, form=replace(checked.form, audience="clinician"))
    assert plainness.with_warnings(clinician).faults == ()
