"""Procedures, payers and sets of diagnoses, as an administrator sees and changes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.clinical.coding import files
from intake.clinical.coding.codes import Code
from intake.store import codes

PAGE = "/admin/codes"
GOOD = {"code": "97110", "label": "Exercise", "timed": "y", "fee": "45.50", "since": ""}


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


def test_a_clinic_begins_without_codes_of_its_own(admin):
    page = admin.get(PAGE).text
    assert "There is no procedure yet." in page
    assert "There is no payer yet." in page
    assert "187 codes of pelvic health come with Fernleaf" in page
    assert "No full set is loaded" in page


def test_a_procedure_is_added_changed_and_used_no_more(admin, make, session):
    assert admin.submit(f"{PAGE}/procedures", GOOD, at=PAGE).status_code == 303
    (row,) = codes.of_kind(session, codes.PROCEDURE)
    assert (row.code, row.title, row.timed, row.fee, row.valid_from) == (
        "97110",
        "Exercise",
        True,
        4550,
        make.today,
    )
    later = (make.today + timedelta(days=30)).isoformat()
    admin.submit(f"{PAGE}/procedures", {**GOOD, "fee": "50", "since": later}, at=PAGE)
    session.expire_all()
    assert [each.fee for each in codes.of_kind(session, codes.PROCEDURE)] == [5000, 4550]
    admin.submit(f"{PAGE}/{row.id}/stop", at=PAGE)
    session.expire_all()
    assert [each.fee for each in codes.of_kind(session, codes.PROCEDURE)] == [5000]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "exercise"}, "This is not a procedure code."),
        ({"label": ""}, "Please fill this in."),
        ({"fee": "lots"}, "Please write an amount, such as 45.00."),
        ({"since": "2026-02-30"}, "Please choose a day that exists."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, session, change, words):
    page = admin.submit(f"{PAGE}/procedures", {**GOOD, **change}, at=PAGE)
    assert page.status_code == 422
    assert words in page.text
    assert 'value="45.50"' in page.text or "fee" in change
    assert codes.of_kind(session, codes.PROCEDURE) == []


def test_a_payer_who_always_stood_is_shown_so(admin, session, make):
    codes.load(session, codes.PAYER, files.payers("payer,rule\nMaple,ama\n").codes, by=None, now=make.now)
    session.commit()
    assert '<td data-label="From">always</td>' in admin.get(PAGE).text


def test_a_payer_has_its_rule(admin, session):
    assert (
        admin.submit(f"{PAGE}/payers", {"payer": "Maple  Health", "rule": "ama", "starts": ""}, at=PAGE).status_code
        == 303
    )
    (row,) = codes.of_kind(session, codes.PAYER)
    assert (row.code, row.rule) == ("Maple Health", "ama")
    assert "Midpoint rule" in admin.get(PAGE).text
    assert admin.submit(f"{PAGE}/payers", {"payer": "", "rule": "best", "starts": ""}, at=PAGE).status_code == 422


def test_a_full_set_is_told_with_its_days(admin, make, session):
    codes.load(session, codes.DIAGNOSIS, [Code("N39.3", "Stress", make.today)], by=None, now=make.now)
    session.commit()
    assert "Full set from" in admin.get(PAGE).text


def test_nobody_else_opens_it(client, make, sign_in):
    for user in (make.therapist(), make.front_desk()):
        sign_in(user)
        assert client.get(PAGE).status_code == 404
