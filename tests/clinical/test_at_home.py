"""Who may be asked about safety at home in her own form: whoever said that she is alone, and in doubt nobody."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.at_home import NOT_OTHERWISE, PRIVATE, SAID, age, may_be_asked
from intake.forms import reader
from intake.forms.model import Kind

TODAY, GROWN = date(2026, 9, 15), date(1993, 4, 27)
YES = {name: {"value": code} for name, code in PRIVATE.items()}


NOBODY_ELSE = {name: {"value": code} for name, code in SAID.items()}


def asked(just_said=YES, told=None, born=GROWN, here=NOBODY_ELSE, asks=frozenset(SAID)):
    return may_be_asked(just_said, {**NOBODY_ELSE, **(told or {})}, here, asks=asks, born=born, today=TODAY)


def test_whoever_says_that_she_is_alone_and_answers_for_herself_may_be():
    assert asked()


@pytest.mark.parametrize("code", ["not-now", "not-sure", None])
def test_whoever_does_not_say_yes_to_being_alone_may_not(code):
    assert not asked({**YES, "pre_private": {"value": code} if code else {"status": "skipped"}})
    assert not asked({"pre_who": YES["pre_who"]})


@pytest.mark.parametrize("code", ["helper", "staff", None])
def test_whoever_is_helped_may_not(code):
    assert not asked({**YES, "pre_who": {"value": code} if code else {"status": "declined"}})
    assert not asked({"pre_private": YES["pre_private"]})


def test_what_was_said_another_time_does_not_count():
    assert not asked({}, told=YES, here={**NOBODY_ELSE, **YES})
    assert not asked({"pre_who": YES["pre_who"]}, told=YES, here={**NOBODY_ELSE, **YES})


@pytest.mark.parametrize(
    ("born", "is_asked"), [(date(2008, 9, 15), True), (date(2008, 9, 16), False), (date(2008, 2, 29), True)]
)
def test_on_her_eighteenth_birthday_she_may_be_and_not_before(born, is_asked):
    assert asked(born=born) == is_asked


def test_one_born_on_a_leap_day_is_a_year_older_on_the_first_of_march():
    assert [age(date(2008, 2, 29), day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]


@pytest.mark.parametrize("code", ["minor", "with-guardian", "proxy", "discuss"])
def test_whoever_does_not_sign_for_herself_may_not(code):
    assert not asked(told={"cons_minor": {"value": code}})
    assert asked(told={"cons_minor": {"value": "self"}})


@pytest.mark.parametrize("answer", [{"value": "yes"}, {"value": "not-sure"}, {"status": "declined"}])
def test_whoever_says_that_others_know_her_way_in_or_does_not_say_may_not(answer):
    assert not asked(told={"id_portal_shared": answer})
    assert not asked(told={"id_portal_shared": answer}, asks=()), "another form has asked it"
    assert not asked(here={"id_portal_shared": answer}), "her newest word is in this form"


def test_before_she_has_come_to_that_question_she_may_not_whatever_she_said_in_an_earlier_form():
    assert not asked(here={})
    assert asked(here={}, asks=()), "this form does not ask it"
    assert not may_be_asked(YES, {}, {}, asks=(), born=GROWN, today=TODAY), "nothing has asked it yet"


def test_the_intake_asks_what_it_hangs_on_with_these_codes():
    form = reader.latest("intake")
    for name, code in {**PRIVATE, **SAID, **NOT_OTHERWISE}.items():
        question = form.by_id[name]
        assert code in (question.codes or {"yes", "no"}) or question.kind is Kind.YES_NO
    assert {condition.question for condition in form.private_when.conditions} == set(PRIVATE)
