"""Mail that waits to be sent: a row is written with the act that causes it, and one worker at a time has it.

A worker takes a row for a few minutes (the lease), sends without holding any lock, and then says that it was sent. One
that dies in between leaves the row, and another takes it when the lease is over. So a mail can go out twice, when the
worker dies after the mail server took it and before it was written down; it never goes out not at all.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    String,
    Update,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from intake.clinical.delivery import KEPT, LEASE, Reason, State
from intake.clinical.mails import Kind
from intake.store.base import Base, Identified, Within, everybody
from intake.store.patient_keys import CARE
from intake.store.people import User
from intake.store.sealing import Spot, packed, seal_value, sealed, unseal_value
from intake.store.visits import Invitation

ONLY_WORKER = 1
PENDING = text("state = 'waiting'")


class Outgoing(Base, Identified):
    """One mail. What a patient is to read is sealed, and wiped when the row is done; staff read the same words always.

    To whom it goes is looked up when it is sent: an address can change, and so can what she says is safe.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "try_at", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_outbox_invitation", "invitation_id"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("patients.id"))
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitations.id"))
    content: Mapped[bytes | None] = sealed(CARE, "content", always=False)
    made_at: Mapped[datetime]
    try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default=State.WAITING)
    reason: Mapped[str] = mapped_column(String(20), default="")
    ended_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()


IS_NOTICE = Outgoing.kind == Kind.NOTICE
IN_TURN = IS_NOTICE.desc(), Outgoing.tries, case((IS_NOTICE, Outgoing.made_at)).desc(), Outgoing.try_at


class Worker(Base):
    """When a worker was seen last: one row, whichever it was."""

    __tablename__ = "workers"

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY_WORKER, autoincrement=False)
    seen_at: Mapped[datetime]


# ---------------------------------------------------------------- written


def notify(session: Session, user_id: uuid.UUID, now: datetime) -> None:
    """Queue the mail to somebody of the clinic. One that waits for them already would say the same: it goes at once.

    One that is just being sent is left alone. It may fail for good, so what is new has a mail of its own.
    """
    waiting = Outgoing.user_id == user_id, Outgoing.state == State.WAITING, _free(now)
    anew = update(Outgoing).where(*waiting).values(made_at=now, try_at=now, tries=0, lease=None, leased_until=None)
    if not _changed(session, anew):
        session.add(Outgoing(kind=Kind.NOTICE, user_id=user_id, made_at=now, try_at=now))


def invite(session: Session, invitation: Invitation, words: str, now: datetime) -> Outgoing:
    """Queue the mail of an invitation. The words hold its code, so they are sealed to the patient and this row."""
    row = Outgoing(id=uuid.uuid4(), kind=Kind.INVITATION, made_at=now, try_at=now)
    row.patient_id, row.invitation_id = invitation.visit.patient_id, invitation.id
    row.content = seal_value(session, _spot(row), packed(words))
    session.add(row)
    return row


def words(session: Session, row: Outgoing) -> str:
    """What the patient is to read. SealError when it does not open."""
    if row.content is None or row.patient_id is None:
        return ""
    return str(json.loads(unseal_value(session, _spot(row), row.content)))


def _spot(row: Outgoing) -> Spot:
    return Spot(Outgoing.__tablename__, "content", row.id, cast("uuid.UUID", row.patient_id), CARE)


# ---------------------------------------------------------------- taken and done


def take(session: Session, now: datetime) -> Outgoing | None:
    """The next mail that is due, for this worker alone until its lease is over; None when nothing is due.

    Some mailboxes hang, and each costs half a minute. So staff come before invitations, what was never tried before
    what was, and of the mails to staff the newest: what it is about is behind no mail that hangs.
    Commit before sending. PostgreSQL passes over rows another worker is just taking; SQLite has one writer.
    """
    query = select(Outgoing).where(Outgoing.state == State.WAITING, Outgoing.try_at <= now, _free(now))
    query = query.order_by(*IN_TURN).limit(1).with_for_update(skip_locked=True)
    row = session.scalar(query)
    if row is not None:
        row.lease, row.leased_until, row.tries = uuid.uuid4(), now + LEASE, row.tries + 1
        session.flush()
        session.expunge(row)  # what this worker was given stays as it was, whatever others do to the row
    return row


