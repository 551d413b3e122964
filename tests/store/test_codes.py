"""Lists of codes: what stands on a day, how a file takes the place of another, and looking for a diagnosis."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.coding import codes as rules
from intake.clinical.coding.codes import Code
from intake.store import codes

OCTOBER, NEXT = date(2026, 10, 1), date(2027, 10, 1)
VISIT = date(2026, 11, 23)
FULL = [
    Code("N39.3", "Stress incontinence (female) (male)", OCTOBER),
    Code("N39.4", "Other specified urinary incontinence", OCTOBER, is_heading=True),
    Code("S39.012A", "Strain of muscle of lower back, initial encounter", OCTOBER),
    Code("Z37.0", "Single live birth", OCTOBER),
]


@pytest.fixture
def load(session, make):
    def loaded(kind, found):
        codes.load(session, kind, found, by=None, now=make.now)
        session.commit()

    return loaded


def procedure(title, since, until=None):
    return Code("97110", title, since, until, timed=True, fee=4500)


def test_without_a_file_ours_stand_and_nothing_is_full(session):
    found = codes.lists(session, VISIT, ["N39.3"])
    assert not found.is_full
    assert len(found.diagnoses) == len(rules.ours())
    assert (found.procedures, found.payers) == ({}, {})


def test_a_full_set_is_asked_only_for_what_was_written(session, load):
    load(codes.DIAGNOSIS, FULL)
    found = codes.lists(session, VISIT, ["N39.3", "N39.4", "A00.0"])
    assert found.is_full
    assert {code: each.is_heading for code, each in found.diagnoses.items()} == {"N39.3": False, "N39.4": True}
    assert codes.lists(session, VISIT, []).diagnoses == {}


def test_a_second_code_in_a_line_is_looked_up_too(session, load):
    load(codes.DIAGNOSIS, [*FULL, Code("F39", "Unspecified mood disorder", OCTOBER)])
    answers = {"dx": {"value": [{"dx_code": {"value": "N39.3 and F39"}}]}}
    assert set(codes.of_note(session, answers, VISIT).diagnoses) == {"N39.3", "F39"}


@pytest.mark.parametrize(("on", "full"), [(OCTOBER - timedelta(days=1), False), (OCTOBER, True), (NEXT, True)])
def test_a_set_stands_from_its_first_day(session, load, on, full):
    load(codes.DIAGNOSIS, FULL)
    assert codes.is_full(session, on) is full


def test_the_set_of_the_next_year_ends_the_one_before(session, load):
    load(codes.DIAGNOSIS, FULL)
    load(codes.DIAGNOSIS, [Code("N39.3", "Another title", NEXT)])
    wanted = ["N39.3", "S39.012A"]
    last = codes.lists(session, NEXT - timedelta(days=1), wanted).diagnoses
    assert set(last) == set(wanted)
    assert {code: each.title for code, each in codes.lists(session, NEXT, wanted).diagnoses.items()} == {
        "N39.3": "Another title"
    }


def test_a_set_that_comes_late_ends_before_the_one_that_is_there(session, load):
    load(codes.DIAGNOSIS, [Code("N39.3", "Another title", NEXT)])
    load(codes.DIAGNOSIS, FULL)
    assert [(since, until, count) for since, until, count in codes.releases(session)] == [
        (NEXT, None, 1), (OCTOBER, NEXT - timedelta(days=1), 4),
    ]  # fmt: skip


def test_the_same_set_again_takes_its_place(session, load):
    load(codes.DIAGNOSIS, FULL)
    load(codes.DIAGNOSIS, FULL[:1])
    assert [row.code for row in codes.of_kind(session, codes.DIAGNOSIS)] == ["N39.3"]


def test_a_procedure_is_what_it_was_on_the_day_of_the_visit(session, load):
    load(codes.PROCEDURE, [procedure("Old words", OCTOBER), Code("97140", "Manual", OCTOBER, timed=True)])
    load(codes.PROCEDURE, [procedure("New words", VISIT)])
    before = codes.lists(session, VISIT - timedelta(days=1), []).procedures
    assert (before["97110"].title, before["97140"].title) == ("Old words", "Manual")
    now = codes.lists(session, VISIT, []).procedures
    assert (now["97110"].title, now["97110"].fee, now["97140"].title) == ("New words", 4500, "Manual")


def payer(name, rule, since=rules.ALWAYS, until=None):
    return Code(name, name, since, until, rule=rule)


def rule_on(session, on, name="Maple"):
    return codes.lists(session, on, []).payers[name].rule


def test_the_usual_file_of_payers_again_changes_no_bill_of_before(session, load, make):
    today = make.now.date()
    change, before = today - timedelta(days=60), today - timedelta(days=200)
    load(codes.PAYER, [payer("Maple", "cms"), payer("Oak", "ama")])
    load(codes.PAYER, [payer("Maple", "ama", change)])
    load(codes.PAYER, [payer("MAPLE", "ama"), payer("Oak", "ama"), payer("Elm", "cms")])
    assert (rule_on(session, before), rule_on(session, change)) == ("cms", "ama")
    assert rule_on(session, today, "MAPLE") == "ama"
    assert (rule_on(session, before, "Oak"), rule_on(session, before, "Elm")) == ("ama", "cms")
    assert len(codes.of_kind(session, codes.PAYER)) == 5, "where nothing is new nothing is added"


def test_a_payer_that_is_known_has_another_rule_from_the_day_of_the_file_on(session, load, make):
    today = make.now.date()
    load(codes.PAYER, [payer("Maple", "ama", today - timedelta(days=60), today - timedelta(days=30))])
    load(codes.PAYER, [payer("Maple", "cms")])
    load(codes.PAYER, [payer("Maple", "ama", until=today + timedelta(days=30))])
    assert rule_on(session, today - timedelta(days=40)) == "ama"
    assert "Maple" not in codes.lists(session, today - timedelta(days=1), []).payers
    assert rule_on(session, today) == "ama"
    load(codes.PAYER, [payer("Maple", "cms", until=today - timedelta(days=1))])
    assert rule_on(session, today) == "ama", "days that are over are said with their first one"


def test_a_payer_in_other_letters_is_the_same_payer(session, load):
    load(codes.PAYER, [Code("Maple", "Maple", rules.ALWAYS, rule="cms")])
    load(codes.PAYER, [Code("MAPLE", "MAPLE", OCTOBER, rule="ama")])
    assert [(c.code, c.rule) for c in codes.on_day(session, codes.PAYER, VISIT)] == [("MAPLE", "ama")]
    before = OCTOBER - timedelta(days=1)
    assert [(c.code, c.rule) for c in codes.on_day(session, codes.PAYER, before)] == [("Maple", "cms")]


def test_a_list_can_stand_from_the_first_day_of_the_calendar(session, load):
    load(codes.PROCEDURE, [procedure("Exercise", date.min)])
    load(codes.PROCEDURE, [procedure("Exercises", date.min)])
    assert codes.lists(session, VISIT, []).procedures["97110"].title == "Exercises"


def test_payers_have_their_rules(session, load):
    load(codes.PAYER, [Code("Maple", "Maple", OCTOBER, rule="ama")])
    assert codes.lists(session, VISIT, []).payers["Maple"].rule == "ama"


def test_a_diagnosis_is_found_by_its_words_in_any_order(session, load):
    assert [code.code for code in codes.search(session, "incontinence STRESS", VISIT, 10)] == ["N39.3"]
    load(codes.DIAGNOSIS, FULL)
    assert [code.code for code in codes.search(session, "muscle strain", VISIT, 10)] == ["S39.012A"]
    assert [code.code for code in codes.search(session, "n39", VISIT, 10)] == ["N39.3"]  # headings are not found
    assert codes.search(session, "100%", VISIT, 10) == []


def test_no_more_are_found_than_asked_for(session):
    assert len(codes.search(session, "", VISIT, 7)) == 7


def test_a_row_is_found_by_its_id(session, load):
    load(codes.PAYER, [Code("Maple", "Maple", OCTOBER, rule="ama")])
    (row,) = codes.of_kind(session, codes.PAYER)
    assert codes.get(session, row.id) is row
