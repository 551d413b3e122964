"""When an evaluation note may be signed: consent first, possible findings, goals that can be checked."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical import examconsents, perfect, popq, signing
from intake.clinical.coding.diagnoses import Remark
from intake.clinical.signing import reasons_not_to_sign
from intake.forms import reader
from intake.forms.conditions import visible
from intake.forms.model import Condition, Operator

FORM = reader.load("evaluation", 1)
CONSENT_IS_YES = Condition("consent_decision", Operator.EQUAL, "yes")
GOAL = {
    "goal_term": {"value": "short"},
    "goal_text": {"value": "Walk with the stroller, pad dry"},
    "goal_measure": {"value": "pad-dry days"},
    "goal_baseline": {"value": "3 of 7"},
    "goal_target": {"value": "7 of 7"},
    "goal_due": {"value": "2031-03-01"},
}
WITHOUT_EXAM = {
    "co_exam_type": ["none"],
    "im_impression": "Fictional: stress urinary incontinence, low irritability.",
    "goal": [GOAL],
}
CONSENTED = {
    **WITHOUT_EXAM,
    "co_exam_type": ["vaginal"],
    "co_explained": ["purpose", "steps", "alternatives", "risks", "benefits"],
    "co_capacity": "yes",
    "co_interpreter": "no",
    "chaperone_offered": "yes",
    "chaperone_outcome": "accepted",
    "chaperone_name": "Fictional Chaperone",
    "chaperone_role": "assistant",
    "co_stop_signal": "raised hand",
    "consent_decision": "yes",
    "consent_time": "09:10",
    "co_exam_start": "09:15",
    "co_form": "verbal",
    "co_latex_checked": "yes",
}
POPQ = {"aa": -3, "ba": -3, "c": -8, "d": -9, "ap": -3, "bp": -3, "tvl": 10}


def note(base=WITHOUT_EXAM, **changes):
    """Answers as they are kept. None takes a question out; a dict with a status stays as it is."""
    values = {name: value for name, value in {**base, **changes}.items() if value is not None}
    return {n: v if isinstance(v, dict) and "status" in v else {"value": v} for n, v in values.items()}


def cm(number):
    return {"number": str(number), "unit": "cm"}


def measured(**changes):
    points = {f"popq_{point}": cm(value) for point, value in {**POPQ, **changes}.items() if value is not None}
    return note(CONSENTED, popq_cervix="yes", **points)


def refused(answers):
    return {reason.question: reason.text for reason in reasons_not_to_sign(FORM, answers)}


# What is complete


def test_a_note_without_an_internal_exam_is_complete():
    assert reasons_not_to_sign(FORM, note()) == ()


@pytest.mark.parametrize("decision", ["no", "not-today"])
def test_an_internal_exam_that_was_declined_leaves_the_note_complete(decision):
    assert reasons_not_to_sign(FORM, note(co_exam_type=["vaginal"], consent_decision=decision)) == ()


def test_an_agreed_exam_with_its_whole_consent_block_is_complete_without_any_finding():
    assert reasons_not_to_sign(FORM, note(CONSENTED)) == ()


def test_an_external_exam_needs_only_its_own_decision():
    assert "co_external_decision" in refused(note(co_exam_type=["external"]))
    external = note(co_exam_type=["external"], co_external_decision="yes", pe_introitus="closed")
    assert reasons_not_to_sign(FORM, external) == ()


def test_an_empty_note_says_what_it_needs_in_the_order_of_the_form():
    reasons = reasons_not_to_sign(FORM, {})
    assert [(r.section, r.question) for r in reasons] == [
        ("consent", "co_exam_type"),
        ("impression", "im_impression"),
        ("goals", "goal"),
    ]


@pytest.mark.parametrize("blank", ["", "  \n", {"status": "declined"}, {"status": "not-examined", "reason": "unable"}])
def test_the_impression_cannot_be_left_blank_or_waved_away(blank):
    assert list(refused(note(im_impression=blank))) == ["im_impression"]


# Consent before anything internal


def test_every_internal_section_is_locked_behind_consent_and_the_exam_that_was_agreed():
    for section in (FORM.section("internal"), FORM.section("popq")):
        assert CONSENT_IS_YES in section.when.conditions
        assert not section.when.any_of
        asked = {condition.question for condition in section.when.conditions}
        assert {"co_capacity", "co_explained", "chaperone_offered", "chaperone_outcome"} <= asked
        assert {"co_stop_signal", "consent_time", "co_latex_checked"} <= asked
        for page in section.pages:
            assert page.when.conditions
            assert {c.question for c in page.when.conditions} == {"co_exam_type"}


@pytest.mark.parametrize("decision", [None, "no", "not-today", "withdrawn"])
@pytest.mark.parametrize("exam", ["vaginal", "rectal", "both", "instrumented"])
def test_nothing_internal_is_asked_without_a_yes(decision, exam):
    asked = visible(FORM, note(CONSENTED, co_exam_type=[exam], consent_decision=decision))
    assert not [q for q in asked if FORM.section_of[q].id in {"internal", "popq"}]


@pytest.mark.parametrize(
    ("exam", "opened"),
    [
        ("vaginal", {"perfect_p", "popq_aa"}),
        ("both", {"perfect_p", "popq_aa", "in_rectal_tone"}),
        ("rectal", {"in_rectal_tone"}),
        ("instrumented", {"in_instrument"}),
        ("external", set()),
    ],
)
def test_a_yes_opens_only_the_exam_it_was_given_for(exam, opened):
    asked = visible(FORM, note(CONSENTED, co_exam_type=[exam]))
    assert asked & {"perfect_p", "popq_aa", "in_rectal_tone", "in_instrument"} == opened


@pytest.mark.parametrize("decision", [None, "no", "not-today", "withdrawn"])
def test_internal_findings_without_a_yes_are_never_signed(decision):
    found = refused(note(CONSENTED, consent_decision=decision, in_tone="increased", popq_c=cm(-7)))
    assert found["in_tone"] == found["popq_c"] == examconsents.LOCKED


def test_a_leftover_yes_does_not_carry_findings_once_no_exam_was_proposed():
    assert refused(note(CONSENTED, co_exam_type=["none"], in_tone="increased")) == {"in_tone": examconsents.LOCKED}


def test_a_rectal_finding_is_refused_when_only_the_vaginal_exam_was_agreed():
    assert refused(note(CONSENTED, in_rectal_tone="low")) == {"in_rectal_tone": examconsents.LOCKED}


def test_external_findings_need_consent_too():
    answers = note(co_exam_type=["external"], co_external_decision="no", pe_introitus="closed")
    assert refused(answers) == {"pe_introitus": examconsents.LOCKED}


def test_declining_one_finding_during_an_agreed_exam_is_no_obstacle():
    assert refused(note(CONSENTED, in_tone={"status": "not-examined", "reason": "declined"})) == {}


@pytest.mark.parametrize("exam", ["vaginal", "rectal", "both", "instrumented"])
@pytest.mark.parametrize(
    ("question", "value", "text"),
    [
        ("consent_decision", None, examconsents.NO_DECISION),
        ("consent_decision", {"status": "declined"}, examconsents.NO_DECISION),
        ("chaperone_offered", "no", examconsents.NOT_OFFERED),
        ("chaperone_offered", None, examconsents.NOT_OFFERED),
        ("chaperone_outcome", None, examconsents.NO_OUTCOME),
        ("chaperone_name", None, examconsents.NO_CHAPERONE_NAME),
        ("chaperone_name", "  ", examconsents.NO_CHAPERONE_NAME),
        ("chaperone_outcome", "unavailable", examconsents.UNAVAILABLE),
        ("co_explained", ["purpose", "steps", "alternatives", "benefits"], examconsents.NOT_EXPLAINED),
        ("co_explained", None, examconsents.NOT_EXPLAINED),
        ("co_capacity", "no", examconsents.AFFIRMED["co_capacity"]),
        ("co_capacity", None, examconsents.AFFIRMED["co_capacity"]),
        ("co_latex_checked", "no", examconsents.AFFIRMED["co_latex_checked"]),
        ("co_latex_checked", None, examconsents.AFFIRMED["co_latex_checked"]),
        ("co_interpreter", None, examconsents.ANSWERED["co_interpreter"]),
        ("co_stop_signal", None, examconsents.ANSWERED["co_stop_signal"]),
        ("consent_time", None, examconsents.NO_TIME),
        ("consent_time", "9:10", examconsents.BAD_TIME),
        ("consent_time", "24:00", examconsents.BAD_TIME),
        ("co_exam_start", "soon", examconsents.BAD_TIME),
        ("co_exam_start", "09:09", examconsents.TOO_EARLY),
        ("co_form", None, examconsents.NO_FORM),
    ],
)
def test_an_internal_exam_needs_every_part_of_its_consent_block(exam, question, value, text):
    assert refused(note(CONSENTED, co_exam_type=[exam], **{question: value}))[question] == text


def test_a_named_chaperone_needs_a_role_that_is_never_a_relative():
    assert "chaperone_role" in refused(note(CONSENTED, chaperone_role=None))
    assert not FORM.by_id["chaperone_role"].codes & {"partner", "family", "relative", "child"}
    assert not FORM.by_id["chaperone_role"].other


@pytest.mark.parametrize("outcome", ["declined", "requested-other"])
def test_without_a_chaperone_in_the_room_no_name_is_asked(outcome):
    declined = note(CONSENTED, chaperone_outcome=outcome, chaperone_name=None, chaperone_role=None)
    assert refused(declined) == {}


def test_consent_in_the_same_minute_as_the_exam_is_in_time():
    assert refused(note(CONSENTED, co_exam_start="09:10")) == {}
    assert refused(note(CONSENTED, co_exam_start=None)) == {}


def test_consent_that_was_withdrawn_still_needs_its_particulars():
    withdrawn = note(CONSENTED, consent_decision="withdrawn")
    assert refused(withdrawn) == {}
    assert "chaperone_offered" in refused({**withdrawn, "chaperone_offered": {"value": "no"}})
    assert "co_explained" in refused({**withdrawn, "co_explained": {"value": ["purpose"]}})


# Findings that can be true


def test_measurements_that_agree_can_be_signed():
    assert refused(measured()) == {}
    assert refused(measured(c=None)) == {}, "an incomplete POP-Q has no stage, but may stand"


@pytest.mark.parametrize(
    ("changes", "question", "text"),
    [
        ({"c": -10.5}, "popq_c", popq.BEYOND),
        ({"ba": 11}, "popq_ba", popq.BEYOND),
        ({"aa": -1}, "popq_ba", popq.ABOVE_AA),
        ({"ap": -1}, "popq_bp", popq.ABOVE_AP),
    ],
)
def test_measurements_that_contradict_each_other_cannot(changes, question, text):
    assert refused(measured(**changes)) == {question: text}


def test_a_posterior_fornix_without_a_cervix_cannot_be_signed():
    assert refused({**measured(), "popq_cervix": {"value": "no"}}) == {"popq_d": popq.NO_CERVIX}
    assert refused({**measured(d=None), "popq_cervix": {"value": "no"}}) == {}


def squeezed(p, *rest, **more):
    counts = {f"perfect_{part}": {"number": str(n), "unit": "1"} for part, n in zip("erf", rest, strict=True)}
    return note(CONSENTED, perfect_p=p, **counts, **more)


def test_a_squeeze_that_can_be_true_can_be_signed():
    assert refused(squeezed(3, 6, 4, 7, in_lift="lift")) == {}
    assert refused(squeezed(0, 0, 0, 0, in_lift="no-lift")) == {}


def test_no_power_with_a_hold_or_a_lift_cannot():
    assert refused(squeezed(0, 6, 0, 0)) == {"perfect_e": perfect.NO_POWER}
    assert refused(squeezed(0, 0, 0, 0, in_lift="lift")) == {"in_lift": perfect.NO_LIFT}
    assert refused(squeezed(3, 6, 4, 11)) == {"perfect_f": perfect.RANGE}


@pytest.mark.parametrize("reason", [None, "", "forgot"])
def test_not_examined_without_its_reason_is_refused(reason):
    answer = {"status": "not-examined", "reason": reason}
    assert refused(note(ab_tension=answer)) == {"ab_tension": signing.NO_REASON}


@pytest.mark.parametrize("reason", ["declined", "deferred", "not-indicated", "unable"])
def test_not_examined_with_its_reason_stands(reason):
    assert refused(note(ab_tension={"status": "not-examined", "reason": reason})) == {}


def test_every_finding_can_be_left_not_examined():
    sections = [FORM.section(name) for name in ("abdomen", "perineum", "internal", "popq")]
    findings = [q for s in sections for q in s.questions() if q.kind != "display" and not q.id.endswith("_note")]
    assert [q.id for q in findings if not q.examined] == ["ab_ird_method"]
    assert not [q.id for s in sections for q in s.questions() if q.need != "optional"]


# The second version, whose pages say how their numbers were measured


def test_what_the_examination_lacks_or_contradicts_stops_signing_at_its_field():
    form = reader.load("evaluation", 2)
    finding = {"br_excursion": {"value": cm(5)}, "hp_rom_method": {"value": "visual"}}
    rows = {"extension": {"hp_rom_left": {"number": "31", "unit": "deg"}}}
    answers = {**note(), **finding, "hp_rom": {"value": rows}, "perfect_line": {"value": "3/6/4"}}
    found = {reason.question: reason for reason in reasons_not_to_sign(form, answers)}
    assert {"br_position", "br_method", "hp_rom.extension.hp_rom_left"} <= found.keys()
    assert found["hp_rom.extension.hp_rom_left"].section == "hip"
    assert found["hp_rom.extension.hp_rom_left"].values == {"row": "Extension", "most": 30}
    assert "perfect_line" not in signing.contradictions(form, answers)
    assert set(signing.contradictions(form, answers)) == {"hp_rom"}


# Goals that can be checked


def with_goal(**changes):
    entry = {name: answer for name, answer in {**GOAL, **changes}.items() if answer is not None}
    return note(goal=[GOAL, entry])


def test_a_goal_needs_a_number_to_reach():
    assert refused(with_goal(goal_target={"value": "feel better"})) == {"goal.1.goal_target": signing.NO_NUMBER}
    assert refused(with_goal(goal_target=None)) == {"goal.1.goal_target": signing.NO_NUMBER}


def test_a_goal_needs_a_date():
    assert refused(with_goal(goal_due=None)) == {"goal.1.goal_due": signing.NO_DATE}


ON = date(2026, 9, 15)


def stops(form, answers, on=ON):
    return {reason.question: reason.text for reason in reasons_not_to_sign(form, answers, on=on)}


@pytest.mark.parametrize(
    ("kind", "first", "last", "days"),
    [("progress-report", "pg_from", "pg_to", "pg_days"), ("discharge", "dc_first", "dc_last", "dc_days")],
)
def test_what_a_note_reports_on_ends_after_it_begins_and_has_no_more_treatment_days_than_days(kind, first, last, days):
    form = reader.latest(kind)

    def said(begins, ends, often):
        answers = {first: {"value": begins}, last: {"value": ends}, days: {"value": often}}
        found = {name: text for name, text in stops(form, answers).items() if name in answers}
        assert {n: t.text for n, t in signing.contradictions(form, answers, on=ON).items() if n in answers} == found
        return found

    assert said("2026-12-31", "2020-01-01", 10) == {last: signing.ENDS_BEFORE}
    assert said("2026-09-02", "2026-09-01", 1) == {last: signing.ENDS_BEFORE}
    assert said("2026-09-01", "2026-09-01", 1) == {}
    assert said("2026-09-01", "2026-09-10", 10) == {}
    assert said("2026-09-01", "2026-09-10", 11) == {days: signing.TOO_MANY_DAYS}


def test_a_new_goal_is_not_to_be_reached_before_the_day_it_is_set():
    past, today = {"value": "2001-01-01"}, {"value": ON.isoformat()}
    assert stops(FORM, with_goal(goal_due=past)) == {"goal.1.goal_due": signing.PAST_DUE}
    assert stops(FORM, with_goal(goal_due=today)) == {}
    assert signing.contradictions(FORM, with_goal(goal_due=past), on=ON)["goal"].text == signing.PAST_DUE
    report = reader.latest("progress-report")
    for status, refused_too in (("new", True), ("progressing", False), ("not-met", False), (None, False)):
        told = {"goal_status": {"value": status}} if status else {}
        found = stops(report, {"goal": {"value": [{**GOAL, "goal_due": past, **told}]}})
        assert (found.get("goal.0.goal_due") == signing.PAST_DUE) is refused_too, status
    close = {**CLOSE, "gc_due": past, "gc_status": {"value": "new"}}
    assert stops(report, {"goal_close": {"value": [close]}})["goal_close.0.gc_due"] == signing.PAST_DUE


def test_a_goal_needs_its_words():
    assert list(refused(with_goal(goal_text=None))) == ["goal.1.goal_text"]


def test_a_note_needs_at_least_one_goal():
    assert refused(note(goal=None)) == {"goal": signing.NO_GOAL}
    assert refused(note(goal=[])) == {"goal": signing.NO_GOAL}
    assert refused(note(goal={"status": "declined"})) == {"goal": signing.NO_GOAL}


# Codes, and goals in a group of their own

ASSESSMENT = reader.latest("assessment")
CLOSE = {"gc_text": {"value": "No more sting"}, "gc_target": {"value": "pain 2"}, "gc_due": {"value": "2027-01-01"}}


def of_assessment(remarks=(), **answers):
    given = {name: {"value": value} for name, value in answers.items()}
    return {reason.question: reason.text for reason in reasons_not_to_sign(ASSESSMENT, given, remarks)}


def test_what_is_said_of_a_code_stops_signing_only_when_it_is_grave():
    grave, light = (Remark(f"dx.{at}.dx_code", "Look at it.", stops=not at) for at in (0, 1))
    found = of_assessment((grave, light), dx=[{}, {}])
    assert found["dx.0.dx_code"] == "Look at it."
    assert "dx.1.dx_code" not in found


def test_a_goal_about_sex_is_a_goal_and_can_be_checked():
    assert refused(note(goal=None))["goal"] == signing.NO_GOAL
    assert not {name for name in of_assessment(goal_close=[CLOSE]) if name.startswith("goal")}
    bare = of_assessment(goal_close=[{"gc_measure": {"value": "pain"}}])
    assert [bare[f"goal_close.0.gc_{part}"] for part in ("text", "target", "due")] == [
        signing.NO_WORDS, signing.NO_NUMBER, signing.NO_DATE,
    ]  # fmt: skip


def test_a_plan_of_care_needs_type_amount_frequency_and_duration():
    missing = of_assessment(goal_close=[CLOSE], poc_plan="new")
    assert {f"poc_{part}" for part in ("type", "amount", "frequency", "duration", "agreed", "certified")} == set(
        missing
    )
    assert of_assessment(goal_close=[CLOSE], poc_plan="unchanged") == {}
