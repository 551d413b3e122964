"""Time a therapist's chart with 50 notes and 10 measures over a year, and the saving of a note, over HTTP.

The server is a process of its own on a throw-away SQLite database, with sealing and the logged read as they are.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session
from waitress import create_server

from bench.run import FOUND, Browser, Clock, Timed, free_port
from intake.actions import intakes
from intake.app import create_app
from intake.config import Config
from intake.forms import reader
from intake.store import beginnings, migrations
from intake.store.engine import connect
from tests.builders import COST, KEYS, Builders, filled

NOTES, MEASURES, MONTHS = 50, 10, 12
AIM_CHART, AIM_SAVE = 12, 6  # ms
WORDS = "She walked for half an hour and stayed dry. Lifts well, holds five seconds, lets go slowly. " * 4
VERSION = re.compile(r'name="_version"[^>]*?value="([^"]+)"')
MOST_SAVES = 50  # the server refuses more than 60 saves by themselves in a minute; the warm-ups count too


class Then(Builders):
    """Builders whose clock stands where it is put."""

    at = datetime.now(UTC)

    @property
    def now(self) -> datetime:
        """The moment that records are made at."""
        return self.at


@dataclass(frozen=True)
class Made:
    """What was put in: addresses of a chart and of a draft, and the cookie of the therapist."""

    chart: str
    note: str
    cookie: str


def fill(url: str) -> Made:
    """One busy chart: a year of visits, each with a signed note, every fifth with a short form beforehand."""
    engine = connect(url, KEYS)
    migrations.upgrade(engine)
    app, today = create_app(Config(url, KEYS, password_cost=COST)), datetime.now(UTC)
    with Session(engine, expire_on_commit=False) as session:
        make = Then(session)
        make.at = today - timedelta(days=MONTHS * 30)
        therapist, patient, place = make.therapist(), make.patient(), make.location()
        first = make.visit(patient, therapist, location=place)
        make.intake(first, submitted=True)
        visit = first
        for number in range(NOTES):
            if number:
                make.at = first.starts_at + timedelta(days=number * MONTHS * 30 // NOTES)
                details = {"kind": "follow-up", "starts_at": make.at + timedelta(hours=2), "location": place}
                visit = make.visit(patient, therapist, **details)
            if number % (NOTES // MEASURES) == 1:
                measure(make, visit)
            note = make.note(visit, answers={"im_impression": {"value": WORDS}, "hi_reason": {"value": WORDS}}, signed=True)
            if number % 10 == 0:
                make.plan(note, issued=True)
            if number % 7 == 0:
                make.add(note)
        make.at = today
        draft = make.note(visit, answers={"im_impression": {"value": WORDS}})
        return Made(f"/clinic/charts/{patient.id}", f"/clinic/notes/{draft.id}", cookie(app, make.login(therapist)))


def measure(make: Then, visit: Any) -> None:
    """A short form that was handed in before a visit."""
    asked, form = beginnings.begin(make.session, visit, "check-in", now=make.now), reader.latest("check-in")
    make.session.commit()
    invitation = make.invitation(visit)
    make.answer(asked, filled(form, {"ci_pain": {"value": 4}}))
    intakes.submit(
        make.session, asked, form, signer="Rowan Invented", by=invitation, today=make.now.date(), now=make.now
    )


def cookie(app: Flask, login: str) -> str:
    """The cookie of somebody who is signed in."""
    interface = SecureCookieSessionInterface()
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    name = app.config["SESSION_COOKIE_NAME"]
    return f"{name}={signer.dumps({'_user_id': login})}"


@contextlib.contextmanager
def server(url: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server of its own on that database."""
    port = free_port()
    process = subprocess.Popen([sys.executable, __file__, "--serve", url, str(port)], cwd=ROOT)
    try:
        _until_ready(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(3000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "the server did not start"
        time.sleep(0.01)


def serve(url: str, port: int) -> None:
    """Answer as `flask serve` does."""
    app = create_app(Config(url, KEYS, password_cost=COST))
    create_server(app, listen=f"127.0.0.1:{port}", threads=8, ident=None, clear_untrusted_proxy_headers=True).run()


def lines(browser: Browser, made: Made, clock: Clock) -> Iterator[tuple[str, Timed, int]]:
    """What a therapist waits for, and the aim."""

    def opened(path: str) -> Callable[[], None]:
        def look() -> None:
            assert browser.ask("GET", path) == FOUND, (path, browser.page[:300])

        return look

    yield f"chart with {NOTES} notes and {MEASURES} measures (ms)", clock.ms(opened(made.chart)), AIM_CHART
    opened(made.note)()
    held, count = [VERSION.findall(browser.page)[0]], itertools.count()
    page = browser.page

    def save(*, by_itself: bool) -> None:
        browser.page = page
        fields = {"_version": held[0], "im_impression": f"{WORDS} {next(count)}"}
        status = browser.post(made.note, fields, **({"X-Autosave": "1"} if by_itself else {}))
        assert status == (FOUND if by_itself else 303), (status, browser.page[:300])
        if by_itself:
            held[0] = re.findall(r'"version":\s*"([^"]+)"', browser.page)[0]

    yield "note, saved by itself (ms)", clock.ms(lambda: save(by_itself=True), MOST_SAVES), AIM_SAVE


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often each request is sent")
    parser.add_argument("--serve", nargs=2, metavar=("URL", "PORT"), help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="a folder for the database, used again when it is there")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], int(given.serve[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = fill(url := f"sqlite:///{folder}/chart.db")
        with server(url) as (port, pid):
            browser = Browser(port)
            browser.cookie = made.cookie
            print(f"{'':48} {'median':>8} {'aim':>6} {'of it processor time':>22}")
            for name, (median, used), aim in lines(browser, made, Clock(pid, given.times)):
                print(f"{name:48} {median:8.2f} {aim:6} {'' if used is None else f'{used:22.2f}'}", flush=True)


if __name__ == "__main__":
    main()
