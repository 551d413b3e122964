"""The served app with many people at once: nobody gets another one's page, and nothing piles up."""

from __future__ import annotations

import gc
import http.client
import os
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.served import running
from tests.browsing import TOKEN
from tests.sizes import size, tell

PEOPLE, ROUNDS = 6, size(4, 200)
REQUESTS = size(30, 5_000)
FEW = 30  # enough to notice; a thousand open files stop the server's loop before they are counted
NOISE = 1_500  # objects: every thread holds those of the request it had last
NAME = re.compile(r'class="who"[^>]*>([^<]*)<')


@contextmanager
def listening_to(app):
    """The port on which the app answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        with running(app, listening):
            yield listening.getsockname()[1]


class Visitor:
    """Somebody with a session, over real connections."""

    def __init__(self, app, port, name, token=""):
        self.app, self.port, self.name = app, port, name
        signed = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token} if token else {})
        self.cookie, self.form = f"{app.config['SESSION_COOKIE_NAME']}={signed}", ""

    def ask(self, path, **fields):
        """The page a request is answered with; the token of its form is kept for the next."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({"csrf_token": self.form, **fields}) if fields else None
        connection.request("POST" if fields else "GET", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        if cookie := answer.headers["Set-Cookie"]:
            self.cookie = cookie.partition(";")[0]
        connection.close()
        if found := TOKEN.search(page):
            self.form = found[1] or found[2]
        return page

    def is_mixed_up(self, number):
        """Whether a page is not this one's own, or a search not what this one looked for."""
        word = f"Word{number}of{self.name.replace(' ', '')}"
        pages = self.ask("/clinic/patients"), self.ask("/clinic/patients", q=word)
        return any(NAME.findall(page) != [self.name] for page in pages) or f'value="{word}"' not in pages[1]


@pytest.fixture
def visitors(app, make):
    """As many people of the clinic as there are, signed in, once the port is known."""
    desk = [make.front_desk(name=f"Person{'ABCDEFGHIJKLMNOP'[number]} Invented") for number in range(PEOPLE)]
    tokens = [(user.name, make.login(user)) for user in desk]
    return lambda port: [Visitor(app, port, name, token) for name, token in tokens]


def mixed_up(everybody):
    """How many answers went to the wrong one, when all ask at once."""
    start = threading.Barrier(len(everybody))

    def keep_asking(visitor):
        start.wait(10)
        return sum(visitor.is_mixed_up(number) for number in range(ROUNDS))

    with ThreadPoolExecutor(len(everybody)) as threads:
        return sum(threads.map(keep_asking, everybody))


def test_of_many_who_ask_at_once_everybody_gets_their_own_page(app, visitors):
    with listening_to(app) as port:
        found = mixed_up(visitors(port))
    tell(f"{PEOPLE} people at once, {2 * PEOPLE * ROUNDS} pages, {found} of them somebody else's")
    assert found == 0


def test_a_server_whose_threads_share_a_cookie_is_noticed(app, visitors):
    """The control: each request leaves its cookie where the next one finds it."""
    left = {}

    def sharing(environ, start_response):
        environ["HTTP_COOKIE"], left["cookie"] = left.get("cookie", environ["HTTP_COOKIE"]), environ["HTTP_COOKIE"]
        return app(environ, start_response)

    with listening_to(sharing) as port:
        assert mixed_up(visitors(port)) > 0


# ---------------------------------------------------------------- what piles up


def held():
    """(open files, threads, objects) of this process."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(gc.get_objects())


def grown(application, visitor, requests):
    """By how much each grows while a visitor goes on and on; the first requests fill what is kept on purpose."""

    def go_on(times):
        for _ in range(times):
            visitor.ask("/clinic/patients")
            visitor.ask("/clinic/patients", q="nobody")
            visitor.ask("/nowhere")

    with listening_to(application) as port:
        visitor.port = port
        go_on(6)
        before = held()
        go_on(requests // 3)
        return [now - then for now, then in zip(held(), before, strict=True)]


@pytest.mark.dear
def test_files_threads_and_memory_are_given_back(app, visitors):
    files, threads, objects = grown(app, visitors(0)[0], REQUESTS)
    tell(f"after {REQUESTS} requests: {files} more files, {threads} more threads, {objects} more objects")
    assert files <= 2
    assert threads <= 1
    assert objects < NOISE
    assert app.extensions["engine"].pool.checkedout() == 0


@pytest.mark.dear
def test_a_server_that_keeps_a_file_and_objects_of_every_request_is_noticed(app, visitors):
    kept = []

    def keeping(environ, start_response):
        kept.append((os.open("/dev/null", os.O_RDONLY), [[] for _ in range(200)]))
        return app(environ, start_response)

    try:
        files, _threads, objects = grown(keeping, visitors(0)[0], FEW)
    finally:
        for handle, _objects in kept:
            os.close(handle)
    assert files > FEW - 3
    assert objects > NOISE
