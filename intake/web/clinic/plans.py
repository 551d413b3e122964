"""Care plans: proposed from a signed note, edited, previewed, issued."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import notes as note_acts
from intake.actions import plans as acts
from intake.actions.refusals import NotReadyError, StaleError
from intake.clinical.values import value
from intake.forms import reader
from intake.forms.model import Tier
from intake.library.figures.poses import figures
from intake.library.figures.shapes import Figure
from intake.library.reader import exercises
from intake.security import policy
from intake.security.limits import Bucket
from intake.security.policy import Permission, may
from intake.store import notes, plans
from intake.store.notes import Note
from intake.store.people import Clinic
from intake.store.plans import Document, Plan
from intake.web import actor, clock, limits
from intake.web.actor import me
from intake.web.clinic import cautions, corrected, drafts, proofs, unprintable
from intake.web.clinic.inputs import Issue
from intake.web.clinic.unprintable import Lost
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import said
from intake.web.typed import everything_typed

bp = Blueprint("plans", __name__, url_prefix="/clinic/plans")
FORM = "care-plan"


@bp.post("/notes/<uuid:note_id>")
@allow(Permission.START_PLAN, note=notes.get)
def start(note: Note) -> Any:
    """A new plan from a signed note, or the draft that is there; from a note that does not hold, its red page."""
    if note.is_signed and proofs.verdict(note).faults:
        return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    plan = acts.start(session, note, reader.latest(FORM), by=me(), now=clock.now())
    return redirect(url_for("clinic.plans.show", plan_id=plan.id), 303)


@bp.get("/<uuid:plan_id>")
@allow(Permission.READ_PLAN, plan=plans.get)
def show(plan: Plan) -> Any:
    """The plan: to write for its author while it is a draft, to read and fetch otherwise."""
    if plan.is_issued or not may(me(), Permission.WRITE_PLAN, plan):
        return _read(plan)
    return _write(plan)


@bp.post("/<uuid:plan_id>")
@allow(Permission.WRITE_PLAN, plan=plans.get)
def save(plan: Plan) -> Any:
    """Keep what was written; an exercise without a dose takes the library's."""
    draft = drafts.opened(plan.response)
    entry = drafts.submitted(draft)
    action = request.form.get("_action", "")
    autosave = bool(request.headers.get("X-Autosave"))
    entry = entry if autosave else acts.with_usual_doses(entry)
    try:
        versions = note_acts.save(
            session, plan.response, draft.form, entry, drafts.bases(), by=me(), subject=plan, now=clock.now()
        )
    except StaleError as stale:
        return _stale(plan, stale, autosave=autosave)
    if autosave:
        return drafts.autosaved(versions, entry)
    if entry.problems:
        return _write(plan, errors=drafts.errors_of(entry), typed=entry.typed), 422
    if action.startswith(("add:", "remove:")):
        group = action.partition(":")[2].partition(".")[0]
        more = group if action.startswith("add:") else None
        return redirect(url_for("clinic.plans.show", plan_id=plan.id, more=more, _anchor=group), 303)
    flash(_("Draft saved."))
    return redirect(url_for("clinic.plans.show", plan_id=plan.id), 303)


def _stale(plan: Plan, stale: StaleError, *, autosave: bool) -> Any:
    errors = drafts.changed_elsewhere(plan.response, stale.questions)
    if autosave:
        return jsonify(saved=None, errors=errors), 409
    return _write(plan, errors=errors, typed=everything_typed()), 409


def _write(
    plan: Plan, errors: dict[str, str] | None = None, typed: dict[str, Any] | None = None, form: Issue | None = None
) -> str:
    draft = drafts.opened(plan.response)
    return render_template(
        "clinic/plans/write.html",
        plan=plan, draft=draft, answers=drafts.to_show(draft, typed or {}, request.args.get("more", "")),
        errors=errors or {}, beside=corrected.in_plan(plan, draft),
        form=form or Issue(formdata=None, paper=_clinic().paper),
        unprintable=_unprintable(draft), today=clock.today(), zone=clock.zone(),
        touching=cautions.touching(plan.patient), warnings=cautions.warnings,
    )  # fmt: skip


def _unprintable(draft: drafts.Draft) -> list[Lost]:
    """Letters that no face on paper has: they would show as [?], so the author is told first, and where they stand."""
    written = [(row["question"], " ".join(row["answers"])) for _s, rows in drafts.as_read(draft) for row in rows]
    names = (str(_("Name")), draft.response.patient.name), (str(_("Therapist")), me().name)
    return unprintable.lost([*names, *unprintable.of_clinic(clock.clinic()), *written])


def _clinic() -> Clinic:
    return clock.clinic() or abort(404)


def _read(plan: Plan) -> str:
    draft = drafts.opened(plan.response)
    return render_template(
        "clinic/plans/read.html",
        plan=plan, parts=drafts.as_read(draft, corrected.in_plan(plan, draft)), pictured=_pictured(draft),
        form=Issue(formdata=None, paper=_clinic().paper),
        tiers=policy.tiers_up_to(actor.chart_ceiling(plan.patient)), zone=clock.zone(),
        touching=cautions.touching(plan.patient), warnings=cautions.warnings,
        may_print=plan.is_issued and may(me(), Permission.ISSUE_PLAN, plan),
    )  # fmt: skip


def _pictured(draft: drafts.Draft) -> list[tuple[str, Figure]]:
    """The exercises of the plan that have a figure: name and drawing."""
    chosen = [value(entry, "cp_exercise") for entry in value(draft.answers, "cp_exercises") or []]
    known = [exercises()[name] for name in chosen if name in exercises()]
    return [(exercise.name, figures()[exercise.figure]) for exercise in known if exercise.figure in figures()]


@bp.get("/<uuid:plan_id>/preview/<any(letter, a4):paper>")
@allow(Permission.READ_PLAN, plan=plans.get)
def preview(plan: Plan, paper: acts.Paper) -> Any:
    """The PDF as it would be issued now."""
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    actor.saw((Tier.CARE,))  # the plan holds nothing above, and what it holds is care
    return _pdf(acts.preview(session, plan, _clinic(), paper=paper, today=clock.today()), "preview.pdf")


@bp.post("/<uuid:plan_id>/issue")
@allow(Permission.ISSUE_PLAN, plan=plans.get)
def issue(plan: Plan) -> Any:
    """Freeze the plan and keep the bytes handed over, or list everything that is missing."""
    form = Issue()
    if not form.validate_on_submit():
        return _read(plan) if plan.is_issued else _write(plan, form=form), 422
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    if plan.is_issued:
        acts.reprint(session, plan, _clinic(), paper=form.paper.data, by=me(), today=clock.today(), now=clock.now())
        return redirect(url_for("clinic.plans.show", plan_id=plan.id), 303)
    if not form.sure.data:
        form.sure.errors = [_("Please read the preview first, then tick this.")]
        return _write(plan, form=form), 422
    try:
        draft = drafts.opened(plan.response)
        acts.issue(
            session, plan, draft.form, _clinic(), paper=form.paper.data, by=me(), today=clock.today(), now=clock.now()
        )
    except NotReadyError as refusal:
        return _write(plan, errors={problem.field: said(problem) for problem in refusal.reasons}, form=form), 422
    flash(_("Plan issued."))
    return redirect(url_for("clinic.plans.show", plan_id=plan.id), 303)


@bp.get("/documents/<uuid:document_id>")
@allow(Permission.READ_DOCUMENT, document=plans.document)
def document(document: Document) -> Any:
    """The exact bytes that were issued."""
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    actor.saw((document.tier,))
    return _pdf(document.issued, document.file_name)


def _pdf(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
