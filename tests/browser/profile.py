"""A browser with its files on disk, a search through them, and a page that leaves traces for the search to find."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import BrowserContext, Playwright

from tests.browser.screens import PHONE

CANARY, CONTROL = "marzipan-lighthouse", "quince-windmill"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
UNLIKE_HOME = ["--disable-back-forward-cache", "--disable-field-trial-config"]  # what a driven browser is told besides
TRACES = f"""<!doctype html><title>{CONTROL}-title</title><h1></h1><script>
localStorage.setItem("said", "{CONTROL}-storage");
document.querySelector("h1").textContent = "kept";
</script>"""


def opened(playwright: Playwright, folder: Path, base_url: str) -> BrowserContext:
    """A browser that keeps its profile in a folder, and pages for its Back button."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), args=list(ARGUMENTS), ignore_default_args=UNLIKE_HOME,
        base_url=base_url, viewport=PHONE, reduced_motion="reduce",
    )  # fmt: skip


def found_in(folder: Path, word: str) -> list[str]:
    """The files that hold a word, in the ways a browser writes words down."""
    forms = [word.encode("utf-8"), word.encode("utf-16-le")]
    held = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path.relative_to(folder)) for path in held if any(form in path.read_bytes() for form in forms)]


@contextmanager
def control_site() -> Iterator[str]:
    """A site that lets browsers keep everything."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Careless)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


class _Careless(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = (TRACES if self.path == "/keep" else f"<!doctype html><title>{self.path}</title>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""
