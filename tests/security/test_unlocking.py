"""Handing the passphrase to a server that waits."""

from __future__ import annotations

import contextlib
import socket
import stat
import threading
from pathlib import Path

import pytest

from intake.security import unlocking
from intake.security.unlocking import SocketError


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Named from where we stand: the folder of temporary files may be too long a path for a socket."""
    monkeypatch.chdir(tmp_path)
    return Path("keys.sock")


@pytest.fixture
def waiting(path):
    """A server that opens at "five ferns"; the list holds what it was given."""
    given = []

    def accept(passphrase):
        given.append(passphrase)
        return passphrase == "five ferns"

    def wait(server):
        with contextlib.suppress(OSError):  # the test is over and nobody opened it
            unlocking.wait(server, accept)

    with unlocking.listening(path) as server:
        thread = threading.Thread(target=wait, args=(server,), daemon=True)
        thread.start()
        yield given
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        assert not thread.is_alive()


def test_only_the_own_account_can_reach_the_socket(path, waiting):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_stays_locked_until_the_right_words_come(path, waiting):
    assert not unlocking.hand_over(path, "six ferns")
    assert unlocking.hand_over(path, "five ferns")
    assert waiting == ["six ferns", "five ferns"]


@pytest.mark.parametrize("sent", [b"", b"no end of line", b"x" * 5000 + b"\n", b"\xff\n"])
def test_nonsense_neither_opens_it_nor_ends_the_waiting(path, waiting, sent):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(sent)
    assert unlocking.hand_over(path, "five ferns")
    assert waiting == ["five ferns"]


def test_somebody_else_is_not_listened_to(path, waiting, monkeypatch):
    monkeypatch.setattr(unlocking.os, "geteuid", lambda: 54321)
    monkeypatch.setattr(unlocking.struct, "unpack", lambda *_: (1, 12345, 1))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"five ferns\n")
        assert client.recv(100) == unlocking.WRONG
    assert waiting == []


def test_somebody_else_is_told_nothing(path, monkeypatch):
    with socket.socket(socket.AF_UNIX) as squatter:
        squatter.bind(str(path))
        squatter.listen(1)
        monkeypatch.setattr(unlocking.struct, "unpack", lambda *_: (1, 12345, 1))
        with pytest.raises(SocketError, match="Another account waits"):
            unlocking.hand_over(path, "five ferns")
        heard, _address = squatter.accept()
        assert heard.recv(100) == b""
        heard.close()


@pytest.mark.parametrize("rights", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_write_to_is_no_place_for_a_socket(tmp_path, monkeypatch, rights):
    monkeypatch.chdir(tmp_path)
    shared = Path("shared")
    shared.mkdir()
    shared.chmod(rights)
    with pytest.raises(SocketError, match="a folder of your own"), unlocking.listening(shared / "keys.sock"):
        pass
    with pytest.raises(SocketError, match="a folder of your own"):
        unlocking.hand_over(shared / "keys.sock", "five ferns")


def test_several_who_hand_it_over_at_once_are_all_answered(path, waiting):
    answers = []
    hands = [
        threading.Thread(target=lambda: answers.append(unlocking.hand_over(path, "six ferns"))) for _hand in range(6)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(10)
    assert answers == [False] * 6


def test_a_socket_left_by_a_crash_is_replaced_and_none_is_left_behind(path):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    with unlocking.listening(path):
        assert path.is_socket()
    assert not path.exists()


def test_two_servers_do_not_wait_at_one_place(path, waiting):
    with pytest.raises(SocketError, match="already waits"), unlocking.listening(path):
        pass


def test_where_nobody_waits_it_is_said(path):
    with pytest.raises(SocketError, match="No server waits"):
        unlocking.hand_over(path, "five ferns")


@pytest.mark.parametrize("place", ["x" * 120, "missing/keys.sock"])
def test_a_place_for_no_socket_is_named(tmp_path, place):
    with pytest.raises(SocketError, match="KEY_SOCKET"), unlocking.listening(tmp_path / place):
        pass
