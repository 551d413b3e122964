"""The end of the form: checking the answers, signing, handing in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from intake.actions import intakes
from intake.actions.refusals import NotReadyError
from intake.forms import needs, plain
from intake.forms.entry import is_write_only
from intake.forms.model import Kind, Page, Question, Section, Tier
from intake.forms.problems import N_, Problem
from intake.forms.words import entry, say
from intake.web import clock, visitors
from intake.web.database import session
from intake.web.patient import alone, logs, notices, places, steps, tasks
from intake.web.patient.places import CHECK, DONE, TASKS, Place
from intake.web.patient.steps import Intake
from intake.web.say import said, translated
from intake.web.typed import only

SIGNER = Question(id="signer", kind=Kind.STRING, text=N_("Your full name"), tier=Tier.CARE)


def check(intake: Intake) -> Any:
    """Everything answered so far, to look over; sensitive answers only as "answered"."""
    return _check(intake, {}, "")


def submit(intake: Intake) -> Any:
    """Sign and hand in, or list everything that is still missing."""
    only("signer")
    signer = plain.text(SIGNER, "signer", request.form.get("signer", ""))
    if isinstance(signer, Problem):
        return _mend(intake, {"signer": said(signer)}, request.form.get("signer", ""))
    try:
        intakes.submit(
            session, intake.response, intake.form,
            signer=signer or "", by=visitors.visitor(), today=clock.today(), now=clock.now(), known=intake.known,
        )  # fmt: skip
    except NotReadyError as refusal:
        return _mend(intake, {problem.field: said(problem) for problem in refusal.reasons}, signer or "")
    return places.go(DONE)


def done(intake: Intake) -> Any:
    """Thanks, what happens next, and every warning once more."""
    found = notices.written(notices.of_this_sitting(intake), intake)
    visit = intake.response.visit
    return render_template(
        "patient/finish/done.html",
        notices=found, visit=visit, next=next_form(intake), zone=clock.zone(), aside=alone.is_offered(intake),
    )  # fmt: skip


def next_form(intake: Intake) -> tuple[str, Place] | None:
    """What the next form is called, and where it begins; None when every form of the visit is in."""
    if intake.next is None:
        return None
    return tasks.title(intake.next), replace(TASKS, form=intake.next.number)


def _mend(intake: Intake, errors: dict[str, str], signer: str) -> Any:
    places.move(CHECK)
    return _check(intake, errors, signer), 422


def _check(intake: Intake, errors: dict[str, str], signer: str) -> str:
    left = _open(intake)
    waiting = {item["part"] for item in left}  # nothing of them is there yet to look over
    return render_template(
        "patient/finish/check.html",
        parts=[part for part in _parts(intake) if part["answers"] or part["title"] not in waiting],
        open=left, errors=errors, signer=signer,
        notices=notices.written(notices.of_this_sitting(intake), intake),
        earlier=any(steps.is_from_before(intake, intake.form.by_id[name]) for name in intake.earlier & intake.shown),
    )  # fmt: skip


def _parts(intake: Intake) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for section, number, page in steps.pages(intake, intake.answers):
        place = places.of_page(intake.form, section, number)
        rows = [_row(intake, q, place) for q in steps.askable(page, intake) if _is_listed(intake, section, page, q)]
        if parts and parts[-1]["title"] == translated(section.heading):
            parts[-1]["rows"] += rows
        elif rows:
            parts.append({"title": translated(section.heading), "rows": rows})
    return [part | {"answers": sum(bool(row["answers"]) for row in part["rows"])} for part in parts]


def _is_listed(intake: Intake, section: Section, page: Page, question: Question) -> bool:
    there = question.kind is not Kind.DISPLAY and question.id in intake.shown
    return there and not _gives_away(intake, section, page, question)


def _gives_away(intake: Intake, section: Section, page: Page, question: Question) -> bool:
    """Whether the mere presence of a question tells what a private one was answered."""
    hangs_on = {c.question.partition(".")[0] for part in (section, page, question) for c in part.when.conditions}
    return any(intake.hides(intake.form.by_id[name]) for name in hangs_on)


def _open(intake: Intake) -> list[dict[str, Any]]:
    """What still needs an answer, part by part, each with the page to go on at.

    Where it is one question, in its words; by its part alone where they would tell.
    """
    found: dict[str, dict[str, Any]] = {}
    asked = {
        q.id: (section, number, page)
        for section, number, page in steps.pages(intake, intake.answers)
        for q in page.questions
    }
    for name in dict.fromkeys(each.field.partition(".")[0] for each in needs.missing(intake.form, intake.answers)):
        section, number, page = asked[name]
        question = intake.form.by_id[name]
        words = section.heading if _gives_away(intake, section, page, question) else steps.worded(intake, question).text
        first = {"text": translated(words), "place": places.of_page(intake.form, section, number), "count": 0}
        item = found.setdefault(section.id, {"part": translated(section.heading), **first})
        item["count"] += 1
    return [item | {"text": item["part"]} if item["count"] > 1 else item for item in found.values()]


def _row(intake: Intake, question: Question, place: Place) -> dict[str, Any]:
    answers = _lines(intake, question, intake.answers.get(question.id))
    return {"question": translated(steps.worded(intake, question).text), "answers": answers, "place": place}


def _lines(intake: Intake, question: Question, answer: Any) -> list[str]:
    if answer is None or answer.get("status") == "skipped":
        return []
    if intake.hides(question):
        return [_("Answered")]
    if question.log and "value" in answer:
        return [line.text for line in logs.lines(question, answer, intake.link) if not line.is_removed]
    if question.kind is Kind.GROUP and "value" in answer:
        return [_entry(question, item) for item in answer["value"] if item]
    return [say(question, answer, translated)]


def _entry(group: Question, item: Any) -> str:
    private = {child.id for child in group.questions if is_write_only(child)}
    return entry(group, {name: answer for name, answer in item.items() if name not in private}, translated)
