"""Many invented patients fill in the newest intake: nothing fails, nothing is lost, nothing hidden is handed in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from intake.forms import conditions, entry, reader
from intake.forms.bodymap import regions
from intake.forms.model import Form, Kind, Question, When
from tests import sizes
from tests.filling import Engine, Filling
from tests.patients import TODAY, Hand, fields, is_private, offered, shown_again, ways_out

FORM = reader.latest("intake")
WITHOUT_PRIVACY = replace(FORM, private_when=When())
PATIENTS = sizes.size(60, 10_000)
PLANTED = 40  # at most so many patients until a planted fault is found


def questions(form: Form = FORM) -> list[Question]:
    """Every question that is asked, those in groups too."""
    listed = (each for question in form.questions() for each in (question, *question.questions))
    return [each for each in listed if each.kind is not Kind.DISPLAY]


def options() -> set[tuple[str, str]]:
    """Every option and every way out of every question, as (question, code)."""
    return {(each.id, code) for each in questions() for code in (*_codes(each), *ways_out(each))}


def _codes(question: Question) -> tuple[str, ...]:
    if question.kind is Kind.MAP:
        return tuple(region.code for region in regions(question.map))
    return offered(question)


def crowd(count: int, engine: Engine | None = None) -> set[tuple[str, str]]:
    """So many patients, each with a seed of her own; what was reached."""
    reached: set[tuple[str, str]] = set()
    for seed in range(count):
        filling = Filling(FORM, Random(seed), engine or Engine(), watched=seed % 8 == 0)
        filling.fill_in()
        reached |= filling.reached
    return reached


def test_nobody_loses_an_answer_and_nothing_hidden_is_handed_in():
    started = time.process_time()
    reached = crowd(PATIENTS)
    spent = time.process_time() - started
    assert {each.id for each in questions()} - {name for name, _code in reached} == set()
    unpicked = options() - reached
    assert not (sizes.is_full() and unpicked)
    sizes.tell(
        f"{PATIENTS} patients: 0 exceptions, 0 answers lost, 0 hidden ones handed in; {len(questions())} questions and "
        f"{len(options() - unpicked)} of {len(options())} options reached; {1000 * spent / PATIENTS:.0f} ms each"
    )


# ---------------------------------------------------------------- planted faults are found


def drops_last_entry(questions: Any, sent: Any, **more: Any) -> entry.Entry:
    found = entry.read(questions, sent, **more)
    for question in questions:
        if question.kind is Kind.GROUP and len(listed := found.answers.get(question.id, {}).get("value", ())) > 1:
            found.answers[question.id] = {"value": listed[:-1]}
    return found


def turns_blank_into_no(questions: Any, sent: Mapping[str, Any], **more: Any) -> entry.Entry:
    found = entry.read(questions, sent, **more)
    blank = [q.id for q in questions if q.kind is Kind.YES_NO and q.id not in sent]
    return replace(found, answers={name: {"value": "no"} for name in blank} | found.answers)


def loses_a_page_with_a_problem(questions: Any, sent: Any, **more: Any) -> entry.Entry:
    found = entry.read(questions, sent, **more)
    return replace(found, answers={}) if found.problems else found


def forgets_what_is_not_shown_again(questions: Any, sent: Any, **more: Any) -> entry.Entry:
    found = entry.read(questions, sent, **more)
    private = {q.id for q in questions if is_private(q) and q.id in more["saved"]}
    return replace(found, emptied=found.emptied | private - set(found.answers))


def keeps_hidden_answers(form: Form, answers: Mapping[str, Any]) -> Any:
    return conditions.walk(form, answers)[0], dict(answers)


def asks_private_questions_of_everybody(_form: Form, answers: Mapping[str, Any]) -> Any:
    return conditions.walk(WITHOUT_PRIVACY, answers)


def never_misses_anything(*_args: Any, **_more: Any) -> tuple[()]:
    return ()


FAULTS = {
    "drops the last entry of a group": Engine(read=drops_last_entry),
    "turns a blank into no": Engine(read=turns_blank_into_no),
    "loses a page with a problem": Engine(read=loses_a_page_with_a_problem),
    "forgets what is not shown again": Engine(read=forgets_what_is_not_shown_again),
    "keeps hidden answers": Engine(walk=keeps_hidden_answers),
    "asks private questions of everybody": Engine(walk=asks_private_questions_of_everybody),
    "never misses anything": Engine(missing=never_misses_anything),
}


@pytest.mark.parametrize("engine", FAULTS.values(), ids=FAULTS.keys())
def test_an_engine_with_a_fault_is_found_out(engine):
    with pytest.raises(AssertionError):
        crowd(PLANTED, engine)


# ---------------------------------------------------------------- the patients themselves


def test_the_same_seed_is_the_same_patient():
    first, again = ([fields(question, Random(7)) for question in FORM.questions()] for _ in range(2))
    assert first == again


def test_an_untouched_page_that_comes_back_says_the_same_again():
    for question in (each for each in FORM.questions() if each.kind is not Kind.DISPLAY):
        said = Hand(Random(1)).surely(question)
        kept = entry.read([question], said.fields, saved={}, today=TODAY, write_only=True).answers
        again = shown_again(question, kept[question.id]).fields
        once_more = entry.read([question], again, saved=kept, today=TODAY, write_only=True)
        assert {**kept, **once_more.answers} == kept
        assert once_more.emptied == set()
