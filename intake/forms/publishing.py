"""Which form versions are published, each with its hash: what patients and therapists answered is never reworded.

Run as a module (make publish) it records versions that are new. catalog/published.toml holds the record.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from intake.forms.reader import CATALOG, LATE, LATE_ENTRY

RECORD = "published.toml"


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a form's files, with line ends as on Unix."""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.name}\n{len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def found(catalog: Path = CATALOG) -> dict[str, str]:
    """{"form/version": digest} of what lies in the catalog."""
    folders = sorted(path.parent for path in catalog.glob("*/*/form.toml"))
    return {f"{folder.parent.name}/{folder.name}": digest(folder) for folder in folders}


def recorded(catalog: Path = CATALOG) -> dict[str, str]:
    """{"form/version": digest} of what was published."""
    path = catalog / RECORD
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def hash_of(form: str, version: int) -> str:
    """The hash a form version was published with; empty for one that never was. Of a late note both hashes in one."""
    if form.endswith(LATE):
        both = f"{hash_of(*LATE_ENTRY)} {hash_of(form.removesuffix(LATE), version)}"
        return hashlib.sha256(both.encode()).hexdigest()
    return recorded().get(f"{form}/{version}", "")


def reasons_not_to_publish(there: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Published versions that were edited or are gone; empty when each is as it was."""
    gone = (f"{name} was published and is gone" for name in known if name not in there)
    changed = (
        f"{name} was published and is different now: take the edit back and make a new version"
        for name in known
        if name in there and there[name] != known[name]
    )
    return (*gone, *changed)


def publish(catalog: Path = CATALOG) -> list[str]:
    """Record the versions that are new; their names."""
    there, known = found(catalog), recorded(catalog)
    lines = [f'"{name}" = "{value}"' for name, value in sorted({**there, **known}.items())]
    head = "# Published form versions and their hashes (make publish). Lines are never changed: new words, new version."
    (catalog / RECORD).write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return sorted(set(there) - set(known))


if __name__ == "__main__":
    if reasons := reasons_not_to_publish(found(), recorded()):
        sys.exit("\n".join(reasons))
    new = publish()
    sys.stdout.write("".join(f"Published {name}.\n" for name in new) or "Nothing is new.\n")
