"""Forty canaries in what was answered alone and done about it: found behind one button, and nowhere else."""

from __future__ import annotations

import html
import io
import logging

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from intake.actions import safety_entries
from intake.clinical.triage.safety import words
from intake.security import policy
from intake.security.policy import Role
from intake.store import visits
from intake.store.audit import AuditEvent
from intake.web.logs import JsonLine
from tests.alone import every_yes, questions
from tests.rows import everything
from tests.sizes import is_full, tell
from tests.web.test_crawl import addresses, paper, plain

MANY = 40
READERS = {"author", "colleague", "safety lead"}
LEAST = ("author", "admin", "privacy lead", "front desk")


@pytest.fixture
def told(clinic, session, make):
    """The clinic, after its patient gave the gravest answers alone and forty things were done about it."""
    visit = next(record for record in clinic.records["visit"] if record.name == "visit")
    author = clinic.actor("author").user
    found = visits.get(session, visit.id)
    make.alone({name: {"value": code} for name, code in every_yes().items()}, found)
    for number in range(1, MANY + 1):
        over = number  # one entry was there before
        safety_entries.write(session, found.patient, canary(number), over=over, by=author, now=make.now)
    session.rollback()
    return clinic


def canary(number):
    return f"marzipan{number:02}lighthouse"


def secrets():
    """The canaries, what the signs say, and the questions themselves: that they were asked is no news, how is."""
    rules = [plain(rule.staff) for rule in words().rules.values()]
    asked = [plain(question.text) for question in questions()]
    return {*(canary(number) for number in range(1, MANY + 1)), *rules, *asked}


def hits(text):
    seen = plain(html.unescape(text))
    return {secret for secret in secrets() if secret in seen}


def looked_through(app, clinic, names):
    """{who: the secrets on every page and paper there is an address for}."""
    found = {}
    for name in names:
        browser = clinic.actor(name).browser
        found[name] = set()
        for url in addresses(app, clinic):
            answer = FlaskClient.open(browser, url)
            text = paper(answer.data) if answer.mimetype == "application/pdf" else answer.text
            found[name] |= hits(f"{text} {answer.headers}")
        clinic.forget_tries()
    return found


def pressed(clinic, name):
    """The secrets behind the button."""
    browser = clinic.actor(name).browser
    FlaskClient.open(browser, "/account")
    address = f"/clinic/charts/{clinic.records['patient'][0].id}/alone"
    return hits(FlaskClient.open(browser, address, method="POST", data={"csrf_token": browser.token}).text)


@pytest.mark.dear
def test_they_stand_behind_the_button_and_on_no_page_paper_log_or_line(app, told, session):
    log, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(log)
    handler.setFormatter(JsonLine())
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    names = [actor.name for actor in told.actors]
    try:
        found = looked_through(app, told, names if is_full() else LEAST)
        behind = {name: pressed(told, name) for name in names}
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert not {name: seen for name, seen in found.items() if seen}
    assert {name for name, seen in behind.items() if seen} == READERS & set(names)
    assert all(behind[name] == secrets() for name in READERS & set(names)), "who may read it reads all of it"
    lines = session.scalars(select(AuditEvent)).all()
    told_in_lines = "".join(f"{line.reason} {line.outcome} {line.categories} {line.action}" for line in lines)
    assert not hits(log.getvalue())
    assert not hits(told_in_lines)
    tell(f"asked alone: {len(secrets())} canaries, {len(names)} people, found behind the button alone")


def test_nothing_of_it_stands_in_the_clear_in_the_database(told, session):
    rows = "\n".join(row for several in everything(session).values() for row in several)
    assert not {canary(number) for number in range(1, MANY + 1) if canary(number) in rows}
    assert "'safety'" in rows, "the name of the form stands there as it is"
    assert not [name for name in ("'ipv_", "'E9'", "'S11'") if name in rows]


@pytest.mark.dear
def test_a_page_that_shows_it_to_somebody_else_would_be_noticed(app, told, monkeypatch):
    """The planted fault: whoever wears the administrator's hat is taken for the safety lead."""
    monkeypatch.setitem(
        policy.RULES, policy.Permission.READ_SAFETY,
        (*policy.RULES[policy.Permission.READ_SAFETY], policy.is_admin),
    )  # fmt: skip
    assert pressed(told, "admin")
    assert Role.ADMIN in told.actor("admin").hats
