"""What a process that holds keys asks of the kernel: no core dumps, no debugging by others of its account."""

from __future__ import annotations

import ctypes
import resource

SET_DUMPABLE, GET_DUMPABLE = 4, 3  # prctl(2)


def keep_memory_private() -> None:
    """Switch off core dumps, also those a crash handler collects, and debugging by other processes of the account."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(SET_DUMPABLE, 0)


def is_dumpable() -> bool:
    """Whether this process may be dumped or debugged."""
    return _prctl(GET_DUMPABLE, 0) != 0


def core_limit() -> int:
    """How many bytes a core dump may have; -1 for any number."""
    return resource.getrlimit(resource.RLIMIT_CORE)[0]


def _prctl(option: int, value: int) -> int:
    answer: int = ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
    return answer
