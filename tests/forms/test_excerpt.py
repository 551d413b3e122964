"""One section asked by itself: what hangs on other sections takes the earlier answers."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.forms.conditions import kept_for_visit, pages_shown, visible
from intake.forms.excerpt import excerpt, offered
from intake.forms.model import Condition, Form, Kind, Operator, Page, Question, Section, Tier, When
from tests.builders import filled

FORM = reader.latest("intake")
ALONE = {"pre_private": {"value": "yes"}, "pre_who": {"value": "me"}}
LOSS = {"ob_births": {"value": [{"birth_outcome": {"value": "stillborn"}}]}}


def when(question, answer="yes", *, any_of=False, more=()):
    return When((Condition(question, Operator.EQUAL, answer), *more), any_of=any_of)


def question(name, **more):
    return Question(id=name, kind=more.pop("kind", Kind.YES_NO), text=name, tier=Tier.CARE, **more)


def form(*questions, page=None):
    first = Section("first", "First", (Page("", (question("a"), question("b"))),), Tier.CARE)
    second = Section("second", "Second", (Page("", questions, when=page or When()),), Tier.CARE, when=when("a"))
    return Form("x", 1, "X", "patient", "en-US", (first, second))


def yes(*names):
    return {name: {"value": "yes"} for name in names}


def test_only_the_section_is_there():
    found = excerpt(FORM, "bladder", {})
    assert [section.id for section in found.sections] == ["bladder"]
    assert found.by_id.keys() == {each.id for each in FORM.section("bladder").questions()}
    with pytest.raises(KeyError):
        excerpt(FORM, "no-such-part", {})


def test_a_question_that_hangs_on_an_earlier_answer_is_asked_where_it_held():
    asked = form(question("c", when=when("b")))
    assert visible(excerpt(asked, "second", yes("a", "b")), {}) == {"c"}
    assert visible(excerpt(asked, "second", yes("a")), {}) == frozenset()


def test_of_several_conditions_those_of_the_section_itself_are_left():
    c = Condition("c", Operator.EQUAL, "yes")
    both, either = when("b", more=(c,)), when("b", more=(c,), any_of=True)
    asked = form(question("c"), question("d", when=both), question("e", when=either))
    known = excerpt(asked, "second", yes("b"))
    assert visible(known, {}) == {"c", "e"}
    assert visible(known, yes("c")) == {"c", "d", "e"}
    unknown = excerpt(asked, "second", {})
    assert visible(unknown, yes("c")) == {"c", "e"}
    assert visible(unknown, {}) == {"c"}


def test_a_page_that_asks_nothing_keeps_its_number():
    found = excerpt(form(question("c"), page=when("b")), "second", {})
    (page,) = found.section("second").pages
    assert page.questions == ()
    assert list(pages_shown(found, {})) == []


def test_conditions_inside_a_group_mean_the_entry_first_and_then_what_is_known():
    group = question(
        "g", kind=Kind.GROUP, maximum_entries=5,
        questions=(question("i"), question("j", when=when("i")), question("k", when=when("b"))),
    )  # fmt: skip
    found = excerpt(form(group), "second", {}).by_id["g"]
    assert [child.id for child in found.questions] == ["i", "j"]
    found = excerpt(form(group), "second", yes("b")).by_id["g"]
    assert [child.id for child in found.questions] == ["i", "j", "k"]


def test_the_same_earlier_answers_give_the_same_form():
    assert excerpt(FORM, "feeding-sleep", LOSS) is excerpt(FORM, "feeding-sleep", dict(LOSS))


def test_after_a_loss_baby_care_is_not_asked_again_either():
    living = {"ob_births": {"value": [{"birth_outcome": {"value": "living"}}]}}
    asked, spared = (visible(excerpt(FORM, "feeding-sleep", known), {}) for known in (living, LOSS))
    assert "feed_mode" in asked
    assert "feed_mode" not in spared


def test_a_private_section_asks_first_whether_this_is_a_good_moment_whatever_was_said_then():
    found = excerpt(FORM, "intimacy", ALONE)
    assert [section.id for section in found.sections] == ["before", "intimacy"]
    asked = {each.id for each in found.section("before").questions() if each.kind is not Kind.DISPLAY}
    assert asked == {"pre_private", "pre_who"}
    assert "sx_ok_to_ask" not in visible(found, {"pre_private": {"value": "not-now"}, "pre_who": {"value": "me"}})
    assert [each.id for each in kept_for_visit(found, {"pre_private": {"value": "not-now"}})] == ["intimacy"]
    assert "sx_ok_to_ask" in visible(found, ALONE)


def test_a_section_that_does_not_fit_what_is_known_is_not_offered():
    asked = form(question("c"))
    assert [each.id for each in offered(asked, yes("a"))] == ["first", "second"]
    assert [each.id for each in offered(asked, {})] == ["first"]
    assert offered(reader.latest("safety"), {}) == ()


@pytest.mark.parametrize("section", [each.id for each in FORM.sections])
def test_every_part_of_the_intake_can_be_asked_and_handed_in_by_itself(section):
    known = filled(FORM, ALONE)
    found = excerpt(FORM, section, known)
    answers = filled(found, {})
    assert answers.keys() <= found.by_id.keys()
    assert visible(found, answers) <= found.by_id.keys()
