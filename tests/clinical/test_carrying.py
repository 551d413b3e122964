"""What may be carried forward from one note to the next, and what never is."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical import carrying
from intake.clinical.carrying import Earlier
from intake.clinical.examconsents import consents
from intake.clinical.signing import MEASURED_OTHERWISE, NOT_REVIEWED, reasons_not_to_sign
from intake.forms import reader
from intake.forms.model import Form, Kind, Page, Section, Tier, When

NOTE = reader.latest("evaluation")
NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)


def earlier(answers, *, days=7, form=NOTE, **more):
    return Earlier(uuid.uuid4(), NOW - timedelta(days=days), form, answers, **more)


def said(value):
    return {"value": value}


def section(name, *asked):
    return Section(name, name, (Page("", asked),), Tier.SENSITIVE)


def with_question(change, name="im_impression"):
    """The note's form with one question changed."""
    sections = tuple(
        replace(
            section,
            pages=tuple(
                replace(page, questions=tuple(change(q) if q.id == name else q for q in page.questions))
                for page in section.pages
            ),
        )
        for section in NOTE.sections
    )
    return replace(NOTE, sections=sections)


def test_the_newest_note_that_has_a_value_gives_it():
    new, old = earlier({"ab_tension": said("firm")}), earlier({"ab_tension": said("soft")}, days=30)
    found = carrying.last_values(NOTE, [new, old])
    assert (found["ab_tension"].answer, found["ab_tension"].note) == (said("firm"), new.note)


def test_where_the_newest_note_says_nothing_the_one_before_it_is_asked():
    new = earlier({"ab_tension": {"status": "not-examined", "reason": "declined"}})
    old = earlier({"ab_tension": said("soft")}, days=30)
    assert carrying.last_values(NOTE, [new, old])["ab_tension"].note == old.note


def test_notes_are_opened_only_while_something_is_wanted():
    def notes():
        yield earlier({"im_impression": said("Good")})
        pytest.fail("the note before was opened for nothing")

    only = replace(NOTE, sections=(section("im", NOTE.by_id["im_impression"]),))
    assert carrying.last_values(only, notes()).keys() == {"im_impression"}


@pytest.mark.parametrize("version", range(1, NOTE.version + 1))
def test_consent_and_what_only_consent_opens_is_never_carried_forward(version):
    form = reader.load("evaluation", version)
    out, decisions = carrying.of_its_day(form), {each.decision for each in consents(form)}
    opened = {
        question.id
        for section in form.sections
        for page in section.pages
        for question in page.questions
        for when in (section.when, page.when, question.when)
        if decisions & {condition.question for condition in when.conditions}
    }
    assert opened
    assert opened <= out
    assert {question.id for question in form.section("consent").questions()} <= out
    everything = earlier({question.id: said("x") for question in form.questions()}, form=form)
    assert not carrying.last_values(form, [everything]).keys() & (opened | decisions)
    assert {"perfect_p", "popq_c", "in_lift", "chaperone_name"} <= out


def test_that_a_part_is_within_normal_limits_is_never_carried_forward():
    acts = {question.id for question in NOTE.questions() if question.codes == {"wnl"}}
    assert acts
    assert acts <= carrying.of_its_day(NOTE)


def test_what_hangs_on_consent_by_another_question_is_kept_out_too():
    hidden = next(q for q in NOTE.section("internal").questions() if q.when.conditions)
    loose = replace(NOTE, sections=(*NOTE.sections, section("more", hidden)))
    assert hidden.id in carrying.of_its_day(loose)


def test_a_section_about_an_internal_examination_is_kept_out_whatever_opens_it():
    asked = replace(NOTE.by_id["im_impression"], id="clinic_found")
    form = Form("clinic-note", 1, "Note", "clinician", "en-US", (section("rectal", asked),))
    assert carrying.of_its_day(form) == {"clinic_found"}


def test_an_internal_finding_does_not_come_by_a_form_that_asks_it_elsewhere():
    name = "perfect_p"
    form = replace(NOTE, sections=(section("strength", replace(NOTE.by_id[name], when=When())),))
    assert name not in carrying.of_its_day(form)
    assert carrying.last_values(form, [earlier({name: said({"number": "3"})})]) == {}


