"""Every id there is, sent by everybody else in every place a page could take it from: nothing is found with it."""

from __future__ import annotations

import itertools
import random

import pytest
from flask.testing import FlaskClient

from tests.rows import changed, everything
from tests.sizes import size, tell
from tests.web import matrix
from tests.web.matrix import ALLOWED, ASKED, NOT_NOW, OPEN, Case
from tests.web.test_crawl import paper
from tests.web.test_matrix import KEPT_BY_THE_WAY, TOKEN
from tests.web.world import PART, routes

REPLAYS = size(200, 50_000)
PAGE = matrix.said()
PLACES = ("path", "query", "header", "form", "json")
NO_RELATION = (
    "former therapist", "author who left the team", "therapist elsewhere", "emergency over", "emergency ended",
    "former assistant", "assistant elsewhere", "front desk", "admin", "privacy lead", "desk and privacy lead",
    "admin and therapist elsewhere", "without a role", "nobody", "switched off", "locked", "half way in", "patient",
)  # fmt: skip
SEES_NAMES = {"front desk", "admin", "desk and privacy lead", "admin and therapist elsewhere"}


@pytest.fixture
def secrets(clinic):
    """The words that say something of the patient: her name and what is planted in her records."""
    hidden = {word for tier in ("care", "sensitive", "safety") for word in clinic.planted[tier]}
    return hidden, {clinic.patient.legal_name}


def replays(app, clinic):
    """(who, place, record, route) of every id by everybody in every place."""
    records = [record for several in clinic.records.values() for record in several]
    for rule in [*routes(app, "GET"), *routes(app, "POST")]:
        ids = [name for name in rule.arguments if name.endswith("_id")]
        for name, record, place in itertools.product(NO_RELATION, records, PLACES):
            if (place == "path") == bool(ids):
                yield name, place, record, rule


def send(browser, rule, verb, place, record):
    """One replay: the id where a page could take it from."""
    names = {f"{kind}_id": str(record.id) for kind in {record.kind, "patient", "note", "id"}}
    values = dict.fromkeys(rule.arguments, record.id) | {"state": "on", "paper": "letter"}
    url = PART.sub(lambda part: str(values[part[1]]), rule.rule)
    headers = {f"X-{name.replace('_', '-').title()}": value for name, value in names.items()}
    extra = {
        "path": {}, "query": {"query_string": names}, "header": {"headers": headers},
        "form": {}, "json": {"json": names},
    }[place]  # fmt: skip
    if verb == "POST" and place != "json":
        extra["data"] = {"csrf_token": browser.token, **(names if place == "form" else {})}
    return url, FlaskClient.open(browser, url, method=verb, **extra)


def may_use(clinic, name, rule, verb, place, record):
    """Whether the page of the policy lets them do this with this record anyway."""
    _permission, kind = ASKED[rule.endpoint]
    if place == "path" and kind != record.kind:
        return False
    about = record if place == "path" else matrix.Record("-", "", None)
    case = Case(rule.endpoint, verb, clinic.actor(name), about, "", frozenset(rule.methods))
    return case.expected(PAGE) in {ALLOWED, NOT_NOW, OPEN}


def words(answer):
    """What a page or a paper says, without tokens."""
    return TOKEN.sub("", paper(answer.data) if answer.mimetype == "application/pdf" else answer.text)


def hits(app, clinic, secrets, tries):
    """The replays that showed or opened something."""
    hidden, names = secrets
    for name, place, record, rule in tries:
        verb = "POST" if "POST" in rule.methods else "GET"
        usable = may_use(clinic, name, rule, verb, place, record)
        if usable and verb == "POST":
            continue  # an act of their own: the matrix tries those, and bad input their fields
        browser = clinic.actor(name).browser
        before = words(FlaskClient.open(browser, rule.rule)) if usable and place != "path" else ""
        url, answer = send(browser, rule, verb, place, record)
        said = words(answer)
        told = {word for word in hidden | (set() if name in SEES_NAMES else names) if word in said}
        opened = not usable and answer.status_code < 300
        told = set() if usable and place == "path" else {word for word in told if word not in before}
        if answer.status_code >= 500 or opened or told:
            yield f"{name}: {verb} {url} with {record} in the {place}: {answer.status_code} {sorted(told)[:3]}"


@pytest.mark.dear
def test_no_id_opens_anything_for_somebody_else(app, clinic, session, secrets):
    every = list(replays(app, clinic))
    tries = random.Random(11).sample(every, min(REPLAYS, len(every)))
    before = everything(session)
    found = list(hits(app, clinic, secrets, tries))
    tell(f"replays: {len(tries)} of {len(every)} ids in path, query, header, form and JSON, {len(found)} hits")
    assert found == []
    assert changed(before, everything(session)) <= KEPT_BY_THE_WAY


def test_a_view_that_takes_the_id_from_the_query_would_be_noticed(app, clinic, secrets, monkeypatch, session):
    """The planted fault: the day also shows the patient whose id somebody adds to the address."""
    from flask import request

    from intake.store import patients

    shown = app.view_functions["clinic.today.index"]

    def careless(**values):
        named = request.args.get("patient_id")
        found = patients.get(session, __import__("uuid").UUID(named)) if named else None
        return found.legal_name if found else shown(**values)

    monkeypatch.setitem(app.view_functions, "clinic.today.index", careless)
    tries = [each for each in replays(app, clinic) if each[3].endpoint == "clinic.today.index" and each[1] == "query"]
    tries = [each for each in tries if each[2].kind == "patient"]
    assert list(hits(app, clinic, secrets, tries))
