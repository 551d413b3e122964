"""What the pages of notes and plans share."""

from __future__ import annotations

import pytest

from tests.pages import save, version


@pytest.fixture
def page(client, make, sign_in):
    note = make.note()
    sign_in(note.author)
    return f"/clinic/notes/{note.id}"


def test_a_page_carries_the_versions_of_the_sections_it_holds_and_no_others(client, page):
    held = {word.partition(":")[0] for word in version(client.get(page)).split()}
    assert "impression" in held
    assert held.isdisjoint({"internal", "popq", "perineum"})


def test_a_section_the_page_did_not_hold_is_not_emptied_by_sending_it(client, page, make, session):
    from intake.store import responses
    from intake.store.notes import get

    note = get(session, __import__("uuid").UUID(page.rpartition("/")[2]))
    seen = version(client.get(page))
    make.answer(note.response, {"popq_cervix": {"value": "yes"}})
    save(client, page, {"im_impression": "Good"}, at=seen)
    session.expire_all()
    assert responses.answers(session, note.response_id)["popq_cervix"] == {"value": "yes"}


def test_a_goal_can_be_added_and_taken_out_without_script(client, page):
    goal = {"goal.count": "1", "goal.0.goal_text": "Walk for 30 minutes"}
    more = save(client, page, goal, at="goals:1", action="add:goal")
    assert 'name="goal.1.goal_text"' in client.get(more.location).text
    save(client, page, goal, at="goals:2", action="remove:goal.0")
    assert "Walk for 30 minutes" not in client.get(page).text


def test_a_button_nobody_offered_breaks_nothing(client, page):
    for action in (
        "remove:goal.99",
        "remove:goal.x",
        "remove:",
        "add:",
        "add:nothing",
        "remove:goal." + "9" * 5000,
        ":::",
        "\x00",
    ):
        goal = {"goal.count": "1", "goal.0.goal_text": "Walk for 30 minutes"}
        assert save(client, page, goal, at="goals:1", action=action).status_code in {303, 400, 422}
        assert "Walk for 30 minutes" in client.get(page).text
