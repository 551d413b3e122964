"""A clinic for the pages: everybody who may stand to a patient in some way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.builders import Builders
from tests.raised import raise_to_safety
from tests.web.standings import VIOLENCE, Clinic, clinic_of
from tests.web.world import World, made


@pytest.fixture
def world(session: Session, make: Builders) -> World:
    return made(session, make)


@pytest.fixture
def clinic(
    session: Session, make: Builders, clock: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Clinic:
    """Everybody who may stand to a patient in some way, and her records in every state."""
    raise_to_safety(monkeypatch, VIOLENCE)
    doors = [request.getfixturevalue(name) for name in ("new_client", "sign_in", "enter")]
    return clinic_of(session, make, made(session, make), clock, *doors)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What the app has asked the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
