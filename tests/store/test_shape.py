"""Whether the database is still built as we made it, on both databases, and what somebody could do to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from intake.store import audit, shape
from intake.store.engine import connect

NOW = datetime(2026, 9, 15, tzinfo=UTC)
REPLACE = "CREATE OR REPLACE FUNCTION notes_final_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
SAFEGUARDS = {
    "sqlite": {
        "dropped": ("DROP TRIGGER notes_final_update",),
        "one that is not ours": (
            "CREATE TRIGGER more AFTER INSERT ON flags BEGIN UPDATE flags SET closed_at = NEW.opened_at; END",
        ),
        "one with a name like those of SQLite itself": (
            "CREATE TRIGGER sqlitex BEFORE INSERT ON flags BEGIN SELECT RAISE(IGNORE); END",
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
        "a view beside them": ("CREATE VIEW sqlitex AS SELECT * FROM flags",),
        "a table that is not ours": ("CREATE TABLE more (flag_id CHAR(32) REFERENCES flags (id) ON DELETE CASCADE)",),
        "a column more": ("ALTER TABLE flags ADD COLUMN more AS (length(id))",),
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
        "a unique index that is gone": ("DROP INDEX uq_flags_untaken",),
        "a unique key that is gone": ("ALTER TABLE one_time_links DROP CONSTRAINT uq_one_time_links_token_hash",),
        "a primary key that is gone": ("ALTER TABLE spent_challenges DROP CONSTRAINT pk_spent_challenges",),
        "a key to another table that is gone": ("ALTER TABLE flags DROP CONSTRAINT fk_flags_patient_id_patients",),
        "a check that is gone": ("ALTER TABLE logins DROP CONSTRAINT ck_logins_one_owner",),
        "a check more": ("ALTER TABLE flags ADD CONSTRAINT more CHECK (length(mark) > 9)",),
        "a key that is checked later": (
            "ALTER TABLE one_time_links DROP CONSTRAINT uq_one_time_links_token_hash",
            "ALTER TABLE one_time_links ADD CONSTRAINT uq_one_time_links_token_hash UNIQUE (token_hash) DEFERRABLE",
        ),
        "an index over something else": (
            "DROP INDEX uq_flags_untaken",
            ("CREATE UNIQUE INDEX uq_flags_untaken ON flags (response_id)"
            " WHERE closed_at IS NULL AND acknowledged_at IS NULL"),
        ),
        "a default": ("ALTER TABLE flags ALTER closed_at SET DEFAULT now()",),
        "another collation": ('ALTER TABLE audit ALTER action TYPE varchar(60) COLLATE "POSIX"',),
        "another type": ("CREATE DOMAIN public.word AS varchar(60)", "ALTER TABLE audit ALTER action TYPE public.word"),
        "what may be left out": ("ALTER TABLE audit ALTER action DROP NOT NULL",),
        "a column more": ("ALTER TABLE flags ADD more varchar(5)",),
        "rows that a crash takes": ("ALTER TABLE buckets SET UNLOGGED",),
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


SECOND_ROLE = (
    "CREATE ROLE {role} LOGIN",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_role_that_only_serves_sees_it_whole_too(own):
    url = own.get_bind().url
    role = f"serving_{url.database}"
    planted(own, [statement.format(role=role) for statement in SECOND_ROLE])
    serving = connect(url.set(username=role).render_as_string(hide_password=False))
    try:
        with serving.connect() as connection:
            assert shape.loosened(connection) is None
            assert shape.untrue(connection) is None
        planted(own, [f"ALTER ROLE {role} SET enable_sort = off"])
        assert "enable_sort" in look(own, shape.hiding), "the owner sees what the serving role was set to"
    finally:
        serving.dispose()
        planted(own, [f"DROP OWNED BY {role}", f"DROP ROLE {role}"])


def planted(session, statements):
    for statement in statements:
        session.execute(text(statement))
    session.commit()


@pytest.mark.parametrize(("backend", "what"), ways(SAFEGUARDS))
def test_a_safeguard_that_is_not_as_we_made_it_is_noticed(own, backend, what):
    planted(own, SAFEGUARDS[backend][what])
    assert "safeguards" in look(own, shape.loosened)


@pytest.mark.dear
@pytest.mark.parametrize(("backend", "what"), ways(HIDING))
def test_what_could_leave_rows_out_is_noticed(own, backend, what):
    planted(own, HIDING[backend][what])
    assert "leave rows out" in look(own, shape.hiding)
    assert look(own, shape.untrue) is not None


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_table_that_drops_what_it_refuses_is_noticed(own):
    made = own.scalars(text("SELECT sql FROM sqlite_master WHERE tbl_name = 'flags' AND sql IS NOT NULL")).all()
    table = made[0].rstrip().removesuffix(")") + ", UNIQUE (response_id) ON CONFLICT IGNORE)"
    planted(own, ["DROP TABLE flags", table, *made[1:]])
    assert look(own, shape.loosened) is None
    assert "flags" in look(own, shape.hiding)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_sqlite_keeps_for_itself_is_no_stranger(own):
    planted(own, ["ANALYZE"])
    assert look(own, shape.untrue) is None


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
