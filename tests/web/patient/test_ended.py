"""A link that the clinic ends while its form is open: she is told so, once, and what she typed is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.actions import invitations, patients
from intake.store import flags, responses
from tests.pages import PATH, arrive, come_in, place, send, version, visit, where
from tests.rows import everything

GOAL, WORDS, TOLD = "fn_goal_top", "marzipan-lighthouse", "The clinic ended this link"
WAYS = {
    "withdrawn": lambda session, sent, now: invitations.revoke(session, sent, by=sent.visit.therapist, now=now),
    "called off": lambda session, sent, now: patients.cancel(session, sent.visit, by=sent.visit.therapist, now=now),
}


@pytest.fixture
def sent(make, clock):
    make.clinic().phone = "212 555 0100"
    make.session.commit()
    return make.invitation()


@pytest.fixture
def typing(client, enter, make, session, sent, clock):
    """A patient at a page; then the clinic ends her link, in one of its ways. The version her page was read at."""

    def typed(question=GOAL, way="withdrawn"):
        enter(sent)
        page = visit(client, place(question))
        clock.shift(timedelta(minutes=1))
        WAYS[way](session, sent, make.now + timedelta(minutes=1))
        return version(page)

    return typed


def go_on(client, seen, question=GOAL, words=WORDS, **more):
    return send(client, place(question), {question: words, "_version": seen}, **more)


def kept(session, invitation):
    session.expire_all()
    found = responses.answers(session, responses.intake_of(session, invitation.visit_id).id)
    session.rollback()
    return {name: said.get("value") for name, said in found.items()}


def door(browser):
    """The door as it is seen, but for the token in its form."""
    page = browser.get(PATH)
    return page.status_code, re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page.text)


@pytest.mark.parametrize("way", WAYS)
def test_who_types_while_her_link_is_ended_reads_so_and_whom_to_call(client, session, typing, way):
    left = go_on(client, typing(way=way))
    assert (left.status_code, left.location) == (303, PATH)
    told = client.get(PATH).text
    for words in (
        TOLD,
        "What you sent before is kept",
        "The page you were just on is kept apart until",
        "212 555 0100",
    ):
        assert words in told
    assert WORDS not in told
    assert WORDS not in str(everything(session)), "it lies there sealed"


def test_where_the_form_is_on_paper_by_then_she_does_not_read_that_her_page_is_added(client, make, sent, typing, clock):
    seen = typing()
    clock.shift(timedelta(minutes=11))
    make.transcript(sent.visit)
    go_on(client, seen)
    told = client.get(PATH).text
    assert TOLD in told
    assert "kept apart" not in told
    assert "The page you were just on was not added: your form is in, or on paper, by now." in told
    assert WORDS not in told


def test_she_is_told_once_and_then_it_is_the_door_as_ever(client, new_client, typing):
    typing()
    assert TOLD in client.get(PATH).text
    assert door(client) == door(new_client())


def test_the_script_is_led_to_the_same_page_and_its_own_looks_tell_nothing_away(client, typing):
    seen = typing()
    assert TOLD in client.get(PATH, headers={"Sec-Fetch-Mode": "cors"}).text
    told = go_on(client, seen, headers={"X-Autosave": "1"})
    assert (told.status_code, told.json) == (409, {"saved": None, "errors": {}, "go": PATH})
    assert TOLD in client.get(PATH, headers={"Sec-Fetch-Mode": "navigate"}).text
    assert TOLD not in client.get(PATH, headers={"Sec-Fetch-Mode": "navigate"}).text


def test_what_she_typed_is_there_again_with_a_new_link_of_the_visit(client, make, session, sent, typing):
    go_on(client, typing())
    client.get(PATH)
    back = come_in(client, make.codes[make.invitation(sent.visit).id])
    assert back.status_code in {303, 422}  # other questions of the page may insist
    assert kept(session, sent)[GOAL] == WORDS
    assert everything(session)["held_pages"] == []


def test_a_weekend_may_lie_between_and_no_more(client, make, session, sent, typing, clock):
    go_on(client, typing())
    clock.shift(timedelta(days=2, hours=23))
    come_in(client, make.codes[make.invitation(sent.visit).id])
    assert kept(session, sent)[GOAL] == WORDS


def test_after_three_days_it_is_gone(client, make, session, sent, typing, clock):
    go_on(client, typing())
    clock.shift(timedelta(days=3, minutes=1))
    come_in(client, make.codes[make.invitation(sent.visit, days=14).id])
    assert GOAL not in kept(session, sent)


def test_where_the_visit_was_called_off_it_goes_where_the_rest_is_and_her_new_visit_begins(
    client, make, session, sent, typing
):
    """What she typed is with what she had sent, and a warning in it is raised."""
    go_on(client, typing("rf_bleed", "called off"), "rf_bleed", "heavy")
    new = make.invitation(make.visit(sent.patient))
    assert arrive(client, come_in(client, make.codes[new.id])) == "tasks"
    assert kept(session, sent)["rf_bleed"] == "heavy"
    assert "rf_bleed" not in kept(session, new)
    raised = flags.of_response(session, responses.intake_of(session, sent.visit_id).id)
    assert "E1" in {flag.rule for flag in raised}


def test_nor_does_a_page_of_the_old_form_lead_to_one_of_its_own(client, make, session, sent, typing):
    go_on(client, typing("bl_day_voids", "called off"), "bl_day_voids", "cannot be read as a number")
    new = make.invitation(make.visit(sent.patient))
    assert come_in(client, make.codes[new.id]).status_code == 303
    page = client.get(PATH)
    assert where(page) == "tasks"
    assert "could be added. Please look at that part again." in page.text
    assert "as a number" not in page.text


def test_somebody_else_who_comes_in_with_that_browser_gets_nothing_of_it(client, make, session, sent, typing):
    go_on(client, typing())
    other = make.invitation()
    assert arrive(client, come_in(client, make.codes[other.id])) == "tasks"
    assert GOAL not in kept(session, other)
    assert GOAL not in kept(session, sent)


def test_another_browser_with_the_new_link_gets_nothing_of_it(client, new_client, make, session, sent, typing):
    go_on(client, typing())
    laptop = new_client()
    assert arrive(laptop, come_in(laptop, make.codes[make.invitation(sent.visit).id])) == "tasks"
    assert GOAL not in kept(session, sent)


def test_it_is_marked_with_the_link_it_was_typed_with_and_not_read_through_the_new_one(
    client, make, session, sent, typing
):
    go_on(client, typing("ex_worry"), "ex_worry")
    come_in(client, make.codes[make.invitation(sent.visit).id])
    assert kept(session, sent)["ex_worry"] == WORDS
    for there in (place("ex_worry"), "check"):
        assert WORDS not in visit(client, there).text


# ---------------------------------------------------------------- what anybody else learns


def test_who_tries_the_ended_link_anew_gets_the_reply_that_an_unknown_code_gets(new_client, make, sent, typing):
    typing()
    stranger, other = new_client(), new_client()
    with_it, without = come_in(stranger, make.codes[sent.id]), come_in(other, "0123-4567-89AB")
    assert with_it.status_code == without.status_code == 422
    assert TOLD not in with_it.text
    assert door(stranger) == door(other)


def test_a_browser_whose_sitting_was_over_before_is_told_nothing(client, enter, make, session, sent, clock):
    enter(sent)
    clock.shift(timedelta(minutes=11))
    WAYS["withdrawn"](session, sent, make.now + timedelta(minutes=11))
    assert where(client.get(PATH)) == "start"


def test_but_a_page_it_sends_is_kept_and_then_it_is_told(client, enter, make, session, sent, clock):
    enter(sent)
    seen = version(visit(client, place(GOAL)))
    clock.shift(timedelta(minutes=11))
    WAYS["withdrawn"](session, sent, make.now + timedelta(minutes=11))
    go_on(client, seen)
    assert TOLD in client.get(PATH).text
    come_in(client, make.codes[make.invitation(sent.visit).id])
    assert kept(session, sent)[GOAL] == WORDS


def test_what_was_held_when_she_was_away_outlives_the_end_of_the_link(client, enter, make, session, sent, clock):
    enter(sent)
    seen = version(visit(client, place(GOAL)))
    clock.shift(timedelta(minutes=11))
    go_on(client, seen)
    WAYS["withdrawn"](session, sent, make.now + timedelta(minutes=11))
    come_in(client, make.codes[make.invitation(sent.visit).id])
    assert kept(session, sent)[GOAL] == WORDS


def test_who_left_by_the_quick_way_out_is_told_nothing(client, typing):
    typing()
    client.get("/f/leave")
    assert where(client.get(PATH)) == "start"


def test_a_link_that_was_guessed_at_too_often_is_not_called_the_clinics_doing(client, session, make, sent, enter):
    enter(sent)
    sent.wrong_tries, sent.revoked_at = invitations.REVOKES_AT, make.now
    session.commit()
    told = client.get(PATH).text
    assert "This link was closed" in told
    assert TOLD not in told


def test_the_door_for_a_new_code_is_one_press_away(client, typing):
    typing()
    assert 'href="/f?again="' in client.get(PATH).text
    assert where(client.get("/f?again=")) == "start"
