"""The form that is answered alone: the same pages whatever is answered, and nothing of them comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import handovers as acts
from intake.actions import invitations, patients
from intake.store import flags, responses
from intake.store.audit import AuditEvent
from intake.store.handovers import Handover
from intake.store.people import NEUTRAL
from intake.store.responses import Response
from intake.store.sessions import Login
from tests import pages as form_pages
from tests.alone import (
    HERE,
    PAGES,
    answer_all,
    answer_all_at_home,
    every_no,
    every_yes,
    given_back,
    is_offered,
    look,
    open_at_home,
    say_alone,
    say_private,
    send,
)
from tests.browsing import TOKEN, alike
from tests.pages import PATH, place, where


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


@pytest.mark.parametrize(("minutes", "times", "lasts"), [(7, 1, True), (8, 1, False), (4, 4, True), (4, 5, False)])
def test_it_ends_after_eight_minutes_idle_or_twenty_in_all(device, clock, minutes, times, lasts):
    for _time in range(times):
        clock.shift(timedelta(minutes=minutes))
        page = device.get(HERE)
    assert given_back(page) != lasts


TOO_LATE = "What you sent last came too late and was not kept"


@pytest.mark.parametrize("said", [{"sx_pressure": "never"}, {"sx_pressure": "always"}, {}])
def test_what_comes_in_after_it_was_ended_changes_nothing_and_is_told_of_whatever_it_says(device, session, make, said):
    send(device, PAGES[0], {"ipv_afraid": "no"})
    device.get(HERE)
    handover = the_handover(session)
    acts.end(session, handover, by=handover.visit.therapist, now=make.now)
    assert send(device, PAGES[1], said).location == HERE
    page = device.get(HERE)
    assert given_back(page)
    assert TOO_LATE in page.text
    assert TOO_LATE not in device.get(HERE).text, "once"
    assert "sx_pressure" not in responses.answers(session, the_handover(session).response_id)


def test_a_page_without_an_answer_that_comes_in_after_it_was_ended_loses_nothing(device, session, make):
    handover = the_handover(session)
    acts.end(session, handover, by=handover.visit.therapist, now=make.now)
    send(device, "done")
    assert TOO_LATE not in device.get(HERE).text


def test_who_never_had_a_form_here_is_told_of_none(client):
    client.get(PATH)
    assert send(client, PAGES[0], {"ipv_afraid": "yes"}).status_code == 303
    assert TOO_LATE not in client.get(PATH).text


def twice(browser, at, fields, **more):
    """Press a button twice: both times the browser sends the cookie that it had before the first answer."""
    with browser.session_transaction() as cookie:
        token = cookie["kiosk"]
    send(browser, at, fields, **more)
    with browser.session_transaction() as cookie:
        cookie["kiosk"] = token
    return send(browser, at, fields, **more)


def test_who_is_done_and_presses_twice_reads_nothing_of_too_late(device, session):
    device.get(HERE)
    assert twice(device, PAGES[1], {"sx_pressure": "never"}, go="done").location == HERE
    assert responses.answers(session, the_handover(session).response_id)["sx_pressure"]["value"] == "never"
    assert TOO_LATE not in device.get(HERE).text


@pytest.mark.parametrize(("minutes", "kept"), [(8, True), (29, True), (30, False)])
def test_a_page_that_lay_open_too_long_is_kept_and_then_it_is_over(device, session, clock, minutes, kept):
    device.get(HERE)
    clock.shift(timedelta(minutes=minutes))
    assert send(device, PAGES[0], {"ipv_afraid": "yes", "ipv_hurt": "yes"}).location == HERE
    assert given_back(device.get(HERE))
    said = responses.answers(session, the_handover(session).response_id)
    assert (said.get("ipv_afraid", {}).get("value") == "yes") is kept


def test_the_page_says_how_long_it_stays_open(device, clock):
    assert 'data-left="480"' in device.get(HERE).text
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


def test_the_end_stands_there_until_somebody_signs_in_and_sets_no_token(device, make, walk_in):
    answer_all(device, {})
    page = device.get(HERE)
    assert given_back(page)
    assert TOKEN.search(page.text) is None
    walk_in(make.therapist(), device)
    assert device.get(HERE).location == PATH


def test_with_nobody_there_the_address_leads_to_the_door_and_sets_no_cookie(client):
    page = client.get(HERE)
    assert (page.status_code, page.location) == (303, PATH)
    assert "Set-Cookie" not in page.headers


def test_what_no_page_of_ours_sends_is_refused_on_a_page_without_a_title(device, session):
    answer = send(device, PAGES[0], {"ipv_afraid": "perhaps"})
    assert answer.status_code == 400
    assert "<title>A form</title>" in answer.text
    assert the_handover(session).page == 1


# ---------------------------------------------------------------- at home


@pytest.fixture
def home(clock, at_home):
    """A patient who has just opened it in her own sitting."""
    browser = at_home()
    open_at_home(browser)
    return browser


def test_at_home_the_same_pages_lead_back_to_her_own_form_and_her_sitting_goes_on(home, session):
    for number, at in enumerate(PAGES, 1):
        assert f'value="{at}"' in home.get(HERE).text
        assert send(home, at).location == HERE
        assert the_handover(session).page == number + 1
    closing = home.get(HERE).text
    assert "Nobody is watching this form." in closing
    for number in ("911", "1-800-799-7233", "988"):
        assert f'href="tel:{number}"' in closing
    assert "We last checked these numbers on Sep 15, 2026." in closing
    end = send(home, "done")
    assert (end.status_code, end.location, end.headers["Clear-Site-Data"]) == (303, PATH, '"cache", "storage"')
    page = home.get(PATH)
    assert where(page) == "tasks"
    assert "Thank you. You can say more, or nothing more, at your visit." in page.text
    assert the_handover(session).was_given_back
    with home.session_transaction() as cookie:
        assert set(cookie) == {"patient", "csrf_token"}


def test_at_home_nothing_promises_that_anybody_reads_it_before_the_visit(at_home):
    browser = at_home()
    say_private(browser)
    look(browser)
    texts = [browser.get(PATH).text]
    say_alone(browser)
    for at in PAGES:
        texts.append(browser.get(HERE).text)
        send(browser, at)
    texts.append(browser.get(HERE).text)
    said = " ".join(texts).lower()
    assert "it may not be before your visit" in said
    assert not [
        word for word in ("will read", "reads your answers before", "right away", "give the device") if word in said
    ]


@pytest.mark.parametrize("address", ["/", "/f", "/f?again", "/start", "/clinic", "/sign-in", "/account", "/nowhere"])
def test_at_home_too_every_other_address_leads_to_it_while_it_is_open(home, address):
    answer = home.get(address)
    assert (answer.status_code, answer.location) == (303, HERE)


@pytest.mark.parametrize("saves_by_itself", [True, False])
def test_at_home_what_another_tab_of_her_form_sends_is_kept_and_nothing_of_it_is_shown(home, session, saves_by_itself):
    fields = {"ex_hope": "Run again", "_version": version_of(session, "expectations")}
    headers = {"X-Autosave": "1"} if saves_by_itself else {}
    sent = form_pages.send(home, place("ex_hope"), fields, headers=headers)
    assert sent.status_code == 200 if saves_by_itself else (sent.status_code, sent.location) == (303, HERE)
    assert "Run again" not in sent.text
    assert 'value="page 1.1"' in home.get(HERE).text
    intake = session.scalars(select(Response).where(Response.number == 1)).one()
    assert responses.answers(session, intake.id)["ex_hope"]["value"] == "Run again"


def test_at_home_an_emergency_that_another_tab_of_her_form_sends_is_answered_at_once(home, session):
    home.get(HERE)
    section = {"_version": version_of(session, "warning-signs"), "rf_heart": ["rf_chest"]}
    ticked = form_pages.send(home, place("rf_heart"), section, headers={"X-Autosave": "1"})
    assert (ticked.status_code, ticked.json) == (409, {"saved": None, "errors": {}, "send": True})
    section["_version"] = version_of(session, "warning-signs")
    page = form_pages.send(home, place("rf_heart"), section)
    assert (page.status_code, "Call 911" in page.text) == (200, True)
    assert "<form" not in page.text, "it leads to nothing but the form that is open"
    assert home.get(PATH).location == HERE
    assert "Call 911" not in home.get(HERE).text
    assert flags.open_flags(session)


def test_at_home_an_emergency_on_a_page_that_was_overtaken_is_answered_at_once_too(home, session):
    home.get(HERE)
    before = {"_version": version_of(session, "warning-signs"), "rf_heart": ["rf_chest"]}
    form_pages.send(home, place("rf_heart"), before | {"rf_heart": ["rf_chest", "rf_breath"]})
    ticked = form_pages.send(home, place("rf_heart"), before, headers={"X-Autosave": "1"})
    assert (ticked.status_code, ticked.json) == (409, {"saved": None, "errors": {}, "send": True})
    assert "Call 911" in form_pages.send(home, place("rf_heart"), before).text


def test_at_home_so_is_one_that_only_the_overtaken_page_tells_of(home, session):
    home.get(HERE)
    before = {"_version": version_of(session, "warning-signs"), "rf_heart": ["rf_chest"]}
    form_pages.send(home, place("rf_heart"), before | {"rf_heart": ["none"]})
    ticked = form_pages.send(home, place("rf_heart"), before, headers={"X-Autosave": "1"})
    assert (ticked.status_code, ticked.json) == (409, {"saved": None, "errors": {}, "send": True})
    assert "Call 911" in form_pages.send(home, place("rf_heart"), before).text


@pytest.mark.parametrize("how", ["in", "on paper", "taken back"])
def test_at_home_an_emergency_for_a_form_that_takes_nothing_any_more_is_answered_at_once_too(home, session, how):
    home.get(HERE)
    sent = {"_version": version_of(session, "warning-signs"), "rf_heart": ["rf_chest"]}
    intake = session.scalars(select(Response).where(Response.number == 1)).one()
    if how == "on paper":
        intake.source = responses.PAPER
    else:
        intake.status = responses.COMPLETED if how == "in" else responses.WITHDRAWN
    session.commit()
    ticked = form_pages.send(home, place("rf_heart"), sent, headers={"X-Autosave": "1"})
    assert ticked.json == {"saved": None, "errors": {}, "send": True}
    page = form_pages.send(home, place("rf_heart"), sent)
    assert (page.status_code, "Call 911" in page.text) == (409, True)
    assert "not kept" in page.text or "in already" in page.text


def test_at_home_what_another_tab_sends_and_cannot_be_kept_is_shown_once_more(home, session):
    home.get(HERE)
    before = version_of(session)
    form_pages.send(home, place("fn_goal_top"), {"fn_goal_top": "Run", "_version": before})
    stale = form_pages.send(home, place("fn_goal_top"), {"fn_goal_top": "Swim again", "_version": before})
    assert (stale.status_code, "Swim again" in stale.text) == (409, True)
    unread = {"bl_day_voids": "often", "_version": version_of(session, "bladder")}
    assert "often" in form_pages.send(home, place("bl_day_voids"), unread).text


def test_at_home_what_warned_before_is_not_brought_up_by_another_page(home, session):
    home.get(HERE)
    section = {"_version": version_of(session, "warning-signs"), "rf_heart": ["rf_chest"]}
    form_pages.send(home, place("rf_heart"), section)
    sent = form_pages.send(home, place("fn_goal_top"), {"fn_goal_top": "Run", "_version": version_of(session)})
    assert (sent.status_code, sent.location) == (303, HERE)


@pytest.mark.parametrize("at", ["tasks", "check", "start", "alone", "message 1.1", "page 99.99", "nowhere"])
def test_at_home_nothing_else_that_another_tab_sends_does_or_shows_anything(home, session, at):
    sent = form_pages.send(home, at, {"_go": "tasks", "_version": "goals:1"})
    assert (sent.status_code, sent.location) == (303, HERE)
    assert len(session.scalars(select(Login)).all()) == 1


def version_of(session, section="goals"):
    intake = session.scalars(select(Response).where(Response.number == 1)).one()
    return f"{section}:{responses.sections(session, intake.id)[section][1]}"


def test_at_home_going_back_after_the_end_leads_to_her_form_and_shows_nothing(home, session):
    answer_all_at_home(home, every_yes())
    assert home.get(HERE).location == PATH
    assert send(home, PAGES[0], {"ipv_afraid": "no"}).location == PATH
    kept = responses.answers(session, the_handover(session).response_id)
    assert kept["ipv_afraid"]["value"] == "yes"
    page = home.get(PATH).text
    assert not [word for word in ("ipv_", "afraid", "How you are treated") if word in page]
    assert not is_offered(home)


@pytest.mark.parametrize(("minutes", "times", "lasts"), [(7, 1, True), (8, 1, False), (4, 4, True), (4, 5, False)])
def test_at_home_it_ends_as_early_as_on_a_device_and_she_lands_in_her_own_form(home, clock, minutes, times, lasts):
    for _time in range(times):
        clock.shift(timedelta(minutes=minutes))
        page = home.get(HERE)
    assert (page.status_code == 200) == lasts
    if not lasts:
        assert page.location == PATH
        assert where(home.get(PATH)) == "tasks", "her sitting lasts on while she is there"
        assert not is_offered(home)


@pytest.mark.parametrize(("minutes", "kept"), [(9, True), (11, True), (29, True), (31, False)])
def test_at_home_too_a_page_that_lay_open_is_kept_though_her_own_sitting_has_lapsed(
    home, clock, session, minutes, kept
):
    """It is the form's own time that counts. Whatever she said, she lands at the same door."""
    clock.shift(timedelta(minutes=minutes))
    late = send(home, PAGES[0], every_yes(PAGES[0]))
    assert (late.status_code, late.location) == (303, PATH)
    row = the_handover(session)
    assert (responses.answers(session, row.response_id).get("ipv_afraid", {}).get("value") == "yes") == kept
    assert (row.end_reason == "left") == kept
    assert home.get(HERE).location == PATH
    again = send(home, PAGES[1], every_yes(PAGES[1]))
    assert again.location in {PATH, HERE}
    assert the_handover(session).page == (2 if kept else 1), "nothing more is taken"


