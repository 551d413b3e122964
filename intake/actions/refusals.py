"""Why an action did not happen, in the words of the clinic's world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class RefusedError(Exception):
    """The act is not possible now; the text says why and what to do."""


class StaleError(RefusedError):
    """Somebody else saved in between; nothing was overwritten. `questions` are those that differ."""

    def __init__(self, questions: Sequence[str] = ()) -> None:
        super().__init__("Somebody saved this in another window while it was open here.")
        self.questions = tuple(questions)


class NotReadyError(RefusedError):
    """Things are missing; `reasons` lists all of them at once."""

    def __init__(self, reasons: Sequence[Any]) -> None:
        super().__init__("; ".join(str(reason) for reason in reasons))
        self.reasons = tuple(reasons)


class ReplacedError(RefusedError):
    """What somebody looked at is not what is there now."""


class FinalError(RefusedError):
    """It was signed, issued or handed in, and cannot be changed."""


class EndedError(RefusedError):
    """The session an act came from was ended or locked before the act could be done."""

    def __init__(self) -> None:
        super().__init__("You were signed out here, or the screen was locked, meanwhile. Nothing was changed.")


class WrongPasswordError(RefusedError):
    """The password that was asked for again does not match."""
