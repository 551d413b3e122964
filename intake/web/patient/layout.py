"""What every patient page is framed with: whom to call, and the way out."""

from __future__ import annotations

from flask import url_for

from intake.web import clock


def frame() -> dict[str, object]:
    """The clinic and the addresses of the quick exit."""
    clinic = clock.clinic()
    return {"clinic": clinic, "leave_url": url_for("patient.leave.go"), "neutral_url": clinic.leave_to if clinic else ""}
