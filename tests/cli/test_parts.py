"""flask doctor says when the parts from elsewhere have become old."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from intake.cli.doctor import parts
from intake.cli.doctor.checks import Facts
from intake.config import ROOT

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def chosen(tmp_path):
    """What the doctor says of parts that were chosen so many days ago."""

    def said(days):
        path = tmp_path / "chosen"
        path.write_text(f"{NOW.date() - timedelta(days=days)}\n", encoding="utf-8")
        return parts.renewed(Facts({}, NOW), path)

    return said


@pytest.mark.parametrize("days", [0, 1, 90])
def test_parts_that_were_chosen_within_90_days_are_welcome(chosen, days):
    assert chosen(days) is None


@pytest.mark.parametrize("days", [91, 400])
def test_older_ones_are_told_with_what_to_do(chosen, days):
    assert f"{days} days ago" in chosen(days)
    assert "make lock" in chosen(days)


@pytest.mark.parametrize("written", [None, "", "yesterday"])
def test_a_day_nobody_wrote_down_is_told(tmp_path, written):
    if written is not None:
        (tmp_path / "chosen").write_text(written, encoding="utf-8")
    assert "how old" in parts.renewed(Facts({}, NOW), tmp_path / "chosen")


def test_the_day_of_our_own_locks_is_written_down_and_choosing_writes_it_anew():
    assert date.fromisoformat(parts.CHOSEN.read_text(encoding="utf-8").strip()) >= date(2026, 11, 22)
    rule = re.search(r"^lock:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert rule.rstrip().endswith("> requirements/chosen")


def test_the_longest_time_is_the_one_that_is_promised():
    promised = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())
    assert f"chosen anew within {parts.LONGEST} days" in promised
