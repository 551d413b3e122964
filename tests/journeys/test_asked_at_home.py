"""At home too: whoever answers yes, no, nothing gets the same answers of the server, back in her own form as well."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intake.store.audit import AuditEvent
from intake.store.handovers import Handover
from intake.store.responses import Response, ResponseSection
from intake.web.kiosk import form as kiosk_form
from intake.web.patient import alone as offer
from intake.web.patient import tasks
from tests import alone, pages
from tests.alone import WAYS, answer_all_at_home, every_yes, is_offered, open_at_home
from tests.journeys.test_asked_alone import differing, told
from tests.sizes import tell

FEW = {name: WAYS[name] for name in ("all no", "all yes", "skips")}


@pytest.fixture
def patients(clock, at_home, make, new_client):
    """{way: a patient who has just opened it}."""

    def opened(ways=WAYS):
        browsers = {way: at_home(make.invitation(), new_client()) for way in ways}
        for browser in browsers.values():
            open_at_home(browser)
        return browsers

    return opened


def walked(browsers, ways=WAYS):
    """{way: every answer of the server, until her own form and a look at its parts}."""
    found = {}
    for way, answers in ways.items():
        seen = answer_all_at_home(browsers[way], answers)
        pages.send(browsers[way], "tasks", {"_go": "tasks"})
        found[way] = [told(answer) for answer in [*seen, browsers[way].get(pages.PATH)]]
    return found


def test_every_page_back_into_her_form_is_the_same_bytes_whatever_is_answered(patients):
    found = walked(patients())
    assert differing(found) == []
    assert {len(answers) for answers in found.values()} == {11}, "as many requests for everybody"
    tell(f"asked at home: {len(found)} ways to answer, {sum(map(len, found.values()))} answers, all alike")


def test_the_database_is_asked_the_same_whatever_is_answered(patients, statements):
    found = {}
    for way, browser in patients().items():
        statements.clear()
        answer_all_at_home(browser, WAYS[way])
        found[way] = list(statements)
    assert differing(found) == []
    assert len(found["skips"]) > 20
    tell(f"asked at home: {len(found['skips'])} statements of SQL a sitting, for each way to answer")


def test_what_is_kept_and_what_the_trail_says_is_the_same_whatever_was_answered(patients, session):
    walked(patients())
    query = select(ResponseSection.version, ResponseSection.safety).join(
        Response, Response.id == ResponseSection.response_id
    )
    rows = session.execute(query.where(Response.form == "safety")).all()
    assert {(row.version, len(row.safety)) for row in rows} == {(rows[0].version, len(rows[0].safety))}
    told_of = [(each.page, each.end_reason, each.at_home) for each in session.scalars(select(Handover))]
    assert told_of == [(4, "given-back", True)] * len(WAYS)
    lines = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("device."))).all()
    said = {(line.action, line.actor_kind, line.reason, line.categories, line.outcome) for line in lines}
    assert len(said) == 2
    assert len(lines) == 2 * len(WAYS)


def shown_back(patch):
    """Her form says that there were answers."""
    keep = tasks.render_template

    def careless(name, **values):
        visit_id = values["intake"].response.visit_id
        found = offer.handovers.of_visit(offer.session, visit_id)
        said = kiosk_form.responses.answers(offer.session, found[0].response_id) if found else {}
        more = "<p>Thank you for telling us.</p>" if any("value" in each for each in said.values()) else ""
        return keep(name, **values).replace("</main>", f"{more}</main>")

    patch.setattr(tasks, "render_template", careless)


def offered_again(patch):
    """Whoever answered nothing is asked once more."""

    def careless(found, _now):
        said = [kiosk_form.responses.answers(offer.session, each.response_id) for each in found]
        return any("value" in answer for answers in said for answer in answers.values())

    patch.setattr(offer.handovers, "is_spent", careless)


@pytest.mark.parametrize("plant", [shown_back, offered_again])
def test_a_form_that_differs_afterwards_is_noticed(patients, monkeypatch, plant):
    browsers = patients(FEW)
    plant(monkeypatch)
    assert differing(walked(browsers, FEW))


def test_leaving_in_a_hurry_leaves_the_same_whatever_was_answered(patients, session):
    found = {}
    for way, browser in patients(FEW).items():
        first = {name: code for name, code in FEW[way].items() if name in {q.id for q in alone.questions("page 1.1")}}
        alone.send(browser, "page 1.1", first)
        browser.get(alone.HERE)
        left = browser.get("/f/leave")
        found[way] = told(left), told(browser.get(pages.PATH))
    assert differing(found) == []
    assert {each.end_reason for each in session.scalars(select(Handover))} == {"left"}


def test_who_comes_back_with_the_same_link_finds_neither_answers_nor_the_offer(
    patients, session, enter, new_client, make
):
    for browser in patients(FEW).values():
        answer_all_at_home(browser, every_yes())
    for handover in session.scalars(select(Handover)).all():
        (invitation,) = handover.visit.invitations
        later = enter(invitation, new_client())
        alone.say_private(later)
        assert not is_offered(later)
        assert later.get(alone.HERE).location == pages.PATH
