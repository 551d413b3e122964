"""The other end of the press: a process that reads sheets, prints them, and is able to do little else.

What holds where: with rlimits (Linux, macOS, BSD) it can open no file and no socket, start no bigger than MEMORY, and
write no file. On Linux it leaves the network as well, where the kernel allows it. Elsewhere (Windows) it is a process
without keys, records or environment, and nothing more.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from types import NoneType, UnionType
from typing import IO, Any, Union, cast, get_args, get_origin, get_type_hints

from intake.pdf.press import DOCUMENTS, DONE, LENGTH

resource: Any = import_module("resource") if find_spec("resource") else None  # a system may lack rlimits

MEMORY = 256 * 1024 * 1024  # bytes of address space
CPU_EACH, CPU_IN_ALL = 10, 600  # seconds
FAILED = 1
NEW_USERS, NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of Linux
NO_NEW_RIGHTS = 38  # PR_SET_NO_NEW_PRIVS
# Words that touch all a rendering may load. A plain address is set in a square of its own kind.
EVERY_KIND, ADDRESS = (
    "Aa é ≥ → Ω Ж \u202e 😀 & <b> https://forms.example.org",
    "http://forms.example.org/f#0AB1-2CD3-4EF5",
)
Render = Callable[..., bytes]


def main() -> None:
    """Get ready, give up what is not needed, and print until there is nothing more to read."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes nowhere; only documents go to the press
    renders = {name: import_module(f"intake.pdf.{name}").render for name in DOCUMENTS.values()}
    for kind, name in DOCUMENTS.items():
        for paper, words in (("letter", EVERY_KIND), ("a4", EVERY_KIND), ("letter", ADDRESS)):
            renders[name](sample(kind, words), paper=paper)  # whatever is loaded on first use is loaded now
    leave_network()
    confine()
    serve(source, sink, renders)


def serve(source: IO[bytes], sink: IO[bytes], renders: dict[str, Render]) -> None:
    """Answer each job in turn; a fault is told by its kind only."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        job = source.read(LENGTH.unpack(head)[1])
        spend(CPU_EACH)
        try:
            status, answer = DONE, _printed(json.loads(job), renders)
        except Exception as fault:  # noqa: BLE001 - one document fails, the next one need not
            status, answer = FAILED, type(fault).__name__.encode("ascii", "replace")
        sink.write(LENGTH.pack(status, len(answer)) + answer)
        sink.flush()


def _printed(job: dict[str, Any], renders: dict[str, Render]) -> bytes:
    (kind,) = (kind for kind, name in DOCUMENTS.items() if name == job["document"])
    return renders[job["document"]](made(kind, job["sheet"]), paper=job["paper"])


# ---------------------------------------------------------------- sheets from JSON, and samples of them


def made(kind: Any, value: Any) -> Any:
    """A value of that type from what `press.plain` wrote."""
    if value is None:
        return None
    if is_dataclass(kind):
        hints, build = get_type_hints(kind), cast("Callable[..., Any]", kind)
        return build(**{each.name: made(hints[each.name], value[each.name]) for each in fields(kind)})
    if get_origin(kind) in {Union, UnionType}:
        return made(_chosen(kind, value), value)
    if isinstance(value, list):
        return tuple(made(_element(kind), each) for each in value)
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


def _choices(kind: Any) -> list[Any]:
    return [choice for choice in get_args(kind) if choice is not NoneType]


def _chosen(kind: Any, value: Any) -> Any:
    choices = _choices(kind)
    if len(choices) == 1:
        return choices[0]
    return next(choice for choice in choices if choice.kind == value["kind"])


def _element(kind: Any) -> Any:
    """The type of a tuple's elements; object for one whose elements differ."""
    arguments = get_args(kind)
    return arguments[0] if len(arguments) == 2 and arguments[1] is Ellipsis else object  # noqa: PLR2004 - "T, ..."


def sample(kind: Any, words: str = EVERY_KIND) -> Any:
    """A value of that type with one of everything in it, and these words for every text."""
    if is_dataclass(kind):
        hints, build = get_type_hints(kind), cast("Callable[..., Any]", kind)
        return build(**{each.name: sample(hints[each.name], words) for each in fields(kind)})
    if get_origin(kind) in {Union, UnionType}:
        return sample(_choices(kind)[-1], words)
    if get_origin(kind) is tuple:
        element = _element(kind)
        return (sample(element, words),) if element is not object else ("M", 1.0, 1.0)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return {str: words, date: date(2026, 9, 15), int: 1, float: 1.0, bool: True}[kind]


# ---------------------------------------------------------------- giving up what is not needed


def leave_network() -> None:
    """Move into a network of its own with nothing in it, and never gain rights again; Linux only, where allowed."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.prctl(NO_NEW_RIGHTS, 1, 0, 0, 0)
            if libc.unshare(NEW_USERS | NEW_NETWORK) != 0:
                libc.unshare(NEW_NETWORK)


def confine() -> None:
    """Limits that cannot be raised again: no file or socket beside those open now, no children, no dumps."""
    if resource is None:
        return
    for name, most in (("NOFILE", 0), ("FSIZE", 0), ("CORE", 0), ("NPROC", 0), ("AS", MEMORY)):
        with suppress(OSError, ValueError, AttributeError):  # a system may lack one of them
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def spend(seconds: int) -> None:
    """Let the process use so many more seconds of the processor, and no more than CPU_IN_ALL in its life."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (min(soft, CPU_IN_ALL), CPU_IN_ALL))
