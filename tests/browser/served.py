"""The real app on a port of this machine, on a database of its own, with a way to put records into it."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from waitress.server import create_server

from intake.app import create_app
from intake.config import Config
from intake.store import migrations
from intake.store.engine import connect
from tests.builders import COST, KEYS, Builders

THREADS = 8
PATIENCE = 60  # seconds, on a machine that does much else
NUMBERS = itertools.count(1)


@dataclass
class Clinic:
    """A clinic that is being served: its address, and the records made for it."""

    url: str
    database_url: str
    codes: dict[Any, str] = field(default_factory=dict)

    @contextmanager
    def records(self) -> Iterator[Builders]:
        """Builders on the served database. Afterwards its write lock is free again, so that pages can be saved."""
        engine = connect(self.database_url, KEYS)
        with Session(engine, expire_on_commit=False) as session:
            make = Builders(session)
            make.codes, make._numbers = self.codes, NUMBERS  # names stay apart in the one database of the run
            yield make
        engine.dispose()


@contextmanager
def served(database: Path) -> Iterator[Clinic]:
    """Serve the app as `flask serve` does until the context ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        clinic = Clinic(f"http://127.0.0.1:{listening.getsockname()[1]}", f"sqlite:///{database}")
        app = create_app(Config(clinic.database_url, KEYS, public_url=clinic.url, password_cost=COST))
        engine = app.extensions["engine"]
        migrations.upgrade(engine)
        with running(app, listening):
            yield clinic
        engine.dispose()


@contextmanager
def running(app: Any, listening: socket.socket) -> Iterator[None]:
    """Answer as `flask serve` does on a socket that is bound already."""
    server = create_server(app, sockets=[listening], threads=THREADS, ident=None, clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # The loop ends when nothing is left to listen to; only its own thread may take things away from it.
        with suppress(OSError):  # it may have woken by itself, and be gone before it is called
            server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map, ignore_all=True))
        thread.join(timeout=PATIENCE)
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map, ignore_all=True)  # what a loop that ended by itself left open
