"""An answer as people read it, on a page or on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from intake.forms.model import Kind, Option, Question, Tier, Unit
from intake.forms.words import clock, day, entry, say

OPTIONS = (Option("walk", "Walking"), Option("lift", "Lifting"))


def ask(kind, name="q", **more):
    return Question(name, kind, "A question?", Tier.CARE, **more)


CELLS = (ask(Kind.CHOICE, "left", options=OPTIONS), ask(Kind.NUMBER, "range", units=(Unit("deg", "°"),)))
SAID = [
    (ask(Kind.YES_NO), "not-sure", "Not sure"),
    (ask(Kind.CHOICE, options=OPTIONS), "walk", "Walking"),
    (ask(Kind.CHOICE, options=OPTIONS), {"other": "Yoga"}, "Yoga"),
    (ask(Kind.CHOICES, options=OPTIONS), ["walk", {"other": "Yoga"}], "Walking; Yoga"),
    (ask(Kind.NUMBER), {"number": "12"}, "12"),
    (ask(Kind.NUMBER, units=(Unit("Cel", "°C"),)), {"number": "38.0", "unit": "Cel"}, "38.0 °C"),
    (ask(Kind.DATE), "2026-05-03", "May 3, 2026"),
    (ask(Kind.SCALE, maximum=Decimal(10)), 0, "0/10"),
    (ask(Kind.GRID, rows=OPTIONS, options=OPTIONS), {"lift": "walk"}, "Lifting: Walking"),
    (
        ask(Kind.GRID, rows=OPTIONS, columns=CELLS),
        {"walk": {"range": {"number": "40", "unit": "deg"}}},
        "A question? 40 °",
    ),
    (ask(Kind.TEXT), "As it is", "As it is"),
    (ask(Kind.CONSENT, options=OPTIONS), "walk", "Walking"),
]


@pytest.mark.parametrize(("question", "value", "words"), SAID)
def test_a_given_answer_is_said_in_words(question, value, words):
    assert words in say(question, {"value": value})


@pytest.mark.parametrize("rated", [False, True])
def test_places_on_a_map_are_said_by_name(rated):
    question = ask(Kind.MAP, map="clock", rated=rated)
    words = say(question, {"value": {"12": 4, "6": 2} if rated else ["12", "6"]})
    assert words.count(";") == 1
    assert ("4/10" in words) is rated


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": "declined"}, "Prefers not to say"),
        ({"status": "in-person"}, "Would rather say it in person"),
        ({"status": "skipped"}, "Not answered"),
        ({"status": "not-examined", "reason": "deferred"}, "Not examined: deferred"),
        (None, ""),
    ],
)
def test_no_answer_is_said_as_what_it_is_and_never_as_no(answer, words):
    assert say(ask(Kind.YES_NO), answer) == words


@pytest.mark.parametrize(("value", "words"), [("2026", "2026"), ("2026-05", "May 2026"), ("2026-05-03", "May 3, 2026")])
def test_a_date_is_said_as_exactly_as_it_is_known(value, words):
    assert day(value) == words


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        *(("00:05", "12:05 AM"), ("07:10", "7:10 AM"), ("11:59", "11:59 AM"), ("12:00", "12:00 PM")),
        *(("14:30", "2:30 PM"), ("23:59", "11:59 PM"), ("", ""), ("after lunch", "after lunch")),
    ],
)
def test_a_time_of_day_is_said_as_people_of_the_us_read_it(kept, words):
    assert clock(kept) == words
    assert say(ask(Kind.STRING, time=True), {"value": kept}) == words
    assert say(ask(Kind.STRING), {"value": kept}) == kept, "other words stay as they are"


def test_an_entry_of_a_group_is_one_line_of_what_was_answered():
    group = ask(Kind.GROUP, questions=(ask(Kind.DATE, "born"), ask(Kind.YES_NO, "tear"), ask(Kind.TEXT, "note")))
    line = entry(group, {"born": {"value": "2024"}, "tear": {"status": "declined"}})
    assert "2024" in line
    assert "say" not in line
    assert say(group, {"value": [{"born": {"value": "2024"}}]}) == line


def test_words_are_translated_where_they_come_from_us_and_never_where_from_her():
    question = ask(Kind.CHOICES, options=OPTIONS)
    assert say(question, {"value": ["walk", {"other": "Yoga"}]}, str.upper) == "WALKING; Yoga"
