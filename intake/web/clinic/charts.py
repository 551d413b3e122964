"""The chart: a summary that fits one screen, the whole intake, notes and plans."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from intake.clinical.triage import message
from intake.forms import conditions, disclosure, reader
from intake.forms.model import Form, Kind, Question, Section
from intake.forms.words import entry, say
from intake.security.policy import Permission, may
from intake.store import notes, patients, plans, responses
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic import glances, progress
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("charts", __name__, url_prefix="/clinic/charts")


@bp.get("/<uuid:patient_id>")
@allow(Permission.READ_CHART, patient=patients.get)
def show(patient: Patient) -> Any:
    """What a therapist wants to know before saying hello, and everything there is."""
    intakes = responses.intakes(session, patient.id)
    return render_template(
        "clinic/charts/show.html",
        patient=patient, intakes=intakes, summary=glances.summary(intakes[0]) if intakes else None,
        flags=[(flag, message(flag.rule)) for flag in glances.signs(patient)],
        notes=notes.of_patient(session, patient.id), plans=plans.of_patient(session, patient.id),
        documents=actor.tiers(), consents=glances.agreed(patient), me=me(),
        may_write=may(me(), Permission.START_NOTE, patient),
        may_see=may(me(), Permission.SEE_PATIENT, patient), may_invite=may(me(), Permission.INVITE, patient),
        may_act=lambda flag: may(me(), Permission.ACT_ON_FLAG, flag), today=clock.today(), zone=clock.zone(),
        now=clock.now(), **progress.glance(patient),
    )  # fmt: skip


@bp.get("/intakes/<uuid:response_id>")
@allow(Permission.READ_CHART, response=responses.intake)
def intake(response: Response) -> Any:
    """Every answer as it was given, with the wording of that time."""
    form = reader.load(response.form, response.form_version)
    answers = responses.answers(session, response.id)
    shown = actor.disclosed(form, answers)
    parts = [(section, rows) for section in form.sections if (rows := _rows(section, shown))]
    kept = disclosure.parts(actor.ceiling(), conditions.kept_for_visit(form, answers))
    dropped = [name for name in response.dropped if _may_name(form, name)]
    actor.saw({*(section.tier for section in kept), *disclosure.seen(form, {name: {} for name in dropped})})
    return render_template(
        "clinic/charts/intake.html",
        response=response, patient=response.patient or abort(404), parts=parts, kept=kept, zone=clock.zone(),
        dropped=[translated(form.by_id[name].text) for name in dropped],
    )  # fmt: skip


def _may_name(form: Form, name: str) -> bool:
    return name in form.by_id and disclosure.tiers(form)[name] in actor.tiers()


def _rows(section: Section, shown: Any) -> list[dict[str, Any]]:
    return [
        {"question": translated(question.text), "answers": _lines(question, shown[question.id]),
         "status": shown[question.id].get("status", "given")}
        for question in section.questions()
        if question.id in shown and question.kind is not Kind.DISPLAY
    ]  # fmt: skip


def _lines(question: Question, answer: Any) -> list[str]:
    if question.kind is Kind.GROUP and "value" in answer:
        return [entry(question, item, translated) for item in answer["value"]]
    return [say(question, answer, translated)]
