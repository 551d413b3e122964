"""A real mail server on this machine, and what it was handed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from intake.security.sinks import MailServer

SENDER = "fernleaf@forms.example.org"


class Mailbox:
    """Keeps every mail; what it answers can be set, for all mails and for some addresses, and to whom it never does."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.refusing = ""
        self.refused: dict[str, str] = {}
        self.hanging: set[str] = set()
        self.before: Callable[[], None] = lambda: None
        self.meanwhile: Callable[[], None] = lambda: None

    @property
    def to(self) -> list[str]:
        """The addresses of all mails, in the order they came."""
        return [address for envelope in self.envelopes for address in envelope.rcpt_tos]

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, read."""
        return [message_from_bytes(each.content, policy=policy.default) for each in self.envelopes]

    @property
    def raw(self) -> str:
        """Everything that came, as one text."""
        return "\n".join(each.content.decode() for each in self.envelopes)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take a recipient, or refuse. Nothing of the mail itself has come yet."""
        self.before()
        if address in self.hanging:
            await asyncio.Event().wait()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail, or refuse."""
        self.meanwhile()
        if self.refusing:
            return self.refusing
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[MailServer]:
    """A server for the mailbox, and how the app is told of it."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield MailServer("localhost", port, sender=SENDER)
    finally:
        controller.stop()
