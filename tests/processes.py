"""Real processes for tests: forked from one that has imported everything already, so that each costs a moment."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.config import ROOT
from tests.sizes import size

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["intake.app", "intake.store.migrations", "alembic.command", "tests.builders", "pytest"])
PATIENCE = size(30, 300)  # seconds for a process to end
PORTS = 3  # that are tried


@dataclass(frozen=True)
class Ended:
    """A process that is over. `code` is negative when a signal ended it: -9 after SIGKILL."""

    code: int
    out: str
    err: str


class Running:
    """A process that runs `function(*arguments)` with these settings; what it prints goes to files in the folder."""

    def __init__(
        self, folder: Path, environ: Mapping[str, str], function: Callable[..., object], *arguments: Any
    ) -> None:
        self.files = [folder / f"{number}.txt" for number in (1, 2)]
        asked = (self.files, dict(environ), function, arguments)
        self.process = FORK.Process(target=_within, args=asked, daemon=True)
        self.process.start()

    def ended(self) -> Ended:
        """Wait for it; AssertionError when it does not end, after making it."""
        self.process.join(PATIENCE)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        out, err = (path.read_text(encoding="utf-8") if path.exists() else "" for path in self.files)
        assert self.process.exitcode is not None
        return Ended(self.process.exitcode, out, err)


def run(folder: Path, environ: Mapping[str, str], function: Callable[..., object], *arguments: Any) -> Ended:
    """Run it to its end."""
    return Running(folder, environ, function, *arguments).ended()


def _within(files: list[Path], environ: dict[str, str], function: Callable[..., object], arguments: Any) -> None:
    os.chdir(ROOT)
    for number, path in enumerate(files, start=1):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", buffering=1, closefd=False) for number in (1, 2))
    path = os.environ.get("PATH", "/usr/bin:/bin")
    os.environ.clear()  # what the first process was started with is none of this one's business
    os.environ.update({"PATH": path, **environ})
    function(*arguments)


def free_ports() -> Iterator[int]:
    """Ports nobody has now. Until a server is up somebody may have taken its port; then the next is tried."""
    for _time in range(PORTS):
        with socket.create_server(("127.0.0.1", 0)) as held:
            port: int = held.getsockname()[1]
        yield port


def flask(*arguments: str) -> None:
    """The command as it is typed, to be run in a process of its own."""
    from flask.cli import cli

    sys.argv = ["flask", *arguments]
    cli.main()
