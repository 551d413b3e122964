"""What was said stays where it belongs: not in logs, whatever fails, nor in addresses, mail, or beside documents."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
from contextlib import contextmanager
from datetime import date
from html import unescape
from threading import Event
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from flask import before_render_template, request
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from intake.actions import safety_entries, trail
from intake.cli.worker import turn
from intake.security.sinks import MailServer, Sink
from intake.store import outbox
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.plans import Plan
from intake.store.responses import Response
from intake.web.logs import JsonLine
from tests.builders import PASSWORD, PLAN
from tests.pages import PATH, place, save
from tests.sizes import share, tell
from tests.web.world import routes

CANARY = "marzipan"
WORDS = f"{CANARY}-lighthouse <b> 1987-11-23"
BORN = date(1987, 11, 23)
SECRETS = (CANARY, "1987-11-23", "She called from the hospital", PASSWORD)
HER = "rowan@example.org"
ADDRESS = re.compile(r"""\b(?:href|action|src|formaction|poster|srcset|ping|content)\s*=\s*"([^"]*)\"""")


@pytest.fixture
def told(world, session, make):
    """The world, and a canary in whatever can be said about its patient."""
    ids = {name: UUID(value) for name, value in world.ids.items() if name.endswith("_id")}
    patient = session.get_one(Patient, ids["patient_id"])
    patient.legal_name, patient.name_used, patient.birth_date = f"Rowan {WORDS}", WORDS, BORN
    patient.contacts = [{"method": "email", "value": f"{CANARY}@example.org", "safe": "safe"}]
    session.commit()
    make.answer(session.get_one(Response, ids["response_id"]), {"fn_goal_top": {"value": WORDS}})
    make.answer(session.get_one(Note, ids["note_id"]).response, {"im_impression": {"value": WORDS}})
    make.answer(session.get_one(Plan, ids["plan_id"]).response, {"cp_findings": {"value": WORDS}})
    safety_entries.write(session, patient, WORDS, over=0, by=world.therapist, now=make.now)
    return world


def found(text, words=SECRETS):
    return [word for word in words if word in text]


# ---------------------------------------------------------------- logs, whatever fails


@pytest.fixture
def both_logs():
    """(what the server writes, what a careless one would write) of the same events."""
    root, streams = logging.getLogger(), []
    level = root.level
    for formatter in (JsonLine(), logging.Formatter("%(message)s %(args)s")):
        handler = logging.StreamHandler(io.StringIO())
        handler.setFormatter(formatter)
        root.addHandler(handler)
        streams.append(handler)
    root.setLevel(logging.INFO)
    yield tuple(handler.stream for handler in streams)
    root.setLevel(level)
    for handler in streams:
        root.removeHandler(handler)


@contextmanager
def failing_pages(app):
    """Every page fails while it is written, and says in its fault all it was about to show."""

    def spill(_app, template, context, **_more):
        if template.name != "error.html":
            shown = {name: str(value) for name, value in context.items()}
            raise ValueError(WORDS, shown, request.values, request.cookies) from RuntimeError(WORDS)

    with before_render_template.connected_to(spill, app):
        yield


@contextmanager
def failing_views(app):
    """Every view fails at once."""

    def fail(**values):
        fault = TypeError(f"{WORDS} {values} {request.values}")
        fault.add_note(WORDS)
        raise fault

    kept = dict(app.view_functions)
    app.view_functions.update({name: fail for name in kept if name != "static"})
    try:
        yield
    finally:
        app.view_functions.update(kept)


@contextmanager
def failing_database(app):
    """Every statement fails, with its parameters in the fault."""

    def fail(_connection, _cursor, statement, parameters, _context, _many):
        raise OperationalError(statement, (WORDS, parameters), ValueError(WORDS))

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.dear
@pytest.mark.parametrize("fault", [failing_pages, failing_views, failing_database])
def test_whatever_fails_in_whichever_view_neither_the_log_nor_the_page_says_what_was_said(
    both_logs, app, new_client, sign_in, enter, told, fault, backend
):
    logged, careless = both_logs
    people = {
        who: sign_in(who, new_client())
        for who in (told.therapist, told.desk, told.admin, told.opener, told.privacy, told.lead)
    }
    patient = enter(told.invitation, new_client())
    for browser in {*people.values(), patient}:
        browser.get(PATH if browser is patient else "/sign-in")  # for the token of its forms
    failed = 0
    with fault(app):
        for method in ("GET", "POST"):
            for rule in share(routes(app, method), backend):
                who = told.who_may(rule.endpoint) if "." in rule.endpoint else None
                browser = people[who] if who else patient
                data = {"csrf_token": browser.token, "q": WORDS, "text": WORDS, "password": PASSWORD}
                sent = {"data": data} if method == "POST" else {"query_string": {"q": WORDS}}
                answer = FlaskClient.open(browser, told.address(rule), method=method, **sent)
                if answer.status_code == 500:
                    failed += 1
                    assert found(answer.text) == [], rule.rule
                    (incident,) = re.findall(r"<strong>([0-9a-f]{8})</strong>", answer.text)
                    assert incident in logged.getvalue()
    assert failed > 10
    assert found(logged.getvalue()) == []
    assert careless.getvalue().count(CANARY) >= failed, "the same faults do tell a careless log"
    tell(f"{fault.__name__}: {failed} failures, {len(logged.getvalue())} bytes of log, no canary")
    assert all(isinstance(json.loads(line), dict) for line in logged.getvalue().splitlines())


# ---------------------------------------------------------------- addresses


class Watching:
    """Every address a browser is told or goes to."""

    def __init__(self, app) -> None:
        self.seen, self._app = [], app

    def __enter__(self):
        self._app.after_request_funcs.setdefault(None, []).append(self._look)
        return self

    def __exit__(self, *_):
        self._app.after_request_funcs[None].remove(self._look)

    def _look(self, answer):
        self.seen.append(request.full_path)
        self.seen += [answer.headers[name] for name in ("Location", "Refresh", "Link") if name in answer.headers]
        if answer.mimetype == "text/html":
            self.seen += [unescape(address) for address in ADDRESS.findall(answer.get_data(as_text=True))]
        self.seen.append(answer.headers.get("Content-Disposition", ""))
        return answer

    def telling(self):
        return [address for address in self.seen if found(address, (CANARY, "1987-11-23", "lighthouse", "%3Cb%3E"))]


def test_no_address_page_redirect_or_file_name_says_what_was_said(app, new_client, sign_in, enter, told):
    with Watching(app) as watching:
        people = {
            who: sign_in(who, new_client())
            for who in (told.therapist, told.desk, told.admin, told.opener, told.privacy, told.lead)
        }
        patient = enter(told.invitation, new_client())
        for rule in routes(app, "GET"):
            who = told.who_may(rule.endpoint) if "." in rule.endpoint else None
            if rule.endpoint != "patient.leave.go":
                FlaskClient.open(people[who] if who else patient, told.address(rule))
        written(told, people, patient)
    assert len(watching.seen) > 300
    assert watching.telling() == []
    tell(f"{len(watching.seen)} addresses, no canary")


def written(told, people, patient):
    """Everything a canary can be typed into, sent."""
    desk, therapist, opener = people[told.desk], people[told.therapist], people[told.opener]
    new = {
        "legal_name": f"{CANARY} lighthouse",
        "birth_date": "1987-11-23",
        "mobile": "555-0123",
        "mobile_safe": "safe",
    }
    answers = [
        desk.submit("/clinic/patients", {"q": CANARY}),
        desk.submit("/clinic/patients/new", new),
        opener.submit("/clinic/emergency", {"name": CANARY, "birth_date": "1987-11-23"}),
        save(patient, place("fn_goal_top"), {"fn_goal_top": WORDS}),
        save(therapist, f"/clinic/notes/{told.ids['note_id']}", {"im_impression": WORDS}),
    ]
    codes = [answer.status_code for answer in answers]
    assert set(codes) <= {200, 303, 404}, codes
    assert patient.get(PATH).status_code == 200


def test_an_address_that_says_it_would_be_noticed(app, client):
    with Watching(app) as watching:
        client.get("/sign-in", query_string={"q": WORDS})
    assert watching.telling()


# ---------------------------------------------------------------- mail and documents


class Box:
    """A mailbox that keeps what it is sent."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(envelope.content.decode())
        return "250 OK"


