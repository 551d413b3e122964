"""A locked server waits at a socket in the file system, which only its own account can open, for the passphrase."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 1024  # bytes of a passphrase
PATIENCE = 10  # seconds for the other side to say something
WAITING = 8  # calls that queue while one is answered
LONGEST_PATH = 100  # the system's own limit is a little higher
OTHERS_WRITE = 0o022
GOOD, WRONG = b"unlocked\n", b"wrong\n"


class SocketError(Exception):
    """The socket cannot be used; the message says why and what to do, in one sentence."""


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """A socket of mode 0600 at the path, gone afterwards; SocketError when another process waits there."""
    if len(os.fsencode(path)) > LONGEST_PATH:
        message = f"The path {path} is too long for a socket: set KEY_SOCKET to a shorter one."
        raise SocketError(message)
    _refuse_shared(path.parent)
    if path.is_socket():
        _remove_stale(path)
    server = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)  # the socket is born with its rights: there is no moment at which others could open it
    try:
        server.bind(str(path))
    except OSError as error:
        server.close()
        message = f"No socket can be made at {path} ({error.strerror}): set KEY_SOCKET to another place."
        raise SocketError(message) from None
    finally:
        os.umask(before)
    try:
        server.listen(WAITING)
        yield server
    finally:
        server.close()
        path.unlink(missing_ok=True)


def _refuse_shared(folder: Path) -> None:
    """SocketError where another account could put a socket of its own in the place of ours."""
    try:
        found = folder.stat()
    except OSError:
        return  # there is no socket either
    if found.st_mode & OTHERS_WRITE or found.st_uid not in {0, os.geteuid()}:
        message = (
            f"Others can write to {folder}, and could take the passphrase: set KEY_SOCKET to a folder of your own."
        )
        raise SocketError(message)


def _remove_stale(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    message = f"Another process already waits at {path}: load the app once for all workers, or set KEY_SOCKET."
    raise SocketError(message)


def wait(server: socket.socket, accept: Callable[[str], bool]) -> None:
    """Let people of our own account (or root) try until what they hand over is accepted."""
    while True:
        connection, _address = server.accept()
        with connection:
            connection.settimeout(PATIENCE)
            try:
                # Read first, whoever it is: closing with something unread would break off the answer.
                given = _received(connection)
                opened = given != "" and _is_ours(connection) and accept(given)
                connection.sendall(GOOD if opened else WRONG)
            except (OSError, UnicodeDecodeError):
                continue
        if opened:
            return


def _is_ours(connection: socket.socket) -> bool:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", credentials)[1] in {0, os.geteuid()}


def _received(connection: socket.socket) -> str:
    given = b""
    while not given.endswith(b"\n"):
        part = connection.recv(LONGEST)
        given += part
        if not part or len(given) > LONGEST:
            return ""
    return given.decode().rstrip("\n")


def hand_over(path: Path, passphrase: str) -> bool:
    """Whether the server that waits at the path was opened with this.

    SocketError when nobody waits there, or somebody else than our own account or root.
    """
    _refuse_shared(path.parent)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(6 * PATIENCE)
        try:
            client.connect(str(path))
            if not _is_ours(client):
                message = f"Another account waits at {path}, and was told nothing: find out who that is."
                raise SocketError(message)
            client.sendall(passphrase.encode() + b"\n")
            return client.recv(len(GOOD)) == GOOD
        except OSError:
            message = f"No server waits for a passphrase at {path}: start it, or set KEY_SOCKET as it has it."
            raise SocketError(message) from None
