"""What the app asks of its database while somebody goes her way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
BY_CHANCE = "UPDATE patient_keys SET writes="  # one seal in a thousand counts for all of them, whatever is sealed


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement the app has sent, without the ids in it."""
    sent = []

    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith(BY_CHANCE):
            sent.append(ID.sub("", statement))

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
