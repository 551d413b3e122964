"""Handing things to what lies outside the database: checkpoints to a file, the system's log, a mailbox; and mail."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Any, NoReturn

from intake.security.checkpoint import Checkpoint
from intake.security.sinks import MailServer, Sink, network_address

KEPT, FAILED = "kept", "failed"
PATIENCE = 10  # seconds for a mail server to connect, and for each answer
LONGEST = 30  # seconds for a mail in all, however often a server says a little
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
log = logging.getLogger("intake.audit")


def deliver(checkpoint: Checkpoint, sinks: Sequence[Sink], server: MailServer) -> dict[str, str]:
    """Hand it to each place; what each said, by its name. One that fails stops no other."""
    return {sink.name: _delivered(checkpoint, sink, server) for sink in sinks}


def _delivered(checkpoint: Checkpoint, sink: Sink, server: MailServer) -> str:
    try:
        DELIVERIES[sink.kind](checkpoint, sink.target, server)
    except (OSError, smtplib.SMTPException) as problem:
        log.error("checkpoint not delivered", extra={"reason": f"{sink.kind} {type(problem).__name__}"})  # noqa: TRY400 - a trace could quote the address
        return FAILED
    return KEPT


def lines(sink: Sink) -> list[str] | None:
    """What a file holds, or None when there is no file."""
    path = Path(sink.target)
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else None


def _to_file(checkpoint: Checkpoint, target: str, _server: MailServer) -> None:
    """Add a line, and come back once it is on the disk."""
    path = Path(target)
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        line = f"{checkpoint.line}\n".encode("ascii")
        _write_whole(handle, line if _ends_a_line(handle) else b"\n" + line)
        os.fsync(handle)
    finally:
        os.close(handle)


def _ends_a_line(handle: int) -> bool:
    """Whether what is there ends as it should; what a full disk cut off does not."""
    size = os.fstat(handle).st_size
    return size == 0 or os.pread(handle, 1, size - 1) == b"\n"


def _write_whole(handle: int, line: bytes) -> None:
    """Write all of it or fail: a disk that is nearly full takes the beginning first."""
    while line:
        written = os.write(handle, line)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        line = line[written:]


class _Loud(SysLogHandler):
    """The library's handler prints what goes wrong and goes on; here it has to be known."""

    def handleError(self, record: logging.LogRecord) -> NoReturn:  # noqa: ARG002, N802 - the library's own signature and name
        """Let the failure out."""
        raise  # noqa: PLE0704 - called while the exception is handled


def _to_system_log(checkpoint: Checkpoint, target: str, _server: MailServer) -> None:
    handler = _Loud(network_address(target) or target, SysLogHandler.LOG_AUTHPRIV)
    try:
        text = f"fernleaf checkpoint {checkpoint.line}"
        handler.emit(logging.LogRecord("intake.audit", logging.WARNING, "", 0, text, None, None))
    finally:
        handler.close()


def _to_mailbox(checkpoint: Checkpoint, target: str, server: MailServer) -> None:
    """A mail that says nothing but a number and 40 digits: it can be read by anybody on its way."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "For your records", server.sender, target
    mail["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    if checkpoint.time:
        mail["Date"] = format_datetime(checkpoint.time)
    mail.set_content(checkpoint.short)
    post(mail, server)


class _Bounded(smtplib.SMTP):
    """A conversation that is ended when it lasts too long, from the first byte on.

    The library waits for each answer anew, so a server that says a little now and then would hold it for hours.
    """

    def __init__(self, server: MailServer, **tls: Any) -> None:
        self._is_over = self.knows_whom = False
        self._ending = threading.Timer(LONGEST, self._hang_up)
        self._ending.daemon = True
        self._ending.start()
        try:
            here = socket.gethostname()
            super().__init__(server.host, server.port, local_hostname=here, timeout=PATIENCE, **tls)
        except BaseException:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer; TimeoutError where there is none, which the library calls a server that hung up."""
        try:
            answer = super().getreply()
        except smtplib.SMTPServerDisconnected as problem:
            if self._is_over or isinstance(problem.__context__, TimeoutError):
                raise TimeoutError from problem
            raise
        if self._is_over:  # half a line is no answer
            raise TimeoutError
        return answer

    def rcpt(self, *whom: Any) -> tuple[int, bytes]:
        """Name somebody whom the mail is for."""
        self.knows_whom = True
        return super().rcpt(*whom)

    def close(self) -> None:
        """End it."""
        super().close()
        self._ending.cancel()

    def _hang_up(self) -> None:
        self._is_over, open_one = True, self.sock
        with contextlib.suppress(OSError):
            if open_one is not None:
                open_one.shutdown(socket.SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, under TLS from the first byte on."""


class StuckError(OSError):
    """The server spoke until it was told whom this mail is for, and then kept silent: it may well take another."""


def post(mail: EmailMessage, server: MailServer, *, private: bool = False) -> None:
    """Hand a mail to the server: under TLS where it offers that; with a password, and what is private, under TLS only.

    OSError or SMTPException when it does not take it; of these TimeoutError when it kept silent, StuckError when it
    did so only with this mail.
    """
    context = ssl.create_default_context()
    opened = _BoundedTls(server, context=context) if server.secure else _Bounded(server)
    with contextlib.closing(opened) as connection:
        connection.ehlo()
        if not server.secure and connection.has_extn("starttls"):
            connection.starttls(context=context)
        if server.user or private:
            _refuse_in_the_open(connection, server)
        if server.user:
            connection.login(server.user, server.password)
        try:
            connection.send_message(mail)
        except TimeoutError as problem:
            if connection.knows_whom:
                raise StuckError from problem
            raise
        with contextlib.suppress(OSError, smtplib.SMTPException):  # it has the mail, whatever it says now
            connection.quit()


def _refuse_in_the_open(connection: smtplib.SMTP, server: MailServer) -> None:
    """A password, or a patient's code, goes to another machine under TLS or not at all."""
    if not isinstance(connection.sock, ssl.SSLSocket) and server.host not in LOOPBACK:
        message = "the mail server offers no TLS"
        raise smtplib.SMTPNotSupportedError(message)


DELIVERIES: dict[str, Callable[[Checkpoint, str, MailServer], None]] = {
    "file": _to_file, "syslog": _to_system_log, "mail": _to_mailbox,
}  # fmt: skip
