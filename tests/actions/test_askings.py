"""Asking one part of a form again, and taking that back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import askings, invitations, patients
from intake.actions.refusals import FinalError, RefusedError
from intake.forms import reader
from intake.store import audit, responses
from tests.builders import SECRET
from tests.pages import arrive, place, send


@pytest.fixture
def first(make):
    return make.intake(submitted=True)


@pytest.fixture
def ask(session, make, first):
    def asked(section="bladder", **more):
        plain = {"visit": first.visit, "by": first.visit.therapist, "now": make.now}
        return askings.ask_again(session, first, section, **{**plain, **more})

    return asked


def test_one_part_is_asked_as_the_next_form_of_the_visit(session, first, ask):
    asked = ask()
    assert (asked.only, asked.follows_id, asked.number) == ("bladder", first.id, 2)
    assert (asked.form, asked.form_version) == ("intake", reader.latest("intake").version)
    assert responses.sections(session, asked.id).keys() == {each.id for each in reader.latest("intake").sections}
    assert [each.number for each in responses.asked(session, first.visit_id)] == [1, 2]
    assert responses.intake_of(session, first.visit_id).id == first.id
    line = audit.of_patient(session, first.patient_id)[-1]
    assert (line.action, line.actor_id) == ("intake.asked-again", first.visit.therapist_id)


def test_it_can_be_asked_for_the_next_visit(session, make, first, ask):
    later = make.visit(first.patient, first.visit.therapist, starts_at=make.now + timedelta(days=30))
    assert ask(visit=later).number == 1
    assert [each.only for each in responses.asked(session, later.id)] == ["bladder"]


def test_while_something_is_open_a_new_link_can_be_sent_though_the_answers_were_in(session, make, first, ask):
    plain = {"days": 14, "secret": SECRET, "by": first.visit.therapist, "now": make.now}
    with pytest.raises(FinalError):
        invitations.send(session, first.visit, **plain)
    session.rollback()
    ask()
    assert invitations.send(session, first.visit, **plain).code


@pytest.mark.parametrize("section", ["no-such-part", "safety", ""])
def test_a_part_that_is_not_there_cannot_be_asked(ask, section):
    with pytest.raises(RefusedError, match="cannot be asked"):
        ask(section)


def test_nothing_of_a_form_that_is_not_in_is_asked_again(session, make):
    response = make.intake()
    assert askings.offered(session, response) == ()
    with pytest.raises(RefusedError):
        askings.ask_again(session, response, "bladder", visit=response.visit, by=response.visit.therapist, now=make.now)


def test_the_same_part_waits_only_once_but_another_can_wait_beside_it(ask):
    ask()
    with pytest.raises(RefusedError, match="waits for an answer"):
        ask()
    assert ask("bowel").number == 3


def test_a_visit_of_somebody_else_or_one_that_was_called_off_is_no_visit_to_ask_for(session, make, first, ask):
    with pytest.raises(RefusedError):
        ask(visit=make.visit())
    gone = make.visit(first.patient, first.visit.therapist)
    patients.cancel(session, gone, by=first.visit.therapist, now=make.now)
    with pytest.raises(RefusedError, match="called off"):
        ask(visit=gone)


def test_no_more_forms_than_her_pages_can_count(first, ask):
    parts = [each.id for each in reader.latest("intake").sections if not each.private]
    for section in parts[:8]:
        ask(section)
    with pytest.raises(RefusedError, match="too many"):
        ask(parts[8])


def test_it_can_be_taken_back_while_nothing_is_answered_and_its_number_is_not_used_again(session, make, first, ask):
    asked = ask()
    askings.withdraw(session, asked, by=first.visit.therapist, now=make.now)
    askings.withdraw(session, asked, by=first.visit.therapist, now=make.now)
    assert [each.number for each in responses.asked(session, first.visit_id)] == [1]
    assert responses.intake(session, asked.id) is None
    assert ask().number == 3
    lines = [line.action for line in audit.of_patient(session, first.patient_id)]
    assert lines.count("intake.withdrawn") == 1


def test_parts_taken_back_again_and_again_never_lock_her_out_of_her_form(session, make, first, ask, enter, client):
    later = make.visit(first.patient, first.visit.therapist, starts_at=first.visit.starts_at + timedelta(days=30))
    for _turn in range(9):
        askings.withdraw(session, ask(visit=later), by=later.therapist, now=make.now)
    enter(make.invitation(later))
    assert [each.number for each in responses.asked(session, later.id)] == [10]
    first_page = place(next(iter(reader.latest("intake").questions())).id)
    assert arrive(client, send(client, "tasks", {"_go": first_page, "_form": "10"})) == first_page


def test_it_cannot_be_taken_back_once_something_is_answered(session, make, first, ask):
    asked = ask()
    make.answer(asked, {"bl_leak_any": {"value": "yes"}})
    with pytest.raises(RefusedError, match="An answer is there"):
        askings.withdraw(session, asked, by=first.visit.therapist, now=make.now)
    with pytest.raises(FinalError):
        askings.withdraw(session, first, by=first.visit.therapist, now=make.now)
