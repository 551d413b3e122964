"""Mail goes out once, only where it may, and says nothing about anybody."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.actions import askings, invitations, patients
from intake.actions import outbox as acts
from intake.actions.outbox import Post
from intake.clinical.delivery import LEASE, TRIES, State
from intake.security.sinks import MailServer
from intake.store import audit, beginnings, outbox, patient_keys, sealing, sinks
from intake.store.outbox import Outgoing
from tests.builders import SECRET

ADDRESS = "https://forms.example.org"
HER = "rowan@example.org"
CODE_AGAIN = "0123-4567-89AB"


@pytest.fixture
def post(mail_server):
    return Post(mail_server, ADDRESS)


@pytest.fixture
def send(engine, post, make):
    """One try of a worker, as late as told."""

    def sent(later=timedelta(0), by=post):
        with Session(engine, expire_on_commit=False) as own:
            return acts.send_one(own, by, clock=lambda: make.now + later)

    return sent


@pytest.fixture
def therapist(session, make):
    """Somebody for whom a mail waits."""
    found = make.therapist(name="Tess Telling", email="tess@example.org")
    outbox.notify(session, found.id, make.now)
    session.commit()
    return found


def invite(session, make, safe="safe"):
    contacts = [{"method": "email", "value": HER, "safe": safe}]
    visit = make.visit(make.patient(legal_name="Rowan Marzipan", contacts=contacts))
    return mailed(session, make, visit)


def mailed(session, make, visit):
    """An invitation that waits to be mailed."""
    return invitations.mail(
        session, visit, write=lambda sent: f"Please open {ADDRESS}/f#{sent.code}", days=14, secret=SECRET,
        by=visit.therapist, now=make.now,
    )  # fmt: skip


def rows(session):
    session.expire_all()
    found = list(session.scalars(select(Outgoing)))
    session.rollback()
    return found


def states(session):
    found = [
        (row.state, row.reason) for row in session.scalars(select(Outgoing).execution_options(populate_existing=True))
    ]
    session.rollback()
    return found


# ---------------------------------------------------------------- to staff


def test_somebody_of_the_clinic_is_told_once_in_neutral_words(session, mailbox, send, therapist):
    assert send()
    assert not send()
    assert mailbox.to == ["tess@example.org"]
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Something waits for you in Fernleaf"
    assert ADDRESS in mail.get_content()
    assert "switch these mails off" in mail.get_content()
    assert [
        word for word in ("Tess", "Fernbank", "sign", "urgent", "patient") if word in mailbox.raw.replace("sign in", "")
    ] == []
    assert states(session) == [(State.SENT, "")]


def test_the_mail_is_the_same_to_the_letter_whatever_waits(session, make, mailbox, send):
    from intake.store import alerts

    clinic = make.clinic()
    for rule, severity in (("E1", "EMERGENCY"), ("S9", "SAME_DAY")):
        flag = make.flag(rule=rule, severity=severity)
        alerts.first(session, flag, clinic, make.now)
        session.commit()
        assert send()
    first, second = (mail.get_content() for mail in mailbox.mails)
    assert first == second
    assert len({len(each["Subject"]) for each in mailbox.mails}) == 1


def test_the_sender_s_name_is_the_clinic_s_choice_and_the_mail_has_few_headers(session, make, mailbox, send, therapist):
    make.clinic().mail_name = "Garden Office"
    session.commit()
    send()
    (mail,) = mailbox.mails
    assert mail["From"] == "Garden Office <fernleaf@forms.example.org>"
    assert set(mail.keys()) <= {
        *("Subject", "To", "From", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
        *("Content-Type", "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo"),
    }


def test_who_does_not_work_here_any_more_gets_no_mail(session, mailbox, send, therapist):
    therapist.is_active = False
    session.commit()
    assert send()
    assert mailbox.to == []
    assert states(session) == [(State.HELD_BACK, "nobody")]


# ---------------------------------------------------------------- what goes wrong


def test_a_server_that_is_away_is_tried_again_later_and_less_and_less_often(
    session, make, send, therapist, post, mailbox
):
    away = Post(MailServer(port=1), ADDRESS)
    assert send(by=away)
    assert not send(timedelta(seconds=50))
    assert send(timedelta(minutes=2))
    assert mailbox.to == ["tess@example.org"]


def test_after_many_tries_it_is_given_up_and_said_so(session, make, send, therapist):
    away, later = Post(MailServer(port=1), ADDRESS), timedelta(0)
    for _try in range(TRIES):
        later += timedelta(hours=2)
        assert send(later, by=away)
    assert not send(later + timedelta(days=9), by=away)
    assert states(session) == [(State.FAILED, "unreachable")]
    assert [row.user_id for row in outbox.not_sent(session)] == [therapist.id]
    assert audit.has(session, "mail.not-sent", "unreachable")


@pytest.mark.parametrize(("answer", "state"), [("550 nobody of that name", State.FAILED), ("451 later", State.WAITING)])
def test_an_address_the_server_does_not_know_is_not_tried_for_hours(session, mailbox, send, therapist, answer, state):
    mailbox.refused["tess@example.org"] = answer
    assert send()
    assert states(session)[0][0] == state


def test_a_mail_that_is_refused_stops_no_other(session, make, mailbox, send, therapist):
    mailbox.refused["tess@example.org"] = "550 no"
    other = make.therapist(email="other@example.org")
    outbox.notify(session, other.id, make.now)
    session.commit()
    while send():
        pass
    assert mailbox.to == ["other@example.org"]


HANGS = "hangs@example.org"


def test_a_mailbox_that_the_server_hangs_on_holds_up_no_other_mail(
    session, make, mailbox, send, therapist, monkeypatch
):
    """The server answers until it is told to whom: the one after it is an emergency's."""
    monkeypatch.setattr(sinks, "PATIENCE", 0.3)
    therapist.email, mailbox.hanging = HANGS, {HANGS}
    outbox.notify(session, make.therapist(email="works@example.org").id, make.now + timedelta(seconds=1))
    session.commit()
    at = timedelta(seconds=2)
    assert [send(at), send(at), send(at)] == [True, True, False]
    assert mailbox.to == ["works@example.org"]
    assert [row.tries for row in rows(session) if row.state == State.WAITING] == [1]


