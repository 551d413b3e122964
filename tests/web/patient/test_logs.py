"""A diary on a patient's page: one thing at a time, each kept at once, changed or taken out and put back."""

from __future__ import annotations

import re

import pytest

from intake.actions import shortforms
from intake.clinical import diary
from intake.forms import reader
from intake.store import responses
from tests.pages import arrive, send, version, visit

FORM = reader.latest("bladder-diary")
DAY = "page 1.1"
MORNING = {"di_kind": "toilet", "di_time": "07:10", "di_size": "large"}


@pytest.fixture
def asked(make, session, enter, client):
    """A patient who came in to a visit for which her therapist asked for a diary, and for nothing else yet."""
    planned = make.visit(kind="follow-up")
    response = shortforms.ask(session, planned, "bladder-diary", by=planned.therapist, now=make.now)
    make.invitation(planned)
    enter(planned.invitations[0])
    return response


def fields(number=9999, day=1, **said):
    return {f"di_entries_{day}.{number}.{name}_{day}": value for name, value in said.items()}


def add(client, number=9999, at=DAY, **said):
    page = visit(client, at)
    data = {"_version": version(page), "_action": "add:di_entries_1", **fields(number, **said)}
    return send(client, at, data)


def press(client, action):
    page = visit(client, DAY)
    return send(client, DAY, {"_version": version(page), "_action": action})


def shown(client):
    return re.sub(r"\s+", " ", visit(client, DAY).text)


def lines(client):
    found = re.search(r'<ol class="plain log-lines".*?</ol>', client.get("/f").text, re.DOTALL)
    return re.findall(r'<span class="written">(.*?)</span>', found[0]) if found else []


def kept(session, response):
    session.expire_all()
    return diary.read(FORM, responses.answers(session, response.id))


def test_each_thing_is_kept_as_it_is_added_and_stands_on_the_page(client, asked, session):
    assert arrive(client, add(client, **MORNING)) == DAY
    add(client, di_kind="drink", di_time="08:00", di_drink="Tea")
    day = kept(session, asked).days[0]
    assert [(entry.kind, entry.clock) for entry in day.entries] == [("toilet", "07:10"), ("drink", "08:00")]
    assert lines(client) == ["8:00 AM · A drink · Tea", "7:10 AM · I peed · A lot"]


def test_the_room_for_a_new_one_is_empty_again(client, asked):
    add(client, **MORNING)
    page = shown(client)
    assert 'name="di_entries_1.9999.di_time_1" value=""' in page
    assert 'value="toilet" checked' not in page
    assert 'value="large" checked' not in page


def test_an_entry_is_opened_and_changed_in_its_place(client, asked, session):
    add(client, **MORNING)
    add(client, di_kind="bed", di_time="22:00")
    arrive(client, press(client, "open:di_entries_1.0"))
    page = client.get("/f").text
    assert 'name="di_entries_1.0.di_time_1" value="07:10"' in page
    assert "Change this" in page
    add(client, 0, di_kind="toilet", di_time="07:15", di_size="small")
    assert [(entry.clock, entry.size) for entry in kept(session, asked).days[0].entries] == [
        ("07:15", "small"), ("22:00", ""),
    ]  # fmt: skip


def test_what_is_taken_out_counts_no_more_and_can_be_put_back(client, asked, session):
    add(client, **MORNING)
    add(client, di_kind="bed", di_time="22:00")
    press(client, "remove:di_entries_1.0")
    assert "Put it back" in client.get("/f").text
    assert [entry.kind for entry in kept(session, asked).days[0].entries] == ["bed"]
    press(client, "restore:di_entries_1.0")
    assert [entry.kind for entry in kept(session, asked).days[0].entries] == ["toilet", "bed"]
    assert kept(session, asked).days[0].entries[0].size == "large"


def test_what_is_taken_out_is_not_handed_in(client, asked, session):
    add(client, di_kind="leak", di_time="09:00", di_doing="Something I do not want to tell")
    press(client, "remove:di_entries_1.0")
    send(client, "tasks", {"_go": "check"})
    assert "do not want to tell" not in client.get("/f").text
    send(client, "check", {"signer": "Rowan Invented"})
    session.expire_all()
    assert asked.status == responses.COMPLETED
    assert "do not want to tell" not in str(responses.answers(session, asked.id))


def test_a_diary_with_nothing_in_it_can_be_handed_in(client, asked, session):
    send(client, "check", {"signer": "Rowan Invented"})
    session.expire_all()
    assert asked.status == responses.COMPLETED


