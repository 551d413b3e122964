"""What opens something stands behind the # of a link: no server, log or other site gets to see it."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import pytest
from werkzeug.routing import Map, Rule

from intake.actions import accounts
from intake.web import handed
from intake.web.admin.schedules import Stretch
from intake.web.logs import JsonLine
from intake.web.report import Sought
from tests.builders import PASSWORD, SECRET

ROOT = Path(__file__).parents[2]
UNGUESSED = re.compile(r"[\w-]{43}|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}")
# What the part after a ? may say, and that it is nothing about anybody.
ASKED = {
    "who": "the id of a colleague", "kind": "a kind of line", "since": "a day", "until": "a day",
    "after": "a path of ours", "for": "a path of ours", "kept": "the id of a page that was kept",
    "day": "a day", "before": "the number of a line", "more": "the name of a question",
    "code": "what is printed on a signed note, which opens nothing", "active": "that somebody is there",
    "again": "that the door is meant, whoever is in", "show": "that only what changed is meant",
    "form": "the name of a form", "part": "the name of a part of a form",
    "measure": "the name of a measure",
    "at": "a page of a preview", "page": "the number of a page",
}  # fmt: skip
# The fields of forms that are filled in from there.
FORMS = {
    form.__name__: [name for name in vars(form) if hasattr(getattr(form, name), "field_class")]
    for form in (Sought, Stretch)
}
PART = re.compile(r"<(?:([^:>]+):)?(\w+)>")


def roomy(rules):
    """The parts of addresses that could hold a word of somebody's: anything but an id or one of a few words."""
    found = {(str(rule), *part) for rule in rules for part in PART.findall(str(rule)) if rule.endpoint != "static"}
    return sorted(part for part in found if part[1] != "uuid" and not part[1].startswith("any("))


def asked(root=ROOT):
    """The names that are read from the part after the ?."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in root.glob("intake/**/*.py"))
    given = re.findall(r"request\.args\.get\(\"(\w+)\"", source) + re.findall(r"\"(\w+)\" in request\.args", source)
    listed = re.findall(r"for name in \(([^)]*)\) if \(value := request\.args", source)
    forms = re.findall(r"(\w+)\(formdata=request\.args[,)]", source)
    fields = [field for name in forms for field in FORMS[name]]
    return {*given, *fields, *(name.strip('" ') for names in listed for name in names.split(","))}


@pytest.fixture
def links(app, make, session):
    """Every kind of link that is handed to somebody, and what it carries."""
    setup, password = accounts.offer_setup(session, SECRET, now=make.now), make.link(make.therapist())
    code = make.codes[make.invitation().id]
    with app.test_request_context():
        return {
            handed.to_set_up(setup): setup, handed.to_choose(password): password, handed.to_form(code): code,
        }  # fmt: skip


def test_every_link_carries_its_secret_behind_the_hash(links):
    for link, secret in links.items():
        address, _hash, carried = link.partition("#")
        assert carried == secret
        assert not UNGUESSED.search(address)


def test_no_address_has_room_for_a_secret(app):
    assert roomy(app.url_map.iter_rules()) == []


def test_an_address_with_room_for_a_secret_is_noticed(app):
    planted = [Rule("/password/<token>", endpoint="x"), Rule("/people/<uuid:user_id>", endpoint="y")]
    Map(planted)
    assert roomy(planted) == [("/password/<token>", "", "token")]


def test_what_may_stand_behind_a_question_mark_is_listed():
    assert asked() == set(ASKED)


def test_a_page_that_reads_something_else_is_noticed(tmp_path):
    planted = tmp_path / "intake/web/planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text('name = request.args.get("token", "")', encoding="utf-8")
    assert asked(tmp_path) == {"token"}


def test_neither_the_log_nor_the_page_after_it_holds_what_a_link_carried(client, links, new_client):
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        for link in links:
            answer = new_client().submit(link.removeprefix("http://127.0.0.1:8000"), {"password": PASSWORD})
            assert answer.status_code in {303, 400, 422}
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert not UNGUESSED.search(answer.headers.get("Location", ""))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    log = stream.getvalue()
    assert {json.loads(line).get("route") for line in log.splitlines()} >= {"/password", "/set-up", "/f"}
    assert [secret for secret in links.values() if secret in log] == []
