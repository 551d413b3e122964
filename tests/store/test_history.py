"""What a patient handed in before, the oldest first, and what of it still stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from intake.actions import askings, corrections, intakes
from intake.forms import reader
from intake.forms.excerpt import excerpt
from intake.store import beginnings, history, responses
from intake.store.responses import ResponseSection
from intake.store.sealing import UnreadableError
from tests.builders import filled


@pytest.fixture
def first(make, clock):
    """An intake that is in."""
    response = make.intake(answers={"alg_any": {"value": "no"}, "fn_goal_top": {"value": "Run"}}, submitted=True)
    clock.shift(60)
    return response


def handed_in(make, session, response, answers):
    """Answer a part that is asked again and hand it in."""
    known = history.newest(history.before(session, response))
    form = excerpt(reader.load(response.form, response.form_version), response.only, known)
    make.answer(response, filled(form, answers))
    intakes.submit(
        session, response, form, signer="Rowan Invented", by=None, today=make.now.date(), now=make.now, known=known
    )


def test_nothing_was_there_before_the_first(session, first):
    assert history.before(session, first) == []


def test_a_form_that_is_not_in_counts_for_nothing(session, make, first):
    again = make.intake(make.visit(first.patient, first.visit.therapist), {"alg_any": {"value": "yes"}})
    assert [each.response.id for each in history.before(session, again)] == [first.id]
    assert history.before(session, first) == []


def test_the_newest_word_on_each_question_is_found_across_forms(session, make, first, clock):
    asked = askings.ask_again(session, first, "health", visit=first.visit, by=first.visit.therapist, now=make.now)
    clock.shift(60)
    handed_in(make, session, asked, {"alg_any": {"value": "yes"}})
    (before,) = history.before(session, asked)
    assert before.response.id == first.id
    assert history.before(session, first) == []
    clock.shift(60)
    last = make.intake(make.visit(first.patient, first.visit.therapist))
    known = history.newest(history.before(session, last))
    assert (known["alg_any"]["value"], known["fn_goal_top"]["value"]) == ("yes", "Run")


def test_a_part_is_read_among_what_it_was_asked_over(session, make, first, clock):
    asked = askings.ask_again(session, first, "health", visit=first.visit, by=first.visit.therapist, now=make.now)
    clock.shift(60)
    handed_in(make, session, asked, {})
    opened = history.opened(session, asked)
    assert "fn_goal_top" in opened.in_full()
    assert "fn_goal_top" not in opened.answers


def test_another_patient_s_answers_are_never_among_them(session, make, first):
    assert history.before(session, make.intake()) == []


# ---------------------------------------------------------------- what still stands


@pytest.fixture
def whole(session, make, clock):
    """A patient who has handed in an intake, 100 days ago."""
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 6}}, submitted=True)
    clock.shift(timedelta(days=100))
    return intake


def begun(session, make, patient, form):
    visit = make.visit(patient, kind="follow-up")
    response = beginnings.begin(session, visit, form, now=make.now)
    session.commit()
    return response


def hand_in(session, make, response, answers):
    form = reader.load(response.form, response.form_version)
    make.answer(response, filled(form, {**responses.answers(session, response.id), **answers}))
    today = make.now.date()
    intakes.submit(session, response, form, signer="Rowan Invented", by=None, today=today, now=make.now)


STILL = {q.id: {"value": "right"} for q in reader.latest("follow-up").questions() if q.recall}


def test_a_form_that_begins_builds_on_the_newest_that_is_in(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    assert first.follows_id == whole.id
    assert first.number == 1
    hand_in(session, make, first, STILL)
    assert begun(session, make, whole.patient, "check-in").follows_id == first.id


def test_the_first_form_of_all_builds_on_none(session, make):
    first = begun(session, make, make.patient(), "follow-up")
    assert first.follows_id is None
    assert history.stood(session, first) == {}


def test_what_is_not_whole_is_nothing_to_build_on(session, make):
    draft = make.intake(answers={"bl_leak_any": {"value": "yes"}})
    assert history.latest(session, draft.patient_id) is None
    assert history.last_full(session, draft.patient_id) is None


def test_a_follow_up_knows_what_was_said_when_and_what_she_says_now_stands(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    before = history.stood(session, first)
    assert (before["bl_bother"].answer["value"], before["bl_bother"].said_at) == (6, whole.completed_at)
    again = {"st_bladder": {"value": "changed"}, "bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 2}}
    hand_in(session, make, first, STILL | again)
    stands = history.standing(session, first)
    assert (stands["bl_bother"].answer["value"], stands["bl_bother"].said_at) == (2, first.completed_at)
    assert history.stood(session, first) == before, "what she was asked about does not change with her answer"


def test_a_follow_up_on_a_paper_that_was_taken_out_is_no_full_form(session, make, clock):
    """All she called right in it was somebody else's: she is asked everything again."""
    said = filled(reader.latest("intake"), {"bl_leak_any": {"value": "yes"}})
    paper = make.transcript(answers=said, finished=True)
    for _each in range(2):
        clock.shift(3600)
        follow = begun(session, make, paper.patient, "follow-up")
        hand_in(session, make, follow, STILL)
        assert history.last_full(session, paper.patient_id) == follow.completed_at
    corrections.take_out(session, paper, "not-hers", "x", by=paper.visit.therapist, now=make.now)
    assert history.last_full(session, paper.patient_id) is None


