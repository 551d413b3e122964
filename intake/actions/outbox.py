"""Sending what waits: take a mail, look whether it may still go out, hand it over, write down what came of it.

Nothing is locked while a mail server is slow to answer. A worker that dies leaves its mail to the next one.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError
from intake.clinical import contacts, delivery, mails
from intake.clinical.contacts import About
from intake.clinical.delivery import Reason, State
from intake.clinical.mails import Kind, Mail
from intake.forms.problems import N_
from intake.security.seal import SealError
from intake.security.sinks import MAILABLE, MailServer
from intake.store import audit, outbox, people, responses, sinks, visits
from intake.store.outbox import Outgoing
from intake.store.visits import Invitation

log = logging.getLogger("intake.worker")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that may go out now, and to whom."""

    to: str
    mail: Mail


@dataclass(frozen=True, slots=True)
class Post:
    """Where mail is handed over, the address staff sign in at, and what brings the texts into their language."""

    server: MailServer
    address: str
    translated: Callable[[str], str] = str


def send_one(session: Session, post: Post, *, clock: Callable[[], datetime]) -> bool:
    """Send the next mail that is due; False when there is none, or when the mail server kept silent.

    Then the others wait a little: each of them would only wait for the same server. One that the server hangs on
    while it takes others waits alone.
    """
    row = outbox.take(session, clock())
    if row is None:
        session.rollback()
        return False
    session.commit()
    outcome = _checked(session, row, post, clock())
    if isinstance(outcome, Reason):
        _give_up(session, row, State.HELD_BACK, outcome, clock())
        return True
    return _hand_over(session, row, outcome, post, clock)


def _checked(session: Session, row: Outgoing, post: Post, now: datetime) -> Letter | Reason:
    """The mail as it may go out at this moment, or why it may not. What she says is asked just before sending."""
    try:
        found = _notice(session, row, post) if row.kind == Kind.NOTICE else _invitation(session, row, post, now)
    except SealError:
        found = Reason.UNREADABLE
    session.rollback()
    return found


def _notice(session: Session, row: Outgoing, post: Post) -> Letter | Reason:
    user = people.user(session, row.user_id) if row.user_id else None
    if user is None or not user.is_active:
        return Reason.NOBODY
    if not MAILABLE.fullmatch(user.email):
        return Reason.NO_ADDRESS
    return Letter(user.email, mails.notice(post.address, post.translated))


def _invitation(session: Session, row: Outgoing, post: Post, now: datetime) -> Letter | Reason:
    invitation = visits.invitation(session, row.invitation_id) if row.invitation_id else None
    if invitation is None or not is_needed(session, invitation, now):
        return Reason.OVER
    known = invitation.patient.contacts
    if contacts.reason_not_to_mail(known, About.FORM) is not None:
        return Reason.NOT_SAFE
    return Letter(contacts.address(known), mails.invitation(outbox.words(session, row), post.translated))


def is_needed(session: Session, invitation: Invitation, now: datetime) -> bool:
    """Whether its link still opens a form that waits for answers."""
    if invitation.revoked_at is not None or invitation.expires_at <= now or invitation.visit.cancelled_at is not None:
        return False
    return not responses.all_in(session, invitation.visit_id)


def _hand_over(session: Session, row: Outgoing, letter: Letter, post: Post, clock: Callable[[], datetime]) -> bool:
    """Whether the mail server said anything."""
    clinic = people.clinic(session)
    sender = clinic.mail_name if clinic else people.SENDER
    session.rollback()
    try:
        is_private = row.kind == Kind.INVITATION
        sinks.post(_message(row, letter, post, sender, clock()), post.server, private=is_private)
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail not sent", extra={"reason": type(problem).__name__})
        _try_again(session, row, problem, clock())
        return not isinstance(problem, TimeoutError)
    if outbox.end(session, row, State.SENT, clock()) and row.patient_id is not None:
        audit.record(session, "mail.sent", subject=row, patient_id=row.patient_id, now=clock())
    session.commit()
    return True


def _try_again(session: Session, row: Outgoing, problem: Exception, now: datetime) -> None:
    wait = delivery.wait(row.tries)
    if isinstance(problem, TimeoutError):
        outbox.put_off(session, now + delivery.FIRST_WAIT)
    if wait is None or _is_refused(problem):
        _give_up(session, row, State.FAILED, Reason.REFUSED if _is_refused(problem) else Reason.UNREACHABLE, now)
        return
    outbox.again(session, row, now + wait)
    session.commit()


def _is_refused(problem: Exception) -> bool:
    """Whether the server will never take this mail: it knows no such address, or wants no such mail."""
    match problem:
        case smtplib.SMTPRecipientsRefused():
            return all(delivery.is_final(code) for code, _text in problem.recipients.values())
        case smtplib.SMTPDataError():
            return delivery.is_final(problem.smtp_code)
    return False


def _give_up(session: Session, row: Outgoing, state: State, reason: Reason, now: datetime) -> None:
    if outbox.end(session, row, state, now, reason):
        audit.record(
            session, "mail.not-sent", subject=row, patient_id=row.patient_id, outcome="failed", reason=reason, now=now
        )
    session.commit()


def _message(row: Outgoing, letter: Letter, post: Post, sender: str, now: datetime) -> EmailMessage:
    """The mail with as few headers as there can be. Its number is the row's: one that comes twice can be told."""
    mail = EmailMessage()
    mail["Subject"], mail["To"] = letter.mail.subject, letter.to
    mail["From"] = Address(sender, addr_spec=post.server.sender)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{row.id}@{post.server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.mail.text)
    return mail


def look_after(session: Session, *, now: datetime) -> None:
    """Keep that a worker is there, and forget what was done with long ago."""
    outbox.note_worker(session, now)
    outbox.forget_old(session, now)
    session.commit()


def try_again(session: Session, row: Outgoing, *, by: people.User, now: datetime) -> None:
    """Send a mail that did not go out once more; RefusedError where it cannot be. A second click changes nothing."""
    if row.kind != Kind.NOTICE:
        message = N_("What this mail held is not kept. The front desk can send a new one from the page of the visit.")
        raise RefusedError(message)
    if outbox.revive(session, row, now):
        audit.record(session, "mail.tried-again", actor=by, subject=row, patient_id=row.patient_id, now=now)
    session.commit()


def put_away(session: Session, row: Outgoing, *, by: people.User, now: datetime) -> None:
    """Take a mail that did not go out off the list: somebody has looked after it."""
    session.delete(row)
    audit.record(session, "mail.put-away", actor=by, subject=row, patient_id=row.patient_id, now=now)
    session.commit()
