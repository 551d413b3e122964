"""The lines of the trail tested in stretches, those of a long one by several processes with a connection each.

What another process says counts only for a stretch that holds throughout and joins what came before. Everything else is
tested again here, so the verdict is the same however many took part. The others begin at the end and work their way
back while this one begins at the first line, so that none waits for the other before they meet.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection as Pipe
from typing import NamedTuple

import sqlalchemy as sa

from intake.security import chain
from intake.security.chain import BrokenError, Keys, Link
from intake.store import engine, lines
from intake.store.trail import AuditError

LENGTH = 20_000  # lines of a stretch
WORTH = 200_000  # lines; fewer are tested about as soon as another process has started
ENDED = "A process that tested a part of the audit trail ended early, so nothing is known of that part. Try again."


class Stretch(NamedTuple):
    """The numbers of its first and its last line."""

    first: int
    last: int


class Tested(NamedTuple):
    """Lines that hold: what they are chained behind, the last of them, and those hashes that were asked for."""

    behind: Link
    end: Link
    hashes: Mapping[int, bytes]


SaidOf = Callable[[Stretch], Tested | None]


def helpers() -> int:
    """How many other processes could take part: one for each further processor."""
    return len(os.sched_getaffinity(0)) - 1


def follow(
    connection: sa.Connection, link: Link, last: int, asked: Sequence[int], keys: Keys, others: int
) -> Iterator[Tested]:
    """The lines behind `link` up to the last one, some thousands at a time; BrokenError for the first that is wrong.

    Without a hash the link says the number alone. `asked` are the lines whose hashes are wanted. AuditError when one
    of the other processes ends early.
    """
    parts = _parts(link.seq + 1, last) if others and last - link.seq >= WORTH else [Stretch(link.seq + 1, last)]
    with _hired(connection, parts, asked, keys, others) as said_of:
        for part in parts:
            said = said_of(part)
            joined = said is not None and said.behind == link
            for each in [said] if said and joined else _tested(connection, link, part, asked, keys):
                yield each
                link = each.end


def _parts(first: int, last: int) -> list[Stretch]:
    starts = range(first, last + 1, LENGTH)
    return [Stretch(start, min(start + LENGTH - 1, last)) for start in starts]


def _tested(connection: sa.Connection, link: Link, part: Stretch, asked: Sequence[int], keys: Keys) -> Iterator[Tested]:
    first = lines.LOWEST if link == chain.START else part.first  # nothing may stand before the first line
    for piece in lines.pieces(connection, first, part.last):
        start = piece[0][0]
        behind = link if link.hash else Link(link.seq, piece[0][2])
        link = chain.follow(behind, piece, keys)
        yield Tested(behind, link, {seq: piece[seq - start][3] for seq in asked if start <= seq <= link.seq})


def whole(connection: sa.Connection, part: Stretch, asked: Sequence[int], keys: Keys) -> Tested | None:
    """A stretch behind the line that it names itself; None where a line of it is wrong or missing."""
    try:
        found = list(_tested(connection, Link(part.first - 1, b""), part, asked, keys))
    except (BrokenError, TypeError):  # a text may stand where the hash before it belongs
        return None
    if not found or found[-1].end.seq != part.last:
        return None
    return Tested(found[0].behind, found[-1].end, {seq: kept for each in found for seq, kept in each.hashes.items()})


class _Helper:
    """Another process, the stretches it tests one after the other, and what it said of those it is through with."""

    def __init__(self, url: str, parts: Sequence[Stretch], asked: Sequence[int], keys: Keys) -> None:
        fresh = multiprocessing.get_context("spawn")  # a copy of this process would share its locks on the database
        self._pipe, theirs = fresh.Pipe(duplex=False)
        self._parts, self._said = parts, dict[Stretch, Tested | None]()
        # What it is given goes through a pipe: no key stands on a command line or in a file.
        self.process = fresh.Process(target=_work, args=(theirs, url, parts, asked, keys), daemon=True)
        self.process.start()
        theirs.close()

    def said_of(self, part: Stretch) -> Tested | None:
        """What it says of a stretch, waiting where it is at it; None where it is not yet, or where not all holds."""
        try:
            while self._at() == part or (self._at() and self._pipe.poll()):
                self._said[self._parts[len(self._said)]] = self._pipe.recv()
        except (EOFError, OSError):
            raise AuditError(ENDED) from None
        return self._said.get(part)

    def _at(self) -> Stretch | None:
        return self._parts[len(self._said)] if len(self._said) < len(self._parts) else None

    def end(self) -> None:
        """Stop it: it only reads."""
        self.process.kill()
        self.process.join()
        self._pipe.close()


@contextlib.contextmanager
def _hired(
    connection: sa.Connection, parts: Sequence[Stretch], asked: Sequence[int], keys: Keys, number: int
) -> Iterator[SaidOf]:
    """So many processes for all stretches but the first; ask what they say of one."""
    url = connection.engine.url.render_as_string(hide_password=False)
    with contextlib.ExitStack() as ending:
        helpers = []
        for mine in filter(None, (parts[:0:-1][place::number] for place in range(number))):
            helpers.append(_Helper(url, mine, asked, keys))
            ending.callback(helpers[-1].end)
        yield lambda part: next((said for each in helpers if (said := each.said_of(part))), None)


def _work(pipe: Pipe, url: str, parts: Sequence[Stretch], asked: Sequence[int], keys: Keys) -> None:
    """What such a process does; it ends as well when nobody is there any more to listen."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    with engine.reading(engine.connect(url)).connect() as connection:
        for part in parts:
            pipe.send(whole(connection, part, asked, keys))
