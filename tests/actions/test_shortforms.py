"""A therapist asks a patient for a short form before a visit."""

from __future__ import annotations

import pytest

from intake.actions import shortforms
from intake.actions.refusals import RefusedError
from intake.store import audit, responses


def ask(session, make, visit, form="check-in", **more):
    return shortforms.ask(session, visit, form, by=visit.therapist, now=make.now, **more)


@pytest.fixture
def visit(make):
    return make.visit(kind="follow-up")


def test_the_form_waits_behind_those_that_are_there(session, make):
    intake = make.intake()
    asked = ask(session, make, intake.visit)
    assert [each.form for each in responses.asked(session, intake.visit_id)] == ["intake", "check-in"]
    assert asked.number == 2
    assert audit.of_patient(session, intake.patient_id)[-1].action == "form.asked"


def test_it_asks_about_what_the_therapist_chose(session, make, visit):
    asked = ask(session, make, visit, measured="heaviness")
    assert responses.answers(session, asked.id)["ci_measure"]["value"] == "heaviness"


def test_it_is_asked_once_until_it_is_in(session, make, visit):
    ask(session, make, visit)
    with pytest.raises(RefusedError, match="asked for already"):
        ask(session, make, visit)
    assert len(responses.asked(session, visit.id)) == 1


def test_a_visit_that_was_called_off_asks_for_nothing(session, make, visit):
    visit.cancelled_at = make.now
    session.commit()
    with pytest.raises(RefusedError, match="called off"):
        ask(session, make, visit)


def test_a_visit_asks_for_no_more_forms_than_its_pages_can_name(session, make, visit):
    for _turn in range(responses.MOST_FORMS):
        asked = ask(session, make, visit)
        asked.status, asked.completed_at = responses.COMPLETED, make.now
        session.commit()
    with pytest.raises(RefusedError, match="9 forms"):
        ask(session, make, visit)


def test_who_comes_in_finds_it_and_no_second_one_of_its_kind(session, make, enter, client):
    before = make.intake(submitted=True)
    visit = make.visit(before.patient, before.visit.therapist, kind="follow-up")
    ask(session, make, visit, measured="moving")
    enter(make.invitation(visit))
    assert [each.form for each in responses.asked(session, visit.id)] == ["check-in"]


def test_a_new_patient_is_asked_the_whole_intake_first_whatever_was_asked_for_before_she_came(
    session, make, enter, client
):
    visit = make.visit()
    ask(session, make, visit, "bladder-diary")
    ask(session, make, visit)
    enter(make.invitation(visit))
    assert [each.form for each in responses.asked(session, visit.id)] == ["intake", "check-in", "bladder-diary"]
