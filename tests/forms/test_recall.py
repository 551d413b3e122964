"""What stands after several forms: later wins, nothing is lost or made up, and what is private stays unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from intake.forms import conditions, excerpt, reader, recall, rules
from intake.forms.merge import BEFORE, START
from intake.forms.model import Kind, Need, Tier
from intake.forms.recall import CHANGED, RIGHT, Layer, Said
from tests.builders import filled

FIRST = datetime(2026, 5, 3, 15, tzinfo=UTC)
DAY = timedelta(days=1)
LATER, LAST = FIRST + 100 * DAY, FIRST + 200 * DAY
INTAKE, FOLLOW_UP, CHECK_IN = (reader.latest(name) for name in ("intake", "follow-up", "check-in"))
STILL = tuple(question.id for question in FOLLOW_UP.questions() if question.recall)
WHOLE = {
    "bl_day_voids": {"number": "9", "unit": "/d"},
    "bl_leak_any": "yes",
    "bl_leak_when": ["cough"],
    "bl_bother": 6,
    "alg_any": "yes",
    "alg_known": ["latex"],
    "pop_bulge": "sometimes",
    "id_do_not_tell": "Alex Example",
    "id_voicemail_ok": "no",
    "contra_could": "yes",
}


def said(answers):
    return {name: value if isinstance(value, dict) and "status" in value else {"value": value}
            for name, value in answers.items()}  # fmt: skip


def whole(at=FIRST, **more):
    return Layer(INTAKE, said(WHOLE | more), at, is_whole=True)


def follow_up(at=LATER, **answers):
    return Layer(FOLLOW_UP, said(answers), at)


def standing(*layers):
    return recall.standing(layers)


def values(found):
    return {name: each.answer.get("value") for name, each in found.items()}


# ---------------------------------------------------------------- what is shown again


def shown(still, before=None):
    found = recall.recalled(FOLLOW_UP, FOLLOW_UP.by_id[still], standing(whole()) if before is None else before)
    return {each.question.id for each in found}


def test_she_is_shown_what_she_said_in_each_part():
    assert shown("st_bladder") == {"bl_day_voids", "bl_leak_any", "bl_bother"}
    assert shown("st_medicines") == {"alg_any", "alg_known"}


def test_what_is_sensitive_is_never_shown_again():
    asked = [FOLLOW_UP.by_id[name] for name in STILL]
    everything = standing(Layer(INTAKE, filled(INTAKE, said(WHOLE | {"ob_more": "yes"})), FIRST, is_whole=True))
    found = [each for question in asked for each in recall.recalled(FOLLOW_UP, question, everything)]
    assert len(found) > 30
    assert {each.tier.rank <= Tier.CARE.rank for each in found} == {True}
    assert {"contra_could", "bl_leak_when", "ob_g"} <= everything.keys()
    children = {c.id: c.tier for each in found for c in each.question.questions}
    inside = {name for each in found if each.question.questions for e in each.answer["value"] for name in e}
    assert {name for name in inside if children[name].rank > Tier.CARE.rank} == set()


def test_a_private_answer_inside_a_group_is_never_shown_again():
    births = [{"birth_date": {"value": "2026-03-01"}, "birth_feel": {"value": 2}}]
    group = INTAKE.by_id["ob_births"]
    private = {child.id for child in group.questions if child.tier.rank > Tier.CARE.rank}
    assert private
    entry = births[0] | {name: {"value": "secret"} for name in private}
    before = standing(whole(ob_births=[entry]))
    (found,) = [
        e for e in recall.recalled(FOLLOW_UP, FOLLOW_UP.by_id["st_births"], before) if e.question.id == "ob_births"
    ]
    assert private.isdisjoint(found.answer["value"][0])


def test_whom_she_keeps_things_from_is_never_shown_again():
    assert "id_do_not_tell" not in shown("st_contact")
    assert shown("st_contact") == {"id_voicemail_ok"}


@pytest.mark.parametrize("status", ["declined", "in-person", "skipped"])
def test_what_she_did_not_say_is_not_shown_again(status):
    assert "pop_bulge" not in shown("st_prolapse", standing(whole(pop_bulge={"status": status})))


# ---------------------------------------------------------------- what stands


def test_what_is_still_right_stands_with_the_day_it_was_said_and_the_day_it_was_confirmed():
    found = standing(whole(), follow_up(st_bladder=RIGHT))
    assert (found["bl_bother"].answer, found["bl_bother"].said_at) == ({"value": 6}, FIRST)
    assert found["bl_bother"].confirmed_at == LATER
    assert found["alg_any"].confirmed_at == FIRST


def test_what_was_not_shown_is_not_confirmed():
    found = standing(whole(), follow_up(st_bladder=RIGHT, st_contact=RIGHT))
    assert found["bl_leak_when"].confirmed_at == FIRST
    assert found["id_do_not_tell"].confirmed_at == FIRST


def test_what_changed_is_what_she_says_now():
    found = standing(whole(), follow_up(st_bladder=CHANGED, bl_leak_any="no"))
    assert values(found)["bl_leak_any"] == "no"
    assert found["bl_leak_any"].said_at == LATER


def test_what_hung_on_an_answer_that_changed_goes_with_it():
    found = standing(whole(), follow_up(st_bladder=CHANGED, bl_leak_any="no"))
    assert {"bl_bother", "bl_leak_when"}.isdisjoint(found)


def test_what_she_left_open_stands_with_its_old_date():
    again = {"bl_leak_any": "yes", "bl_bother": {"status": "skipped"}}
    found = standing(whole(), follow_up(st_bladder=CHANGED, **again))
    assert (values(found)["bl_bother"], found["bl_bother"].confirmed_at) == (6, FIRST)


def test_what_she_would_rather_not_say_any_more_is_not_said_for_her():
    found = standing(whole(), follow_up(st_prolapse=CHANGED, pop_bulge={"status": "in-person"}))
    assert found["pop_bulge"].answer == {"status": "in-person"}


def test_warning_signs_of_another_day_are_never_taken_for_todays():
    first = whole(rf_bleed="heavy", rf_other="A racing heart")
    found = standing(first, follow_up(rf_bleed="none"))
    assert values(found)["rf_bleed"] == "none"
    assert "rf_other" not in found


def test_a_part_that_was_asked_again_by_itself_replaces_that_part_alone():
    again = Layer(INTAKE, said({"bl_leak_any": "no"}), LATER, only="bladder")
    found = standing(whole(), again)
    assert (values(found)["bl_leak_any"], "bl_bother" in found, found["alg_any"].said_at) == ("no", False, FIRST)


def test_part_of_a_section_that_hangs_on_another_is_kept_when_it_is_asked_by_itself():
    birth = [{"birth_outcome": {"value": "living"}}]
    again = Layer(INTAKE, said({"fn_car_seat": "hard"}), LATER, only="goals")
    assert "fn_car_seat" in standing(whole(ob_births=birth), again)
    assert "fn_car_seat" not in standing(whole(), again)


def test_a_part_of_a_follow_up_that_was_asked_by_itself_is_what_she_says_now():
    again = Layer(FOLLOW_UP, said({"bl_leak_any": "yes", "bl_bother": 1}), LAST, only="bladder")
    found = standing(whole(), follow_up(st_bladder=RIGHT), again)
    assert (values(found)["bl_bother"], found["bl_bother"].said_at) == (1, LAST)
    assert found["alg_any"].said_at == FIRST


def test_a_new_whole_intake_starts_anew():
    assert "bl_bother" not in standing(whole(), Layer(INTAKE, said({"bl_leak_any": "yes"}), LATER, is_whole=True))


def test_a_second_follow_up_confirms_what_the_first_one_changed():
    found = standing(whole(), follow_up(st_prolapse=CHANGED, pop_bulge="never"), follow_up(LAST, st_prolapse=RIGHT))
    assert (values(found)["pop_bulge"], found["pop_bulge"].said_at) == ("never", LATER)
    assert found["pop_bulge"].confirmed_at == LAST


ANSWER = {name: some.sampled_from([RIGHT, CHANGED]) for name in STILL}
MOMENTS = [FIRST + timedelta(days=days) for days in (100, 200, 300)]


def random_answers(form, seed, stills, before=recall.NOTHING):
    """Every question that is shown, answered or left open by chance, as a fictional patient would."""
    rng, answers, parts = Random(seed), said(stills), recall.parts(form)
    for question in form.questions():
        still = parts.get(form.section_of[question.id].id)
        is_asked = question.id not in answers and (still is None or stills[still] == CHANGED)
        if is_asked and question.kind in {Kind.YES_NO, Kind.CHOICE, Kind.SCALE}:
            answers[question.id] = random_answer(question, rng)
    return recall.own(conditions.visible_answers(form, recall.laid(form, answers, before)))


def random_answer(question, rng):
    codes = sorted(question.codes) or (["yes", "no"] if question.kind is Kind.YES_NO else list(range(11)))
    status = rng.choice(["declined", "in-person", "skipped", None, None, None, None])
    return {"status": status} if status else {"value": rng.choice(codes)}


def check(layers, found):
    given = {(each.at, name): answer for each in layers for name, answer in each.answers.items()}
    for name, each in found.items():
        assert given[each.said_at, name] == each.answer, "made up"
        assert each.said_at <= each.confirmed_at
        newer = [at for at, other in given if other == name and at > each.said_at]
        assert all(given[at, name] == {"status": "skipped"} for at in newer), "a later answer lost"
    for each, after in zip(layers, [*layers[1:], None], strict=True):
        for name, answer in each.answers.items() if after is None else ():
            assert name in found or name in STILL or answer == {"status": "skipped"}, "lost"


@for_any(some.integers(0, 2**32), some.lists(some.fixed_dictionaries(ANSWER), max_size=3))
def test_nothing_is_lost_nothing_made_up_and_later_wins(seed, visits):
    layers = [Layer(INTAKE, random_answers(INTAKE, seed, {}), FIRST, is_whole=True)]
    for at, (number, stills) in zip(MOMENTS, enumerate(visits), strict=False):
        layers.append(Layer(FOLLOW_UP, random_answers(FOLLOW_UP, seed + number + 1, stills, standing(*layers)), at))
    check(layers, standing(*layers))


@for_any(some.integers(0, 2**32))
def test_a_patient_for_whom_all_is_still_right_says_what_she_said(seed):
    first = Layer(INTAKE, random_answers(INTAKE, seed, {}), FIRST, is_whole=True)
    before, after = standing(first), standing(first, follow_up(**dict.fromkeys(STILL, RIGHT)))
    anew = (FOLLOW_UP.section(name) for name in ("warning-signs", "more-signs"))
    signs = {question.id for section in anew for question in section.questions()}
    assert values(after) == {name: value for name, value in values(before).items() if name not in signs}


def test_the_check_finds_an_answer_that_was_made_up_or_lost():
    layers = [whole()]
    found = standing(*layers)
    made_up = found | {"bl_bother": Said(**{**as_fields(found["bl_bother"]), "answer": {"value": 1}})}
    with pytest.raises(AssertionError, match="made up"):
        check(layers, made_up)
    with pytest.raises(AssertionError, match="lost"):
        check(layers, {name: each for name, each in found.items() if name != "bl_bother"})


def as_fields(one):
    return {name: getattr(one, name) for name in Said.__slots__}


# ---------------------------------------------------------------- the form


def test_what_stands_counts_in_conditions_but_is_not_asked():
    before = standing(whole(ob_births=[{"birth_outcome": {"value": "living"}}]))
    answers = recall.laid(FOLLOW_UP, said({"st_births": RIGHT, "st_feeding": CHANGED}), before)
    assert "feed_mode" in conditions.visible(FOLLOW_UP, answers)
    assert recall.is_asked(FOLLOW_UP.by_id["feed_mode"], answers)
    assert not recall.is_asked(FOLLOW_UP.by_id["ob_births"], answers)


def test_the_rules_see_what_she_called_right_and_nothing_she_was_not_asked_about():
    before = standing(whole())
    answers = recall.laid(FOLLOW_UP, said({"st_bladder": RIGHT}), before)
    found = recall.counting(FOLLOW_UP, conditions.visible_answers(FOLLOW_UP, answers))
    assert {"bl_leak_any", "bl_bother"} <= found.keys()
    assert {"bl_leak_when", "pop_bulge", "alg_any"}.isdisjoint(found)


def test_only_the_parts_that_ask_something_of_their_own_are_asked_by_themselves():
    offered = {section.id for section in excerpt.offered(FOLLOW_UP, said(WHOLE))}
    assert {"bladder", "medicines", "warning-signs", "more-signs"} <= offered
    assert "last-time" not in offered
    assert "since" not in {section.id for section in excerpt.offered(CHECK_IN, {})}


def test_only_her_new_answers_are_kept_with_the_form():
    answers = recall.laid(FOLLOW_UP, said({"st_bladder": RIGHT}), standing(whole()))
    assert recall.own(conditions.visible_answers(FOLLOW_UP, answers)) == said({"st_bladder": RIGHT})


def test_a_form_that_recalls_nothing_is_left_as_it_is():
    answers = said({"rf_bleed": "none"})
    assert recall.laid(CHECK_IN, answers, standing(whole())) is answers
    assert recall.counting(CHECK_IN, answers) is answers


def test_the_questions_are_those_of_the_intake_word_for_word():
    different = [
        question.id
        for question in FOLLOW_UP.questions()
        if question.id in INTAKE.by_id and not same(question, INTAKE.by_id[question.id])
    ]
    assert different == []
    assert len(set(FOLLOW_UP.by_id) & set(INTAKE.by_id)) > 80


def same(one, other):
    skipped = {"hushed"}
    return all(getattr(one, name) == getattr(other, name) for name in one.__slots__ if name not in skipped)


def test_a_part_that_insists_on_more_than_she_was_ever_asked_asks_that_alone():
    before = {name: each for name, each in standing(whole()).items() if name != "bl_day_voids"}
    answers = recall.laid(FOLLOW_UP, said({"st_bladder": RIGHT}), before)
    asked = [
        question.id
        for question in FOLLOW_UP.section("bladder").questions()
        if question.need is not Need.OPTIONAL and recall.is_asked(question, answers)
    ]
    assert "bl_day_voids" in asked
    assert "bl_bother" not in asked


def test_whatever_was_set_for_her_is_not_asked():
    set_before = {"st_bladder": {"value": CHANGED, "by": START}}
    assert not recall.is_asked(FOLLOW_UP.by_id["st_bladder"], set_before)
    assert not recall.is_asked(CHECK_IN.by_id["ci_measure"], {})
    assert recall.is_asked(FOLLOW_UP.by_id["st_bladder"], {"st_bladder": {"value": CHANGED, "by": "a link"}})
    assert not recall.is_asked(FOLLOW_UP.by_id["bl_bother"], {"bl_bother": {"value": 3, "by": BEFORE}})


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        ("st_bladder", {"recall": ("warning-signs",)}, "no part that comes after it"),
        ("st_bladder", {"recall": ("bowel",)}, "is recalled twice"),
        ("st_bladder", {"options": ()}, "a choice of right and changed"),
        ("st_bladder", {"preset": True}, "cannot be required"),
        ("st_bladder", {"log": True}, "only a group is a log"),
        ("st_bladder", {"time": True}, "only a string is a time"),
        ("st_bladder", {"words": "bl_bother"}, "does not come before it"),
    ],
)
def test_a_form_that_could_not_ask_is_refused(name, changes, problem):
    section = FOLLOW_UP.section("last-time")
    pages = [
        replace(page, questions=tuple(replace(q, **changes) if q.id == name else q for q in page.questions))
        for page in section.pages
    ]
    sections = [replace(s, pages=tuple(pages)) if s.id == section.id else s for s in FOLLOW_UP.sections]
    assert any(problem in str(each) for each in rules.faults(replace(FOLLOW_UP, sections=tuple(sections))))
    assert list(rules.faults(FOLLOW_UP)) == []


# ---------------------------------------------------------------- what came in late


def test_an_older_paper_that_came_in_last_changes_nothing_of_a_whole_intake_since():
    paper = Layer(INTAKE, said(WHOLE | {"bl_bother": 1, "fn_goal_top": "Walk"}), FIRST, is_whole=True, came_in=LAST)
    later = Layer(INTAKE, said(WHOLE), LATER, is_whole=True)
    assert standing(later, paper) == standing(later)
    assert recall.since_the_last_whole([later, paper]) == [later, paper]
    assert recall.since_the_last_whole([paper, later]) == [later]


def test_what_was_called_right_since_is_newer_than_a_paper_and_the_rest_is_not():
    still = {"st_bladder": "right", "st_medicines": "changed", "alg_any": "yes", "alg_known": ["latex"]}
    paper = Layer(
        INTAKE, said(WHOLE | {"bl_bother": 1, "alg_any": "no", "pop_bulge": "no"}), FIRST + DAY, is_whole=True
    )
    found = standing(whole(), follow_up(**still), paper)
    assert (values(found)["bl_bother"], found["bl_bother"].confirmed_at) == (6, LATER)
    assert (values(found)["alg_any"], values(found)["alg_known"]) == ("yes", ["latex"])
    assert (values(found)["pop_bulge"], found["pop_bulge"].said_at) == ("no", FIRST + DAY)


def test_an_answer_of_a_form_that_waited_gives_way_to_a_newer_one_and_takes_along_what_hangs_on_it():
    old = {"value": "yes", "at": (LATER - DAY).isoformat()}
    waited = Layer(FOLLOW_UP, said({"st_bladder": "changed"}) | {"bl_leak_any": old, "bl_leak_when": old}, LAST)
    again = Layer(INTAKE, said({"bl_leak_any": "no"}), LATER, only="bladder")
    found = standing(whole(), again, waited)
    assert values(found)["bl_leak_any"] == "no"
    assert "bl_leak_when" not in found


def test_a_paper_is_not_called_right_by_whom_it_was_not_shown():
    """It was filled in before, and typed in while the follow-up waited."""
    on_paper = {"st_bladder": "changed", "bl_leak_any": "yes", "bl_bother": 2}
    paper = Layer(FOLLOW_UP, said(on_paper), FIRST + DAY, came_in=LATER + DAY)
    right = Layer(FOLLOW_UP, said({"st_bladder": "right"}), LAST, shown=LATER)
    found = standing(whole(), paper, right)
    assert (values(found)["bl_bother"], found["bl_bother"].confirmed_at) == (2, FIRST + DAY)


def test_what_she_calls_right_without_reading_it_stands_from_the_day_she_said_it():
    """Where the clinic shows no words she only says that nothing changed."""
    unread = Layer(FOLLOW_UP, {"st_bladder": {"value": "right", recall.UNREAD: True}}, LATER)
    found = standing(whole(), unread)["bl_bother"]
    assert (found.answer["value"], found.said_at, found.confirmed_at) == (6, FIRST, FIRST)
    assert standing(whole(), follow_up(st_bladder="right"))["bl_bother"].confirmed_at == LATER


def test_a_whole_form_that_waited_to_be_handed_in_takes_nothing_away_that_was_said_since():
    """She answered a part of it first, then another whole form; then she only touched its last page and sent it."""
    old = {"bl_bother": {"value": 2, "at": FIRST.isoformat()}, "alg_any": {"value": "no", "at": LATER.isoformat()}}
    waited = Layer(INTAKE, said(WHOLE) | old, LATER + DAY, is_whole=True)
    found = standing(whole(LATER, bl_bother=7), waited)
    assert (values(found)["bl_bother"], found["bl_bother"].said_at) == (7, LATER)