def test_what_she_calls_right_is_not_copied_into_the_new_form(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    hand_in(session, make, first, STILL)
    assert "bl_bother" not in responses.answers(session, first.id)
    assert history.standing(session, first)["bl_bother"].confirmed_at == first.completed_at


def test_what_she_answered_anew_and_then_called_right_after_all_is_dropped(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    hand_in(session, make, first, STILL | {"bl_bother": {"value": 1}})
    assert "bl_bother" not in responses.answers(session, first.id)
    assert history.standing(session, first)["bl_bother"].answer["value"] == 6


def test_only_what_asks_everything_makes_the_answers_full_again(session, make, whole):
    assert history.last_full(session, whole.patient_id) == whole.completed_at
    short = begun(session, make, whole.patient, "check-in")
    hand_in(session, make, short, {})
    assert history.last_full(session, whole.patient_id) == whole.completed_at
    full = begun(session, make, whole.patient, "follow-up")
    hand_in(session, make, full, STILL)
    assert history.last_full(session, whole.patient_id) == full.completed_at


def test_nobody_builds_on_what_another_patient_said(session, make, whole):
    assert begun(session, make, make.patient(), "follow-up").follows_id is None


def test_a_follow_up_is_read_among_what_stood_under_it(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    hand_in(session, make, first, STILL)
    opened = history.opened(session, first)
    assert opened.in_full()["bl_bother"]["value"] == 6
    assert "bl_bother" not in opened.answers
    assert history.newest([*history.before(session, first), opened])["bl_bother"]["value"] == 6


def test_a_part_of_a_follow_up_is_asked_again_over_the_newest_word(session, make, whole):
    first = begun(session, make, whole.patient, "follow-up")
    hand_in(session, make, first, STILL)
    by = first.visit.therapist
    asked = askings.ask_again(session, first, "bladder", visit=first.visit, by=by, now=make.now)
    assert history.stood(session, asked) == {}, "nothing is shown again where a part is asked by itself"
    assert history.newest(history.before(session, asked))["bl_bother"]["value"] == 6


def test_what_was_said_while_a_form_waited_is_not_called_right_by_it(session, make, whole, clock):
    """She is shown what stood when the form began. A part that was asked again meanwhile keeps its own word and day."""
    waits = begun(session, make, whole.patient, "follow-up")
    by = whole.visit.therapist
    asked = askings.ask_again(session, whole, "bladder", visit=whole.visit, by=by, now=make.now)
    clock.shift(timedelta(days=1))
    handed_in(make, session, asked, {"bl_leak_any": {"value": "no"}})
    clock.shift(timedelta(days=1))
    hand_in(session, make, waits, STILL)
    stands = history.standing(session, waits)
    assert stands["bl_leak_any"].answer["value"] == "no"
    assert stands["bl_leak_any"].confirmed_at == asked.completed_at
    assert stands["ob_births"].confirmed_at == waits.completed_at


# ---------------------------------------------------------------- paper, and forms that overlap


@pytest.fixture
def older_paper(make, whole):
    """A paper of 20 days before the intake, typed in 100 days after it."""
    on = whole.completed_at.date() - timedelta(days=20)
    old = {"bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 1}}
    return make.transcript(make.visit(whole.patient), filled_on=on, answers=old, finished=True)


def test_an_older_paper_is_in_and_changes_nothing_that_was_said_since(session, make, whole, older_paper, clock):
    assert history.said_at(session, older_paper) < whole.completed_at < older_paper.completed_at
    found = [history.opened(session, each) for each in (whole, older_paper)]
    assert history.newest(found)["bl_bother"]["value"] == 6
    stands = history.standing(session, older_paper)["bl_bother"]
    assert (stands.answer["value"], stands.said_at) == (6, whole.completed_at)
    assert history.last_full(session, whole.patient_id) == whole.completed_at
    clock.shift(60)
    assert history.stood(session, begun(session, make, whole.patient, "follow-up"))["bl_bother"].answer["value"] == 6


def test_a_part_asked_again_is_newer_than_what_a_form_that_waited_says_of_it(session, make, whole, clock):
    waits = begun(session, make, whole.patient, "follow-up")
    early = {"at": make.now.isoformat(timespec="seconds")}
    clock.shift(timedelta(days=1))
    by = whole.visit.therapist
    asked = askings.ask_again(session, whole, "bladder", visit=whole.visit, by=by, now=make.now)
    handed_in(make, session, asked, {"bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 9}})
    clock.shift(timedelta(days=1))
    again = {"st_bladder": {"value": "changed"}, "bl_leak_any": {"value": "yes"}, "bl_bother": {"value": 2, **early}}
    hand_in(session, make, waits, STILL | again)
    assert history.standing(session, waits)["bl_bother"].answer["value"] == 9
    found = [*history.before(session, waits), history.opened(session, waits)]
    assert history.newest(found)["bl_bother"]["value"] == 9


def test_what_is_opened_together_is_what_is_opened_one_by_one(session, make, clock):
    first = make.intake(answers={"fn_goal_top": {"value": "To lift"}}, submitted=True)
    for form in ("check-in", "follow-up", "check-in"):
        clock.shift(timedelta(days=7))
        visit = make.visit(first.patient, first.visit.therapist, kind="follow-up")
        asked = beginnings.begin(session, visit, form, now=make.now)
        session.commit()
        published = reader.load(asked.form, asked.form_version)
        make.answer(asked, filled(published, responses.answers(session, asked.id)))
        if form != "follow-up":
            intakes.submit(
                session, asked, published, signer="Rowan Invented", by=None, today=make.now.date(), now=make.now
            )
    make.transcript(make.visit(first.patient, first.visit.therapist), answers={"fn_goal_top": {"value": "To run"}})
    asked = responses.intakes(session, first.patient_id)
    together = history.every(session, asked)
    assert [each.response.status for each in together] == ["completed"] * 3 + ["in-progress"] * 2
    for each in together:
        assert each == history.opened(session, each.response)
    newest = history.latest(session, first.patient_id)
    assert history.layers_of(together) == history.layers(session, newest)


def test_a_section_that_is_gone_is_missed_when_forms_are_opened_together_too(session, make):
    intake = make.intake(answers={"fn_goal_top": {"value": "To lift"}})
    asked = responses.intakes(session, intake.patient_id)
    mine = ResponseSection.response_id == intake.id
    session.execute(update(ResponseSection).where(mine, ResponseSection.section == "goals").values(care=None))
    with pytest.raises(UnreadableError):
        history.every(session, asked)
    session.execute(delete(ResponseSection).where(mine, ResponseSection.section == "goals"))
    with pytest.raises(UnreadableError):
        history.every(session, asked)
