"""One of everything, and the addresses of all of it: for tests that go through every route."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from intake.actions import courses
from intake.clinical.certification import Act
from intake.clinical.coding.codes import Code
from intake.clinical.triage import triage
from intake.forms import reader
from intake.forms.conditions import visible_answers
from intake.security import box
from intake.store import beginnings, careteam, codes, responses, sessions
from intake.store.factors import Passkey
from intake.store.flags import Flag
from intake.store.kept import KeptPage
from intake.store.outbox import Outgoing
from intake.store.people import User
from intake.store.resets import Reset
from tests.builders import SECRET, Builders, filled
from tests.forms.made import FEET

PART = re.compile(r"<(?:[^>]*:)?([a-z_]+)>")
NOTHING = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    """Records of one patient and her therapist, drafts and final ones, and somebody of every other role."""

    ids: dict[str, str]
    therapist: User
    desk: User
    admin: User
    outsider: User
    opener: User
    assistant: User
    privacy: User
    lead: User
    invitation: Any
    code: str
    device: str

    def address(self, rule: Rule, **other: Any) -> str:
        """A route's address with the world's ids in it; `other` replaces some."""
        values = {**self.ids, **other}
        return PART.sub(lambda part: str(values[part[1]]), rule.rule)

    def who_may(self, endpoint: str) -> User | None:
        """Somebody who may do it; None for what patients and strangers do."""
        audience, noun = endpoint.split(".")[:2]
        hats = {"admin": self.admin, "privacy": self.privacy, "clinic": self.therapist}
        if endpoint in {"clinic.alone.index", "clinic.alone.search"}:
            return self.lead
        if audience == "clinic" and noun in {"patients", "visits", "care_team"}:
            return self.desk
        return self.opener if endpoint.startswith("clinic.emergencies.") else hats.get(audience)


def made(session: Session, make: Builders) -> World:
    """Put one of everything into the database."""
    form = reader.latest("intake")
    intake = make.intake(answers=filled(form, {"rf_bleed": {"value": "heavy"}}))
    visit, therapist = intake.visit, intake.visit.therapist
    signed = make.note(visit, signed=True)
    draft = make.note(visit)
    make.alone({"ipv_afraid": {"value": "yes"}, "ipv_now_safe": {"value": "no"}}, visit)
    out = make.handover(visit)
    issued, plan = make.plan(signed, issued=True), make.plan(signed)
    signs = triage(visible_answers(form, responses.answers(session, intake.id)), today=make.now.date())
    raised = [
        Flag(patient_id=intake.patient_id, response_id=intake.id, rule=sign.rule, opened_at=make.now) for sign in signs
    ]
    for flag, sign in zip(raised, signs, strict=True):
        flag.severity, flag.because, flag.patient_reply = sign.severity.name, list(sign.because), "read"
        flag.owner_id, flag.seen_at, flag.seen_by_id = therapist.id, make.now, therapist.id
    session.add_all(raised)
    session.commit()
    person, invitation = make.user("front-desk", password_hash=None), make.invitation(visit)
    opener, assistant = make.therapist(), make.member(intake.patient, make.assistant())
    opened, (member, *_rest) = (
        make.emergency(intake.patient, opener),
        careteam.members(session, visit.patient_id, make.now),
    )
    unsent = Outgoing(id=uuid.uuid4(), kind="notice", user_id=person.id, made_at=make.now, try_at=make.now)
    unsent.state, unsent.reason, unsent.ended_at = "failed", "refused", make.now
    reset = Reset(user_id=person.id, asked_by_id=make.admin().id, asked_at=make.now)
    own = [
        Passkey(user_id=therapist.id, credential_id=f"invented-{n}", public_key=b"x", name="Phone", created_at=make.now)
        for n in range(2)
    ]
    page = KeptPage(id=uuid.uuid4(), user_id=therapist.id, kept_at=make.now)
    sent = b'{"path": "/clinic/patients", "fields": [["q", "Rowan"]]}'
    page.content = box.lock(box.key_of(SECRET), sent, "kept_pages", "content", page.id)
    diary = beginnings.begin(
        session, make.visit(intake.patient, therapist, kind="follow-up"), "bladder-diary", now=make.now
    )
    again = make.visit(intake.patient, therapist, kind="follow-up")
    beginnings.begin(session, again, "check-in", now=make.now)
    paper = make.transcript(again, form="check-in")
    measurement = make.measure("odi", *[1] * 10, visit=visit)
    session.add_all([reset, page, unsent, diary, *own])
    codes.load(session, codes.PAYER, [Code("Maple", "Maple", make.now.date(), rule="ama")], by=None, now=make.now)
    (payer,) = codes.of_kind(session, codes.PAYER)
    sent = courses.keep(session, intake.patient, Act.SENT, make.now.date(), who="Dr. Ash", by=therapist, now=make.now)
    session.commit()
    make.login(therapist)
    elsewhere = sessions.of(session, therapist, make.now)[0]
    ids = {
        "reset_id": reset.id, "passkey_id": own[0].id, "login_id": elsewhere.id, "page_id": page.id,
        "patient_id": intake.patient_id, "visit_id": visit.id, "invitation_id": invitation.id, "response_id": intake.id,
        "diary_id": diary.id, "transcript_id": paper.id, "measurement_id": measurement.id,
        "flag_id": raised[0].id, "note_id": draft.id, "plan_id": plan.id, "document_id": issued.documents[0].id,
        "user_id": person.id, "emergency_id": opened.id, "membership_id": member.id, "state": "on",
        "paper": "letter", "mail_id": unsent.id, "form_id": make.clinic_form(FEET, publish=False).id,
        "code_id": payer.id, "event_id": sent.id,
        "handover_id": out.id, "signed_note": signed.id, "issued_plan": issued.id,
    }  # fmt: skip
    people = (make.front_desk(), make.admin(), make.therapist(), opener, assistant, make.privacy_lead())
    own_ids = {name: str(value) for name, value in ids.items()}
    code, device = make.codes[invitation.id], make.tokens[out.id]
    return World(own_ids, therapist, *people, make.safety_lead(), invitation, code, device)


def routes(app: Flask, method: str) -> list[Rule]:
    """Every route of ours that answers the method."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
