"""How hard the texts of a patient's form are to read: told to who writes it, and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from intake.clinical.readability import grade
from intake.forms.checking import Checked
from intake.forms.faults import SHOWN, Fault, within
from intake.forms.model import Form, Question
from intake.forms.problems import N_

HARDEST: Final = 8.0  # Flesch-Kincaid grade
FEWEST_WORDS, LONG = 4, 12  # the grade of a label of a few words says nothing


def with_warnings(checked: Checked) -> Checked:
    """The same, with a warning for each text that is hard to read."""
    if checked.form is None or checked.form.audience != "patient":
        return checked
    return replace(checked, faults=(*checked.faults, *warnings(checked.form)))


def warnings(form: Form) -> Iterator[Fault]:
    """A warning for each text of a form above grade 8."""
    for place, text, fewest in _texts(form):
        found = grade(text)
        if len(text.split()) >= fewest and found > HARDEST:
            yield Fault(
                place,
                N_("this reads at grade %(grade)s: shorter sentences and simpler words help a tired person. %(text)s"),
                {"grade": f"{found:.0f}", "text": _shown(text)},
                is_warning=True,
            )


def _texts(form: Form) -> Iterator[tuple[str, str, int]]:
    """(place, text, the fewest words that are looked at) of everything a patient reads."""
    for section in form.sections:
        yield section.id, section.heading, LONG
        yield section.id, section.intro, LONG
        for number, page in enumerate(section.pages, 1):
            place = within(section.id, f"page {number}")
            yield place, page.title, LONG
            yield place, page.intro, LONG
            for question in page.questions:
                for asked in (question, *question.questions):
                    yield from _of(asked, within(place, question.id, asked.id if asked is not question else ""))


def _of(question: Question, place: str) -> Iterator[tuple[str, str, int]]:
    yield place, f"{question.text} {question.hint}".strip(), FEWEST_WORDS
    for text in (question.why, question.body):
        yield place, text, LONG
    for option in (*question.options, *question.rows):
        yield within(place, option.code), f"{option.text}. {option.hint}".strip(". "), LONG


def _shown(text: str) -> str:
    return f"\u201c{text}\u201d" if len(text) <= SHOWN else f"\u201c{text[:SHOWN]}\u2026\u201d"
