"""The printing press: documents are set in a process of their own that holds no keys, no records and no connection.

Plain data goes in as JSON, bytes come out. A press that hangs or breaks is thrown away and costs one document.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Literal

from intake.pdf.model import (
    AnswersRecord,
    CarePlan,
    ChartRecord,
    InvitationSlip,
    MeasureRecord,
    PaperForm,
    PrivatePages,
    Superbill,
)

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from intake.pdf import worker; worker.main()"
AT_ONCE = 2  # workers; the second starts when the first is busy
SECONDS = 10.0  # the longest a document may take
DOCUMENTS_EACH = 500  # then a worker is replaced
LENGTH = struct.Struct(">BI")  # how it went, and how many bytes follow
DONE = 0
# What can be printed; the module of this room with that name has `render(sheet, paper=…)`.
DOCUMENTS: dict[type[Any], str] = {
    CarePlan: "care_plan",
    PrivatePages: "private_pages",
    InvitationSlip: "invitation_slip",
    AnswersRecord: "answers",
    ChartRecord: "chart",
    PaperForm: "paper_form",
    Superbill: "superbill",
    MeasureRecord: "measures",
}
Sheet = CarePlan | PrivatePages | InvitationSlip | AnswersRecord | ChartRecord | PaperForm | Superbill | MeasureRecord


class PrintingError(Exception):
    """The document could not be printed: its kind of fault, never its words."""


def plain(value: Any) -> Any:
    """A sheet as JSON can hold it: dataclasses as objects, dates as ISO 8601."""
    if is_dataclass(value):
        kind = {"kind": value.kind} if hasattr(value, "kind") else {}
        return kind | {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


class Worker:
    """One child process and its two pipes."""

    def __init__(self, *, start: str = START, seconds: float = SECONDS) -> None:
        self.printed, self._seconds = 0, seconds
        # An empty environment: no address of a database, no key. -I: nothing of the machine's Python settings either.
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", "-B", "-c", start, str(ROOT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/", close_fds=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def ask(self, job: bytes) -> bytes:
        """The document; PrintingError when it cannot be made: by this worker if it is still alive, by none if not."""
        timer = threading.Timer(self._seconds, self._process.kill)
        timer.start()
        try:
            _write(self._pipe("stdin"), job)
            status, answer = _read(self._pipe("stdout"))
        except (OSError, EOFError):
            self.end()
            message = "the worker ended"
            raise PrintingError(message) from None
        finally:
            timer.cancel()
        self.printed += 1
        if status != DONE:
            raise PrintingError(answer.decode("ascii", "replace"))
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether it can print one more."""
        return self._process.poll() is None and self.printed < DOCUMENTS_EACH

    def end(self) -> None:
        """Stop it and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] = getattr(self._process, name)
        return pipe


def _write(pipe: IO[bytes], job: bytes) -> None:
    pipe.write(LENGTH.pack(DONE, len(job)) + job)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[int, bytes]:
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    status, length = LENGTH.unpack(head)
    answer = pipe.read(length)
    if len(answer) < length:
        raise EOFError
    return status, answer


class Press:
    """A few workers for the threads of this process. A process that was forked from it starts its own."""

    def __init__(self) -> None:
        self._owner, self._idle = os.getpid(), self._places()

    @staticmethod
    def _places() -> queue.LifoQueue[Worker | None]:
        places: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(AT_ONCE):
            places.put(None)
        return places

    def print(self, sheet: Sheet, *, paper: Literal["letter", "a4"] = "letter") -> bytes:
        """The PDF of a sheet: the same sheet always gives the same bytes. PrintingError when it cannot be made."""
        job = json.dumps({"document": DOCUMENTS[type(sheet)], "paper": paper, "sheet": plain(sheet)}).encode()
        if self._owner != os.getpid():
            self._owner, self._idle = os.getpid(), self._places()
        worker = self._idle.get()
        try:
            if worker is None or not worker.is_alive:
                worker = self._replaced(worker)
            return worker.ask(job)
        finally:
            self._idle.put(worker)

    def warm(self) -> None:
        """Start a worker, so that the first document does not wait for it."""
        self._idle.put(self._replaced(self._idle.get()))

    def end(self) -> None:
        """Stop every worker that is idle."""
        for _ in range(AT_ONCE):
            worker = self._idle.get()
            if worker is not None and self._owner == os.getpid():
                worker.end()
            self._idle.put(None)

    @staticmethod
    def _replaced(worker: Worker | None) -> Worker:
        if worker is not None:
            worker.end()
        return Worker()


press = Press()
atexit.register(press.end)
