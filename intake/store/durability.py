"""What the database itself says about how safely it writes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select, text

from intake.store.audit import AuditEvent
from intake.store.engine import reading

# {setting: (the values that will do, what is at stake otherwise)}
SQLITE = {
    "journal_mode": (("wal",), "a crash can damage the file"),
    "synchronous": (("2", "3"), "a power cut can lose what people saw as saved"),
    "foreign_keys": (("1",), "rows can point nowhere"),
    "secure_delete": (("1",), "what was deleted stays readable in the file"),
    "trusted_schema": (("0",), "a tampered file can run functions"),
}
POSTGRESQL = {
    "fsync": (("on",), "a crash can damage the database"),
    "full_page_writes": (("on",), "a power cut can tear pages"),
    "synchronous_commit": (
        ("on", "local", "remote_write", "remote_apply"),
        "a crash can lose what people saw as saved",
    ),
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
