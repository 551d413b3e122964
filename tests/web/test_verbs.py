"""Every route takes the verbs of its pages and no others; looking changes nothing; every answer says what it is."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.rows import changed, everything
from tests.sizes import share
from tests.web.world import routes

OTHERS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
ENDS_A_VISIT = "patient.leave.go"  # a plain link without a script: it ends the sitting of whoever follows it
# A look leaves a line in the audit trail and notes that the session is in use; the head of the trail moves along.
LEAVES = frozenset({"audit", "audit_head", "logins"})


@pytest.mark.dear
def test_a_verb_no_page_uses_is_refused_at_every_address(app, client, sign_in, world, session, backend):
    sign_in(world.therapist)
    client.get("/clinic")
    before, faults = everything(session), []
    for rule in share(app.url_map.iter_rules(), backend):
        for verb in OTHERS:
            if verb not in rule.methods:
                told = {"X-CSRFToken": client.token}
                answer = FlaskClient.open(
                    client, world.address(rule, filename="script.js", digest="x"), method=verb, headers=told
                )
                faults += [] if answer.status_code == 405 else [f"{verb} {rule.rule}: {answer.status_code}"]
                answer.close()
    assert faults == []
    assert changed(before, everything(session)) == set()


@pytest.mark.dear
@pytest.mark.parametrize("who", ["therapist", "desk", "admin", "patient"])
def test_looking_at_every_page_changes_nothing_but_the_audit_trail(
    app, client, sign_in, enter, world, session, who, backend
):
    if who == "patient":
        enter(world.invitation)
    else:
        sign_in(getattr(world, who))
    before, seen = everything(session), set()
    for verb in ("GET", "HEAD"):
        for rule in share(routes(app, "GET"), backend):
            if rule.endpoint not in {ENDS_A_VISIT, "static"}:
                answer = FlaskClient.open(client, world.address(rule), method=verb)
                seen.add(answer.status_code)
                answer.close()
    assert 200 in seen
    assert changed(before, everything(session)) <= LEAVES


def test_a_page_that_wrote_something_would_be_noticed(client, sign_in, make, session):
    sign_in(make.front_desk())
    before = everything(session)
    make.patient()
    client.get("/clinic")
    assert not changed(before, everything(session)) <= LEAVES


@pytest.mark.dear
def test_every_page_of_the_clinic_shows_the_way_out(app, client, sign_in, world, backend):
    seen, without = 0, []
    for who in ("therapist", "admin"):
        sign_in(getattr(world, who))
        for rule in share(routes(app, "GET"), backend):
            answer = FlaskClient.open(client, world.address(rule))
            page = answer.status_code == 200 and answer.mimetype == "text/html"
            if page and rule.endpoint.startswith(("clinic.", "admin.")):
                seen += 1
                without += [] if 'action="/sign-out"' in answer.text else [f"{who} {rule.rule} {answer.status_code}"]
            answer.close()
    assert seen > 5
    assert without == []


@pytest.mark.dear
def test_every_answer_says_what_kind_it_is_and_texts_in_which_letters(app, client, sign_in, world, backend):
    sign_in(world.therapist)
    faults = []
    for rule in share(app.url_map.iter_rules(), backend):
        if rule.endpoint == ENDS_A_VISIT:
            continue
        answer = FlaskClient.open(client, world.address(rule, filename="script.js", digest="x"))
        kind = answer.headers.get("Content-Type", "")
        if not kind or (kind.startswith("text/") and "charset=utf-8" not in kind.lower()):
            faults.append(f"{rule.rule}: {kind!r}")
        answer.close()
    assert faults == []


def test_the_cookie_stays_small_whatever_it_has_to_say(client, make, sign_in):
    sign_in(make.front_desk())
    details = {"legal_name": "\u6f22" * 200, "birth_date": "1993-04-27", "mobile_safe": "unknown"}
    answer = client.submit("/clinic/patients/new", details)
    assert answer.status_code == 303
    assert len(answer.headers["Set-Cookie"]) < 4096