def test_a_value_never_comes_to_a_question_that_more_people_may_read():
    private = with_question(lambda q: replace(q, tier=Tier.SENSITIVE))
    assert carrying.last_values(NOTE, [earlier({"im_impression": said("x")}, form=private)]) == {}
    assert carrying.last_values(private, [earlier({"im_impression": said("x")})])["im_impression"].fits


def test_a_value_that_the_question_does_not_take_any_more_is_shown_and_not_offered():
    fewer = with_question(lambda q: replace(q, options=q.options[:-1]), "ab_tension")
    found = carrying.last_values(fewer, [earlier({"ab_tension": said("firm")})])
    assert not found["ab_tension"].fits
    reworded = with_question(lambda q: replace(q, text="Tension", hint="New"), "ab_tension")
    assert carrying.last_values(reworded, [earlier({"ab_tension": said("firm")})])["ab_tension"].fits


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ab_tension", {"kind": Kind.CHOICES}),
        ("ab_depth", {"units": ()}),
        ("ab_ird", {"rows": NOTE.by_id["ab_ird"].rows[:1]}),
        ("ab_ird", {"columns": NOTE.by_id["ab_ird"].columns[:1]}),
        ("goal", {"questions": NOTE.by_id["goal"].questions[:1]}),
        ("im_impression", {"max_length": 10}),
    ],
)
def test_another_kind_unit_row_or_length_does_not_fit(name, change):
    form = with_question(lambda q: replace(q, **change), name)
    assert not carrying.last_values(form, [earlier({name: said("x")})])[name].fits


def test_what_was_taken_over_stops_the_signature_until_somebody_looked_at_it():
    last = carrying.last_values(NOTE, [earlier({"im_impression": said("Good")})])["im_impression"]
    taken = carrying.taken(last, at=NOW)
    assert taken["value"] == "Good"
    assert carrying.is_unreviewed(taken)
    stops = {reason.question: reason.text for reason in reasons_not_to_sign(NOTE, {"im_impression": taken})}
    assert stops["im_impression"] == NOT_REVIEWED
    right = carrying.still_right(taken, at=NOW)
    assert right["value"] == "Good"
    assert carrying.is_carried(right)
    assert not carrying.is_unreviewed(right)
    assert right["carried"]["note"] == str(last.note)
    stops = {reason.question for reason in reasons_not_to_sign(NOTE, {"im_impression": right})}
    assert "im_impression" not in stops


def test_what_changed_is_told_from_what_did_not():
    lasts = carrying.last_values(NOTE, [earlier({"ab_tension": said("soft"), "ab_doming": said(["cough"])})])
    answers = {"ab_tension": said("firm"), "ab_doming": said(["cough"]), "im_impression": said("New")}
    assert carrying.changed(NOTE, answers, lasts).keys() == {"ab_tension"}
    assert carrying.changed(NOTE, {"ab_tension": {"status": "not-examined"}}, lasts) == {}


DISTANCE = {"ab_ird": said({"at": {"ab_ird_rest": {"number": "2.5", "unit": "cm"}}})}
STANDING = {"ab_position": said("standing"), "ab_ird_method": said("palpation")}
MEASURED = DISTANCE | STANDING


def test_position_and_method_come_with_the_measurement_they_are_of():
    newest = earlier({"ab_position": said("supine")}, days=3)
    last = carrying.last_values(NOTE, [newest, earlier(MEASURED)])["ab_ird"]
    assert [each.answer["value"] for each in last.how] == ["standing", "palpation"]
    assert {name: answer["value"] for name, answer in carrying.together(last, {}, at=NOW).items()} == {
        "ab_position": "standing",
        "ab_ird_method": "palpation",
    }
    half = {"ab_position": said("standing")}
    assert carrying.together(last, half, at=NOW).keys() == {"ab_ird_method"}
    skipped = {"ab_ird_method": {"status": "skipped"}}
    assert carrying.together(last, half | skipped, at=NOW).keys() == {"ab_ird_method"}
    assert not carrying.is_otherwise(last, half | skipped)