@pytest.mark.parametrize(
    "odd", ["a(b@example.org", "a..b@example.org", "\u00fc@example.org", "a@b@example.org", "x@[1"]
)
def test_an_odd_address_ends_with_a_reason_and_stops_nothing(session, make, mailbox, send, therapist, odd):
    therapist.email = odd
    session.commit()
    assert send()
    outbox.notify(session, make.therapist(email="other@example.org").id, make.now)
    session.commit()
    send()
    assert "other@example.org" in mailbox.to


def test_a_worker_that_died_after_taking_it_leaves_it_to_the_next(session, make, mailbox, send, therapist):
    outbox.take(session, make.now)
    session.commit()
    assert not send(LEASE - timedelta(seconds=9))
    assert send(LEASE + timedelta(seconds=1))
    assert mailbox.to == ["tess@example.org"]


def test_a_mail_that_comes_twice_has_the_same_number(session, make, engine, mailbox, send, therapist, monkeypatch):
    """The worker died after the server had taken the mail, and before it was written down."""
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "end", lambda *_all: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            send()
    assert send(LEASE + timedelta(seconds=1))
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_no_lock_is_held_while_the_server_takes_its_time(engine, session, make, mailbox, send, therapist):
    """Somebody else writes in the middle of it."""

    def meanwhile():
        with Session(engine) as other:
            outbox.note_worker(other, make.now)
            other.commit()

    mailbox.meanwhile = meanwhile
    assert send()
    assert outbox.worker_seen_at(session) is not None


def test_the_log_says_what_kind_of_fault_and_no_address(session, mailbox, send, therapist, caplog):
    mailbox.refused["tess@example.org"] = "550 tess@example.org is nobody"
    with caplog.at_level(logging.INFO):
        send()
    said = str([vars(each) for each in caplog.records if each.name.startswith("intake")])
    assert "SMTPRecipientsRefused" in said
    assert "tess@" not in said


# ---------------------------------------------------------------- to a patient


def test_an_invitation_goes_to_the_address_that_is_safe_with_the_text_and_nothing_else(session, make, mailbox, send):
    sent = invite(session, make)
    assert send()
    assert mailbox.to == [HER]
    (mail,) = mailbox.mails
    assert sent.code in mail.get_content()
    assert mail["Subject"] == "A form for you"
    assert [
        word for word in ("Rowan", "Marzipan", "Fernbank", "evaluation", "pelvic", "visit") if word in mailbox.raw
    ] == []
    assert states(session) == [(State.SENT, "")]
    assert all(row.content is None for row in rows(session))
    actions = [line.action for line in audit.of_patient(session, sent.invitation.visit.patient_id)]
    assert actions[-2:] == ["invitation.mailed", "mail.sent"]


