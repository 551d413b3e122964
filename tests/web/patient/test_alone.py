"""What is asked alone, offered in her own form: to whom, how often, and that every other state refuses like any 404."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.actions import handovers as acts
from intake.actions import invitations
from intake.forms import reader
from intake.store import audit, people, responses
from intake.store.handovers import Handover
from intake.store.responses import Response
from tests import pages as form
from tests.alone import (
    HERE,
    PRIVATE,
    answer_all_at_home,
    every_yes,
    is_offered,
    look,
    open_at_home,
    say_alone,
    say_private,
)
from tests.browsing import alike
from tests.builders import filled
from tests.pages import PATH, answer, arrive, come_in, send, where


def refuses(browser):
    """Whether neither the button nor the page behind it does anything."""
    found = [look(browser).status_code, look(browser, "done").status_code, say_alone(browser).status_code]
    assert browser.get(HERE).location == PATH
    return found == [404, 404, 404]


def rows(session):
    return session.scalars(select(Handover)).all()


@pytest.fixture
def setting(make, session):
    def switched(on):
        people.clinic(session).ask_at_home = on
        session.commit()

    return switched


def test_a_clinic_that_says_nothing_does_not_ask_at_home(client, enter, make):
    enter(make.invitation())
    say_private(client)
    assert not is_offered(client)
    assert refuses(client)


def test_where_the_clinic_allows_it_it_is_one_line_and_a_button(at_home):
    browser = at_home()
    say_private(browser)
    assert is_offered(browser)
    page = browser.get(PATH).text
    assert "A few questions for you alone" in page
    assert "You can also answer them at the clinic, or not at all." in page
    assert arrive(browser, look(browser)) == "alone"
    page = browser.get(PATH).text
    assert "Are you alone right now, on a device nobody else checks?" in page
    assert "<title>Form</title>" in page


# What she says at the start and on a later page, each of which alone is a reason not to ask.
NOT_ASKED = [
    *(({"pre_private": code}, {}) for code in ("not-now", "not-sure", "")),
    *(({"pre_who": code}, {}) for code in ("helper", "staff", "")),
    ({}, {"cons_minor": "with-guardian"}),
    *(({}, {"id_portal_shared": code}) for code in ("yes", "not-sure")),
]


@pytest.mark.parametrize(("at_first", "later"), NOT_ASKED)
def test_who_may_not_be_alone_signs_with_somebody_or_shares_her_way_in_is_not_asked(at_home, at_first, later):
    browser = at_home()
    say_private(browser, **at_first)
    for question, code in later.items():
        answer(browser, question, code, autosave=True)
    assert not is_offered(browser)
    assert refuses(browser)


def test_before_she_said_anything_she_is_not_asked(at_home):
    browser = at_home()
    assert not is_offered(browser)
    assert refuses(browser)


@pytest.mark.parametrize(("born", "offered"), [(date(2008, 9, 15), True), (date(2008, 9, 16), False)])
def test_whoever_is_under_age_is_not_asked(clock, at_home, make, born, offered):
    browser = at_home(make.invitation(make.visit(make.patient(birth_date=born))))
    say_private(browser)
    assert is_offered(browser) == offered
    assert look(browser).status_code == (303 if offered else 404)


@pytest.mark.parametrize("code", ["yes", "not-sure", "~declined", ""])
def test_before_she_said_that_nobody_else_knows_her_way_in_it_is_not_offered(at_home, code):
    browser = at_home()
    say_private(browser, id_portal_shared=code)
    assert not is_offered(browser)
    assert refuses(browser)
    say_private(browser)
    assert is_offered(browser)


@pytest.mark.parametrize(
    ("said", "later"),
    [({"id_portal_shared": {"value": "yes"}}, True), ({"cons_minor": {"value": "with-guardian"}}, False)],
)
def test_what_she_said_in_an_earlier_form_speaks_against_it(at_home, make, clock, said, later):
    """Until she says otherwise in this one: she is not there yet."""
    patient = make.patient()
    make.intake(make.visit(patient), said, submitted=True)
    clock.shift(timedelta(days=120))
    browser = at_home(make.invitation(make.visit(patient)))
    form.save(browser, form.place("pre_private"), PRIVATE)
    assert not is_offered(browser)
    assert refuses(browser)
    form.answer(browser, "id_portal_shared", "no", autosave=True)
    assert is_offered(browser) == later


def test_what_she_said_in_another_form_of_the_visit_speaks_against_it_too(at_home, make, session, clock):
    """The short form does not ask it. The intake of another visit, begun later, says that others know her way in."""
    patient = make.patient()
    first = make.intake(make.visit(patient), {"id_portal_shared": {"value": "no"}}, submitted=True)
    browser = at_home(make.invitation(make.visit(patient)))
    say_private(browser)
    assert is_offered(browser)
    clock.shift(timedelta(minutes=1))
    make.intake(make.visit(first.patient), {"id_portal_shared": {"value": "yes"}})
    assert not is_offered(browser)
    assert refuses(browser)


def test_where_nobody_knows_whether_a_paper_of_today_came_later_it_is_not_offered(at_home, make):
    """Online she says that nobody else knows her way in; the sheet of the same day says that somebody does."""
    patient = make.patient()
    browser = at_home(make.invitation(make.visit(patient)))
    say_private(browser)
    assert is_offered(browser)
    said = {"id_portal_shared": {"value": "yes"}}
    make.transcript(make.visit(patient), filled_on=make.now.date(), answers=said, finished=True)
    assert not is_offered(browser)
    assert refuses(browser)


def test_what_she_says_on_her_phone_offers_nothing_on_a_device_that_came_in_before(at_home, make, new_client, clock):
    """Somebody may sit beside that one. She can be in with both at once, with the same link."""
    invitation = make.invitation()
    tablet = at_home(invitation, new_client())
    clock.shift(timedelta(minutes=2))
    phone = at_home(invitation, new_client())
    say_private(phone)
    clock.shift(timedelta(minutes=1))
    assert not is_offered(tablet)
    assert refuses(tablet)
    assert is_offered(phone), "nothing was used up"
    say_private(tablet)
    assert is_offered(tablet)
    assert not is_offered(phone), "she is there now"


def test_on_a_device_that_others_use_she_is_not_asked(client, make):
    make.clinic(ask_at_home=True)
    come_in(client, make.codes[make.invitation().id], shared=True)
    say_private(client)
    assert not is_offered(client)
    assert refuses(client)


def test_what_she_said_with_an_earlier_link_or_in_an_earlier_sitting_does_not_count(at_home, make, new_client, clock):
    first = make.invitation()
    say_private(at_home(first))
    clock.shift(timedelta(minutes=1))
    for invitation in (make.invitation(first.visit), first):
        later = at_home(invitation, new_client())
        assert not is_offered(later)
        assert refuses(later)


def test_what_is_said_through_another_link_while_she_is_in_does_not_count(at_home, make, new_client):
    first = make.invitation()
    second = make.invitation(first.visit)
    here, elsewhere = at_home(first), at_home(second, new_client())
    say_private(elsewhere)
    assert is_offered(elsewhere)
    assert not is_offered(here)
    assert refuses(here)


def test_saying_it_once_more_in_this_sitting_counts(at_home, make, new_client, clock):
    invitation = make.invitation()
    say_private(at_home(invitation))
    clock.shift(timedelta(minutes=1))
    later = at_home(invitation, new_client())
    say_private(later)
    assert is_offered(later)


def test_only_one_of_the_two_said_now_is_not_enough(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    say_private(browser)
    response = responses.intake_of(session, invitation.visit_id)
    stored, version, _at = responses.sections(session, response.id)["before"]
    stored["pre_who"]["at"] = "2020-01-01T00:00:00+00:00"
    responses.save_section(session, response.id, "before", stored, over=version, now=make.now)
    session.commit()
    assert not is_offered(browser)
    assert refuses(browser)


def test_once_her_form_is_in_it_is_still_offered_on_the_last_page(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    say_private(browser)
    response = responses.intake_of(session, invitation.visit_id)
    said = {name: given for name, given in responses.answers(session, response.id).items() if name in PRIVATE}
    make.answer(response, filled(reader.latest("intake"), {name: {"value": code} for name, code in PRIVATE.items()}))
    stored, version, _at = responses.sections(session, response.id)["before"]
    responses.save_section(session, response.id, "before", {**stored, **said}, over=version, now=make.now)
    session.commit()
    send(browser, "check", {"signer": "Rowan Invented"})
    assert where(browser.get(PATH)) == "done"
    assert is_offered(browser)
    assert arrive(browser, look(browser, "done")) == "alone"
    assert say_alone(browser).location == HERE
    assert "Thank you" in answer_all_at_home(browser, {})[-1].text


@pytest.mark.parametrize(("hours", "offered"), [(0, True), (11, True), (13, False)])
def test_it_is_offered_until_the_day_of_the_visit_is_over(clock, at_home, make, hours, offered):
    visit = make.visit(starts_at=make.now)
    invitation = make.invitation(visit)
    clock.shift(timedelta(hours=hours))
    browser = at_home(invitation)
    say_private(browser)
    assert is_offered(browser) == offered
    assert look(browser).status_code == (303 if offered else 404)


def test_a_visit_that_is_called_off_asks_nothing(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    say_private(browser)
    invitation.visit.cancelled_at = make.now
    session.commit()
    assert not is_offered(browser)
    assert refuses(browser)


def test_where_a_device_of_the_clinic_has_done_it_or_is_out_it_is_not_offered(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    say_private(browser)
    out = make.handover(invitation.visit)
    assert not is_offered(browser)
    assert refuses(browser)
    acts.leave(session, out, by=None, now=make.now)
    assert is_offered(browser), "a device that came back without being done"
    make.alone({}, invitation.visit)
    assert not is_offered(browser)
    assert refuses(browser)


def test_switched_off_while_she_looks_at_it_it_leads_back_and_opens_nothing(at_home, setting, session):
    browser = at_home()
    say_private(browser)
    look(browser)
    setting(on=False)
    assert where(browser.get(PATH)) == "tasks"
    assert say_alone(browser).status_code == 404
    assert rows(session) == []


def test_switched_off_while_it_is_open_it_can_be_finished(at_home, setting):
    browser = at_home()
    open_at_home(browser)
    setting(on=False)
    assert 'value="page 1.1"' in browser.get(HERE).text
    answer_all_at_home(browser, {})


@pytest.mark.parametrize("action", ["visit", "", "yes", "ALONE"])
def test_anything_but_yes_leads_kindly_back_and_it_is_kept_for_the_visit(at_home, session, action):
    browser = at_home()
    say_private(browser)
    look(browser)
    browser.get(PATH)
    assert arrive(browser, say_alone(browser, action)) == "tasks"
    assert not is_offered(browser)
    assert refuses(browser)
    (row,) = rows(session)
    assert (row.end_reason, row.was_given_back, row.page) == ("left", False, 1)
    assert responses.answers(session, row.response_id) == {}


def told_afterwards(browser, session):
    """Her own page with the line she reads there, and what the trail has on it."""
    page = alike(browser.get(PATH))
    lines = [(line.action, line.reason) for line in audit.of_patient(session, rows(session)[-1].patient_id)]
    return page, [line for line in lines if line[0].startswith("device.")]


def test_not_being_alone_leaves_the_same_traces_as_opening_it_and_leaving_or_answering(
    clock, at_home, new_client, make
):
    pages, kept = [], []
    for way in ("not alone", "all yes", "nothing"):
        browser = at_home(make.invitation(), new_client())
        say_private(browser)
        look(browser)
        browser.get(PATH)
        say_alone(browser, "visit" if way == "not alone" else "alone")
        if way == "not alone":
            page, lines = told_afterwards(browser, make.session)
        else:
            page = alike(answer_all_at_home(browser, every_yes() if way == "all yes" else {})[-1])
            _again, lines = told_afterwards(browser, make.session)
        pages.append(page)
        kept.append([action for action, _reason in lines])
    assert pages[0] == pages[1] == pages[2]
    assert "You can say more, or nothing more, at your visit." in pages[0]
    assert kept[0] == kept[1] == kept[2] == ["device.opened-at-home", "device.given-back"]


def test_a_second_device_finds_nothing_to_open_while_the_first_is_at_it(at_home, make, new_client):
    invitation = make.invitation()
    second, first = at_home(invitation, new_client()), at_home(invitation)
    for browser in (second, first):  # where she said it last she is
        say_private(browser)
        look(browser)
        browser.get(PATH)
    assert say_alone(first).location == HERE
    assert say_alone(second).status_code == 404
    assert not is_offered(second)
    assert second.get(HERE).location == PATH


def test_what_no_page_of_ours_sends_is_refused_and_opens_nothing(at_home, session):
    browser = at_home()
    say_private(browser)
    look(browser)
    browser.get(PATH)
    assert send(browser, "alone", {"_action": "alone", "surprise": "x"}).status_code == 400
    assert send(browser, "alone", {"_action": ["alone", "visit"]}).status_code == 400
    assert rows(session) == []


def test_a_part_that_is_asked_again_offers_nothing(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    session.scalars(select(Response)).one().only = "bladder"
    session.commit()
    assert not is_offered(browser)
    assert refuses(browser)


def test_a_link_that_is_withdrawn_takes_the_offer_along(at_home, make, session):
    invitation = make.invitation()
    browser = at_home(invitation)
    say_private(browser)
    look(browser)
    invitations.revoke(session, invitation, by=make.front_desk(), now=make.now)
    assert say_alone(browser).location == PATH
    assert rows(session) == []
    assert "does not open your form any more" in browser.get(PATH).text


def test_a_page_that_went_wrong_says_nothing_of_her_own_form_which_says_it_later(at_home):
    browser = at_home()
    open_at_home(browser)
    with browser.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "canary-own-form")]
    broken = browser.post(HERE, data={"_at": "page 1.1", "csrf_token": "of another page"})
    assert broken.status_code == 400
    assert "canary-own-form" not in broken.text
    browser.get(HERE)
    assert "canary-own-form" in answer_all_at_home(browser, {})[-1].text