@pytest.mark.parametrize(
    "today",
    [{"ab_position": said("supine")}, {"ab_ird_method": said("caliper")}, STANDING | {"ab_position": said("supine")}],
)
def test_a_page_that_says_another_position_or_method_measures_otherwise(today):
    last = carrying.last_values(NOTE, [earlier(MEASURED)])["ab_ird"]
    assert carrying.is_otherwise(last, today)
    assert not carrying.is_otherwise(last, STANDING)


def test_what_is_no_measurement_comes_without_a_position():
    found = carrying.last_values(NOTE, [earlier(STANDING | {"ab_tension": said("firm")})])
    assert found["ab_tension"].how == ()
    assert found["ab_position"].how == ()


def test_a_form_that_cannot_say_how_it_was_measured_does_not_take_it_over():
    def without(section):
        return replace(section, pages=tuple(replace(page, position_from="") for page in section.pages))

    mute = replace(NOTE, sections=tuple(map(without, NOTE.sections)))
    last = carrying.last_values(mute, [earlier(MEASURED)])["ab_ird"]
    assert carrying.is_otherwise(last, {})
    assert [each.answer["value"] for each in last.how] == ["standing", "palpation"]
    fixed = replace(
        NOTE,
        sections=tuple(replace(s, pages=tuple(replace(p, method="Ruler") for p in s.pages)) for s in NOTE.sections),
    )
    last = carrying.last_values(NOTE, [earlier(DISTANCE, form=fixed)])["ab_ird"]
    assert [each.words for each in last.how] == ["Ruler"]
    assert carrying.is_otherwise(last, {})
    assert carrying.last_values(fixed, [earlier(DISTANCE, form=fixed)])["ab_ird"].how == ()


def test_a_measurement_that_was_taken_over_is_not_signed_under_another_position():
    last = carrying.last_values(NOTE, [earlier(MEASURED)])["ab_ird"]
    right = carrying.still_right(carrying.taken(last, at=NOW), at=NOW)
    for today, stops in ((STANDING, False), (STANDING | {"ab_position": said("supine")}, True), ({}, True)):
        reasons = {each.question: each.text for each in reasons_not_to_sign(NOTE, {"ab_ird": right, **today})}
        assert (reasons.get("ab_ird") == MEASURED_OTHERWISE) is stops, today
    anew = {**STANDING, "ab_position": said("supine"), **DISTANCE}
    assert "ab_ird" not in {each.question for each in reasons_not_to_sign(NOTE, anew)}


def test_a_newer_note_that_says_why_there_is_no_value_is_told_beside_the_older_value():
    declined = {"status": "not-examined", "reason": "declined"}
    newest, new = (
        earlier({"ab_tension": declined}, days=1),
        earlier({"ab_tension": {"status": "not-examined", "reason": "unable"}}, days=3),
    )
    old = earlier({"ab_tension": said("soft")}, days=30)
    last = carrying.last_values(NOTE, [newest, new, old])["ab_tension"]
    assert (last.note, last.answer) == (old.note, said("soft"))
    assert (last.newer.note, last.newer.visit_at, last.newer.answer) == (newest.note, newest.visit_at, declined)
    skipped = earlier({"ab_tension": {"status": "skipped"}}, days=1)
    assert carrying.last_values(NOTE, [skipped, old])["ab_tension"].newer is None
    assert carrying.last_values(NOTE, [old, newest])["ab_tension"].newer is None
    private = with_question(lambda q: replace(q, tier=Tier.SENSITIVE), "ab_tension")
    hidden = earlier({"ab_tension": declined}, form=private, days=1)
    assert carrying.last_values(NOTE, [hidden, old])["ab_tension"].newer is None


def test_an_answer_is_from_the_note_it_is_marked_with_and_from_those_before_and_a_ring_of_marks_ends():
    def marked(note):
        return {"ab_tension": {"value": "low", "carried": {"note": note}}}

    signed = {"a": {"ab_tension": {"value": "low"}}, "b": marked("a"), "x": marked("y"), "y": marked("x")}
    assert list(carrying.origins("ab_tension", marked("b"), signed.__getitem__)) == ["b", "a"]
    assert list(carrying.origins("ab_tension", marked("x"), signed.__getitem__)) == ["x", "y"]
    assert list(carrying.origins("ab_tension", signed["a"], signed.__getitem__)) == []
