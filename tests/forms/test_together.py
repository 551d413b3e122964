"""One tap for "nothing here": it answers what stands open above it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.clinical.triage import triage
from intake.forms import needs, reader, rules, together
from intake.forms.entry import Entry
from intake.forms.model import Condition, Form, Kind, Need, Operator, Option, Page, Question, Section, Tier, When
from intake.forms.problems import Problem
from tests.patients import TODAY

FORM = reader.latest("intake")
SIGNS = (Option("fever", "Fever"), Option("chills", "Chills"), Option("none", "None", exclusive=True))


def ask(name, kind=Kind.YES_NO, **more):
    return Question(name, kind, f"{name}?", Tier.CARE, **more)


SICK = ask("sick", Kind.CHOICES, options=SIGNS, need=Need.REQUIRED)
FEELS = ask("feels", none="yes", need=Need.REQUIRED)
TIRED = ask("tired", need=Need.REQUIRED)
SINCE = ask("since", when=When((Condition("tired", Operator.EQUAL, "yes"),)), need=Need.REQUIRED)
FOLDED = ask("folded", fold=True)
WORDS = ask("words", Kind.TEXT)
ASKED = (SICK, FEELS, TIRED, SINCE, FOLDED, WORDS)


def form(*asked, none="Nothing of this", private=False):
    page = Page("Signs", asked, none=none)
    section = Section("signs", "Signs", (page,), Tier.CARE, private=private)
    return Form("made-up", 1, "Made up", "patient", "en-US", (section,))


def tap(answers=None, entry=None, made=None):
    made = made or form(*ASKED)
    found = together.answered(made, made.sections[0].pages[0], answers or {}, entry or Entry())
    assert all(answer["together"] for answer in found.values())
    return {name: answer["value"] for name, answer in found.items()}


def test_everything_in_sight_is_answered_with_what_means_nothing_is_there():
    assert tap() == {"sick": ["none"], "feels": "yes", "tired": "no"}


SAID = [{"value": ["fever"]}, {"value": ["none"]}, {"status": "declined"}, {"status": "in-person"}]


@pytest.mark.parametrize("kept", SAID)
def test_what_she_has_said_before_is_left_alone(kept):
    assert "sick" not in tap({"sick": kept})


def test_what_she_ticked_on_the_page_itself_is_left_alone():
    assert tap(entry=Entry(answers={"tired": {"value": "yes"}})) == {"sick": ["none"], "feels": "yes"}


def test_what_she_typed_and_cannot_be_read_is_left_for_her_to_mend():
    assert "sick" not in tap(entry=Entry(problems=[Problem("sick", "Please keep one of the two.")]))


def test_what_she_skipped_or_has_just_emptied_is_answered():
    assert "tired" in tap({"tired": {"status": "skipped"}})
    assert "tired" in tap({"tired": {"value": "yes"}}, Entry(emptied={"tired"}))


def test_what_hangs_on_another_answer_of_the_page_is_never_answered_for_her():
    assert "since" not in tap({"tired": {"value": "yes"}})


def test_what_is_hidden_is_not_answered():
    hidden = replace(TIRED, when=When((Condition("before", Operator.EQUAL, "yes"),)))
    first = Page("First", (ask("before"),))
    made = form(hidden)
    section = replace(made.sections[0], pages=(first, *made.sections[0].pages))
    made = replace(made, sections=(section,))
    page = section.pages[1]
    assert together.answered(made, page, {"before": {"value": "no"}}, Entry()) == {}
    assert together.answered(made, page, {"before": {"value": "yes"}}, Entry()).keys() == {"tired"}


# ---------------------------------------------------------------- which pages may have one


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (form(ask("own", Kind.TEXT, need=Need.REQUIRED)), "one tap would leave it open"),
        (form(ask("mild", Kind.CHOICE, options=(Option("a", "A"),), need=Need.OR_DECLINED)), "would leave it open"),
        (form(replace(TIRED, tier=Tier.SENSITIVE)), "one tap must not answer what is private"),
        (form(TIRED, private=True), "one tap must not answer what is private"),
        (form(ask("agree", Kind.CONSENT, body="All", options=SIGNS)), "nor a consent"),
        (form(replace(SICK, none="never")), "'never' is not offered"),
        (form(replace(TIRED, fold=True)), "cannot be folded away"),
    ],
)
def test_a_page_whose_button_would_leave_something_open_or_say_what_is_private_is_refused(wrong, problem):
    assert any(problem in str(found) for found in rules.faults(wrong))


def test_a_sound_page_with_such_a_button_is_not_refused():
    assert list(rules.faults(form(*ASKED))) == []


WITH_BUTTON = [(section, page) for section in FORM.sections for page in section.pages if page.none]


def test_the_intake_has_such_buttons_and_none_where_thoughts_are_asked_about():
    asked = {question.id for _section, page in WITH_BUTTON for question in page.questions}
    assert {"rf_heart", "rf_legs", "mh_conditions", "bl_empty", "bo_strain", "pop_bulge"} <= asked
    assert asked.isdisjoint({"rf_harm_self", "rf_harm_baby", "rf_unreal", "md_ok", "sx_ok_to_ask", "rel_in"})


@pytest.mark.parametrize(("section", "page"), WITH_BUTTON, ids=lambda part: getattr(part, "title", part))
def test_a_button_of_the_intake_raises_no_warning_and_leaves_nothing_required_open(section, page):
    said = together.answered(FORM, page, {}, Entry())
    assert triage(said, today=TODAY) == ()
    assert needs.missing(FORM, said, page.questions) == ()
