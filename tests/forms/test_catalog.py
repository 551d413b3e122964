"""The published forms: plain words, nothing forced that is hard to say, and every text for a reason."""

from __future__ import annotations

import re

import pytest

from intake.clinical.readability import grade
from intake.forms import reader
from intake.forms.model import Kind, Need, Tier
from intake.library.reader import exercises, topics

FORMS = [reader.load(*name) for name in reader.published()]
PATIENT = [form for form in FORMS if form.audience == "patient"]
HARDEST, HARDEST_WARNING = 8.0, 6.0
LONG = 12  # words
FEWEST_WORDS = 4  # the grade of a label of one long word says nothing
UNWELCOME = re.compile(r"\b(should|normal|normally|compliance|compliant|non-?compliant)\b", re.IGNORECASE)


def with_children(form):
    for question in form.questions():
        yield question
        yield from question.questions


def spoken(form):
    """(where, text) for everything a patient reads."""
    for section in form.sections:
        yield f"{section.id} heading", section.heading
        yield f"{section.id} intro", section.intro
        for page in section.pages:
            yield f"{section.id} page", page.title
            yield f"{section.id} page intro", page.intro
    for question in with_children(form):
        for name in ("text", "hint", "why", "body", "low_label", "high_label"):
            yield f"{question.id} {name}", getattr(question, name)
        for option in (*question.options, *question.rows, *question.columns):
            yield (
                f"{question.id} {getattr(option, 'code', 'column')}",
                f"{option.text}. {option.hint}" if option.hint else option.text,
            )


TEXTS = [(where, text) for form in PATIENT for where, text in spoken(form) if text]
LEGAL_NAME = "Notice of Privacy Practices"  # what the law calls it; a plainer word would be another paper


def grade_of(text):
    return grade(text.replace(LEGAL_NAME, "notice"))


@pytest.mark.parametrize("name", reader.published(), ids=str)
def test_every_form_of_the_catalog_can_be_read(name):
    form = reader.load(*name)
    assert (form.id, form.version) == name
    assert form.audience in {"patient", "clinician"}


def test_the_latest_version_is_the_highest():
    for form in FORMS:
        assert reader.latest(form.id).version == max(version for name, version in reader.published() if name == form.id)


def test_whole_questions_with_their_hints_read_at_grade_8_at_most():
    texts = {q.id: f"{q.text} {q.hint}" for form in PATIENT for q in with_children(form)}
    hard = {
        name: round(grade_of(text), 1)
        for name, text in texts.items()
        if len(text.split()) >= FEWEST_WORDS and grade_of(text) > HARDEST
    }
    assert hard == {}


def test_every_longer_text_a_patient_reads_is_at_grade_8_at_most():
    long = [(where, text) for where, text in TEXTS if len(text.split()) >= LONG]
    hard = {where: round(grade_of(text), 1) for where, text in long if grade_of(text) > HARDEST}
    assert hard == {}


def test_the_warning_signs_read_easier_still():
    section = next(form for form in PATIENT if form.id == "intake").section("warning-signs")
    text = " ".join(
        f"{question.text}. " + " ".join(f"{option.text}." for option in question.options)
        for question in section.questions()
    )
    assert grade(text) <= HARDEST_WARNING


def test_no_text_orders_judges_or_calls_anything_normal():
    assert [(where, text) for where, text in TEXTS if UNWELCOME.search(text)] == []


def test_the_check_for_unwelcome_words_finds_them():
    assert UNWELCOME.search("You should do this.")
    assert UNWELCOME.search("Is this normal?")
    assert not UNWELCOME.search("abnormally shoulder")


def test_every_sensitive_question_says_why_and_may_be_declined():
    silent = [
        question.id
        for form in PATIENT
        for question in with_children(form)
        if question.tier.rank >= Tier.SENSITIVE.rank and question.kind is not Kind.DISPLAY
        if not (question.why or _group_of(form, question).why)
        or not (question.may_decline or _group_of(form, question).may_decline)
    ]
    assert silent == []


def _group_of(form, question):
    return next((group for group in form.questions() if question in group.questions), question)


def test_nothing_sensitive_is_simply_required():
    forced = [
        question.id
        for form in PATIENT
        for question in with_children(form)
        if question.tier.rank >= Tier.SENSITIVE.rank and question.need is Need.REQUIRED
    ]
    assert forced == []


# Those are answered alone, and typed in by staff.
ELSEWHERE = [form for form in FORMS if form.id not in {"safety", "measure-alone"}]


def test_no_other_form_asks_for_safety_at_home_on_a_phone_anybody_may_hold():
    words = re.compile(
        r"\b(violen|abus|coerc|hit you|afraid of (your|a) partner|safe at home|force[ds]? you)", re.IGNORECASE
    )
    texts = [(where, text) for form in PATIENT if form in ELSEWHERE for where, text in spoken(form)]
    assert [where for where, text in texts if words.search(text)] == []
    assert [q.id for form in ELSEWHERE for q in with_children(form) if q.tier is Tier.SAFETY] == []


def test_every_section_has_an_honest_guess_of_its_minutes():
    for form in PATIENT:
        assert all(1 <= section.minutes <= 10 for section in form.sections)


def test_options_of_a_question_read_differently():
    double = [
        question.id
        for form in FORMS
        for question in with_children(form)
        if len({option.text for option in question.options}) != len(question.options)
    ]
    assert double == []


def test_quoted_intake_answers_exist_in_the_intake():
    asked = reader.latest("intake").by_id
    for form in FORMS:
        quoted = {name for q in form.questions() for name in q.quotes} | {n for s in form.sections for n in s.quotes}
        assert quoted <= set(asked), f"{form.id} quotes what nobody asks"


def options_of(name):
    plan = reader.latest("care-plan")
    return next(question.codes for question in with_children(plan) if question.id == name)


def test_a_plan_offers_exactly_the_exercises_of_the_library():
    assert options_of("cp_exercise") == {name for name, exercise in exercises().items() if exercise.tier == "care"}


@pytest.mark.parametrize(("question", "tier"), [("cp_topics", "care"), ("cp_private_topics", "sensitive")])
def test_a_plan_offers_exactly_the_handouts_of_each_tier(question, tier):
    assert options_of(question) == {name for name, topic in topics().items() if topic.tier == tier}
