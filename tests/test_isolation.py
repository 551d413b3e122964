"""A canary: each test starts with an empty clinic. Two tests that both want to be first prove that nothing leaks."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import func, select

from intake.store.patients import Patient


@pytest.mark.parametrize("turn", ["first", "second"])
def test_nobody_is_in_a_database_that_was_just_handed_out(turn, session, make):
    assert session.scalar(select(func.count()).select_from(Patient)) == 0
    make.patient(legal_name=f"Canary {turn}")
    session.commit()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_request_writes_stays_in_its_test(turn, session, make, client, sign_in):
    assert session.scalar(select(func.count()).select_from(Patient)) == 0
    sign_in(make.front_desk())
    make.patient()


def test_no_test_can_reach_beyond_this_machine():
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError, match="tried to reach"):
        outside.connect(("192.0.2.1", 80))
