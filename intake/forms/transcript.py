"""A form as its paper asks it, for whoever types in what somebody wrote there by hand.

What only makes sense on a screen was asked of nobody, so it decides nothing: the private parts stood on sheets of their
own, and whatever is on them is taken as it stands. That somebody was alone is never said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from intake.forms.conditions import Answer
from intake.forms.merge import START
from intake.forms.model import Form, Kind, Option, Page, Question, Section, When
from intake.forms.ours import OWN
from intake.forms.paper import ON_SCREEN, in_order, numbers
from intake.forms.problems import N_
from intake.forms.words import Translate

ALWAYS = When()
ITEM = N_("Item")


@lru_cache(maxsize=64)
def as_on_paper(form: Form) -> Form:
    """The form without what is only on a screen, and without the conditions on that.

    The same form gives the same object, which other modules keep things about.
    """
    sections = tuple(_section(section) for section in in_order(form))
    return replace(form, sections=tuple(each for each in sections if each.pages), private_when=ALWAYS)


def _section(section: Section) -> Section:
    pages = tuple(_page(page) for page in section.pages)
    return replace(section, when=_off_screen(section.when), pages=tuple(page for page in pages if page.questions))


def _page(page: Page) -> Page:
    questions = tuple(_question(each) for each in page.questions if each.id not in ON_SCREEN)
    return replace(page, when=_off_screen(page.when), questions=questions)


def _question(question: Question) -> Question:
    return replace(question, when=_off_screen(question.when))


def _off_screen(when: When) -> When:
    left = tuple(each for each in when.conditions if each.question.partition(".")[0] not in ON_SCREEN)
    return replace(when, conditions=left) if left else ALWAYS


@lru_cache(maxsize=64)
def without_words(form: Form) -> Form:
    """The form with numbers alone: to type in a sheet whose words the clinic may not show any more.

    What it borrows of ours keeps its words.
    """
    return replace(form, sections=tuple(map(_wordless, form.sections)))


def _wordless(section: Section) -> Section:
    if all(_is_ours(question) for question in section.questions()):
        return section
    return replace(section, heading=section.title, intro="", pages=tuple(map(_without_titles, section.pages)))


def _without_titles(page: Page) -> Page:
    questions = tuple(each if _is_ours(each) else _number_alone(each) for each in page.questions)
    return replace(page, title="", intro="", none="", fold="", questions=questions)


def _number_alone(question: Question) -> Question:
    return replace(
        question, text=ITEM, hint="", why="", body="", low_label="", high_label="", entry_name="", none="",
        options=_codes(question.options), rows=_codes(question.rows),
        columns=tuple(map(_number_alone, question.columns)), questions=tuple(map(_number_alone, question.questions)),
    )  # fmt: skip


def _codes(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(replace(option, text=option.code, hint="") for option in options)


def _is_ours(question: Question) -> bool:
    return not question.id.startswith(OWN)


def said(form: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What somebody said, without what was set as the form began: the paper was blank when she got it.

    What her therapist chose to follow is not hers to write there, so it stands until whoever types chooses otherwise.
    """
    return {name: answer for name, answer in answers.items() if answer.get("by") != START or _is_chosen(form, name)}


def written(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What stands on the paper: nothing of it was set by the clinic."""
    return {name: answer for name, answer in answers.items() if answer.get("by") != START}


def _is_chosen(form: Form, name: str) -> bool:
    question = form.by_id.get(name)
    return question is not None and question.preset and bool(question.options)


def asked(section: Section, shown: Collection[str]) -> tuple[tuple[Page, tuple[Question, ...]], ...]:
    """What of a section is typed in, page by page: what holds, and what hangs on another question of the section."""
    here = {question.id for question in section.questions() if question.kind is not Kind.DISPLAY}
    if not here & set(shown):
        return ()
    found = ((page, _of_page(page, here, shown)) for page in section.pages)
    return tuple((page, questions) for page, questions in found if questions)


def _of_page(page: Page, here: Collection[str], shown: Collection[str]) -> tuple[Question, ...]:
    return tuple(each for each in page.questions if _is_asked(each, page, here, shown))


def _is_asked(question: Question, page: Page, here: Collection[str], shown: Collection[str]) -> bool:
    if question.kind is Kind.DISPLAY:
        return False
    whens = (*page.when.conditions, *question.when.conditions)
    return question.id in shown or any(each.question.partition(".")[0] in here for each in whens)


def numbered(form: Form, question: Question, translate: Translate) -> Question:
    """The question with its number on the paper, and without what the paper does not print."""
    number = numbers(form).get(question.id, 0)
    return _worded(question, f"{number}. {translate(question.text)}" if number else translate(question.text))


@cache
def _worded(question: Question, text: str) -> Question:
    """Kept for good, as published forms are: what is drawn of a question is kept by which object it is."""
    inside = tuple(replace(child, why="") for child in question.questions)
    return replace(question, text=text, why="", fold=False, questions=inside)
