"""Notes of every kind: one page each, saved while they are written, signed as they were read, then added to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from intake.actions import notes as acts
from intake.actions import signatures as signing
from intake.actions.refusals import FinalError, NotReadyError, StaleError, WrongPasswordError
from intake.clinical import additions, examination, findings, late
from intake.clinical.signed import awaits, draft_hash, waiting_hash
from intake.clinical.signing import contradictions, reasons_not_to_sign
from intake.clinical.summary import Summary
from intake.security.policy import Permission, may
from intake.security.signing import code
from intake.store import clinicforms, factors, history, notes, responses, signing_keys, visits
from intake.store.notes import Note
from intake.store.visits import Visit
from intake.web import actor, clock, filters, identity, keyed, proving
from intake.web.actor import me
from intake.web.clinic import (
    amounts,
    cautions,
    coding,
    corrected,
    drafts,
    glances,
    kinds,
    offers,
    phrasebook,
    proofs,
    unkept,
)
from intake.web.clinic.inputs import Added, Signature
from intake.web.database import session
from intake.web.guard import allow
from intake.web.instance import instance
from intake.web.say import said, translated
from intake.web.typed import everything_typed, only

bp = Blueprint("notes", __name__, url_prefix="/clinic/notes")
WRONG_PASSWORD = _l("That is not your password. Please try again.")
KEYS_OFF = "keys_off"
CHANGED = _l("The text has changed since you read it. Please read it again, then sign.")
ADDED_SINCE = _l("Something was added since you read this note. Please read all of it again, then co-sign.")


@bp.post("/visits/<uuid:visit_id>")
@allow(Permission.START_NOTE, visit=visits.get)
def start(visit: Visit) -> Any:
    """A new note of the kind that was chosen, of the likeliest where none was; or the draft of it that is there."""
    only("kind")
    kind = request.form.get("kind", "") or kinds.proposed(visit)
    if kind not in kinds.offered(visit.patient):
        flash(_("Please choose what kind of note it is."))
        return redirect(url_for("clinic.charts.show", patient_id=visit.patient_id, _anchor="record"), 303)
    intake = responses.intake_of(session, visit.id)
    intake_form = responses.form_of(intake) if intake else None
    form, top = clinicforms.newest(session, kind), actor.ceiling()
    note = acts.start(session, visit, form, intake_form, ceiling=top, by=me(), now=clock.now())
    return redirect(url_for("clinic.notes.show", note_id=note.id), 303)


@bp.get("/<uuid:note_id>")
@allow(Permission.READ_NOTE, note=notes.get)
def show(note: Note) -> Any:
    """The note: to write for its author while it is a draft, to read otherwise."""
    if note.is_signed or not may(me(), Permission.WRITE_NOTE, note):
        return _read(note)
    return _write(note)


@bp.post("/<uuid:note_id>")
@allow(Permission.WRITE_NOTE, final=unkept.show, note=notes.get)
def save(note: Note) -> Any:
    """Keep what was written."""
    draft = drafts.opened(note.response)
    entry = drafts.submitted(draft)
    coding.complete(entry, draft, note)
    autosave = bool(request.headers.get("X-Autosave"))
    action = request.form.get("_action", "")
    _remember_keys()
    refused = offers.act(note, draft, entry, action) if offers.is_act(action) else ""
    if not autosave:  # while somebody types, a word may not be whole yet
        phrasebook.expand(draft.form, entry)
    try:
        versions = acts.save(
            session, note.response, draft.form, entry, drafts.bases(),
            by=me(), subject=note, now=clock.now(), afresh=offers.measured_today(draft, action),
        )  # fmt: skip
    except StaleError as stale:
        return _stale(note, stale, autosave=autosave)
    except FinalError:  # signed since this page arrived
        session.rollback()
        return unkept.show(note)
    if autosave:
        return drafts.autosaved(versions, entry, **_live(note, drafts.after(draft, entry)))
    if entry.problems:
        return _write(note, errors=drafts.errors_of(entry), typed=entry.typed), 422
    if action.startswith(("add:", "remove:", "open:")):
        group = action.partition(":")[2].partition(".")[0]
        more = group if action.startswith("add:") else None
        return redirect(url_for("clinic.notes.show", note_id=note.id, more=more, _anchor=group), 303)
    if offers.is_act(action):
        if refused:
            flash(refused)
        return redirect(url_for("clinic.notes.show", note_id=note.id, _anchor=action.partition(":")[2]), 303)
    flash(_("Draft saved."))
    after = "clinic.notes.review" if action == "review" else "clinic.notes.show"
    return redirect(url_for(after, note_id=note.id), 303)


def _remember_keys() -> None:
    """Whether keys of one letter are off, for as long as somebody is signed in."""
    if (off := "_keys_off" in request.form) != (KEYS_OFF in cookie):
        cookie.pop(KEYS_OFF, None)
        if off:
            cookie[KEYS_OFF] = True


def _stale(note: Note, stale: StaleError, *, autosave: bool) -> Any:
    errors = drafts.changed_elsewhere(note.response, stale.questions)
    if autosave:
        return jsonify(saved=None, errors=errors), 409
    return _write(note, errors=errors, typed=everything_typed()), 409


def _write(note: Note, errors: dict[str, str] | None = None, typed: dict[str, Any] | None = None) -> str:
    draft, touching = drafts.opened(note.response), cautions.touching(note.patient)
    offered = offers.offers(note, draft)
    return render_template(
        "clinic/notes/write.html",
        note=note, draft=draft, answers=drafts.to_show(draft, typed or {}, request.args.get("more", ""), offered),
        to_review=[draft.form.by_id[name] for name, each in offered.items() if each.is_unreviewed],
        length=offers.length(note, draft), phrases=phrasebook.known(), keys_off=KEYS_OFF in cookie,
        errors=errors or {}, beside={**cautions.beside(draft, touching), **_beside(note, draft)},
        touching=touching, warnings=cautions.warnings,
        picks=coding.picks(draft.form, note), sums=coding.sums(coding.account(note, draft.answers)),
        followed=coding.followed(note, draft.form),
        summary=_summary(note), computed=findings.computed(draft.answers),
        flags=glances.signs(note.patient, closed=False), may_read=_may_read(note),
        today=clock.today(), zone=clock.zone(), waited=_waited(note),
    )  # fmt: skip


def _waited(note: Note) -> Any:
    """How long ago the visit was, where that is worth a warning; nothing otherwise."""
    at = note.visit.starts_at
    return filters.waited(at, clock.now()) if late.is_due(at, clock.now()) else ""


def _beside(note: Note, draft: drafts.Draft) -> dict[str, str]:
    """{question: lines} for what its author looks at again: quotes that count no more, unusual findings, codes."""
    shown = {name: answer for name, answer in draft.answers.items() if name in draft.shown}
    lines = {name: translated(text) for name, text in examination.warnings(draft.form, shown).items()}
    lines |= {
        name: said(reason)
        for name, reason in contradictions(draft.form, draft.answers, on=notes.day(session, note)).items()
    }
    for more in (coding.beside(draft, note), corrected.beside(note, draft)):
        lines |= {name: "\n".join(filter(None, (line, lines.get(name)))) for name, line in more.items()}
    return lines


def _live(note: Note, draft: drafts.Draft) -> dict[str, Any]:
    """What the page shows of what was just saved: what is worked out, and what to look at again."""
    return {"computed": amounts.lines(note, draft), "beside": _beside(note, draft)}


def _may_read(note: Note) -> bool:
    """Whether the viewer may see the chart too; an author who left the team has only what they wrote."""
    return may(me(), Permission.READ_CHART, note.patient)


def _summary(note: Note) -> Summary | None:
    """Of the intake of this visit; a later visit has the newest word on everything the patient was asked."""
    intake = responses.intake_of(session, note.visit_id)
    if intake is not None:
        return glances.summary(intake)
    found = responses.intakes(session, note.patient_id) if _may_read(note) else []
    return glances.newest(history.every(session, found))


def _read(note: Note, form: Added | None = None, beside: Signature | None = None) -> Any:
    if not note.is_signed:
        draft = drafts.opened(note.response)
        return render_template(
            "clinic/notes/draft.html",
            note=note, parts=drafts.as_read(draft, corrected.beside(note, draft)),
            computed=findings.computed(draft.answers), may_read=_may_read(note), waited=_waited(note),
        )  # fmt: skip
    verdict = proofs.verdict(note)
    if verdict.faults:
        return render_template("clinic/notes/broken.html", note=note, faults=verdict.faults, now=clock.now()), 409
    draft, said = drafts.signed(note)
    viewer = me()
    may_answer = may(viewer, Permission.ANSWER_REQUEST, note)
    beside = beside or Signature(formdata=None)
    beside.draft.data = waiting_hash(note.signatures)
    return render_template(
        "clinic/notes/read.html",
        note=note, form_title=translated(draft.form.title), said=said,
        parts=drafts.as_read(draft, corrected.beside(note, draft), offers.since(note, draft)),
        computed=findings.computed(draft.answers), sums=coding.sums(coding.account(note, draft.answers)),
        followed=coding.followed(note, draft.form), amounts=corrected.amounts(note, draft),
        gaps=verdict.gaps, form=form or Added(formdata=None), beside=beside,
        may_add=may(viewer, Permission.ADD_TO_NOTE, note), may_plan=may(viewer, Permission.START_PLAN, note),
        added=glances.added(note), may_bill=may(viewer, Permission.BILL_NOTE, note) and not note.waiting,
        names=additions.NAMES, may_answer=may_answer,
        requests=glances.wished(note, may_answer=may_answer),
        may_read=_may_read(note), may_export=may(viewer, Permission.EXPORT_NOTE, note),
        may_cosign=may(viewer, Permission.COSIGN_NOTE, note) and viewer.id not in {e.signer_id for e in note.waiting},
    )  # fmt: skip


@bp.get("/<uuid:note_id>/sign")
@allow(Permission.SIGN_NOTE, note=notes.get)
def review(note: Note) -> Any:
    """The very text that would be signed, what is still missing, and the password."""
    if note.is_signed:
        return redirect(url_for("clinic.notes.show", note_id=note.id))
    return to_sign(note, Signature())


def to_sign(note: Note, form: Signature, wrong: str = "") -> str:
    """The page to sign on. `form.draft` is then the hash of the text it shows, `wrong` what a passkey did not prove."""
    draft = drafts.opened(note.response)
    of_section = {section.id: section.title for section in draft.form.sections}
    missing = [
        {
            "field": reason.question,
            "text": said(reason),
            "section": of_section[reason.section],
            "of": draft.form.by_id[reason.question.partition(".")[0]].text,
        }
        for reason in reasons_not_to_sign(
            draft.form, draft.answers, signing.coded(session, note, draft.answers), on=notes.day(session, note)
        )
    ]
    text = signing.read(note, draft.form, draft.answers)
    form.draft.data = draft_hash(text)
    exact = drafts.as_text(draft, text)
    beside = coding.beside(exact, note, answered=True) | corrected.beside(note, exact)
    return render_template(
        "clinic/notes/sign.html",
        note=note, parts=drafts.as_read(exact, beside, offers.since(note, exact)),
        length=offers.length(note, draft),
        computed=findings.computed(exact.answers), missing=missing,
        sums=coding.sums(coding.account(note, exact.answers)), followed=coding.followed(note, exact.form),
        form=form, me=me(), awaits=awaits(me().roles), code=code(form.draft.data),
        key=signing_keys.current(session, me()), wrong=wrong, site=proving.site(),
        waited=_waited(note), begins=note.visit.starts_at if signing.is_ahead(note, clock.now()) else None,
        has_passkey=bool(factors.passkeys(session, me())),
    )  # fmt: skip


@bp.post("/<uuid:note_id>/sign")
@allow(Permission.SIGN_NOTE, note=notes.get)
def sign(note: Note) -> Any:
    """Sign and freeze, or list everything that is missing."""
    form = Signature()
    if not form.validate_on_submit():
        return to_sign(note, form), 422
    try:
        with proving.guessing(me()):
            signing.sign(
                session, note, drafts.form_of(note.response), form.password.data,
                draft=form.draft.data or "", cost=keyed.cost(), instance=instance(), by=me(), now=clock.now(),
            )  # fmt: skip
    except WrongPasswordError:
        form.password.errors = [WRONG_PASSWORD]
    except NotReadyError:
        form.password.errors = [_("The note is not complete yet. What is missing is listed above.")]
    except StaleError:
        form.password.errors = [CHANGED]
        return to_sign(note, form), 409
    else:
        identity.has_proved()
        waits = _("Note signed. It waits for a therapist to co-sign it now.")
        flash(waits if awaits(me().roles) else _("Note signed."))
        return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return to_sign(note, form), 422


@bp.post("/<uuid:note_id>/addenda")
@allow(Permission.ADD_TO_NOTE, note=notes.get)
def add(note: Note) -> Any:
    """Add to a signed note, signed itself."""
    form = Added()
    if form.validate_on_submit():
        try:
            with proving.guessing(me()):
                signing.add(
                    session, note, additions.addendum(form.text.data, form.readers.data), form.password.data,
                    cost=keyed.cost(), instance=instance(), by=me(), now=clock.now(),
                )  # fmt: skip
        except WrongPasswordError:
            form.password.errors = [WRONG_PASSWORD]
        else:
            flash(_("Addendum signed."))
            return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return _refused(_read(note, form=form))


@bp.post("/<uuid:note_id>/cosign")
@allow(Permission.COSIGN_NOTE, note=notes.get)
def cosign(note: Note) -> Any:
    """Put one's name beside an assistant's: beside what was read, and nothing that was added since."""
    form = Signature()
    if form.validate_on_submit():
        try:
            with proving.guessing(me()):
                signing.cosign(
                    session, note, form.password.data, read=form.draft.data or "", cost=keyed.cost(),
                    instance=instance(), by=me(), now=clock.now(),
                )  # fmt: skip
        except WrongPasswordError:
            form.password.errors = [WRONG_PASSWORD]
        except StaleError:
            form.password.errors = [ADDED_SINCE]
            return _refused(_read(note, beside=form), 409)
        else:
            flash(_("Co-signed."))
            return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return _refused(_read(note, beside=form))


def _refused(page: Any, status: int = 422) -> Any:
    return page if isinstance(page, tuple) else (page, status)