def test_no_mail_says_what_was_said(told, session, make, client, sign_in):
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        sinks = (Sink("mail", "owner@example.org", "mail"),)
        assert trail.take(session, sinks, MailServer(port=port), now=make.now)
    finally:
        server.stop()
    assert len(box.mails) == 1
    assert found(box.mails[0], (*SECRETS, "Rowan")) == []
    page = sign_in(told.desk, client).submit(
        f"/clinic/visits/{told.ids['visit_id']}/invitations", at=f"/clinic/visits/{told.ids['visit_id']}"
    )
    text = unescape(re.search(r'<textarea id="message"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)[1])
    assert "Please answer a few questions" in text
    assert found(text, (*SECRETS, "Rowan", "pelvic", "birth to", "postpartum")) == []


@pytest.mark.parametrize("refused", [False, True])
def test_neither_the_worker_s_mails_nor_its_log_say_what_was_said(
    app, told, session, make, mailbox, mail_server, both_logs, client, sign_in, refused
):
    logged, _careless = both_logs
    patient = session.get_one(Patient, UUID(told.ids["patient_id"]))
    patient.contacts = [{"method": "email", "value": HER, "safe": "safe"}]
    session.commit()
    url = f"/clinic/visits/{told.ids['visit_id']}"
    assert sign_in(told.desk, client).submit(f"{url}/mail", at=url).status_code == 303
    outbox.notify(session, told.therapist.id, make.now)
    session.commit()
    if refused:
        mailbox.refused = {HER: f"550 {HER} {WORDS}", told.therapist.email: f"451 {WORDS}"}
    app.config["MAIL_SERVER"] = mail_server
    with app.app_context():
        turn(app, Event())
    app.config["MAIL_SERVER"] = MailServer()
    assert (len(mailbox.mails) >= 2) is not refused
    named = ("Rowan", "Fernbank", "pelvic", "postpartum", "therap", "emergency", "evaluation", "Pat Example")
    assert found(mailbox.raw, (*SECRETS, *named)) == []
    own = "\n".join(line for line in logged.getvalue().splitlines() if "intake." in line)
    assert found(own, (*SECRETS, *named[:2], HER, told.therapist.email)) == []
    assert ("mail not sent" in own) is refused


def test_nothing_beside_the_pages_of_a_document_says_whose_it_is(told, make, session, client, sign_in):
    note = make.note(session.get_one(Note, UUID(told.ids["signed_note"])).visit, signed=True)
    plan = make.plan(note, answers=PLAN | {"cp_findings": {"value": f"{CANARY} lighthouse"}}, issued=True)
    (issued,) = plan.documents
    answer = sign_in(plan.author, client).get(f"/clinic/plans/documents/{issued.id}")
    reader = PdfReader(io.BytesIO(answer.data))
    assert CANARY in "".join(page.extract_text() for page in reader.pages), "on the paper it stands, as it should"
    beside = f"{reader.metadata} {reader.xmp_metadata} {answer.headers} {issued.file_name} {reader.outline}"
    assert found(beside, (*SECRETS, "Rowan", "Pat Example", "Fernbank")) == []
    assert CANARY.encode() not in answer.data, "the text of its pages is compressed; nothing else holds it"
