"""A mail is tried often enough, less and less often, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.clinical import delivery
from intake.clinical.delivery import LEASE, LONGEST_WAIT, TRIES, WORDS, Reason, is_final, wait
from intake.store import sinks


def test_waits_grow_and_end():
    waits = [wait(tries) for tries in range(1, TRIES)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == LONGEST_WAIT
    assert wait(TRIES) is None
    assert wait(TRIES + 5) is None


def test_a_server_that_is_away_for_some_hours_is_waited_for():
    assert sum((wait(tries) for tries in range(1, TRIES)), timedelta()) > timedelta(hours=5)


@pytest.mark.parametrize(("code", "final"), [(250, False), (421, False), (451, False), (550, True), (554, True)])
def test_only_a_refusal_for_good_ends_it_at_once(code, final):
    assert is_final(code) is final


def test_a_lease_outlasts_a_server_that_takes_its_time():
    assert timedelta(seconds=sinks.PATIENCE * 10) < LEASE  # connect, greet, TLS, sign in, from, to, text, end


def test_every_reason_has_its_words():
    assert set(WORDS) == set(Reason)
    assert timedelta(minutes=1) < delivery.SEEN_WITHIN
