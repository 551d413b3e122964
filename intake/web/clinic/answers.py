"""What a patient handed in, looked over by staff: her words, cues for the room, warning signs, what changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import askings
from intake.actions import reviews as acts
from intake.actions.refusals import RefusedError
from intake.clinical import odd_dates, review, summary
from intake.clinical.review import Earlier
from intake.clinical.triage import message
from intake.clinical.values import value
from intake.forms import conditions, disclosure, moments, reader
from intake.forms.conditions import Answers
from intake.forms.model import Form, Section, Tier
from intake.security.policy import Permission, may
from intake.store import consents, history, responses, reviews
from intake.store.history import HandedIn
from intake.store.responses import Response
from intake.store.visits import Visit
from intake.web import actor, clock, filters, told
from intake.web.actor import me
from intake.web.clinic import glances, printouts, rewordings
from intake.web.clinic.inputs import AskAgain
from intake.web.clinic.unprintable import Lost
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import options
from intake.web.say import translated

bp = Blueprint("answers", __name__, url_prefix="/clinic/charts/intakes")


@bp.get("/<uuid:response_id>")
@allow(Permission.READ_CHART, response=responses.intake)
def show(response: Response) -> Any:
    """Every answer as it was given, with the wording of that time, and what it was before."""
    return _show(response)


def _odd_dates(response: Response, shown: Answers) -> tuple[tuple[str, str], ...]:
    """What is odd about the dates she gave, by the day she gave them."""
    said_then = moments.as_of(shown, response.filled_on)
    return odd_dates.for_staff(said_then, clock.today(), response.patient.birth_date)


def _show(response: Response, asking: AskAgain | None = None) -> str:
    opened, known = history.opened(session, response), history.before(session, response)
    before = _said_before(opened, known)
    shown = actor.disclosed(opened.form, opened.in_full(), of=opened.answers)
    found = review.review(
        opened.form, shown, _earlier(before), translated,
        stood=glances.stood(response), unsigned=consents.unsigned(session, response),
    )  # fmt: skip
    glances.called_right(found)
    only = request.args.get("show") == "changes"
    return render_template(
        "clinic/answers/show.html",
        response=response, patient=response.patient or abort(404), form=opened.form, review=found, lost=_lost(opened),
        follows=history.followed(session, response),
        parts=found.only_changes() if only else found.parts, only=only, compared=_compared(before),
        kept=_kept(opened), dropped=_dropped(response, opened.form), has_loss=_has_loss(opened, known),
        who=value(shown, "pre_who"), flags=_flags(response, opened), mark=reviews.of_response(session, response.id),
        may_review=may(me(), Permission.REVIEW_INTAKE, response), again=_again(response), zone=clock.zone(),
        odd=_odd_dates(response, shown),
        asking=asking or _asking(response), may_print=may(me(), Permission.PRINT_INTAKE, response),
        may_print_sensitive=may(me(), Permission.PRINT_SENSITIVE, response), **_paper(response),
    )  # fmt: skip


def _paper(response: Response) -> dict[str, Any]:
    """What became of a transcript, and what may still be done about it."""
    if not response.is_from_paper:
        return {"rewordings": [], "newer": None, "may_correct": False, "may_take_out": False, "correcting": None}
    counts = response.status == responses.COMPLETED
    return {
        "rewordings": rewordings.of(response), "newer": rewordings.newer(response),
        "correcting": rewordings.open_one(response),
        "may_correct": counts and may(me(), Permission.ENTER_PAPER, response),
        "may_take_out": counts and may(me(), Permission.TAKE_OUT_PAPER, response),
    }  # fmt: skip


def _lost(opened: HandedIn) -> list[Lost]:
    """What would not print, for whoever is offered the PDF."""
    may_print = may(me(), Permission.PRINT_INTAKE, opened.response)
    return printouts.unprintable_answers(opened, Tier.CARE) if may_print else []


def _said_before(opened: HandedIn, known: list[HandedIn]) -> list[HandedIn]:
    """What was said before a form, the oldest first: what was typed in from paper can be older than what is known."""
    is_late = opened.response.is_from_paper
    return sorted((each for each in known if not (is_late and each.at > opened.at)), key=_said_at)


def _said_at(form: HandedIn) -> datetime:
    return form.at


def _earlier(before: list[HandedIn]) -> list[Earlier]:
    """What was said before, as far as it may be compared: nothing above the care tier is held against anything."""
    found = []
    for each in before:
        shown = actor.disclosed(each.form, each.in_full(), str(Tier.CARE), of=each.answers)
        found.append(Earlier(each.form, shown, _day(each.at)))
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.zone()).date()


def _compared(before: list[HandedIn]) -> date | None:
    """The day of the last form before this one; None where there is none."""
    return _day(before[-1].at) if before else None


def _kept(opened: HandedIn) -> list[Section]:
    """The sections that were left for the visit because privacy was not sure."""
    only = opened.response.only
    kept = conditions.kept_for_visit(opened.form, opened.in_full())
    found = disclosure.parts(actor.ceiling(), [each for each in kept if only in {None, each.id}])
    found = found if "pre_private" in opened.answers else []  # else nobody was asked yet
    actor.saw(section.tier for section in found)
    return found


def _dropped(response: Response, form: Form) -> list[str]:
    known = disclosure.tiers(form)
    found = [name for name in response.dropped if known.get(name) in actor.tiers()]
    actor.saw(disclosure.seen(form, {name: {} for name in found}))
    return [translated(form.by_id[name].text) for name in found]


def _has_loss(opened: HandedIn, before: list[HandedIn]) -> bool:
    """Whether a baby died, as far as anything that was handed in says so."""
    if not actor.ceiling():
        return False
    births = value(history.newest([*before, opened]), "ob_births") or ()
    return any(value(birth, "birth_outcome") in summary.LOSS for birth in births)


def _flags(response: Response, opened: HandedIn) -> list[Any]:
    """The warning signs of this form: each with its message and what the patient was told."""
    values = told.values(opened.in_full(), response.patient.birth_date)
    return [
        (flag, message(flag.rule), translated(message(flag.rule).patient).format(**values))
        for flag in glances.signs(response.patient, of=response)
    ]


# ---------------------------------------------------------------- what staff does with it


@bp.post("/<uuid:response_id>/reviewed")
@allow(Permission.REVIEW_INTAKE, response=responses.intake)
def mark(response: Response) -> Any:
    """Mark it as reviewed. Nothing takes that back."""
    try:
        acts.mark(session, response, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
    else:
        flash(_("Marked as reviewed."))
    return redirect(url_for("clinic.answers.show", response_id=response.id), 303)


@bp.post("/<uuid:response_id>/again")
@allow(Permission.ASK_AGAIN, response=responses.intake)
def ask(response: Response) -> Any:
    """Ask one part again, for a visit that is still to come."""
    form = _offering(response, AskAgain())
    if not form.validate_on_submit():
        return _show(response, form), 422
    visit = next(visit for visit in _visits(response) if str(visit.id) == form.visit.data)
    try:
        made = askings.ask_again(session, response, form.section.data, visit=visit, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.answers.show", response_id=response.id), 303)
    flash(_("Asked again. Send the patient an invitation, if no earlier one works any more."))
    return redirect(url_for("clinic.visits.show", visit_id=made.visit_id), 303)


@bp.post("/<uuid:response_id>/withdraw")
@allow(Permission.ASK_AGAIN, response=responses.intake)
def withdraw(response: Response) -> Any:
    """Take back a part that was asked again and is not answered yet."""
    before, patient_id = history.followed(session, response), response.patient_id
    try:
        askings.withdraw(session, response, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal) or "This form is in, so it cannot be taken back."))
    else:
        flash(_("Taken back. The patient is not asked this part any more."))
    if before is None:  # it was taken out meanwhile
        return redirect(url_for("clinic.charts.show", patient_id=patient_id), 303)
    return redirect(url_for("clinic.answers.show", response_id=before.id), 303)


def _visits(response: Response) -> list[Visit]:
    """The visits a part can be asked again for: those to come, and the form's own, soonest first."""
    found = [visit for visit in response.patient.visits if visit.cancelled_at is None]
    return [visit for visit in found if visit.starts_at >= clock.now() or visit.id == response.visit_id]


def _asking(response: Response) -> AskAgain | None:
    """The form to ask again, for who may; None where there is nothing to ask."""
    if not may(me(), Permission.ASK_AGAIN, response):
        return None
    form = _offering(response, AskAgain(formdata=None))
    return form if len(form.section.choices) > 1 else None


def _offering(response: Response, form: AskAgain) -> AskAgain:
    sections = disclosure.parts(actor.ceiling(), askings.offered(session, response))
    form.section.choices = options([("", _("Choose a part")), *((s.id, translated(s.title)) for s in sections)])
    form.visit.choices = options((str(visit.id), _named(visit)) for visit in _visits(response))
    return form


def _named(visit: Visit) -> str:
    return str(_("Visit on %(date)s", date=filters.day(visit.starts_at)))


def _again(response: Response) -> list[tuple[Response, str]]:
    """What was asked again after this, with the title of the part."""
    found = []
    for each in responses.following(session, response.id):
        section = reader.load(each.form, each.form_version).section(each.only) if each.only else None
        if section is not None and section.tier in actor.tiers():
            found.append((each, translated(section.title)))
    return found
