"""Alembic's way in: the connection comes from the caller, the tables from the schema."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from intake.store.base import Id, PlainDate, UtcDateTime
from intake.store.schema import metadata

PLAIN: dict[type[Any], str] = {UtcDateTime: "sa.DateTime(timezone=True)", PlainDate: "sa.Date()", Id: "sa.Uuid()"}


def plain_types(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Our column types as plain ones, so that a revision never needs the app."""
    return PLAIN.get(type(item), False) if kind == "type" else False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=plain_types,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
