"""Writing down a phrase, one's own or the clinic's, and taking it away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import RefusedError, StaleError
from intake.forms.problems import N_
from intake.store import audit, phrases
from intake.store.people import User
from intake.store.phrases import Phrase

MOST = 200  # phrases of one person, or of the clinic
TAKEN = N_("There is a phrase with this word already. Change that one, or choose another word.")
TOO_MANY = N_("That is more than we can keep. Take one away first.")


def save(
    session: Session, owner: User | None, word: str, stands_for: str, *, over: int, by: User, now: datetime
) -> Phrase:
    """Keep a phrase, of the clinic where there is no owner. `over` is the version that was read, 0 for a new one.

    RefusedError when the word is taken or there are too many, StaleError when it was changed or taken away meanwhile.
    """
    row = phrases.named(session, owner, word)
    if row is None and over:
        raise StaleError
    if row is not None and row.version != over:
        raise StaleError if over else RefusedError(TAKEN)
    if row is None:
        if len(phrases.of(session, owner)) >= MOST:
            raise RefusedError(TOO_MANY)
        row = Phrase(user_id=owner.id if owner else None, word=word)
        session.add(row)
    row.stands_for, row.changed_at = stands_for, now
    session.flush()
    audit.record(session, "phrase.saved", actor=by, subject=row, now=now)
    session.commit()
    return row


def remove(session: Session, owner: User | None, word: str, *, over: int, by: User, now: datetime) -> None:
    """Take a phrase away; StaleError when it was changed meanwhile. One that is gone already is gone."""
    row = phrases.named(session, owner, word)
    if row is None:
        return
    if row.version != over:
        raise StaleError
    audit.record(session, "phrase.removed", actor=by, subject=row, now=now)
    session.delete(row)
    session.commit()
