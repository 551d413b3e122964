"""A form as its paper asks it: what only makes sense on a screen was asked of nobody, and decides nothing."""

from __future__ import annotations

import pytest

from intake.clinical.measures.pack import Said, form_text
from intake.forms import checking, conditions, disclosure, reader
from intake.forms.model import Kind
from intake.forms.paper import ON_SCREEN, is_printable, numbers
from intake.forms.transcript import as_on_paper, asked, numbered, said, without_words, written
from tests.forms.made import FEET, PACK, question

PRINTED = [(name, version) for name, version in reader.published() if is_printable(reader.load(name, version))]
PRIVATE = {"sx_ok_to_ask": {"value": "yes"}, "sx_resumed": {"value": "yes"}}


@pytest.mark.parametrize(("name", "version"), PRINTED)
def test_it_asks_what_the_paper_asks_under_the_same_numbers(name, version):
    form = reader.load(name, version)
    found = as_on_paper(form)
    assert set(form.by_id) - set(found.by_id) == {each for each in ON_SCREEN if each in form.by_id}
    assert numbers(found) == numbers(form)
    conditions_left = [each.question for q in found.questions() for each in q.when.conditions]
    assert not ON_SCREEN & set(conditions_left)
    assert as_on_paper(form) is found


def test_private_answers_count_though_nobody_said_that_she_was_alone():
    form = reader.latest("intake")
    assert "sx_resumed" not in conditions.visible_answers(form, PRIVATE)
    assert "sx_resumed" in conditions.visible_answers(as_on_paper(form), PRIVATE)
    assert conditions.kept_for_visit(as_on_paper(form), {"pre_who": {"value": "helper"}}) == ()


def test_no_answer_moves_to_a_lower_tier():
    form = reader.latest("intake")
    whole, paper = disclosure.tiers(form), disclosure.tiers(as_on_paper(form))
    assert {name: tier for name, tier in paper.items() if tier != whole[name]} == {}


def test_the_private_sheets_come_last():
    found = [section.private for section in as_on_paper(reader.latest("intake")).sections]
    assert True in found
    assert found == sorted(found)


def test_a_part_asks_what_holds_and_what_hangs_on_a_question_beside_it():
    form = as_on_paper(reader.latest("intake"))
    section = form.section("bladder")
    shown = conditions.visible(form, {})
    here = {q.id for _page, several in asked(section, shown) for q in several}
    assert {"bl_leak_any", "bl_leak_when"} <= here
    assert not any(form.by_id[name].kind is Kind.DISPLAY for name in here)
    assert asked(section, frozenset()) == ()


def test_what_the_clinic_sets_on_a_screen_is_written_by_hand_on_paper():
    form = as_on_paper(reader.latest("check-in"))
    shown = conditions.visible(form, {})
    here = {q.id for section in form.sections for _page, several in asked(section, shown) for q in several}
    assert {"ci_name_1", "ci_activity_1", "ci_measure", "ci_leaks"} <= here
    began = {"ci_measure": {"value": "bladder", "by": "start"}, "ci_pain": {"value": 3, "by": "paper"}}
    assert said(form, began | {"ci_name_1": {"value": "Run", "by": "start"}}) == began, "she was shown no words"
    assert written(began).keys() == {"ci_pain"}


def test_each_question_carries_its_number_and_is_one_object():
    form = reader.latest("intake")
    question = form.by_id["bl_leak_any"]
    found = numbered(form, question, str)
    assert found.text == f"{numbers(form)['bl_leak_any']}. {question.text}"
    assert found.why == ""
    assert numbered(form, question, str) is found


def test_without_its_words_a_form_asks_the_same_by_numbers_and_what_is_ours_keeps_its_words():
    form = checking.of_text(form_text(PACK, Said())).form
    found = without_words(as_on_paper(form))
    assert {name: (q.kind, q.codes, q.tier) for name, q in found.by_id.items()} == {
        name: (q.kind, q.codes, q.tier) for name, q in as_on_paper(form).by_id.items()
    }
    told = repr(found)
    assert not [words for words in ("invented", "cloud", "Invented for tests") if words in told]
    assert found.by_id["pre_who"] == as_on_paper(form).by_id["pre_who"]
    assert without_words(as_on_paper(form)) is found


def test_nothing_inside_a_question_keeps_its_words():
    text = question(
        'maximum_entries = 2\nentry_name = "Silver fish"\nquestions = [{ id = "clinic_one", kind = "choice", '
        'text = "Golden fish?", hint = "Blue fish", options = [{ code = "a", text = "Red fish" }] }]',
        kind="group",
    )
    checked = checking.of_text(FEET + text)
    assert checked.form is not None, list(map(str, checked.faults))
    assert "fish" in repr(checked.form)
    assert "fish" not in repr(without_words(checked.form))
