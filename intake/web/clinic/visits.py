"""One visit and its invitations."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from intake.actions import invitations as acts
from intake.actions import patients, shortforms, transcripts
from intake.actions.invitations import Sent
from intake.actions.refusals import RefusedError
from intake.clinical import contacts, invitations
from intake.clinical.contacts import About
from intake.clinical.delivery import WORDS
from intake.pdf.model import InvitationSlip
from intake.pdf.press import press
from intake.security import tokens
from intake.security.limits import Bucket
from intake.security.policy import Permission, may
from intake.store import handovers, outbox, responses, reviews, visits
from intake.store.responses import Response as Answers
from intake.store.visits import Invitation, Visit
from intake.web import clock, handed, limits
from intake.web.actor import me
from intake.web.clinic import asked, cautions, papers, unprintable
from intake.web.database import session
from intake.web.guard import allow
from intake.web.typed import only

bp = Blueprint("visits", __name__, url_prefix="/clinic/visits")


@bp.get("/<uuid:visit_id>")
@allow(Permission.INVITE, visit=visits.get)
def show(visit: Visit) -> Any:
    """When, with whom, where, and how far the invitation has come."""
    return _show(visit)


def _show(visit: Visit, **more: Any) -> str:
    asked = responses.asked(session, visit.id)
    return render_template(
        "clinic/visits/show.html",
        visit=visit, asked=_titled(asked), reviewed=reviews.reviewed(session, [each.id for each in asked]),
        state=invitations.state(visit.invitations, asked, now=clock.now()),
        usable=acts.is_usable, guessed=acts.was_guessed_at, now=clock.now(), zone=clock.zone(),
        may_read=may(me(), Permission.READ_CHART, visit), may_ask=may(me(), Permission.ASK_FORM, visit),
        mails=outbox.of_visit(session, visit.id),
        not_to_mail=contacts.reason_not_to_mail(visit.patient.contacts, About.FORM), why=WORDS,
        papers=papers.offered(), lost=unprintable.lost(unprintable.of_clinic(clock.clinic())),
        touching=cautions.touching(visit.patient), warnings=cautions.warnings,
        filled_in=_filled_in(visit), askable=shortforms.askable(session, clock.now()), **_alone(visit), **more,
    )  # fmt: skip


def _filled_in(visit: Visit) -> list[transcripts.Offer]:
    """The forms of the visit that can come back on paper, for who may type them in."""
    return transcripts.offered(session, visit, clock.now()) if may(me(), Permission.ENTER_PAPER, visit) else []


def _titled(found: list[Answers]) -> list[tuple[Answers, str]]:
    """Not which part is asked again: the front desk reads this too."""
    return [(each, asked.title(each)) for each in found]


def _alone(visit: Visit) -> dict[str, Any]:
    """What whoever may hand this device over is shown of that: when it was, and whether it is still out."""
    if not may(me(), Permission.HAND_OVER, visit):
        return {"may_hand_over": False}
    found = handovers.of_visit(session, visit.id)
    unread = {each.id for each in handovers.unread(session, visit.patient_id, me())}
    return {
        "may_hand_over": True, "handovers": found,
        "out": [each for each in found if handovers.is_open(each, clock.now())],
        "unread_alone": [each for each in found if each.id in unread],
    }  # fmt: skip


@bp.post("/<uuid:visit_id>/invitations")
@allow(Permission.INVITE, visit=visits.get)
def invite(visit: Visit) -> Any:
    """Make an invitation and show its code: it is not kept and cannot be shown again."""
    clinic = clock.clinic() or abort(404)
    try:
        made = acts.send(
            session, visit, days=clinic.invitation_days, with_second=clinic.second_code,
            secret=current_app.config["SECRET"], by=me(), now=clock.now(),
        )  # fmt: skip
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)
    session.refresh(visit)
    link = handed.to_form(made.code)
    message = _message(clinic.phone, link, made)
    return _show(visit, sent=made.invitation, code=made.code, second=made.second, link=link, message=message), 201


@bp.post("/<uuid:visit_id>/mail")
@allow(Permission.INVITE, visit=visits.get)
def mail(visit: Visit) -> Any:
    """Make an invitation and queue it as an e-mail, where the patient said that this is safe."""
    clinic = clock.clinic() or abort(404)
    try:
        made = acts.mail(
            session, visit, write=lambda sent: _message(clinic.phone, handed.to_form(sent.code), sent),
            days=clinic.invitation_days, with_second=clinic.second_code,
            secret=current_app.config["SECRET"], by=me(), now=clock.now(),
        )  # fmt: skip
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)
    if made.second:
        session.refresh(visit)
        return _show(visit, spoken=made.second), 201
    flash(_("The e-mail will go out in a moment."))
    return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)


def _message(phone: str, link: str, made: Sent) -> str:
    """The text to send: it says neither who it is for nor what it is about."""
    until = format_datetime(made.invitation.expires_at.astimezone(clock.zone()), "MMMM d", rebase=False)
    text = _(
        "Please answer a few questions before your visit. Open %(link)s and give your date of birth. "
        "The link works until %(until)s. Questions? Call %(phone)s.",
        phone=phone, link=link, until=until,
    )  # fmt: skip
    more = _("You also need the second code that we give you in person or by phone.") if made.second else ""
    return f"{text} {more}".strip()


@bp.post("/invitations/<uuid:invitation_id>/slip")
@allow(Permission.INVITE, invitation=visits.invitation)
def slip(invitation: Invitation) -> Any:
    """The invitation on paper, with a square to scan."""
    only("code")
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    clinic = clock.clinic() or abort(404)
    code = request.form.get("code", "")[:20]
    typed = tokens.keyed_hash(current_app.config["SECRET"], acts.ACCESS_CODE, tokens.settled_code(code))
    if not hmac.compare_digest(typed.encode(), invitation.code_hash.encode()):
        abort(404)
    when = format_datetime(invitation.visit.starts_at.astimezone(clock.zone()), "EEEE, MMMM d, h:mm a", rebase=False)
    sheet = InvitationSlip(
        clinic_name=clinic.name, clinic_phone=clinic.phone, link=handed.to_form(code), code=code,
        expires_on=invitation.expires_at.astimezone(clock.zone()).date(), when=when,
    )  # fmt: skip
    content = press.print(sheet, paper="a4" if clinic.paper == "a4" else "letter")
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="visit.pdf"'}
    )


@bp.post("/invitations/<uuid:invitation_id>/revoke")
@allow(Permission.INVITE, invitation=visits.invitation)
def revoke(invitation: Invitation) -> Any:
    """Make the link useless."""
    acts.revoke(session, invitation, by=me(), now=clock.now())
    flash(_("The invitation no longer works."))
    return redirect(url_for("clinic.visits.show", visit_id=invitation.visit_id), 303)


@bp.post("/<uuid:visit_id>/cancel")
@allow(Permission.INVITE, visit=visits.get)
def cancel(visit: Visit) -> Any:
    """Call the visit off."""
    try:
        patients.cancel(session, visit, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)
    flash(_("The visit was called off."))
    return redirect(url_for("clinic.patients.show", patient_id=visit.patient_id), 303)
