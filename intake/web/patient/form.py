"""The form itself: the list of parts, and each page. A page is saved whenever it is left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import intakes
from intake.actions.intakes import Saved
from intake.actions.refusals import StaleError
from intake.clinical.triage import Severity
from intake.forms import conditions, merge
from intake.forms.entry import Entry, read, without_entry
from intake.forms.model import Kind, Page, Section
from intake.forms.problems import MalformedError
from intake.security.policy import Permission
from intake.store import responses
from intake.store.responses import Response
from intake.web import clock, identity
from intake.web.database import session
from intake.web.guard import allow
from intake.web.patient import notices, steps
from intake.web.patient.steps import Intake, own_intake
from intake.web.say import said
from intake.web.typed import everything_typed, one_more

bp = Blueprint("form", __name__, url_prefix="/form")
LEAVE_SECTION = "leave-section"


@bp.get("")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def tasks(response: Response) -> Any:
    """The parts of the form, how far each has come, and until when the answers are kept."""
    if response.status == responses.COMPLETED:
        return redirect(url_for("patient.finish.done"))
    intake = steps.opened(response)
    parts = _parts(intake)
    left = sum(part["minutes"] for part in parts if part["state"] not in {"done", "in-person"})
    return render_template("patient/form/tasks.html", parts=parts, left=left, intake=intake, until=_until())


def _until() -> datetime | None:
    """Until when the link she came in with works."""
    visitor = identity.visitor()
    return visitor.login.invitation.expires_at if visitor and visitor.login.invitation else None


def _parts(intake: Intake) -> list[dict[str, Any]]:
    kept = conditions.kept_for_visit(intake.form, intake.answers)
    pages = reversed(list(conditions.pages_shown(intake.form, intake.answers)))
    first = {section.id: number for section, number, _page in pages}
    parts = []
    for section in intake.form.sections:
        if section.id in first:
            url = steps.url(intake.form, section, first[section.id])
            parts.append(_part(section, _state(section, intake), url))
        elif section in kept and "pre_private" in intake.answers:
            parts.append(_part(section, "in-person", None))
    return parts


def _part(section: Section, state: str, url: str | None) -> dict[str, Any]:
    return {"title": _(section.heading), "state": state, "url": url, "minutes": section.minutes}


def _state(section: Section, intake: Intake) -> str:
    asked = [q for q in section.questions() if q.id in intake.shown and q.kind is not Kind.DISPLAY]
    reached = [q for q in asked if q.id in intake.answers]
    if not reached:
        return "not-started"
    return "done" if len(reached) == len(asked) else "in-progress"


@bp.get("/<int:section>/<int:page>")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def page(response: Response, section: int, page: int) -> Any:
    """One page of questions with what was answered so far."""
    intake = steps.opened(response)
    if response.status == responses.COMPLETED:
        return redirect(url_for("patient.finish.done"))
    part, asked = steps.find(intake.form, section, page)
    if not steps.askable(asked, intake):
        return redirect(steps.following(intake, part, page, intake.answers))
    return _page(intake, part, asked, page)


@bp.post("/<int:section>/<int:page>")
@allow(Permission.ANSWER_INTAKE, response=own_intake)
def save(response: Response, section: int, page: int) -> Any:
    """Keep what is good on the page; go on, or say what to mend."""
    intake = steps.opened(response)
    part, asked = steps.find(intake.form, section, page)
    autosave = bool(request.headers.get("X-Autosave"))
    fields = {name: request.form.getlist(name) for name in request.form if not name.startswith("_")}
    action = request.form.get("_action", "")
    sent, saved_answers = without_entry(fields, intake.answers, action)
    entry = read(steps.sent(asked, intake, sent), sent, saved=saved_answers, today=clock.today(), write_only=True)
    leaving = not autosave and not action
    try:
        saved = intakes.save_page(
            session, response, intake.form, part, asked, entry, intake.stored,
            base=_base(part), leaving=leaving, today=clock.today(), now=clock.now(),
        )  # fmt: skip
        if action == LEAVE_SECTION and part.skippable:
            intakes.leave_for_visit(session, response, part, base=saved.version, now=clock.now())
            go = _at_once(intake, part, page, saved) or steps.following(intake, part, len(part.pages), saved.answers)
            return redirect(go, 303)
    except StaleError as stale:
        return _stale(steps.opened(response), part, asked, page, stale, autosave=autosave)
    if autosave:
        return _autosaved(intake, part, page, entry, saved)
    return _next(intake, part, asked, page, entry, saved, action)


def _base(section: Section) -> int:
    base = merge.bases(request.form.get("_version", "")).get(section.id)
    if base is None:
        message = "the page has no version"
        raise MalformedError(message)
    return base


def _autosaved(intake: Intake, part: Section, page: int, entry: Entry, saved: Saved) -> Any:
    reply: dict[str, Any] = {
        "saved": f"{clock.now().astimezone(clock.zone()):%H:%M}",
        "version": f"{part.id}:{saved.version}",
        "errors": {problem.field: said(problem) for problem in entry.problems},
    }
    if go := _at_once(intake, part, page, saved):
        reply["go"] = go
    return jsonify(reply)


def _at_once(intake: Intake, part: Section, page: int, saved: Saved) -> str | None:
    """Where a new warning is shown: a page of its own for an emergency, on this page for a call today."""
    new = [sign for sign in saved.signs if sign.rule in saved.new_rules]
    if any(sign.severity is Severity.EMERGENCY for sign in new):
        return url_for("patient.warning.show", after=f"{intake.form.sections.index(part) + 1}.{page}")
    if any(sign.severity is Severity.SAME_DAY for sign in new):
        return steps.url(intake.form, part, page) + "#notice"
    return None


def _next(intake: Intake, part: Section, asked: Page, page: int, entry: Entry, saved: Saved, action: str) -> Any:
    # A value that could not be read is on no other page: it is shown again first, with the warnings above it.
    if action:
        if entry.problems:
            return _page(steps.opened(intake.response), part, asked, page, entry=entry), 422
        more = action.partition(":")[2].partition(".")[0] if action.startswith("add:") else None
        position = intake.form.sections.index(part) + 1
        return redirect(url_for("patient.form.page", section=position, page=page, more=more), 303)
    go = _at_once(intake, part, page, saved)
    if go and not entry.problems:
        return redirect(go, 303)
    troubled = {problem.field.partition(".")[0] for problem in entry.problems}
    entry.problems += [problem for problem in saved.missing if problem.field.partition(".")[0] not in troubled]
    if entry.problems:
        return _page(steps.opened(intake.response), part, asked, page, entry=entry), 422
    return redirect(_onward(intake, part, page, saved), 303)


def _onward(intake: Intake, part: Section, page: int, saved: Saved) -> str:
    """The page after this one; a message that can wait until then is shown on it."""
    onward = steps.following(intake, part, page, saved.answers)
    if not saved.new_rules or "?" in onward:
        return onward
    return f"{onward}?told={intake.form.sections.index(part) + 1}.{page}"


def _told_before(intake: Intake) -> list[notices.Notice]:
    """The messages of the page that led here."""
    section, _dot, page = request.args.get("told", "").partition(".")
    if not (section.isdecimal() and page.isdecimal() and len(section + page) < 6):  # noqa: PLR2004 - two small numbers
        return []
    _part_before, before = steps.find(intake.form, int(section), int(page))
    return notices.on_page(intake, before)


def _stale(intake: Intake, part: Section, asked: Page, page: int, stale: StaleError, *, autosave: bool) -> Any:
    text = _(
        "This answer was changed in another window. What you see here is not saved yet. Press Continue to keep it."
    )
    errors = dict.fromkeys(stale.questions, text)
    if autosave:
        return jsonify(saved=None, errors=errors), 409
    return _page(intake, part, asked, page, typed=True, errors=errors), 409


def _page(
    intake: Intake,
    part: Section,
    asked: Page,
    number: int,
    *,
    entry: Entry | None = None,
    typed: bool = False,
    errors: dict[str, str] | None = None,
) -> str:
    found = errors or {problem.field: said(problem) for problem in (entry.problems if entry else ())}
    raw = everything_typed() if typed else (entry.typed if entry else {})
    questions = steps.askable(asked, intake)
    more = request.args.get("more", "")
    answers = {question.id: _answer(intake, question, raw, more) for question in questions}
    position = [s.id for s in intake.form.sections].index(part.id) + 1
    return render_template(
        "patient/form/page.html",
        intake=intake, section=part, page=asked, number=number, position=position, questions=questions,
        answers=answers, errors=found, texts={question.id: question.text for question in questions},
        version=f"{part.id}:{intake.versions[part.id]}", back=steps.before(intake, part, number),
        notices=notices.on_page(intake, asked) or _told_before(intake), today=clock.today(),
    )  # fmt: skip


def _answer(intake: Intake, question: Any, raw: dict[str, Any], more: str) -> Any:
    own = {name: value for name, value in raw.items() if name == question.id or name.startswith(f"{question.id}.")}
    answer = steps.masked(question, intake.answers.get(question.id))
    if question.id == more and not own:
        own = one_more(question, answer)
    return {**(answer or {}), "raw": own} if own else answer
