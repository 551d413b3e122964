"""Structured logs: one JSON object a line, and nothing in it that anybody said, typed, or was called."""

from __future__ import annotations

import io
import json
import logging

import pytest
from flask.testing import FlaskClient

from intake.web.guard import public
from intake.web.logs import FIELDS, JsonLine
from tests.builders import PASSWORD
from tests.emptied import new_app
from tests.pages import place, save, send

CANARY = "marzipan-lighthouse"
ALLOWED = {"at", "level", "logger", "message", "error", "where", *FIELDS}


@pytest.fixture
def written():
    """Everything any logger writes, as the server would write it."""
    stream, handler, root = io.StringIO(), None, logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(written):
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_logged_by_its_pattern_with_listed_fields_only(written, client, make):
    client.get(f"/clinic/patients/{make.patient().id}?secret={CANARY}")
    line = next(line for line in lines(written) if line["message"] == "request")
    assert line["route"] == "/clinic/patients/<uuid:patient_id>"
    assert line["status"] == 302
    assert set(line) <= ALLOWED


def test_no_name_answer_token_code_password_or_query_string_reaches_the_logs(
    written, client, new_client, make, enter, sign_in
):
    visit = make.visit(make.patient(legal_name=f"Rowan {CANARY}"))
    invitation = make.invitation(visit)
    enter(invitation)
    save(client, place("fn_goal_top"), {"fn_goal_top": f"answer {CANARY}", "fn_psfs.count": CANARY})
    save(client, place("rf_bleed"), {"rf_bleed": CANARY})
    save(client, place("ti_triggers"), {f"unknown-{CANARY}": CANARY})
    send(client, "start", {"code": CANARY, "birth_date.year": CANARY})
    staff = sign_in(visit.therapist, new_client())
    staff.get(f"/clinic/patients?q={CANARY}")
    staff.submit("/clinic/patients", {"q": CANARY})
    staff.get(f"/clinic/charts/{visit.patient_id}")
    staff.get(f"/nowhere/{CANARY}")
    staff.submit("/sign-in", {"email": f"{CANARY}@example.org", "password": CANARY})
    log = written.getvalue()
    secrets = (
        CANARY,
        visit.therapist.name,
        visit.therapist.email,
        PASSWORD,
        make.codes[invitation.id],
        "1993",
        str(visit.patient_id),
    )
    assert [secret for secret in secrets if secret in log] == []
    assert len(lines(written)) > 8
    assert all(set(line) <= ALLOWED for line in lines(written))


def test_a_fault_is_logged_by_its_kind_and_place_without_its_words(written, url):
    @public
    def fail():
        raise ValueError(CANARY)

    app = new_app(url)
    app.add_url_rule("/broken", view_func=fail)
    page = FlaskClient(app, app.response_class).get(f"/broken?{CANARY}").text
    assert CANARY not in written.getvalue()
    line = next(line for line in lines(written) if line["message"] == "unforeseen")
    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("test_logs.py:")
    assert line["incident"] in page
    app.extensions["engine"].dispose()


def test_a_message_s_arguments_are_left_out(written):
    logging.getLogger("somebody.else").warning("could not read %s", CANARY)
    logging.getLogger("somebody.else").error(ValueError(CANARY))
    assert CANARY not in written.getvalue()
    assert [line["message"] for line in lines(written)] == ["could not read %s", "ValueError"]
