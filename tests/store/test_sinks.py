"""Checkpoints reach a file, a system log and a mailbox; a place that fails is said to, and stops no other."""

from __future__ import annotations

import errno
import logging
import os
import socket
import ssl
import stat
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from intake.security import checkpoint
from intake.security.chain import Link
from intake.security.sinks import MailServer, Sink
from intake.store import sinks
from tests.builders import AUDIT_KEYS

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
MADE = checkpoint.signed(Link(48213, bytes(range(32))), AUDIT_KEYS, NOW)
LATER = checkpoint.signed(Link(48300, bytes(range(32))), AUDIT_KEYS, NOW + timedelta(minutes=15))
NOWHERE = MailServer(port=1)


def deliver(kind, target, made=MADE, server=NOWHERE):
    """What the place said."""
    return sinks.deliver(made, [Sink(kind, str(target), kind)], server)[kind]


# ---------------------------------------------------------------- a file


def test_a_file_grows_by_a_line_and_is_its_owner_s_alone(tmp_path):
    path = tmp_path / "other" / "disk" / "checkpoints"
    assert [deliver("file", path, made) for made in (MADE, LATER)] == ["kept", "kept"]
    place = Sink("file", str(path), "file")
    assert [checkpoint.read(line) for line in sinks.lines(place)] == [MADE, LATER]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_line_is_on_the_disk_before_it_counts_as_kept(tmp_path, monkeypatch):
    reached = []
    monkeypatch.setattr(os, "fsync", reached.append)
    assert deliver("file", tmp_path / "checkpoints") == "kept"
    assert len(reached) == 1

    def full(_handle):
        raise OSError

    monkeypatch.setattr(os, "fsync", full)
    assert deliver("file", tmp_path / "checkpoints") == "failed"


@pytest.fixture
def nearly_full(monkeypatch):
    """A disk that takes a hundred bytes at a time, and so many times."""
    write, left = os.write, []

    def takes(times):
        left[:] = [None] * times
        monkeypatch.setattr(os, "write", short)

    def short(handle, line):
        if not left:
            raise OSError(errno.ENOSPC, "full")
        left.pop()
        return write(handle, line[:100])

    return takes


def test_a_line_that_is_taken_in_pieces_is_whole(tmp_path, nearly_full):
    nearly_full(9)
    assert deliver("file", tmp_path / "checkpoints") == "kept"
    assert checkpoint.read((tmp_path / "checkpoints").read_text()) == MADE


def test_half_a_line_does_not_count_as_kept_and_spoils_no_later_one(tmp_path, nearly_full, monkeypatch):
    nearly_full(1)
    assert deliver("file", tmp_path / "checkpoints") == "failed"
    monkeypatch.undo()
    assert deliver("file", tmp_path / "checkpoints", LATER) == "kept"
    half, whole = (tmp_path / "checkpoints").read_text().splitlines()
    assert (len(half), checkpoint.read(whole)) == (100, LATER)


