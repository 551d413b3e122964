"""Who is asked what: conditions follow FHIR's enableWhen, and what is hidden does not count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intake.forms import conditions
from intake.forms.model import Condition, Form, Kind, Operator, Option, Page, Question, Section, Tier, Unit, When

Op = Operator
CELSIUS = (Unit("Cel", "°C"), Unit("[degF]", "°F", Decimal(5) / 9, Decimal(-160) / 9))


def ask(name, kind=Kind.YES_NO, when=(), **more):
    conditions_ = tuple(Condition(*condition) for condition in when)
    return Question(name, kind, f"{name}?", Tier.CARE, when=When(conditions_, any_of=more.pop("any_of", False)), **more)


def form(*questions, section_when=(), page_when=(), **more):
    page = Page("", questions, when=When(tuple(Condition(*condition) for condition in page_when)))
    sections = (
        Section("first", "First", (Page("", (ask("start"),)),), Tier.CARE),
        Section("second", "Second", (page,), Tier.CARE, when=When(tuple(Condition(*c) for c in section_when)), **more),
    )
    private = When((Condition("start", Op.EQUAL, "yes"),)) if more.get("private") else When()
    return Form("walk", 1, "Walk", "patient", "en-US", sections, private)


def value(given):
    return {"value": given}


TEXT, SCALE, CODES = ask("q", Kind.STRING), ask("q", Kind.SCALE), ask("q", Kind.CHOICES)
WARM = ask("q", Kind.NUMBER, units=CELSIUS, decimals=1)
HOLDS = [
    (TEXT, "red", Op.EQUAL, "red", True),
    (TEXT, "red", Op.EQUAL, "blue", False),
    (TEXT, "red", Op.NOT_EQUAL, "blue", True),
    (TEXT, "red", Op.NOT_EQUAL, "red", False),
    (SCALE, 5, Op.GREATER, 4, True),
    (SCALE, 5, Op.GREATER, 5, False),
    (SCALE, 5, Op.AT_LEAST, 5, True),
    (SCALE, 5, Op.AT_LEAST, 6, False),
    (SCALE, 5, Op.LESS, 6, True),
    (SCALE, 5, Op.LESS, 5, False),
    (SCALE, 5, Op.AT_MOST, 5, True),
    (SCALE, 5, Op.AT_MOST, 4, False),
    (SCALE, 0, Op.EQUAL, 0, True),
    (SCALE, 0, Op.ANSWERED, True, True),
    (CODES, ["a", "b"], Op.CONTAINS, "b", True),
    (CODES, ["a", "b"], Op.CONTAINS, "c", False),
    (CODES, ["a"], Op.ANSWERED, True, True),
    (CODES, ["a"], Op.ANSWERED, False, False),
    (WARM, {"number": "38.0", "unit": "Cel"}, Op.AT_LEAST, 38, True),
    (WARM, {"number": "37.9", "unit": "Cel"}, Op.AT_LEAST, 38, False),
    (WARM, {"number": "100.5", "unit": "[degF]"}, Op.AT_LEAST, 38, True),
    (WARM, {"number": "100.3", "unit": "[degF]"}, Op.AT_LEAST, 38, False),
    (WARM, {"number": "9", "unit": "Cel"}, Op.LESS, 10, True),
]


@pytest.mark.parametrize(("question", "given", "operator", "wanted", "expected"), HOLDS)
def test_each_operator_compares_as_it_says(question, given, operator, wanted, expected):
    when = When((Condition("q", operator, wanted),))
    assert conditions.holds(when, {"q": value(given)}, {"q": question}) is expected


@pytest.mark.parametrize("operator", Operator)
@pytest.mark.parametrize("answer", [None, {"status": "declined"}, {"status": "in-person"}, {"status": "skipped"}])
def test_of_no_answer_nothing_holds_but_that_there_is_none(operator, answer):
    answers = {} if answer is None else {"q": answer}
    asks_for_none = operator is Op.ANSWERED
    when = When((Condition("q", operator, False if asks_for_none else "x"),))
    assert conditions.holds(when, answers, {"q": TEXT}) is asks_for_none


def test_all_conditions_hold_or_any_as_the_form_says():
    both = (Condition("a", Op.EQUAL, "yes"), Condition("b", Op.EQUAL, "yes"))
    answers, questions = {"a": value("yes"), "b": value("no")}, {"a": ask("a"), "b": ask("b")}
    assert not conditions.holds(When(both), answers, questions)
    assert conditions.holds(When(both, any_of=True), answers, questions)
    assert conditions.holds(When(), {}, {})


def test_what_is_hidden_hides_what_hangs_on_it():
    chain = form(
        ask("a", when=[("start", Op.EQUAL, "yes")]),
        ask("b", when=[("a", Op.EQUAL, "yes")]),
        ask("c", when=[("b", Op.EQUAL, "yes")]),
    )
    answers = {"start": value("yes"), "a": value("yes"), "b": value("yes"), "c": value("yes")}
    assert conditions.visible(chain, answers) == {"start", "a", "b", "c"}
    answers["start"] = value("no")
    assert conditions.visible(chain, answers) == {"start"}
    assert set(conditions.visible_answers(chain, answers)) == {"start"}


def test_a_question_can_be_asked_because_another_was_not_answered():
    follow = form(ask("a", when=[("start", Op.ANSWERED, False)]))
    assert "a" in conditions.visible(follow, {})
    assert "a" in conditions.visible(follow, {"start": {"status": "declined"}})
    assert "a" not in conditions.visible(follow, {"start": value("no")})


@pytest.mark.parametrize("part", ["section_when", "page_when"])
def test_a_whole_page_or_section_is_left_out(part):
    found = form(ask("a"), **{part: [("start", Op.EQUAL, "yes")]})
    assert conditions.visible(found, {"start": value("yes")}) == {"start", "a"}
    assert conditions.visible(found, {"start": value("no")}) == {"start"}
    assert [page for _section, _number, page in conditions.pages_shown(found, {})] == [found.sections[0].pages[0]]


def test_a_private_section_is_kept_for_the_visit_while_she_is_not_alone():
    found = form(ask("a"), private=True)
    assert conditions.visible(found, {"start": value("no")}) == {"start"}
    assert [section.id for section in conditions.kept_for_visit(found, {"start": value("no")})] == ["second"]
    assert conditions.visible(found, {"start": value("yes")}) == {"start", "a"}
    assert conditions.kept_for_visit(found, {"start": value("yes")}) == ()


def test_in_an_entry_a_name_means_the_entry_first_and_then_the_form():
    born = ask("born", Kind.CHOICE, options=(Option("vaginal", "Vaginal"), Option("cesarean", "C-section")))
    children = (
        born,
        ask("tear", when=[("born", Op.EQUAL, "vaginal")]),
        ask("scar", when=[("born", Op.EQUAL, "cesarean"), ("start", Op.EQUAL, "yes")]),
    )
    group = ask("births", Kind.GROUP, questions=children, maximum_entries=5)
    found = form(group)
    entry = {"born": value("cesarean")}
    assert conditions.entry_visible(group, entry, {"start": value("yes")}, found) == {"born", "scar"}
    assert conditions.entry_visible(group, entry, {"start": value("no")}, found) == {"born"}
    assert conditions.entry_visible(group, {"born": value("vaginal")}, {}, found) == {"born", "tear"}
    assert conditions.entry_visible(group, {}, {}, found) == {"born"}


def test_the_answer_of_another_entry_does_not_leak_in():
    group = ask("births", Kind.GROUP, questions=(ask("a"), ask("b", when=[("a", Op.EQUAL, "yes")])), maximum_entries=5)
    counted = {"births": value([{"a": value("yes")}])}
    assert conditions.entry_visible(group, {}, counted, form(group)) == {"a"}


def test_a_number_without_its_unit_is_in_the_first():
    assert conditions.in_first_unit(WARM, {"number": "37.0"}) == Decimal("37.0")
    assert round(conditions.in_first_unit(WARM, {"number": "98.6", "unit": "[degF]"}), 6) == 37


def test_an_entry_that_was_left_blank_does_not_count():
    group = ask("births", Kind.GROUP, questions=(ask("a"),), maximum_entries=5)
    answers = {"births": value([{}, {"a": value("yes")}])}
    assert conditions.visible_answers(form(group), answers) == {"births": value([{"a": value("yes")}])}


@pytest.mark.parametrize(
    ("given", "expected"), [("red", True), ("blue", True), ("green", False), ({"other": "red"}, False)]
)
def test_one_code_or_another_of_the_same_question(given, expected):
    when = When((Condition("q", Op.EQUAL, "red"), Condition("q", Op.EQUAL, "blue")), any_of=True)
    assert conditions.holds(when, {"q": value(given)}, {"q": ask("q", Kind.CHOICE)}) is expected
    assert not conditions.holds(when, {"q": {"status": "declined"}}, {"q": ask("q", Kind.CHOICE)})


@pytest.mark.parametrize(
    ("ticked", "some", "every"), [(["a"], True, False), (["a", "b"], True, True), (["c"], False, False)]
)
def test_one_tick_or_another_of_the_same_question_and_both_where_all_must_hold(ticked, some, every):
    both = (Condition("q", Op.CONTAINS, "a"), Condition("q", Op.CONTAINS, "b"))
    assert conditions.holds(When(both, any_of=True), {"q": value(ticked)}, {"q": CODES}) is some
    assert conditions.holds(When(both), {"q": value(ticked)}, {"q": CODES}) is every
    assert not conditions.holds(When(both, any_of=True), {"q": {"status": "declined"}}, {"q": CODES})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"q": value("blue")}, True),
        ({"q": value("green")}, False),
        ({"q": value("green"), "other": value(["x"])}, True),
        ({"q": value("green"), "other": value(["red"])}, False),
    ],
)
def test_codes_of_several_questions_are_not_taken_for_one_another(answers, expected):
    listed = (("q", Op.EQUAL, "red"), ("other", Op.CONTAINS, "x"), ("q", Op.EQUAL, "blue"))
    when = When(tuple(Condition(*each) for each in listed), any_of=True)
    assert conditions.holds(when, answers, {"q": ask("q", Kind.CHOICE), "other": CODES}) is expected
