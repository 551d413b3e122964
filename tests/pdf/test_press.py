"""Documents are printed in a process of its own: the same bytes, nothing within reach; a fault costs one document."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from intake.pdf import (
    answers,
    care_plan,
    chart,
    flow,
    invitation_slip,
    measures,
    paper_form,
    press,
    private_pages,
    superbill,
    worker,
)
from intake.pdf.model import (
    AnswersRecord,
    CarePlan,
    ChartRecord,
    InvitationSlip,
    MeasureRecord,
    PaperForm,
    PrivatePages,
    Superbill,
)
from intake.pdf.press import DOCUMENTS, ROOT, Press, PrintingError, Worker, plain
from intake.pdf.worker import made, sample
from tests.builders import PLAN
from tests.sizes import tell

TRIES = 5
PROBES = {
    "reads a file": "open('/etc/hostname').read()",
    "reads the key": f"open({str(ROOT / 'README.md')!r}).read()",
    "writes a file": "open('/tmp/planted-by-a-document', 'w').write('x')",
    "reads a file with a number it let go of": "[os.close(n) for n in (0, 1, 2)] and open('/etc/hostname').read()",
    "opens a socket with a number it let go of": "[os.close(2)] and __import__('_socket').socket()",
    "opens a connection": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
    "opens a socket": "__import__('_socket').socket()",
    "starts a program": "__import__('subprocess').run(['true'])",
    "takes a lot of memory": "len(bytearray(512 * 1024 * 1024))",
}
# A worker that runs what it is sent, after the same preparation.
OPEN = (
    "import sys; sys.path.insert(0, sys.argv[1]); import io, os, socket, subprocess; from intake.pdf import worker; "
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


RENDERS = {
    CarePlan: care_plan.render,
    PrivatePages: private_pages.render,
    InvitationSlip: invitation_slip.render,
    AnswersRecord: answers.render,
    ChartRecord: chart.render,
    PaperForm: paper_form.render,
    Superbill: superbill.render,
    MeasureRecord: measures.render,
}


@pytest.mark.dear
def test_every_document_comes_out_the_same_as_without_the_press_and_every_time(printing, plan):
    assert set(RENDERS) == set(DOCUMENTS)
    for kind, render in RENDERS.items():
        sheet = plan if kind is CarePlan else sample(kind)
        for paper in ("letter", "a4"):
            here = render(sheet, paper=paper)
            assert [printing.print(sheet, paper=paper) for _ in range(2)] == [here, here]


@pytest.mark.dear
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


@pytest.mark.dear
@pytest.mark.skipif(sys.platform != "linux", reason="what holds elsewhere is said in intake/pdf/worker.py")
@pytest.mark.parametrize("probe", PROBES)
def test_what_a_document_must_not_do_fails_in_the_worker(child, probe):
    with pytest.raises(PrintingError, match=r"Error|ended"):
        ask(child(OPEN), PROBES[probe])
    assert not Path("/tmp/planted-by-a-document").exists()


@pytest.mark.dear
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


@pytest.mark.dear
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


@pytest.mark.dear
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


@pytest.mark.dear
def test_a_warm_worker_keeps_to_its_memory(printing, plan):
    for _ in range(TRIES):
        printing.print(plan)
    (only,) = [each for each in printing._idle.queue if each is not None]
    status = Path(f"/proc/{only.pid}/status").read_text(encoding="ascii")
    peak = int(status.partition("VmPeak:")[2].split()[0]) * 1024
    assert peak < worker.MEMORY


@pytest.mark.dear
@pytest.mark.parametrize(
    "link", ["http://localhost/f#0AB1-2CD3-4EF5", "HTTPS://FORMS.EXAMPLE/F", "12345", "https://ü.example/\u3042", ""]
)
def test_whatever_the_address_of_a_clinic_its_square_is_printed_without_opening_another_file(printing, link):
    sheet = replace(sample(InvitationSlip), link=link)
    assert printing.print(sheet, paper="letter") == invitation_slip.render(sheet, paper="letter")


# ---------------------------------------------------------------- hostile words

HOSTILE = {
    "markup": "<b>bold</b> <a href='https://evil.example/x'>y</a> <link href='#x'>z</link></para> <b unclosed & &lt;",
    "a file": "<img src='/etc/hostname'/> <img src='file:///etc/hostname'/> ../../instance/key {0.__class__}",
    "a link": "javascript:alert(1) https://evil.example/x mailto:x@evil.example <onDraw name='x' label='y'/> %(x)s",
    "a program": '<font color=\'[[[getattr(pow, "__globals__")["os"].system("touch /tmp/x")]]]\'>x</font> {{7*7}}',
    "PDF syntax": ") Tj ET endstream endobj << /JS (app.alert(1)) /S /JavaScript /OpenAction >> \\ ( ] > %%EOF",
    "a huge word": "w" * 1_000,
    "another direction": "abc \u202etxt.exe\u202c \u2066x\u2069 \u200f مرحبا",
    "what is not seen": "a\0b\x07\x1b[31m\u200b\ufeff\ud800 e" + "\u0301" * 500,
}
ACTIVE = ("/Annots", "/AA", "/JS", "/JavaScript", "/Launch", "/URI", "/EmbeddedFiles", "/GoToR", "/SubmitForm", "/XFA")


def acts(content):
    """What in a file does more than lie on paper: links, scripts, files, pictures."""
    reader = PdfReader(BytesIO(content))
    found = set()
    for number in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1):
        named = reader.get_object(number)
        keys = named.keys() if hasattr(named, "keys") else ()
        found |= {key for key in keys if key in ACTIVE}
        found |= {"/Image"} if "/Subtype" in keys and named["/Subtype"] == "/Image" else set()
    return found


@pytest.mark.dear
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_every_printed_field_lie_on_paper_as_words(printing, words):
    started = time.monotonic()
    for kind in DOCUMENTS:
        content = printing.print(sample(kind, HOSTILE[words]))
        assert acts(content) == set(), kind.__name__
        metadata = str(PdfReader(BytesIO(content)).metadata)
        assert not any(word in metadata for word in ("evil", "bold", "hostname", "alert", "www"))
    assert time.monotonic() - started < press.SECONDS
    tell(f"{words}: {len(DOCUMENTS)} documents in {time.monotonic() - started:.1f} s, nothing in them acts")


def test_the_words_are_read_from_the_paper_as_they_were_typed(printing, plan):
    typed = "<a href='https://evil.example'>y</a> & <img src='/etc/hostname'/>"
    printed = PdfReader(BytesIO(printing.print(replace(plan, findings=(typed,)))))
    text = " ".join(" ".join(page.extract_text().split()) for page in printed.pages)
    assert typed in text


def test_words_that_were_obeyed_would_be_noticed(monkeypatch, plan, tmp_path):
    """The same look at a document whose words reach the printer as markup."""
    monkeypatch.setattr(flow, "on_paper", lambda words, *, bold=False: words)
    linked = care_plan.render(replace(plan, findings=("<a href='https://evil.example/x'>y</a>",)))
    assert {"/Annots", "/URI"} & acts(linked)


# ---------------------------------------------------------------- what the worker is handed


@pytest.fixture
def jobs(monkeypatch):
    """Every job a worker is handed, as the bytes that go through the pipe."""
    seen, ask_ = [], Worker.ask
    monkeypatch.setattr(Worker, "ask", lambda self, job: (seen.append(job), ask_(self, job))[1])
    return seen


def test_the_ceiling_of_a_document_decides_what_its_worker_is_handed(jobs, session, make, clock):
    """Whatever else is known of a patient never leaves this process."""
    said = {"sx_history_text": {"value": "marzipan-sensitive"}, "fn_goal_top": {"value": "marzipan-care"}}
    intake = make.intake(answers=said)
    note = make.note(intake.visit, signed=True)
    private = {"cp_private_topics": {"value": ["return-to-sex"]}, "cp_private_wanted": {"value": "yes"}}
    make.plan(note, answers=PLAN | {"cp_findings": {"value": "marzipan-printed"}} | private, issued=True)
    plan, pages = (json.loads(job) for job in jobs)
    assert (plan["document"], pages["document"]) == ("care_plan", "private_pages")
    assert "marzipan-printed" in str(plan), "the look sees what is handed over"
    for job in (plan, pages):
        assert "marzipan-sensitive" not in str(job)
        assert note.patient.legal_name not in str(job["sheet"]) or job is plan
    private_title = pages["sheet"]["topics"][0]["title"]
    assert private_title not in str(plan)
