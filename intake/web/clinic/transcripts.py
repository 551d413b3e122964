"""Typing in a form that a patient filled in on paper: which one, part by part, and that this is all it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import transcripts as acts
from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.actions.transcripts import Signature
from intake.clinical import odd_dates
from intake.forms import moments
from intake.forms.words import say
from intake.security.policy import Permission, may
from intake.store import consents, responses, visits
from intake.store.responses import Response
from intake.store.visits import Visit
from intake.web import actor, clock, visitors
from intake.web.actor import me
from intake.web.clinic import drafts, overtaken, rewordings, sheets
from intake.web.clinic.inputs import Corrected, PaperInHand, SignedCorrection, SignedPaper, TypedIn
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import options
from intake.web.say import translated
from intake.web.typed import everything_typed, once

bp = Blueprint("transcripts", __name__, url_prefix="/clinic")
ENDINGS = {
    (False, False): TypedIn,
    (True, False): SignedPaper,
    (False, True): Corrected,
    (True, True): SignedCorrection,
}
NOTHING: Mapping[str, Any] = {}
JUST_NOW = timedelta(minutes=1)


@bp.get("/visits/<uuid:visit_id>/paper")
@allow(Permission.ENTER_PAPER, visit=visits.get)
def choose(visit: Visit) -> Any:
    """Which paper form is typed in, of what day, and who wrote it."""
    return _choose(visit, _choosing(visit, PaperInHand(formdata=None, form=request.args.get("form", ""))))


@bp.post("/visits/<uuid:visit_id>/paper")
@allow(Permission.ENTER_PAPER, visit=visits.get)
def start(visit: Visit) -> Any:
    """From now on the form is staff's to type in."""
    form = _choosing(visit, PaperInHand())
    if (begun := _begun(visit, request.form.get("form", ""))) is not None:
        flash(_("This form is being typed in already."))
        return redirect(url_for("clinic.transcripts.show", transcript_id=begun.id), 303)
    if not form.validate_on_submit():
        return _choose(visit, form), 422
    try:
        name, _slash, number = form.form.data.partition("/")
        made = acts.start(
            session, visit, name, form.source.data, version=int(number) if number else None,
            filled_on=form.filled_on.data, idle=visitors.IDLE, by=me(), now=clock.now(),
        )  # fmt: skip
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.transcripts.choose", visit_id=visit.id), 303)
    return redirect(url_for("clinic.transcripts.show", transcript_id=made.id), 303)


def _begun(visit: Visit, chosen: str) -> Response | None:
    """What a second press, or a colleague, began meanwhile of the form that is chosen."""
    offers = acts.offered(session, visit, clock.now())
    return next((each.response for each in offers if each.is_open and each.name == chosen.partition("/")[0]), None)


def _choosing(visit: Visit, form: PaperInHand) -> PaperInHand:
    """The forms in the versions that their sheets may be of, as the foot of each sheet names them."""
    free = [each for each in acts.offered(session, visit, clock.now()) if not each.reason]
    named = [choice for each in free for choice in _versions(each)]
    form.form.choices = options(named if len(named) == 1 else [("", _("Choose a form")), *named])
    return form


def _versions(offer: acts.Offer) -> Iterator[tuple[str, str]]:
    """The one that the visit asks for goes by the name of its form alone."""
    for number in offer.versions:
        name = offer.name if number == offer.asked else f"{offer.name}/{number}"
        yield name, _("%(form)s, version %(version)s", form=translated(offer.title), version=number)


def _choose(visit: Visit, form: PaperInHand) -> str:
    return render_template(
        "clinic/transcripts/choose.html", visit=visit, form=form, offers=acts.offered(session, visit, clock.now())
    )


# ---------------------------------------------------------------- typing


