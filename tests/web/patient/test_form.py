"""The form itself: saved whenever a page is left, never lost, never shown back where it is private."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import corrections
from intake.forms import merge
from intake.store import responses
from tests.pages import PATH, answer, arrive, born, come_in, place, save, send, version, visit, where
from tests.rows import changed, everything

BLADDER = {"bl_day_voids": "7", "bl_nocturia": "1", "bl_urgency": "never", "bl_leak_any": "no"}
CANARY = "marzipan-lighthouse"


@pytest.fixture
def kept(session, make, enter):
    """Let a patient in; the call gives what is stored of an answer."""
    invitation = make.invitation()
    enter(invitation)

    def stored(question):
        session.expire_all()
        found = responses.answers(session, responses.intake_of(session, invitation.visit_id).id).get(question)
        return merge.bare(found)

    stored.visit = invitation.visit
    return stored


def test_the_list_of_parts_names_no_private_topic_and_says_how_far_she_is(client, kept):
    page = visit(client, "tasks")
    assert "Not started" in page.text
    answer(client, "pre_private", "yes", autosave=True)
    assert visit(client, "tasks").text != page.text


def test_a_page_is_saved_when_it_is_left_and_leads_to_the_next(client, kept):
    first = save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"})
    assert arrive(client, first) == place("rf_heart")
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
    assert (reply.status_code, reply.json) == (
        200, {"saved": "12:00", "day": "Sep 15, 2026", "left": 600, "version": "goals:2", "errors": {}},
    )  # fmt: skip
    assert kept("fn_goal_top") == {"value": "Run again"}
    assert kept("fn_psfs") is None  # what was not answered yet is not "skipped" while she is still on the page


def test_autosave_says_what_it_could_not_keep(client, kept):
    reply = save(client, place("bl_day_voids"), {"bl_day_voids": "lots", "bl_nocturia": "1"}, autosave=True)
    assert list(reply.json["errors"]) == ["bl_day_voids"]
    assert kept("bl_nocturia") == {"value": {"number": "1", "unit": "/d"}}


@pytest.mark.parametrize("autosave", [True, False])
def test_two_windows_never_overwrite_each_other_silently(client, kept, autosave):
    seen = version(visit(client, place("fn_goal_top")))
    answer(client, "fn_goal_top", "From the phone", autosave=True)
    stale = answer(client, "fn_goal_top", "From the laptop", at=seen, autosave=autosave)
    assert stale.status_code == 409
    assert kept("fn_goal_top") == {"value": "From the phone"}
    said = stale.json["errors"]["fn_goal_top"] if autosave else stale.text
    assert "another window" in said
    assert "In the other window: “From the phone”." in said
    if not autosave:
        assert "From the laptop" in stale.text
        again = answer(client, "fn_goal_top", "From the laptop", at=version(stale), autosave=True)
        assert again.status_code == 200
        assert kept("fn_goal_top") == {"value": "From the laptop"}


def test_an_emergency_that_two_windows_keep_from_being_saved_is_answered_at_once(client, kept):
    seen = version(visit(client, place("rf_heart")))
    answer(client, "rf_heart", ["none"], autosave=True)
    ticked = answer(client, "rf_heart", ["rf_chest"], at=seen, autosave=True)
    assert (ticked.status_code, ticked.json) == (409, {"saved": None, "errors": {}, "send": True})
    page = answer(client, "rf_heart", ["rf_chest"], at=seen)
    assert page.status_code == 409
    assert "Call 911" in page.text
    assert "not saved yet" in page.text
    assert kept("rf_heart") == {"value": ["none"]}
    calm = answer(client, "rf_heart", ["none"], at=version(page))
    assert "Call 911" not in calm.text + client.get(PATH).text, "what she took back warns of nothing"


def test_two_windows_on_different_pages_of_a_part_both_save(client, kept):
    seen = version(visit(client, place("fn_goal_top")))
    answer(client, "fn_goal_top", "Run", at=seen, autosave=True)
    assert answer(client, "fn_work", "leave", at=seen, autosave=True).status_code == 200
    assert kept("fn_goal_top") == {"value": "Run"}


def test_prefer_not_to_say_and_in_person_are_kept_as_such(client, kept):
    fields = {"rf_harm_self": "~declined", "rf_harm_baby": "~declined", "rf_unreal": "~declined"}
    assert save(client, place("rf_unreal"), fields).status_code == 303
    assert kept("rf_unreal") == {"status": "declined"}
    answer(client, "ob_more", "yes", autosave=True)
    for name, status in (("ob_g", "in-person"), ("ob_t", "declined")):
        save(client, place("ob_g"), {f"{name}.status": status}, autosave=True)
        assert kept(name) == {"status": status}


@pytest.mark.parametrize(("births", "prompt"), [("1", False), ("2", True)])
def test_numbers_that_do_not_add_up_are_asked_about_and_hold_nobody_up(client, kept, births, prompt):
    answer(client, "ob_preg_now", "no", autosave=True)
    answer(client, "ob_more", "yes", autosave=True)
    numbers = {"ob_list_losses": "list", "ob_g": "2", "ob_t": births, "ob_p": "0", "ob_a": "1", "ob_l": "1"}
    there = save(client, place("ob_g"), numbers)
    assert there.status_code == 303, there.text
    assert ("do not quite add up" in client.get("/f").text) is prompt
    assert "do not quite add up" not in client.get("/f").text, "it is said once"
    assert kept("ob_g") == {"value": {"number": "2"}}


def dated(place_in_list, year, month, day):
    """The fields of one birth."""
    name = f"ob_births.{place_in_list}"
    date = {f"{name}.birth_date.{part}": str(of) for part, of in (("year", year), ("month", month), ("day", day))}
    return {**date, f"{name}.birth_mode": "vaginal", f"{name}.birth_outcome": "living"}


@pytest.mark.parametrize(
    ("births", "words"),
    [
        ([(2025, 1, 10)], ""),
        ([(2025, 1, 10), (2025, 1, 11)], ""),
        ([(1999, 1, 10)], "before you were 10 years old"),
        ([(2025, 1, 10), (2025, 3, 1)], "too close together"),
    ],
)
def test_births_that_cannot_be_are_asked_about_once_and_hold_nobody_up(client, kept, births, words):
    fields = {name: said for number, born in enumerate(births) for name, said in dated(number, *born).items()}
    there = save(client, place("ob_births"), {"ob_births.count": str(len(births)), **fields})
    assert there.status_code == 303, there.text
    assert len(kept("ob_births")["value"]) == len(births), "it is kept as she wrote it"
    onward = client.get("/f").text
    assert ("Please check: " in onward) is bool(words)
    assert words in onward
    assert "Please check: " not in client.get("/f").text, "it is said once"
    back = visit(client, place("ob_births")).text
    assert words in back
    assert ("If it is right, just go on." in back) is bool(words), "and stands on the page itself"


EVERYDAY = {f"mh_{name}.status": "declined" for name in ("infection_now", "smoke", "alcohol", "drugs")}


def parts(name, year, month, day):
    """The fields of one date."""
    return {f"{name}.{part}": str(of) for part, of in (("year", year), ("month", month), ("day", day))}


@pytest.mark.parametrize(
    ("question", "fields", "words"),
    [
        ("ob_preg_now", {**parts("ob_preg_due", 1995, 3, 1), "ob_preg_weeks": "44"}, "over for more than 3 weeks"),
        ("ob_preg_now", parts("ob_preg_due", 2028, 3, 1), "more than 10 months ahead"),
        ("ob_preg_now", {**parts("ob_preg_due", 2027, 3, 1), "ob_preg_weeks": "30"}, "do not fit each other"),
        ("ob_preg_now", {**parts("ob_preg_due", 2027, 3, 1), "ob_preg_weeks": "16"}, ""),
        ("mh_bp_known", parts("mh_bp_date", 2025, 9, 14), "about a year ago, or longer"),
        ("mh_bp_known", parts("mh_bp_date", 2026, 9, 1), ""),
    ],
)
def test_dates_that_contradict_are_asked_about_once_and_hold_nobody_up(clock, client, kept, question, fields, words):
    gate = {"ob_preg_now": {"ob_preg_now": "yes", "ob_preg_told": "none"}}
    pressure = {**EVERYDAY, "mh_bp_known": "yes", "mh_bp_sys": "118", "mh_bp_dia": "76"}
    there = save(client, place(question), {**gate.get(question, pressure), **fields})
    assert there.status_code == 303, there.text
    assert kept(next(iter(fields)).partition(".")[0]), "it is kept as she wrote it"
    onward = client.get("/f").text
    assert ("Please check: " in onward) is bool(words)
    assert words in onward
    back = visit(client, place(question)).text
    assert words in back
    assert ("If it is right, just go on." in back) is bool(words), "and stands on the page itself"


def test_a_mistyped_year_under_a_very_high_blood_pressure_keeps_its_emergency(clock, client, kept):
    pressure = {**EVERYDAY, "mh_bp_known": "yes", "mh_bp_sys": "185", "mh_bp_dia": "120"}
    save(client, place("mh_bp_known"), {**pressure, **parts("mh_bp_date", 2025, 9, 14)})
    assert "This could be very high blood pressure" in client.get("/f").text
    assert kept("mh_bp_date") == {"value": "2025-09-14"}
    assert "Please check: " in visit(client, place("mh_bp_known")).text, "and the page asks about the date"


def test_what_was_said_with_another_link_is_not_told_by_a_question_about_its_dates(clock, client, enter, make, kept):
    fields = {"ob_births.count": "1", **dated(0, 1999, 1, 10)}
    save(client, place("ob_births"), fields)
    assert kept("ob_births")
    clock.shift(timedelta(minutes=2))
    enter(make.invitation(kept.visit))
    assert "Please check" not in visit(client, place("ob_births")).text


def test_an_answer_and_its_refusal_together_are_asked_about(client, kept):
    answer(client, "ob_more", "yes", autosave=True)
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
        for there in ("tasks", place(question), "check", "message 2.2", "done"):
            assert secret not in visit(client, there).text
        assert "Answered" in visit(client, "check").text


@pytest.mark.parametrize("autosave", [True, False])
def test_two_windows_never_show_a_private_answer_or_one_of_another_link(client, kept, make, enter, autosave):
    save(client, place("pre_private"), {"pre_private": "yes", "pre_who": "me"})
    answer(client, "sx_ok_to_ask", "yes", autosave=True)
    answer(client, "fn_goal_top", CANARY, autosave=True)
    seen = version(visit(client, place("sx_lubricant")))
    fields = {"sx_lubricant": "~other", "sx_lubricant.other": CANARY}
    save(client, place("sx_lubricant"), fields, autosave=True)
    stale = save(client, place("sx_lubricant"), {"sx_lubricant": "water"}, at=seen, autosave=autosave)
    assert stale.status_code == 409
    assert CANARY not in stale.text
    assert "In the other window" not in stale.text
    enter(make.invitation(kept.visit))
    stale = answer(client, "fn_goal_top", "From the laptop", at="goals:1", autosave=autosave)
    assert stale.status_code == 409
    assert CANARY not in stale.text


def test_a_private_answer_stays_when_its_page_is_sent_again_and_goes_when_cleared(client, kept):
    there = place("ti_triggers")
    save(client, there, {"ti_triggers": CANARY}, autosave=True)
    save(client, there, {"ti_triggers": ""}, autosave=True)
    assert kept("ti_triggers") == {"value": CANARY}
    save(client, there, {"ti_triggers.status": "clear"}, autosave=True)
    assert kept("ti_triggers") == {"status": "skipped"}


def test_a_private_answer_inside_a_birth_stays_when_the_birth_is_corrected(client, kept):
    save(client, place("ob_births"), birth(feeling="3"), autosave=True)
    page = visit(client, place("ob_births")).text
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
    assert arrive(client, more) == place("ob_births")
    assert 'name="ob_births.1.birth_mode"' in client.get("/f").text
    save(client, place("ob_births"), birth(), action="remove:ob_births.0")
    assert kept("ob_births") == {"status": "skipped"}


def test_private_parts_are_kept_for_the_visit_when_she_is_not_alone(client, kept):
    save(client, place("pre_private"), {"pre_private": "not-now", "pre_who": "me"})
    for asked in ("sx_ok_to_ask", "sx_goal"):  # what is sent late is kept until she hands in, but asked nowhere
        assert place(asked) not in visit(client, "tasks").text
        assert where(visit(client, place(asked))) not in {place("sx_ok_to_ask"), place("sx_goal")}
        send(client, place(asked), {asked: "yes" if asked == "sx_ok_to_ask" else "pleasure", "_version": "intimacy:1"})


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


def test_one_tap_answers_what_stands_open_on_the_page_and_goes_on(client, kept, session):
    onward = save(client, place("rf_heart"), {}, action="nothing")
    assert arrive(client, onward) == place("rf_bleed")
    assert (kept("rf_heart"), kept("rf_head")) == ({"value": ["none"]}, {"value": ["none"]})
    stored = responses.answers(session, responses.intake_of(session, kept.visit.id).id)
    assert stored["rf_heart"]["together"]


def test_one_tap_leaves_alone_what_she_ticked_before_or_just_now(client, kept):
    answer(client, "rf_head", ["rf_vision"], autosave=True)
    save(client, place("rf_belly"), {"rf_belly": ["rf_vomit"]}, action="nothing")
    assert (kept("rf_belly"), kept("rf_legs")) == ({"value": ["rf_vomit"]}, {"value": ["none"]})
    save(client, place("rf_heart"), {"rf_head": ["rf_vision"]}, action="nothing")
    assert (kept("rf_heart"), kept("rf_head")) == ({"value": ["none"]}, {"value": ["rf_vision"]})


def test_one_tap_raises_what_she_ticked_beside_it(client, kept):
    page = save(client, place("rf_heart"), {"rf_heart": ["rf_chest"]}, action="nothing")
    assert arrive(client, page).startswith("message")


def test_what_she_says_later_by_itself_is_no_more_one_tap(client, kept, session):
    save(client, place("rf_heart"), {}, action="nothing")
    save(client, place("rf_heart"), {"rf_heart": ["none"], "rf_head": ["rf_vision"]})
    stored = responses.answers(session, responses.intake_of(session, kept.visit.id).id)
    assert "together" not in stored["rf_head"]


def test_a_page_that_asks_for_more_than_nothing_has_no_such_tap(client, kept):
    assert save(client, place("rf_harm_self"), {}, action="nothing").status_code == 400
    assert kept("rf_harm_self") is None


def test_a_page_says_until_when_the_answers_are_kept(client, kept):
    assert "Your answers are kept until" in visit(client, place("bl_day_voids")).text


def test_an_emergency_is_shown_at_once_on_a_page_of_its_own(client, kept):
    page = save(client, place("rf_bleed"), {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    assert arrive(client, page) == "message 2.2"
    assert "too much blood" in client.get("/f").text
    assert kept("rf_temp_taken") == {"value": "not-taken-fine"}


def test_a_sign_for_today_is_shown_at_once_on_its_page(client, kept):
    fields = {"rf_legs": ["rf_calf"], "rf_belly": ["none"]}
    assert arrive(client, save(client, place("rf_legs"), fields)) == place("rf_legs")
    assert 'data-rule="S9"' in client.get("/f").text
    assert arrive(client, save(client, place("rf_legs"), fields)) == place("rf_harm_self")


def test_script_is_told_when_an_urgent_sign_is_to_be_shown(client, kept):
    assert answer(client, "rf_bleed", "heavy", autosave=True).json["go"] == "/f"
    assert where(client.get("/f")) == "message 2.2"
    send(client, "message 2.2", {"reply": "read"})
    assert answer(client, "rf_legs", ["rf_calf"], autosave=True).json["go"] == "/f"
    assert where(client.get("/f")) == place("rf_legs")
    assert "go" not in answer(client, "ob_preg_now", "yes", autosave=True).json


def test_somebody_else_s_invitation_shows_somebody_else_s_answers_only(client, kept, new_client, enter, make):
    answer(client, "id_name_used", CANARY, autosave=True)
    other = enter(make.invitation(), new_client())
    for there in ("tasks", place("id_name_used"), "check"):
        assert CANARY not in visit(other, there).text


@pytest.fixture
def again(client, make, enter, kept, new_client):
    """Answer something, and come in elsewhere with a link that the front desk made afterwards."""

    def entered(question, value, **more):
        save(client, place(question), {**more, question: value} if value else more, autosave=True)
        return enter(make.invitation(kept.visit), new_client())

    return entered


def test_what_was_said_before_a_link_was_made_is_not_read_through_it(again):
    other = again("ex_worry", CANARY)
    page = visit(other, place("ex_worry"))
    assert "earlier link" in page.text
    assert "Answered. Leave it, replace it or clear it." in page.text
    for there in ("tasks", place("ex_worry"), "check"):
        assert CANARY not in visit(other, there).text
    assert "earlier link" in visit(other, "check").text


def test_she_reads_it_herself_with_the_link_she_said_it_with(client, again):
    again("ex_worry", CANARY)
    assert CANARY in visit(client, place("ex_worry")).text


def test_a_blank_page_of_a_newer_link_leaves_it_as_it_is_and_clearing_takes_it_out(again, kept):
    other = again("ex_worry", CANARY)
    answer(other, "ex_worry", "")
    assert kept("ex_worry") == {"value": CANARY}
    save(other, place("ex_worry"), {"ex_worry": "", "ex_worry.status": "clear"})
    assert kept("ex_worry") == {"status": "skipped"}


def test_guessing_an_earlier_answer_right_looks_like_any_other_answer(again):
    other = again("bl_leak_any", "yes")
    for guess in ("no", "yes"):
        answer(other, "bl_leak_any", guess, autosave=True)
        page = visit(other, place("bl_leak_any"))
        assert "checked" in page.text
        assert "earlier link" not in page.text


def test_earlier_births_are_not_read_by_adding_one_or_by_leaving_out_the_count(client, again, kept):
    other = again("ob_births", "", **birth())
    before = kept("ob_births")
    there = place("ob_births")
    for fields, action in ({}, ""), ({"ob_births.count": "1"}, "remove:ob_births.0"), ({"ob_births.count": "1"}, ""):
        save(other, there, fields, action=action)
        assert kept("ob_births") == before
    save(other, there, {**birth("caesarean-planned"), **born(2020, 1, 2, "ob_births.0.birth_date")}, autosave=True)
    assert 'value="2026"' not in visit(other, there).text
    assert len(kept("ob_births")["value"]) == 1


def test_a_sign_that_an_earlier_answer_raised_is_not_shown_through_a_newer_link(client, again):
    other = again("rf_heart", "rf_chest")
    assert where(client.get("/f")) == place("rf_heart").replace("page", "message")
    for there in ("tasks", place("rf_heart"), "check"):
        assert 'class="notice' not in visit(other, there).text


def test_after_handing_in_every_place_is_the_last_page_and_nothing_is_saved(client, make, enter):
    intake = make.intake(submitted=True)
    enter(intake.visit.invitations[0])
    client.get("/sign-in")
    for there in ("tasks", place("fn_goal_top"), "check", "message 2.2", "done"):
        assert where(visit(client, there)) == "done"
    assert send(client, place("fn_goal_top"), {"_version": "goals:2"}).status_code == 409


def test_a_place_that_is_none_is_refused(client, kept):
    here = where(visit(client, place("rf_bleed")))
    for there in ("page 99.1", "page 1.99"):
        assert send(client, "tasks", {"_go": there}).status_code == 404
        assert send(client, there, {"_version": "goals:2"}).status_code == 404
    for there in (
        "page 0.1",
        "page 1.0",
        "page 1.-1",
        "page x.1",
        "page",
        "nowhere",
        "//evil.example",
        "page 1.1 more ../x",
        "page 100.1",
    ):
        assert send(client, "tasks", {"_go": there}).status_code == 400
        assert send(client, there, {"_version": "goals:2"}).status_code == 400
    assert where(client.get("/f")) == here


def test_every_page_has_the_one_address_and_the_one_title(client, kept):
    for there in ("tasks", place("rf_bleed"), place("rf_unreal"), "check"):
        page = visit(client, there)
        assert (where(page), page.request.path) == (there, "/f")
        assert "<title>Form</title>" in page.text
    wrong = save(client, place("bl_day_voids"), {"bl_day_voids": "lots"})
    assert (wrong.status_code, wrong.request.full_path) == (422, "/f?")
    assert "<title>Form</title>" in wrong.text


def test_a_reload_shows_the_same_page_and_changes_nothing(client, kept, session):
    visit(client, place("rf_bleed"))
    before = everything(session)
    first, second = client.get("/f"), client.get("/f")
    assert where(first) == where(second) == place("rf_bleed")
    assert changed(before, everything(session)) == set()


def test_a_page_left_open_in_another_tab_saves_to_itself(client, kept):
    there, seen = place("bl_day_voids"), version(visit(client, place("bl_day_voids")))
    visit(client, place("rf_bleed"))
    onward = send(client, there, {**BLADDER, "_version": seen})
    assert kept("bl_day_voids") == {"value": {"number": "7", "unit": "/d"}}
    assert arrive(client, onward) == place("bl_empty")


def test_a_button_that_leads_elsewhere_keeps_what_was_typed_on_the_page(client, kept):
    for name, there in (("All parts", "tasks"), ("Back", place("rf_heart"))):
        led = save(client, place("rf_bleed"), {"rf_bleed": "light", "_go": there})
        assert arrive(client, led) == there, name
        assert kept("rf_bleed") == {"value": "light"}


def test_a_value_that_cannot_be_read_is_shown_again_before_she_is_led_elsewhere(client, kept):
    page = save(client, place("bl_day_voids"), {"bl_day_voids": "lots", "_go": "tasks"})
    assert page.status_code == 422
    assert 'value="lots"' in page.text


def test_a_page_she_need_not_see_leads_on_to_the_next(client, kept):
    assert where(visit(client, place("bl_leak_freq"))) == place("bl_empty")


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


def test_who_takes_back_every_tick_of_how_she_may_be_reached_is_sent_no_mail(client, enter, make, session):
    contacts = [{"method": "email", "value": "rowan@example.org", "safe": "safe"}]
    visit = make.visit(make.patient(contacts=contacts))
    enter(make.invitation(visit), client)
    at = place("id_contact_methods")
    for fields, safe in (
        ({"id_contact_methods": ["email"], "id_safe_to_contact.email": "safe"}, "safe"),
        ({}, "unknown"),
        ({"id_contact_methods": ["email"], "id_safe_to_contact.email": "safe"}, "safe"),
        ({"id_contact_methods": ["email"]}, "unknown"),
    ):
        save(client, at, fields)
        session.expire_all()
        assert visit.patient.contacts[0]["safe"] == safe


def test_a_warning_that_a_birth_gives_rise_to_stands_on_the_page_of_the_birth(clock, client, kept, make):
    birth = {
        "ob_births.count": "1",
        **born(make.now.year, make.now.month, 1, "ob_births.0.birth_date"),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_repair": "opened",
        "ob_births.0.birth_outcome": "living",
    }
    saved = save(client, place("ob_births"), birth)
    assert arrive(client, saved) == place("ob_births")
    assert 'data-rule="S3"' in client.get("/f").text


def test_a_birth_before_she_was_born_herself_is_asked_about(client, kept):
    birth = {"ob_births.count": "1", **born(1926, 9, 1, "ob_births.0.birth_date"), "ob_births.0.birth_mode": "vaginal"}
    page = save(client, place("ob_births"), birth)
    assert page.status_code == 422
    assert "That is before you were born" in page.text
    assert 'value="1926"' in page.text
    assert kept("ob_births") == {"value": [{"birth_mode": {"value": "vaginal"}}]}


def test_after_a_loss_nobody_is_asked_how_the_baby_is_fed(client, kept, make):
    assert where(visit(client, place("feed_mode"))) == place("feed_mode")
    birth = {
        "ob_births.count": "1",
        **born(make.now.year - 1, 5, 1, "ob_births.0.birth_date"),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_outcome": "stillborn",
    }
    arrive(client, save(client, place("ob_births"), birth))
    assert 'data-rule="D15"' in client.get("/f").text
    assert where(visit(client, place("feed_mode"))) != place("feed_mode")


def test_who_is_in_while_her_only_form_is_taken_out_goes_on_with_what_is_asked_then(client, make, session, clock):
    """Her page said that the clinic has her paper; it was somebody else's."""
    sent = make.invitation()
    paper = make.transcript(sent.visit, finished=True)
    come_in(client, make.codes[sent.id])
    assert "We have your paper form" in client.get(PATH).text
    client.get(PATH, query_string={"again": ""})  # for the token of a page
    corrections.take_out(session, paper, "not-hers", "x", by=sent.visit.therapist, now=make.now)
    assert client.post(PATH, data={"csrf_token": client.token, "_at": "done", "_go": "tasks"}).status_code == 303
    page = client.get(PATH, follow_redirects=True)
    assert page.status_code == 200
    assert "We have your paper form" not in page.text
    session.expire_all()
    assert [each.is_waiting for each in responses.asked(session, sent.visit_id)] == [True]
    client.get(PATH)
    session.expire_all()
    assert len(responses.asked(session, sent.visit_id)) == 1
