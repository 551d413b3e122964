"""Where checkpoints go is one setting, read strictly."""

from __future__ import annotations

import pytest

from intake.security.sinks import MailServer, Sink, mail_server, network_address, parse


def test_several_places_stand_in_one_line():
    assert parse("file:/var/log/a syslog: mail:owner@example.org file:/mnt/b") == (
        Sink("file", "/var/log/a", "file"), Sink("syslog", "/dev/log", "syslog"),
        Sink("mail", "owner@example.org", "mail"), Sink("file", "/mnt/b", "file 2"),
    )  # fmt: skip


def test_none_is_none():
    assert parse("none") == parse("") == ()


@pytest.mark.parametrize(
    "wrong",
    ["file:relative", "file:", "paper:/x", "/x", "mail:nobody", "mail:a@b,c@d", "syslog:host", "none file:/x", "mail:"],
)
def test_a_place_that_is_none_is_named(wrong):
    with pytest.raises(ValueError, match="no place for checkpoints"):
        parse(wrong)


@pytest.mark.parametrize(
    ("target", "address"),
    [("log.example.org:514", ("log.example.org", 514)), ("[::1]:5140", ("::1", 5140)), ("/dev/log", None)],
)
def test_a_system_log_is_a_socket_or_a_host_with_its_port(target, address):
    assert network_address(target) == address


def test_a_mail_server_is_an_address():
    assert mail_server("smtp://localhost", "a@b") == MailServer("localhost", 25, sender="a@b")
    found = mail_server("smtps://us%40er:p%3Aw@mail.example.org:465", "a@b")
    assert (found.host, found.port, found.user, found.password, found.secure) == (
        "mail.example.org",
        465,
        "us@er",
        "p:w",
        True,
    )
    assert "p:w" not in repr(found)


@pytest.mark.parametrize("wrong", ["", "localhost:25", "http://x", "smtp://", "smtp://x/y", "smtp://x:99999"])
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        mail_server(wrong, "a@b")
