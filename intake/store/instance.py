"""The installation this database belongs to: a random number that everything sealed here is bound to."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from intake.store.base import Base

ONLY_INSTANCE = 1


class Instance(Base):
    """One row. Made with the first patient and never changed."""

    __tablename__ = "instance"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY_INSTANCE, autoincrement=False)
    number: Mapped[uuid.UUID]


NUMBER = select(Instance.number).where(Instance.id == ONLY_INSTANCE)


def number(connection: Connection) -> uuid.UUID:
    """The installation's number, drawn when there is none yet; of two that draw at once the first one stands."""
    found: uuid.UUID | None = connection.scalar(NUMBER)
    if found is None:
        connection.execute(_draw(connection.dialect.name).on_conflict_do_nothing())
        found = connection.scalar(NUMBER)
    return found  # type: ignore[return-value]  # the row is there by now


def _draw(dialect: str) -> Any:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return make(Instance).values(id=ONLY_INSTANCE, number=uuid.uuid4())