@bp.get("/transcripts/<uuid:transcript_id>")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def show(transcript: Response) -> Any:
    """One part of the paper, with what is typed in so far."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript, sent=False)
    if transcript.status != responses.IN_PROGRESS:
        return redirect(url_for("clinic.answers.show", response_id=transcript.id))
    return _write(transcript, request.args.get("part", ""), more=request.args.get("more", ""))


@bp.post("/transcripts/<uuid:transcript_id>")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def save(transcript: Response) -> Any:
    """Keep what a part says; on to the next one, or first to a warning sign that cannot wait."""
    once()
    autosave, action = bool(request.headers.get("X-Autosave")), request.form.get("_action", "")
    if overtaken.is_out(transcript):
        return overtaken.lose(transcript, autosave=autosave)
    draft = drafts.opened(transcript)
    part = sheets.sent_from(draft)
    entry, asked = sheets.submitted(draft, part)
    try:
        saved = acts.save(
            session, transcript, part.id, entry, asked, base=sheets.base(part), leaving=not autosave and not action,
            by=me(), today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except StaleError as stale:
        return _stale(transcript, part.id, stale, autosave=autosave)
    except FinalError:
        return overtaken.lose(transcript, autosave=autosave)
    warns = bool(sheets.urgent(transcript, saved.new_rules))
    here = url_for("clinic.transcripts.show", transcript_id=transcript.id, part=part.id)
    if autosave:
        reply = drafts.autosaved({part.id: saved.version}, entry)
        return jsonify({**reply.get_json(), **({"go": here} if warns else {})})
    if entry.problems:
        return _write(transcript, part.id, errors=drafts.errors_of(entry), typed=entry.typed), 422
    if action.startswith(("add:", "remove:")):
        group = action.partition(":")[2].partition(".")[0]
        more = group if action.startswith("add:") else None
        return redirect(
            url_for("clinic.transcripts.show", transcript_id=transcript.id, part=part.id, more=more, _anchor=group), 303
        )
    return redirect(here if warns else _onward(transcript, part.id), 303)


def _onward(transcript: Response, name: str) -> str:
    """Where the next part is, by what is typed in now; the check after the last one."""
    draft = drafts.opened(transcript)
    following = sheets.after(draft, sheets.part(draft, name))
    if following is None:
        return url_for("clinic.transcripts.check", transcript_id=transcript.id)
    return url_for("clinic.transcripts.show", transcript_id=transcript.id, part=following.id)


def _stale(transcript: Response, part: str, stale: StaleError, *, autosave: bool) -> Any:
    errors = drafts.changed_elsewhere(transcript, stale.questions)
    if autosave:
        return jsonify(saved=None, errors=errors), 409
    return _write(transcript, part, errors=errors, typed=everything_typed()), 409


def _write(
    transcript: Response, name: str, *, more: str = "", errors: Mapping[str, str] = NOTHING,
    typed: Mapping[str, Any] = NOTHING,
) -> str:  # fmt: skip
    draft = drafts.opened(transcript)
    section = sheets.part(draft, name)
    pages = sheets.asked(draft, section)
    peers = [question for _page, several in pages for question in several]
    return render_template(
        "clinic/transcripts/show.html",
        **_frame(transcript, draft), section=section, pages=pages, peers=peers,
        answers=drafts.to_show(draft, typed, more), errors=errors,
        version=drafts.carried({section.id: draft.versions[section.id]}), today=clock.today(),
    )  # fmt: skip


def _frame(transcript: Response, draft: drafts.Draft) -> dict[str, Any]:
    """What stands round every part: whose paper it is, the parts, and warning signs nobody has taken on."""
    found = sheets.signs(transcript)
    return {
        "response": transcript, "patient": transcript.patient, "draft": draft, "parts": sheets.parts(draft),
        "is_whole": sheets.is_whole(draft), "is_wordless": drafts.is_wordless(transcript), "flags": found,
        "is_untouched": transcript.corrects_id is None and max(draft.versions.values()) == 1,
        "warnings": sheets.to_tell(found, draft.answers),
        "fresh": any(clock.now() - flag.raised_at < JUST_NOW for flag in found),
        "may_act": lambda flag: may(me(), Permission.ACT_ON_FLAG, flag), "odd": _odd_dates(transcript, draft),
    }  # fmt: skip


def _odd_dates(transcript: Response, draft: drafts.Draft) -> tuple[tuple[str, str], ...]:
    """What is odd about the dates that are typed in: the typist may have slipped, and the paper may say so."""
    said = {name: answer for name, answer in draft.answers.items() if name in draft.shown}
    said_then = moments.as_of(said, transcript.filled_on)
    return odd_dates.for_staff(said_then, clock.today(), transcript.patient.birth_date)


@bp.post("/transcripts/<uuid:transcript_id>/back")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def hand_back(transcript: Response) -> Any:
    """It was a mistake: the form is hers again, as long as nothing is typed in. Twice says the same twice."""
    if overtaken.is_out(transcript) and not overtaken.is_given_back(transcript):
        return overtaken.lead_on(transcript)
    try:
        if not overtaken.is_given_back(transcript):
            acts.hand_back(session, transcript, by=me(), now=clock.now())
    except RefusedError as refusal:
        flash(_(str(refusal) or "This form is in, so it cannot be taken back."))
        return redirect(url_for("clinic.transcripts.show", transcript_id=transcript.id), 303)
    flash(_("The form is the patient\u2019s again."))
    return redirect(url_for("clinic.visits.show", visit_id=transcript.visit_id), 303)


# ---------------------------------------------------------------- the end of it


@bp.get("/transcripts/<uuid:transcript_id>/check")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def check(transcript: Response) -> Any:
    """What is blank on the paper, who signed it, and that this is what it says."""
    if overtaken.is_out(transcript):
        return overtaken.taken_out(transcript, sent=False)
    if transcript.status != responses.IN_PROGRESS:
        return redirect(url_for("clinic.answers.show", response_id=transcript.id))
    draft = drafts.opened(transcript)
    return _check(transcript, draft, _ending(transcript, draft, formdata=None, **_signed_before(transcript)))


@bp.post("/transcripts/<uuid:transcript_id>/check")
@allow(Permission.ENTER_PAPER, transcript=responses.any_transcript)
def finish(transcript: Response) -> Any:
    """Done: this is what the paper says. From now on it is final."""
    if overtaken.is_out(transcript):
        return overtaken.lead_on(transcript)
    draft = drafts.opened(transcript)
    form = _ending(transcript, draft)
    if not form.validate_on_submit():
        return _check(transcript, draft, form), 422
    try:
        acts.finish(
            session, transcript, ceiling=actor.ceiling(), signature=_signature(form), why=_why(form), by=me(),
            today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except FinalError:
        return overtaken.lead_on(transcript)
    except RefusedError as refusal:
        flash(_(str(refusal)))
        return redirect(url_for("clinic.transcripts.check", transcript_id=transcript.id), 303)
    flash(
        _("Corrected. What was typed in first stays readable.")
        if transcript.corrects_id
        else _("Kept as the paper says it. What was typed in wrongly can still be corrected.")
    )
    return redirect(url_for("clinic.answers.show", response_id=transcript.id), 303)


def _ending(transcript: Response, draft: drafts.Draft, **known: Any) -> TypedIn:
    """What has to be said at the end, by what the paper holds and whether something is put right with it."""
    holds_agreements, corrects = bool(sheets.agreements(draft)), transcript.corrects_id is not None
    form = ENDINGS[holds_agreements, corrects](**known)
    form.is_mostly_blank = not corrects and sheets.is_mostly_blank(draft)
    return form


def _signed_before(transcript: Response) -> dict[str, Any]:
    """The signature as it was found when the paper was typed in first."""
    found = consents.of_response(session, transcript.corrects_id) if transcript.corrects_id else []
    if not found:
        return {"signed_on": transcript.filled_on}
    return {"signed": "yes", "signer": found[0].signer, "signed_on": found[0].on_paper or transcript.filled_on}


def _why(form: TypedIn) -> str:
    return str(form.why.data) if isinstance(form, Corrected) else ""


def _signature(form: TypedIn) -> Signature | None:
    if isinstance(form, SignedPaper) and form.signed.data == "yes":
        return Signature(form.signer.data, form.signed_on.data)
    return None


def _check(transcript: Response, draft: drafts.Draft, form: TypedIn) -> str:
    agreed = [(q, say(q, draft.answers[q.id], translated)) for q in sheets.agreements(draft)]
    return render_template(
        "clinic/transcripts/check.html",
        **_frame(transcript, draft), blanks=list(sheets.blanks(draft)), agreed=agreed, form=form,
        changes=rewordings.against(transcript, transcript.corrects),
    )  # fmt: skip
