"""Who is on a patient's care team: the buttons of the patient's page."""

from __future__ import annotations

import pytest

from intake.store import careteam


@pytest.fixture
def visit(make):
    return make.visit()


def members(session, make, visit):
    session.rollback()
    return {(member.user_id, member.role) for member in careteam.members(session, visit.patient_id, make.now)}


def page(visit):
    return f"/clinic/patients/{visit.patient_id}"


def put(browser, visit, user, role):
    url = f"/clinic/care-team/patients/{visit.patient_id}"
    return browser.submit(url, {"member": f"{user.id}:{role}"}, at=page(visit))


@pytest.mark.parametrize("role", ["front_desk", "admin"])
def test_the_desk_and_an_administrator_put_somebody_on_the_team(client, make, sign_in, session, visit, role):
    aide = make.assistant()
    sign_in(getattr(make, role)())
    assert put(client, visit, aide, "assistant").location == page(visit)
    assert (aide.id, "assistant") in members(session, make, visit)
    assert f"{aide.name} is on the team now" in client.get(page(visit)).text


def test_who_joins_sees_the_chart_and_who_leaves_does_not(client, new_client, make, sign_in, session, visit):
    aide, chart = make.assistant(), f"/clinic/charts/{visit.patient_id}"
    hers = sign_in(aide, new_client())
    desk = sign_in(make.front_desk())
    assert hers.get(chart).status_code == 404
    put(desk, visit, aide, "assistant")
    assert hers.get(chart).status_code == 200
    (member,) = (m for m in careteam.members(session, visit.patient_id, make.now) if m.user_id == aide.id)
    assert desk.submit(f"/clinic/care-team/{member.id}/end", at=page(visit)).location == page(visit)
    assert hers.get(chart).status_code == 404


def test_nobody_puts_themselves_on_a_team_nor_in_a_role_they_do_not_have(client, make, sign_in, session, visit):
    both, aide = make.user("front-desk", "therapist"), make.assistant()
    sign_in(both)
    before = members(session, make, visit)
    for user, role in ((both, "therapist"), (aide, "therapist"), (make.front_desk(), "assistant"), (aide, "owner")):
        put(client, visit, user, role)
    assert "Please choose who joins the team." in client.get(page(visit)).text
    assert members(session, make, visit) == before


def test_a_therapist_sees_the_team_and_changes_nothing(client, make, sign_in, visit):
    sign_in(visit.therapist)
    shown = client.get(page(visit)).text
    assert visit.therapist.name in shown
    assert "Put on the team" not in shown
    client.get("/account")
    refused = client.post(
        f"/clinic/care-team/patients/{visit.patient_id}", data={"csrf_token": client.token, "member": "x:assistant"}
    )
    assert refused.status_code == 404