def test_at_home_what_comes_late_is_told_to_nobody_by_where_it_leads(at_home, make, new_client, clock):
    browsers = [at_home(make.invitation(), new_client()) for _way in range(3)]
    for browser in browsers:
        open_at_home(browser)
    clock.shift(timedelta(minutes=11))
    ways = (every_yes(PAGES[0]), every_no(PAGES[0]), {})
    ends = [send(browser, PAGES[0], said) for browser, said in zip(browsers, ways, strict=True)]
    assert len({(end.status_code, end.location, end.data, end.content_length) for end in ends}) == 1
    assert len({alike(browser.get(PATH)) for browser in browsers}) == 1


@pytest.mark.parametrize("ended", ["her way out", "the link", "the visit"])
def test_at_home_a_late_page_of_what_was_ended_is_not_kept(home, clock, session, make, ended):
    row = the_handover(session)
    if ended == "her way out":
        home.get("/f/leave")
    elif ended == "the link":
        invitation = row.visit.invitations[-1]
        invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
    else:
        row.visit.cancelled_at = make.now
        session.commit()
    clock.shift(timedelta(minutes=11))
    send(home, PAGES[0], every_yes(PAGES[0]))
    assert responses.answers(session, the_handover(session).response_id) == {}


def test_at_home_her_sitting_keeps_its_limits(home, clock, session):
    for _time in range(2):
        clock.shift(timedelta(minutes=4))
        assert home.get(HERE).status_code == 200
    login = session.scalars(select(Login)).one()
    login.started_at -= timedelta(hours=1, minutes=50)  # two hours are over in two minutes
    session.commit()
    assert 'data-left="120"' in home.get(HERE).text
    clock.shift(timedelta(minutes=3))
    assert home.get(HERE).location == PATH
    assert where(home.get(PATH)) == "start"


