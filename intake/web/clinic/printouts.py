"""Answers on paper, for the record: up to the care tier by a button, sensitive ones by an act with a reason."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, abort, g, render_template
from flask import Response as Answer
from flask_babel import gettext as _

from intake.actions import printouts as acts
from intake.clinical import review
from intake.clinical.confirmed import Confirmed
from intake.clinical.review import Review
from intake.clinical.values import value
from intake.forms import disclosure
from intake.forms.conditions import Answers
from intake.forms.model import Tier
from intake.pdf.model import AnsweredItem, AnsweredPart, AnsweredRow, AnswersRecord, ConfirmedItem
from intake.pdf.press import press
from intake.security import policy
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.store import consents, history, printouts, responses
from intake.store.history import HandedIn
from intake.store.responses import Response
from intake.web import actor, clock, filters, limits
from intake.web.actor import me
from intake.web.clinic import glances, unprintable
from intake.web.clinic.inputs import PrintSensitive
from intake.web.clinic.unprintable import Lost
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("printouts", __name__, url_prefix="/clinic/charts/intakes")
Paper = Literal["letter", "a4"]


@bp.get("/<uuid:response_id>/answers/<any(letter, a4):paper>")
@allow(Permission.PRINT_INTAKE, response=responses.intake)
def document(response: Response, paper: Paper) -> Any:
    """The answers as a PDF, nothing above the care tier."""
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    return _pdf(_printed(response, Tier.CARE, paper))


@bp.get("/<uuid:response_id>/sensitive")
@allow(Permission.PRINT_SENSITIVE, response=responses.intake)
def show(response: Response) -> Any:
    """What printing sensitive answers means, the form for the reason, and who printed them before."""
    return _show(response, PrintSensitive(formdata=None, paper=(clock.clinic() or abort(404)).paper))


@bp.post("/<uuid:response_id>/sensitive")
@allow(Permission.PRINT_SENSITIVE, response=responses.intake)
@fresh
def create(response: Response) -> Any:
    """The answers as a PDF, sensitive ones too; who printed them and why stays on record."""
    form = PrintSensitive()
    if not form.validate_on_submit():
        return _show(response, form), 422
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    content = _printed(response, Tier.SENSITIVE, form.paper.data)
    seen = sorted(g.get("seen", ()), key=policy.TIERS.index)
    acts.keep(
        session, response, reason=form.reason.data, text=form.text.data, categories=seen, by=me(), now=clock.now()
    )
    return _pdf(content)


def _show(response: Response, form: PrintSensitive) -> str:
    before, opened = printouts.of_response(session, response.id), history.opened(session, response)
    actor.saw((Tier.SENSITIVE,) if before else ())  # why it was printed can say anything
    return render_template(
        "clinic/printouts/show.html",
        response=response, patient=response.patient or abort(404), form=form, before=before,
        title=translated(opened.form.title), lost=unprintable_answers(opened, Tier.SENSITIVE),
    )  # fmt: skip


def _printed(response: Response, most: Tier, paper: Paper) -> bytes:
    opened = history.opened(session, response)
    shown = actor.disclosed(opened.form, opened.in_full(), str(most), of=opened.answers)
    found = _review(opened, shown)
    glances.called_right(found)
    return press.print(sheet(opened, shown, found), paper=paper)


def _review(opened: HandedIn, shown: Answers) -> Review:
    response = opened.response
    unsigned = consents.unsigned(session, response)
    return review.review(opened.form, shown, (), translated, stood=glances.stood(response), unsigned=unsigned)


def unprintable_answers(opened: HandedIn, most: Tier) -> list[Lost]:
    """What of the answers up to a tier would not print, for whoever may see them."""
    below = str(most) if most in actor.tiers() else actor.ceiling()
    shown = disclosure.disclosed(opened.form, opened.in_full(), below)
    own = {name: answer for name, answer in shown.items() if name in opened.answers}
    found = unprintable.lost(unprintable.of_answers(sheet(opened, own, _review(opened, own))))
    actor.saw(disclosure.seen(opened.form, own) if found else ())
    return found


def sheet(opened: HandedIn, shown: Answers, found: Review) -> AnswersRecord:
    """What the document prints."""
    holds_more = any(tier.rank > Tier.CARE.rank for tier in disclosure.seen(opened.form, shown))
    return _record(opened, found, value(shown, "pre_who") or "", holds_more=holds_more)


def _record(opened: HandedIn, found: Review, who: str, *, holds_more: bool) -> AnswersRecord:
    response = opened.response
    patient, clinic = response.patient or abort(404), clock.clinic()
    return AnswersRecord(
        clinic_name=clinic.name if clinic else "",
        name=patient.name, birth_date=patient.birth_date,
        visit_on=response.visit.starts_at.astimezone(clock.zone()).date(),
        title=translated(opened.form.title), version=response.form_version, state=_state(response), who=who,
        in_person=tuple(cue.question for cue in found.cues if cue.status == review.IN_PERSON),
        parts=tuple(
            AnsweredPart(
                translated(part.section.title),
                tuple(_row(row) for row in part.rows),
            )
            for part in found.parts
        ),
        holds_sensitive=holds_more,
    )  # fmt: skip


def _row(row: review.Row) -> AnsweredRow:
    entries = tuple(tuple(AnsweredItem(i.question, i.words, i.denied) for i in entry) for entry in row.entries)
    earlier = tuple(map(_confirmed, row.confirmed))
    return AnsweredRow(row.question, row.lines, _mark(row), entries, row.denied, earlier, row.unseen)


def _confirmed(said: Confirmed) -> ConfirmedItem:
    return ConfirmedItem(said.question, said.lines, said.said_at.astimezone(clock.zone()).date(), said.denied)


def _mark(row: review.Row) -> str:
    return "quoted" if row.is_quoted else row.status


def _state(response: Response) -> str:
    if response.is_from_paper:
        return filters.from_paper(response)
    if response.completed_at is None:
        return str(_("Not handed in yet: answers can still change."))
    return str(_("Handed in %(when)s.", when=filters.moment(response.completed_at)))


def _pdf(content: bytes) -> Answer:
    return Answer(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="answers.pdf"'}
    )
