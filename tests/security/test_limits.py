"""How often is too often, as data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.security.limits import DAY, FOR_GOOD, HOUR, LIMITS, MINUTE, Beyond, Bucket, Window, end_of, network

NOON = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)


def test_the_limits_are_these():
    found = {str(bucket): [(each.most, each.seconds) for each in limit.windows] for bucket, limit in LIMITS.items()}
    assert found == {
        "sign-in-network": [(30, MINUTE), (300, HOUR)],
        "sign-in-clinic": [(300, MINUTE)],
        "sign-in-account": [(5, MINUTE), (20, HOUR), (100, 0)],
        "second-factor": [(5, 30), (30, HOUR)],
        "link-network": [(20, HOUR)],
        "entry-network": [(20, HOUR)],
        "autosave": [(60, MINUTE)],
        "documents": [(10, MINUTE), (50, DAY)],
        "patients-read": [(29, HOUR)],
        "codes-checked": [(60, HOUR)],
    }
    assert set(LIMITS) == set(Bucket)


def test_only_what_would_lock_out_a_whole_clinic_or_stop_care_is_told_rather_than_refused():
    told = {bucket for bucket, limit in LIMITS.items() if limit.beyond is not Beyond.REFUSED}
    assert told == {Bucket.SIGN_IN_CLINIC, Bucket.ENTRY_NETWORK, Bucket.PATIENTS_READ}


def test_the_shortest_window_comes_first_and_the_one_without_end_last():
    for limit in LIMITS.values():
        lengths = [window.seconds or FOR_GOOD for window in limit.windows]
        assert lengths == sorted(lengths)


def test_a_window_ends_at_the_next_whole_multiple():
    minute = Window(1, MINUTE)
    assert end_of(minute, NOON) == int((NOON + timedelta(minutes=1)).timestamp())
    assert end_of(minute, NOON + timedelta(seconds=59, microseconds=999_999)) == end_of(minute, NOON)
    assert end_of(minute, NOON + timedelta(seconds=60)) == end_of(minute, NOON) + MINUTE
    assert end_of(Window(1, 0), NOON) == FOR_GOOD


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:0:1200::1", "2001:db8:0:12ff:ffff::1", True),
        ("2001:db8:0:1200::1", "2001:db8:0:1300::1", False),
        ("::ffff:192.0.2.1", "192.0.2.77", True),
        ("", "192.0.2.1", False),
        ("unix:", "unix:", True),
    ],
)
def test_addresses_of_one_household_or_office_count_together(one, other, same):
    assert (network(one) == network(other)) is same
