"""Problems, precautions, medicines and allergies: from where each is said, and what must not touch the skin."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from intake.clinical import cautions
from intake.clinical.cautions import PARTS, Origin, Source, touch
from intake.forms import reader

INTAKE, EVALUATION = reader.latest("intake"), reader.load("evaluation", 1)
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)


def source(form, given, kind="note", days=0):
    answers = {name: {"value": value} for name, value in given.items()}
    return Source(form, answers, dict.fromkeys(answers, Origin(kind, days, NOON + timedelta(days=days))))


def told(**given):
    return source(INTAKE, given, "form")


def said(found, part):
    return [line for fact in found[part] for line in fact.lines]


def test_each_part_says_what_the_note_and_the_answers_say_and_where():
    note = source(EVALUATION, {"im_precautions": "No lifting over 10 kg", "im_factors": ["scar"]})
    answers = told(mh_implants=["pacemaker"], med_any="yes", med_list=[{"med_name": {"value": "Iron"}}], alg_any="no")
    found = cautions.cautions(answers, [note])
    assert said(found, "problems") == ["Scar"]
    assert said(found, "precautions") == ["No lifting over 10 kg", "Pacemaker or heart defibrillator"]
    assert said(found, "medicines") == ["Name: Iron"]
    assert said(found, "allergies") == ["No"]
    assert [fact.origin.kind for fact in found["precautions"]] == ["note", "form"]


def test_of_the_notes_the_newest_that_says_it_counts_for_each_part():
    newer = source(EVALUATION, {"im_impression": "Better"}, days=2)
    older = source(EVALUATION, {"im_impression": "First", "im_precautions": "Latex"}, days=1)
    found = cautions.cautions(None, [newer, older])
    assert said(found, "problems") == ["Better"]
    assert said(found, "precautions") == ["Latex"]
    assert [fact.origin.key for fact in (*found["problems"], *found["precautions"])] == [2, 1]


@pytest.mark.parametrize(
    "given", [{"mh_implants": ["none"]}, {"ob_preg_now": "no"}, {"mh_infection_now": ["none"]}, {"med_any": "yes"}]
)
def test_what_says_no_or_leads_on_takes_no_line(given):
    found = cautions.cautions(told(**given), [])
    assert [said(found, part) for part in PARTS] == [[]] * len(PARTS)


def test_no_medicines_and_not_being_sure_of_an_allergy_are_worth_a_line():
    found = cautions.cautions(told(med_any="no", alg_any="not-sure"), [])
    assert said(found, "medicines") == ["No"]
    assert said(found, "allergies")


def test_what_was_passed_over_or_declined_takes_no_line():
    answers = {name: {"status": "declined"} for name in ("alg_any", "mh_conditions", "med_any")}
    found = cautions.cautions(Source(INTAKE, answers, {}), [])
    assert [said(found, part) for part in PARTS] == [[]] * len(PARTS)


def test_a_note_asks_about_the_parts_its_form_has_a_place_for():
    assert [part for part in PARTS if cautions.asks(EVALUATION, part)] == ["problems", "precautions", "medicines"]
    assert not any(cautions.asks(reader.latest("care-plan"), part) for part in PARTS)


@pytest.mark.parametrize(
    ("given", "latex", "lubricant"),
    [
        ({}, False, False),
        ({"alg_any": "yes", "alg_known": ["latex"]}, True, False),
        ({"alg_any": "yes", "alg_known": ["lubricant", "iodine"]}, False, True),
        ({"alg_any": "yes", "alg_known": [{"other": "LATEX gloves"}]}, True, False),
        ({"alg_any": "yes", "alg_known": ["medicine"], "alg_reaction": "Parabens, a rash"}, False, True),
        ({"alg_any": "not-sure", "alg_reaction": "Maybe Latex or glycerin"}, True, True),
        ({"alg_any": "no", "alg_known": ["latex"], "alg_reaction": "latex"}, False, False),
        ({"alg_any": "yes", "alg_known": ["adhesive"]}, False, False),
    ],
)
def test_latex_and_lubricants_are_ticked_or_named(given, latex, lubricant):
    found = touch({name: {"value": value} for name, value in given.items()})
    assert (found.latex, found.lubricant, bool(found)) == (latex, lubricant, latex or lubricant)


@pytest.mark.parametrize(
    ("words", "latex", "lubricant"),
    [
        ("Rubber gloves make me itch", True, False),
        ("condoms burn", True, False),
        ("rash from gloves", True, False),
        ("balloons make my lips swell", True, False),
        ("Gel burns", False, True),
        ("KY jelly burns", False, True),
        ("K-Y and any lube", False, True),
        ("gelatin, angelica", False, False),
        ("penicillin", False, False),
    ],
)
def test_the_words_of_the_options_warn_in_her_own_words_too(words, latex, lubricant):
    found = touch({"alg_any": {"value": "yes"}, "alg_reaction": {"value": words}})
    assert (found.latex, found.lubricant) == (latex, lubricant)


@pytest.mark.parametrize(
    ("text", "latex", "lubricant"),
    [
        ("Latex allergy, anaphylaxis. No latex gloves, no lubricant with glycerin.", True, True),
        ("Latex allergy with no anaphylaxis", True, False),
        ("No drug allergies, latex allergy", True, False),
        ("No drug allergies, latex", True, False),
        ("No known allergies except latex", True, False),
        ("No known allergies; latex: itching", True, False),
        ("No latex gloves, itching", True, False),
        ("Not sure whether allergic to latex", True, False),
        ("Rubber: hives", True, False),
        ("Reacts to parabens", False, True),
        ("No known latex, lubricant, adhesive, iodine or silicone reactions.", False, False),
        ("No known allergies to latex or lubricants", False, False),
        ("Denies latex allergy. Iron tablets", False, False),
        ("Not allergic to latex", False, False),
        ("Latex and lubricant reactions: none known", False, False),
        ("Latex: no", False, False),
        ("No latex: reactions", True, False),
        ("No known allergies: latex", True, False),
        ("Latex" + " " * 2000 + "rash, see allergy card", True, False),
        ("Glycerin suppositories, estradiol gel; condoms for contraception", False, False),
    ],
)
def test_what_a_note_says_of_them_warns_unless_it_is_a_plain_no(text, latex, lubricant):
    found = touch({}, [text])
    assert (found.latex, found.lubricant) == (latex, lubricant)


def test_a_warning_from_a_note_quotes_what_warns_and_no_more():
    text = "Latex allergy, anaphylaxis. Iron tablets.\nNo lifting"
    assert touch({}, [text, "Latex: hives", text]).noted == ("Latex allergy, anaphylaxis", "Latex: hives")
    assert touch({}, ["Iron tablets"]).noted == ()


def test_what_a_note_says_counts_though_her_form_says_no():
    assert touch({"alg_any": {"value": "no"}}, ["Latex: hives"]).latex


def test_every_place_where_a_note_speaks_of_allergies_is_in_a_form_of_ours():
    forms = [reader.load(name, version) for name, version in reader.published()]
    for name in cautions.SPOKEN:
        assert any(name in form.by_id for form in forms), name


def test_every_way_to_tick_them_warns_of_exactly_what_was_ticked():
    codes = [option.code for option in INTAKE.by_id["alg_known"].options]
    for count in range(len(codes) + 1):
        for ticked in itertools.combinations(codes, count):
            found = touch({"alg_any": {"value": "yes"}, "alg_known": {"value": list(ticked)}})
            assert (found.latex, found.lubricant) == ("latex" in ticked, "lubricant" in ticked)


def test_every_question_a_part_is_read_from_is_in_a_published_form():
    known = {question.id for name, version in reader.published() for question in reader.load(name, version).questions()}
    borrowed = {"dx", "dx_apart"}  # of the sections that note forms borrow
    names = {name for table in (cautions.NOTED, cautions.TOLD) for names in table.values() for name in names}
    assert names - borrowed <= known