def test_at_home_a_link_that_is_withdrawn_ends_it(home, make, session):
    (invitation,) = the_handover(session).visit.invitations
    send(home, PAGES[0], {"ipv_afraid": "yes"})
    invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
    assert send(home, PAGES[1], {"sx_pressure": "never"}).location == PATH
    assert "does not open your form any more" in home.get(PATH).text
    assert "sx_pressure" not in responses.answers(session, the_handover(session).response_id)


LOST = "The answers you sent last were not kept"


@pytest.mark.parametrize("way", ["withdrawn", "called off"])
def test_at_home_who_sends_it_after_the_link_ended_reads_once_that_it_was_not_kept(home, make, session, way):
    visit = the_handover(session).visit
    if way == "withdrawn":
        invitations.revoke(session, visit.invitations[-1], by=make.front_desk(), now=make.now)
    else:
        patients.cancel(session, visit, by=visit.therapist, now=make.now)
    assert send(home, PAGES[0], every_yes(PAGES[0])).location == PATH
    assert LOST in home.get(PATH, headers={"Sec-Fetch-Mode": "cors"}).text
    assert LOST in home.get(PATH).text
    assert where(home.get(PATH)) == "start"


@pytest.mark.parametrize("way", ["closed by the clinic", "open for too long"])
def test_at_home_who_sends_it_after_the_form_was_closed_reads_once_that_it_was_not_kept(
    home, make, session, clock, way
):
    handover = the_handover(session)
    if way == "closed by the clinic":
        acts.end(session, handover, by=handover.visit.therapist, now=make.now)
    else:
        for _time in range(6):
            clock.shift(timedelta(minutes=6))
            home.get(HERE)
    assert send(home, PAGES[0], every_yes(PAGES[0])).location == PATH
    assert "came too late and was not kept" in home.get(PATH).text
    assert "came too late and was not kept" not in home.get(PATH).text
    assert responses.answers(session, the_handover(session).response_id) == {}


