"""The server as `flask serve` starts it, spoken to byte by byte: where a request ends, and what it says of itself."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import KEYS
from tests.processes import free_ports

PATIENCE = 60  # seconds for the server to be there
INSIDE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
START = b"POST /f HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
# Chunks and a length: the chunks count and the length is ignored (RFC 9112, 6.3). Counted by the length, the next
# request would lose its first letter.
CHUNKED = {
    "chunked and a length": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length and chunked": b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
}
# What two readers could read differently; another request hides in the rest.
DISPUTED = {
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "chunked with a blank": b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "chunked by another name": b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "a length that is none": b"Content-Length: 0x0\r\n\r\n",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """(port, process) of a running server."""
    folder = tmp_path_factory.mktemp("served")
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "AUDIT_SINKS": "none", "KEY_PROVIDER": "env",
        "DATABASE_URL": f"sqlite:///{folder / 'x.db'}", "KEY_ROOT": KEYS.current.secret.hex(),
    }  # fmt: skip
    for port in free_ports():
        started = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"],
            env={**environ, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if comes(port, started):
                yield port, started
                return
        finally:
            started.terminate()
            started.wait(PATIENCE)
    pytest.fail("the server ended")


def comes(port, started):
    """Whether the server answers: when it ends instead, somebody may have taken its port meanwhile."""
    until = time.monotonic() + PATIENCE
    while not said(port, INSIDE) and started.poll() is None:
        assert time.monotonic() < until, "the server did not come"
        time.sleep(0.1)
    return started.poll() is None


@pytest.fixture
def served(running):
    """Its port."""
    return running[0]


def said(port, sent):
    """Everything the server answers to these bytes."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(sent)
            while part := connection.recv(65536):
                answer += part
    except OSError:
        pass
    return answer


def statuses(answer):
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


def test_two_requests_in_a_row_get_two_answers(served):
    first = INSIDE.replace(b"Connection: close\r\n", b"")
    assert statuses(said(served, first + INSIDE)) == [200, 200]


@pytest.mark.parametrize("how", sorted(CHUNKED))
def test_where_chunks_and_a_length_disagree_the_chunks_count(served, how):
    first, second = statuses(said(served, START + CHUNKED[how] + INSIDE))
    assert 400 <= first < 500
    assert second == 200


@pytest.mark.parametrize("how", sorted(DISPUTED))
def test_no_request_hides_behind_a_length_that_can_be_read_in_two_ways(served, how):
    assert statuses(said(served, START + DISPUTED[how] + INSIDE)) in ([400], [501]), how


def test_a_body_beyond_all_reason_is_refused_before_it_is_read(served):
    head = START + b"Content-Length: 1000000000\r\n\r\n"
    assert said(served, head).startswith(b"HTTP/1.1 413")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux shows which files a process has open")
def test_what_is_typed_never_waits_in_a_file(running):
    """Nearly a mebibyte, all but its end sent: no file is open that stands in no folder any more."""
    port, process = running
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as half:
        half.sendall(START + b"Content-Length: 1000000\r\n\r\n" + b"x" * 900_000)
        assert said(port, INSIDE)  # the server has had its turn since
        files = [each.readlink() for each in Path(f"/proc/{process.pid}/fd").iterdir() if each.is_symlink()]
    assert len(files) > 3
    assert not [file for file in files if str(file).endswith("(deleted)")]


def test_the_server_does_not_say_what_it_is(served):
    for sent in (INSIDE, b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"nonsense\r\n\r\n"):
        head = said(served, sent).partition(b"\r\n\r\n")[0].lower()
        assert head
        assert not re.search(rb"waitress|werkzeug|python|flask|\d\.\d+\.\d", head), head
