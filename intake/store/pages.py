"""One page of a form as it was sent: laid over what is saved, kept, and told to the desk, from screen or paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.forms import merge
from intake.forms.conditions import Answers
from intake.forms.entry import Entry
from intake.store import desk, responses
from intake.store.responses import Response

Stored = Mapping[str, tuple[dict[str, Any], int, datetime]]
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page says of a section that was at version `base` when it was read; `by` and `afresh` as in merge.py."""

    section: str
    entry: Entry
    base: int
    by: str
    now: datetime
    afresh: Collection[str] = NONE

    @property
    def at(self) -> str:
        """The moment as it is kept with an answer."""
        return self.now.isoformat(timespec="seconds")

    @property
    def troubled(self) -> frozenset[str]:
        """The questions of which something could not be kept: those are not blank."""
        return frozenset(problem.field.partition(".")[0] for problem in self.entry.problems)


@dataclass(frozen=True, slots=True)
class Laid:
    """The section with what the page says. Nothing of it is kept where it `is_stale`: another window was first."""

    saved: Answers
    answers: Mapping[str, Any]
    version: int
    changed: bool
    conflicts: tuple[str, ...]
    is_stale: bool


def lay(stored: Stored, sent: Sent) -> Laid:
    """Lay a page over what is saved of its section."""
    saved, version, _at = stored[sent.section]
    found = merge.merge(saved, sent.entry, base=sent.base, version=version, at=sent.at, by=sent.by, afresh=sent.afresh)
    is_stale = bool(found.conflicts) or sent.base > version
    return Laid(saved, found.answers, version, found.changed, found.conflicts, is_stale)


def keep(session: Session, response: Response, sent: Sent, laid: Laid, left: frozenset[str]) -> int | None:
    """Keep the section, with the questions that were `left` without any answer as skipped, and tell the desk.

    The version it is at then; None when somebody saved in between.
    """
    skipped = merge.stamped(merge.skip(left - sent.troubled, laid.answers), laid.version, sent.at, sent.by)
    mine = {**laid.answers, **skipped}
    if not laid.changed and not skipped:
        return laid.version
    if not responses.save_section(session, response.id, sent.section, mine, over=laid.version, now=sent.now):
        return None
    desk.tell(session, response, sent.entry, mine, laid.saved)
    return laid.version + 1


def together(stored: Stored) -> dict[str, Any]:
    """The answers of all sections."""
    return {name: answer for answers, _version, _at in stored.values() for name, answer in answers.items()}
