"""The style sheet and the script, under addresses that name their content: browsers may keep those for good."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort

from intake.web.headers import KEPT_FOR_GOOD

DIGITS = 16


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: read once, at the start."""

    content: bytes
    kind: str
    digest: str


def attach(app: Flask, folder: Path) -> None:
    """Serve the files of a folder; `url_for("static", filename=…)` gives the address with the digest."""
    assets = {path.relative_to(folder).as_posix(): _asset(path) for path in folder.rglob("*") if path.is_file()}

    def serve(digest: str, filename: str) -> Response:
        asset = assets.get(filename) or abort(404)
        answer = Response(asset.content, content_type=asset.kind)
        if digest == asset.digest:  # else a page of an older version asks: it gets today's file, and keeps it nowhere
            answer.headers["Cache-Control"] = KEPT_FOR_GOOD
        return answer

    def name_content(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("digest", assets[values["filename"]].digest)

    app.add_url_rule("/static/<digest>/<path:filename>", "static", serve)
    app.url_default_functions.setdefault(None, []).append(name_content)


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    return Asset(content, kind, hashlib.sha256(content).hexdigest()[:DIGITS])
