"""The form itself: saved whenever a page is left, never lost, never shown back where it is private."""

from __future__ import annotations

import pytest

from intake.store import responses
from tests.pages import answer, born, place, save, version

CANARY = "marzipan-lighthouse"


@pytest.fixture
def kept(session, make, enter):
    """Let a patient in; the call gives what is stored of an answer."""
    invitation = make.invitation()
    enter(invitation)

    def stored(question):
        session.expire_all()
        found = responses.answers(session, responses.intake_of(session, invitation.visit_id).id).get(question)
        return None if found is None else {key: value for key, value in found.items() if key not in {"r", "at"}}

    return stored


def test_the_list_of_parts_names_no_private_topic_and_says_how_far_she_is(client, kept):
    page = client.get("/form")
    assert "Not started" in page.text
    answer(client, "pre_private", "yes", action="later")
    assert client.get("/form").text != page.text


def test_a_page_is_saved_when_it_is_left_and_leads_to_the_next(client, kept):
    first = save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"})
    assert (first.status_code, first.location) == (303, place("rf_heart"))
    assert kept("pre_private") == {"value": "yes"}


def test_a_page_with_one_bad_value_keeps_the_good_ones_and_says_what_to_mend(client, kept):
    page = save(
        client,
        place("bl_day_voids"),
        {"bl_day_voids": "lots", "bl_nocturia": "2", "bl_urgency": "never", "bl_leak_any": "no"},
    )
    assert page.status_code == 422
    assert 'value="lots"' in page.text
    assert page.text.count("Please write this as a number") == 2  # at the field and in the list on top
    assert kept("bl_nocturia") == {"value": {"number": "2", "unit": "/d"}}
    assert kept("bl_day_voids") is None


def test_a_page_is_not_left_while_something_it_needs_is_open_but_what_was_said_is_kept(client, kept):
    page = save(client, place("rf_bleed"), {"rf_bleed": "light"})
    assert page.status_code == 422
    assert kept("rf_bleed") == {"value": "light"}


def test_each_answer_saves_as_it_is_given_and_says_when(clock, client, kept):
    reply = answer(client, "fn_goal_top", "Run again", autosave=True)
    assert (reply.status_code, reply.json) == (200, {"saved": "12:00", "version": "goals:2", "errors": {}})
    assert kept("fn_goal_top") == {"value": "Run again"}
    assert kept("fn_psfs") is None  # what was not answered yet is not "skipped" while she is still on the page


def test_autosave_says_what_it_could_not_keep(client, kept):
    reply = save(client, place("bl_day_voids"), {"bl_day_voids": "lots", "bl_nocturia": "1"}, autosave=True)
    assert list(reply.json["errors"]) == ["bl_day_voids"]
    assert kept("bl_nocturia") == {"value": {"number": "1", "unit": "/d"}}


@pytest.mark.parametrize("autosave", [True, False])
def test_two_windows_never_overwrite_each_other_silently(client, kept, autosave):
    seen = version(client.get(place("fn_goal_top")))
    answer(client, "fn_goal_top", "From the phone", autosave=True)
    stale = answer(client, "fn_goal_top", "From the laptop", at=seen, autosave=autosave)
    assert stale.status_code == 409
    assert kept("fn_goal_top") == {"value": "From the phone"}
    assert "another window" in (stale.json["errors"]["fn_goal_top"] if autosave else stale.text)
    if not autosave:
        assert "From the laptop" in stale.text
        again = answer(client, "fn_goal_top", "From the laptop", at=version(stale), autosave=True)
        assert again.status_code == 200
        assert kept("fn_goal_top") == {"value": "From the laptop"}


def test_two_windows_on_different_pages_of_a_part_both_save(client, kept):
    seen = version(client.get(place("fn_goal_top")))
    answer(client, "fn_goal_top", "Run", at=seen, autosave=True)
    assert answer(client, "fn_work", "leave", at=seen, autosave=True).status_code == 200
    assert kept("fn_goal_top") == {"value": "Run"}


def test_prefer_not_to_say_and_in_person_are_kept_as_such(client, kept):
    fields = {"rf_harm_self": "~declined", "rf_harm_baby": "~declined", "rf_unreal": "~declined"}
    assert save(client, place("rf_unreal"), fields).status_code == 303
    assert kept("rf_unreal") == {"status": "declined"}
    for name, status in (("ob_g", "in-person"), ("ob_t", "declined")):
        save(client, place("ob_g"), {f"{name}.status": status}, autosave=True)
        assert kept(name) == {"status": status}


