"""A visit that asks for several forms: one after the other, each kept and handed in by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.actions import askings, corrections, shortforms
from intake.forms import reader
from intake.store import amendments, responses
from intake.store.visitforms import VisitForm
from intake.web import visitors
from tests.builders import filled
from tests.pages import arrive, come_in, place, save, send, version, visit, where

SECOND = {"_form": "2"}


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
def asks_two(session):
    """A clinic whose first visits ask for the intake and the short form."""
    for number, form in enumerate(("intake", "check-in"), 1):
        session.add(VisitForm(kind="initial-evaluation", place=number, form=form))
    session.commit()


@pytest.fixture
def entered(asks_two, make, enter, session):
    """A patient at such a visit who has answered the whole intake."""
    response = make.intake(answers=filled(reader.latest("intake"), {}))
    enter(response.visit.invitations[0])
    return response


def of(session, visit_id):
    session.expire_all()
    return [(each.number, each.form, each.status) for each in responses.asked(session, visit_id)]


def form_of(page):
    return re.search(r'name="_form" value="(\d)"', page.text)[1]


def test_the_forms_of_a_visit_begin_together_and_are_counted_for_her(client, entered, session):
    both = [(1, "intake", responses.IN_PROGRESS), (2, "check-in", responses.IN_PROGRESS)]
    assert of(session, entered.visit_id) == both
    page = client.get("/f")
    assert (where(page), form_of(page)) == ("tasks", "1")
    assert "Form 1 of 2" in page.text


def test_every_form_of_the_visit_can_be_reached_from_the_list_whichever_is_in(client, entered, session):
    page = client.get("/f")
    assert re.findall(r'name="_go" value="(tasks in \d)"', page.text) == ["tasks in 2"]
    assert arrive(client, send(client, "tasks", {"_go": "tasks in 2"})) == "tasks"
    other = client.get("/f")
    assert (form_of(other), re.findall(r'value="(tasks in \d)"', other.text)) == ("2", ["tasks in 1"])


def test_a_diary_comes_last_and_can_be_begun_before_the_intake_is_in(make, enter, client, session):
    visit = make.visit()
    shortforms.ask(session, visit, "bladder-diary", by=visit.therapist, now=make.now)
    enter(make.invitation(visit))
    page = client.get("/f")
    assert (form_of(page), "Form 1 of 2" in page.text) == ("2", True)
    assert "Your 3-day diary" in page.text
    arrive(client, send(client, "tasks", {"_go": "tasks in 1", **SECOND}))
    assert form_of(client.get("/f")) == "1"


def test_who_hands_the_first_in_is_led_to_the_second_and_the_visit_waits_until_both_are_in(client, entered, session):
    visit(client, "check")
    arrive(client, send(client, "check", {"signer": "Rowan Invented"}))
    thanks = client.get("/f")
    assert "There is one more form" in thanks.text
    onward = re.search(r'name="_go" value="(tasks in 2)"', thanks.text)[1]
    assert arrive(client, send(client, "done", {"_go": onward})) == "tasks"
    page = client.get("/f")
    assert (form_of(page), "Before today" in page.text) == ("2", True)
    assert arrive(client, send(client, "tasks", {"_go": "page 2.1", **SECOND})) == "page 2.1"
    asked = responses.asked(session, entered.visit_id)[1]
    form, answers = reader.load(asked.form, asked.form_version), filled(reader.latest("check-in"), {})
    for section, mine in sections(form, answers).items():
        assert responses.save_section(session, asked.id, section, mine, over=1, now=asked.started_at)
    session.commit()
    send(client, "tasks", {"_go": "check", **SECOND})
    arrive(client, send(client, "check", {"signer": "Rowan Invented", **SECOND}))
    assert "There is one more form" not in client.get("/f").text
    assert {status for _number, _form, status in of(session, entered.visit_id)} == {responses.COMPLETED}


def sections(form, answers):
    return {
        section.id: {question.id: answers[question.id] for question in section.questions() if question.id in answers}
        for section in form.sections
    }


def test_a_page_of_the_first_form_left_open_in_another_tab_never_writes_into_the_second(client, entered, session):
    visit(client, "check")
    arrive(client, send(client, "check", {"signer": "Rowan Invented"}))
    send(client, "done", {"_go": "tasks in 2"})
    late = send(client, place("fn_goal_top"), {"_version": "goals:2", "fn_goal_top": "Something else"})
    assert late.status_code == 409
    second = responses.asked(session, entered.visit_id)[1]
    assert responses.answers(session, second.id).keys() == {"ci_measure"}, "only what it began with"


@pytest.mark.parametrize("number", ["3", "0", "9", "x", "1 ", ""])
def test_a_form_that_is_not_there_is_refused(client, entered, session, number):
    answer = send(client, "tasks", {"_go": "check", "_form": number})
    assert answer.status_code in {400, 404}
    assert where(client.get("/f")) == "tasks"


@pytest.fixture
def open_part(make, enter, client, session):
    """A patient who has a part open that the clinic takes back; the call sends what she typed on it."""

    def opened(part, said):
        first = make.intake(submitted=True)
        by = first.visit.therapist
        asked = askings.ask_again(session, first, part, visit=first.visit, by=by, now=make.now)
        enter(make.invitation(first.visit), client)
        send(client, "tasks", {"_go": "page 1.1", **SECOND})
        fields = {"_version": version(client.get("/f")), **said, **SECOND}
        askings.withdraw(session, asked, by=by, now=make.now)

        def sent(**more):
            answer = send(client, "page 1.1", fields, **more)
            session.expire_all()
            assert responses.answers(session, asked.id) == {}
            return answer

        return sent

    return opened


@pytest.fixture
def taken_back(open_part):
    return open_part("bladder", {"bl_day_voids": "9"})


NOT_NEEDED = "Your clinic does not need that part any more"


def test_a_page_of_a_part_that_the_clinic_took_back_meanwhile_leads_on_and_says_so(client, taken_back):
    assert arrive(client, taken_back()) == "done"
    taken_back()
    assert NOT_NEEDED in client.get("/f").text
    assert NOT_NEEDED not in client.get("/f").text


def test_a_page_that_saves_itself_is_led_on_as_well(client, taken_back):
    answer = taken_back(headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json) == (409, {"saved": None, "go": "/f"})
    assert NOT_NEEDED in client.get("/f").text


CALL = "Call 911"


def test_an_emergency_on_a_part_that_was_taken_back_is_answered_before_all_else(client, open_part):
    page = open_part("warning-signs", {"rf_heart": ["rf_chest"]})()
    assert page.status_code == 409
    assert page.text.index("Please read this now") < page.text.index(CALL) < page.text.index(NOT_NEEDED)
    assert "Nobody at the clinic has read it." in page.text
    after = client.get("/f").text
    assert CALL not in after
    assert where(client.get("/f")) == "done"


def test_ticking_it_has_the_whole_page_sent_so_that_it_is_answered_at_once(open_part):
    answer = open_part("warning-signs", {"rf_heart": ["rf_chest"]})(headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.json) == (409, {"saved": None, "errors": {}, "send": True})


ANEW = "The clinic has begun this form anew."


@pytest.fixture
def thrown_away(make, enter, client, session, clock):
    """A page she opened before staff typed her form in by mistake and threw that away; she is in again."""
    enter(invitation := make.invitation())
    seen = version(visit(client, place("fn_goal_top")))
    clock.shift(visitors.IDLE + timedelta(minutes=1))
    paper = make.transcript(invitation.visit, answers={"fn_goal_top": {"value": "As on paper"}})
    corrections.throw_away(session, paper, amendments.NO_PAPER, "x", by=invitation.visit.therapist, now=make.now)
    come_in(client, make.codes[invitation.id])
    client.get("/f")

    def sent(question, said, **more):
        fields = {question: said, "_version": seen, "_form": "1"}
        return send(client, place(question), fields, **more)

    return sent


def test_what_she_typed_for_a_form_that_begins_anew_is_shown_once_more_and_said_to_be_unkept(client, thrown_away):
    page = thrown_away("fn_goal_top", "To run again")
    assert page.status_code == 409
    assert f"{ANEW} The page you just sent was not kept." in words(page)
    assert "<dd>To run again</dd>" in page.text
    assert "As on paper" not in page.text
    assert "Please read this now" not in page.text, "that is for warnings"
    assert where(client.get("/f")) == "tasks"


def test_while_she_types_for_a_form_that_begins_anew_she_reads_so(thrown_away):
    reply = thrown_away("fn_goal_top", "To run again", headers={"X-Autosave": "1"})
    assert reply.status_code == 409
    assert reply.json["message"].startswith(f"{ANEW} What you type here is not kept.")


def test_without_words_of_hers_she_is_told_where_she_lands(client, thrown_away):
    answer = thrown_away("rf_heart", ["none"])
    assert (answer.status_code, answer.location) == (303, "/f")
    page = words(client.get("/f"))
    assert f"{ANEW} The page you just sent was not kept." in page


def test_an_emergency_for_a_form_that_begins_anew_is_answered_before_all_else(thrown_away):
    page = thrown_away("rf_heart", ["rf_chest"])
    assert page.text.index("Please read this now") < page.text.index(CALL) < page.text.index(ANEW)


def test_private_words_for_a_form_that_begins_anew_are_not_shown_again(thrown_away):
    assert "marzipan" not in thrown_away("ti_triggers", "marzipan").text


def test_a_form_that_the_clinic_adds_later_is_there_when_she_comes_again(make, enter, new_client, session):
    response = make.intake(answers=filled(reader.latest("intake"), {}), submitted=True)
    assert of(session, response.visit_id) == [(1, "intake", responses.COMPLETED)]
    for number, form in enumerate(("intake", "check-in"), 1):
        session.add(VisitForm(kind=response.visit.kind, place=number, form=form))
    session.commit()
    browser = enter(response.visit.invitations[0], new_client())
    assert of(session, response.visit_id)[1] == (2, "check-in", responses.IN_PROGRESS)
    page = browser.get("/f")
    assert (where(page), form_of(page)) == ("tasks", "2")


GATE, INTIMACY = place("pre_private"), place("sx_ok_to_ask")
ALONE = {"pre_private": "yes", "pre_who": "me"}


def test_in_a_new_sitting_who_is_there_is_asked_before_a_private_part_opens(make, enter, new_client, clock):
    """It was said yesterday. What she wants to answer comes next, where she can be asked it."""
    invitation = make.invitation()
    save(enter(invitation, new_client()), GATE, ALONE)
    clock.shift(timedelta(days=1))
    browser = enter(invitation, new_client())
    page = visit(browser, INTIMACY)
    assert (where(page), "sx_ok_to_ask" in page.text) == (GATE, False)
    assert arrive(browser, send(browser, GATE, {"_version": version(page), **ALONE})) == INTIMACY
    assert where(visit(browser, INTIMACY)) == INTIMACY, "once for a sitting"


def test_on_another_device_that_is_in_with_the_same_link_a_private_part_stays_shut_too(make, enter, new_client):
    invitation = make.invitation()
    tablet, phone = enter(invitation, new_client()), enter(invitation, new_client())
    save(phone, GATE, ALONE)
    assert where(visit(phone, INTIMACY)) == INTIMACY
    assert where(visit(tablet, INTIMACY)) == GATE


def test_whoever_is_not_alone_today_goes_on_after_the_private_part(make, enter, new_client, clock):
    invitation = make.invitation()
    save(enter(invitation, new_client()), GATE, ALONE)
    clock.shift(timedelta(days=1))
    browser = enter(invitation, new_client())
    page = visit(browser, INTIMACY)
    not_now = {"_version": version(page), "pre_private": "not-now", "pre_who": "me"}
    landed = arrive(browser, send(browser, GATE, not_now))
    assert landed not in {GATE, INTIMACY}
    assert "sx_" not in browser.get("/f").text
