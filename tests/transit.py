"""A small key service on this machine that speaks the two calls of Vault's transit engine which are used."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

TOKEN = "a token for the tests"


class Transit(ThreadingHTTPServer):
    """The service: a key that never leaves it, and whether it is sealed."""

    def __init__(self, shown: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.scheme = "https" if shown else "http"
        if shown:
            self.socket = shown.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.cipher = Fernet(Fernet.generate_key())
        self.sealed = False
        self.asked: list[str] = []
        self.moved_to = ""

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def reply(self, path: str, token: str, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """(status, body) as Vault would give them."""
        self.asked.append(path)
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != TOKEN:
            return 403, {"errors": ["permission denied"]}
        if path == "/v1/transit/encrypt/fernleaf":
            sealed = self.cipher.encrypt(base64.b64decode(body["plaintext"])).decode()
            return 200, {"data": {"ciphertext": f"vault:v1:{sealed}", "key_version": 1}}
        if path == "/v1/transit/decrypt/fernleaf":
            try:
                plain = self.cipher.decrypt(body["ciphertext"].removeprefix("vault:v1:"))
            except InvalidToken:
                return 400, {"errors": ["cipher: message authentication failed"]}
            return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}
        return 404, {"errors": []}


class Door(BaseHTTPRequestHandler):
    """Reads a request and sends the reply."""

    server: Transit

    def do_POST(self) -> None:
        """Both calls are POST."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self.server.reply(self.path, self.headers.get("X-Vault-Token", ""), body)
        sent = json.dumps(answer).encode()
        if self.server.moved_to:
            status = 307  # with the same method and the same body
        self.send_response(status)
        if self.server.moved_to:
            self.send_header("Location", self.server.moved_to + self.path)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_PUT = do_POST  # noqa: N815 - http.server's name

    def handle(self) -> None:
        """A visitor who does not trust the certificate leaves at once."""
        with suppress(OSError):
            super().handle()

    def log_message(self, *_what: Any) -> None:
        """Say nothing."""


@contextmanager
def transit(shown: ssl.SSLContext | None = None) -> Iterator[Transit]:
    """The service, for as long as the block; under TLS when it has something to show."""
    with Transit(shown) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
