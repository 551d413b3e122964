"""Acts on the audit trail itself: testing that it holds, and sending signed checkpoints of it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.security import chain, checkpoint
from intake.security.chain import BrokenError, Keys, Link
from intake.security.checkpoint import Checkpoint
from intake.security.sinks import MailServer, Sink
from intake.store import audit, checkpoints, lines, sinks, stretches, trail
from intake.store.checkpoints import AuditCheckpoint

GOOD, BROKEN, HEAD, CHECKPOINT = 0, 2, 3, 4
OUTCOMES = {GOOD: "good", BROKEN: "broken", HEAD: "head", CHECKPOINT: "checkpoint"}
ALONE = "alone"  # the lines hold, and nothing from outside the database was there to compare them with
EVERY = timedelta(minutes=15)
SIGNATURES = frozenset({"note.signed", "note.cosigned", "note.added-to", "plan.issued"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: a code, how many lines were tested, and where and what is wrong if something is."""

    code: int
    lines: int
    seq: int = 0
    what: str = ""


def verify(
    reading: Session,
    known: Iterable[Checkpoint],
    *,
    since: Checkpoint | None = None,
    others: int = 0,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Verdict:
    """Whether every line holds, the head fits them, and each known checkpoint (of the last, from `since` on) agrees.

    `progress` is told how many lines were tested, a piece at a time. So many other processes take part in a long
    trail; they see what is committed. Only reads. AuditError when one of them ends early.
    """
    connection = reading.connection()
    held, (head, newest) = trail.keys(connection), lines.end(connection)
    if since and since.seq > head.seq:
        return Verdict(CHECKPOINT, 0, since.seq, "missing")
    start = Link(since.seq - 1, b"") if since else chain.START  # its line is tested by its hash, further down
    wanted = sorted((each for each in known if each.seq > start.seq), key=lambda each: each.seq)
    seen: dict[int, bytes] = {}
    link, tested = start, 0
    try:
        for piece in stretches.follow(connection, link, head.seq, [each.seq for each in wanted], held, others):
            count, link = piece.end.seq - link.seq, piece.end
            tested += count
            seen.update(piece.hashes)
            progress(count)
    except BrokenError as broken:
        return Verdict(BROKEN, tested + max(broken.seq - 1 - link.seq, 0), broken.seq, broken.what)
    if newest != head.seq or link.seq != head.seq or (tested and link.hash != head.hash):
        return Verdict(HEAD, tested, head.seq, f"the lines end at {link.seq if newest <= head.seq else newest}")
    return _against(wanted, seen, held, tested)


def _against(wanted: Sequence[Checkpoint], seen: dict[int, bytes], held: Keys, tested: int) -> Verdict:
    key = checkpoint.public(held)
    for each in wanted:
        if each.signature and not checkpoint.is_genuine(each, key):
            return Verdict(CHECKPOINT, tested, each.seq, "signature")
        if not each.agrees_with(seen.get(each.seq)):
            return Verdict(CHECKPOINT, tested, each.seq, "hash" if each.seq in seen else "missing")
    return Verdict(GOOD, tested)


@dataclass(frozen=True, slots=True)
class Compared:
    """Checkpoints from outside the database: how many, where they lay, and the last line they speak of."""

    number: int = 0
    source: str = "nothing"
    newest: int = 0


def note_verdict(session: Session, verdict: Verdict, compared: Compared, *, now: datetime) -> None:
    """Write down in the trail that it was tested, against what, and how that ended.

    Lines that hold are good only when a checkpoint from outside agreed: an older database holds as well.
    """
    outcome = OUTCOMES[verdict.code] if verdict.code or compared.number else ALONE
    against = f"{compared.number} of {compared.source} to {compared.newest}" if compared.number else "nothing compared"
    found = f"{verdict.what[:20]} at {verdict.seq}" if verdict.code else f"{verdict.lines} lines, {against}"
    audit.record(session, checkpoints.VERIFIED, now=now, outcome=outcome, reason=found[:40])
    session.commit()


def is_due(reading: Session, now: datetime, every: timedelta = EVERY) -> bool:
    """Whether the trail has grown since the last checkpoint, and that is old enough."""
    head, last = checkpoints.head(reading), checkpoints.last(reading)
    if head is None:
        return False
    return last is None or (head.seq != last.seq and not timedelta(0) <= now - last.signed_at < every)


def take(session: Session, places: Sequence[Sink], server: MailServer, *, now: datetime) -> AuditCheckpoint | None:
    """Sign where the trail stands, send that to every place, and keep it with what each place said.

    None while the trail is empty. The database is not locked while a place is slow to answer.
    """
    held = trail.keys(session.get_bind())
    head = checkpoints.head(session)
    session.rollback()
    if head is None:
        return None
    made = checkpoint.signed(head, held, now)
    receipts = sinks.deliver(made, places, server)
    kept = AuditCheckpoint(instance=made.instance, seq=made.seq, hash=made.hash, signed_at=now)
    kept.signature, kept.receipts = made.signature, receipts
    session.add(kept)
    session.commit()
    return kept
