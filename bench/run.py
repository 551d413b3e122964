"""Time the app over HTTP with one client, on a database of its own. See README.md beside this file."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from intake.cli.demo.access import Keys

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "five fictional ferns in a row"
NOTES = 50
FORM = "/f"
FOUND, LED_ON = 200, 303
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
VERSION = re.compile(r'name="_version"[^>]*?value="([^"]+)"')
PLACE = re.compile(r'name="_at"[^>]*?value="([^"]+)"')
DRAFT = re.compile(r'name="draft"[^>]*?value="([0-9a-f]{64})"')
WARM_UPS = 3
# More than these in a minute the server refuses: 60 saves by themselves, 10 documents. The warm-ups count too.
MOST_SAVES, MOST_DOCUMENTS = 50, 10 - WARM_UPS


class Browser:
    """One connection kept open, cookies, the last page."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""
        self.page = ""

    def ask(self, method: str, path: str, data: dict[str, str] | None = None, **headers: str) -> int:
        """Send a request; the status. The page and the cookie are kept."""
        body = urllib.parse.urlencode(data, doseq=True) if data is not None else None
        sent = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", **headers}
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
        """Send the form of the page last opened, with its token, place and version."""
        fields = {"csrf_token": TOKEN, "_at": PLACE, "_version": VERSION}
        found = {name: pattern.search(self.page) for name, pattern in fields.items()}
        return self.ask("POST", path, {**{name: each[1] for name, each in found.items() if each}, **data}, **headers)

    def go(self, place: str) -> None:
        """Go to a page of the form, by a button of the list of parts."""
        self.ask("GET", FORM)
        self.post(FORM, {"_at": "tasks", "_go": place})
        assert self.ask("GET", FORM) == FOUND, self.page[:200]


Timed = tuple[float, float | None]


class Clock:
    """Times requests to one server process."""

    def __init__(self, pid: int, times: int) -> None:
        self.pid, self.times = pid, times

    def ms(self, act: Callable[[], object], most: int | None = None) -> Timed:
        """(median, mean processor time of the server) in milliseconds, after three to warm up; `most` times at most."""
        for _ in range(WARM_UPS):
            act()
        spent, before = [], cpu_ms(self.pid)
        for _ in range(min(self.times, most or self.times)):
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
            if Browser(port).ask("GET", FORM) == FOUND:
                return time.perf_counter() - started
        time.sleep(0.005)
    message = "the server did not start"
    raise SystemExit(message)


class Made(NamedTuple):
    """What was put in: a patient's access code, a chart with 50 signed notes, a draft, a plan, the therapist's keys."""

    code: str
    chart: str
    note: str
    plan: str
    keys: Keys


def seed(environ: dict[str, str]) -> Made:
    """A clinic with one submitted intake, 50 signed notes, a draft and a plan."""
    os.environ.update(environ)
    from sqlalchemy.orm import Session  # noqa: PLC0415 - the import itself is measured elsewhere

    from intake.app import create_app  # noqa: PLC0415
    from intake.cli.demo import access, journey, people  # noqa: PLC0415
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
            user.password_hash = passwords.hash_password(PASSWORD, app.config["PASSWORD_COST"])
            session.add(user)
        session.commit()
    (tess, keys), (desk, _keys) = (access.first_sign_in(app, each.email, PASSWORD) for each in people.STAFF[:2])
    codes = [
        journey.invite(desk, name, people.BORN, datetime.now(UTC) - timedelta(days=1))
        for name in (people.MAIN, people.LATER)
    ]
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
    return Made(codes[1], chart, journey.write_note(tess, start, today), plan, keys)


def patient_lines(browser: Browser, made: Made, clock: Clock) -> Iterator[tuple[str, Timed]]:
    """What a patient waits for."""
    browser.ask("GET", FORM)
    born = {"birth_date.month": "4", "birth_date.day": "27", "birth_date.year": "1993"}
    assert browser.post(FORM, {"code": made.code, **born}) == LED_ON, browser.page[:200]
    browser.go("page 2.1")
    flip, both, page = [0], {"rf_heart": "none", "rf_head": "none"}, browser.page

    def save() -> None:
        flip[0] += 1
        browser.page = page
        status = browser.post(FORM, {**(both if flip[0] % 2 else {"rf_heart": "none"}), **at}, **{"X-Autosave": "1"})
        assert status == FOUND, (status, browser.page[:200])
        at["_version"] = json.loads(browser.page)["version"]

    at: dict[str, str] = {}
    yield "saved answer (ms)", clock.ms(save, MOST_SAVES)
    for name, place in (("page of the intake (ms)", "page 6.1"), ("page with a birth on it (ms)", "page 4.2")):
        browser.go(place)
        yield name, clock.ms(lambda: browser.ask("GET", FORM))

    def leave() -> None:
        browser.go("page 2.1")
        assert browser.post(FORM, both) == LED_ON, browser.page[:200]

    yield "go to a page, open it and leave it (ms)", clock.ms(leave)


def therapist_lines(browser: Browser, made: Made, clock: Clock) -> Iterator[tuple[str, Timed]]:
    """What a therapist waits for."""
    from intake.cli.demo import people  # noqa: PLC0415

    def opened(path: str) -> None:
        assert browser.ask("GET", path) == FOUND, (path, browser.page[:200])

    opened("/sign-in")
    assert browser.post("/sign-in", {"email": people.STAFF[0].email, "password": PASSWORD}) == LED_ON
    opened("/sign-in/second")
    assert browser.post("/sign-in/second", {"code": made.keys.code(later=1)}) == LED_ON, browser.page
    yield "chart with 50 notes (ms)", clock.ms(lambda: opened(made.chart))
    yield "the note's page (ms)", clock.ms(lambda: opened(made.note), clock.times // 4)
    yield "care plan PDF (ms)", clock.ms(lambda: opened(f"{made.plan}/preview/letter"), MOST_DOCUMENTS)
    opened(f"{made.note}/sign")
    draft = DRAFT.search(browser.page)
    assert draft is not None
    started = time.perf_counter()
    status = browser.post(f"{made.note}/sign", {"password": PASSWORD, "draft": draft[1]})
    spent = (time.perf_counter() - started) * 1000
    assert status == LED_ON, (status, browser.page)
    yield "sign a note, password hash included (ms)", (spent, None)


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
        environ = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/bench.db", "AUDIT_SINKS": "none", **keys}
        environ.pop("PUBLIC_URL", None)
        made = seed(environ)
        port = free_port()
        with server(environ, port) as (process, ready):
            print(f"{'ready: start to first page (s)':45} {ready:8.2f}")
            print(f"\n{'':45} {'median':>8} {'of it processor time':>22}")
            clock = Clock(process.pid, times)
            for lines in (
                patient_lines(Browser(port), made, clock),
                therapist_lines(Browser(port), made, clock),
            ):
                for name, (median, used) in lines:
                    print(f"{name:45} {median:8.2f} {'' if used is None else f'{used:22.2f}'}", flush=True)
            if (peak := peak_mib(process.pid)) is not None:
                print(f"{'peak memory of the server (MiB)':45} {peak:8.0f}")


if __name__ == "__main__":
    main()
