"""What a patient does with her form: saving a page, reading a warning, handing it in."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from intake.actions import flags as worklist
from intake.actions import intakes
from intake.actions.refusals import FinalError, NotReadyError, StaleError
from intake.clinical.triage import Severity
from intake.forms import reader
from intake.forms.entry import Entry
from intake.forms.merge import bare
from intake.store import audit, consents, flags, responses
from tests.builders import filled

FORM = reader.latest("intake")
TODAY = date(2026, 9, 15)


def page_of(question):
    section = FORM.section_of[question]
    return section, next(page for page in section.pages if any(asked.id == question for asked in page.questions))


@pytest.fixture
def save(session, make):
    """Save the page of a question; `base` is the version it was read at, the newest by default."""

    def saved(response, question, value=None, *, base=None, leaving=False, emptied=()):
        section, page = page_of(question)
        stored = responses.sections(session, response.id)
        entry = Entry({question: {"value": value}} if value is not None else {}, set(emptied))
        base = stored[section.id][1] if base is None else base
        return intakes.save_page(
            session, response, FORM, section, page, entry, stored,
            base=base, leaving=leaving, link="a", today=TODAY, now=make.now,
        )  # fmt: skip

    return saved


def stored_answer(session, response, question):
    session.expire_all()
    return responses.answers(session, response.id).get(question)


def test_a_saved_answer_is_there_with_the_version_that_set_it(session, make, save):
    response = make.intake()
    saved = save(response, "fn_goal_top", "Run with the stroller")
    assert saved.version == 2
    kept = stored_answer(session, response, "fn_goal_top")
    assert (kept["value"], kept["r"]) == ("Run with the stroller", 2)


def test_saving_the_same_once_more_changes_nothing(session, make, save):
    response = make.intake()
    first = save(response, "fn_goal_top", "Run")
    assert save(response, "fn_goal_top", "Run").version == first.version


def test_an_answer_changed_in_another_window_is_not_overwritten(session, make, save):
    response = make.intake()
    save(response, "fn_goal_top", "From the phone", base=1)
    with pytest.raises(StaleError) as stale:
        save(response, "fn_goal_top", "From the laptop", base=1)
    assert stale.value.questions == ("fn_goal_top",)
    assert stored_answer(session, response, "fn_goal_top")["value"] == "From the phone"


def test_a_birth_when_she_was_seven_has_no_date_for_the_warning_rules(make, save):
    response = make.intake()
    save(response, "ob_births", [{"birth_date": {"value": "2000-05-01"}, "birth_mode": {"value": "vaginal"}}])
    assert "E3" in {sign.rule for sign in save(response, "rf_head", ["rf_headache"]).signs}


def test_two_windows_can_answer_different_questions_of_a_section(session, make, save):
    response = make.intake()
    save(response, "fn_goal_top", "Run", base=1)
    save(response, "fn_work", "leave", base=1)
    assert stored_answer(session, response, "fn_goal_top")["value"] == "Run"
    assert stored_answer(session, response, "fn_work")["value"] == "leave"


def test_a_page_that_claims_a_version_yet_to_come_is_refused(session, make, save):
    response = make.intake()
    save(response, "fn_goal_top", "Run")
    with pytest.raises(StaleError):
        save(response, "fn_goal_top", "Overwritten", base=99)
    assert stored_answer(session, response, "fn_goal_top")["value"] == "Run"


def test_leaving_a_page_lists_what_it_insists_on_and_marks_the_rest_skipped(session, make, save):
    response = make.intake()
    saved = save(response, "fn_work_demand", "sit", leaving=True)
    assert saved.missing == ()
    assert stored_answer(session, response, "fn_work")["status"] == "skipped"
    assert [problem.field for problem in save(response, "bl_nocturia", leaving=True).missing] == [
        *("bl_day_voids", "bl_nocturia", "bl_urgency", "bl_leak_any"),
    ]


@pytest.mark.parametrize(
    ("question", "value", "rule", "severity"),
    [
        ("rf_bleed", "heavy", "E1", Severity.EMERGENCY),
        ("rf_legs", ["rf_calf"], "S9", Severity.SAME_DAY),
        ("ob_preg_now", "yes", "D9", Severity.DISCUSS),
    ],
)
def test_a_warning_sign_opens_a_worklist_entry_in_the_same_save(session, make, save, question, value, rule, severity):
    response = make.intake()
    saved = save(response, question, value)
    assert rule in saved.new_rules
    entry = next(flag for flag in flags.of_response(session, response.id) if flag.rule == rule)
    assert (entry.severity, entry.still_true, entry.closed_at) == (severity.name, True, None)
    assert audit.has(session, "flag.opened")


def test_an_emergency_is_shown_until_she_says_she_has_read_it_and_stays_after_the_answer_was_changed(
    session, make, save
):
    response = make.intake()
    assert "E1" in save(response, "rf_bleed", "heavy").new_rules
    assert save(response, "rf_bleed", "heavy").new_rules == {"E1"}  # the reply to the first save may have been lost
    entry = next(flag for flag in flags.of_response(session, response.id) if flag.rule == "E1")
    intakes.reply(session, entry, "read", by=None, now=make.now)
    assert save(response, "rf_temp_taken", "not-taken-fine").new_rules == frozenset()
    save(response, "rf_bleed", "light")
    (entry,) = (flag for flag in flags.of_response(session, response.id) if flag.rule == "E1")
    assert not entry.still_true
    assert entry in flags.open_flags(session)


def test_a_sign_that_comes_back_is_shown_again_but_stays_one_entry(session, make, save):
    response = make.intake()
    for value in ("heavy", "light"):
        save(response, "rf_bleed", value)
    assert "E1" in save(response, "rf_bleed", "heavy").new_rules
    assert [flag.rule for flag in flags.of_response(session, response.id)].count("E1") == 1


@pytest.mark.parametrize("reply", ["read", "mistake"])
def test_her_reply_to_a_warning_is_kept_and_the_entry_stays(session, make, save, reply):
    response = make.intake()
    save(response, "rf_bleed", "heavy")
    entry = next(flag for flag in flags.of_response(session, response.id) if flag.rule == "E1")
    intakes.reply(session, entry, reply, by=None, now=make.now)
    session.expire_all()
    assert (entry.patient_reply, entry.closed_at, entry.still_true) == (reply, None, True)


def test_a_part_left_for_the_visit_keeps_what_she_said_and_never_nags(session, make):
    given = {
        "sx_ok_to_ask": {"value": "yes"},
        "sx_dryness": {"status": "declined"},
        "sx_resumed": {"status": "in-person"},
    }
    response = make.intake(answers=given)
    section = FORM.section("intimacy")
    intakes.leave_for_visit(session, response, section, base=2, link="a", now=make.now)
    kept = responses.answers(session, response.id)
    assert {name: bare(kept[name]) for name in given} == given
    assert kept["sx_goal"]["status"] == "in-person"


def test_a_part_changed_meanwhile_is_not_left_for_the_visit(session, make):
    response = make.intake(answers={"sx_ok_to_ask": {"value": "yes"}})
    with pytest.raises(StaleError):
        intakes.leave_for_visit(session, response, FORM.section("intimacy"), base=1, link="a", now=make.now)


def test_handing_in_lists_everything_that_is_missing_at_once(session, make):
    response = make.intake()
    with pytest.raises(NotReadyError) as refusal:
        intakes.submit(session, response, FORM, signer="", by=None, today=make.now.date(), now=make.now)
    fields = {problem.field for problem in refusal.value.reasons}
    assert {"pre_private", "rf_bleed", "fn_goal_top", "cons_treat", "signer"} <= fields
    session.rollback()
    assert response.status == responses.IN_PROGRESS


def test_what_she_left_out_counts_as_settled_and_stays_as_it_is(session, make):
    left = {"rf_unreal": {"status": "declined"}, "ob_g": {"status": "in-person"}}
    response = make.intake(answers={"ob_more": {"value": "yes"}, **left}, submitted=True)
    kept = responses.answers(session, response.id)
    assert {name: bare(kept[name]) for name in left} == left
    assert not [flag for flag in flags.of_response(session, response.id) if flag.rule == "E6"]


def test_answers_that_a_later_one_hid_are_dropped_with_a_record(session, make):
    hidden = {"rf_temp_taken": {"value": "not-taken-fine"}, "rf_temp": {"value": {"number": "39.5", "unit": "Cel"}}}
    response = make.intake(answers=hidden, submitted=True)
    assert "rf_temp" in response.dropped
    assert "rf_temp" not in responses.answers(session, response.id)


def test_handing_in_twice_changes_nothing(session, make):
    response = make.intake(submitted=True)
    before = (response.completed_at, len(consents.of_patient(session, response.patient_id)))
    intakes.submit(session, response, FORM, signer="Somebody Else", by=None, today=make.now.date(), now=make.now)
    session.expire_all()
    assert (response.completed_at, len(consents.of_patient(session, response.patient_id))) == before


def test_nothing_can_be_saved_after_handing_in(session, make, save):
    response = make.intake(submitted=True)
    with pytest.raises(FinalError):
        save(response, "fn_goal_top", "Later")
    with pytest.raises(FinalError):
        intakes.leave_for_visit(session, response, FORM.section("intimacy"), base=1, link="a", now=make.now)


def test_each_consent_is_kept_with_the_words_she_saw_and_their_hash(session, make):
    response = make.intake(answers={"cons_treat": {"value": "discuss"}}, submitted=True)
    kept = {consent.question: consent for consent in consents.of_patient(session, response.patient_id)}
    asked = FORM.by_id["cons_treat"]
    consent = kept["cons_treat"]
    assert consent.text == f"{asked.text}\n\n{asked.body}"
    assert consent.text_sha256 == hashlib.sha256(consent.text.encode()).hexdigest()
    assert (consent.decision, consent.signer, consent.form_version) == ("discuss", "Rowan Invented", FORM.version)


def test_a_consent_that_was_never_shown_is_never_recorded(session, make):
    by_phone = {"id_contact_methods": {"value": ["mobile"]}, "cons_ecomm_email": {"value": "yes"}}
    response = make.intake(answers=by_phone, submitted=True)
    kept = {consent.question for consent in consents.of_patient(session, response.patient_id)}
    assert kept == {"cons_treat", "cons_npp", "cons_internal_info", "cons_minor", "cons_finance"}
    assert "cons_ecomm_email" in response.dropped


def test_every_intake_of_the_shortest_kind_can_be_handed_in():
    assert filled(FORM, {})


def test_a_sign_that_comes_back_after_staff_closed_its_entry_opens_a_new_one(session, make, save):
    response = make.intake()
    save(response, "rf_heart", ["rf_chest"])
    (entry,) = flags.of_response(session, response.id)
    entry.closed_at = make.now
    session.commit()
    save(response, "rf_heart", ["none"])
    save(response, "rf_heart", ["rf_chest"])
    assert [flag.rule for flag in flags.open_flags(session)] == ["E2"]


@pytest.mark.parametrize("later", [["rf_chest", "rf_faint"], ["rf_breath"]], ids=["more", "another"])
def test_a_further_reason_for_a_sign_that_somebody_took_on_opens_an_entry_somebody_is_told_of(
    session, make, save, later
):
    response = make.intake()
    save(response, "rf_heart", ["rf_chest"])
    (entry,) = flags.of_response(session, response.id)
    worklist.acknowledge(session, entry, by=response.visit.therapist, now=make.now)
    save(response, "rf_heart", ["rf_chest"])
    assert len(flags.open_flags(session)) == 1, "the same once more is nothing new"
    save(response, "rf_heart", later)
    (waits,) = (flag for flag in flags.open_flags(session) if not flag.is_taken)
    assert (waits.rule, set(waits.because) >= set(later) - {"rf_chest"}) == ("E2", True)
    assert entry.because == ["rf_chest"], "what was taken on stays as it was"
    assert sum(line.action == "flag.opened" for line in audit.of_patient(session, response.patient_id)) == 2


def test_handing_in_looks_at_the_warning_signs_once_more_because_time_passes(session, make):
    response = make.intake(answers=filled(FORM, {"sc_type": {"value": ["perineal"]}, "sc_closed": {"value": "no"}}))
    assert flags.of_response(session, response.id) == []
    later = make.now.date() + timedelta(days=60)
    intakes.submit(session, response, FORM, signer="Rowan Invented", by=None, today=later, now=make.now)
    assert "S3" in {flag.rule for flag in flags.of_response(session, response.id)}
