"""The report of response times: figures, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

URL = "/admin/times"


@pytest.fixture
def lead(clock, client, make, sign_in):
    return sign_in(make.privacy_lead())


def entries(make, count, *, severity="SAME_DAY", rules="S", taken=10):
    intake = make.intake(make.visit(make.patient(legal_name="Rowan Marzipan")))
    opened = make.now - timedelta(days=1)
    for number in range(count):
        flag = make.flag(intake, rule=f"{rules}{number + 1}x", severity=severity, opened_at=opened)
        flag.seen_at, flag.acknowledged_at = opened + timedelta(minutes=5), opened + timedelta(minutes=taken)
    make.session.commit()


def test_counts_and_medians_are_told(lead, make, clock):
    make.clinic()
    entries(make, 6)
    page = lead.get(URL).text
    assert "5 minutes" in page
    assert "10 minutes" in page
    assert "100 %" in page
    assert "September 2026" in page


def test_nothing_of_a_patient_or_a_rule_is_told(lead, make, clock):
    entries(make, 6)
    page = lead.get(URL).text
    assert [word for word in ("Marzipan", "Rowan", "S1x", "rf_calf") if word in page] == []


def test_fewer_than_five_are_not_broken_down(lead, make, clock):
    entries(make, 4)
    page = lead.get(URL).text
    assert "Fewer than 5 entries were opened" in page
    assert "<table" not in page


def test_whole_months_are_told_so_that_a_day_more_or_less_tells_nothing(lead, make, clock):
    entries(make, 6)
    pages = [lead.get(f"{URL}?since={since}&until=2026-09-{until}").text for since, until in
             (("2026-09-01", "13"), ("2026-09-10", "14"), ("2026-09-14", "14"))]  # fmt: skip
    assert all("Whole months, from Sep 1, 2026 to Sep 30, 2026." in page and ">6<" in page for page in pages)


def test_nothing_yet_is_said_so(lead, make):
    make.clinic()
    assert "No entry was opened in this time" in lead.get(URL).text


def test_a_stretch_of_time_can_be_chosen(lead, make, clock):
    entries(make, 6)
    assert "<table" in lead.get(f"{URL}?since=2026-09-14&until=2026-09-14").text
    assert "No entry" in lead.get(f"{URL}?since=2026-01-01&until=2026-02-01").text


@pytest.mark.parametrize(
    "asked", ["since=2026-09-02&until=2026-09-01", "since=tomorrow", "until=9999-12-31", "since=0001-01-01"]
)
def test_a_stretch_that_cannot_be_is_pointed_out(lead, make, clock, asked):
    make.clinic()
    answer = lead.get(f"{URL}?{asked}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text or 'role="alert"' in answer.text


def test_signs_about_safety_at_home_never_count(lead, make, clock):
    entries(make, 5)
    intake = make.intake()
    for rule in ("E9", "S11", "S12"):
        make.flag(intake, rule=rule, severity="EMERGENCY", opened_at=make.now - timedelta(days=1))
    page = lead.get(URL).text
    assert ">5<" in page
    assert ">8<" not in page


def test_administrators_and_the_privacy_lead_see_it_and_nobody_else(new_client, make, sign_in):
    for user in (make.admin(), make.privacy_lead()):
        assert sign_in(user, new_client()).get(URL).status_code == 200
    for user in (make.therapist(), make.front_desk()):
        assert sign_in(user, new_client()).get(URL).status_code == 404
