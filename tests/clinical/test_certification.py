"""The clocks of a plan of care, right on their last day and on the day after."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from intake.clinical import certification
from intake.clinical.certification import Act, Duty, Event, clock
from tests.sizes import size

START = date(2026, 3, 2)
WHO = "Dr. Ash Romero"


def day(number):
    return START + timedelta(days=number)


def first(weeks=12, on=0):
    return Event(Act.FIRST, day(on), weeks=weeks)


def again(on, weeks=12):
    return Event(Act.AGAIN, day(on), weeks=weeks)


def duties(*events):
    return [(due.duty, (due.on - START).days) for due in clock(events).duties]


def is_overdue(*events, today):
    return [due.duty for due in clock(events).duties if due.is_overdue(day(today))]


def test_a_first_plan_is_certified_within_30_days_and_again_when_it_ends():
    assert duties(first(8)) == [(Duty.CERTIFY, 30), (Duty.RECERTIFY, 56)]


@pytest.mark.parametrize(("weeks", "until"), [(1, 7), (12, 84), (13, 90), (52, 90)])
def test_a_plan_stands_for_its_weeks_and_90_days_at_most(weeks, until):
    assert duties(first(weeks), Event(Act.RETURNED, day(3))) == [(Duty.RECERTIFY, until)]


@pytest.mark.parametrize(("today", "late"), [(30, []), (31, [Duty.CERTIFY])])
def test_day_30_is_in_time_and_day_31_is_not(today, late):
    assert is_overdue(first(), today=today) == late


@pytest.mark.parametrize(("today", "late"), [(90, []), (91, [Duty.RECERTIFY])])
def test_day_90_is_in_time_and_day_91_is_not(today, late):
    assert is_overdue(first(13), Event(Act.RETURNED, day(1)), today=today) == late


def test_a_signature_settles_it_even_late():
    (plan,) = clock([first(), Event(Act.RETURNED, day(44))]).plans
    assert (plan.certified_on, plan.due, plan.by_order) == (day(44), None, False)


def test_an_order_by_word_of_mouth_is_signed_within_14_days():
    assert duties(first(), Event(Act.VERBAL, day(5)))[0] == (Duty.CONFIRM, 19)
    assert is_overdue(first(), Event(Act.VERBAL, day(5)), today=19) == []
    assert is_overdue(first(), Event(Act.VERBAL, day(5)), today=20) == [Duty.CONFIRM]


@pytest.mark.parametrize(("spoken", "due"), [(30, (Duty.CONFIRM, 44)), (31, (Duty.CERTIFY, 30))])
def test_a_word_after_the_30_days_comes_too_late(spoken, due):
    assert duties(first(), Event(Act.VERBAL, day(spoken)))[0] == due


@pytest.mark.parametrize(("sent", "settled"), [(30, True), (31, False)])
def test_an_order_on_file_and_the_plan_sent_in_time_need_no_signature(sent, settled):
    events = [Event(Act.ORDER, day(-9), to=WHO), first(), Event(Act.SENT, day(sent), to=" dr. ash  romero ")]
    (plan,) = clock(events).plans
    assert (plan.due is None, plan.by_order) == (settled, settled)


def test_the_order_alone_or_the_sending_alone_settles_nothing():
    for event in (Event(Act.ORDER, day(0), to=WHO), Event(Act.SENT, day(1), to=WHO)):
        assert duties(first(), event)[0] == (Duty.CERTIFY, 30)


def test_the_plan_is_sent_to_whoever_ordered():
    events = [first(), Event(Act.ORDER, day(0), to=WHO), Event(Act.SENT, day(1), to="Dr. Other")]
    assert duties(*events)[0] == (Duty.CERTIFY, 30)


@pytest.mark.parametrize(("began", "settled"), [(date(2024, 12, 31), False), (date(2025, 1, 1), True)])
def test_the_exception_is_for_plans_since_2025(began, settled):
    events = [Event(Act.FIRST, began, weeks=8), Event(Act.ORDER, began, to=WHO), Event(Act.SENT, began, to=WHO)]
    assert (clock(events).plans[0].due is None) is settled


def test_a_later_plan_needs_a_signature_whatever_is_on_file():
    events = [
        first(8),
        Event(Act.RETURNED, day(2)),
        again(50),
        Event(Act.ORDER, day(50), to=WHO),
        Event(Act.SENT, day(50), to=WHO),
    ]
    assert duties(*events) == [(Duty.CERTIFY, 56), (Duty.RECERTIFY, 50 + 84)]


def test_a_later_plan_is_signed_while_the_one_before_stands():
    assert duties(first(13), Event(Act.RETURNED, day(2)), again(88))[0] == (Duty.CERTIFY, 90)
    assert is_overdue(first(13), Event(Act.RETURNED, day(2)), again(95), today=95) == [Duty.CERTIFY]


def test_a_later_plan_takes_the_place_of_the_day_to_recertify():
    events = [first(8), Event(Act.RETURNED, day(2)), again(50), Event(Act.RETURNED, day(55))]
    assert duties(*events) == [(Duty.RECERTIFY, 50 + 84)]


def test_a_first_plan_that_was_never_signed_stays_on_the_list():
    assert [duty for duty, _on in duties(first(8), again(50))] == [Duty.CERTIFY, Duty.CERTIFY, Duty.RECERTIFY]


def test_after_a_discharge_nothing_is_due():
    assert clock([first(), Event(Act.ENDED, day(20))]).duties == ()


def test_a_new_episode_begins_anew():
    events = [first(), Event(Act.ENDED, day(20)), first(8, on=200)]
    assert duties(*events) == [(Duty.CERTIFY, 230), (Duty.RECERTIFY, 256)]
    assert duties(first(), first(8, on=200)) == [(Duty.CERTIFY, 230), (Duty.RECERTIFY, 256)]


def certified(*events):
    """When each plan was certified, as numbers of days."""
    return [plan.certified_on and (plan.certified_on - START).days for plan in clock(events).plans]


def test_a_signature_of_the_episode_before_certifies_no_plan_of_the_next():
    events = [first(), Event(Act.ENDED, day(20)), Event(Act.RETURNED, day(22)), first(8, on=200)]
    assert certified(*events) == [None]
    assert duties(*events)[0] == (Duty.CERTIFY, 230)


def test_a_plan_sent_in_the_episode_before_is_not_the_next_one():
    before = [first(), Event(Act.ENDED, day(20)), Event(Act.SENT, day(22), to=WHO), Event(Act.ORDER, day(190), to=WHO)]
    assert duties(*before, first(8, on=200))[0] == (Duty.CERTIFY, 230)
    assert certified(*before, first(8, on=200), Event(Act.SENT, day(201), to=WHO)) == [201]


@pytest.mark.parametrize(("ordered", "told"), [(-1, [None]), (19, [None]), (20, [201]), (190, [201])])
def test_an_order_of_the_episode_before_certifies_no_plan_of_the_next(ordered, told):
    order, sent = Event(Act.ORDER, day(ordered), to=WHO), Event(Act.SENT, day(201), to=WHO)
    ended = [first(), Event(Act.ENDED, day(20))]
    assert certified(*ended, order, first(8, on=200), sent) == told
    assert certified(*ended, first(8, on=200), sent, order) == told
    assert (duties(*ended, order, first(8, on=200), sent)[0] == (Duty.CERTIFY, 230)) is (told == [None])


def test_a_word_of_the_episode_before_is_not_confirmed_in_the_next():
    ended, word = [first(), Event(Act.ENDED, day(20))], Event(Act.VERBAL, day(5))
    for events in ([*ended, word, first(8, on=200)], [*ended, first(8, on=200), word]):
        assert duties(*events)[0] == (Duty.CERTIFY, 230)


def test_a_signature_belongs_to_the_newest_plan_that_was_made_by_its_day():
    plans = [first(8), again(20)]
    assert certified(*plans, Event(Act.RETURNED, day(5))) == [5, None]
    assert certified(*plans, Event(Act.RETURNED, day(19))) == [19, None]
    assert certified(*plans, Event(Act.RETURNED, day(20))) == [None, 20]


def test_a_signature_from_before_the_plan_certifies_nothing():
    for number, told in ((-1, [None]), (0, [0])):
        assert certified(first(), Event(Act.RETURNED, day(number))) == told
        assert certified(Event(Act.RETURNED, day(number)), first()) == told


@pytest.mark.parametrize(("sent", "told"), [(-400, [None]), (-1, [None]), (0, [0])])
def test_a_plan_was_not_sent_before_it_was_made(sent, told):
    order = Event(Act.ORDER, day(-400), to=WHO)
    assert certified(first(), order, Event(Act.SENT, day(sent), to=WHO)) == told
    assert certified(order, Event(Act.SENT, day(sent), to=WHO), first()) == told


def test_without_a_plan_nothing_is_due():
    assert clock([]) == clock([Event(Act.ORDER, day(0), to=WHO)])
    assert clock([]).duties == ()


def test_what_lies_far_ahead_is_not_told_yet():
    found = clock([first(8)]).duties
    assert [due.duty for due in certification.soon(found, day(16), timedelta(days=14))] == [Duty.CERTIFY]
    assert list(certification.soon(found, day(15), timedelta(days=14))) == []


def plainly(began, weeks, signed, spoken, ordered, sent, today):
    """The rules of one first plan once more, day by day: the duties whose last day is over."""

    def in_time(on, within):
        return on is not None and on in range(began - 1000, began + within + 1)

    late = []
    settled = (signed is not None and signed >= began) or (sent in range(began, began + 31) and in_time(ordered, 30))
    if not settled and in_time(spoken, 30) and today not in range(began - 1000, spoken + 15):
        late.append(Duty.CONFIRM)
    if not settled and not in_time(spoken, 30) and today not in range(began - 1000, began + 31):
        late.append(Duty.CERTIFY)
    if today not in range(began - 1000, began + min(90, weeks * 7) + 1):
        late.append(Duty.RECERTIFY)
    return sorted(late)


def test_the_clock_agrees_with_counting_days():
    random = Random(90)

    def maybe(low, high):
        return random.choice([None, random.randrange(low, high)])

    for _turn in range(size(5_000, 100_000)):
        weeks, today = random.randrange(1, 20), random.randrange(0, 150)
        signed, spoken, ordered, sent = maybe(-20, 150), maybe(0, 45), maybe(-20, 45), maybe(-20, 45)
        told = ((Act.RETURNED, signed), (Act.VERBAL, spoken), (Act.ORDER, ordered), (Act.SENT, sent))
        events = [first(weeks), *(Event(act, day(on), to=WHO) for act, on in told if on is not None)]
        found = is_overdue(*events, today=today)
        assert sorted(found) == plainly(0, weeks, signed, spoken, ordered, sent, today), events
