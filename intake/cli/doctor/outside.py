"""What the clinic's own public address answers with: its certificate, the versions of TLS, the suites.

Asked by `flask doctor` only, never at the start: the proxy and the network may come up after the app.
"""

from __future__ import annotations

import socket
import ssl
import warnings
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 5  # seconds
HTTPS = 443
# Without a secret of its own for each visit (kRSA), without a certificate, without a cipher, or with a broken one.
WEAK = "kRSA:aNULL:eNULL:3DES:RC4:@SECLEVEL=0"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; each a sentence, or None when all is well."""

    unreachable: str | None = None
    unsafe: str | None = None


def look(address: str) -> Answer:
    """Ask an https address as a browser would, and then as an old one."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or HTTPS
    if parts.scheme != "https":
        return Answer()
    try:
        _greet(host, port, ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        return Answer(unsafe=f"Browsers will not trust {host} ({error.verify_message}): renew its certificate.")
    except ssl.SSLError:
        return Answer(unsafe=f"{host} speaks no TLS 1.2 or later: set ssl_protocols TLSv1.2 TLSv1.3 in the proxy.")
    except OSError as error:
        return Answer(f"{address} cannot be reached from here ({type(error).__name__}): its certificate was not seen.")
    if _takes(host, port, _old()):
        return Answer(unsafe=f"{host} still speaks TLS 1.1 or older: set ssl_protocols TLSv1.2 TLSv1.3 in the proxy.")
    if _takes(host, port, _weak()):
        return Answer(unsafe=f"{host} takes weak ciphers: copy the ssl_ciphers of docs/operating.md into the proxy.")
    return Answer()


def _greet(host: str, port: int, context: ssl.SSLContext) -> None:
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host),
    ):
        pass


def _takes(host: str, port: int, context: ssl.SSLContext) -> bool:
    try:
        _greet(host, port, context)
    except OSError:  # an SSLError is one
        return False
    return True


def _anybody() -> ssl.SSLContext:
    """Nothing is said over these connections, so it does not matter who answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _old() -> ssl.SSLContext:
    context = _anybody()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # that they are old is the point
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


def _weak() -> ssl.SSLContext:
    context = _anybody()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(WEAK)
    return context
