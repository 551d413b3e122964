"""What the doctor finds out by asking the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intake.cli.doctor.checks import Facts, UncheckedError
from intake.cli.keys.first import is_used
from intake.clinical.delivery import SEEN_WITHIN
from intake.security import chain, ledger
from intake.security.keys import KeyRing
from intake.store import audit, durability, migrations, outbox, people, rotation, shreds, trail
from intake.store.durability import POSTGRESQL, SQLITE
from intake.store.engine import reading

T = TypeVar("T")
DEMO = "demo.loaded"
SLACK = timedelta(minutes=5)
LEAST_RANDOM = 16  # different bytes among the 32 of a root key; a random one has about 30
AWAY = "unreachable"  # as migrations.problem says it
UNASKED = "The database could not be asked: {why}."
CLOSED = "The root keys could not be opened, so whether they fit the database cannot be told."
LOCKED = "The root keys are under a passphrase, which is not asked for here: the start looks at this."
UNREACHABLE = "The database does not answer: start it, and check DATABASE_URL and the password."


def _asked(facts: Facts, question: Callable[[Engine], T]) -> T:
    """What the database says; UncheckedError when it cannot be asked."""
    if facts.engine is None or (problem := migrations.problem(facts.engine)) is not None:
        raise UncheckedError(UNASKED.format(why="there is none" if facts.engine is None else problem))
    try:
        return question(facts.engine)
    except SQLAlchemyError as error:
        raise UncheckedError(UNASKED.format(why=type(error).__name__)) from None


def _ring(facts: Facts) -> KeyRing:
    """The root keys; UncheckedError while they are closed."""
    if facts.keys is None:
        raise UncheckedError(CLOSED if facts.unopened or facts.provider is None else LOCKED)
    return facts.keys


def answers(facts: Facts) -> str | None:
    """Whether the database answers."""
    if facts.engine is None or migrations.problem(facts.engine) != AWAY:
        return None
    return UNREACHABLE


def schema(facts: Facts) -> str | None:
    """Whether the tables are those of this version."""
    if facts.engine is None or migrations.problem(facts.engine) != "migrations pending":
        return None
    return "The tables are not those of this version: run `flask db upgrade`."


def built(look: Callable[[Connection], str | None]) -> Callable[[Facts], str | None]:
    """A check of how the database is built."""

    def asked(engine: Engine) -> str | None:
        with reading(engine).connect() as connection:
            return look(connection)

    return lambda facts: _asked(facts, asked)


def setting(name: str) -> Callable[[Facts], str | None]:
    """A check of one setting of the database."""
    _good, at_stake, mend = (SQLITE | POSTGRESQL)[name]

    def find(facts: Facts) -> str | None:
        found = _asked(facts, lambda engine: durability.unsafe(engine, name))
        return None if found is None else f"{name} is {found}, so {at_stake}: {mend}."

    return find


def demo_data(facts: Facts) -> str | None:
    """Whether fictional people stand where real ones are served."""
    if not facts.production or not _asked(facts, _is_demo):
        return None
    return (
        "This database holds the demo, whose passwords were shown on a screen: point DATABASE_URL to the clinic's own."
    )


def _is_demo(engine: Engine) -> bool:
    with Session(engine) as session:
        return audit.has(session, DEMO)


def clock(facts: Facts) -> str | None:
    """Whether the clock has gone back since the last line of the audit trail."""
    last = _asked(facts, durability.last_line)
    if last is None or facts.now >= last - SLACK:
        return None
    return (
        f"The clock says {facts.now:%Y-%m-%d %H:%M} UTC, but the audit trail was written to at {last:%Y-%m-%d %H:%M}: "
        "set the clock right before anybody signs a note."
    )


def guessable(facts: Facts) -> str | None:
    """Whether the root key in use was made up instead of drawn."""
    if not facts.production or len(set((current := _ring(facts).current).secret)) >= LEAST_RANDOM:
        return None
    return (
        f"The root key {current.id} is not random, so it can be guessed: let `flask keys init` make one, "
        "or if records hang on it already, `flask keys rotate`."
    )


def older_root(facts: Facts) -> str | None:
    """Whether a rotation is still under way, or a server wrapped keys under the older root meanwhile."""
    current, counted = _ring(facts).current.id, _asked(facts, _roots)
    late = sum(number for root_id, number in counted.items() if root_id != current)
    return f"{late:,} data keys still hang on an older root key: run `flask keys rotate` again." if late else None


def roots(facts: Facts) -> str | None:
    """Whether every data key hangs on a root key that is here."""
    known = {root.id for root in _ring(facts).roots}
    missing = sorted(set(_asked(facts, _roots)) - known)
    if not missing:
        return None
    return (
        f"Records hang on the root key {', '.join(missing)}, which is not among the keys here: bring it back, "
        "or type in the recovery sheet with `flask keys recover`."
    )


def _roots(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return rotation.by_root(session)


def trail_key(facts: Facts) -> str | None:
    """Whether the newest line of the audit trail was made with the keys here: with others it could not go on."""
    held = chain.keys_of(_ring(facts).derive("audit"))
    return built(lambda connection: None if trail.is_ours(connection, held) else trail.FOREIGN)(facts)


def shred_ledger(facts: Facts) -> str | None:
    """Whether the ledger has every erasure the audit trail knows of: else nobody could tell what a backup brings."""
    path, key = _ledger(facts)
    try:
        lacking = ledger.missing(_asked(facts, _finished), path, key)
    except OSError as problem:
        return f"The ledger of erasures {path} cannot be read ({problem.strerror}): give it back to this account."
    return ledger.LACKS.format(number=len(lacking), path=path) if lacking else None


def _ledger(facts: Facts) -> tuple[Path, bytes]:
    """Where the ledger is, and the key of its marks."""
    if facts.settings is None:
        message = "The settings do not say where the ledger of erasures is."
        raise UncheckedError(message)
    return facts.settings.ledger, _ring(facts).derive("shred-ledger")


def _finished(engine: Engine) -> list[uuid.UUID]:
    with Session(engine) as session:
        return shreds.finished(session)


def erased(facts: Facts) -> str | None:
    """Whether a restored backup brought back a record that was erased."""
    path, key = _ledger(facts)
    try:
        marks = ledger.marks(path)
    except OSError:
        message = f"The ledger of erasures {path} cannot be read."
        raise UncheckedError(message) from None
    back = [each for each in _asked(facts, _with_keys) if marks and ledger.mark(each, key) in marks]
    return f"{len(back)} erased records have come back with a backup: run `flask keys replay`." if back else None


def _with_keys(engine: Engine) -> list[uuid.UUID]:
    with Session(engine) as session:
        return list(shreds.with_keys(session))


def worker(facts: Facts) -> str | None:
    """Whether anything sends the mail that waits, once there is a clinic."""
    seen = _asked(facts, _worker_seen_at)
    if seen is None:
        return None
    ever, at = seen
    if ever and facts.now - at < SEEN_WITHIN:
        return None
    since = f"has not been seen since {at:%Y-%m-%d %H:%M} UTC" if ever else "has never run here"
    return f"`flask worker` {since}, so nobody is reminded of warning signs and no mail goes out: start it."


def _worker_seen_at(engine: Engine) -> tuple[bool, datetime] | None:
    """Whether a worker was ever seen, and when last; None while there is no clinic."""
    with Session(reading(engine)) as session:
        if people.is_empty(session):
            return None
        seen = outbox.worker_seen_at(session)
        return seen is not None, seen or datetime.min.replace(tzinfo=UTC)


def is_there(facts: Facts) -> bool:
    """Whether there is a database to ask."""
    return bool(facts.database_url) and is_used(facts.database_url)