@pytest.mark.parametrize(("minutes", "go"), [(1, "done"), (9, ""), (11, "")])
def test_at_home_who_presses_twice_reads_nothing_of_too_late(home, clock, session, minutes, go):
    home.get(HERE)
    clock.shift(timedelta(minutes=minutes))
    twice(home, PAGES[0], every_yes(PAGES[0]), go=go)
    assert responses.answers(session, the_handover(session).response_id)["ipv_afraid"]["value"] == "yes"
    assert TOO_LATE not in home.get(PATH).text


def test_at_home_the_door_does_not_call_kept_what_came_too_late(home, clock):
    home.get(HERE)
    clock.shift(timedelta(minutes=31))
    send(home, PAGES[0], every_yes(PAGES[0]))
    page = home.get(PATH).text
    assert TOO_LATE in page
    assert "What you answered before is kept." in page


def test_at_home_what_her_own_form_has_to_say_waits_until_she_is_back_there(home, session):
    home.get(HERE)
    sent = {"_version": version_of(session, "warning-signs"), "rf_heart": ["none"]}
    session.scalars(select(Response).where(Response.number == 1)).one().status = responses.WITHDRAWN
    session.commit()
    assert form_pages.send(home, place("rf_heart"), sent).location == HERE
    for at in PAGES:
        assert "not kept" not in home.get(HERE).text
        send(home, at)
    assert "not kept" not in home.get(HERE).text
    send(home, "done")
    assert home.get(PATH).location == PATH, "what is due begins"
    assert "The page you just sent was not kept." in home.get(PATH).text


