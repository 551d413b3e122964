"""A server that dies at any moment, while patients type: what was acknowledged is there afterwards."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import make_url

from intake.actions import trail
from intake.store import responses
from tests.builders import KEYS
from tests.pages import PLACE, VERSION, place
from tests.processes import free_ports
from tests.sizes import size, tell
from tests.test_server import PATIENCE, comes

PEOPLE, KILLS = size(3, 20), size(1, 200)
BETWEEN = (1, 20)  # answers that are acknowledged from one kill to the next
ASKED = ("fn_goal_top", "ex_hope", "id_name_used")  # pages of three sections, one sentence each
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
GONE = (OSError, http.client.HTTPException)


class Server:
    """`flask serve` on a port, killed and started again."""

    def __init__(self, url, folder):
        self.environ = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "AUDIT_SINKS": "none", "KEY_PROVIDER": "env",
            "DATABASE_URL": url, "KEY_ROOT": KEYS.current.secret.hex(),
        }  # fmt: skip
        self.port, self.process = next(free_ports()), None

    def start(self):
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"],
            env={**self.environ, "PORT": str(self.port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert comes(self.port, self.process), "the server ended"

    def kill(self):
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(PATIENCE)


class Patient:
    """Somebody who types sentence after sentence, and comes in again whenever the page is gone."""

    def __init__(self, server, code, born, told):
        self.server, self.code, self.born, self.told = server, code, born, told
        self.cookies, self.page, self.kept, self.sent = {}, "", dict.fromkeys(ASKED, 0), 0

    def ask(self, fields=None, **headers):
        """Send a form, or look at the page; (status, body)."""
        headers |= {"Cookie": "; ".join(map("=".join, self.cookies.items())), "Sec-Fetch-Site": "same-origin"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            fields = urlencode({**self.hidden(), **fields})
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)) as connection:
            connection.request("GET" if fields is None else "POST", "/f", fields, headers)
            with closing(connection.getresponse()) as answer:
                body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, body

    def hidden(self):
        """What the page carries along."""
        found = {"csrf_token": TOKEN, "_at": PLACE, "_version": VERSION}
        return {name: unescape(one[1]) for name, pattern in found.items() if (one := pattern.search(self.page))}

    def go_to(self, question):
        """Open the page that asks it, by way of the door where that is needed."""
        _status, self.page = self.ask()
        if 'value="start"' in self.page:
            day = {f"birth_date.{part}": getattr(self.born, part) for part in ("year", "month", "day")}
            self.ask({"code": self.code, **day})
            _status, self.page = self.ask()
        self.ask({"_at": "tasks", "_go": place(question)})
        _status, self.page = self.ask()

    def type(self, question):
        """One more sentence; it counts as kept when the server says so."""
        self.sent += 1
        status, body = self.ask({question: f"Sentence {self.sent}"}, **{"X-Autosave": "1"})
        if status == http.HTTPStatus.OK and json.loads(body)["saved"]:
            self.kept[question] = self.sent
            self.page = re.sub(r'(name="_version"[^>]*value=")[^"]*', rf"\g<1>{json.loads(body)['version']}", self.page)
            self.told()
        else:
            self.go_to(question)

    def write(self, until):
        """Type until told to stop, a page for a while, then the next."""
        while not until.is_set():
            for question in ASKED:
                with suppress(*GONE, KeyError, ValueError):
                    self.go_to(question)
                    for _sentence in range(8):
                        self.type(question)


@pytest.fixture
def server(url, tmp_path, make):
    """A clinic that is served, with nobody in it."""
    make.clinic()
    for each in Path(str(make_url(url).database)).parent.glob("*.db*"):
        each.chmod(0o600)  # while others can read it, the server refuses to start
    running = Server(url, tmp_path)
    running.start()
    yield running
    running.kill()


def last_of(session, patient, invitation):
    """{question: the number of the sentence that is kept}."""
    session.expire_all()
    found = responses.answers(session, responses.intake_of(session, invitation.visit_id).id)
    session.rollback()
    return {name: int(str(found.get(name, {}).get("value", "Sentence 0")).split()[1]) for name in patient.kept}


def lost(session, people):
    """Every acknowledged sentence that is not there, nor a later one in its place."""
    return [
        (question, number, there[question])
        for patient, invitation in people
        for there in [last_of(session, patient, invitation)]
        for question, number in patient.kept.items()
        if there[question] < number
    ]


# A database server of its own is not killed with the app, and the one of the tests does not wait for the disk.
@pytest.mark.dear
@pytest.mark.parametrize("backend", ["sqlite"])
def test_whatever_was_acknowledged_is_there_after_the_server_was_killed_again_and_again(server, session, make):
    acknowledged, over, chance = threading.Semaphore(0), threading.Event(), random.Random(1)
    invitations = [make.invitation() for _person in range(PEOPLE)]
    session.rollback()
    people = [
        (Patient(server, make.codes[each.id], each.patient.birth_date, acknowledged.release), each)
        for each in invitations
    ]
    session.rollback()
    with ThreadPoolExecutor(PEOPLE) as pool:
        writing = [pool.submit(patient.write, over) for patient, _invitation in people]
        try:
            for _kill in range(KILLS):
                for _answer in range(chance.randint(*BETWEEN)):
                    assert acknowledged.acquire(timeout=PATIENCE), "nothing is kept any more"
                server.kill()
                server.start()
        finally:
            over.set()
    assert [each.result() for each in writing] == [None] * PEOPLE
    total = sum(patient.sent for patient, _invitation in people)
    missing = lost(session, people)
    tell(f"{KILLS} kills, {PEOPLE} patients, {total} sentences sent: {len(missing)} acknowledged ones lost")
    assert missing == []
    assert all(any(patient.kept.values()) for patient, _invitation in people)
    assert trail.verify(session, ()).code == trail.GOOD
    forget(session, people[0][1])
    assert lost(session, people[:1]), "the control: an answer that is taken back is missed"


def forget(session, invitation):
    """Put every answer of an intake back to nothing, as a server would that acknowledges before it keeps."""
    intake = responses.intake_of(session, invitation.visit_id)
    for name, (_mine, version, at) in responses.sections(session, intake.id).items():
        responses.save_section(session, intake.id, name, {}, over=version, now=at)
    session.commit()
