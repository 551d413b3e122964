"""A certificate authority of a test's own, and servers on this machine that show what it signed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


class Authority:
    """Signs certificates; who trusts `file` trusts them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = _named("Fictional authority")
        made = self._made(self.name, self.key, timedelta(days=2))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(
            *([False] * 5), key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False
        )
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        self.certificate = made.add_extension(usage, critical=True).add_extension(own, False).sign(self.key, _SHA)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def certified(self, *, host: str = HERE, days: float = 1, plain_rsa: bool = False) -> Path:
        """A file with the key and the certificate of a host, good for so many days; fewer than 0 have ended."""
        key = rsa.generate_private_key(65537, 2048) if plain_rsa else ec.generate_private_key(ec.SECP256R1())
        made = self._made(_named(host), key, timedelta(days=days))
        with suppress(ValueError):
            made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False)
        if not made._extensions:
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = made.add_extension(by, False).sign(self.key, _SHA)
        path = self.folder / f"{host}{days}{plain_rsa}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def _made(self, name: x509.Name, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, lasts: timedelta):
        now = datetime.now(UTC)
        begun = x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
        return begun.not_valid_before(now - timedelta(days=9)).not_valid_after(now + lasts)


_SHA = hashes.SHA256()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def context(
    file: Path, *, newest: ssl.TLSVersion | None = None, oldest: ssl.TLSVersion | None = None, ciphers: str = ""
):
    """What a server shows and speaks."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(file)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        made.minimum_version = oldest or made.minimum_version
        made.maximum_version = newest or made.maximum_version
    if ciphers:
        made.set_ciphers(ciphers)
    return made


@contextmanager
def greeting(shown: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that shakes hands and says no more."""
    with socket.create_server((HERE, 0)) as listening:
        thread = threading.Thread(target=_greet, args=(listening, shown), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _greet(listening: socket.socket, shown: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _from = listening.accept()
        except OSError:
            return
        plain.settimeout(5)
        with plain, suppress(OSError), shown.wrap_socket(plain, server_side=True) as greeted:
            greeted.recv(1)