def test_an_empty_entry_is_none(client, asked, session):
    add(client)
    assert kept(session, asked).days == ()


def test_a_time_nobody_can_read_is_asked_for_again_and_nothing_is_added_twice(client, asked, session):
    add(client, di_kind="drink", di_time="08:00")
    answer = add(client, di_kind="toilet", di_time="half past", di_size="small")
    assert answer.status_code == 422
    assert 'value="half past"' in answer.text
    assert len(kept(session, asked).days[0].entries) == 1
    add(client, di_kind="toilet", di_time="8.30 pm", di_size="small")
    assert [entry.clock for entry in kept(session, asked).days[0].entries] == ["08:00", "20:30"]


def test_a_day_holds_60_entries_and_refuses_the_next_with_a_word(client, asked, make, session):
    moments = [f"{number // 4:02}:{number % 4 * 15:02}" for number in range(60)]
    entries = [{"di_kind_1": {"value": "toilet"}, "di_time_1": {"value": at}} for at in moments]
    make.answer(asked, {"di_entries_1": {"value": entries}})
    assert kept(session, asked).days[0].voids == 60
    assert "This day is full" in shown(client)
    answer = add(client, **MORNING)
    assert answer.status_code == 422
    assert "The most is 60" in answer.text
    assert kept(session, asked).days[0].voids == 60


@pytest.mark.parametrize("number", [7, 10000])
def test_an_entry_that_is_not_there_is_refused(client, asked, session, number):
    add(client, **MORNING)
    assert add(client, number, **MORNING).status_code == 400
    assert len(kept(session, asked).days[0].entries) == 1


@pytest.mark.parametrize(
    "action", ["remove:di_entries_1.9", "remove:di_entries_2.0", "remove:other.0", "open:di_entries_1.99999", "open:x"]
)
def test_a_button_nobody_offered_changes_nothing(client, asked, session, action):
    add(client, **MORNING)
    press(client, action)
    assert len(kept(session, asked).days[0].entries) == 1
    assert client.get("/f").status_code == 200


def test_a_page_that_was_open_elsewhere_loses_nothing(client, asked, session):
    old = version(visit(client, DAY))
    add(client, **MORNING)
    late = {"_version": old, "_action": "add:di_entries_1", **fields(di_kind="drink", di_time="09:00")}
    answer = send(client, DAY, late)
    assert answer.status_code == 409
    assert 'value="09:00"' in answer.text
    send(client, DAY, {**late, "_version": version(answer)})
    assert [entry.kind for entry in kept(session, asked).days[0].entries] == ["toilet", "drink"]


def test_coming_back_with_the_same_link_shows_it_all(client, asked, make, enter, new_client):
    add(client, **MORNING)
    again = enter(asked.visit.invitations[0], new_client())
    visit(again, DAY)
    assert lines(again) == ["7:10 AM · I peed · A lot"]


def test_with_another_link_entries_are_kept_and_not_shown_even_after_a_new_one(
    client, asked, make, enter, new_client, session
):
    add(client, di_kind="leak", di_time="09:00", di_doing="Lifting")
    make.invitation(asked.visit)
    session.refresh(asked.visit)
    other = enter(asked.visit.invitations[1], new_client())
    assert "1 entry was made with an earlier link" in shown(other)
    add(other, **MORNING)
    page = shown(other)
    assert lines(other) == ["7:10 AM · I peed · A lot"]
    assert "Lifting" not in page
    assert "Lifting" not in shown_at_check(other)
    assert [entry.kind for entry in kept(session, asked).days[0].entries] == ["toilet", "leak"]


def shown_at_check(client):
    send(client, "tasks", {"_go": "check"})
    return client.get("/f").text


def test_with_another_link_nothing_that_is_there_can_be_changed_or_taken_out(
    client, asked, make, enter, new_client, session
):
    add(client, di_kind="leak", di_time="09:00", di_doing="Lifting")
    make.invitation(asked.visit)
    session.refresh(asked.visit)
    other = enter(asked.visit.invitations[1], new_client())
    assert add(other, 0, **MORNING).status_code == 400
    press(other, "remove:di_entries_1.0")
    page = press(other, "open:di_entries_1.0")
    assert page.status_code == 303
    assert "Lifting" not in other.get("/f").text
    assert [entry.doing for entry in kept(session, asked).days[0].entries] == ["Lifting"]
