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


def scar(part, **said):
    return {f"{part}_scar_{name}": {"value": value} for name, value in said.items()}


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
    ("vi_wnl", {"vi_pulse": number(190, "/min")}),
    ("vi_wnl", {"vi_oxygen": number(80, "%")}),
    ("pe_wnl", {"pe_scars": [scar("pe", closed="yes"), scar("pe", closed="no")]}),
    ("pe_wnl", {"pe_scars": [scar("pe", pain=4)]}),
    ("ab_wnl", {"ab_scars": [scar("ab", closed="no", pain=0)]}),
    ("ab_wnl", {"ab_scars": [scar("ab", pain=9)]}),
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
    ("vi_wnl", {"vi_pulse": number(48, "/min"), "vi_oxygen": number(93, "%")}),
    ("pe_wnl", {"pe_scars": [scar("pe", closed="yes", pain=3)]}),
    ("ab_wnl", {"ab_scars": [scar("ab", closed="yes", pain=0)]}),
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


LEFT_OUT = [
    ("pe_wnl", "pe_bulbocavernosus"),
    ("pe_wnl", "pe_skin"),
    ("hp_wnl", "hp_coccyx"),
    ("lp_wnl", "lp_slump"),
    ("us_wnl", "us_residual"),
    ("vi_wnl", "vi_bp_systolic"),
]


def left_out(reason):
    return {"status": "not-examined", "reason": reason}


@pytest.mark.parametrize("reason", ["deferred", "declined", "unable", "not-indicated"])
@pytest.mark.parametrize(("mark", "test"), LEFT_OUT)
def test_a_part_is_normal_though_one_test_was_left_out_with_its_reason(mark, test, reason):
    answers = {mark: {"value": ["wnl"]}, test: left_out(reason)}
    assert list(normal.contradicted(FORM, answers)) == []


def test_a_part_is_normal_though_a_row_of_a_table_was_left_out():
    assert told("lp_wnl", lp_slump={"left": {"lp_slump_nt": "deferred"}}) == {}


@pytest.mark.parametrize("reason", ["declined", "not-indicated"])
@pytest.mark.parametrize("part", ["vitals", "breathing", "abdomen", "lumbopelvic", "hip", "perineum", "imaging"])
def test_a_part_of_which_nothing_was_examined_is_not_normal(part, reason):
    section = next(each for each in FORM.sections if each.id == part)
    mark = next(each.id for each in section.questions() if each.id.endswith(normal.MARK))
    asked = [each for each in section.questions() if each.examined and not each.when.conditions]
    answers = {each.id: left_out(reason) for each in asked}
    found = list(normal.contradicted(FORM, answers | {mark: {"value": ["wnl"]}}))
    assert found == [(mark, normal.NOT_LOOKED_AT, {})]
    for name in answers:
        some = {**answers, mark: {"value": ["wnl"]}}
        del some[name]
        assert list(normal.contradicted(FORM, some)) == [], name


def test_a_table_whose_every_row_was_left_out_was_not_examined():
    section = next(each for each in FORM.sections if each.id == "lumbopelvic")
    answers = {each.id: left_out("declined") for each in section.questions() if each.examined}
    answers["lp_wnl"] = {"value": ["wnl"]}
    answers["lp_slump"] = {"value": {side: {"lp_slump_nt": "declined"} for side in ("left", "right")}}
    assert [text for _name, text, _values in normal.contradicted(FORM, answers)] == [normal.NOT_LOOKED_AT]
    answers["lp_slump"]["value"]["left"] = {"lp_slump_result": "neg"}
    assert list(normal.contradicted(FORM, answers)) == []


def test_the_line_stands_on_the_page_and_stops_signing_until_one_of_both_is_changed():
    answers = {"us_wnl": {"value": ["wnl"]}, "us_residual": {"value": number(400, "mL")}}
    assert contradictions(FORM, answers)["us_wnl"].text == normal.OUT_OF_RANGE
    assert "us_wnl" in {reason.question for reason in reasons_not_to_sign(FORM, answers)}
    del answers["us_wnl"]
    assert "us_wnl" not in {reason.question for reason in reasons_not_to_sign(FORM, answers)}


def test_every_list_names_questions_and_answers_that_are_there():
    asked = {
        each.id: each for question in FORM.questions() for each in (question, *question.columns, *question.questions)
    }
    for name, out in (normal.ANSWERS | normal.CELLS).items():
        question = asked[name]
        assert out <= (question.codes or {"yes", "no"}), name
    assert normal.NUMBERS.keys() | normal.MARKED <= asked.keys()
    assert all(asked[name].kind in {Kind.NUMBER, Kind.SCALE} for name in normal.NUMBERS)
