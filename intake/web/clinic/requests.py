"""What patients ask to have changed in their record: received, answered in time, and what they say to a denial."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from intake.actions import amendment_requests as acts
from intake.actions.refusals import RefusedError
from intake.clinical import additions, amending
from intake.clinical.additions import Addition, Asked
from intake.security.policy import Permission
from intake.store import amendment_requests as stored
from intake.store import notes
from intake.store.amendment_requests import AmendmentRequest
from intake.store.notes import Note
from intake.web import actor, clock, filters
from intake.web.actor import me
from intake.web.clinic import drafts, errata, proofs
from intake.web.clinic.inputs import Accepted, Denied, Disagreed, Extended, Wish
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import PageForm

bp = Blueprint("requests", __name__, url_prefix="/clinic/requests")


@bp.get("")
@allow(Permission.SEE_WORKLIST)
def index() -> Any:
    """Every request about patients of one's own: those that wait, due first, then those that are answered."""
    within = actor.within(Permission.ANSWER_REQUEST)
    waits = stored.waiting(session, within)
    there = {each.id for each in waits}
    done = [each for each in stored.everything(session, within) if each.id not in there]
    return render_template(
        "clinic/requests/index.html",
        waits=[(each, *clocks(each)) for each in waits], done=[(each, stored.outcome(each)) for each in done],
    )  # fmt: skip


def clocks(request: AmendmentRequest) -> tuple[Any, bool, bool]:
    """The last day to answer in time, whether that is over, and whether it is near."""
    asked, extended = request.received_on, request.extension is not None
    return (
        amending.due_on(asked, extended=extended),
        amending.is_overdue(asked, clock.today(), extended=extended),
        amending.is_soon(asked, clock.today(), extended=extended),
    )


@bp.get("/notes/<uuid:note_id>")
@allow(Permission.ANSWER_REQUEST, note=notes.get)
def new(note: Note) -> Any:
    """A place for what she asks to have changed."""
    form = Wish(formdata=None)
    form.received_on.data = clock.today()
    return _new(note, form)


def _new(note: Note, form: Wish) -> Any:
    if not note.is_signed:
        return redirect(url_for("clinic.notes.show", note_id=note.id), 303)
    return render_template("clinic/requests/new.html", note=note, form=form)


@bp.post("/notes/<uuid:note_id>")
@allow(Permission.ANSWER_REQUEST, note=notes.get)
def create(note: Note) -> Any:
    """Keep it as it was received."""
    form = Wish()
    if form.validate_on_submit():
        said = {"words": form.text.data, "received_on": form.received_on.data, "readers": form.readers.data}
        try:
            made = acts.receive(session, note, **said, by=me(), today=clock.today(), now=clock.now())
        except RefusedError as refusal:
            form.received_on.errors = [_(str(refusal))]
        else:
            due = amending.due_on(made.received_on)
            flash(_("The request is kept. It is to be answered by %(date)s.", date=filters.day(due)))
            return redirect(url_for("clinic.requests.show", wish_id=made.id), 303)
    page = _new(note, form)
    return page if not isinstance(page, str) else (page, 422)


@bp.get("/<uuid:wish_id>")
@allow(Permission.ANSWER_REQUEST, wish=stored.get)
def show(wish: AmendmentRequest) -> Any:
    """What is asked, until when it is answered, and the ways to do that; or what became of it."""
    return _show(wish)


def _show(wish: AmendmentRequest, **wrong: PageForm) -> Any:
    if proofs.verdict(wish.note).faults:
        return redirect(url_for("clinic.notes.show", note_id=wish.note_id), 303)
    draft, _said = drafts.signed(wish.note)
    due, overdue, soon = clocks(wish)
    extended = wish.extension is not None
    forms: dict[str, Any] = {
        "extending": Extended(formdata=None), "accepting": Accepted(formdata=None), "denying": Denied(formdata=None),
        "disagreeing": Disagreed(formdata=None), **wrong,
    }  # fmt: skip
    errata.changing(forms["accepting"], draft)
    return render_template(
        "clinic/requests/show.html",
        wish=wish, note=wish.note, outcome=stored.outcome(wish), parts=errata.said(wish.note, draft),
        due=due, overdue=overdue, soon=soon, wrong=next(iter(wrong), ""),
        may_extend=amending.may_extend(wish.received_on, clock.today(), extended=extended), **forms,
    )  # fmt: skip


@bp.post("/<uuid:wish_id>/extend")
@allow(Permission.ANSWER_REQUEST, wish=stored.get)
def extend(wish: AmendmentRequest) -> Any:
    """Take 30 days more, once, with the reason that was written to her."""
    form = Extended()
    if form.validate_on_submit():
        try:
            acts.extend(session, wish, form.reason.data, by=me(), today=clock.today(), now=clock.now())
        except RefusedError as refusal:
            form.reason.errors = [_(str(refusal))]
        else:
            flash(_("There are 30 days more."))
            return redirect(url_for("clinic.requests.show", wish_id=wish.id), 303)
    return _refused(_show(wish, extending=form))


@bp.post("/<uuid:wish_id>/accept")
@allow(Permission.ANSWER_REQUEST, wish=stored.get)
def accept(wish: AmendmentRequest) -> Any:
    """Sign the change she asked for."""
    draft, _said = drafts.signed(wish.note)
    form = errata.changing(Accepted(), draft)
    if form.validate_on_submit():
        changed = errata.changed(form, wish.note, draft)
        new = additions.accepted(_asked(wish), changed, form.reason.data, form.readers.data)
        if errata.signed(wish.note, new, form, errata.problems_of(wish.note, draft, new)):
            return _done(wish, _("Accepted and signed. Tell the patient, and whoever she names."))
    return _refused(_show(wish, accepting=form))


@bp.post("/<uuid:wish_id>/deny")
@allow(Permission.ANSWER_REQUEST, wish=stored.get)
def deny(wish: AmendmentRequest) -> Any:
    """Sign why it is not changed."""
    form = Denied()
    new = additions.denied(_asked(wish), form.ground.data or "", form.reason.data or "", form.readers.data or "")
    if form.validate_on_submit() and errata.signed(wish.note, new, form, {}):
        return _done(wish, _("Denied and signed. Tell the patient in writing, with the right to disagree."))
    return _refused(_show(wish, denying=form))


@bp.post("/<uuid:wish_id>/disagree")
@allow(Permission.ANSWER_REQUEST, wish=stored.get)
def disagree(wish: AmendmentRequest) -> Any:
    """Keep the statement of disagreement with the note."""
    form = Disagreed()
    new: Addition = additions.disagreement(_asked(wish), form.text.data or "", form.readers.data or "")
    if form.validate_on_submit() and errata.signed(wish.note, new, form, {}):
        return _done(wish, _("The statement is kept with the note."))
    return _refused(_show(wish, disagreeing=form))


def _asked(wish: AmendmentRequest) -> Asked:
    return Asked(str(wish.id), wish.received_on, wish.text, wish.readers)


def _done(wish: AmendmentRequest, words: str) -> Any:
    flash(words)
    return redirect(url_for("clinic.requests.show", wish_id=wish.id), 303)


def _refused(page: Any) -> Any:
    return (page, 422) if isinstance(page, str) else page
