"""Whoever answers yes, no, nothing: every answer of the server is the same, and so is what the database is asked."""

from __future__ import annotations

import statistics
import time

import pytest
from sqlalchemy import select

from intake.store.handovers import Handover
from intake.store.responses import ResponseSection
from intake.web.kiosk import form as kiosk_form
from tests.alone import HERE, WAYS, answer_all
from tests.browsing import TOKEN
from tests.sizes import size, tell

TIMES = size(2, 100)


def told(answer):
    """All of an answer but the token of its form and the cookie of its session."""
    headers = sorted((name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date"})
    return answer.status_code, TOKEN.sub("", answer.text).encode(), headers


def sittings(hand_over, make, new_client, ways=WAYS):
    """{way: every answer of the server} of one sitting each."""
    clients = {way: hand_over(make.visit(), new_client()) for way in ways}
    return {way: [told(answer) for answer in answer_all(clients[way], answers)] for way, answers in ways.items()}


def differing(found):
    """The ways that were answered otherwise than the first."""
    first, *others = found
    return [way for way in others if found[way] != found[first]]


def test_every_page_is_the_same_bytes_whatever_is_answered(clock, hand_over, make, new_client):
    found = sittings(hand_over, make, new_client)
    assert differing(found) == []
    assert {len(answers) for answers in found.values()} == {9}, "as many requests for everybody"
    tell(f"asked alone: {len(found)} ways to answer, {sum(map(len, found.values()))} answers of the server, all alike")


def a_text_for_who_wants_numbers(patch):
    shown = kiosk_form.render_template

    def careless(name, **values):
        wants = kiosk_form.request.cookies and "numbers" in str(careless.said)
        return shown(name, **values) + ("<p>Numbers</p>" if wants and "done" in name else "")

    careless.said = []
    keep = kiosk_form.read
    patch.setattr(kiosk_form, "read", lambda *a, **k: careless.said.append(keep(*a, **k)) or careless.said[-1])
    patch.setattr(kiosk_form, "render_template", careless)


def a_page_that_insists(patch):
    from intake.forms.needs import missing
    from intake.forms.problems import MalformedError

    keep = kiosk_form.read

    def insisting(questions, fields, **more):
        entry = keep(questions, fields, **more)
        form = kiosk_form.reader.latest("safety")
        if missing(form, entry.answers, questions):
            raise MalformedError
        return entry

    patch.setattr(kiosk_form, "read", insisting)


@pytest.mark.parametrize("plant", [a_text_for_who_wants_numbers, a_page_that_insists])
def test_a_page_that_differs_is_noticed(clock, hand_over, make, new_client, monkeypatch, plant):
    ways = {name: WAYS[name] for name in ("all no", "skips", "only numbers")}
    plant(monkeypatch)
    assert differing(sittings(hand_over, make, new_client, ways))


def counted(statements, device, answers):
    """{request: the statements it took}, in order."""
    seen, rows = [], []
    statements.clear()
    send = device.open

    def opened(*args, **kwargs):
        answer = send(*args, **kwargs)
        rows.append(list(statements))
        statements.clear()
        return answer

    device.open = opened
    seen = answer_all(device, answers)
    assert len(rows) >= len(seen)
    return rows


def test_the_database_is_asked_the_same_whatever_is_answered(clock, hand_over, make, new_client, statements):
    devices = {way: hand_over(make.visit(), new_client()) for way in WAYS}
    found = {way: counted(statements, devices[way], answers) for way, answers in WAYS.items()}
    assert differing(found) == []
    tell(f"asked alone: {sum(map(len, found['skips']))} statements of SQL a sitting, for each way to answer")


def test_a_save_that_is_left_out_where_nothing_was_said_is_noticed(
    clock, hand_over, make, new_client, statements, monkeypatch
):
    keep = kiosk_form.acts.save
    monkeypatch.setattr(
        kiosk_form.acts, "save", lambda *a, **k: keep(*a, **k) if a[5].answers else None
    )  # the planted fault
    devices = {way: hand_over(make.visit(), new_client()) for way in ("all no", "skips")}
    found = {way: counted(statements, devices[way], WAYS[way]) for way in devices}
    assert differing(found) == ["skips"]


def test_what_is_kept_takes_as_much_room_whatever_was_answered(hand_over, make, new_client, session):
    sittings(hand_over, make, new_client)
    rows = session.execute(select(ResponseSection.version, ResponseSection.safety, ResponseSection.care)).all()
    assert len(rows) == len(WAYS)
    assert {(row.version, len(row.safety), row.care) for row in rows} == {(rows[0].version, len(rows[0].safety), None)}
    told_of = {(each.page, each.end_reason) for each in session.scalars(select(Handover))}
    assert len(told_of) == 1, "and what stands in the clear is the same"


def test_how_long_it_takes_is_measured(hand_over, make, new_client):
    spent = {way: [] for way in WAYS}
    for _time in range(TIMES):
        for way, answers in WAYS.items():
            device = hand_over(make.visit(), new_client())
            device.get(HERE)
            start = time.perf_counter()
            answer_all(device, answers)
            spent[way].append((time.perf_counter() - start) * 1000)
    medians = {way: round(statistics.median(times), 1) for way, times in spent.items()}
    assert min(medians.values()) > 0
    tell(f"asked alone: median of {TIMES} sittings in ms, by way to answer: {medians}")