def test_an_answer_and_its_refusal_together_are_asked_about(client, kept):
    page = save(client, place("ob_g"), {"ob_g": "2", "ob_g.status": "declined"}, autosave=True)
    assert "ob_g" in page.json["errors"]
    assert kept("ob_g") is None


def test_a_private_answer_is_never_shown_back(client, kept):
    save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"})
    answer(client, "sx_ok_to_ask", "yes", autosave=True)
    for question, fields, secret in (
        ("ti_triggers", {"ti_triggers": CANARY}, CANARY),
        ("sx_lubricant", {"sx_lubricant": "~other", "sx_lubricant.other": CANARY}, CANARY),
        ("rf_harm_self", {"rf_harm_self": "thoughts"}, 'value="thoughts" checked'),
        ("id_partner_invite", {"id_partner_invite": "maybe"}, 'value="maybe" checked'),
    ):
        save(client, place(question), fields, autosave=True)
        assert kept(question) is not None
        for path in ("/form", place(question), "/form/check", "/form/message"):
            assert secret not in client.get(path, follow_redirects=True).text
        assert "Answered" in client.get("/form/check").text


def test_a_private_answer_stays_when_its_page_is_sent_again_and_goes_when_cleared(client, kept):
    url = place("ti_triggers")
    save(client, url, {"ti_triggers": CANARY}, autosave=True)
    save(client, url, {"ti_triggers": ""}, autosave=True)
    assert kept("ti_triggers") == {"value": CANARY}
    save(client, url, {"ti_triggers.status": "clear"}, autosave=True)
    assert kept("ti_triggers") == {"status": "skipped"}


def test_a_private_answer_inside_a_birth_stays_when_the_birth_is_corrected(client, kept):
    save(client, place("ob_births"), birth(feeling="3"), autosave=True)
    page = client.get(place("ob_births")).text
    assert 'value="3" checked' not in page
    save(client, place("ob_births"), birth(mode="forceps"), autosave=True)
    (entry,) = kept("ob_births")["value"]
    assert (entry["birth_feeling"], entry["birth_mode"]) == ({"value": 3}, {"value": "forceps"})


def birth(mode="vaginal", feeling=None):
    date = born(2026, 5, 1, name="ob_births.0.birth_date")
    fields = {"ob_births.count": "1", "ob_births.0.birth_mode": mode, "ob_births.0.birth_outcome": "living", **date}
    return fields | ({"ob_births.0.birth_feeling": feeling} if feeling else {})


def test_a_birth_can_be_added_and_taken_out_without_script(client, kept):
    more = save(client, place("ob_births"), birth(), action="add:ob_births")
    assert more.status_code == 303
    assert 'name="ob_births.1.birth_mode"' in client.get(more.location).text
    save(client, place("ob_births"), birth(), action="remove:ob_births.0")
    assert kept("ob_births") == {"status": "skipped"}


def test_private_parts_are_kept_for_the_visit_when_she_is_not_alone(client, kept):
    save(client, place("pre_private"), {"pre_private": "not-now", "pre_who": "me"})
    tasks = client.get("/form").text
    assert place("sx_ok_to_ask") not in tasks
    assert client.get(place("sx_ok_to_ask")).status_code == 302
    late = answer(client, "sx_ok_to_ask", "yes", at="intimacy:1")
    assert late.status_code == 303
    for asked in ("sx_ok_to_ask", "sx_goal"):  # kept until she hands in, as every hidden answer; asked nowhere
        assert client.get(place(asked)).status_code == 302
        assert place(asked) not in client.get("/form").text


def test_a_part_can_be_left_for_the_visit_with_one_button(client, kept):
    save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"})
    answer(client, "sx_ok_to_ask", "yes", autosave=True)
    left = save(client, place("sx_goal"), {}, action="leave-section")
    assert left.status_code == 303
    assert kept("sx_goal") == {"status": "in-person"}
    assert kept("sx_ok_to_ask") == {"value": "yes"}


def test_what_stands_on_the_page_is_kept_when_the_part_is_left_for_the_visit(client, kept):
    save(client, place("feed_mode"), {"feed_mode": "pumping"}, action="leave-section")
    assert kept("feed_mode") == {"value": "pumping"}


