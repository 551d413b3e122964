"""The instance's signing key: the one place where it is made from the installation's secret."""

from __future__ import annotations

from typing import cast

from flask import current_app

from intake.security import signing
from intake.security.signing import Instance


def instance() -> Instance:
    """The key that certifies clinicians' keys and countersigns what they sign."""
    kept = current_app.extensions
    if "instance" not in kept:
        kept["instance"] = Instance.of(current_app.config["KEYS"].derive(signing.PURPOSE))
    return cast("Instance", kept["instance"])
