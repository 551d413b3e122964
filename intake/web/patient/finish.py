"""The end of the form: checking the answers, signing, handing in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import intakes
from intake.actions.refusals import NotReadyError
from intake.forms import conditions, needs, plain
from intake.forms.entry import is_write_only
from intake.forms.model import Kind, Question, Tier
from intake.forms.problems import N_, Problem
from intake.forms.words import entry, say
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import clock, identity
from intake.web.database import session
from intake.web.guard import allow
from intake.web.patient import notices, steps
from intake.web.patient.steps import Intake, own_intake
from intake.web.say import said, translated
from intake.web.typed import only

bp = Blueprint("finish", __name__, url_prefix="/form")
SIGNER = Question(id="signer", kind=Kind.STRING, text=N_("Your full name"), tier=Tier.CARE)


@bp.get("/check")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def check(response: Response) -> Any:
    """Everything answered so far, to look over; sensitive answers only as "answered"."""
    if response.status == responses.COMPLETED:
        return redirect(url_for("patient.finish.done"))
    return _check(steps.opened(response), {}, "")


@bp.post("/check")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def submit(response: Response) -> Any:
    """Sign and hand in, or list everything that is still missing."""
    only("signer")
    intake = steps.opened(response)
    signer = plain.text(SIGNER, "signer", request.form.get("signer", ""))
    if isinstance(signer, Problem):
        return _check(intake, {"signer": said(signer)}, request.form.get("signer", "")), 422
    try:
        intakes.submit(
            session, response, intake.form,
            signer=signer or "", by=identity.visitor(), today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except NotReadyError as refusal:
        errors = {problem.field: said(problem) for problem in refusal.reasons}
        return _check(intake, errors, signer or ""), 422
    return redirect(url_for("patient.finish.done"), 303)


@bp.get("/done")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def done(response: Response) -> Any:
    """Thanks, what happens next, and every warning once more."""
    if response.status != responses.COMPLETED:
        return redirect(url_for("patient.form.tasks"))
    intake = steps.opened(response)
    found = notices.written(notices.of_this_sitting(intake), intake)
    return render_template("patient/finish/done.html", notices=found, visit=response.visit, zone=clock.zone())


def _check(intake: Intake, errors: dict[str, str], signer: str) -> str:
    missing = needs.missing(intake.form, intake.answers)
    parts: list[dict[str, Any]] = []
    for section, number, page in conditions.pages_shown(intake.form, intake.answers):
        rows = [
            row
            for q in steps.askable(page, intake)
            if (row := _row(intake, q, steps.url(intake.form, section, number)))
        ]
        if parts and parts[-1]["title"] == translated(section.heading):
            parts[-1]["rows"] += rows
        elif rows:
            parts.append({"title": translated(section.heading), "rows": rows})
    return render_template(
        "patient/finish/check.html",
        parts=parts, open=_open(intake, missing), errors=errors, signer=signer,
        notices=notices.written(notices.of_this_sitting(intake), intake),
    )  # fmt: skip


def _open(intake: Intake, missing: tuple[Problem, ...]) -> list[dict[str, str]]:
    """What still needs an answer, each with the page it is on."""
    found: dict[str, dict[str, str]] = {}
    pages = {q.id: (s, n) for s, n, p in conditions.pages_shown(intake.form, intake.answers) for q in p.questions}
    for problem in missing:
        name = problem.field.partition(".")[0]
        section, number = pages[name]
        found.setdefault(
            name, {"text": translated(intake.form.by_id[name].text), "url": steps.url(intake.form, section, number)}
        )
    return list(found.values())


def _row(intake: Intake, question: Question, url: str) -> dict[str, Any] | None:
    if question.kind is Kind.DISPLAY or question.id not in intake.shown or _gives_away(intake, question):
        return None
    return {
        "question": translated(question.text),
        "answers": _lines(question, intake.answers.get(question.id)),
        "url": url,
    }


def _gives_away(intake: Intake, question: Question) -> bool:
    """Whether the mere presence of a question tells what a private one was answered."""
    return any(is_write_only(intake.form.by_id[c.question.partition(".")[0]]) for c in question.when.conditions)


def _lines(question: Question, answer: Any) -> list[str]:
    if answer is None or answer.get("status") == "skipped":
        return []
    if is_write_only(question):
        return [_("Answered")]
    if question.kind is Kind.GROUP and "value" in answer:
        return [_entry(question, item) for item in answer["value"]]
    return [say(question, answer, translated)]


def _entry(group: Question, item: Any) -> str:
    private = {child.id for child in group.questions if is_write_only(child)}
    return entry(group, {name: answer for name, answer in item.items() if name not in private}, translated)
