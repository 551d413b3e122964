"""How lines join the audit trail: with the commit of the act they are about, the last thing before it is kept.

Lines wait beside the transaction. When it commits, the head row is locked (on SQLite the writer has the only lock
already), the lines are chained behind it and written, and the database keeps act and lines together or neither. The
head is locked last, so that nobody waits for another row while holding it. A savepoint that is taken back takes its
lines along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Engine, bindparam, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RootTransaction

from intake.security import chain
from intake.security.chain import Entry, Keys, Link
from intake.store.lines import HEAD, LINES, ONLY_HEAD, end, text_of

KEYS, WAITING = "audit_keys", "audit_lines"
UNSETTLED = timedelta(minutes=1)  # requests end in another order than they began; more than this is the clock
REGRESSION = {
    "actor_kind": "system", "role": "", "action": "clock.regression", "subject": "", "outcome": "done",
    "categories": "",
}  # fmt: skip
# Put together once: to do so for every line takes as long as to send them.
NEWEST = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.at).where(HEAD.c.id == ONLY_HEAD).with_for_update()
ADD = insert(LINES)
SEAL = select(LINES.c.mac, LINES.c.mac_key).where(LINES.c.seq == bindparam("seq"))
MOVE = update(HEAD).where(HEAD.c.id == ONLY_HEAD, HEAD.c.seq == bindparam("behind"))
FOREIGN = (
    "The newest line of the audit trail was not made with the root keys that are here: an older root key is missing, "
    "or they are in another order, so bring back the right key file, or type in the whole recovery sheet in its order."
)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class AuditError(Exception):
    """A line could not be added to the trail, so its act was taken back."""


@dataclass(slots=True)
class Waiting:
    """The lines of one transaction, and how many there were when each open savepoint began."""

    transaction: RootTransaction | None
    lines: list[dict[str, Any]] = field(default_factory=list)
    savepoints: list[int] = field(default_factory=list)


def equip(engine: Engine, keys: Keys) -> Engine:
    """Give an engine the keys its lines are written with; call it before `reading` makes its twin."""
    engine.update_execution_options(**{KEYS: keys})
    return engine


def keys(connection: Connection | Engine) -> Keys:
    """The keys of an engine or connection; AuditError when nobody gave it any."""
    found = connection.get_execution_options().get(KEYS)
    if not isinstance(found, Keys):
        message = "the audit trail has no key"
        raise AuditError(message)
    return found


def waiting(connection: Connection) -> Waiting:
    """What waits for the commit of the connection's transaction."""
    found, transaction = connection.info.get(WAITING), connection.get_transaction()
    if found is None or found.transaction is not transaction:  # an earlier transaction that came to nothing
        found = connection.info[WAITING] = Waiting(transaction)
    return cast("Waiting", found)


@event.listens_for(Engine, "savepoint")
def _begun(connection: Connection, _name: str) -> None:
    here = waiting(connection)
    here.savepoints.append(len(here.lines))


@event.listens_for(Engine, "rollback_savepoint")
def _taken_back(connection: Connection, _name: str, _context: None) -> None:
    here = waiting(connection)
    if here.savepoints:
        del here.lines[here.savepoints.pop() :]


@event.listens_for(Engine, "release_savepoint")
def _kept(connection: Connection, _name: str, _context: None) -> None:
    here = waiting(connection)
    if here.savepoints:
        here.savepoints.pop()


@event.listens_for(Engine, "commit")
def _append(connection: Connection) -> None:
    """Write what waits; whatever goes wrong takes the whole transaction back."""
    if connection.info.get(WAITING) is None or not (lines := waiting(connection).lines):
        return
    try:
        append(connection, lines)
    except BaseException:
        connection.connection.rollback()
        raise
    finally:
        del connection.info[WAITING]


def append(connection: Connection, lines: list[dict[str, Any]]) -> None:
    """Chain the lines behind the head and write both; AuditError when the newest line was made with other keys."""
    held = keys(connection)
    head, at = _head(connection, lines[0]["at"])
    if not _is_sealed(connection, head, held):
        raise AuditError(FOREIGN)
    lines = list(_with_clock(lines, at))
    entries = chain.extended(head, [text_of(line) for line in lines], held)
    connection.execute(ADD, [{**line, **_ties(entry)} for line, entry in zip(lines, entries, strict=True)])
    last = {"seq": entries[-1].seq, "hash": entries[-1].hash, "at": lines[-1]["at"], "behind": head.seq}
    moved = connection.execute(MOVE, last)
    if moved.rowcount != 1:
        message = "the head of the audit trail moved meanwhile"
        raise AuditError(message)


def is_ours(connection: Connection, held: Keys) -> bool:
    """Whether the newest line was made with these keys; an empty trail is anybody's."""
    head, _last = end(connection)
    return _is_sealed(connection, head, held)


def _is_sealed(connection: Connection, head: Link, held: Keys) -> bool:
    """Whether the head's line is there with our seal: what is chained behind another's could never be verified."""
    found = connection.execute(SEAL, {"seq": head.seq}).one_or_none() if head.seq else None
    return not head.seq or (found is not None and chain.is_ours(head.hash, found.mac, found.mac_key, held))


def _ties(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
        "mac": entry.mac,
        "mac_key": entry.mac_key,
    }


def _head(connection: Connection, now: datetime) -> tuple[Link, datetime]:
    """The newest line, locked until the act is kept; the first act of all makes the head."""
    found = connection.execute(NEWEST).one_or_none()
    if found is None:
        first = INSERTS[connection.dialect.name](HEAD).values(id=ONLY_HEAD, seq=0, hash=chain.NOTHING, at=now)
        connection.execute(first.on_conflict_do_nothing())
        found = connection.execute(NEWEST).one()
    return Link(found.seq, bytes(found.hash)), found.at


def _with_clock(lines: list[dict[str, Any]], before: datetime) -> Iterator[dict[str, Any]]:
    """The lines, and one more before each whose clock stands behind that of the line before it."""
    for line in lines:
        if before - line["at"] > UNSETTLED:
            seconds = int((before - line["at"]).total_seconds())
            yield {**dict.fromkeys(line), **REGRESSION, "at": line["at"], "reason": f"{seconds} seconds back"}
        yield line
        before = line["at"]
