"""Documents are printed in a process of its own: the same bytes, nothing within reach; a fault costs one document."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from intake.pdf import care_plan, invitation_slip, press, private_pages, worker
from intake.pdf.model import CarePlan, InvitationSlip, PrivatePages
from intake.pdf.press import DOCUMENTS, ROOT, Press, PrintingError, Worker, plain
from intake.pdf.worker import made, sample

TRIES = 5
PROBES = {
    "reads a file": "open('/etc/hostname').read()",
    "reads the key": f"open({str(ROOT / 'README.md')!r}).read()",
    "writes a file": "open('/tmp/planted-by-a-document', 'w').write('x')",
    "opens a connection": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "opens a socket": "__import__('_socket').socket()",
    "starts a program": "__import__('subprocess').run(['true'])",
    "takes a lot of memory": "len(bytearray(512 * 1024 * 1024))",
}
# A worker that runs what it is sent, after the same preparation.
OPEN = (
    "import sys; sys.path.insert(0, sys.argv[1]); import io, socket, subprocess; from intake.pdf import worker; "
    "worker._printed = lambda job, renders: str(eval(job['sheet'])).encode(); worker.main()"
)
UNCONFINED = OPEN.replace("worker.main()", "worker.confine = worker.leave_network = lambda: None; worker.main()")


@pytest.fixture
def printing():
    made_here = Press()
    yield made_here
    made_here.end()


@pytest.fixture
def child():
    """Start workers that are stopped in the end."""
    started = []

    def begun(start=press.START, **more):
        started.append(Worker(start=start, **more))
        return started[-1]

    yield begun
    for each in started:
        each.end()


def ask(worker_, expression):
    return worker_.ask(json.dumps({"sheet": expression}).encode())


RENDERS = {CarePlan: care_plan.render, PrivatePages: private_pages.render, InvitationSlip: invitation_slip.render}


def test_every_document_comes_out_the_same_as_without_the_press_and_every_time(printing, plan):
    assert set(RENDERS) == set(DOCUMENTS)
    for kind, render in RENDERS.items():
        sheet = plan if kind is CarePlan else sample(kind)
        for paper in ("letter", "a4"):
            here = render(sheet, paper=paper)
            assert [printing.print(sheet, paper=paper) for _ in range(2)] == [here, here]


def test_two_workers_that_know_nothing_of_each_other_print_the_same_bytes(plan):
    first, second = Press(), Press()
    try:
        assert first.print(plan) == second.print(plan)
    finally:
        first.end()
        second.end()


def test_a_sheet_survives_the_way_to_the_worker_unchanged(plan):
    for sheet in (plan, *(sample(kind) for kind in DOCUMENTS)):
        assert made(type(sheet), json.loads(json.dumps(plain(sheet)))) == sheet


@pytest.mark.skipif(sys.platform != "linux", reason="what holds elsewhere is said in intake/pdf/worker.py")
@pytest.mark.parametrize("probe", PROBES)
def test_what_a_document_must_not_do_fails_in_the_worker(child, probe):
    with pytest.raises(PrintingError, match=r"Error|ended"):
        ask(child(OPEN), PROBES[probe])
    assert not Path("/tmp/planted-by-a-document").exists()


def test_without_the_limits_most_of_it_would_work(child):
    free, found = child(UNCONFINED), {}
    for probe in ("reads a file", "reads the key", "opens a socket", "starts a program", "takes a lot of memory"):
        found[probe] = bool(ask(free, PROBES[probe]))
    assert all(found.values())


def test_the_worker_has_no_environment_no_database_and_no_network(child, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "marzipan" * 8)
    monkeypatch.setenv("DATABASE_URL", "postgresql://marzipan@db.example.org/x")
    seen = child(OPEN)
    assert b"marzipan" not in ask(seen, "__import__('os').environ")
    assert ask(seen, "sorted(m for m in __import__('sys').modules if m.startswith(('sqlalchemy', 'flask')))") == b"[]"
    assert ask(seen, "'cryptography' in __import__('sys').modules") == b"False"
    assert ask(seen, "__import__('sys').argv") == f"['-c', '{ROOT}']".encode()


def test_a_document_that_hangs_is_given_up_and_the_next_one_is_printed(child, printing, plan):
    slow = child(OPEN, seconds=0.5)
    started = time.monotonic()
    with pytest.raises(PrintingError, match="ended"):
        ask(slow, "any(iter(int, 1))")
    assert time.monotonic() - started < press.SECONDS
    assert not slow.is_alive
    assert printing.print(plan).startswith(b"%PDF")


def test_a_worker_that_was_killed_costs_one_document_and_is_replaced(printing, plan):
    printing.print(plan)
    (first,) = [each for each in printing._idle.queue if each is not None]
    os.kill(first.pid, signal.SIGKILL)
    first._process.wait()
    assert printing.print(plan).startswith(b"%PDF")
    (second,) = [each for each in printing._idle.queue if each is not None]
    assert second.pid != first.pid


def test_a_fault_is_told_by_its_kind_never_by_its_words(printing, plan):
    with pytest.raises(PrintingError) as refused:
        printing.print(replace(plan, next_visit={"marzipan": "lighthouse"}))
    assert "marzipan" not in str(refused.value)
    assert str(refused.value) == "AttributeError"
    assert printing.print(plan).startswith(b"%PDF")


def test_a_worker_is_replaced_after_many_documents(printing, plan):
    printing.print(plan)
    (first,) = [each for each in printing._idle.queue if each is not None]
    first.printed = press.DOCUMENTS_EACH
    printing.print(plan)
    assert [each.pid for each in printing._idle.queue if each is not None] != [first.pid]


def test_a_worker_ends_when_nobody_asks_it_any_more(child):
    left = child()
    left._process.stdin.close()
    assert left._process.wait(timeout=30) == 0


def test_the_program_that_prints_nothing_does_not_load_the_printer():
    code = "import sys, intake.app; print([m for m in sys.modules if m.startswith('reportlab')])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_warm_worker_keeps_to_its_memory(printing, plan):
    for _ in range(TRIES):
        printing.print(plan)
    (only,) = [each for each in printing._idle.queue if each is not None]
    status = Path(f"/proc/{only.pid}/status").read_text(encoding="ascii")
    peak = int(status.partition("VmPeak:")[2].split()[0]) * 1024
    assert peak < worker.MEMORY


@pytest.mark.parametrize(
    "link", ["http://localhost/f#0AB1-2CD3-4EF5", "HTTPS://FORMS.EXAMPLE/F", "12345", "https://ü.example/\u3042", ""]
)
def test_whatever_the_address_of_a_clinic_its_square_is_printed_without_opening_another_file(printing, link):
    sheet = replace(sample(InvitationSlip), link=link)
    assert printing.print(sheet, paper="letter") == invitation_slip.render(sheet, paper="letter")
