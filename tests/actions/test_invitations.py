"""Inviting a patient to prepare for a visit, and letting her in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake.actions import invitations, patients
from intake.actions.refusals import RefusedError
from intake.security import tokens
from intake.store import audit, responses, visits
from tests import claims, tries
from tests.builders import SECRET
from tests.sizes import size, tell

PROCESSES = size(6, 16)
TRIES = size(2, 64)  # each process
HOUR = timedelta(minutes=61)


def enter(session, invitation, now, born=date(1993, 4, 27)):
    code_hash = invitation.code_hash if invitation else "no such code"
    claim = invitations.Claim(code_hash, "", born)
    return invitations.enter(session, claim, token_hash=tokens.new_token()[:64], now=now)


def test_the_code_opens_the_form_and_is_kept_nowhere(session, make):
    invitation = make.invitation()
    code = make.codes[invitation.id]
    assert code.replace("-", "") not in repr(vars(invitation))
    found = visits.by_code(
        session, tokens.keyed_hash(SECRET, invitations.ACCESS_CODE, tokens.settled_code(code.lower()))
    )
    assert found.id == invitation.id
    assert enter(session, found, make.now).invitation_id == invitation.id
    assert responses.intake_of(session, invitation.visit_id).status == responses.IN_PROGRESS


def test_a_second_invitation_leads_to_the_same_answers_and_leaves_the_first_working(session, make):
    first = make.invitation()
    second = make.invitation(first.visit)
    enter(session, first, make.now)
    started = responses.intake_of(session, first.visit_id).id
    enter(session, second, make.now)
    assert responses.intake_of(session, first.visit_id).id == started
    assert enter(session, first, make.now)


def test_inviting_again_once_something_was_answered_tells_the_privacy_lead(session, make):
    visit = make.visit()
    response = make.intake(visit)
    make.invitation(visit)
    assert "alert.invited-again" not in audit.recorded(session)
    make.answer(response, {"ex_worry": {"value": "whether I can run"}})
    session.expire_all()
    make.invitation(visit)
    alerts = [line for line in audit.of_patient(session, visit.patient_id) if line.action == "alert.invited-again"]
    assert [line.actor_id for line in alerts] == [visit.therapist_id]


def test_a_wrong_birth_date_opens_nothing_and_leaves_a_line(session, make):
    for wrong in (None, date(1993, 4, 28), date(1900, 1, 1)):
        invitation = make.invitation()
        assert enter(session, invitation, make.now, wrong) is None
        assert responses.intake_of(session, invitation.visit_id) is None
        assert audit.has(session, "invitation.wrong-try")


def test_five_wrong_dates_freeze_the_invitation_for_an_hour(session, make):
    invitation, now = make.invitation(), make.now
    for _try in range(5):
        assert enter(session, invitation, now, date(1990, 1, 1)) is None
    assert enter(session, invitation, now) is None
    assert enter(session, invitation, now + timedelta(minutes=59)) is None
    assert enter(session, invitation, now + timedelta(minutes=61))


def test_ten_wrong_tries_revoke_it(session, make):
    invitation, now = make.invitation(), make.now
    for _try in range(5):
        enter(session, invitation, now, date(1990, 1, 1))
    later = now + timedelta(minutes=61)
    for _try in range(4):
        enter(session, invitation, later, date(1990, 1, 1))
    assert not invitations.was_guessed_at(invitation)
    assert invitations.is_usable(invitation, later)
    enter(session, invitation, later, date(1990, 1, 1))
    session.refresh(invitation)
    assert invitations.was_guessed_at(invitation)
    assert enter(session, invitation, later + timedelta(days=1)) is None


def test_one_that_was_withdrawn_was_not_guessed_at(session, make):
    invitation = make.invitation()
    invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
    assert not invitations.was_guessed_at(invitation)


def test_a_second_code_is_made_only_where_it_is_asked_for(session, make):
    plain, visit = make.invitation(), make.visit()
    assert plain.second_hash is None
    sent = invitations.send(session, visit, days=7, with_second=True, secret=SECRET, by=visit.therapist, now=make.now)
    assert len(tokens.settled_code(sent.second, tokens.SPOKEN_LENGTH)) == tokens.SPOKEN_LENGTH
    assert sent.second not in repr(vars(sent.invitation))
    born = visit.patient.birth_date
    right, wrong = (invitations.claim(SECRET, sent.code, typed, born) for typed in (sent.second.lower(), ""))
    assert invitations.enter(session, wrong, token_hash="a", now=make.now) is None
    assert invitations.enter(session, right, token_hash="b", now=make.now)


def test_four_wrong_dates_and_a_right_one_start_the_count_again(session, make):
    invitation = make.invitation()
    for _round in range(2):
        for _try in range(4):
            enter(session, invitation, make.now, date(1990, 1, 1))
        assert enter(session, invitation, make.now)


def test_an_expired_a_revoked_and_a_called_off_invitation_open_nothing(session, make):
    expired, revoked, called_off = make.invitation(days=1), make.invitation(), make.invitation()
    desk = make.front_desk()
    invitations.revoke(session, revoked, by=desk, now=make.now)
    patients.cancel(session, called_off.visit, by=desk, now=make.now)
    assert enter(session, expired, make.now + timedelta(days=1, seconds=1)) is None
    assert enter(session, revoked, make.now) is None
    assert enter(session, called_off, make.now) is None
    assert enter(session, None, make.now) is None


def test_nothing_is_sent_for_a_visit_that_was_called_off_or_has_its_answers(session, make):
    visit, done = make.visit(), make.intake(submitted=True)
    patients.cancel(session, visit, by=make.front_desk(), now=make.now)
    for each in (visit, visits.get(session, done.visit_id)):
        with pytest.raises(RefusedError):
            invitations.send(session, each, days=14, secret=SECRET, by=each.therapist, now=make.now)


# ---------------------------------------------------------------- many processes at once


def counts(session, invitation):
    """(wrong tries, frozen, revoked, lines about wrong tries), as they are in the database now."""
    session.rollback()
    session.refresh(invitation)
    lines = [line for line in audit.of_patient(session, invitation.patient.id) if line.action == "invitation.wrong-try"]
    state = invitation.wrong_tries, invitation.frozen_until is not None, invitation.revoked_at is not None
    session.rollback()
    return *state, len(lines)


def given(make, invitation, born, later=timedelta(0)):
    return invitations.claim(SECRET, make.codes[invitation.id], "", born), make.now + later


@pytest.mark.dear
def test_however_many_try_at_once_the_fifth_wrong_date_freezes_and_the_tenth_revokes(url, session, make):
    invitation, everybody = make.invitation(), PROCESSES * TRIES
    session.commit()
    for later, expected in ((timedelta(0), (5, True, False, everybody)), (HOUR, (10, False, True, 2 * everybody + 1))):
        wrong = given(make, invitation, date(1990, 1, 1), later)
        opened = tries.passing(url, claims.claimed, wrong, processes=PROCESSES, times=TRIES)
        assert (opened, *counts(session, invitation)) == (0, *expected)
        assert enter(session, invitation, make.now + later) is None
    assert enter(session, invitation, make.now + 2 * HOUR) is None
    tell(f"{2 * everybody} wrong tries of {PROCESSES} processes: frozen at 5, revoked at 10, opened 0")


def test_counting_without_holding_the_visit_is_noticed(url, session, make, backend):
    """The control. SQLite lets one write at a time, so only PostgreSQL can go wrong there."""
    if backend == "sqlite":
        return
    invitation = make.invitation()
    wrong = given(make, invitation, date(1990, 1, 1))
    session.commit()
    tries.passing(url, claims.looked_at_first, wrong, processes=PROCESSES, times=1)
    found, *_state, lines = counts(session, invitation)
    assert (lines, found) != (PROCESSES, 5)
    assert found < 5
