"""Every route, verb, role, relation and state: what docs/policy.md says is what happens, and nothing more is told."""

from __future__ import annotations

import random
import re
from collections import Counter
from types import SimpleNamespace

import pytest
from flask import abort as stop
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from intake.security import policy
from intake.security.policy import Permission
from intake.store import notes
from intake.store.audit import AuditEvent
from intake.store.limits import Tally
from intake.web import guard
from tests.browsing import TOKEN
from tests.rows import changed, everything
from tests.sizes import size, tell
from tests.snapshots import Snapshot
from tests.web import matrix
from tests.web.matrix import (
    ALLOWED,
    ASKED,
    LISTS,
    NO_VERB,
    NOT_NOW,
    ON_THE_WAY,
    OPEN,
    REFUSED,
    UNLOGGED,
    WAY_IN,
)  # fmt: skip

CASES = size(200, 1_000_000)
PAGE = matrix.said()
PRINTED = {
    *("clinic.plans.preview", "clinic.plans.document", "clinic.printouts.document", "clinic.papers.show"),
    "clinic.chart_prints.document",
    "clinic.superbills.document",
    "clinic.measures.document",
}
OWN_TOKEN = re.compile(TOKEN.pattern)
KEPT_BY_THE_WAY = {"audit", "audit_head", "logins", "kept_pages"}


# ---------------------------------------------------------------- trying one case


class Trial:
    """Sends cases and says what is wrong with the answers."""

    def __init__(self, session, codes, patient):
        self.session, self.codes, self.patient = session, codes, patient
        self._nothing, self._seq = {}, 0
        self.verdicts = Counter()

    def forget(self):
        """What was told of records that do not exist."""
        self._nothing.clear()

    def faults(self, case):
        """What differs from the page of the policy, or tells more than it should; nothing when all is well."""
        expected = case.expected(PAGE)
        self._mark()
        answer = self._send(case, case.url)
        lines = self._lines()
        self.verdicts[expected] += 1
        found = verdict(answer, lines)
        if expected not in {found, OPEN}:
            yield f"{case}: {found} ({answer.status_code}) instead of {expected}"
        else:
            yield from (f"{case}: {fault}" for fault in self._told(case, expected, answer, lines))

    def _told(self, case, expected, answer, lines):
        """Whether the trail has its line, and a refusal looks like nothing at all."""
        permission, _kind = ASKED[case.endpoint]
        denied = [line for line in lines if line.action == "access.denied"]
        if expected in {REFUSED, NOT_NOW}:
            outcome = "denied" if expected == REFUSED else "not-now"
            if [(line.outcome, line.reason) for line in lines] != [(outcome, permission)]:
                yield f"the trail says {[(line.action, line.outcome) for line in lines]}"
            elif (lines[0].actor_id, str(lines[0].patient_id)) != (case.actor.id, str(case.record.patient)):
                yield "the line does not say who asked about whom"
        elif denied or (expected in {WAY_IN, NO_VERB} and lines):
            yield f"the trail says {[line.action for line in lines]}"
        elif expected == ALLOWED and permission not in UNLOGGED and (case.record.kind != "-" or permission in LISTS):
            mine = [line for line in lines if line.actor_id == case.actor.id]
            if not mine or (case.verb != "POST" and len(mine) != 1):
                yield f"{len(mine)} lines in the trail"
        if expected == REFUSED and case.record.is_there and seen(answer) != self._absent(case):
            yield "refused otherwise than what does not exist"

    def _absent(self, case):
        """What the same person is told of a record that does not exist."""
        key = case.endpoint, case.verb, case.actor.name
        if key not in self._nothing:
            url = case.url.replace(str(case.record.id), matrix.NOTHING)
            self._nothing[key] = seen(self._send(case, url))
        return self._nothing[key]

    def _send(self, case, url):
        self.session.rollback()
        browser = case.actor.browser
        with browser.session_transaction() as cookie:
            cookie.pop("_flashes", None)  # what an earlier act left to be said is no part of this answer
        data = {"csrf_token": browser.token} if case.verb not in {"GET", "HEAD", "OPTIONS"} else None
        if case.endpoint == "clinic.visits.slip":
            data = {**(data or {}), "code": self.codes.get(str(case.record.id), "")}
        answer = FlaskClient.open(browser, url, method=case.verb, data=data)
        assert answer.status_code < 500, f"{case}: {answer.status_code} {answer.text[:2000]}"
        return answer

    def _mark(self):
        self._seq = self.session.scalar(select(func.max(AuditEvent.seq))) or 0
        self.session.rollback()

    def _lines(self):
        lines = self.session.scalars(select(AuditEvent).where(AuditEvent.seq > self._seq)).all()
        kept = [
            SimpleNamespace(**{c.key: getattr(line, c.key) for c in AuditEvent.__mapper__.columns}) for line in lines
        ]
        self.session.rollback()
        return kept


def verdict(answer, lines):
    """What became of it. A device that was handed over leads to its form; so does handing it over, which tells."""
    if answer.status_code == 405:
        return NO_VERB
    if answer.status_code == 409 and any(line.outcome == "not-now" for line in lines):
        return NOT_NOW
    if answer.status_code == 404:
        return REFUSED
    where = (answer.location or "").partition("?")[0]
    on_the_way = answer.status_code in {302, 303} and where in {"/sign-in", "/sign-in/second", "/lock"}
    handed = where == "/here" and not lines
    return WAY_IN if on_the_way or handed or answer.status_code == 401 else ALLOWED


