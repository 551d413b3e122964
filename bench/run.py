"""Time the app over HTTP with one client, on a database of its own. See README.md beside this file."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "five fictional ferns in a row"
NOTES = 50
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
VERSION = re.compile(r'name="_version"[^>]*?value="([^"]+)"')


class Browser:
    """One connection kept open, cookies, the last page."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""
        self.page = ""

    def ask(self, method: str, path: str, data: dict[str, str] | None = None, **headers: str) -> int:
        """Send a request; the status. The page and the cookie are kept."""
        body = urllib.parse.urlencode(data, doseq=True) if data is not None else None
        sent = {"Cookie": self.cookie, **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        self.page = answer.read().decode("utf-8", "replace")
        self.location = answer.headers.get("Location", "")
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        return answer.status

    def post(self, path: str, data: dict[str, str], **headers: str) -> int:
        """Send the form of the page last opened."""
        token, version = TOKEN.search(self.page), VERSION.search(self.page)
        extra = {"csrf_token": token[1] if token else "", **({"_version": version[1]} if version else {})}
        return self.ask("POST", path, {**data, **extra}, **headers)


Timed = tuple[float, float | None]


class Clock:
    """Times requests to one server process."""

    def __init__(self, pid: int, times: int) -> None:
        self.pid, self.times = pid, times

    def ms(self, act: Callable[[], object], share: int = 1) -> Timed:
        """(median, mean processor time of the server) in milliseconds, after three to warm up."""
        for _ in range(3):
            act()
        spent, before = [], cpu_ms(self.pid)
        for _ in range(max(10, self.times // share)):
            started = time.perf_counter()
            act()
            spent.append((time.perf_counter() - started) * 1000)
        after = cpu_ms(self.pid)
        used = (after - before) / len(spent) if before is not None and after is not None else None
        return statistics.median(spent), used


def cpu_ms(pid: int) -> float | None:
    """Processor time a process has used, in milliseconds; None where the system does not say.

    It tells more than the clock on the wall where other programs want the same processors.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(environ: dict[str, str], port: int) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The server as a process of its own, and how many seconds it took to answer a page."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=ROOT, env={**environ, "PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process, _until_ready(process, port, started)
    finally:
        process.terminate()
        process.wait(20)


def _until_ready(process: subprocess.Popen[bytes], port: int, started: float) -> float:
    while time.perf_counter() - started < 60 and process.poll() is None:  # noqa: PLR2004 - seconds
        with contextlib.suppress(OSError):
            if Browser(port).ask("GET", "/start") == 200:  # noqa: PLR2004 - found
                return time.perf_counter() - started
        time.sleep(0.005)
    message = "the server did not start"
    raise SystemExit(message)


def seed(environ: dict[str, str]) -> tuple[str, str, str, str]:
    """A clinic with one submitted intake, 50 signed notes, a draft and a plan: (code, patient, draft note, plan)."""
    os.environ.update(environ)
    from sqlalchemy.orm import Session  # noqa: PLC0415 - the import itself is measured elsewhere

    from intake.app import create_app  # noqa: PLC0415
    from intake.cli.demo import journey, people  # noqa: PLC0415
    from intake.config import from_environment  # noqa: PLC0415
    from intake.security import passwords  # noqa: PLC0415
    from intake.store import migrations  # noqa: PLC0415
    from intake.store.people import Clinic, Location, User  # noqa: PLC0415

    app = create_app(from_environment(environ))
    migrations.upgrade(app.extensions["engine"])
    today = date.today()  # noqa: DTZ011 - any day will do
    with Session(app.extensions["engine"]) as session:
        session.add(Clinic(name="Bench Clinic", phone="555 0100", numbers_checked_on=today))
        session.add(Location(name="Main Street"))
        for person in people.STAFF:
            user = User(email=person.email, name=person.name, roles=list(person.roles), created_at=datetime.now(UTC))
            user.password_hash = passwords.hash_password(PASSWORD, passwords.Cost())
            session.add(user)
        session.commit()
    tess, desk = (journey.signed_in(app, person.email, PASSWORD) for person in people.STAFF[:2])
    codes = [journey.invite(desk, name, people.BORN, datetime.now(UTC)) for name in (people.MAIN, people.LATER)]
    patient = journey.enter(app, codes[0], people.BORN)
    journey.answer(patient, people.intake(today))
    journey.hand_in(patient, people.MAIN)
    start = journey.note_start(tess, people.MAIN)
    chart = tess.path
    note = ""
    for number in range(NOTES):
        print(f"\rsigning note {number + 1} of {NOTES} …", end="", file=sys.stderr)
        note = journey.write_note(tess, start, today)
        journey.sign(tess, note, PASSWORD)
    print(file=sys.stderr)
    tess.open(note)
    tess.submit(f"/clinic/plans/notes/{note.rpartition('/')[2]}", {})
    plan = tess.path
    tess.submit(plan, journey.kept(tess.page, people.plan()))
    return codes[1], chart, journey.write_note(tess, start, today), plan


def patient_lines(browser: Browser, code: str, clock: Clock) -> Iterator[tuple[str, Timed]]:
    """What a patient waits for."""
    browser.ask("GET", "/start")
    browser.post("/start", {"code": code, "birth_date.month": "4", "birth_date.day": "27", "birth_date.year": "1993"})
    browser.ask("GET", "/form/2/1")
    page, flip = "/form/2/1", [0]

    def save() -> None:
        flip[0] += 1
        sent = {"rf_heart": "none", "rf_head": "none"} if flip[0] % 2 else {"rf_heart": "none"}
        status = browser.post(page, sent, **{"X-Autosave": "1"})
        assert status == 200, (status, browser.page[:200])  # noqa: PLR2004 - a wrong page is not worth timing
        version = re.search(r'"version":"([^"]+)"', browser.page.replace(" ", ""))
        browser.page = saved.replace("VERSION", version[1]) if version else browser.page

    token = TOKEN.search(browser.page)
    saved = f'name="csrf_token" value="{token[1] if token else ""}" name="_version" value="VERSION"'
    yield "saved answer (ms)", clock.ms(save)
    yield "page of the intake (ms)", clock.ms(lambda: browser.ask("GET", "/form/6/1"))
    yield "page with a birth on it (ms)", clock.ms(lambda: browser.ask("GET", "/form/4/2"))
    browser.ask("GET", "/form/2/1")
    both = {"rf_heart": "none", "rf_head": "none"}

    def leave() -> None:
        browser.ask("GET", "/form/2/1")
        browser.post("/form/2/1", both)

    yield "open and leave a page (ms)", clock.ms(leave)


def therapist_lines(browser: Browser, chart: str, note: str, plan: str, clock: Clock) -> Iterator[tuple[str, Timed]]:
    """What a therapist waits for."""
    from intake.cli.demo import people  # noqa: PLC0415

    browser.ask("GET", "/sign-in")
    browser.post("/sign-in", {"email": people.STAFF[0].email, "password": PASSWORD})
    yield "chart with 50 notes (ms)", clock.ms(lambda: browser.ask("GET", chart))
    yield "the note's page (ms)", clock.ms(lambda: browser.ask("GET", note), 4)
    yield "care plan PDF (ms)", clock.ms(lambda: browser.ask("GET", f"{plan}/preview/letter"), 4)
    browser.ask("GET", f"{note}/sign")
    started = time.perf_counter()
    status = browser.post(f"{note}/sign", {"password": PASSWORD})
    assert status == 303, status  # noqa: PLR2004 - a refused signature is not worth timing
    yield "sign a note, password hash included (ms)", ((time.perf_counter() - started) * 1000, None)


def cold_import() -> float:
    """Seconds for a process that only imports the app: the median of five."""
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import intake.app"], cwd=ROOT, check=True)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def peak_mib(pid: int) -> float | None:
    """The most memory the process has held, in MiB; None where the system does not say."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found[1]) / 1024 if found else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often each request is sent")
    times = parser.parse_args().times
    print(f"{'import (s)':45} {cold_import():8.2f}")
    with tempfile.TemporaryDirectory() as folder:
        keys = {"KEY_PROVIDER": "env", "KEY_ROOT": "b0" * 32}
        environ = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/bench.db", **keys}
        environ.pop("PUBLIC_URL", None)
        code, chart, note, plan = seed(environ)
        port = free_port()
        with server(environ, port) as (process, ready):
            print(f"{'ready: start to first page (s)':45} {ready:8.2f}")
            print(f"\n{'':45} {'median':>8} {'of it processor time':>22}")
            clock = Clock(process.pid, times)
            for lines in (
                patient_lines(Browser(port), code, clock),
                therapist_lines(Browser(port), chart, note, plan, clock),
            ):
                for name, (median, used) in lines:
                    print(f"{name:45} {median:8.2f} {'' if used is None else f'{used:22.2f}'}", flush=True)
            if (peak := peak_mib(process.pid)) is not None:
                print(f"{'peak memory of the server (MiB)':45} {peak:8.0f}")


if __name__ == "__main__":
    main()
