"""What somebody put into a PostgreSQL database, or set in it, that turns its answers. SQLite has no such thing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from intake.store import shape, strangers
from tests.store.test_asked import FUNCTION, OPERATOR

CAST = "CREATE CAST (varchar AS bytea) WITHOUT FUNCTION AS IMPLICIT"
CLASS = (
    "CREATE OPERATOR CLASS public.mine DEFAULT FOR TYPE varchar USING btree AS OPERATOR 3 =(text, text),"
    " FUNCTION 1 bttextcmp(text, text)"
)
PLANTED = {
    "operator =(character varying,character varying)": (FUNCTION, OPERATOR),
    "function lie(character varying,character varying)": (FUNCTION,),
    "function notes_final_update(integer)": (
        "CREATE FUNCTION public.notes_final_update(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ),
    "cast of character varying": (CAST,),
    "operator class mine": (CLASS,),
    "setting search_path": ("ALTER DATABASE {database} SET search_path = evil, public",),
    "setting session_replication_role": ("ALTER ROLE {role} SET session_replication_role = replica",),
    "setting enable_indexscan": ("ALTER ROLE {role} IN DATABASE {database} SET enable_indexscan = off",),
}


@pytest.fixture
def plant(own):
    """Do it, to whatever the database and the role are called; what a role was set to is taken back."""
    names = {"database": own.get_bind().url.database, "role": own.scalar(text("SELECT session_user"))}
    names["role"] = f'"{names["role"]}"'

    def planted(statements):
        for statement in statements:
            own.execute(text(statement.format(**names)))
        own.commit()
        return own.connection()

    yield planted
    own.rollback()
    planted(["ALTER ROLE {role} RESET ALL", "ALTER ROLE {role} IN DATABASE {database} RESET ALL"])


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("name", PLANTED)
def test_what_turns_every_answer_is_named(plant, name):
    connection = plant(PLANTED[name])
    assert name in strangers.found(connection, {"notes_final_update"})
    assert shape.hiding(connection) is not None
    assert shape.untrue(connection) is not None


@pytest.mark.parametrize("backend", ["postgresql"])
def test_how_long_an_answer_may_take_is_nobody_s_business(plant):
    patient = (
        "ALTER DATABASE {database} SET statement_timeout = '30s'",
        "ALTER ROLE {role} SET log_statement = 'none'",
    )
    assert shape.hiding(plant(patient)) is None


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_nobody_looks_for_without_its_schema_is_no_stranger(plant):
    elsewhere = ("CREATE SCHEMA elsewhere", FUNCTION.replace("public.", "elsewhere."))
    assert shape.hiding(plant(elsewhere)) is None
