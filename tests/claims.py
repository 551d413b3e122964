"""Many processes that come in with one invitation at once: the tries that tests/tries.py starts."""

from __future__ import annotations

import secrets
from datetime import datetime
from multiprocessing.synchronize import Barrier
from unittest.mock import patch

from sqlalchemy.orm import Session

from intake.actions import invitations
from intake.actions.invitations import Claim
from intake.store import visits
from intake.store.visits import Invitation
from tests.tries import PATIENCE

Try = tuple[Claim, datetime]


def claimed(session: Session, given: Try, _barrier: Barrier) -> bool:
    """Whether the claim opens the form: the way of the house."""
    claim, now = given
    token = secrets.token_hex(32)
    return invitations.enter(session, claim, token_hash=token, now=now) is not None


def looked_at_first(session: Session, given: Try, barrier: Barrier) -> bool:
    """The same where nobody holds the visit: everybody has read how many tries there were before anybody counts."""

    def by_code(session: Session, code_hash: str) -> Invitation | None:
        found = visits.by_code(session, code_hash)
        barrier.wait(PATIENCE)
        return found

    with patch.object(visits, "claimed", by_code):
        return claimed(session, given, barrier)
