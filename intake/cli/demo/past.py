"""Days that are over: what the demo does in here happens at an earlier moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask, appcontext_pushed, g


@contextmanager
def at(app: Flask, moment: datetime) -> Iterator[None]:
    """Every request of this app takes place at that moment. Only this process can ask for it, for its own app."""

    def begin(_app: Flask, **_more: Any) -> None:
        g.now = moment

    with appcontext_pushed.connected_to(begin, app):
        yield
