"""What sealing costs: saving a page and opening a chart, beside the same build whose sealer does nothing.

Both builds run in this process, on a database each, and take turns, so that whatever else the machine does slows both.
The sealer is swapped here and nowhere else: the app has no switch for it.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy.orm import Session

from intake.store import compartments, flags, migrations, responses, sealing
from intake.store.engine import connect
from tests import postgres
from tests.browsing import Browser
from tests.builders import KEYS, Builders
from tests.emptied import new_app
from tests.pages import PATH, come_in, place, send, version, visit

NOTES = 50
QUESTION = "fn_goal_top"


def as_it_is(_session: object, _spot: object, value: bytes) -> bytes:
    """The sealer that does nothing: no key is fetched, nothing is padded or encrypted."""
    return value


@contextlib.contextmanager
def unsealed() -> Iterator[None]:
    """While it lasts this process seals nothing."""
    with contextlib.ExitStack() as stack:
        for module, name in ((sealing, "unseal_value"), (sealing, "seal_value"), (compartments, "seal_value")):
            stack.enter_context(patch.object(module, name, as_it_is))
        stack.enter_context(patch.object(responses, "unsealer", lambda _session, _patient: lambda _spot, value: value))
        stack.enter_context(patch.object(flags, "keyed_mark", lambda *asked: sha256(asked[-1].encode()).digest()[:16]))
        yield


class Act(NamedTuple):
    """Something somebody does, and what has to be ready before; only the act is timed."""

    do: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None


@dataclass
class Build:
    """One of the two: a clinic with one busy chart, a therapist and a patient who are in, and what each act took."""

    url: str
    around: Callable[[], contextlib.AbstractContextManager[None]]
    acts: dict[str, Act] = field(default_factory=dict)
    wall: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def fill(self) -> None:
        """Put the records in, and let both people in."""
        with self.around():
            engine = connect(self.url, KEYS)
            migrations.upgrade(engine)
            app = new_app(self.url)
            with Session(engine, expire_on_commit=False) as session:
                make = Builders(session)
                intake = make.intake(submitted=True)
                for _number in range(NOTES):
                    make.note(intake.visit, signed=True)
                draft, invitation = make.note(intake.visit), make.invitation()
                staff, patient = app.test_client(), app.test_client()
                with staff.session_transaction() as cookie:
                    cookie["_user_id"] = make.login(intake.visit.therapist)
                come_in(patient, make.codes[invitation.id])
            self.acts = {
                "a page of the intake, saved": saving(patient),
                "a page of a note, saved": noting(staff, f"/clinic/notes/{draft.id}"),
                f"a chart with {NOTES} notes, opened": Act(lambda _: staff.get(f"/clinic/charts/{intake.patient_id}")),
                "the intake in the chart, opened": Act(lambda _: staff.get(f"/clinic/charts/intakes/{intake.id}")),
                "a page of the intake, opened": Act(lambda _: patient.get(PATH)),
            }

    def time(self, name: str) -> None:
        """Do an act once more."""
        act = self.acts[name]
        with self.around():
            ready = act.prepare()
            started, used = time.perf_counter(), time.process_time()
            answer = act.do(ready)
            self.cpu.setdefault(name, []).append((time.process_time() - used) * 1000)
            self.wall.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        assert answer.status_code in {200, 303}, (name, answer.text[:500])  # a wrong page is not worth timing


def saving(patient: Browser) -> Act:
    """Save the page of her goals with a new answer each time, as the script does."""
    at, count = place(QUESTION), itertools.count()

    def fill_in() -> dict[str, str]:
        page = visit(patient, at)
        return {"_version": version(page), QUESTION: f"goal {next(count)} " + "word " * 40}

    return Act(lambda fields: send(patient, at, fields, headers={"X-Autosave": "1"}), fill_in)


def noting(staff: Browser, address: str) -> Act:
    """Save a draft with a new impression each time."""
    count = itertools.count()

    def fill_in() -> dict[str, str]:
        page = staff.get(address)
        return {"_version": version(page), "im_impression": f"impression {next(count)} " + "word " * 40}

    return Act(lambda fields: staff.post(address, data={"csrf_token": staff.token, **fields}), fill_in)


def measure(name: str, urls: tuple[str, str], times: int) -> None:
    """Print what each act takes in both builds, and how much more it is with the seal."""
    sealed_, bare = Build(urls[0], contextlib.nullcontext), Build(urls[1], unsealed)
    for build in (sealed_, bare):
        build.fill()
    for act in sealed_.acts:
        for turn in range(times + 3):
            for build in (sealed_, bare) if turn % 2 else (bare, sealed_):
                build.time(act)
        line = [f"{name + ': ' + act:52}"]
        for kind in ("wall", "cpu"):
            with_, without = (statistics.median(getattr(build, kind)[act][3:]) for build in (sealed_, bare))
            line.append(f"{with_:8.2f} {without:8.2f} {(with_ / without - 1) * 100:+7.1f} %")
        print("  ".join(line), flush=True)


@contextlib.contextmanager
def databases() -> Iterator[Iterator[tuple[str, tuple[str, str]]]]:
    """(which, two empty databases) of each kind there is."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        found = [("sqlite", (f"sqlite:///{folder}/sealed.db", f"sqlite:///{folder}/bare.db"))]
        with contextlib.suppress(postgres.MissingError):
            server = stack.enter_context(postgres.server())
            found.append(("postgresql", (server.create(), server.create())))
        yield iter(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how often; the script may save 60 times a minute")
    times = parser.parse_args().times
    print(f"{'medians in ms':52}  {'sealed':>8} {'bare':>8} {'more':>9}  {'cpu':>8} {'bare':>8} {'more':>9}")
    with databases() as found:
        for name, urls in found:
            measure(name, urls, times)


if __name__ == "__main__":
    main()