def seen(answer):
    """All that somebody can tell of an answer: not the token of its form, which is another on every page."""
    headers = sorted((name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date"})
    return answer.status_code, OWN_TOKEN.sub("", answer.text), headers


def run(trial, chosen, session, snapshot):
    """The faults of all of them. What is refused comes first and changes nothing; each act is undone after it."""
    before, found = everything(session), []
    for case in chosen:
        if not acts(case):
            if case.endpoint in PRINTED:
                session.execute(delete(Tally))  # the clock stands, so nobody could print for long
                session.commit()
            found += trial.faults(case)
    if tables := changed(before, everything(session)) - KEPT_BY_THE_WAY:
        found.append(f"what was only looked at or refused changed {tables}")
    for case in chosen:
        if acts(case):
            found += trial.faults(case)
            back(session, snapshot, case.actor)
    return found


def acts(case):
    """Whether it changes something: what is sent, and leaving, which ends her session by a link."""
    changes = case.verb == "POST" or case.endpoint == "patient.leave.go"
    return changes and case.expected(PAGE) in {ALLOWED, OPEN}


def back(session, snapshot, actor):
    """The database as it was, and the browser's cookie: some acts end the session they come from."""
    session.rollback()
    snapshot.restore()
    session.expire_all()
    with actor.browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(actor.cookie)


# ---------------------------------------------------------------- the tests


@pytest.fixture
def snapshot(clinic, engine, session):
    session.rollback()
    kept = Snapshot(engine)
    yield kept
    kept.close()


@pytest.fixture
def trial(session, clinic):
    return Trial(session, clinic.codes, clinic.patient)


@pytest.fixture
def all_cases(app, clinic):
    return list(matrix.cases(app, clinic.actors, clinic.records))


def some(found, number):
    """A part of the cases, the same every time: of each route and outcome one, and others by chance."""
    if number >= len(found):
        return found
    order = random.Random(7)  # a choice of tests, no secret
    shuffled = order.sample(found, len(found))
    first = {(case.endpoint, case.expected(PAGE)): case for case in shuffled if case.verb in case.verbs}
    picked = {id(case): case for case in first.values()}
    for case in shuffled:
        if len(picked) >= number:
            break
        picked[id(case)] = case
    return list(picked.values())


def test_every_route_is_in_the_matrix_with_the_permission_it_asks_for(app):
    def asked(view):
        if getattr(view, "standings", ()):
            return ON_THE_WAY
        return str(view.permission) if view.permission else matrix.PUBLIC

    found = {
        rule.endpoint: asked(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    assert found == {name: permission for name, (permission, _kind) in ASKED.items()}


def test_every_line_of_the_policy_page_means_something_here():
    labels = {who for several in PAGE.who.values() for who in several} | set(PAGE.ceilings)
    patients = {
        "The patient whose invitation leads to this intake",
        "The patient who was handed a device with this form, or opened it at home",
    }
    assert labels - patients == set(matrix.MEANING)
    assert set(PAGE.who) == set(Permission)


def test_what_the_policy_page_says_is_what_happens(session, trial, all_cases, snapshot):
    chosen = some(all_cases, CASES)
    found = run(trial, chosen, session, snapshot)
    tell(f"matrix: {len(chosen)} of {len(all_cases)} cases, {len(found)} unexpected; {dict(trial.verdicts)}")
    assert found == []


def a_rule_too_wide(patch, _app):
    patch.setitem(policy.RULES, Permission.READ_NOTE, (*policy.RULES[Permission.READ_NOTE], policy.is_front_desk))


def a_loader_that_fetches_everything(patch, app):
    patch.setitem(app.view_functions["clinic.notes.show"].loaders, "note", lambda s, key, _within: notes.get(s, key))


def a_refusal_that_says_it_is_one(patch, _app):
    patch.setattr(guard, "abort", lambda _status: stop(403))


def a_refusal_without_a_line(patch, _app):
    patch.setattr(guard, "_line", lambda *_what: None)


def a_state_nobody_looks_at(patch, _app):
    patch.setattr(policy, "is_timely", lambda *_what: True)


def a_rule_forgotten(patch, _app):
    patch.setitem(policy.RULES, Permission.READ_NOTE, (policy.is_author,))


FAULTS = [
    a_rule_too_wide, a_loader_that_fetches_everything, a_refusal_that_says_it_is_one, a_refusal_without_a_line,
    a_state_nobody_looks_at, a_rule_forgotten,
]  # fmt: skip


@pytest.mark.dear
def test_a_planted_fault_is_noticed(app, session, trial, all_cases, snapshot, monkeypatch):
    about = {"clinic.notes.show", "clinic.notes.save"}
    chosen = [case for case in all_cases if case.endpoint in about and case.verb == "GET" and not acts(case)]
    late = [case for case in all_cases if case.endpoint in about and case.expected(PAGE) == NOT_NOW]
    chosen = late[:2] + some(chosen, 50)
    for plant in FAULTS:
        with monkeypatch.context() as patch:
            plant(patch, app)
            trial.forget()
            assert any(fault for case in chosen for fault in trial.faults(case)), plant.__name__
    trial.forget()
    assert run(trial, chosen, session, snapshot) == []