def test_an_emergency_is_shown_at_once_on_a_page_of_its_own(client, kept):
    page = save(client, place("rf_bleed"), {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    assert (page.status_code, page.location.partition("?")[0]) == (303, "/form/message")
    assert "too much blood" in client.get(page.location).text
    assert kept("rf_temp_taken") == {"value": "not-taken-fine"}


def test_a_sign_for_today_is_shown_at_once_on_its_page(client, kept):
    page = save(client, place("rf_legs"), {"rf_legs": ["rf_calf"], "rf_belly": ["none"]})
    assert page.location == f"{place('rf_legs')}#notice"
    assert 'data-rule="S9"' in client.get(page.location).text
    assert save(client, place("rf_legs"), {"rf_legs": ["rf_calf"], "rf_belly": ["none"]}).location == place(
        "rf_harm_self"
    )


def test_script_is_told_where_an_urgent_sign_is_shown(client, kept):
    assert answer(client, "rf_bleed", "heavy", autosave=True).json["go"].startswith("/form/message?after=2.2")
    client.submit("/form/message", {"reply": "read"})
    assert answer(client, "rf_legs", ["rf_calf"], autosave=True).json["go"].endswith("#notice")
    assert "go" not in answer(client, "ob_preg_now", "yes", autosave=True).json


def test_somebody_else_s_invitation_shows_somebody_else_s_answers_only(client, kept, new_client, enter, make):
    answer(client, "id_name_used", CANARY, autosave=True)
    other = enter(make.invitation(), new_client())
    for path in ("/form", place("id_name_used"), "/form/check"):
        assert CANARY not in other.get(path).text


def test_after_handing_in_every_page_leads_to_the_last_one(client, make, enter):
    intake = make.intake(submitted=True)
    enter(intake.visit.invitations[0])
    for path in ("/form", place("fn_goal_top"), "/form/check"):
        assert client.get(path).location == "/form/done"
    assert client.get("/form/done").status_code == 200
    client.get("/start")
    assert (
        client.post(place("fn_goal_top"), data={"csrf_token": client.token, "_version": "goals:2"}).status_code == 409
    )


def test_a_page_that_does_not_exist_is_not_found(client, kept):
    for address in ("/form/0/1", "/form/99/1", "/form/1/0", "/form/1/99", "/form/1/-1", "/form/x/1"):
        assert client.get(address).status_code == 404


def test_a_page_she_need_not_see_leads_on_to_the_next(client, kept):
    assert client.get(place("bl_leak_freq")).location == place("bl_empty")


def test_a_way_to_reach_her_that_is_not_private_is_shut_at_once_and_her_name_is_used(client, make, enter, session):
    invitation = make.invitation()
    patient = invitation.patient
    patient.contacts = [{"method": "mobile", "value": "555 0199", "safe": "safe"}]
    session.commit()
    enter(invitation)
    save(
        client, place("id_safe_to_contact"), {"id_contact_methods": ["mobile"], "id_safe_to_contact.mobile": "not-safe"}
    )
    answer(client, "id_name_used", "Robbie")
    session.refresh(patient)
    assert patient.contacts == [{"method": "mobile", "value": "555 0199", "safe": "not-safe"}]
    assert patient.name == "Robbie"


def test_a_warning_that_a_birth_gives_rise_to_stands_on_the_page_of_the_birth(client, kept, make):
    birth = {
        "ob_births.count": "1",
        **born(make.now.year, make.now.month, 1, "ob_births.0.birth_date"),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_repair": "opened",
        "ob_births.0.birth_outcome": "living",
    }
    saved = save(client, place("ob_births"), birth)
    assert saved.location == f"{place('ob_births')}#notice"
    assert 'data-rule="S3"' in client.get(place("ob_births")).text


def test_after_a_loss_nobody_is_asked_how_the_baby_is_fed(client, kept, make):
    assert client.get(place("feed_mode")).status_code == 200
    birth = {
        "ob_births.count": "1",
        **born(make.now.year - 1, 5, 1, "ob_births.0.birth_date"),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_outcome": "stillborn",
    }
    onward = save(client, place("ob_births"), birth).location
    assert "told=" in onward
    assert 'data-rule="D15"' in client.get(onward).text
    assert client.get(place("feed_mode")).status_code == 302
