"""A process that holds keys leaves no core dump."""

from __future__ import annotations

import subprocess
import sys

from intake.config import ROOT

PROGRAM = (
    "from intake.security import hardening as h; print(h.is_dumpable()); "
    "h.keep_memory_private(); print(h.is_dumpable(), h.core_limit())"
)


def test_core_dumps_and_debugging_by_the_same_account_are_switched_off():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.split() == ["True", "False", "0"]
