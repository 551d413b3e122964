"""Safety at home: everybody sees the same pages, nobody has to answer, and no other form asks."""

from __future__ import annotations

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from intake.forms import conditions, needs, reader
from intake.forms.model import Kind, Need, Tier, When

SAFETY = reader.latest("safety")
ASKED = {question.id: question for question in SAFETY.questions() if question.kind is not Kind.DISPLAY}
MOST_PAGES, MOST_ON_A_PAGE = 3, 8
IDS = {
    *("ipv_humiliated", "ipv_afraid", "ipv_forced", "ipv_hurt", "ipv_weapon_choke", "ipv_now_safe", "sx_pressure"),
    *("contra_control", "ipv_unwanted_sex", "ipv_child_risk", "ipv_want"),
}
ALARM = ("violen", "abus", "safety", "danger", "harm", "hurt", "partner", "crime", "police")


def said(question):
    codes = question.codes or {"yes", "no"}
    values = some.sampled_from(sorted(codes)).map(lambda code: {"value": code})
    return some.one_of(values, some.sampled_from(["declined", "in-person", "skipped"]).map(lambda s: {"status": s}))


def test_it_asks_what_the_rules_read_and_no_more():
    assert set(ASKED) == IDS


def test_no_condition_stands_anywhere_in_it():
    always = When()
    assert SAFETY.private_when == always
    for section in SAFETY.sections:
        assert section.when == always
        assert all(page.when == always for page in section.pages)
    assert all(question.when == always for question in SAFETY.questions())


@for_any(some.fixed_dictionaries({}, optional={name: said(question) for name, question in ASKED.items()}))
def test_everybody_sees_the_same_pages_whatever_she_answers(answers):
    nothing_said = list(conditions.pages_shown(SAFETY, {}))
    assert list(conditions.pages_shown(SAFETY, answers)) == nothing_said
    assert conditions.visible(SAFETY, answers) == conditions.visible(SAFETY, {}) == set(SAFETY.by_id)


@pytest.mark.parametrize("name", ASKED)
def test_every_question_can_be_declined_or_kept_for_the_room(name):
    question = ASKED[name]
    assert question.need is Need.OR_DECLINED
    assert question.may_decline
    assert question.may_tell_in_person
    assert question.why


@pytest.mark.parametrize("status", ["declined", "in-person"])
def test_who_declines_everything_is_done(status):
    assert needs.missing(SAFETY, {name: {"status": status} for name in ASKED}) == ()


def test_nothing_in_it_is_of_a_lower_tier():
    assert {question.tier for question in SAFETY.questions()} == {Tier.SAFETY}
    assert all(section.private for section in SAFETY.sections)


def test_no_other_form_holds_anything_of_that_tier_or_of_these_names():
    # Staff type the numbers of a measure that is asked alone into a form of its own.
    others = [reader.load(*name) for name in reader.published() if name[0] not in {"safety", "measure-alone"}]
    questions = [each for form in others for q in form.questions() for each in (q, *q.questions)]
    assert [each.id for each in questions if each.tier is Tier.SAFETY or each.id in IDS] == []
    assert [section.id for form in others for section in form.sections if section.tier is Tier.SAFETY] == []


def test_what_must_be_told_to_others_is_said_before_the_question_about_children():
    order = list(SAFETY.by_id)
    assert order.index("ipv_law") == order.index("ipv_child_risk") - 1
    assert "By law" in SAFETY.by_id["ipv_law"].body


def test_no_heading_gives_the_topic_away():
    headings = [SAFETY.title, *(section.heading for section in SAFETY.sections)]
    headings += [page.title for section in SAFETY.sections for page in section.pages]
    headings += [question.text for question in SAFETY.questions() if question.kind is Kind.DISPLAY]
    assert [text for text in headings if any(word in text.lower() for word in ALARM)] == []


def test_it_is_short():
    pages = [page for section in SAFETY.sections for page in section.pages]
    assert len(pages) <= MOST_PAGES
    assert all(len(page.questions) <= MOST_ON_A_PAGE for page in pages)


def test_its_words_fit_a_device_of_the_clinic_and_her_own_at_home():
    texts = [part for q in SAFETY.questions() for part in (q.text, q.hint, q.why, q.body)]
    texts += [section.intro for section in SAFETY.sections]
    said = " ".join(filter(None, texts)).lower()
    assert not [words for words in ("device back", "go home", "before you go", "this room") if words in said]


def test_an_earlier_version_asks_the_same_questions_with_the_same_answers():
    first = reader.load("safety", 1)
    assert {q.id: q.codes for q in first.questions()} == {q.id: q.codes for q in SAFETY.questions()}
