"""Whether the database is still built as we made it: its triggers, and tables and indexes that hand over every row.

Whoever can write to a database can also change how it answers: drop what refuses a change, or have an index, a view or
a policy leave lines out for some questions only. What the rows say is checked elsewhere; this looks at what reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Index, Row, text
from sqlalchemy.schema import CreateIndex, CreateTable

from intake.store import built, strangers, triggers
from intake.store.schema import metadata

WHOLE = text("PRAGMA integrity_check(audit)"), text("PRAGMA integrity_check")  # the trail first: it tells of the rest
MOST_TOLD = 5
SAFEGUARDS = (
    "The database's own safeguards against changes are not those of this version ({names}): somebody changed the "
    "database itself, so look with `flask audit verify` and `flask notes verify --all`, and put back a backup."
)
HIDING = (
    "Tables or indexes could leave rows out of an answer ({names}): somebody changed how the database is built, so "
    "do not trust what it says, and put back a backup."
)
TORN = "The database file is not whole ({names}): what it leaves out of an answer cannot be told, so put back a backup."
TURNED = (
    "The database could answer in another way than it is asked ({names}): somebody changed what it compares with, or "
    "how it is set, so do not trust what it says. Take that out, and put back a backup if it was not you."
)
CLAUSE = re.compile(r",(?![^(]*\))")  # a comma that stands in no parentheses
OBJECTS = text("SELECT type, name, sql FROM sqlite_master")
KEPT_BY_SQLITE = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
REVISION = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY "
    "(version_num))"
)
TABLES = text(
    "SELECT wanted.name FROM unnest(CAST(:names AS text[])) AS wanted(name)"
    " LEFT JOIN pg_class c ON c.oid = to_regclass('public.' || quote_ident(wanted.name))"
    " WHERE c.oid IS NULL OR c.relkind <> 'r' OR c.relpersistence <> 'p'"
    " OR c.relrowsecurity OR c.relforcerowsecurity OR c.relispartition"
    " OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = c.oid)"
    " OR EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhparent, inhrelid))"
)
TRIGGERS = text(
    "SELECT t.tgname AS name, t.tgisinternal AS internal, t.tgenabled AS enabled,"
    " pg_get_triggerdef(t.oid, true) AS definition, p.prosrc AS body, p.proconfig IS NULL AS plain"
    " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE t.tgrelid = ANY (SELECT to_regclass(quote_ident(n)) FROM unnest(CAST(:names AS text[])) n)"
)


def loosened(connection: Connection) -> str | None:
    """The sentence about triggers that are gone, changed, switched off, or not ours; None when all is well."""
    if connection.dialect.name == "sqlite":
        wanted = dict(_named(statement) for _table, statement in triggers.statements("sqlite"))
        return _said(SAFEGUARDS, _differing(wanted, _objects(connection, "trigger")))
    found = connection.execute(TRIGGERS, {"names": list(metadata.tables)}).all()
    return _said(SAFEGUARDS, _differing(_wanted_on_postgresql(), dict(_told_on_postgresql(found))))


def hiding(connection: Connection) -> str | None:
    """The sentence about what may not hand over every row, or other ones; None when all is well."""
    if connection.dialect.name == "sqlite":
        return _said(HIDING, _otherwise_on_sqlite(connection))
    tables = connection.scalars(TABLES, {"names": list(metadata.tables)})
    ours = {name for name, _made in _functions()}
    hidden = _said(HIDING, [*tables, *built.changed(connection)])
    return hidden or _said(TURNED, strangers.found(connection, ours))


def _otherwise_on_sqlite(connection: Connection) -> list[str]:
    """Indexes that are not ours word for word, tables that are not clause for clause, and every view."""
    indexes = {str(index.name): _statement(index, connection) for index in _indexes()}
    made = (str(CreateTable(table).compile(dialect=connection.dialect)) for table in metadata.tables.values())
    tables = {_named(each)[0]: _clauses(each) for each in (REVISION, *made)}
    found = {name: _clauses(each) for name, each in _objects(connection, "table").items() if name not in KEPT_BY_SQLITE}
    views = _objects(connection, "view")
    return [*_differing(indexes, _objects(connection, "index")), *_differing(tables, found), *sorted(views)]


def _clauses(statement: str) -> tuple[str, ...]:
    """A statement that makes a table without line breaks, its clauses in order: a column may have joined it later."""
    head, _open, rest = " ".join(statement.replace('"', "").split()).partition("(")
    body, _close, tail = rest.rpartition(")")
    return (head.strip(), tail.strip(), *sorted(part.strip() for part in CLAUSE.split(body)))


def torn(connection: Connection) -> str | None:
    """The sentence about rows that an index of SQLite lacks, and other damage; reads everything. Else None."""
    if connection.dialect.name != "sqlite":
        return None
    for look in WHOLE:
        found = list(connection.scalars(look))
        if found != ["ok"]:
            return _said(TORN, found)
    return None


def untrue(connection: Connection) -> str | None:
    """Why the answers of this database cannot be relied on; None when they can."""
    return hiding(connection) or torn(connection)


def _said(sentence: str, names: Iterable[str]) -> str | None:
    found = list(names)
    more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return sentence.format(names=", ".join([*found[:MOST_TOLD], *more])) if found else None


def _differing(wanted: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _indexes() -> Iterator[Index]:
    return (index for table in metadata.tables.values() for index in table.indexes)


def _statement(index: Index, connection: Connection) -> str:
    return str(CreateIndex(index).compile(dialect=connection.dialect))


def _objects(connection: Connection, kind: str) -> dict[str, str]:
    """{name: statement}; an index that stands for a clause of its table has none."""
    made = (row for row in connection.execute(OBJECTS) if row.type == kind)
    return {row.name: row.sql or "" for row in made if kind != "index" or row.sql is not None}


def _named(statement: str) -> tuple[str, str]:
    """The name of what a statement makes, and the statement."""
    return statement.split()[2].removesuffix("()"), statement


def _functions() -> Iterator[tuple[str, str]]:
    made = (statement for _table, statement in triggers.statements("postgresql"))
    return (_named(each) for each in made if each.startswith("CREATE FUNCTION"))


def _wanted_on_postgresql() -> dict[str, tuple[str, str]]:
    """{trigger: (its statement, the body of its function)}."""
    made = [statement for _table, statement in triggers.statements("postgresql")]
    bodies, ours = dict(_functions()), dict(_named(each) for each in made if each.startswith("CREATE TRIGGER"))
    return {name: (statement, bodies[name].split("$$")[1]) for name, statement in ours.items()}


def _told_on_postgresql(rows: Iterable[Row[Any]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The same of what is there; those the database made itself, for keys to other tables, only when switched off."""
    for row in rows:
        works = row.enabled in {"O", "A"} and row.plain
        if not row.internal or not works:
            yield row.name, (row.definition if works else "off", row.body)
