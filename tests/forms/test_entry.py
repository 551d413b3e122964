"""A submitted page becomes answers; one bad value costs nothing but itself, and a forged page is refused whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from intake.forms.entry import Entry, read, without_entry
from intake.forms.model import Kind, Option, Question, Tier, Unit
from intake.forms.problems import MalformedError

TODAY = date(2026, 9, 15)
OPTIONS = (Option("walk", "Walking"), Option("lift", "Lifting"), Option("none", "None of these", exclusive=True))
DEGREES = (Unit("Cel", "°C"), Unit("[degF]", "°F", Decimal(5) / 9, Decimal(-160) / 9))


def ask(kind, name="q", tier=Tier.CARE, **more):
    return Question(name, kind, "A question?", tier, **more)


def answer(question, saved=None, *, write_only=False, **fields):
    """Read a page with one question; field names are those of the page, `__` for the dot."""
    given = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in fields.items()}
    return read([question], given, saved=saved or {}, today=TODAY, write_only=write_only)


CELLS = (
    ask(Kind.CHOICE, "left", options=OPTIONS), ask(Kind.NUMBER, "range"), ask(Kind.SCALE, "pain", maximum=Decimal(10)),
)  # fmt: skip
GRID = ask(Kind.GRID, rows=OPTIONS[:2], options=OPTIONS)
TABLE = ask(Kind.GRID, rows=OPTIONS[:2], columns=CELLS)
BIRTHS = ask(
    Kind.GROUP,
    questions=(ask(Kind.DATE, "born", approximate=True), ask(Kind.YES_NO, "tear", tier=Tier.SENSITIVE)),
    maximum_entries=15,
)
KINDS = {
    "yes-no": (ask(Kind.YES_NO), {"q": "yes"}, "yes"),
    "not sure": (ask(Kind.YES_NO, not_sure=True), {"q": "not-sure"}, "not-sure"),
    "choice": (ask(Kind.CHOICE, options=OPTIONS), {"q": "lift"}, "lift"),
    "another choice": (
        ask(Kind.CHOICE, options=OPTIONS, other=True), {"q": "~other", "q__other": "Yoga"}, {"other": "Yoga"},
    ),
    "choices": (ask(Kind.CHOICES, options=OPTIONS), {"q": ["walk", "lift"]}, ["walk", "lift"]),
    "none of them": (ask(Kind.CHOICES, options=OPTIONS), {"q": ["none"]}, ["none"]),
    "choices and another": (
        ask(Kind.CHOICES, options=OPTIONS, other=True),
        {"q": ["walk", "~other"], "q__other": "Yoga"},
        ["walk", {"other": "Yoga"}],
    ),
    "number": (ask(Kind.NUMBER), {"q": " 12 "}, {"number": "12"}),
    "number with unit": (
        ask(Kind.NUMBER, units=DEGREES, decimals=1), {"q": "38.0", "q__unit": "Cel"}, {"number": "38.0", "unit": "Cel"},
    ),
    "date": (ask(Kind.DATE), {"q__year": "2026", "q__month": "3", "q__day": "9"}, "2026-03-09"),
    "string": (ask(Kind.STRING), {"q": "  Ro "}, "Ro"),
    "text": (ask(Kind.TEXT, max_length=2000), {"q": "One\r\ntwo\n"}, "One\ntwo"),
    "scale": (ask(Kind.SCALE, maximum=Decimal(10)), {"q": "0"}, 0),
    "grid": (GRID, {"q__walk": "none", "q__lift": "walk"}, {"walk": "none", "lift": "walk"}),
    "half a grid": (GRID, {"q__walk": "none", "q__lift": ""}, {"walk": "none"}),
    "table": (
        TABLE, {"q__walk__left": "lift", "q__walk__range": "40", "q__lift__pain": "3"},
        {"walk": {"left": "lift", "range": {"number": "40"}}, "lift": {"pain": 3}},
    ),
    "map": (ask(Kind.MAP, map="clock"), {"q": ["12", "6"]}, ["12", "6"]),
    "rated map": (ask(Kind.MAP, map="clock", rated=True), {"q__12": "4", "q__6": ""}, {"12": 4}),
    "group": (
        BIRTHS, {"q__count": "1", "q__0__born__year": "2024", "q__0__tear": "no"},
        [{"born": {"value": "2024"}, "tear": {"value": "no"}}],
    ),
    "consent": (ask(Kind.CONSENT, options=OPTIONS, body="All of it."), {"q": "walk"}, "walk"),
}  # fmt: skip


@pytest.mark.parametrize(("question", "fields", "expected"), KINDS.values(), ids=KINDS.keys())
def test_every_kind_keeps_what_was_said(question, fields, expected):
    entry = answer(question, **fields)
    assert (entry.answers, entry.problems, entry.emptied) == ({"q": {"value": expected}}, [], set())


@pytest.mark.parametrize("question", [case[0] for case in KINDS.values()], ids=KINDS.keys())
def test_every_kind_may_be_left_blank(question):
    entry = answer(question)
    assert (entry.answers, entry.problems, entry.emptied) == ({}, [], set())


@pytest.mark.parametrize("question", [case[0] for case in KINDS.values() if case[0].kind is not Kind.GROUP])
def test_every_kind_can_be_emptied_again(question):
    assert answer(question, saved={"q": {"value": "something"}}).emptied == {"q"}


BAD = {
    "letters for a number": (ask(Kind.NUMBER), {"q": "ten"}, "as a number"),
    "too high": (ask(Kind.NUMBER, minimum=Decimal(0), maximum=Decimal(10)), {"q": "11"}, "between 0 and 10"),
    "no such day": (
        ask(Kind.DATE),
        {"q__year": "1990", "q__month": "2", "q__day": "31"},
        "February 1990 has no day 31.",
    ),
    "to come": (ask(Kind.DATE, past=True), {"q__year": "2027", "q__month": "1", "q__day": "1"}, "in the future"),
    "too long": (ask(Kind.STRING, max_length=5), {"q": "Rowanna"}, "2 characters too long"),
    "two lines": (ask(Kind.STRING), {"q": "Ro\nwan"}, "on one line"),
    "a NUL": (ask(Kind.TEXT), {"q": "Ro\x00wan"}, "hidden characters"),
    "turned round": (ask(Kind.TEXT), {"q": "Ro\u202ewan"}, "hidden characters"),
    "isolated": (ask(Kind.STRING), {"q": "Ro\u2066wan"}, "hidden characters"),
    "half a letter": (ask(Kind.STRING), {"q": "Ro\ud800wan"}, "hidden characters"),
    "none and one": (ask(Kind.CHOICES, options=OPTIONS), {"q": ["none", "walk"]}, "keep one or the other"),
    "a bad cell": (TABLE, {"q__walk__range": "far"}, "as a number"),
    "an answer and no answer": (
        ask(Kind.TEXT, may_decline=True),
        {"q": "Yes", "q__status": "declined"},
        "keep one of the two",
    ),
    "not examined, but why": (
        ask(Kind.SCALE, maximum=Decimal(10), examined=True),
        {"q__status": "not-examined"},
        "choose why",
    ),
    "500 births": (BIRTHS, {"q__count": "500"}, "The most is 15."),
    "a million births": (BIRTHS, {"q__count": "1000000"}, "The most is 15."),
    "births that are no number": (BIRTHS, {"q__count": "many"}, "The most is 15."),
}


@pytest.mark.parametrize(("question", "fields", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_value_is_one_problem_and_what_was_typed_stays_on_the_page(question, fields, message):
    entry = answer(question, **fields)
    (problem,) = entry.problems
    assert message in str(problem)
    assert problem.field.partition(".")[0] == "q"
    assert entry.answers == {}
    assert set(entry.typed) == {name.replace("__", ".") for name in fields}


def test_too_many_real_births_are_too_many():
    fields = {"q__count": "16"} | {f"q__{index}__tear": "no" for index in range(16)}
    (problem,) = answer(BIRTHS, **fields).problems
    assert "The most is 15." in str(problem)


def test_one_bad_value_does_not_cost_the_good_ones():
    questions = [ask(Kind.NUMBER, "a"), ask(Kind.STRING, "b")]
    entry = read(questions, {"a": ["ten"], "b": ["good"]}, saved={}, today=TODAY)
    assert entry.answers == {"b": {"value": "good"}}
    assert [problem.field for problem in entry.problems] == ["a"]


def test_a_bad_field_of_a_birth_keeps_the_rest_of_that_birth():
    entry = answer(BIRTHS, q__count="1", q__0__born__year="24", q__0__tear="yes")
    assert entry.answers == {"q": {"value": [{"tear": {"value": "yes"}}]}}
    assert [problem.field for problem in entry.problems] == ["q.0.born.year"]


def test_a_bad_cell_keeps_the_rest_of_the_table_and_what_was_saved_in_the_cell():
    saved = {"q": {"value": {"walk": {"range": {"number": "40"}}}}}
    entry = answer(TABLE, saved, q__walk__range="far", q__walk__left="lift", q__lift__pain="3", q__lift__range="near")
    assert [problem.field for problem in entry.problems] == ["q.walk.range", "q.lift.range"]
    assert entry.answers["q"] == {"value": {"walk": {"left": "lift", "range": {"number": "40"}}, "lift": {"pain": 3}}}
    assert entry.typed["q.walk.range"] == "far"


FORGED = {
    "unknown field": (ask(Kind.YES_NO), {"admin": "yes"}),
    "field of another kind": (ask(Kind.DISPLAY), {"q": "yes"}),
    "one field twice": (ask(Kind.YES_NO), {"q": ["yes", "no"]}),
    "text twice": (ask(Kind.TEXT), {"q": ["a", "b"]}),
    "a code nobody offered": (ask(Kind.CHOICE, options=OPTIONS), {"q": "fly"}),
    "codes nobody offered": (ask(Kind.CHOICES, options=OPTIONS), {"q": ["walk", "fly"]}),
    "other where there is none": (ask(Kind.CHOICE, options=OPTIONS), {"q": "~other", "q__other": "Yoga"}),
    "not sure where one must be": (ask(Kind.YES_NO), {"q": "not-sure"}),
    "declining what cannot be": (ask(Kind.YES_NO), {"q": "~declined"}),
    "in person where it is not offered": (ask(Kind.TEXT), {"q__status": "in-person"}),
    "not examined by a patient": (ask(Kind.TEXT), {"q__status": "not-examined", "q__reason": "deferred"}),
    "a status nobody offered": (ask(Kind.TEXT, may_decline=True), {"q__status": "skipped"}),
    "a reason nobody offered": (ask(Kind.TEXT, examined=True), {"q__status": "not-examined", "q__reason": "because"}),
    "off the scale": (ask(Kind.SCALE, maximum=Decimal(10)), {"q": "11"}),
    "below the scale": (ask(Kind.SCALE, maximum=Decimal(10)), {"q": "-1"}),
    "a unit nobody offered": (ask(Kind.NUMBER, units=DEGREES), {"q": "1", "q__unit": "K"}),
    "a place that is not on the map": (ask(Kind.MAP, map="clock"), {"q": ["13"]}),
    "a rating off the scale": (ask(Kind.MAP, map="clock", rated=True), {"q__12": "11"}),
    "a grid cell nobody offered": (GRID, {"q__walk": "fly"}),
}


@pytest.mark.parametrize(("question", "fields"), FORGED.values(), ids=FORGED.keys())
def test_a_page_no_browser_would_send_is_refused_whole(question, fields):
    with pytest.raises(MalformedError):
        answer(question, **fields)


def test_fields_of_the_page_itself_are_no_answers():
    assert answer(ask(Kind.YES_NO), csrf_token="x", _version="3", _action="next").answers == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"q": "~declined"}, {"status": "declined"}),
        ({"q": "~in-person"}, {"status": "in-person"}),
        ({"q__status": "declined"}, {"status": "declined"}),
    ],
)
def test_declining_is_an_answer_of_its_own(fields, expected):
    question = ask(Kind.YES_NO, may_decline=True, may_tell_in_person=True)
    assert answer(question, **fields).answers == {"q": expected}


def test_a_finding_can_be_not_examined_with_a_reason():
    question = ask(Kind.TEXT, examined=True)
    entry = answer(question, q__status="not-examined", q__reason="declined")
    assert entry.answers == {"q": {"status": "not-examined", "reason": "declined"}}


class TestWhatIsNeverShownAgain:
    """Sensitive answers are answered, replaced or cleared; a blank field leaves them as they are."""

    question = ask(Kind.TEXT, tier=Tier.SENSITIVE)
    saved = {"q": {"value": "kept"}}  # noqa: RUF012 - a constant of the cases

    def test_a_blank_field_leaves_the_answer_as_it_is(self):
        entry = answer(self.question, self.saved, write_only=True, q="")
        assert (entry.answers, entry.emptied) == ({}, set())

    def test_a_new_text_replaces_it(self):
        assert answer(self.question, self.saved, write_only=True, q="new").answers == {"q": {"value": "new"}}

    def test_clearing_is_asked_for(self):
        assert answer(self.question, self.saved, write_only=True, q__status="clear").emptied == {"q"}

    def test_what_is_not_sensitive_is_emptied_by_a_blank_field(self):
        assert answer(ask(Kind.TEXT), self.saved, write_only=True, q="").emptied == {"q"}

    def test_a_therapist_sees_it_and_empties_it_by_a_blank_field(self):
        assert answer(self.question, self.saved, q="").emptied == {"q"}

    def test_it_holds_of_every_tier_for_what_was_said_before(self):
        asked, more = ask(Kind.TEXT), {"saved": self.saved, "today": TODAY, "write_only": True, "earlier": {"q"}}
        assert read([asked], {"q": [""]}, **more) == Entry()
        assert read([asked], {"q": ["new"]}, **more).answers == {"q": {"value": "new"}}
        assert read([asked], {"q.status": ["clear"]}, **more).emptied == {"q"}

    def test_a_group_that_was_filled_in_before_is_replaced_as_a_whole(self):
        saved = {"q": {"value": [{"tear": {"value": "yes"}}]}}
        more = {"saved": saved, "today": TODAY, "write_only": True, "earlier": {"q"}}
        assert read([BIRTHS], {}, **more) == Entry()
        new = {"q.count": ["1"], "q.0.born.year": ["2023"]}
        assert read([BIRTHS], new, **more).answers == {"q": {"value": [{"born": {"value": "2023"}}]}}

    def test_it_holds_inside_a_group_too(self):
        saved = {"q": {"value": [{"born": {"value": "2024"}, "tear": {"value": "yes"}}]}}
        entry = answer(BIRTHS, saved, write_only=True, q__count="1", q__0__born__year="2023")
        assert entry.answers == {"q": {"value": [{"born": {"value": "2023"}, "tear": {"value": "yes"}}]}}


def test_a_group_that_is_not_on_the_page_stays_as_it_is():
    saved = {"q": {"value": [{"tear": {"value": "yes"}}]}}
    assert answer(BIRTHS, saved).answers == {"q": saved["q"]}


def test_blank_entries_are_left_out():
    entry = answer(BIRTHS, q__count="3", q__0__tear="yes", q__2__tear="no")
    assert entry.answers == {"q": {"value": [{"tear": {"value": "yes"}}, {"tear": {"value": "no"}}]}}


class TestEntriesOfAPatient:
    """What her page does not show is found again by the number of its entry, so no entry moves before she goes on."""

    said = {"q__1__born__year": "2023", "q__2__born__year": "2025"}  # noqa: RUF012 - a constant of the cases
    private = {"q__1__tear": "yes", "q__2__tear": "no"}  # noqa: RUF012 - as above

    def sent(self, saved=None, **fields):
        return answer(BIRTHS, saved, write_only=True, q__count="3", **fields)

    def test_one_left_blank_keeps_its_place_before_a_later_one(self):
        first = self.sent(**self.said, **self.private).answers
        assert [each.get("tear", {}).get("value") for each in first["q"]["value"]] == [None, "yes", "no"]
        assert self.sent(first, **self.said).answers == first

    def test_one_left_blank_at_the_end_is_none(self):
        assert self.sent(q__0__tear="yes", q__1__tear="").answers == {"q": {"value": [{"tear": {"value": "yes"}}]}}
        assert self.sent().answers == {}

    def test_what_was_said_of_one_birth_is_never_moved_to_another_when_a_value_is_bad(self):
        bad = self.sent(**{**self.said, **self.private, "q__1__born__year": "23"}).answers
        mended = self.sent(bad, **self.said).answers["q"]["value"]
        assert [(each.get("born", {}).get("value"), each.get("tear", {}).get("value")) for each in mended] == [
            (None, None), ("2023", "yes"), ("2025", "no"),
        ]  # fmt: skip

    def test_a_value_that_cannot_be_kept_leaves_the_one_that_was(self):
        first = self.sent(**self.said).answers
        entry = self.sent(first, **{**self.said, "q__2__born__year": "25"})
        assert (entry.answers, [problem.field for problem in entry.problems]) == (first, ["q.2.born.year"])


class TestTakingAnEntryOut:
    """The button "Remove" takes out one entry, and nothing else is lost."""

    def removed(self, action, saved=None, **fields):
        typed = {name.replace("__", "."): [value] for name, value in fields.items()}
        shown, kept = without_entry(typed, saved or {}, action)
        return read([BIRTHS], shown, saved=kept, today=TODAY)

    def test_it_goes_and_the_later_ones_move_up(self):
        entry = self.removed("remove:q.0", q__count="3", q__0__tear="yes", q__1__tear="no", q__2__tear="yes")
        assert [e["tear"]["value"] for e in entry.answers["q"]["value"]] == ["no", "yes"]

    def test_the_one_that_was_pointed_at_goes_though_an_earlier_one_is_blank(self):
        entry = self.removed("remove:q.1", q__count="3", q__1__tear="no", q__2__tear="yes")
        assert [e["tear"]["value"] for e in entry.answers["q"]["value"]] == ["yes"]

    def test_the_last_one_empties_the_answer(self):
        saved = {"q": {"value": [{"tear": {"value": "yes"}}]}}
        entry = self.removed("remove:q.0", saved, q__count="1", q__0__tear="yes")
        assert (entry.answers, entry.emptied) == ({}, {"q"})

    @pytest.mark.parametrize(
        "action", ["", "add:q", "remove:q.9", "remove:other.0", "remove:q", "remove:q.-1", "remove:"]
    )
    def test_anything_else_changes_nothing(self, action):
        entry = self.removed(action, q__count="2", q__0__tear="yes", q__1__tear="no")
        assert len(entry.answers["q"]["value"]) == 2


def test_an_entry_beyond_the_count_is_refused_and_never_dropped_in_silence():
    with pytest.raises(MalformedError):
        read([BIRTHS], {"q.count": ["1"], "q.0.tear": ["yes"], "q.1.tear": ["no"]}, saved={}, today=TODAY)
