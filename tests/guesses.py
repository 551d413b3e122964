"""Many processes that guess one password at the same moment, each with the whole app to itself."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier
from typing import Any

import time_machine
from sqlalchemy import select

from intake.app import create_app
from intake.config import Config
from intake.store import limits
from intake.store.limits import Tally
from tests.browsing import TOKEN
from tests.builders import COST, KEYS
from tests.tries import NOW, PATIENCE

WRONG = "not my password at all"


def _look_first(barrier: Barrier) -> Any:
    """The planted fault: look whether there is room, and count the try after that. Others look meanwhile."""

    def charge(session: Any, places: Any, _now: Any) -> Any:
        counted = [session.scalar(select(Tally.n).where(Tally.key == place.key)) or 0 for place in places]
        session.commit()
        barrier.wait(PATIENCE)
        full = [place for place, n in zip(places, counted, strict=True) if n >= place.most]
        for place in places:
            limits.count(session, place, NOW)
        return full[0] if full else None

    return charge


def _guess(url: str, email: str, number: int, times: int, barrier: Barrier, answers: Any, planted: bool) -> None:
    with time_machine.travel(NOW, tick=False):
        app = create_app(Config(database_url=url, keys=KEYS, password_cost=COST))
        browser = app.test_client()
        browser.environ_base |= {"HTTP_SEC_FETCH_SITE": "same-origin", "REMOTE_ADDR": f"10.0.{number}.1"}
        found = TOKEN.search(browser.get("/sign-in").text)
        token = found[1] or found[2] if found else ""
        if planted:
            limits.charge = _look_first(barrier)
        barrier.wait(PATIENCE)
        data = {"csrf_token": token, "email": email, "password": WRONG}
        answers.put([browser.post("/sign-in", data=data).status_code for _ in range(times)])
        app.extensions["engine"].dispose()


def guessed(url: str, email: str, *, processes: int, times: int, planted: bool = False) -> list[int]:
    """The status of every answer."""
    context = multiprocessing.get_context("forkserver")  # no fork of a process with threads, and no start from nothing
    context.set_forkserver_preload([__name__])
    barrier, answers = context.Barrier(processes), context.Queue()
    started = [
        context.Process(target=_guess, args=(url, email, number, times, barrier, answers, planted), daemon=True)
        for number in range(processes)
    ]
    for process in started:
        process.start()
    found = [status for _process in started for status in answers.get(timeout=2 * PATIENCE)]
    for process in started:
        process.join(PATIENCE)
    return found
