"""A printed code is checked by anybody of the clinic, and a proof file by anybody at all."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from intake.security.limits import LIMITS, Bucket
from intake.store import audit
from intake.store.audit import AuditEvent
from tests.builders import NOTE, filled
from tests.tampering import damage, sealed_text
from tests.web.clinic.test_notes import DAILY


@pytest.fixture
def note(make):
    return make.note(signed=True)


def check(client, code):
    return client.get("/verify", query_string={"code": code}).text


@pytest.mark.parametrize("role", ["front_desk", "admin", "therapist"])
def test_somebody_of_the_clinic_checks_a_code_and_learns_who_signed_and_when_but_not_what(
    client, make, sign_in, note, role
):
    sign_in(getattr(make, role)())
    code = note.signatures[0].code
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
        page = check(client, typed)
        assert ">Valid<" in page
        assert f"Signed by {note.author.name}" in page
        for secret in (note.patient.name, "30 minutes", str(note.id), str(note.patient_id)):
            assert secret not in page


def test_a_code_says_when_something_was_added_and_when_a_co_signature_is_missing(client, make, sign_in, note):
    sign_in(make.front_desk())
    make.add(note)
    first, added = note.signatures
    assert "Valid, and added to since" in check(client, first.code)
    assert ">Valid<" in check(client, added.code)
    waiting = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(waiting)
    assert "waits for a co-signature" in check(client, waiting.signatures[0].code)
    make.cosign(waiting)
    assert ">Valid<" in check(client, waiting.signatures[0].code)


def test_an_unknown_code_and_one_that_cannot_be_are_told_apart(client, make, sign_in):
    sign_in(make.front_desk())
    assert "Not found" in check(client, "AAAA-BBBB-CCCC-DDDD-EEEE")
    for wrong in ("AAAA", "A" * 21, "AAAA-BBBB-CCCC-DDDD-EEE9", "%", "x" * 5000):
        assert "not look like one of our codes" in check(client, wrong)
    assert "Not found" not in client.get("/verify").text


def test_a_code_of_a_record_that_was_changed_does_not_hold(client, make, sign_in, session, note):
    sign_in(make.front_desk())
    code = note.signatures[0].code
    changed = sealed_text(session, note.signatures[0], note.signatures[0].content.replace("Walk", "Wait"))
    damage(session, "UPDATE signatures SET content = :content WHERE note_id = :id", id=note.id, content=changed)
    page = check(client, code)
    assert "Does not hold" in page
    assert note.author.name not in page
    session.rollback()
    assert "note.broken" in {line.action for line in audit.of_patient(session, note.patient_id)}


def test_the_proof_file_holds_everything_signed_for_the_note_and_only_those_who_read_it_get_it(
    client, new_client, make, sign_in, note
):
    make.add(note)
    sign_in(note.author)
    answer = client.get(f"/clinic/notes/{note.id}/proof")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="proof-{note.signatures[0].code}.json"'
    entries = json.loads(answer.text)["entries"]
    assert [json.loads(entry["content"])["kind"] for entry in entries] == ["note", "addendum"]
    for stranger in (make.therapist(), make.admin(), make.front_desk()):
        assert sign_in(stranger, new_client()).get(f"/clinic/notes/{note.id}/proof").status_code == 404


def looks(session):
    session.expire_all()
    lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "read.verify-note").order_by(AuditEvent.seq))
    return [(line.patient_id, line.outcome) for line in lines]


def test_each_look_up_leaves_a_line_whether_or_not_the_code_stands_for_anything(client, make, sign_in, note, session):
    sign_in(make.front_desk())
    client.get("/verify")
    assert looks(session) == []
    check(client, note.signatures[0].code)
    check(client, "AAAA-BBBB-CCCC-DDDD-EEEE")
    assert looks(session) == [(note.patient_id, "done"), (None, "failed")]


@pytest.mark.dear
def test_nobody_tries_code_after_code(clock, client, make, sign_in):
    desk, code = make.front_desk(), "AAAA-BBBB-CCCC-DDDD-EEEE"
    sign_in(desk)
    (most,) = [window.most for window in LIMITS[Bucket.CODES_CHECKED].windows]
    for _try in range(most):
        assert "Not found" in check(client, code)
    refused = client.get("/verify", query_string={"code": code})
    assert refused.status_code == 429
    assert "That was too often" in refused.text
    assert "Please try again in" in refused.text
    assert client.get("/verify").status_code == 200
    sign_in(make.front_desk())
    assert "Not found" in check(client, code), "everybody has tries of their own"