def test_at_home_the_words_about_a_page_that_was_not_kept_tell_nothing_of_it(at_home, make, session, new_client):
    said = []
    for answers in (every_yes(PAGES[0]), every_no(PAGES[0]), {}):
        browser = at_home(invitation := make.invitation(), new_client())
        open_at_home(browser)
        invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
        send(browser, PAGES[0], answers)
        said.append(alike(browser.get(PATH)))
    assert len(set(said)) == 1


def test_at_home_where_nothing_was_sent_nothing_is_said_to_be_lost(home, make, session):
    (invitation,) = the_handover(session).visit.invitations
    invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
    home.get(HERE)
    page = home.get(PATH).text
    assert "does not open your form any more" in page
    assert LOST not in page


def test_at_home_another_link_for_the_same_visit_opens_nothing_of_it(home, make, session, enter, new_client):
    visit = the_handover(session).visit
    with home.session_transaction() as cookie:
        token = cookie["kiosk"]
    other = enter(make.invitation(visit), new_client())
    with other.session_transaction() as cookie:
        cookie["kiosk"] = token  # as no page of ours writes it
    assert other.get(HERE).location == PATH
    assert where(other.get(PATH)) == "tasks"


def test_at_home_ended_by_the_clinic_or_by_a_device_there_it_leads_back(home, make, session):
    make.handover(the_handover(session).visit)
    assert home.get(HERE).location == PATH
    first = session.scalars(select(Handover).where(Handover.invitation_id.is_not(None))).one()
    assert first.end_reason == "replaced"


def test_at_home_what_went_wrong_is_said_with_her_own_way_out(home, session):
    answer = send(home, PAGES[0], {"ipv_afraid": "perhaps"})
    assert answer.status_code == 400
    assert "<title>A form</title>" in answer.text
    assert 'href="/f/leave"' in answer.text
    assert f'data-neutral="{NEUTRAL}"' in answer.text
