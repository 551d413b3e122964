"""Whoever imports the schema has every table."""

from __future__ import annotations

import importlib
import pkgutil

from intake import store
from intake.store import schema
from intake.store.base import Versioned


def test_every_module_of_the_room_hands_its_tables_to_the_schema():
    for found in pkgutil.iter_modules(store.__path__, "intake.store."):
        module = importlib.import_module(found.name)
        tables = [value.__tablename__ for value in vars(module).values() if hasattr(value, "__tablename__")]
        assert set(tables) <= set(schema.metadata.tables)


def test_a_row_people_edit_has_a_version_that_guards_it():
    editable = [mapper for mapper in schema.Base.registry.mappers if issubclass(mapper.class_, Versioned)]
    assert {mapper.local_table.name for mapper in editable} >= {
        "patients",
        "visits",
        "notes",
        "plans",
        "flags",
        "users",
    }
    assert [mapper for mapper in editable if mapper.version_id_col is None] == []
