"""How our tables are built, in PostgreSQL's own words: columns, indexes, keys and checks, as we made them and as found.

A unique index that is gone lets a code count twice; a column with another collation or a default of its own reads as
something nobody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, Constraint, ForeignKeyConstraint, Index, Table, text
from sqlalchemy.schema import ColumnCollectionConstraint, PrimaryKeyConstraint

from intake.store.schema import metadata

COLUMNS = text(
    "SELECT a.attrelid::regclass::text || '.' || a.attname::text, format_type(a.atttypid, a.atttypmod)"
    " || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END"
    " || CASE WHEN a.atthasdef OR a.attgenerated <> '' OR a.attidentity <> '' THEN ' default' ELSE '' END"
    " || CASE WHEN a.attcollation <> t.typcollation THEN ' collate' ELSE '' END"
    " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
    " WHERE a.attrelid = ANY (SELECT to_regclass('public.' || quote_ident(n)) FROM unnest(CAST(:names AS text[])) n)"
    " AND a.attnum > 0 AND NOT a.attisdropped"
)
INDEXES = text(
    "SELECT c.relname::text, pg_get_indexdef(i.indexrelid)"
    " || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN '' ELSE ' not valid' END"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = ANY (SELECT to_regclass('public.' || quote_ident(n)) FROM unnest(CAST(:names AS text[])) n)"
)
CONSTRAINTS = text(  # but those that columns and triggers tell
    "SELECT conrelid::regclass::text || ' ' || conname::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = ANY (SELECT to_regclass('public.' || quote_ident(n)) FROM unnest(CAST(:names AS text[])) n)"
    " AND contype NOT IN ('n', 't')"
)
NOISE = str.maketrans("", "", '()"')


def changed(connection: Connection) -> list[str]:
    """The names of what is not built as we made it."""
    asked = {"names": list(metadata.tables)}
    rows = (row for look in (COLUMNS, INDEXES, CONSTRAINTS) for row in connection.execute(look, asked))
    found = {row[0]: _bare(row[1]) for row in rows}
    wanted = {name: _bare(said) for table in metadata.tables.values() for name, said in _said(table, connection)}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _bare(said: str) -> str:
    """Without what PostgreSQL adds to every part of an expression: parentheses, quotes, and that text is text."""
    return said.translate(NOISE).replace("::text", "")


def _said(table: Table, connection: Connection) -> Iterator[tuple[str, str]]:
    """(name, definition) of each part of a table."""
    for column in table.columns:
        kind = column.type.compile(connection.dialect).lower().replace("varchar", "character varying")
        yield f"{table.name}.{column.name}", kind if column.nullable else f"{kind} not null"
    for index in table.indexes:
        yield str(index.name), _index(index, table)
    for constraint in table.constraints:
        yield f"{table.name} {constraint.name}", _constraint(constraint)
        if isinstance(constraint, ColumnCollectionConstraint) and _is_unique(constraint):
            columns = _listed(constraint)
            yield (
                str(constraint.name),
                f"CREATE UNIQUE INDEX {constraint.name} ON public.{table.name} USING btree {columns}",
            )


def _index(index: Index, table: Table) -> str:
    where = index.dialect_options["postgresql"]["where"]
    unique = "UNIQUE " if index.unique else ""
    made = f"CREATE {unique}INDEX {index.name} ON public.{table.name} USING btree {_listed(index)}"
    return made if where is None else f"{made} WHERE {where}"


def _constraint(constraint: Constraint) -> str:
    if isinstance(constraint, CheckConstraint):
        return f"CHECK {constraint.sqltext}"
    kept = _listed(constraint)  # type: ignore[arg-type]  # every other kind has columns
    if isinstance(constraint, ForeignKeyConstraint):
        there = ", ".join(each.column.name for each in constraint.elements)
        return f"FOREIGN KEY {kept} REFERENCES {constraint.referred_table.name}({there})"
    return f"PRIMARY KEY {kept}" if isinstance(constraint, PrimaryKeyConstraint) else f"UNIQUE {kept}"


def _is_unique(constraint: ColumnCollectionConstraint) -> bool:
    return not isinstance(constraint, ForeignKeyConstraint | CheckConstraint)


def _listed(of: Index | ColumnCollectionConstraint) -> str:
    return f"({', '.join(column.name for column in of.columns)})"
