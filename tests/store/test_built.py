"""How PostgreSQL says that our tables are built: the same words as ours for every part, and others for each change."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from intake.store import built
from intake.store.schema import metadata


@pytest.mark.parametrize("backend", ["postgresql"])
def test_nothing_of_a_database_as_we_made_it_is_changed(engine):
    with engine.connect() as connection:
        assert built.changed(connection) == []


@pytest.mark.parametrize("backend", ["postgresql"])
def test_every_column_of_every_table_is_looked_at(own):
    own.execute(text("ALTER TABLE audit RENAME action TO act"))
    own.commit()
    assert {"audit.act", "audit.action"} <= set(built.changed(own.connection()))
    own.rollback()
    for table in metadata.sorted_tables[::-1]:
        own.execute(text(f"DROP TABLE {table.name} CASCADE"))
    own.commit()
    gone = set(built.changed(own.connection()))
    assert {f"{column.table.name}.{column.name}" for t in metadata.tables.values() for column in t.columns} <= gone
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= gone
