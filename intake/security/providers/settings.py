"""What the environment says about keys, read once at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says about keys. `data` is the folder of the database when that is a file."""

    file: Path
    socket: Path
    ledger: Path
    provider: str = "file"
    data: Path | None = None
    production: bool = False
    root: str = field(default="", repr=False)
    root_file: Path | None = None
    credentials: Path | None = None
    credential: str = "fernleaf-root"
    kms: str = "vault"
    vault_address: str = ""
    vault_token: str = field(default="", repr=False)
    vault_token_file: Path | None = None
    vault_key: str = "fernleaf"
    vault_mount: str = "transit"
