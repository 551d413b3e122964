"""Time the form engine on filled-in intakes: checking a whole one, warning signs alone, and reading all its pages."""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from intake.clinical.triage import triage
from intake.forms import conditions, needs, reader
from intake.forms.entry import read
from intake.forms.merge import merge
from tests.filling import AT, LINK, Filling
from tests.patients import TODAY

TARGET = 2000  # intakes a second, on one core
FORM = reader.latest("intake")
Intake = dict[str, Any]


def check(answers: Intake) -> None:
    """What handing in asks of a saved intake: what is shown, what is missing, which warning signs there are."""
    walked = conditions.walk(FORM, answers)
    if needs.missing(FORM, answers, walked=walked):
        message = "an intake that was handed in misses something"
        raise SystemExit(message)
    triage(walked[1], today=TODAY)


def find_signs(counted: Intake) -> None:
    """The warning signs alone, in answers that are shown."""
    triage(counted, today=TODAY)


def read_all(filling: Filling) -> None:
    """Every page she sent, from raw fields to merged answers."""
    answers: Intake = {}
    for version, (questions, fields) in enumerate(filling.sent, start=1):
        entry = read(questions, fields, saved=answers, today=TODAY, write_only=True)
        answers = dict(merge(answers, entry, base=version, version=version, at=AT, by=LINK).answers)


def rate(act: Callable[[Any], None], items: Iterable[Any], rounds: int) -> tuple[float, float]:
    """How many a second, by the clock and by this process's processor time: medians of several rounds."""
    items = list(items)
    clock, worked = [], []
    for _ in range(rounds):
        gc.collect()
        started, began = time.perf_counter(), time.process_time()
        for item in items:
            act(item)
        clock.append(len(items) / (time.perf_counter() - started))
        worked.append(len(items) / (time.process_time() - began))
    return statistics.median(clock), statistics.median(worked)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    filled = [Filling(FORM, Random(number)) for number in range(given.patients)]
    for each in filled:
        each.fill_in()
    intakes = [each.answers for each in filled]
    shown = [conditions.walk(FORM, answers)[1] for answers in intakes]
    pages = statistics.mean(len(each.sent) for each in filled)
    flags = statistics.mean(len(triage(answers, today=TODAY)) for answers in shown)
    print(f"{len(intakes)} intakes, {pages:.0f} pages sent and {flags:.0f} flags each; load {os.getloadavg()[0]:.1f}")
    gc.disable()
    lines: list[tuple[str, Callable[[Any], None], list[Any]]] = [
        (f"validated and triaged (aim: {TARGET} a second)", check, intakes),
        ("triaged alone", find_signs, shown),
        ("all pages read from raw fields and merged", read_all, filled),
    ]
    for what, act, items in lines:
        clock, worked = rate(act, items, given.rounds)
        print(f"{what:46} {clock:8.0f} a second, {worked:8.0f} a second of processor time")


if __name__ == "__main__":
    main()
