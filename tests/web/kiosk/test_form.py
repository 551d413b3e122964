"""The form on a device that was handed over: the same pages whatever is answered, and nothing of them comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import handovers as acts
from intake.store import responses
from intake.store.audit import AuditEvent
from intake.store.handovers import Handover
from intake.store.responses import Response
from tests.alone import HERE, PAGES, answer_all, every_yes, given_back, send
from tests.browsing import TOKEN


@pytest.fixture
def device(clock, hand_over, make):
    return hand_over(make.visit())


def the_handover(session):
    return session.scalars(select(Handover)).one()


def test_it_leads_through_every_page_to_a_closing_page_and_the_end(device, session):
    for number, at in enumerate(PAGES, 1):
        page = device.get(HERE)
        assert f'value="{at}"' in page.text
        assert "<title>A form</title>" in page.text
        assert send(device, at).location == HERE
        assert the_handover(session).page == number + 1
    closing = device.get(HERE)
    assert "1-800-799-7233" in closing.text
    assert "We show these numbers to everyone" in closing.text
    end = send(device, "done")
    assert (end.status_code, end.location) == (303, HERE)
    assert given_back(device.get(HERE))
    assert the_handover(session).was_given_back
    assert session.scalars(select(Response)).one().status == responses.COMPLETED


def test_what_was_answered_is_kept_and_what_was_left_empty_is_marked_as_such(device, session):
    answer_all(device, every_yes())
    kept = responses.answers(session, the_handover(session).response_id)
    assert kept["ipv_afraid"]["value"] == "yes"
    assert kept["ipv_want"]["value"] == "numbers"
    assert len(kept) == 11


def test_a_question_left_empty_holds_nobody_up(device, session):
    answer_all(device, {})
    kept = responses.answers(session, the_handover(session).response_id)
    assert {answer["status"] for answer in kept.values()} == {"skipped"}
    assert len(kept) == 11


def test_she_can_be_done_on_any_page_and_what_stands_on_it_is_kept(device, session):
    send(device, PAGES[0], {"ipv_afraid": "yes"}, go="done")
    assert given_back(device.get(HERE))
    assert responses.answers(session, the_handover(session).response_id)["ipv_afraid"]["value"] == "yes"


def test_an_answer_is_never_shown_back_not_even_where_a_page_is_asked_for_again(device):
    send(device, PAGES[0], every_yes(PAGES[0]))
    for way in ("", "?again", "?page=1", "#page"):
        assert "checked" not in device.get(HERE + way).text
    assert f'value="{PAGES[1]}"' in device.get(HERE).text


def test_a_page_that_is_sent_once_more_adds_what_it_says_and_takes_nothing_away(device, session):
    send(device, PAGES[0], {"ipv_afraid": "yes"})
    send(device, PAGES[0], {"ipv_hurt": "yes"})
    kept = responses.answers(session, the_handover(session).response_id)
    assert (kept["ipv_afraid"]["value"], kept["ipv_hurt"]["value"]) == ("yes", "yes")
    assert f'value="{PAGES[1]}"' in device.get(HERE).text


@pytest.mark.parametrize(("minutes", "times", "lasts"), [(4, 1, True), (5, 1, False), (4, 4, True), (4, 5, False)])
def test_it_ends_after_five_minutes_idle_or_twenty_in_all(device, clock, minutes, times, lasts):
    for _time in range(times):
        clock.shift(timedelta(minutes=minutes))
        page = device.get(HERE)
    assert given_back(page) != lasts


def test_what_comes_in_after_it_ended_changes_nothing_and_leads_to_the_end(device, session, clock):
    send(device, PAGES[0], {"ipv_afraid": "no"})
    device.get(HERE)
    clock.shift(timedelta(minutes=6))
    assert send(device, PAGES[1], {"sx_pressure": "never"}).location == HERE
    assert given_back(device.get(HERE))
    assert "sx_pressure" not in responses.answers(session, the_handover(session).response_id)


def test_the_page_says_how_long_it_stays_open(device, clock):
    assert 'data-left="300"' in device.get(HERE).text
    for _time in range(4):
        clock.shift(timedelta(minutes=4, seconds=20))
        page = device.get(HERE)
    assert 'data-left="160"' in page.text
    assert 'content="161"' in page.text, "without script the page is looked for again then"


def test_ended_from_another_device_it_shows_the_end(device, session, make):
    handover = the_handover(session)
    acts.end(session, handover, by=handover.visit.therapist, now=make.now)
    assert given_back(device.get(HERE))


def test_a_visit_that_is_called_off_closes_it(device, session, make):
    the_handover(session).visit.cancelled_at = make.now
    session.commit()
    assert given_back(device.get(HERE))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/clinic",
        "/clinic/patients",
        "/sign-in",
        "/lock",
        "/f",
        "/f/leave",
        "/account",
        "/admin/settings",
        "/nowhere",
    ],
)
def test_while_it_is_open_every_other_address_leads_to_it(device, address):
    answer = device.get(address)
    assert (answer.status_code, answer.location) == (303, HERE)


def test_the_cookie_names_a_handover_and_nothing_else(device, session):
    send(device, PAGES[0], every_yes(PAGES[0]))
    with device.session_transaction() as cookie:
        assert set(cookie) == {"kiosk", "csrf_token"}
        assert str(the_handover(session).id) not in str(dict(cookie))


def test_once_it_is_over_the_browser_is_nobody_and_can_be_signed_in_with(device):
    answer_all(device, {})
    assert device.get("/sign-in").status_code == 200
    assert device.get("/clinic").location.startswith("/sign-in")


def test_sent_again_by_going_back_after_the_end_it_leads_to_the_end(device, session):
    answer_all(device, {})
    assert send(device, PAGES[0], {"ipv_afraid": "yes"}).location == HERE
    assert given_back(device.get(HERE))
    assert responses.answers(session, the_handover(session).response_id)["ipv_afraid"]["status"] == "skipped"


def test_the_trail_has_a_line_when_it_begins_and_one_when_it_ends_whatever_was_answered(
    new_client, hand_over, make, session
):
    told = []
    for answers in ({}, every_yes()):
        before = session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq.desc())).first() or 0
        answer_all(hand_over(make.visit(), new_client()), answers)
        lines = session.scalars(select(AuditEvent).where(AuditEvent.seq > before).order_by(AuditEvent.seq)).all()
        told.append([(line.action, line.outcome, line.categories, line.reason) for line in lines][-2:])
    assert told[0] == told[1]
    assert [action for action, *_more in told[0]] == ["device.handed-over", "device.given-back"]


def test_with_nobody_there_the_address_shows_the_end_and_sets_no_cookie(client):
    page = client.get(HERE)
    assert given_back(page)
    assert "Set-Cookie" not in page.headers
    assert TOKEN.search(page.text) is None


def test_what_no_page_of_ours_sends_is_refused_on_a_page_without_a_title(device, session):
    answer = send(device, PAGES[0], {"ipv_afraid": "perhaps"})
    assert answer.status_code == 400
    assert "<title>A form</title>" in answer.text
    assert the_handover(session).page == 1
