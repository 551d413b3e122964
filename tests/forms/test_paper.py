"""A form on paper: the same questions in the same words, and nothing that only works on a screen."""

from __future__ import annotations

import pytest

from intake.forms import paper, reader
from intake.forms.errors import FormError
from intake.forms.model import Condition, Form, Kind, Operator, Option, Page, Question, Section, Tier, When
from intake.forms.paper import ON_SCREEN, PaperPart

PRINTED = ["intake", "check-in"]
MEASURE = reader.latest("check-in").by_id["ci_measure"].text


def question(name, kind=Kind.YES_NO, **more):
    return Question(id=name, kind=kind, text=f"Is it {name}?", tier=Tier.CARE, **more)


def when(*conditions, any_of=False):
    return When(tuple(Condition(name, Operator(op), answer) for name, op, answer in conditions), any_of=any_of)


def form(*questions, page=None, **more):
    sections = (Section("s", "S", (Page("", questions, when=page or When()),), Tier.CARE, heading="Part one"),)
    return Form("x", 1, "X", more.pop("audience", "patient"), "en-US", more.pop("sections", sections))


def asked(made):
    return [each for part in paper.parts(made) for each in part.asked]


@pytest.mark.parametrize("name", PRINTED)
def test_every_question_is_on_the_paper_in_its_own_words_and_numbers_run_on(name):
    made = reader.latest(name)
    texts = {each.text for each in asked(made)}
    for each in made.questions():
        if each.id not in ON_SCREEN:
            assert {each.text, *(child.text for child in each.questions)} <= texts
    numbers = [each.number for each in asked(made) if each.number]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", PRINTED)
def test_each_question_offers_its_ways_to_be_left_out(name):
    made = reader.latest(name)
    ways = {each.text: each.ways for each in asked(made)}
    for each in made.questions():
        if each.may_decline and each.id not in ON_SCREEN:
            assert "Prefer not to say" in ways[each.text], each.id
        if each.may_tell_in_person and each.id not in ON_SCREEN:
            assert any("in person" in way for way in ways[each.text]), each.id


def test_private_parts_stand_last():
    found = [part.is_private for part in paper.parts(reader.latest("intake"))]
    assert True in found
    assert found == sorted(found)


def test_nothing_about_violence_and_nothing_for_clinicians_is_ever_put_on_paper():
    for name in ("safety", "evaluation", "care-plan"):
        assert not paper.is_printable(reader.latest(name))
        with pytest.raises(FormError, match="never put on paper"):
            paper.parts(reader.latest(name))
    hidden = question("g", Kind.GROUP, questions=(Question(id="v", kind=Kind.TEXT, text="V", tier=Tier.SAFETY),))
    assert not paper.is_printable(form(hidden))


def test_what_only_works_on_a_screen_is_left_out():
    words = " ".join(f"{each.text} {each.hint} {each.paragraphs}" for each in asked(reader.latest("intake")))
    for screen in ("Tap ", "press Continue", "button to leave", "a device that nobody"):
        assert screen not in words


def test_a_condition_is_said_as_one_would_say_it():
    options = tuple(Option(code, code.title()) for code in ("often", "sometimes", "rarely", "seldom", "never"))
    made = form(
        question("a"),
        question("b", when=when(("a", "=", "yes"))),
        question("c", when=when(("a", "=", "yes"))),
        question("d", Kind.CHOICE, options=options),
        question("e", when=when(("d", "=", "often"), ("d", "=", "sometimes"), any_of=True)),
        question("f", when=when(*(("d", "=", option.code) for option in options[:4]), any_of=True)),
        question("g", when=when(("d", "!=", "never"))),
        question("h", when=when(("a", "=", "yes"), ("d", "=", "often"))),
    )
    assert [each.condition for each in asked(made)] == [
        "",
        "If yes:",
        "If you chose “Yes” at question 1:",
        "",
        "If you chose “Often” / “Sometimes” at question 4:",
        "Only if this fits what you said at question 4:",
        "Only if this fits what you said at question 4:",
        "Only if this fits what you said at questions 1, 4:",
    ]


def test_a_condition_of_a_page_names_the_questions_it_is_about():
    first = Page("", (question("a"),))
    second = Page("", (question("b"), question("c")), when=when(("a", "=", "yes")))
    made = form(sections=(Section("s", "S", (first, second), Tier.CARE, heading="Part one"),))
    assert [each.condition for each in asked(made) if each.condition] == [
        "Questions 2 to 3. If you chose “Yes” at question 1:"
    ]


def test_inside_an_entry_a_condition_names_the_question_by_its_words():
    child = question("j", when=when(("i", "=", "yes")))
    made = form(question("g", Kind.GROUP, questions=(question("i"), child), maximum_entries=5, entry_name="birth"))
    assert [each.text for each in asked(made) if each.kind == paper.ENTRY] == ["Birth 1", "Birth 2"]
    assert [each.condition for each in asked(made) if each.condition] == ["If you chose “Yes” at “Is it i?”:"] * 2


def test_no_condition_says_that_a_baby_died():
    conditions = " ".join(each.condition for each in asked(reader.latest("intake"))).lower()
    assert conditions
    for word in ("stillb", "died", "loss", "passed"):
        assert word not in conditions.replace("my baby died after birth", "")


def test_a_part_without_a_question_is_left_out():
    empty = Section("e", "E", (Page("", ()),), Tier.CARE, heading="Empty")
    found = paper.parts(
        form(sections=(empty, Section("s", "S", (Page("", (question("a"),)),), Tier.CARE, heading="S")))
    )
    assert [type(part) for part in found] == [PaperPart]


@pytest.mark.parametrize("name", ["follow-up", "bladder-diary", "safety", "evaluation"])
def test_what_builds_on_earlier_words_or_is_kept_for_days_is_not_put_on_paper(name):
    assert not paper.is_printable(reader.latest(name))


def test_what_is_set_for_her_on_a_screen_is_left_to_her_therapist_on_paper():
    (asked,) = (each for part in paper.parts(reader.latest("check-in")) for each in part.asked if each.text == MEASURE)
    assert asked.hint == "Leave this one to your therapist."


def test_only_a_form_with_agreements_is_signed_for_them():
    assert [paper.has_agreements(reader.latest(name)) for name in ("intake", "check-in")] == [True, False]
