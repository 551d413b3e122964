"""Whether the database is still built as we made it, on both databases, and what somebody could do to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from intake.store import audit, shape

NOW = datetime(2026, 9, 15, tzinfo=UTC)
REPLACE = "CREATE OR REPLACE FUNCTION notes_final_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
SAFEGUARDS = {
    "sqlite": {
        "dropped": ("DROP TRIGGER notes_final_update",),
        "one that is not ours": (
            "CREATE TRIGGER more AFTER INSERT ON flags BEGIN UPDATE flags SET closed_at = NEW.opened_at; END",
        ),
        "one that does nothing": (
            "DROP TRIGGER notes_final_update",
            "CREATE TRIGGER notes_final_update BEFORE UPDATE ON notes BEGIN SELECT 1; END",
        ),
    },
    "postgresql": {
        "dropped": ("DROP TRIGGER notes_final_update ON notes",),
        "switched off": ("ALTER TABLE notes DISABLE TRIGGER notes_final_update",),
        "keys to other tables switched off": ("ALTER TABLE notes DISABLE TRIGGER ALL",),
        "one that is not ours": (
            "CREATE TRIGGER more AFTER INSERT ON flags FOR EACH ROW EXECUTE FUNCTION flags_final_delete()",
        ),
        "one that does nothing": (REPLACE,),
        "one that looks elsewhere": ("ALTER FUNCTION notes_final_update() SET search_path TO pg_temp",),
    },
}
VIEW = ("ALTER TABLE buckets RENAME TO other", "CREATE VIEW buckets AS SELECT * FROM other")
HIDING = {
    "sqlite": {
        "a partial index": (
            "DROP INDEX ix_audit_action", "CREATE INDEX ix_audit_action ON audit (action) WHERE seq <> 4",
        ),
        "a view in place of a table": VIEW,
    },
    "postgresql": {
        "a policy": ("ALTER TABLE audit ENABLE ROW LEVEL SECURITY",),
        "a policy for its owner": ("ALTER TABLE audit FORCE ROW LEVEL SECURITY",),
        "a rule": ("CREATE RULE more AS ON INSERT TO flags DO INSTEAD NOTHING",),
        "a view in place of a table": (VIEW[0], VIEW[1].replace("VIEW ", "VIEW public.")),
        "rows of another table": ("CREATE TABLE public.more () INHERITS (audit)",),
        "a partial index": (
            "DROP INDEX ix_audit_action", "CREATE INDEX ix_audit_action ON audit (action) WHERE seq <> 4",
        ),
        "an index that is not ready": (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_audit_action'::regclass",
        ),
    },
}  # fmt: skip


def ways(of):
    return [(backend, what) for backend, found in of.items() for what in found]


def look(session, asked):
    session.rollback()
    return asked(session.connection())


@pytest.mark.parametrize("asked", [shape.loosened, shape.hiding, shape.torn, shape.untrue])
def test_a_database_as_we_made_it_is_as_we_made_it(session, make, asked):
    make.note(signed=True)
    assert look(session, asked) is None


def planted(session, statements):
    for statement in statements:
        session.execute(text(statement))
    session.commit()


@pytest.mark.parametrize(("backend", "what"), ways(SAFEGUARDS))
def test_a_safeguard_that_is_not_as_we_made_it_is_noticed(own, backend, what):
    planted(own, SAFEGUARDS[backend][what])
    assert "safeguards" in look(own, shape.loosened)


@pytest.mark.parametrize(("backend", "what"), ways(HIDING))
def test_what_could_leave_rows_out_is_noticed(own, backend, what):
    planted(own, HIDING[backend][what])
    assert "leave rows out" in look(own, shape.hiding)
    assert look(own, shape.untrue) is not None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_of_many_changes_only_some_are_named(own):
    names = own.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
    planted(own, [f"DROP TRIGGER {name}" for name in names])
    assert f"and {len(names) - shape.MOST_TOLD} more" in look(own, shape.loosened)


def lacking(session):
    """An index without the entry of line 2, whose text says that it has all of them."""
    old = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ix_audit_action'"))
    session.rollback()
    driver = session.connection().connection.driver_connection
    for statement in (
        "COMMIT",
        "DROP INDEX ix_audit_action",
        "CREATE INDEX ix_audit_action ON audit (action) WHERE seq <> 2",
        "PRAGMA writable_schema=ON",
        f"UPDATE sqlite_master SET sql = '{old}' WHERE name = 'ix_audit_action'",
        "PRAGMA writable_schema=RESET",
        "BEGIN",
    ):
        driver.execute(statement)
    session.commit()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_index_that_leaves_out_a_line_under_its_old_text_is_noticed(own):
    for _line in range(3):
        audit.record(own, "test.done", now=NOW)
        own.commit()
    lacking(own)
    assert look(own, shape.hiding) is None
    assert "not whole" in look(own, shape.torn)
    assert look(own, shape.untrue) == look(own, shape.torn)
