"""A number of an examination never stands alone: unit, position, method, and why it was not measured."""

from __future__ import annotations

import pytest

from intake.forms import measured, reader, rules
from intake.forms.errors import FormError
from intake.forms.model import Kind

FORM = reader.load("evaluation", 2)
PAGES = [(section, page) for section in FORM.sections for page in section.pages]
REASONS = {"declined", "deferred", "not-indicated", "unable"}
NOT_MEASURED = {"im_healing", "pr_total", "poc_amount", "poc_frequency", "poc_duration"}  # told by calendar and clock
HELD = [(f"{section.id}: {page.title}", page) for section, page in PAGES if measured.numbers(page)]
ON_PAGES = [(q.id, q) for _name, page in HELD for q in measured.numbers(page)]


def inside(question):
    return [each for each in (*question.columns, *question.questions) if each.kind in measured.COUNTED]


@pytest.mark.parametrize(("name", "page"), HELD, ids=[name for name, _page in HELD])
def test_a_page_of_numbers_says_in_which_position_and_by_which_method(name, page):
    assert bool(page.position) != bool(page.position_from), name
    assert bool(page.method) != bool(page.method_from), name


@pytest.mark.parametrize(("name", "question"), ON_PAGES, ids=[name for name, _question in ON_PAGES])
def test_a_number_has_its_unit_and_can_be_not_examined_for_a_reason(name, question):
    assert question.examined, name
    numbers = inside(question) or [question]
    assert all(each.units or each.kind is Kind.SCALE or each.rated for each in numbers), name


def test_no_number_of_the_examination_escapes_these_rules():
    sections = [s for s in FORM.sections if any(q.examined for q in s.questions())]
    counted = {q.id for s in sections for q in s.questions() if q.kind in measured.COUNTED or q.rated or inside(q)}
    assert counted - {name for name, _question in ON_PAGES} == {"co_post_pain"} & counted
    elsewhere = {q.id for s in FORM.sections if s not in sections for q in s.questions() if q.kind in measured.COUNTED}
    assert elsewhere == NOT_MEASURED | {"co_post_pain"}


def test_every_table_of_findings_says_row_by_row_why_something_was_not_tested():
    tables = [q for q in FORM.questions() if q.kind is Kind.GRID and q.columns]
    lacking = {q.id for q in tables if not any(c.id.endswith("_nt") and c.codes == REASONS for c in q.columns)}
    assert tables
    assert lacking == set()


def test_nothing_measured_is_preset_and_no_option_is_chosen_beforehand():
    assert [q.id for q in FORM.questions() if q.preset] == []


def test_a_section_can_be_marked_as_examined_and_found_so_unless_it_is_internal():
    marks = {s.id: [q.id for q in s.questions() if q.id.endswith("_wnl")] for s in FORM.sections}
    examined = {s.id for s in FORM.sections if any(q.examined for q in s.questions())}
    internal = {"internal", "popq", "rectal", "biofeedback"}
    assert {name for name, found in marks.items() if found} == examined - internal
    assert all(len(found) <= 1 for found in marks.values())
    assert {tuple(FORM.by_id[q].codes) for found in marks.values() for q in found} == {("wnl",)}


PAGE = """
id = "feet"
title = "Feet"
tier = "care"

[[pages]]
{keys}

[[pages.questions]]
id = "ft_how"
kind = "{kind}"
text = "How"
{options}
"""
HEAD = """
id = "feet"
version = 1
title = "Feet"
audience = "clinician"
language = "en-US"
sections = ["feet"]
"""


def made(tmp_path, keys, kind="string", options=""):
    folder = tmp_path / "feet" / "1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(HEAD, encoding="utf-8")
    text = PAGE.format(keys=keys, kind=kind, options=options)
    (folder / "feet.toml").write_text(text, encoding="utf-8")
    return reader.read(folder)


def test_position_and_method_can_be_told_by_a_question_of_the_page(tmp_path):
    page = made(tmp_path, 'position = "Standing"\nmethod_from = "ft_how"').sections[0].pages[0]
    assert (page.position, page.method_from) == ("Standing", "ft_how")
    assert measured.told_by(page) == ("ft_how",)


@pytest.mark.parametrize("keys", ['position_from = "ft_where"', 'method_from = "ft_where"'])
def test_a_page_cannot_be_told_by_what_nobody_asks(tmp_path, keys):
    with pytest.raises(FormError, match="no choice or string that comes before it"):
        made(tmp_path, keys)


def test_a_page_cannot_be_told_by_an_answer_that_has_no_words(tmp_path):
    with pytest.raises(FormError, match="no choice or string"):
        made(tmp_path, 'position_from = "ft_how"', kind="yes-no")


def test_an_instrument_nobody_drew_is_refused(tmp_path):
    with pytest.raises(FormError, match="there is no instrument 'sextant'"):
        made(tmp_path, 'instrument = "sextant"')


def test_the_rules_of_forms_hold_of_the_evaluation():
    assert list(rules.faults(FORM)) == []
