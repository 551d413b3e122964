"""One consent for each examination: it opens its own findings, and what was found before it was withdrawn stays."""

from __future__ import annotations

import pytest

from intake.clinical import examconsents
from intake.clinical.examconsents import consent_of, consents, withdrawn
from intake.clinical.signing import reasons_not_to_sign
from intake.forms import reader
from intake.forms.conditions import visible

FORM = reader.load("evaluation", 2)
KINDS = ("external", "vaginal", "rectal", "instrumented")
INTERNAL = KINDS[1:]
OPENED = {
    "external": "pe_squeeze",
    "vaginal": "perfect_p",
    "rectal": "in_rectal_tone",
    "instrumented": "bf_rest",
}
BLOCK = {
    "co_explained": ["purpose", "steps", "alternatives", "risks", "benefits"],
    "co_capacity": "yes",
    "co_interpreter": "no",
    "chaperone_offered": "yes",
    "chaperone_outcome": "declined",
    "co_stop_signal": "raised hand",
    "co_latex_checked": "yes",
}


def agreed(kind, decision="yes", **changes):
    own = {"decision": decision, "time": "09:10", "start": "09:15", "form": "verbal"}
    own |= {"withdrawn": "09:20"} if decision == "withdrawn" else {}
    return {f"co_{kind}_{part}": value for part, value in {**own, **changes}.items()}


def note(kinds, *records, **changes):
    values = {"co_exam_type": list(kinds), **BLOCK}
    for record in (*records, changes):
        values |= record
    return {name: {"value": value} for name, value in values.items() if value is not None}


def refused(answers):
    """The reasons in the section of consent and in the findings, not those of the rest of an unfinished note."""
    kept = {"consent", "perineum", "internal", "popq", "rectal", "biofeedback"}
    return {r.question: r.text for r in reasons_not_to_sign(FORM, answers) if r.section in kept}


@pytest.mark.parametrize("kind", KINDS)
def test_consent_to_one_examination_opens_its_findings_and_no_other(kind):
    asked = visible(FORM, note(KINDS, agreed(kind)))
    assert {each for each, question in OPENED.items() if question in asked} == {kind}


@pytest.mark.parametrize("kind", INTERNAL)
def test_a_finding_without_its_own_consent_is_refused_whatever_else_was_agreed(kind):
    others = [agreed(each) for each in KINDS if each != kind]
    answers = note(KINDS, *others, agreed(kind, "no"), co_alternative=["education"])
    answers[OPENED[kind]] = {"value": "low" if kind == "rectal" else {"number": "1", "unit": "uV"}}
    assert refused(answers) == {OPENED[kind]: examconsents.LOCKED}


@pytest.mark.parametrize("kind", INTERNAL)
@pytest.mark.parametrize("lacking", [*BLOCK, "co_{kind}_time", "co_{kind}_decision"])
def test_nothing_internal_opens_before_the_whole_block_is_recorded(kind, lacking):
    answers, lacking = note([kind], agreed(kind)), lacking.format(kind=kind)
    assert OPENED[kind] in visible(FORM, answers)
    del answers[lacking]
    assert (OPENED[kind] in visible(FORM, answers)) == (lacking == "co_interpreter")
    assert lacking in refused(answers)


@pytest.mark.parametrize("kind", INTERNAL)
@pytest.mark.parametrize("point", BLOCK["co_explained"])
def test_nothing_internal_opens_before_each_point_was_explained(kind, point):
    told = [each for each in BLOCK["co_explained"] if each != point]
    assert OPENED[kind] not in visible(FORM, note([kind], agreed(kind), co_explained=told))


def test_every_gate_names_both_ways_of_saying_no():
    for section in FORM.sections:
        if consent := consent_of(FORM, section):
            closing = {
                c.answer for c in section.when.conditions if (c.question, c.operator) == (consent.decision, "!=")
            }
            assert closing == {"no", "not-today"}, section.id
            assert not section.when.any_of


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("decision", ["no", "not-today", None])
def test_nothing_opens_without_a_yes(kind, decision):
    assert OPENED[kind] not in visible(FORM, note([kind], agreed(kind, decision)))


