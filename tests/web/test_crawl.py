"""Words of every tier are planted in a patient's records; each role walks through the whole site and finds its own."""

from __future__ import annotations

import html
import re
from uuid import UUID

import pypdfium2 as pdfium
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from intake.clinical.triage import message
from intake.forms import disclosure, reader
from intake.forms.conditions import visible_answers
from intake.library.reader import topics
from intake.store import responses
from intake.store.audit import AuditEvent
from intake.web import actor as actors
from tests.sizes import size, tell
from tests.web.standings import PRIVATE
from tests.web.world import routes

DESK, CARE, SENSITIVE, SAFETY, SIGN, EMERGENCY = "desk", "care", "sensitive", "safety", "sign", "emergency"
# Which words each may come upon. Whatever is not named must not be found anywhere.
MAY_FIND = {
    "author": {DESK, CARE, SENSITIVE, SAFETY, SIGN},
    "assistant": {DESK, CARE},
    "front desk": {DESK},
    "in an emergency": {DESK, CARE, SIGN},
    "privacy lead": {EMERGENCY},
    "therapist elsewhere": {SIGN},  # on call for every sign that does not speak of violence
    "in an emergency, private part too": {DESK, CARE, SENSITIVE, SIGN},
    "admin": {DESK},
    "colleague": {DESK, CARE, SENSITIVE, SAFETY, SIGN},
    "author who left the team": {SIGN},
    "emergency over": {SIGN},
    "assistant elsewhere": set(),
    "without a role": set(),
    "nobody": set(),
}
PEOPLE = list(MAY_FIND)[: size(4, len(MAY_FIND))]
# What they do find, so that a walk that sees nothing is noticed.
FINDS = {
    "author": {DESK, CARE, SENSITIVE, SAFETY, SIGN}, "colleague": {CARE, SENSITIVE, SAFETY},
    "in an emergency": {CARE}, "in an emergency, private part too": {CARE, SENSITIVE}, "assistant": {CARE},
    "front desk": {DESK}, "admin": {DESK}, "privacy lead": {EMERGENCY}, "therapist elsewhere": {SIGN},
}  # fmt: skip
# What the line about a look says of a page on which a word was found: the sign is about care, and an emergency's words
# are no part of the record.
SAYS = {DESK: DESK, CARE: CARE, SENSITIVE: SENSITIVE, SAFETY: SAFETY, SIGN: CARE}
# Where a planted fault is looked for: everything stands there.
CHARTS = ("/clinic/charts/", "/clinic/intakes/", "/clinic/responses/", "/clinic/notes/")
TAG = re.compile(r"<[^>]+>")
SPACES = re.compile(r"[\s\u00ad\u200b]+")


def addresses(app, clinic):
    """Every address that can be looked at, about every record."""
    for rule in routes(app, "GET"):
        if rule.endpoint == "clinic.papers.show":  # a blank form asks everybody everything, and is about nobody
            continue
        kinds = [name.removesuffix("_id") for name in rule.arguments if name.endswith("_id")]
        for record in clinic.records[kinds[0]] if kinds else [None]:
            values = {f"{kinds[0]}_id": record.id} if kinds else {}
            url = rule.rule
            for name, value in {**values, "paper": "letter"}.items():
                url = re.sub(rf"<(?:[^>]*:)?{name}>", str(value), url)
            yield url
    yield f"/clinic/patients?q={clinic.patient.legal_name.split()[0]}"


def walk(app, clinic, person, below=""):
    """All the words somebody is shown: pages and documents with their headers, without markup and spaces.

    With them the pages that the audit trail says less about than stood there.
    """
    seen, untold = [], []
    for url in [each for each in addresses(app, clinic) if each.startswith(below)]:
        newest = newest_line(clinic)
        answer = FlaskClient.open(person.browser, url)
        assert answer.status_code < 500, f"{person}: {url}: {answer.status_code}"
        words = paper(answer.data) if answer.mimetype == "application/pdf" else html.unescape(answer.text)
        seen.append(plain(f"{words} {answer.headers}"))
        untold += [(url, tier) for tier in sorted(parts(clinic, seen[-1]) - told(clinic, newest))]
    clinic.forget_tries()
    return "\n".join(seen), untold


