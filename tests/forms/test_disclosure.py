"""What may be shown below which ceiling: by every question of every published form."""

from __future__ import annotations

import pytest

from intake.forms import disclosure, reader
from intake.forms.disclosure import disclosed, restricted, seen, tier_of_reasons, tiers
from intake.forms.model import Condition, Form, Kind, Operator, Page, Question, Section, Tier, When

FORMS = [reader.load(*published) for published in reader.published()]
NAMES = [form.id for form in FORMS]


def asks(name, tier=Tier.CARE, **more):
    return Question(name, Kind.TEXT, f"{name}?", tier, **more)


def form_of(*questions, tier=Tier.CARE, **more):
    return Form("f", 1, "F", "staff", "en-US", (Section("s", "S", (Page("P", questions),), tier, **more),))


def given(*names):
    return {name: {"value": f"said {name}"} for name in names}


@pytest.mark.parametrize("ceiling", Tier)
def test_nothing_above_the_ceiling_is_shown(ceiling):
    form = form_of(*(asks(tier.value, tier) for tier in Tier))
    shown = disclosed(form, given(*Tier), ceiling)
    assert set(shown) == {tier.value for tier in Tier if tier.rank <= ceiling.rank}


def test_who_has_no_ceiling_sees_nothing():
    assert disclosed(form_of(asks("a", Tier.DESK)), given("a"), "") == {}
    assert restricted(form_of(asks("a", Tier.DESK)), "").sections == ()


def test_children_of_a_group_keep_their_own_tier():
    group = Question(
        "g", Kind.GROUP, "G?", Tier.CARE, questions=(asks("low"), asks("high", Tier.SENSITIVE)), maximum_entries=3
    )
    answers = {"g": {"value": [given("low", "high"), given("high")]}}
    assert disclosed(form_of(group), answers, Tier.CARE)["g"]["value"] == [given("low"), {}]
    assert disclosed(form_of(group), answers, Tier.SENSITIVE)["g"]["value"] == answers["g"]["value"]
    assert restricted(form_of(group), Tier.CARE).sections == ()


def test_a_question_that_hangs_on_a_private_answer_is_as_private():
    hangs = asks("b", when=When((Condition("a", Operator.ANSWERED, answer=True),)))
    form = form_of(asks("a", Tier.SENSITIVE), hangs)
    assert tiers(form)["b"] is Tier.SENSITIVE
    assert disclosed(form, given("a", "b"), Tier.CARE) == {}
    assert set(disclosed(form, given("a", "b"), Tier.SENSITIVE)) == {"a", "b"}


def test_what_is_hidden_from_the_patient_is_shown_to_nobody():
    hangs = asks("b", when=When((Condition("a", Operator.EQUAL, "yes"),)))
    assert set(disclosed(form_of(asks("a"), hangs), given("a", "b"), Tier.SAFETY)) == {"a"}


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
@pytest.mark.parametrize("ceiling", Tier)
def test_a_restricted_form_asks_everything_below_and_nothing_above(form, ceiling):
    mine = restricted(form, ceiling)
    for question in form.questions():
        whole = max([question.tier, *(child.tier for child in question.questions)], key=lambda tier: tier.rank)
        assert (question.id in mine.by_id) == (max(whole.rank, tiers(form)[question.id].rank) <= ceiling.rank)


def test_a_sign_is_as_private_as_what_raised_it():
    form = reader.latest("intake")
    assert tier_of_reasons(form, ["rf_bleed"]) is Tier.CARE
    assert tier_of_reasons(form, ["rf_bleed", "rf_harm_self"]) is Tier.SENSITIVE
    assert tier_of_reasons(form, ["birth_feeling"]) is Tier.SENSITIVE
    assert tier_of_reasons(form, ["nobody-knows"]) is Tier.SENSITIVE
    assert tier_of_reasons(form, []) is Tier.CARE


def test_what_is_asked_alone_is_never_less_than_safety_whatever_form_it_is_said_to_come_from():
    alone = reader.latest("safety")
    for form in FORMS:
        for question in alone.questions():
            assert tier_of_reasons(form, ["rf_bleed", question.id]) is Tier.SAFETY
    assert tier_of_reasons(reader.latest("care-plan"), ["numbers"]) is Tier.SAFETY, "nor is what was chosen there"
    assert tier_of_reasons(reader.latest("intake"), ["never"]) is not Tier.SAFETY, "a code that the form itself has"


def test_the_tiers_that_were_seen_are_named_children_included():
    form = reader.latest("intake")
    births = {"ob_births": {"value": [{"birth_feeling": {"value": 3}}]}, "id_pronouns": {"value": "she"}}
    assert seen(form, births) == {Tier.DESK, Tier.CARE, Tier.SENSITIVE}


def test_titles_of_private_parts_stay_private():
    sections = reader.latest("intake").sections
    assert all(section.tier.rank <= Tier.CARE.rank for section in disclosure.parts(Tier.CARE, sections))
    assert list(disclosure.parts(Tier.SAFETY, sections)) == list(sections)
