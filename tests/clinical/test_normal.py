"""'Within normal limits' is a statement: beside a finding that is not normal it cannot be signed."""

from __future__ import annotations

import pytest

from intake.clinical import normal
from intake.clinical.signing import contradictions, reasons_not_to_sign
from intake.forms import reader
from intake.forms.model import Kind

FORM = reader.latest("evaluation")


def number(value, unit):
    return {"number": str(value), "unit": unit}


def told(mark, **findings):
    answers = {name: {"value": value} for name, value in findings.items()} | {mark: {"value": ["wnl"]}}
    return {name: (text, values) for name, text, values in normal.contradicted(FORM, answers)}


CONTRADICTED = [
    ("vi_wnl", {"vi_bp_systolic": number(185, "mm[Hg]"), "vi_bp_diastolic": number(120, "mm[Hg]")}),
    ("vi_wnl", {"vi_temperature": number(38, "Cel")}),
    ("vi_wnl", {"vi_gait": ["waddling"]}),
    ("br_wnl", {"br_pattern": "paradoxical"}),
    ("ab_wnl", {"ab_doming": ["curl-up"]}),
    ("lp_wnl", {"lp_aslr": {"left": {"lp_aslr_plain": "5"}, "right": {"lp_aslr_plain": "5"}}}),
    ("lp_wnl", {"lp_provocation": {"p4": {"lp_prov_right": "pos"}}}),
    ("lp_wnl", {"lp_dermatomes": {"l4": {"lp_derm_left": "absent"}}}),
    ("hp_wnl", {"hp_mmt": {"hip-abduction": {"hp_mmt_left": "3+"}}}),
    ("hp_wnl", {"hp_palpation": {"levator": {"hp_palpation_left": number(6, "{score}")}}}),
    ("hp_wnl", {"hp_coccyx": 4}),
    ("hp_wnl", {"hp_chart": {"tailbone": 4}}),
    ("pe_wnl", {"pe_erythema": ["6"]}),
    ("pe_wnl", {"pe_qtip": {"6": 4}}),
    ("pe_wnl", {"pe_skin": ["intact", "fissure"]}),
    ("us_wnl", {"us_residual": number(400, "mL")}),
]
AGREED = [
    ("vi_wnl", {"vi_bp_systolic": number(139, "mm[Hg]"), "vi_bp_diastolic": number(89, "mm[Hg]")}),
    ("vi_wnl", {"vi_gait": ["typical"], "vi_affect": ["tired"]}),
    ("vi_wnl", {"vi_gait": [{"other": "a little slow"}]}),
    ("lp_wnl", {"lp_aslr": {"left": {"lp_aslr_plain": "0"}, "right": {"lp_aslr_plain": "0"}}}),
    ("hp_wnl", {"hp_mmt": {"hip-abduction": {"hp_mmt_left": "4"}}, "hp_coccyx": 0}),
    ("pe_wnl", {"pe_qtip": {"6": 0}, "pe_skin": ["intact"]}),
    ("us_wnl", {"us_residual": number(149, "mL")}),
    ("us_wnl", {}),
]


@pytest.mark.parametrize(("mark", "findings"), CONTRADICTED)
def test_a_part_is_not_normal_beside_a_finding_that_is_not(mark, findings):
    found = told(mark, **findings)
    assert list(found) == [mark]
    text, values = found[mark]
    assert text == normal.OUT_OF_RANGE
    assert FORM.by_id[next(iter(findings))].text in values["findings"]


@pytest.mark.parametrize(("mark", "findings"), AGREED)
def test_usual_findings_stand_beside_it(mark, findings):
    assert told(mark, **findings) == {}


@pytest.mark.parametrize(("mark", "findings"), CONTRADICTED)
def test_a_finding_without_the_mark_contradicts_nothing(mark, findings):
    answers = {name: {"value": value} for name, value in findings.items()}
    assert list(normal.contradicted(FORM, answers)) == []


@pytest.mark.parametrize(("reason", "told_of"), [("declined", True), ("unable", True), ("not-indicated", False)])
def test_a_part_that_was_not_looked_at_is_not_normal(reason, told_of):
    answers = {"pe_wnl": {"value": ["wnl"]}, "pe_skin": {"status": "not-examined", "reason": reason}}
    found = [(name, text) for name, text, _values in normal.contradicted(FORM, answers)]
    assert found == ([("pe_wnl", normal.NOT_LOOKED_AT)] if told_of else [])
    seen = answers | {"pe_introitus": {"value": "closed"}}
    assert list(normal.contradicted(FORM, seen)) == []


def test_a_reading_left_out_with_its_reason_says_nothing_of_gait():
    answers = {"vi_wnl": {"value": ["wnl"]}, "vi_bp_systolic": {"status": "not-examined", "reason": "deferred"}}
    assert list(normal.contradicted(FORM, answers)) == []


def test_the_line_stands_on_the_page_and_stops_signing_until_one_of_both_is_changed():
    answers = {"us_wnl": {"value": ["wnl"]}, "us_residual": {"value": number(400, "mL")}}
    assert contradictions(FORM, answers)["us_wnl"].text == normal.OUT_OF_RANGE
    assert "us_wnl" in {reason.question for reason in reasons_not_to_sign(FORM, answers)}
    del answers["us_wnl"]
    assert "us_wnl" not in {reason.question for reason in reasons_not_to_sign(FORM, answers)}


def test_every_list_names_questions_and_answers_that_are_there():
    asked = {each.id: each for question in FORM.questions() for each in (question, *question.columns)}
    for name, out in (normal.ANSWERS | normal.CELLS).items():
        question = asked[name]
        assert out <= (question.codes or {"yes", "no"}), name
    assert normal.NUMBERS.keys() | normal.MARKED <= asked.keys()
    assert all(asked[name].kind in {Kind.NUMBER, Kind.SCALE} for name in normal.NUMBERS)