def newest_line(clinic):
    clinic.session.rollback()
    newest = clinic.session.scalar(select(func.max(AuditEvent.seq))) or 0
    clinic.session.rollback()
    return newest


def parts(clinic, words):
    """The parts of the record whose words these are."""
    return {SAYS[tier] for tier in tiers_found(clinic, words) & SAYS.keys()}


def told(clinic, since):
    """The parts of the record that the lines written since then name."""
    lines = clinic.session.scalars(select(AuditEvent.categories).where(AuditEvent.seq > since)).all()
    clinic.session.rollback()
    return {part for line in lines for part in line.split()}


def paper(content):
    """What a document says, in its text and about itself."""
    with pdfium.PdfDocument(content) as read:
        return " ".join([*(page.get_textpage().get_text_range() for page in read), str(read.get_metadata_dict())])


def plain(words):
    return SPACES.sub("", words)


def tiers_found(clinic, seen):
    return {tier for tier, words in clinic.planted.items() if any(word in seen for word in words)}


@pytest.fixture
def walks(app, clinic):
    return {name: walk(app, clinic, clinic.actor(name)) for name in PEOPLE}


def test_each_role_finds_the_words_of_its_tiers_and_no_others_and_the_trail_says_so(clinic, walks):
    walked = {name: seen for name, (seen, _untold) in walks.items()}
    hits = {name: tiers_found(clinic, seen) - MAY_FIND[name] for name, seen in walked.items()}
    words = sum(map(len, clinic.planted.values()))
    tell(f"canaries: {words} words, {len(walked)} people, hits {sum(map(len, hits.values()))}")
    assert not {name: tiers for name, tiers in hits.items() if tiers}
    missed = {name: tiers - tiers_found(clinic, walked[name]) for name, tiers in FINDS.items() if name in walked}
    assert not {name: tiers for name, tiers in missed.items() if tiers}
    own = walked["author"]
    lost = {word for tier in (DESK, CARE, SENSITIVE, SAFETY, SIGN) for word in clinic.planted[tier] if word not in own}
    assert not lost, "the treating therapist reads all of it"
    assert_no_questions_either(clinic, walked)
    untold = {name: pages for name, (_seen, pages) in walks.items() if pages}
    assert not untold, "the trail says less than stood on the page"


def assert_no_questions_either(clinic, walked):
    """That something private was asked, raised or taught is as private as the answer."""
    form, session = reader.latest("intake"), clinic.session
    asked = visible_answers(form, responses.answers(session, UUID(clinic.records["response"][0].id)))
    known = disclosure.tiers(form)
    session.rollback()
    private = [plain(form.by_id[name].text) for name in asked if known[name] in {SENSITIVE, SAFETY}]
    private += [plain(topics()[name].title) for name in PRIVATE["cp_private_topics"]["value"]]
    violent = plain(message(clinic.violent.rule).title)
    session.rollback()
    for name in PEOPLE[1:6]:
        assert not [text for text in [*private, violent] if text in walked[name]], name
    assert all(text in walked["author"] for text in [*private, violent])


@pytest.mark.dear
def test_a_page_that_forgot_the_ceiling_would_be_noticed(app, clinic, monkeypatch):
    """The planted fault: whoever looks is taken for the treating therapist."""
    monkeypatch.setattr(actors, "ceiling", lambda: "safety")
    for name in PEOPLE[1:2]:
        found = tiers_found(clinic, walk(app, clinic, clinic.actor(name), CHARTS)[0])
        assert found - MAY_FIND[name] >= {SENSITIVE, SAFETY}, name


@pytest.mark.dear
def test_a_page_that_does_not_tell_the_trail_would_be_noticed(app, clinic, monkeypatch):
    """The planted fault: what is shown is not noted."""
    monkeypatch.setattr(actors, "saw", lambda _tiers: None)
    _seen, untold = walk(app, clinic, clinic.actor("author"), CHARTS)
    assert {tier for _url, tier in untold} == set(SAYS.values())
