"""Answers are kept by section, and a save over what somebody else saved is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from intake.actions import askings
from intake.forms import reader
from intake.store import beginnings, responses
from intake.store.binding import ForgedError
from intake.store.responses import Response

GOOD, LATER = {"bl_leak_any": {"value": "yes"}}, {"bl_leak_any": {"value": "no"}}


def version_of(session, response, section="bladder"):
    session.rollback()
    return responses.sections(session, response.id)[section][1]


def test_a_new_intake_has_a_row_for_every_section_so_that_none_says_anything(session, make):
    intake = make.intake()
    form = reader.latest("intake")
    assert set(responses.sections(session, intake.id)) == {section.id for section in form.sections}
    assert not intake.touched


def test_a_saved_section_is_read_back_one_version_on(session, make):
    intake = make.intake()
    assert responses.save_section(session, intake.id, "bladder", GOOD, over=1, now=make.now)
    session.commit()
    answers, version, _at = responses.sections(session, intake.id)["bladder"]
    assert (answers, version) == (GOOD, 2)
    assert responses.answers(session, intake.id) == GOOD


def test_a_save_over_a_version_that_is_gone_changes_nothing(session, make):
    intake = make.intake()
    assert responses.save_section(session, intake.id, "bladder", GOOD, over=1, now=make.now)
    assert not responses.save_section(session, intake.id, "bladder", LATER, over=1, now=make.now)
    session.commit()
    assert responses.answers(session, intake.id) == GOOD


def test_of_two_windows_that_save_at_once_exactly_one_wins(engine, session, make):
    intake_id = make.intake().id
    start = threading.Barrier(2)

    def save(answers):
        start.wait(10)
        with Session(engine) as own:
            won = responses.save_section(own, intake_id, "bladder", answers, over=1, now=make.now)
            own.commit()
            return won

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(save, (GOOD, LATER)))
    assert sorted(won) == [False, True]
    session.rollback()
    assert responses.answers(session, intake_id) == (GOOD if won[0] else LATER)


def test_two_windows_on_different_sections_do_not_disturb_each_other(session, make):
    intake = make.intake()
    assert responses.save_section(session, intake.id, "bladder", GOOD, over=1, now=make.now)
    assert responses.save_section(session, intake.id, "bowel", {}, over=1, now=make.now)


def test_answers_that_are_hidden_now_are_taken_out_and_named(session, make):
    intake = make.intake(answers={"bl_leak_any": {"value": "no"}, "bl_leak_when": {"value": ["cough"]}})
    stored = responses.sections(session, intake.id)
    shown = {"bl_leak_any": stored["bladder"][0]["bl_leak_any"]}
    dropped = responses.drop_hidden(session, intake.id, stored, shown, make.now)
    session.commit()
    assert dropped == ["bl_leak_when"]
    assert set(responses.answers(session, intake.id)) == {"bl_leak_any"}


def test_an_intake_is_found_by_its_visit_and_by_its_id_but_a_note_is_not(session, make):
    intake = make.intake()
    note = make.note(intake.visit)
    assert responses.intake_of(session, intake.visit_id).id == intake.id
    assert responses.intake(session, intake.id).id == intake.id
    assert responses.intake(session, note.response_id) is None
    assert [found.id for found in responses.intakes(session, intake.patient_id)] == [intake.id]


def test_a_visit_s_forms_are_in_when_each_of_them_is(session, make):
    visit = make.visit()
    assert not responses.all_in(session, visit.id), "nothing was begun yet"
    first = make.intake(visit, submitted=True)
    assert responses.all_in(session, visit.id)
    beginnings.begin(session, first.visit, "check-in", now=make.now)
    assert not responses.all_in(session, visit.id)


def test_what_asks_how_she_is_today_comes_before_a_part_that_is_asked_again(session, make):
    first = make.intake(submitted=True)
    visit, by = make.visit(first.patient, kind="follow-up"), first.visit.therapist
    again = askings.ask_again(session, first, "bladder", visit=visit, by=by, now=make.now)
    for name in ("bladder-diary", "check-in", "intake"):
        beginnings.begin(session, visit, name, now=make.now)
    forms = [(each.form, each.only) for each in responses.asked(session, visit.id)]
    assert forms == [("intake", None), ("check-in", None), ("intake", again.only), ("bladder-diary", None)]


def test_an_intake_counts_as_touched_once_anything_was_saved(session, make):
    intake = make.intake(answers=GOOD)
    session.expire_all()
    assert intake.touched
    assert version_of(session, intake) == 2


def test_what_is_typed_in_from_paper_is_found_as_such_and_no_other_form(session, make):
    paper, intake = make.transcript(), make.intake()
    assert responses.transcript(session, paper.id).id == paper.id
    assert responses.transcript(session, intake.id) is None
    assert (paper.is_waiting, intake.is_waiting) == (False, True)
    assert "pre_private" in responses.form_of(intake).by_id
    assert "pre_private" not in responses.form_of(paper).by_id


def test_whoever_says_behind_our_back_that_answers_came_from_paper_is_noticed(session, make):
    intake = make.intake()
    session.execute(update(Response).where(Response.id == intake.id).values(source="paper"))
    session.commit()
    session.expunge_all()
    with pytest.raises(ForgedError):
        responses.intake(session, intake.id)


def test_a_form_that_changed_hands_meanwhile_is_seen_as_it_is_once_it_is_held(session, engine, make):
    intake = make.intake()
    key, staff = intake.id, intake.visit.therapist_id
    session.rollback()
    with Session(engine) as other:
        row = other.get_one(Response, key)
        row.source, row.entered_by_id, row.filled_on = "paper", staff, make.now.date()
        other.commit()
    responses.lock(session, intake)
    assert intake.is_from_paper
    session.rollback()
