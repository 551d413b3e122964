"""Goals over the notes of a patient, their numbers, and what a goal had better not say."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from intake.clinical import goals
from intake.clinical.goals import CARE, CLOSE, Source
from tests.sizes import size

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def entry(text=None, number=None, prefix="goal_", **parts):
    said = {f"{prefix}{name}": {"value": value} for name, value in {"text": text, **parts}.items() if value}
    return said | ({f"{prefix}number": {"value": {"number": str(number)}}} if number else {})


def note(*entries, group=CARE):
    return {group: {"value": list(entries)}}


WALK = entry("Walk 30 minutes dry", 1, measure="minutes", baseline="10", target="30", due="2026-08-01")


def test_a_goal_is_followed_by_its_number():
    notes = [
        Source(AUGUST, note(entry("Walk 40 minutes dry", 1, status="met", now="40")), "c"),
        Source(JUNE, note(WALK), "a"),
        Source(JULY, note(entry(None, 1, status="progressing", now="20")), "b"),
    ]
    (goal,) = goals.over_time(notes)
    assert (goal.text, goal.baseline, goal.target, goal.due) == ("Walk 40 minutes dry", "10", "30", AUGUST)
    assert [(step.on, step.status, step.now, step.source) for step in goal.steps] == [
        (JUNE, "", "", "a"), (JULY, "progressing", "20", "b"), (AUGUST, "met", "40", "c"),
    ]  # fmt: skip
    assert (goal.status, goal.now, goal.is_open) == ("met", "40", False)


def test_a_goal_without_a_number_is_known_by_its_words():
    notes = [
        Source(JUNE, note(entry("Walk  dry"))),
        Source(JULY, note(entry("walk dry", status="partly"), entry("Lift"))),
    ]
    assert [(goal.number, goal.text, goal.status) for goal in goals.over_time(notes)] == [
        (1, "walk dry", "partly"), (2, "Lift", "new"),
    ]  # fmt: skip


def test_goals_about_sex_are_counted_by_themselves():
    answers = {**note(WALK), **note(entry("No more sting", 1, "gc_"), group=CLOSE)}
    assert [goal.text for goal in goals.over_time([Source(JUNE, answers)])] == ["Walk 30 minutes dry"]
    assert [goal.text for goal in goals.over_time([Source(JUNE, answers)], CLOSE)] == ["No more sting"]


def test_no_notes_have_no_goals():
    assert goals.over_time([]) == ()
    assert goals.over_time([Source(JUNE, {})]) == ()


@pytest.mark.parametrize(
    ("today", "status", "late"), [(AUGUST, "", False), (date(2026, 8, 2), "", True), (date(2026, 8, 2), "met", False)]
)
def test_a_goal_is_late_the_day_after(today, status, late):
    (goal,) = goals.over_time([Source(JUNE, note(WALK)), Source(JULY, note(entry(None, 1, status=status)))])
    assert goal.is_overdue(today) is late


def numbers(answer):
    return [int(each["goal_number"]["value"]["number"]) for each in answer["value"]]


def test_a_new_goal_gets_the_next_number_no_goal_ever_had():
    before = goals.over_time([Source(JUNE, note(WALK, entry("Lift", 4)))])
    found = goals.numbered(note(entry("Lift"), entry("Sleep"), WALK, entry("Run")), CARE, before)
    assert numbers(found) == [4, 5, 1, 6]


def test_the_same_words_twice_are_two_goals():
    before = goals.over_time([Source(JUNE, note(entry("Lift", 1)))])
    assert numbers(goals.numbered(note(entry("Lift"), entry("Lift")), CARE, before)) == [1, 2]


def test_where_all_have_numbers_nothing_is_added():
    assert goals.numbered(note(WALK), CARE, ()) is None
    assert goals.numbered({}, CARE, ()) is None


def test_numbers_are_whole_and_differ_whatever_is_written():
    random = Random(7)
    words = ["Lift", "Walk", "Run", "Sleep", "Sit"]
    for _turn in range(size(5_000, 100_000)):
        earlier = random.sample(words, random.randrange(1, 5))
        before = goals.over_time([Source(JUNE, note(*(entry(text, 2 * at + 1) for at, text in enumerate(earlier))))])
        own = {goal.text: goal.number for goal in before}
        written = random.sample(words, random.randrange(1, 5))
        got = numbers(goals.numbered(note(*map(entry, written)), CARE, before))
        assert len(set(got)) == len(got)
        fresh = [number for text, number in zip(written, got, strict=True) if text not in own]
        assert fresh == list(range(max(own.values()) + 1, max(own.values()) + 1 + len(fresh)))
        assert all(own.get(text, number) == number for text, number in zip(written, got, strict=True))


def said(answers):
    return [remark.text for remark in goals.remarks(answers)]


@pytest.mark.parametrize(
    "words",
    [
        "Satisfy her partner again",
        "Be able to please my husband",
        "Sex to keep him happy",
        "Penetration for my partner",
    ],
)
def test_a_goal_is_never_to_please_a_partner(words):
    assert goals.PLEASING in said(note(entry(words, prefix="gc_"), group=CLOSE))


@pytest.mark.parametrize(
    "words",
    [
        "Sex twice a week",
        "Intercourse 2x/week",
        "intercourse 3 times per month",
        "sex every weekend",
        "Weekly intimacy",
        "sex once a month",
    ],
)
def test_a_goal_about_sex_is_never_how_often(words):
    assert goals.COUNTING in said(note(entry(words), group=CARE))
    assert goals.COUNTING in said(note(entry(words, prefix="gc_"), group=CLOSE))


@pytest.mark.parametrize(
    "words",
    [
        "“I want it to stop stinging”, pain 2 of 10 or less",
        "Insert dilator size 3 with pain 2 of 10 or less",
        "Feel at home in my body, 7 of 10",
    ],
)
def test_her_own_words_are_taken_as_they_are(words):
    assert said(note(entry(words, prefix="gc_"), group=CLOSE)) == []


def test_a_goal_about_sex_among_the_others_is_sent_where_fewer_read_it():
    assert said(note(entry("Return to intercourse with pain 2 of 10 or less"))) == [goals.ELSEWHERE]


@pytest.mark.parametrize(
    "words",
    [
        "Walk 30 minutes 5 times a week with a dry pad",
        "Carry the car seat for my partner",
        "Keep up with them at the park daily",
    ],
)
def test_goals_about_anything_else_may_count(words):
    assert said(note(entry(words))) == []
