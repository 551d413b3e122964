"""The chart: a summary that fits one screen, forms, notes and plans."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from intake.clinical import acts
from intake.clinical.triage import message
from intake.security.policy import Permission, may
from intake.store import handovers, history, notes, patients, plans, responses
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic import asked, cautions, courses, glances, kinds, measures, progress, timeline
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("charts", __name__, url_prefix="/clinic/charts")


@bp.get("/<uuid:patient_id>")
@allow(Permission.READ_CHART, patient=patients.get)
def show(patient: Patient) -> Any:
    """What a therapist wants to know before saying hello, and everything there is."""
    intakes = responses.intakes(session, patient.id)
    opened, begun = history.every(session, intakes), _begun(intakes)
    signs, agreed = glances.signs(patient), glances.agreed(patient)
    briefs, made = notes.briefs(session, patient.id), plans.of_patient(session, patient.id)
    may_ask, offers = may(me(), Permission.READ_SAFETY, patient), kinds.offered(patient)
    return render_template(
        "clinic/charts/show.html",
        patient=patient, intakes=intakes, names=asked.names(intakes), begun=begun,
        begun_ids={each.id for each in begun}, summary=glances.newest(opened),
        flags=[(sign, message(sign.rule)) for sign in signs], plans=made,
        documents=actor.tiers(), consents=agreed, ticked=glances.ticked(patient, intakes),
        note_kinds=offers, proposal=kinds.proposer(briefs, offers),
        may_write=may(me(), Permission.START_NOTE, patient),
        may_see=may(me(), Permission.SEE_PATIENT, patient), may_invite=may(me(), Permission.INVITE, patient),
        may_act=lambda flag: may(me(), Permission.ACT_ON_FLAG, flag), today=clock.today(), zone=clock.zone(),
        now=clock.now(), may_read_alone=may_ask, due=courses.glance(patient, briefs),
        alone=handovers.unread(session, patient.id, me()) if may_ask else [], **progress.glance(patient, opened),
        message_of=lambda sign: message(sign.rule), act_of=lambda line: acts.words(line.action),
        part_names=cautions.NAMES, warnings=cautions.warnings, **cautions.glance(patient, opened, briefs),
        **measures.glance(patient, opened, briefs),
        **timeline.shown(patient, signs, agreed, [*intakes, *made], briefs),
    )  # fmt: skip


def _begun(intakes: list[Response]) -> list[Response]:
    """The forms that hold answers: those that are in, those she has begun, and those that are typed in from paper."""
    return [each for each in intakes if each.status == responses.COMPLETED or each.touched or each.is_from_paper]