def test_nobody_leads_it_into_another_file(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert deliver("file", tmp_path / "link") == "failed"
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_gone_is_none_and_not_an_empty_one(tmp_path):
    assert sinks.lines(Sink("file", str(tmp_path / "gone"), "file")) is None


def test_a_place_that_fails_stops_no_other_and_is_told_without_its_address(tmp_path, caplog):
    (tmp_path / "a-file").touch()
    places = [
        Sink("file", str(tmp_path / "a-file" / "x"), "file"),
        Sink("mail", "owner@example.org", "mail"),
        Sink("syslog", str(tmp_path / "no-socket"), "syslog"),
        Sink("file", str(tmp_path / "good"), "file 2"),
    ]
    with caplog.at_level(logging.ERROR):
        said = sinks.deliver(MADE, places, NOWHERE)
    assert said == {"file": "failed", "mail": "failed", "syslog": "failed", "file 2": "kept"}
    assert len(caplog.records) == 3
    assert "owner" not in caplog.text + str([vars(record) for record in caplog.records])


# ---------------------------------------------------------------- the system's log


@contextmanager
def system_log(family, address):
    """A real socket that a log would listen on."""
    with socket.socket(family, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.settimeout(5)
        yield listening


def test_a_system_log_hears_it_over_the_network():
    with system_log(socket.AF_INET, ("127.0.0.1", 0)) as listening:
        assert deliver("syslog", f"127.0.0.1:{listening.getsockname()[1]}") == "kept"
        heard = listening.recv(4096).decode()
    assert heard.startswith("<84>fernleaf checkpoint {")  # facility 10, who may do what; severity 4, warning
    assert checkpoint.read(heard.rstrip("\0")) == MADE


def test_a_system_log_hears_it_through_its_socket(tmp_path):
    path = str(tmp_path / "log")
    with system_log(socket.AF_UNIX, path) as listening:
        assert deliver("syslog", path) == "kept"
        assert checkpoint.read(listening.recv(4096).decode().rstrip("\0")) == MADE


def test_a_system_log_that_stops_listening_is_noticed(tmp_path, monkeypatch):
    path = tmp_path / "log"
    with system_log(socket.AF_UNIX, str(path)):

        class Gone(sinks._Loud):
            def emit(self, record):
                path.unlink()
                self.socket.close()
                super().emit(record)

        monkeypatch.setattr(sinks, "_Loud", Gone)
        assert deliver("syslog", path) == "failed"


# ---------------------------------------------------------------- a mailbox


class Mailbox:
    """What a mail server was handed."""

    def __init__(self, refusing=""):
        self.kept, self.refusing = [], refusing

    async def handle_DATA(self, _server, _session, envelope):
        if self.refusing:
            return self.refusing
        self.kept.append(envelope)
        return "250 OK"


@contextmanager
def mail_server(mailbox, **settings):
    """A real server on this machine, and how the app is told of it."""
    implicit = settings.pop("implicit", None)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ssl_context=implicit, **settings)
    controller.start()
    try:
        yield MailServer("localhost", port, sender="fernleaf@forms.example.org", secure=implicit is not None)
    finally:
        controller.stop()


def test_a_mail_says_a_number_and_forty_digits_and_nothing_else():
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        assert deliver("mail", "owner@example.org", server=server) == "kept"
    (envelope,) = mailbox.kept
    assert (envelope.mail_from, envelope.rcpt_tos) == ("fernleaf@forms.example.org", ["owner@example.org"])
    head, _blank, body = envelope.content.decode().partition("\r\n\r\n")
    assert body.strip() == MADE.short == f"48213 {bytes(range(20)).hex()}"
    named = {line.partition(":")[0] for line in head.splitlines() if not line.startswith((" ", "\t"))}
    assert named <= {"Subject", "From", "To", "Message-ID", "Date", *named & {"Content-Type", "MIME-Version"}} | {
        "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert "Subject: For your records" in head
    assert not [word for word in ("clinic", "pelvic", "patient", "audit") if word in head.lower()]
    assert checkpoint.read(body).agrees_with(MADE.hash)


@pytest.mark.parametrize("answer", ["550 no such box", "451 later", "421 closing"])
def test_a_mail_that_is_refused_counts_as_failed(answer):
    with mail_server(Mailbox(answer)) as server:
        assert deliver("mail", "owner@example.org", server=server) == "failed"


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(sinks, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1])
        assert deliver("mail", "owner@example.org", server=server) == "failed"


@pytest.fixture
def dripping(monkeypatch):
    """A mail server that says a byte now and then and never a whole line, after so many answers as are given it."""
    stop, threads = threading.Event(), []

    def talk(listening, answers):
        with listening, listening.accept()[0] as client:
            for answer in answers:
                client.sendall(answer)
                client.recv(1000)
            with suppress(OSError):
                while not stop.wait(0.05):
                    client.sendall(b"2")
            heard.set()

    heard = threading.Event()

    def serving(*answers):
        listening = socket.create_server(("127.0.0.1", 0))
        threads.append(threading.Thread(target=talk, args=(listening, answers)))
        threads[-1].start()
        return MailServer("127.0.0.1", listening.getsockname()[1])

    serving.left_alone = heard
    yield serving
    stop.set()
    for thread in threads:
        thread.join(10)


@pytest.mark.parametrize("answers", [(), (b"220 mail\r\n",), (b"220 mail\r\n", b"250 hello\r\n")])
def test_a_server_that_keeps_on_saying_a_little_is_left_after_a_while(dripping, answers, monkeypatch):
    monkeypatch.setattr(sinks, "LONGEST", 0.5)
    mail = EmailMessage()
    mail["From"], mail["To"] = "us@example.org", "owner@example.org"
    with pytest.raises(TimeoutError):
        sinks.post(mail, dripping(*answers))
    assert dripping.left_alone.wait(10), "the connection is closed"


def test_a_server_that_falls_silent_once_it_knows_whom_a_mail_is_for_may_take_another(dripping, monkeypatch):
    monkeypatch.setattr(sinks, "LONGEST", 0.5)
    mail = EmailMessage()
    mail["From"], mail["To"] = "us@example.org", "owner@example.org"
    with pytest.raises(sinks.StuckError):
        sinks.post(mail, dripping(b"220 mail\r\n", b"250 hello\r\n", b"250 from us\r\n"))


def test_a_mail_that_was_taken_is_sent_although_the_server_never_says_goodbye(monkeypatch):
    class Rude(Mailbox):
        async def handle_QUIT(self, _server, _session, _envelope):
            return "2"

    monkeypatch.setattr(sinks, "PATIENCE", 0.5)
    mailbox = Rude()
    with mail_server(mailbox) as server:
        assert deliver("mail", "owner@example.org", server=server) == "kept"
    assert len(mailbox.kept) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # on this machine alone
@pytest.mark.parametrize(("password", "said"), [("right", "kept"), ("wrong", "failed")])
def test_the_server_s_password_is_given_where_one_is_asked_for(password, said, monkeypatch):
    monkeypatch.setattr(sinks, "PATIENCE", 2)  # the server of the test says nothing more after a wrong one

    def check(_server, _session, _envelope, _mechanism, given):
        return AuthResult(success=(given.login, given.password) == (b"us", b"right"))

    mailbox = Mailbox()
    with mail_server(mailbox, auth_required=True, auth_require_tls=False, authenticator=check) as server:
        known = MailServer(server.host, server.port, "us", password)
        assert deliver("mail", "owner@example.org", server=known) == said
        assert deliver("mail", "owner@example.org", server=server) == "failed"
    assert len(mailbox.kept) == (said == "kept")


def test_a_password_never_leaves_the_machine_in_the_open(monkeypatch):
    heard = []

    def check(_server, _session, _envelope, _mechanism, given):
        heard.append(given)
        return AuthResult(success=True)

    with mail_server(Mailbox(), auth_require_tls=False, authenticator=check) as server:
        known = MailServer(server.host, server.port, "us", "right")
        monkeypatch.setattr(sinks, "LOOPBACK", frozenset())  # as if the server stood elsewhere
        assert deliver("mail", "owner@example.org", server=known) == "failed"
        assert heard == []
        monkeypatch.setattr(sinks, "_refuse_in_the_open", lambda *_all: None)  # the planted fault
        assert deliver("mail", "owner@example.org", server=known) == "kept"
        assert len(heard) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody vouches for: its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), began, began + timedelta(days=9)
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem) + key.private_bytes(pem, *plain))
    return path


@pytest.mark.parametrize("way", ["implicit", "tls_context"])
@pytest.mark.parametrize(("vouched", "said"), [(False, "failed"), (True, "kept")])
def test_a_server_that_somebody_else_plays_gets_no_mail(certificate, monkeypatch, way, vouched, said):
    """Under TLS from the first byte or later on, the certificate has to be one this machine trusts."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mailbox = Mailbox()
    with mail_server(mailbox, **{way: context}) as server:
        assert deliver("mail", "owner@example.org", server=server) == said
    assert len(mailbox.kept) == (said == "kept")
