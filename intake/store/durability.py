"""What the database itself says about how safely it writes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select, text

from intake.store.audit import AuditEvent
from intake.store.engine import reading

SET_BY_US, TURN_ON = "Fernleaf sets it itself, so move the file to a disk of this machine", "set it to on"
LEAD_ELSEWHERE = "let DATABASE_URL lead to the primary server, with target_session_attrs=read-write"
# {setting: (the values that will do, what is at stake otherwise, how to mend it)}
SQLITE = {
    "journal_mode": (("wal",), "a crash can damage the file", SET_BY_US),
    "synchronous": (("2", "3"), "a power cut can lose what people saw as saved", SET_BY_US),
    "foreign_keys": (("1",), "rows can point nowhere", SET_BY_US),
    "secure_delete": (("1",), "what was deleted stays readable in the file", SET_BY_US),
    "trusted_schema": (("0",), "a tampered file can run functions", SET_BY_US),
}
POSTGRESQL = {
    "fsync": (("on",), "a crash can damage the database", TURN_ON),
    "full_page_writes": (("on",), "a power cut can tear pages", TURN_ON),
    "synchronous_commit": (
        ("on", "local", "remote_write", "remote_apply"),
        "a crash can lose what people saw as saved",
        TURN_ON,
    ),
    "transaction_read_only": (("off",), "nothing can be saved and what is read may be old", LEAD_ELSEWHERE),
}
WANTED = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def unsafe(engine: Engine, name: str) -> str | None:
    """The value of a setting of this kind of database, when it will not do."""
    wanted = WANTED[engine.dialect.name].get(name)
    if wanted is None:
        return None
    statement = f"PRAGMA {name}" if engine.dialect.name == "sqlite" else f"SHOW {name}"
    with reading(engine).connect() as connection:
        found = str(connection.execute(text(statement)).scalar()).lower()
    return None if found in wanted[0] else found


def last_line(engine: Engine) -> datetime | None:
    """When the newest line of the audit trail was written."""
    with reading(engine).connect() as connection:
        return connection.scalar(select(AuditEvent.at).order_by(AuditEvent.seq.desc()).limit(1))
