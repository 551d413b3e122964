"""When a word was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intake.forms import moments

FORM = datetime(2026, 9, 20, 12, tzinfo=UTC)
SAID = datetime(2026, 9, 15, 8, 30, tzinfo=UTC)
MARKED = {"value": "yes", "at": SAID.isoformat(timespec="seconds"), "by": "a link"}


def test_an_answer_was_said_when_it_was_typed_not_when_its_form_was_handed_in():
    assert moments.said_at(MARKED, FORM) == SAID
    assert moments.said_at({"value": "yes"}, FORM) == FORM


def test_what_staff_typed_in_from_paper_was_said_with_the_paper():
    assert moments.said_at({**MARKED, "by": "paper"}, FORM) == FORM


def test_a_paper_was_filled_in_on_a_day_of_the_clinic_s_own_clock():
    zone = ZoneInfo("America/Los_Angeles")
    early = moments.on_paper(date(2026, 9, 1), zone)
    assert early.astimezone(UTC) == datetime(2026, 9, 1, 7, tzinfo=UTC)
    late = moments.on_paper(date(2026, 9, 1), zone, time.max)
    assert timedelta(hours=23) < late - early < timedelta(days=1)


def test_the_last_word_of_a_form_is_its_newest_mark():
    assert moments.last([MARKED, {"value": "no"}], SAID - timedelta(days=1)) == SAID
    assert moments.last([], FORM) == FORM


def test_nothing_finer_than_a_second_is_told_apart():
    assert not moments.is_older(SAID, SAID + timedelta(milliseconds=900))
    assert moments.is_older(SAID, SAID + timedelta(seconds=1))


def test_what_is_reckoned_from_a_paper_is_reckoned_from_its_day():
    typed = {"value": 20, "at": SAID.isoformat(), "by": "paper"}
    found = moments.as_of({"a": typed, "b": MARKED}, date(2026, 7, 1))
    assert datetime.fromisoformat(found["a"]["at"]).date() == date(2026, 7, 1)
    assert found["b"] == MARKED
    assert moments.as_of({"a": typed}, None) == {"a": typed}
