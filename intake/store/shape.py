"""Whether the database is still built as we made it: its triggers, and tables and indexes that hand over every row.

Whoever can write to a database can also change how it answers: drop what refuses a change, or have an index, a view or
a policy leave lines out for some questions only. What the rows say is checked elsewhere; this looks at what reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Index, Row, text
from sqlalchemy.schema import CreateIndex

from intake.store import triggers
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
OBJECTS = text("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
TABLES = text(
    "SELECT wanted.name FROM unnest(CAST(:names AS text[])) AS wanted(name)"
    " LEFT JOIN pg_class c ON c.oid = to_regclass(quote_ident(wanted.name))"
    " WHERE c.oid IS NULL OR c.relkind <> 'r' OR c.relrowsecurity OR c.relforcerowsecurity OR c.relispartition"
    " OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = c.oid)"
    " OR EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhparent, inhrelid))"
)
INDEXES = text(
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = ANY (SELECT to_regclass(quote_ident(n)) FROM unnest(CAST(:names AS text[])) n)"
    " AND (NOT i.indisvalid OR i.indpred IS NOT NULL AND c.relname <> ALL (CAST(:partial AS text[])))"
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
    """The sentence about tables and indexes that may not hand over every row; None when all is well."""
    if connection.dialect.name == "sqlite":
        wanted = {str(index.name): _statement(index, connection) for index in _indexes()}
        tables = metadata.tables.keys() - _objects(connection, "table").keys()
        views = _objects(connection, "view").keys()
        return _said(HIDING, [*_differing(wanted, _objects(connection, "index")), *sorted(tables | views)])
    partial = [index.name for index in _indexes() if index.dialect_options["postgresql"]["where"] is not None]
    asked = {"names": list(metadata.tables), "partial": partial}
    return _said(HIDING, [*connection.scalars(TABLES, asked), *connection.scalars(INDEXES, asked)])


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
    return {row.name: row.sql for row in connection.execute(OBJECTS) if row.type == kind}


def _named(statement: str) -> tuple[str, str]:
    """The name of what a statement makes, and the statement."""
    return statement.split()[2].removesuffix("()"), statement


def _wanted_on_postgresql() -> dict[str, tuple[str, str]]:
    """{trigger: (its statement, the body of its function)}."""
    made = [statement for _table, statement in triggers.statements("postgresql")]
    bodies = dict(_named(each) for each in made if each.startswith("CREATE FUNCTION"))
    ours = dict(_named(each) for each in made if each.startswith("CREATE TRIGGER"))
    return {name: (statement, bodies[name].split("$$")[1]) for name, statement in ours.items()}


def _told_on_postgresql(rows: Iterable[Row[Any]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The same of what is there; those the database made itself, for keys to other tables, only when switched off."""
    for row in rows:
        works = row.enabled in {"O", "A"} and row.plain
        if not row.internal or not works:
            yield row.name, (row.definition if works else "off", row.body)
