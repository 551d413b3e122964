"""Finding people and adding new ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import patients as acts
from intake.actions.refusals import NotReadyError
from intake.clinical import invitations
from intake.forms import effective
from intake.forms.conditions import Answers
from intake.forms.model import Form, Tier
from intake.forms.words import say
from intake.security.policy import Permission, may
from intake.store import careteam, history, patients, people, responses
from intake.store.patients import Patient
from intake.web import access, actor, clock
from intake.web.actor import me
from intake.web.clinic.inputs import METHOD_NAMES, METHODS, NameSearch, PatientDetails, VisitDetails
from intake.web.database import session
from intake.web.guard import allow
from intake.web.inputs import options
from intake.web.say import said, translated

bp = Blueprint("patients", __name__, url_prefix="/clinic/patients")
MOST_SHOWN = 50


@bp.get("")
@allow(Permission.SEE_PATIENTS)
def index() -> Any:
    """Everybody, to search among by name."""
    return _list(NameSearch())


@bp.post("")
@allow(Permission.SEE_PATIENTS)
def search() -> Any:
    """Those a name fits. It is sent, never part of an address: addresses stay in histories and in other logs."""
    form = NameSearch()
    return _list(form) if form.validate_on_submit() else (_list(form), 422)


def _list(form: NameSearch) -> str:
    words = "" if form.errors else form.q.data or ""
    found = patients.search(session, words, MOST_SHOWN, actor.within(Permission.SEE_PATIENT))
    return render_template(
        "clinic/patients/index.html",
        form=form,
        found=found.patients,
        more=found.total - MOST_SHOWN,
        words=words,
        sees_all=may(me(), Permission.SEE_PATIENT, None),
        may_manage=may(me(), Permission.MANAGE_PATIENTS, None),
        may_open=may(me(), Permission.OPEN_EMERGENCY, None),
    )


@bp.get("/new")
@allow(Permission.MANAGE_PATIENTS)
def new() -> Any:
    """An empty form."""
    return _form(PatientDetails(), None)


@bp.post("/new")
@allow(Permission.MANAGE_PATIENTS)
def create() -> Any:
    """Add a patient; somebody of the same name and birth date is pointed out first."""
    form = PatientDetails()
    if not (form.validate_on_submit() and _is_born(form)):
        return _form(form, None), 422
    same = patients.same_person(session, form.legal_name.data, form.birth_date.data)
    if same and request.form.get("another") != "yes":
        return _form(form, None, same=same), 409
    patient = acts.create(session, **_details(form), by=me(), now=clock.now())
    flash(_("The patient was added."))
    return redirect(url_for("clinic.patients.show", patient_id=patient.id), 303)


@bp.get("/<uuid:patient_id>")
@allow(Permission.SEE_PATIENT, patient=patients.get)
def show(patient: Patient) -> Any:
    """Contact, visits and invitations: what the front desk needs, nothing clinical."""
    return _show(patient, _visit_form())


@bp.get("/<uuid:patient_id>/change")
@allow(Permission.MANAGE_PATIENTS, patient=patients.get)
def change(patient: Patient) -> Any:
    """The details, to correct."""
    form = PatientDetails(obj=patient)
    for contact in patient.contacts:
        form[contact["method"]].data, form[f"{contact['method']}_safe"].data = contact["value"], contact["safe"]
    return _form(form, patient)


@bp.post("/<uuid:patient_id>/change")
@allow(Permission.MANAGE_PATIENTS, patient=patients.get)
def save(patient: Patient) -> Any:
    """Keep corrected details."""
    form = PatientDetails()
    if not (form.validate_on_submit() and _is_born(form)):
        return _form(form, patient), 422
    try:
        acts.change(session, patient, _details(form), over=form.version.data or 0, by=me(), now=clock.now())
    except NotReadyError as refusal:
        for problem in refusal.reasons:
            form[problem.field].errors = [said(problem)]
        return _form(form, patient), 422
    flash(_("Details saved."))
    return redirect(url_for("clinic.patients.show", patient_id=patient.id), 303)


@bp.post("/<uuid:patient_id>/visits")
@allow(Permission.MANAGE_PATIENTS, patient=patients.get)
def schedule(patient: Patient) -> Any:
    """A new visit."""
    form = _visit_form()
    if not form.validate_on_submit():
        return _show(patient, form), 422
    therapist = next(user for user in people.therapists(session) if str(user.id) == form.therapist.data)
    location = next(place for place in people.locations(session) if str(place.id) == form.location.data)
    visit = acts.schedule(
        session, patient, therapist=therapist, location=location, kind=form.kind.data,
        starts_at=form.moment(clock.zone()), by=me(), now=clock.now(),
    )  # fmt: skip
    flash(_("Visit added. You can send the invitation now."))
    if therapist.id == me().id and not _is_on_team(patient):
        flash(_("A visit with yourself does not put you on the care team. Ask a colleague to do that."))
    return redirect(url_for("clinic.visits.show", visit_id=visit.id), 303)


def _is_on_team(patient: Patient) -> bool:
    return me().id in {member.user_id for member in careteam.members(session, patient.id, clock.now())}


def _is_born(form: PatientDetails) -> bool:
    if form.birth_date.data > clock.today():
        form.birth_date.errors = [_("This date is in the future. Please check it.")]
        return False
    if form.birth_date.data.year < clock.today().year - 120:
        form.birth_date.errors = [_("This date is more than 120 years ago. Please check it.")]
        return False
    return True


def _details(form: PatientDetails) -> dict[str, Any]:
    contacts = [
        {"method": method, "value": form[method].data, "safe": form[f"{method}_safe"].data}
        for method in METHODS
        if form[method].data
    ]
    names = {"legal_name": form.legal_name.data, "name_used": form.name_used.data or ""}
    return {**names, "birth_date": form.birth_date.data, "contacts": contacts}


def _form(form: PatientDetails, patient: Patient | None, **more: Any) -> str:
    actor.saw((Tier.DESK,) if patient else ())
    return render_template("clinic/patients/form.html", form=form, patient=patient, methods=METHODS, **more)


def _visit_form() -> VisitDetails:
    form = VisitDetails()
    form.therapist.choices = options((str(user.id), user.name) for user in people.therapists(session))
    form.location.choices = options((str(place.id), place.name) for place in people.locations(session))
    return form


def _told_the_desk(patient: Patient) -> list[tuple[str, str]]:
    """What she said that the front desk may see, as question and words: the newest word on each, over all her forms."""
    forms: list[Form] = []
    told: list[Answers] = []
    at: list[datetime] = []
    for each, own, said_at in history.told(session, patient.id):
        form = responses.form_of(each)
        at.append(said_at)
        around = effective.answers([*told, own], at) if each.only else own
        forms.append(form)
        told.append(actor.disclosed(form, around, "desk", of=own))
    return [
        (translated(forms[place].by_id[name].text), say(forms[place].by_id[name], answer, translated))
        for name, (answer, place) in effective.effective(told, at).items()
        if "value" in answer
    ]


def _show(patient: Patient, form: VisitDetails) -> str:
    rows = [
        (visit, invitations.state(visit.invitations, responses.asked(session, visit.id), now=clock.now()))
        for visit in reversed(patient.visits)
    ]
    actor.saw((Tier.DESK,))
    return render_template(
        "clinic/patients/show.html",
        patient=patient, rows=rows, told=_told_the_desk(patient), form=form, zone=clock.zone(),
        method_names=METHOD_NAMES, roles=access.ROLE_NAMES, team=careteam.members(session, patient.id, clock.now()),
        joining=access.joining(people.staff(session), me()), may_team=may(me(), Permission.MANAGE_TEAM, patient),
        may_see_visits=may(me(), Permission.INVITE, patient),
        may_manage=may(me(), Permission.MANAGE_PATIENTS, patient), may_read=may(me(), Permission.READ_CHART, patient),
    )  # fmt: skip
