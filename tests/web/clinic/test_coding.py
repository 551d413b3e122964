"""Codes and goals on the note page: picked without a script, titled and numbered on the server, warned about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.clinical.coding.codes import Code
from intake.forms import reader
from intake.forms.entry import Entry
from intake.store import careteam, codes, responses
from intake.web.clinic import coding
from intake.web.clinic.drafts import Draft
from tests.pages import save

SINCE = date(2026, 1, 1)
CODES = [Code(code, f"Our {code}", SINCE, timed=code != "97161", fee=4500) for code in ("97110", "97112", "97161")]
AT = "diagnoses:1 procedures:1 goals:1 plan-of-care:1"


@pytest.fixture
def note(make, session):
    codes.load(session, codes.PROCEDURE, CODES, by=None, now=make.now)
    payer = Code("Maple Health", "Maple Health", SINCE, rule="ama")
    codes.load(session, codes.PAYER, [payer], by=None, now=make.now)
    session.commit()
    return make.note(form="assessment")


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def write(client, note, fields, at=AT):
    return save(client, url(note), fields, at=at)


def entries(group, *found):
    fields = {f"{group}.count": str(len(found))}
    for index, entry in enumerate(found):
        fields |= {f"{group}.{index}.{name}": value for name, value in entry.items()}
    return fields


def kept(session, note, name):
    session.expire_all()
    return responses.answers(session, note.response_id).get(name, {}).get("value")


def test_the_page_offers_lists_without_a_script(author, note):
    page = author.get(url(note)).text
    assert '<datalist id="picks-diagnoses">' in page
    assert "N39.3 Stress incontinence (female) (male)" in page
    assert 'list="picks-procedures"' in page
    assert 'id="pr.2.pr_code"' in page
    assert 'id="pr.3.pr_code"' not in page
    assert "97110 Our 97110" in page
    assert "Maple Health" in page


def test_codes_that_are_never_offered_are_not_and_those_apart_stand_apart(author, note):
    page = author.get(url(note)).text
    assert "Z37.0" not in page
    assert "Z39.2 " not in page
    open_list = page[page.index('"picks-diagnoses"') : page.index("</datalist>", page.index('"picks-diagnoses"'))]
    apart = page[page.index('"picks-diagnoses-apart"') :]
    assert "F52.0" not in open_list
    assert "F52.0 Hypoactive" in apart


@pytest.mark.parametrize("typed", ["N39.3", "n393", "stress incontinence"])
def test_a_code_or_words_that_fit_one_get_their_title(author, note, session, typed):
    write(author, note, entries("dx", {"dx_code": typed}))
    (entry,) = kept(session, note, "dx")
    assert entry["dx_code"]["value"] == "N39.3 Stress incontinence (female) (male)"


@pytest.mark.parametrize("typed", ["incontinence", "N39.3 leaks on the trampoline", "nothing of the kind"])
def test_anything_else_stays_as_it_was_typed(author, note, session, typed):
    write(author, note, entries("dx", {"dx_code": typed}))
    assert kept(session, note, "dx")[0]["dx_code"]["value"] == typed


def test_procedures_and_payers_get_the_words_of_the_clinic(author, note, session):
    write(author, note, {**entries("pr", {"pr_code": "97110", "pr_minutes": "15"}), "pr_payer": "maple health"})
    assert kept(session, note, "pr")[0]["pr_code"]["value"] == "97110 Our 97110"
    assert kept(session, note, "pr_payer") == "Maple Health"


def test_minutes_become_units_on_the_page_by_the_rule_of_the_payer(author, note):
    done = [{"pr_code": "97110", "pr_minutes": "33"}, {"pr_code": "97112", "pr_minutes": "7"}]
    write(author, note, {**entries("pr", *done), "pr_total": "45"})
    page = author.get(url(note)).text
    assert "Timed 40 min, all 45 min." in page
    assert "Units (8-minute rule): 97110 × 2, 97112 × 1" in page
    write(
        author,
        note,
        {**entries("pr", *done), "pr_total": "45", "pr_payer": "Maple Health"},
        at=AT.replace("procedures:1", "procedures:2"),
    )
    assert "Units (midpoint rule): 97110 × 2, 97112 × 0" in author.get(url(note)).text


def test_minutes_beyond_the_visit_are_said_and_nothing_is_lost(author, note, session):
    saved = write(author, note, {**entries("pr", {"pr_code": "97110", "pr_minutes": "50"}), "pr_total": "40"})
    assert saved.status_code == 303
    assert "The timed minutes come to 50, more than the whole treatment time of 40." in author.get(url(note)).text
    assert kept(session, note, "pr")[0]["pr_minutes"]["value"]["number"] == "50"


@pytest.mark.parametrize("hours", [1, 30])
def test_a_whole_treatment_time_alone_is_held_against_the_visit_on_any_day(client, make, sign_in, hours):
    note = make.note(make.visit(starts_at=make.now - timedelta(hours=hours)), form="assessment")
    author = sign_in(note.author)
    write(author, note, {"pr_total": "480"}, at="procedures:1")
    assert "480 minutes are more than" in author.get(url(note)).text
    assert "480 minutes are more than" in author.get(url(note, "/sign")).text
    write(author, note, {"pr_total": "45"}, at="procedures:2")
    assert "minutes are more than" not in author.get(url(note)).text


def test_what_is_missing_of_minutes_is_said_on_the_page_to_sign_too(author, note):
    write(author, note, entries("pr", {"pr_code": "97110", "pr_minutes": "50"}))
    for path in (url(note), url(note, "/sign")):
        assert "Write the whole treatment time too" in author.get(path).text


def test_a_heading_stops_signing_with_a_sentence_at_its_field(author, note):
    write(author, note, entries("dx", {"dx_code": "R10.2"}))
    page = author.get(url(note, "/sign")).text
    assert "R10.2 is only a heading. Pick one of the codes under it, such as R10.20." in page
    assert "#dx.0.dx_code" in page


def test_pairs_that_exclude_each_other_are_told_and_do_not_stop(author, note):
    write(author, note, entries("dx", {"dx_code": "R32"}, {"dx_code": "N39.3"}))
    assert "R32 and N39.3 exclude each other (Excludes1)." in author.get(url(note)).text
    assert "#dx.1.dx_code" not in author.get(url(note, "/sign")).text


def test_a_code_that_is_kept_apart_is_sent_where_fewer_read_it(author, note):
    write(author, note, entries("dx", {"dx_code": "Z63.0"}))
    assert "Z63.0 is one of the codes that are kept apart" in author.get(url(note, "/sign")).text


def test_a_second_code_behind_the_first_stops_signing_with_a_sentence_at_its_field(author, note):
    write(author, note, entries("dx", {"dx_code": "M62.89 pelvic floor; T74.21XA confirmed"}))
    page = author.get(url(note, "/sign")).text
    assert "One line takes one code, and T74.21XA stands behind M62.89." in page
    assert "#dx.0.dx_code" in page


def test_mental_health_is_offered_where_fewer_read_it(author, note):
    page = author.get(url(note)).text
    open_list = page[page.index('"picks-diagnoses"') : page.index("</datalist>", page.index('"picks-diagnoses"'))]
    for code in ("F53.0", "R45.851", "O90.6", "F43.10"):
        assert f"{code} " not in open_list
        assert f"{code} " in page[page.index('"picks-diagnoses-apart"') :]


def test_a_sensitive_diagnosis_is_not_for_those_who_may_not(client, make, sign_in, note, session):
    session.rollback()
    make.answer(
        note.response, {"dx_apart": {"value": [{"dxa_code": {"value": "F52.0 Hypoactive sexual desire disorder"}}]}}
    )
    sign_in(make.member(note.patient))
    page = client.get(url(note)).text
    assert "F52.0" not in page
    assert "Hypoactive" not in page


def test_goals_get_their_numbers_and_keep_them(author, note, session, make):
    goal = {"goal_text": "Walk 30 minutes dry", "goal_target": "30"}
    write(author, note, entries("goal", goal, {"goal_text": "Lift the car seat", "goal_target": "7"}))
    assert [each["goal_number"]["value"]["number"] for each in kept(session, note, "goal")] == ["1", "2"]


def test_a_new_goal_of_a_later_note_goes_on_counting(client, make, sign_in, session):
    first = make.note(signed=True)
    later = make.note(make.visit(first.patient, first.author), form="assessment")
    sign_in(first.author)
    write(client, later, entries("goal", {"goal_text": "Sleep"}, {"goal_text": "Walk for 30 minutes with a dry pad"}))
    assert [each["goal_number"]["value"]["number"] for each in kept(session, later, "goal")] == ["2", "1"]


def test_a_note_says_how_each_goal_stood_until_now(client, make, sign_in, session):
    goal = {"goal_text": {"value": "Walk"}, "goal_target": {"value": "30"}, "goal_due": {"value": "2099-01-01"}}
    now = {"goal_number": {"value": {"number": "1"}}, "goal_now": {"value": "20 minutes"}}
    status = {"goal_status": {"value": "progressing"}}
    close = {"gc_text": {"value": "No sting"}, "gc_target": {"value": "2"}, "gc_due": goal["goal_due"]}
    answers = {"goal": {"value": [{**goal, **now, **status}]}}
    answers["goal_close"] = {"value": [{**close, "gc_now": {"value": "pain 5"}}]}
    first = make.note(answers=answers, signed=True, form="assessment")
    later = make.note(make.visit(first.patient, first.author), form="assessment")
    sign_in(first.author)
    write(client, later, entries("goal", {"goal_text": "Walk"}))
    for path in (url(later), url(later, "/sign")):
        page = client.get(path).text
        assert "20 minutes, Progressing" in page, path
        assert "pain 5" in page
    assert "Until now" not in client.get(url(first)).text
    sign_in(make.member(first.patient))
    assert "pain 5" not in client.get(url(later)).text


def test_who_left_the_team_reads_no_other_note_beside_their_own(client, make, sign_in, session):
    patient, left = make.patient(), make.therapist()
    goal = {"goal_text": {"value": "Walk"}, "goal_target": {"value": "30"}, "goal_due": {"value": "2099-01-01"}}
    mine = make.note(make.visit(patient, left), form="assessment")
    make.note(
        make.visit(patient),
        answers={"goal": {"value": [{**goal, "goal_now": {"value": "20 minutes"}}]}}, signed=True, form="assessment",
    )  # fmt: skip
    sign_in(left)
    assert "20 minutes" in client.get(url(mine)).text
    for member in careteam.members(session, patient.id, make.now):
        member.until = make.now if member.user_id == left.id else None
    session.commit()
    page = client.get(url(mine))
    assert page.status_code == 200
    assert "20 minutes" not in page.text
    write(client, mine, entries("goal", {"goal_text": "Sleep"}))
    assert kept(session, mine, "goal")[0]["goal_number"]["value"]["number"] == "2"


def test_goals_of_a_form_without_numbers_get_none(make):
    note, goal = make.note(), {"goal_text": {"value": "Walk"}}
    entry = Entry(answers={"goal": {"value": [goal]}})
    coding.complete(entry, Draft(note.response, reader.load("evaluation", 1), {}, {}, frozenset()), note)
    assert entry.answers["goal"]["value"] == [goal]


def test_a_goal_to_please_a_partner_is_warned_about(author, note):
    write(author, note, entries("goal_close", {"gc_text": "Satisfy her partner twice a week", "gc_target": "2"}))
    page = author.get(url(note)).text
    assert "never to please a partner" in page
    assert "A goal about sex is never how often" in page


def test_a_goal_about_sex_is_not_for_those_who_may_not(client, make, sign_in, note, session):
    make.answer(note.response, {"goal_close": {"value": [{"gc_text": {"value": "No more sting"}}]}})
    sign_in(make.member(note.patient))
    assert "No more sting" not in client.get(url(note)).text


def test_a_late_code_of_childbirth_is_doubted(client, make, sign_in, clock, session):
    born = (make.now.date() - timedelta(days=100)).isoformat()
    births = {"ob_births": {"value": [{"birth_date": {"value": born}}]}}
    intake = make.intake(answers=births, submitted=True)
    note = make.note(intake.visit, form="assessment")
    sign_in(note.author)
    write(client, note, entries("dx", {"dx_code": "O90.1"}))
    assert "O90.1 is for the six weeks after a birth" in client.get(url(note)).text