@pytest.mark.parametrize("kind", KINDS)
def test_an_agreed_examination_with_its_record_is_complete(kind):
    assert refused(note([kind], agreed(kind))) == {}
    assert refused(note([kind], agreed(kind, start=None))) == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("part", "value", "text"),
    [
        ("decision", None, examconsents.UNDECIDED),
        ("time", None, examconsents.NO_TIME),
        ("time", "9.10", examconsents.BAD_TIME),
        ("form", None, examconsents.NO_FORM),
        ("start", "09:09", examconsents.TOO_EARLY),
    ],
)
def test_each_consent_has_its_own_time_and_form(kind, part, value, text):
    assert refused(note([kind], agreed(kind, **{part: value}))) == {f"co_{kind}_{part}": text}


@pytest.mark.parametrize("kind", INTERNAL)
@pytest.mark.parametrize("decision", ["no", "not-today"])
def test_a_refused_examination_is_complete_once_an_alternative_was_offered(kind, decision):
    bare = {"co_exam_type": {"value": [kind]}, f"co_{kind}_decision": {"value": decision}}
    assert refused(bare) == {"co_alternative": examconsents.NO_ALTERNATIVE}
    assert refused({**bare, "co_alternative": {"value": ["external"]}}) == {}


def test_no_chaperone_means_no_examination():
    answers = note(["rectal"], agreed("rectal"), chaperone_outcome="unavailable")
    assert refused(answers)["chaperone_outcome"] == examconsents.UNAVAILABLE
    assert "in_rectal_tone" not in visible(FORM, answers)


# Withdrawn in mid-exam


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_found_before_consent_was_withdrawn_stays_and_can_be_signed(kind):
    answers = note([kind], agreed(kind, "withdrawn"), co_alternative=["education"])
    value = {"external": "lift", "vaginal": 3, "rectal": "low"}.get(kind, {"number": "1", "unit": "uV"})
    answers[OPENED[kind]] = {"value": value}
    how = {"bf_position": "supine", "bf_electrode": "anal"} if kind == "instrumented" else {"co_position": "supine"}
    answers |= {name: {"value": code} for name, code in how.items()}
    assert OPENED[kind] in visible(FORM, answers)
    assert refused(answers) == {}
    assert withdrawn(answers) == {f"co_{kind}_decision": "09:20"}


@pytest.mark.parametrize(
    ("end", "text"), [(None, examconsents.NO_END), ("09:09", examconsents.ENDED_EARLY), ("soon", examconsents.BAD_TIME)]
)
def test_withdrawn_consent_says_when(end, text):
    answers = note(["vaginal"], agreed("vaginal", "withdrawn", withdrawn=end), co_alternative=["later"])
    assert refused(answers) == {"co_vaginal_withdrawn": text}


def test_consent_withdrawn_before_the_examination_began_is_told_apart_from_one_after():
    answers = note(["vaginal"], agreed("vaginal", "withdrawn", withdrawn="09:14"), co_alternative=["later"])
    assert refused(answers) == {"co_vaginal_withdrawn": examconsents.ENDED_EARLY}


def test_nothing_is_withdrawn_while_consent_stands():
    assert withdrawn(note(KINDS, *[agreed(kind) for kind in KINDS])) == {}


def test_every_section_of_findings_between_the_legs_or_inside_has_a_consent():
    gated = {section.id: consent.decision for section in FORM.sections if (consent := consent_of(FORM, section))}
    assert gated == {
        "perineum": "co_external_decision",
        "internal": "co_vaginal_decision",
        "popq": "co_vaginal_decision",
        "rectal": "co_rectal_decision",
        "biofeedback": "co_instrumented_decision",
    }


def test_the_first_version_keeps_its_one_consent_for_all_that_is_internal():
    assert [each.decision for each in consents(reader.load("evaluation", 1))] == [
        "co_external_decision",
        "consent_decision",
    ]
    assert [each.decision for each in consents(FORM)] == [f"co_{kind}_decision" for kind in KINDS]
