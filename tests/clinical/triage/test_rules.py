"""The table of rules: complete, tested both ways, and about questions that are asked."""

import pytest

from intake.clinical.triage import Severity, reads, safety
from intake.clinical.triage.rules import RULES
from intake.forms import bodymap, reader
from intake.forms.model import Kind
from tests.clinical.triage import test_calls_today, test_emergencies, test_visit_topics

TABLES = (test_emergencies, test_calls_today, test_visit_topics)
LEFT_OVER = "S14"  # worked out by the engine
OF_THE_REFERENCE = {
    *(f"E{number}" for number in range(1, 11)),
    *(f"S{number}" for number in range(1, 15)),
    "S1b",
    *(f"D{number}" for number in range(1, 16)),
}


def test_every_rule_is_tested_both_ways():
    rules = {rule.id for rule in RULES} | {LEFT_OVER}
    raised = {rule for table in TABLES for rule, _ in table.RAISED}
    assert raised == {rule for table in TABLES for rule, _ in table.NOT_RAISED} == rules


def test_every_rule_of_the_clinical_reference_is_in_one_table_and_one_only():
    ordinary = [rule.id for rule in RULES] + [LEFT_OVER]
    about_safety = [rule.id for rule in safety.SAFETY_RULES]
    ours = {rule for rule in ordinary if rule.startswith("P")}
    assert sorted(ordinary + about_safety) == sorted(OF_THE_REFERENCE | ours)
    assert ours == {"P2", "P6", "P7", "P8", "P9"}


def test_the_level_of_a_rule_is_the_one_its_letter_says():
    levels = {"E": Severity.EMERGENCY, "S": Severity.SAME_DAY, "D": Severity.DISCUSS}
    ours = {
        **dict.fromkeys(("P6", "P8", "P9"), Severity.SAME_DAY),
        **dict.fromkeys(("P2", "P7"), Severity.DISCUSS),
    }
    for rule in (*RULES, *safety.SAFETY_RULES):
        assert rule.severity is (ours[rule.id] if rule.id in ours else levels[rule.id[0]])


def test_nothing_about_safety_at_home_is_among_the_rules():
    assert {rule.id for rule in RULES}.isdisjoint({"E9", "S11", "S12"})


def _questions(questions):
    for question in questions:
        yield question
        yield from _questions(question.questions)


def _codes(question):
    choices = {each.code for each in (*question.options, *question.rows)}
    regions = {each.code for each in bodymap.regions(question.map)} if question.kind is Kind.MAP else set()
    answers = {"yes", "no"} if question.kind is Kind.YES_NO else set()
    return choices | regions | answers | ({"not-sure"} if question.not_sure else set())


@pytest.mark.parametrize(("form", "read"), [("intake", reads()), ("safety", safety.reads())])
def test_the_form_asks_every_question_a_rule_reads_and_offers_every_code(form, read):
    offered = {q.id: _codes(q) for q in _questions(reader.latest(form).questions())}
    unknown = {question: codes - offered.get(question, set()) for question, codes in read.items()}
    assert read.keys() <= offered.keys()
    assert not {question: codes for question, codes in unknown.items() if codes}
