"""What in a PostgreSQL database turns every answer, wherever it lies: operators, functions, casts, and settings.

An operator for a column's own type beats one of PostgreSQL's own that has to convert it first. Ours needs none of
these but the functions of its triggers (shape.py), so any other is told.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

# From number 16384 on an object did not come with the server.
FOUND = text(
    """
    WITH looked_in(oid) AS (VALUES ('public'::regnamespace::oid), ('pg_catalog'::regnamespace::oid))
    SELECT 'operator ' || oid::regoperator::text FROM pg_operator
        WHERE oid >= 16384 AND oprnamespace IN (SELECT oid FROM looked_in)
    UNION ALL SELECT 'function ' || oid::regprocedure::text FROM pg_proc
        WHERE oid >= 16384 AND pronamespace IN (SELECT oid FROM looked_in)
        AND NOT (proname::text = ANY (CAST(:ours AS text[])) AND pronargs = 0 AND pronamespace = 'public'::regnamespace)
    UNION ALL SELECT 'cast of ' || castsource::regtype::text FROM pg_cast
        WHERE oid >= 16384 AND castcontext <> 'e'
    UNION ALL SELECT 'operator class ' || opcname::text FROM pg_opclass WHERE oid >= 16384 AND opcdefault
    """
)
# Of every role, of this database, and of the roles that use it: who serves and who looks need not be the same.
SETTINGS = text(
    """
    SELECT setconfig FROM pg_db_role_setting LEFT JOIN pg_roles r ON r.oid = setrole
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND (setrole = 0 OR r.rolname = session_user OR NOT r.rolsuper
            AND has_table_privilege(setrole, to_regclass('public.audit'), 'SELECT'))
    """
)
# What an operator may well set: it changes when an answer comes, or what is written down about it, and not the answer.
# Whether writes last, and are taken at all, durability.py looks at.
HARMLESS = frozenset(
    {
        *("statement_timeout", "lock_timeout", "transaction_timeout", "idle_session_timeout"),
        *("idle_in_transaction_session_timeout", "work_mem", "maintenance_work_mem", "temp_buffers", "timezone"),
        *("synchronous_commit", "default_transaction_read_only"),
        *("effective_cache_size", "random_page_cost", "effective_io_concurrency", "application_name"),
    }
)


def found(connection: Connection, ours: Collection[str]) -> list[str]:
    """The names of operators, casts, settings, and functions but `ours`, that could have it answer in another way."""
    objects = connection.scalars(FOUND, {"ours": list(ours)})
    settings = {each.partition("=")[0].lower() for made in connection.scalars(SETTINGS) for each in made}
    turned = (name for name in settings - HARMLESS if not name.startswith("log_"))
    return [*sorted(objects), *sorted(f"setting {name}" for name in turned)]