@pytest.mark.parametrize("safe", ["not-safe", "unknown", "appointments-only", ""])
def test_an_invitation_is_refused_where_mail_is_not_safe_and_nothing_is_kept(session, make, safe):
    with pytest.raises(invitations.RefusedError, match="e-mail"):
        invite(session, make, safe)
    session.rollback()
    assert rows(session) == []


@pytest.mark.parametrize("safe", ["not-safe", "unknown", "appointments-only"])
def test_what_she_says_meanwhile_counts_just_before_sending(session, make, mailbox, send, safe):
    sent = invite(session, make)
    patient = sent.invitation.visit.patient
    patient.contacts = [{"method": "email", "value": HER, "safe": safe}]
    session.commit()
    assert send()
    assert mailbox.to == []
    assert states(session) == [(State.HELD_BACK, "not-safe")]
    assert all(row.content is None for row in rows(session))


def test_without_the_check_before_sending_it_would_go_out(session, make, mailbox, send, monkeypatch):
    """The control of the test above."""
    sent = invite(session, make)
    sent.invitation.visit.patient.contacts = [{"method": "email", "value": HER, "safe": "not-safe"}]
    session.commit()
    monkeypatch.setattr(acts.contacts, "reason_not_to_mail", lambda *_all: None)
    assert send()
    assert mailbox.to == [HER]


def test_a_code_goes_to_another_machine_under_tls_or_not_at_all(session, make, mailbox, send, therapist, monkeypatch):
    invite(session, make)
    monkeypatch.setattr(sinks, "LOOPBACK", frozenset())  # as if the server stood elsewhere; it offers no TLS
    while send():
        pass
    assert mailbox.to == ["tess@example.org"], "what says nothing may go in the open, a code may not"
    monkeypatch.setattr(sinks, "_refuse_in_the_open", lambda *_all: None)  # the planted fault
    assert send(timedelta(minutes=2))
    assert HER in mailbox.to


def test_the_address_is_the_one_on_file_when_it_is_sent(session, make, mailbox, send):
    sent = invite(session, make)
    sent.invitation.visit.patient.contacts = [{"method": "email", "value": "new@example.org", "safe": "safe"}]
    session.commit()
    send()
    assert mailbox.to == ["new@example.org"]


def test_a_link_that_was_withdrawn_meanwhile_is_not_sent(session, make, mailbox, send):
    sent = invite(session, make)
    invitations.revoke(session, sent.invitation, by=sent.invitation.visit.therapist, now=make.now)
    send()
    assert (mailbox.to, states(session)) == ([], [(State.HELD_BACK, "over")])


def test_nor_that_of_a_visit_that_was_called_off(session, make, mailbox, send):
    sent = invite(session, make)
    patients.cancel(session, sent.invitation.visit, by=sent.invitation.visit.therapist, now=make.now)
    send()
    assert (mailbox.to, states(session)) == ([], [(State.HELD_BACK, "over")])


@pytest.mark.parametrize("again", ["a part", "another form"])
def test_while_anything_that_is_asked_for_a_visit_is_open_its_link_is_sent(session, make, mailbox, send, again):
    make.clinic().staff_mail = False
    contacts = [{"method": "email", "value": HER, "safe": "safe"}]
    first = make.intake(make.visit(make.patient(contacts=contacts)), submitted=True)
    first.patient.contacts = contacts
    if again == "a part":
        askings.ask_again(session, first, "bladder", visit=first.visit, by=first.visit.therapist, now=make.now)
    else:
        beginnings.begin(session, first.visit, "check-in", now=make.now)
    mailed(session, make, first.visit)
    assert send()
    assert (mailbox.to, states(session)) == ([HER], [(State.SENT, "")])


def test_once_everything_is_in_the_link_is_not_sent(session, make, mailbox, send):
    make.clinic().staff_mail = False
    sent = invite(session, make)
    make.intake(sent.invitation.visit, submitted=True)
    sent.invitation.visit.patient.contacts = [{"method": "email", "value": HER, "safe": "safe"}]
    session.commit()
    assert send()
    assert (mailbox.to, states(session)) == ([], [(State.HELD_BACK, "over")])


def test_of_a_record_that_was_erased_nothing_goes_out(session, make, mailbox, send):
    sent = invite(session, make)
    patient_id = sent.invitation.visit.patient_id
    patient_keys.destroy(session.connection(), sealing.ring(session), patient_id, make.now)
    session.commit()
    send()
    assert (mailbox.to, states(session)) == ([], [(State.HELD_BACK, "unreadable")])


def test_the_patience_with_a_server_is_that_of_checkpoints():
    assert sinks.PATIENCE == 10
