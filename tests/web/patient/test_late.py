"""Pages that come in after their sitting lapsed wait until she is back with the same browser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import askings, corrections
from intake.forms import reader
from intake.store import amendments, responses
from intake.web import visitors
from tests.pages import PATH, answer, arrive, come_in, place, send, version, visit
from tests.rows import changed, everything


@pytest.fixture
def away(client, enter, make, clock):
    """A patient on a page, and the page as it was sent; then she is away for longer than a sitting lasts."""
    invitation = make.invitation()
    enter(invitation)

    def gone(question):
        page = visit(client, place(question))
        clock.shift(timedelta(minutes=11))
        return invitation, version(page)

    return gone


def answers(session, invitation):
    session.expire_all()
    found = responses.answers(session, responses.intake_of(session, invitation.visit_id).id)
    session.rollback()
    return {name: said.get("value") for name, said in found.items()}


def test_after_a_while_she_is_welcomed_back_and_led_to_where_she_was(client, make, away):
    invitation, _seen = away("fn_goal_top")
    assert "Welcome back" in client.get("/f").text
    assert arrive(client, come_in(client, make.codes[invitation.id])) == place("fn_goal_top")


def test_what_she_sent_too_late_is_kept_until_she_is_back(client, make, away, session):
    invitation, seen = away("fn_goal_top")
    late = send(client, place("fn_goal_top"), {"fn_goal_top": "marzipan-lighthouse", "_version": seen})
    assert arrive(client, late) == "start"
    assert "fn_goal_top" not in answers(session, invitation)
    assert "marzipan" not in str(everything(session))
    back = come_in(client, make.codes[invitation.id])
    assert back.status_code in {303, 422}  # other questions of the page may insist
    assert answers(session, invitation)["fn_goal_top"] == "marzipan-lighthouse"
    assert everything(session)["held_pages"] == []


def test_what_the_script_sent_too_late_is_kept_as_well_and_it_is_told(client, make, away, session):
    invitation, seen = away("fn_goal_top")
    fields = {"fn_goal_top": "Run again", "_version": seen}
    told = send(client, place("fn_goal_top"), fields, headers={"X-Autosave": "1"})
    assert (told.status_code, told.json) == (401, {"saved": None, "errors": {}})
    come_in(client, make.codes[invitation.id])
    assert answers(session, invitation)["fn_goal_top"] == "Run again"


def test_it_is_kept_for_half_an_hour(client, make, away, session, clock):
    invitation, seen = away("fn_goal_top")
    send(client, place("fn_goal_top"), {"fn_goal_top": "Run again", "_version": seen})
    clock.shift(timedelta(minutes=31))
    come_in(client, make.codes[invitation.id])
    assert "fn_goal_top" not in answers(session, invitation)


def test_somebody_else_who_comes_in_with_that_browser_gets_nothing_of_it(client, make, away, session):
    invitation, seen = away("fn_goal_top")
    send(client, place("fn_goal_top"), {"fn_goal_top": "Run again", "_version": seen})
    other = make.invitation()
    assert arrive(client, come_in(client, make.codes[other.id])) == "tasks"
    assert "fn_goal_top" not in answers(session, other)
    assert "fn_goal_top" not in answers(session, invitation)


def test_another_browser_with_the_same_code_gets_nothing_of_it(client, new_client, make, away, session):
    invitation, seen = away("fn_goal_top")
    send(client, place("fn_goal_top"), {"fn_goal_top": "Run again", "_version": seen})
    laptop = new_client()
    assert arrive(laptop, come_in(laptop, make.codes[invitation.id])) == "tasks"
    assert "fn_goal_top" not in answers(session, invitation)


def test_a_page_that_was_changed_elsewhere_meanwhile_is_asked_about(client, new_client, enter, make, away, session):
    invitation, seen = away("fn_goal_top")
    send(client, place("fn_goal_top"), {"fn_goal_top": "From the phone", "_version": seen})
    answer(enter(invitation, new_client()), "fn_goal_top", "From the laptop", autosave=True)
    back = come_in(client, make.codes[invitation.id])
    assert back.status_code == 409
    assert "From the phone" in back.text
    assert answers(session, invitation)["fn_goal_top"] == "From the laptop"


def test_a_private_text_that_came_too_late_and_cannot_be_kept_is_not_shown_to_whoever_comes_in(client, make, away):
    invitation, seen = away("ti_triggers")
    fields = {"ti_triggers": "marzipan-lighthouse " * 500, "_version": seen}
    send(client, place("ti_triggers"), fields)
    back = come_in(client, make.codes[invitation.id])
    assert back.status_code == 422
    assert "marzipan" not in back.text


def test_a_page_from_a_browser_nobody_came_in_with_leads_to_the_door_and_keeps_nothing(client, session):
    client.get("/f")
    before = everything(session)
    stray = send(client, place("fn_goal_top"), {"fn_goal_top": "Run again", "_version": "goals:1"})
    assert arrive(client, stray) == "start"
    assert changed(before, everything(session)) == set()


def test_what_she_typed_on_a_shared_tablet_is_not_read_through_another_link(client, make, away, session):
    invitation, seen = away("ex_worry")
    send(client, place("ex_worry"), {"ex_worry": "marzipan-lighthouse", "_version": seen})
    later = make.invitation(invitation.visit)
    come_in(client, make.codes[later.id])
    assert answers(session, invitation)["ex_worry"] == "marzipan-lighthouse", "it is kept all the same"
    for there in (place("ex_worry"), "check"):
        assert "marzipan" not in visit(client, there).text


def test_nor_is_what_could_not_be_kept_of_it(client, make, away):
    invitation, seen = away("bl_day_voids")
    send(client, place("bl_day_voids"), {"bl_day_voids": "marzipan-lighthouse", "_version": seen})
    back = come_in(client, make.codes[make.invitation(invitation.visit).id])
    assert "marzipan" not in back.text + client.get("/f").text


# ---------------------------------------------------------------- several pages at once


@pytest.fixture
def two(client, new_client, enter, make, away, clock):
    """Two tabs lay open as she went away, and both are sent; the first cannot be kept as it is."""

    def sent(how):
        invitation, seen = away("fn_goal_top")
        words = "marzipan-lighthouse" * (500 if how == "too long" else 1)
        send(client, place("fn_goal_top"), {"fn_goal_top": words, "_version": seen})
        at = "ex_worry" if how != "two of them" else "bl_day_voids"
        clock.shift(timedelta(seconds=1))
        send(client, place(at), {at: "often", "_version": f"{reader.latest('intake').section_of[at].id}:1"})
        if how != "too long":
            answer(enter(invitation, new_client()), "fn_goal_top", "From the laptop", autosave=True)
        return invitation

    return sent


@pytest.mark.parametrize("how", ["too long", "overtaken"])
def test_what_has_to_be_mended_is_shown_though_another_page_could_be_kept(client, make, two, session, how):
    invitation = two(how)
    back = come_in(client, make.codes[invitation.id])
    assert back.status_code in {409, 422}
    assert "marzipan-lighthouse" in back.text
    assert answers(session, invitation)["ex_worry"] == "often"


def test_of_several_that_have_to_be_mended_she_is_told_of_those_that_are_not_shown(client, make, two):
    back = come_in(client, make.codes[two("two of them").id])
    assert back.status_code == 422
    assert "often" in back.text
    page = client.get(PATH).text
    assert "could be added. Please look at that part again." in page
    assert "marzipan" not in page


@pytest.mark.parametrize("at", ["page 50.50", "page 1.1"])
def test_a_page_that_cannot_be_read_holds_nobody_up_at_the_door_and_is_told_of(client, make, away, session, at):
    invitation, _seen = away("fn_goal_top")
    send(client, at, {"_version": "nothing", "_form": "1"})
    assert come_in(client, make.codes[invitation.id]).status_code == 303
    page = client.get(PATH).text
    assert "A page you sent before could not be read, so it was not added." in page
    assert "could not be read" not in client.get(PATH).text, "once"
    assert everything(session)["held_pages"] == []


# ---------------------------------------------------------------- what it belonged to is gone meanwhile


NOT_ADDED = "The page you were on before was not added."


@pytest.fixture
def part(client, enter, make, session, clock):
    """A part that is asked again is open; her sitting lapses and the clinic takes it back. What she sends then."""
    first = make.intake(submitted=True)
    by = first.visit.therapist
    asked = askings.ask_again(session, first, "warning-signs", visit=first.visit, by=by, now=make.now)
    enter(invitation := make.invitation(first.visit))
    send(client, "tasks", {"_go": "page 1.1", "_form": "2"})
    seen = version(client.get(PATH))
    clock.shift(visitors.IDLE + timedelta(minutes=1))
    askings.withdraw(session, asked, by=by, now=make.now)

    def sent(said):
        return invitation, send(client, "page 1.1", {"rf_heart": said, "_version": seen, "_form": "2"})

    return sent


def test_chest_pain_on_a_part_that_was_taken_back_meanwhile_is_answered_at_once(client, part):
    part(["rf_chest"])
    page = client.get(PATH).text
    assert "Call 911" in page
    assert "Nobody at the clinic has read it." in page


def test_a_page_of_a_part_that_was_taken_back_meanwhile_is_told_of(client, make, part, session):
    invitation, _answer = part(["rf_chest"])
    come_in(client, make.codes[invitation.id])
    page = client.get(PATH).text
    assert "Your clinic does not need that part any more." in page
    assert NOT_ADDED in page
    assert NOT_ADDED not in client.get(PATH).text, "once"
    assert everything(session)["held_pages"] == []


def test_a_page_of_a_form_that_was_on_paper_by_mistake_meanwhile_is_told_of(client, make, away, session):
    invitation, seen = away("fn_goal_top")
    paper = make.transcript(invitation.visit, answers={"fn_goal_top": {"value": "x"}})
    send(client, place("fn_goal_top"), {"fn_goal_top": "Run again", "_version": seen, "_form": "1"})
    send(client, place("ex_worry"), {"ex_worry": "Nothing", "_version": seen, "_form": "1"})
    corrections.throw_away(session, paper, amendments.NO_PAPER, "x", by=invitation.visit.therapist, now=make.now)
    come_in(client, make.codes[invitation.id])
    page = client.get(PATH).text
    assert "The clinic has begun this form anew." in page
    assert page.count(NOT_ADDED) == 1, "for both pages"