def _free(now: datetime) -> ColumnElement[bool]:
    """What no worker has."""
    return or_(Outgoing.leased_until.is_(None), Outgoing.leased_until <= now)


def again(session: Session, row: Outgoing, try_at: datetime) -> bool:
    """Put it back, to be tried at that moment; False when the lease was over and another worker has it."""
    return _change(session, row, try_at=try_at)


def put_off(session: Session, until: datetime) -> None:
    """Let everything wait that is due before that moment and that no worker has: the mail server keeps silent."""
    waiting = Outgoing.state == State.WAITING, Outgoing.try_at < until, Outgoing.leased_until.is_(None)
    _changed(session, update(Outgoing).where(*waiting).values(try_at=until))


def end(session: Session, row: Outgoing, state: State, now: datetime, reason: Reason | None = None) -> bool:
    """Be done with it, and wipe what it held; False when the lease was over and another worker has it."""
    return _change(session, row, state=state, reason=reason or "", ended_at=now, content=None)


def _change(session: Session, row: Outgoing, **values: Any) -> bool:
    mine = Outgoing.id == row.id, Outgoing.lease == row.lease, Outgoing.state == State.WAITING
    return _changed(session, update(Outgoing).where(*mine).values(**values, lease=None, leased_until=None)) == 1


def _changed(session: Session, change: Update) -> int:
    """How many rows it changed."""
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def revive(session: Session, row: Outgoing, now: datetime) -> bool:
    """Let a mail to somebody of the clinic that did not go out wait once more, with all its tries.

    False when it waits already. What a patient was to read is wiped, so that cannot be sent again.
    """
    ended = Outgoing.id == row.id, Outgoing.state.in_((State.HELD_BACK, State.FAILED)), Outgoing.kind == Kind.NOTICE
    anew = {"state": State.WAITING, "reason": "", "ended_at": None, "tries": 0, "try_at": now}
    return _changed(session, update(Outgoing).where(*ended).values(**anew)) == 1


def forget_old(session: Session, now: datetime) -> None:
    """Drop what was done with long ago."""
    session.execute(delete(Outgoing).where(Outgoing.ended_at < now - KEPT))


def note_worker(session: Session, now: datetime) -> None:
    """Keep that a worker is there."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Worker).values(id=ONLY_WORKER, seen_at=now)
    session.execute(row.on_conflict_do_update(index_elements=[Worker.id], set_={"seen_at": now}))


# ---------------------------------------------------------------- asked


def get(session: Session, row_id: uuid.UUID, within: Within = everybody) -> Outgoing | None:
    """The mail of that id."""
    return session.scalar(select(Outgoing).where(Outgoing.id == row_id, within(Outgoing)))


def worker_seen_at(session: Session) -> datetime | None:
    """When a worker was seen last; None when none ever was."""
    return session.scalar(select(Worker.seen_at))


def waiting(session: Session) -> int:
    """How many mails wait to be sent."""
    return session.scalar(select(func.count()).where(Outgoing.state == State.WAITING)) or 0


def not_sent(session: Session) -> list[Outgoing]:
    """What did not go out, newest first."""
    return list(session.scalars(_whole(Outgoing.state.in_((State.HELD_BACK, State.FAILED)))))


def of_visit(session: Session, visit_id: uuid.UUID) -> dict[uuid.UUID, Outgoing]:
    """{invitation: its mail} of a visit."""
    mine = Outgoing.invitation_id.in_(select(Invitation.id).where(Invitation.visit_id == visit_id))
    return {row.invitation_id: row for row in session.scalars(select(Outgoing).where(mine)) if row.invitation_id}


def _whole(clause: ColumnElement[bool]) -> Any:
    return select(Outgoing).where(clause).options(joinedload(Outgoing.user)).order_by(Outgoing.ended_at.desc())
