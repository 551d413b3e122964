"""How old the parts from elsewhere are. `make lock` chooses them, and writes down the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from intake.cli.doctor.checks import Facts
from intake.config import ROOT

CHOSEN = ROOT / "requirements" / "chosen"
LONGEST = 90  # days, as SECURITY.md promises


def renewed(facts: Facts, chosen: Path = CHOSEN) -> str | None:
    """Whether the parts from elsewhere were chosen anew in time."""
    try:
        day = date.fromisoformat(chosen.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return f"Nobody knows how old the parts from elsewhere are: take a newer Fernleaf, or run make lock ({chosen})."
    age = (facts.now.date() - day).days
    if age <= LONGEST:
        return None
    return (
        f"The parts from elsewhere were chosen {age} days ago, more than {LONGEST}: take a newer Fernleaf, or run make "
        "lock and make test."
    )
