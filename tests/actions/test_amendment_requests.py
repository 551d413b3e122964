"""What keeps a wish from being received, and more time from being taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import amendment_requests as acts
from intake.actions.refusals import RefusedError
from intake.clinical import additions
from intake.clinical.additions import Asked


def extend(session, make, wish, after=0):
    day = wish.received_on + timedelta(days=after)
    return acts.extend(session, wish, "Away", by=wish.user, today=day, now=make.now)


def test_a_draft_and_a_day_to_come_are_refused(make):
    with pytest.raises(RefusedError, match="draft"):
        make.wish(make.note())
    with pytest.raises(RefusedError, match="still to come"):
        make.wish(received_on=make.now.date() + timedelta(days=1))
    with pytest.raises(RefusedError, match="who reads it"):
        make.wish(readers="")


def test_a_day_before_the_note_was_signed_is_refused_in_the_days_of_the_clinic(clock, make):
    clock.shift(timedelta(hours=9))  # nine in the evening in New York, the next day in Greenwich
    note = make.note(signed=True)
    day = make.now.date() - timedelta(days=1)
    with pytest.raises(RefusedError, match="before the note was signed"):
        make.wish(note, received_on=day - timedelta(days=1))
    assert make.wish(note, received_on=day).received_on == day


@pytest.mark.parametrize(("after", "may"), [(0, True), (60, True), (61, False)])
def test_more_time_is_taken_within_the_first_sixty_days(session, make, after, may):
    wish = make.wish()
    if may:
        assert extend(session, make, wish, after).extends_id == wish.id
    else:
        with pytest.raises(RefusedError, match="first 60 days are over"):
            extend(session, make, wish, after)


def test_more_time_is_taken_once_and_not_after_the_answer(session, make):
    wish, other = make.wish(), make.wish()
    extend(session, make, wish)
    with pytest.raises(RefusedError, match="only one time"):
        extend(session, make, wish)
    session.rollback()
    make.add(
        other.note,
        addition=additions.denied(Asked(str(other.id), other.received_on, "x"), "accurate", "No", "therapists"),
    )
    with pytest.raises(RefusedError, match="answered already"):
        extend(session, make, other)
