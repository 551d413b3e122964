"""How far an invitation has come, for the people who wait for the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """From nothing sent to everything in."""

    NOT_SENT = "not-sent"
    SENT = "sent"
    OPENED = "opened"
    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Sent(Protocol):
    """What is known of one invitation."""

    expires_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None


class Started(Protocol):
    """What is known of a form the patient is asked to fill in."""

    @property
    def status(self) -> str:
        """Either "in-progress" or "completed"."""

    @property
    def touched(self) -> bool:
        """Whether anything was answered yet."""


def state(sent: Sequence[Sent], asked: Sequence[Started], *, now: datetime) -> State:
    """The state of a visit's preparation: the furthest any of its invitations has led, all of its forms together."""
    if asked and all(form.status == "completed" for form in asked):
        return State.SUBMITTED
    if not sent:
        return State.NOT_SENT
    live = [invitation for invitation in sent if invitation.revoked_at is None and invitation.expires_at > now]
    if not live:
        return State.REVOKED if sent[-1].revoked_at is not None else State.EXPIRED
    if any(form.touched for form in asked):
        return State.IN_PROGRESS
    return State.OPENED if any(invitation.opened_at is not None for invitation in sent) else State.SENT
