"""What a patient's measures were answered with, for whom."""

from __future__ import annotations

from datetime import timedelta

from intake.store import beginnings, measures, responses
from intake.store.patient_keys import CARE, SENSITIVE


def taken(session, patient_id, *tiers):
    return sorted(each.measure for each in measures.of_patient(session, patient_id, tiers))


def test_each_tier_is_opened_for_who_may_see_it_only_and_what_was_asked_alone_for_no_list(make, session):
    visit = make.visit()
    for measure, count in (("odi", 10), ("fsds-r", 13), ("hark", 4)):
        make.measure(measure, *[1] * count, visit=visit)
    assert taken(session, visit.patient_id, "desk", CARE) == ["odi"]
    assert taken(session, visit.patient_id, "desk", CARE, SENSITIVE, "safety") == ["fsds-r", "odi"]
    assert taken(session, visit.patient_id) == []
    assert taken(session, visit.patient_id, "desk") == []
    assert [each.measure for each in measures.asked_alone(session, visit.patient_id)] == ["hark"]


def test_they_stand_in_the_order_in_which_they_came_in_whatever_day_they_are_of(make, session, clock):
    visit = make.visit()
    for value, days in ((1, 0), (2, 60), (3, 0), (4, 30)):
        make.measure("odi", *[value] * 10, visit=visit, on=make.now.date() - timedelta(days=days))
        clock.shift(timedelta(minutes=5))
    found = measures.of_patient(session, visit.patient_id, (CARE,))
    assert [each.given.items["1"] for each in found] == [1, 2, 3, 4]


def test_nothing_of_another_patient_or_of_a_form_that_is_not_in(make, session):
    visit = make.visit()
    make.measure("odi", *[1] * 10)
    begun = beginnings.begin(session, visit, "measure-nprs", now=make.now)
    session.commit()
    make.answer(begun, {"nprs_worst": {"value": 5}})
    assert taken(session, visit.patient_id, CARE) == []
    begun.status, begun.completed_at = responses.COMPLETED, make.now
    session.commit()
    (found,) = measures.of_patient(session, visit.patient_id, (CARE,))
    assert (found.given.items, found.is_by_staff, found.at) == ({"1": 5}, False, begun.completed_at)


def test_the_loader_finds_numbers_that_count_only(make, session):
    made, intake = make.measure("odi", *[1] * 10), make.intake()
    assert measures.get(session, made.id) is made
    assert measures.get(session, intake.id) is None
