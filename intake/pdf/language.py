"""The language a page is printed in. The web room hands in its own gettext and date format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


def us_date(day: date) -> str:
    """May 3, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


@dataclass(frozen=True, slots=True)
class Language:
    """Calling it translates a message and then fills in its named values.

    Sections receive it under the name `_`, which is what message extraction looks for.
    """

    code: str = "en-US"
    gettext: Callable[[str], str] = str
    day: Callable[[date], str] = us_date

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language. Values may hold anything: they are never read as a pattern."""
        translated = self.gettext(message)
        return translated.format(**values) if values else translated


US_ENGLISH = Language()
