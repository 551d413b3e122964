"""The main job, end to end: an intake goes in, a signed note and an issued plan come out."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select

from intake.cli.demo import ZONE, _load, access, journey, people
from intake.store import audit, flags, notes, plans, responses
from intake.store.consents import Consent
from intake.store.handovers import Handover
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.plans import Document

PASSWORD = "four small copper boats"


def test_an_intake_goes_in_and_a_signed_note_and_a_printed_plan_come_out(app, session, monkeypatch):
    monkeypatch.setattr(app, "test_client_class", None)
    _load(app, PASSWORD, datetime.now(UTC))
    therapist, desk, *_others = people.STAFF
    local = datetime.now(ZONE)
    today = local.date()

    front, _keys = access.first_sign_in(app, desk.email, PASSWORD)
    code = journey.invite(front, people.MAIN, people.BORN, local)
    her = journey.enter(app, code, people.BORN)
    journey.answer(her, people.intake(today) | {"rf_legs": ["rf_calf"], "ti_triggers": "marzipan-lighthouse"})
    journey.hand_in(her, people.MAIN)
    assert 'data-rule="S9"' in her.page

    patient = session.scalars(select(Patient)).one()
    (intake,) = responses.intakes(session, patient.id)
    assert intake.status == responses.COMPLETED
    assert responses.answers(session, intake.id)["fn_goal_top"]["value"].startswith("Run with the stroller")
    assert {consent.signer for consent in session.scalars(select(Consent))} == {people.MAIN}
    assert next(flag.severity for flag in flags.open_flags(session)) == "SAME_DAY"
    session.rollback()

    tess, _keys = access.first_sign_in(app, therapist.email, PASSWORD)
    assert people.MAIN in tess.open("/clinic?day=" + today.isoformat()) or people.MAIN in tess.open("/clinic/patients")
    path = journey.write_note(tess, journey.note_start(tess, people.MAIN), today)
    journey.sign(tess, path, PASSWORD)
    note = session.scalars(select(Note)).one()
    assert note.is_signed
    (entry,) = note.signatures
    assert entry.sha256 == hashlib.sha256(b"fernleaf-note-v1\0" + entry.content.encode()).hexdigest()
    assert "Run with the stroller" in entry.content
    session.rollback()

    document = journey.make_plan(tess, path)
    printed = tess.fetch(document)
    fingerprint = session.scalars(select(Document)).one().sha256
    session.rollback()
    assert printed.startswith(b"%PDF-")
    assert fingerprint == hashlib.sha256(printed).hexdigest()
    assert tess.fetch(document) == printed, "the bytes that were issued are fetched again, whenever"
    assert b"marzipan" not in printed
    assert plans.of_patient(session, patient.id)[0].is_issued
    assert notes.unsigned_by(session, note.author) == []

    acts = [line.action for line in audit.of_patient(session, patient.id)]
    order = [
        acts.index(act)
        for act in ("patient.created", "invitation.sent", "intake.submitted", "note.signed", "plan.issued")
    ]
    assert order == sorted(order)

    visit_id = str(note.visit_id)
    session.rollback()
    journey.ask_alone(tess, visit_id)
    assert "Please give the device back." in tess.page
    handover = session.scalars(select(Handover)).one()
    assert handover.was_given_back
    assert responses.answers(session, handover.response_id), "she said something"
    assert "Sign in" in tess.open("/clinic"), "it signed the therapist out on that device"
