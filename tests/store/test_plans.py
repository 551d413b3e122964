"""Plans and the exact bytes that were handed over."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import inspect

from intake.store import plans
from intake.store.plans import Document


def test_an_issued_plan_keeps_the_bytes_and_their_hash(session, make):
    plan = make.plan(issued=True)
    session.expire_all()
    document = plan.documents[0]
    assert document.content.startswith(b"%PDF")
    assert document.sha256 == hashlib.sha256(document.content).hexdigest()


def test_a_plan_comes_before_its_private_pages_in_whatever_order_they_were_kept(session, make):
    plan = make.plan(issued=True)
    first, later = plan.documents[0], make.now + timedelta(minutes=1)
    for tier, at in (("sensitive", later), ("care", later), ("sensitive", first.issued_at)):
        more = Document(patient_id=plan.patient_id, plan_id=plan.id, issued_by_id=plan.author_id, issued_at=at)
        more.tier, more.paper, more.file_name, more.sha256, more.content = tier, "a4", f"{tier}.pdf", "0" * 64, b"%PDF"
        session.add(more)
        session.commit()
    session.expire_all()
    found = plans.get(session, plan.id).documents
    assert [document.tier for document in found] == ["care", "sensitive"] * 2
    assert [document.issued_at for document in found] == [first.issued_at] * 2 + [later] * 2


def test_a_list_of_documents_does_not_fetch_their_bytes(session, make):
    document_id = make.plan(issued=True).documents[0].id
    session.expunge_all()
    document = plans.document(session, document_id)
    assert "sealed_content" in inspect(document).unloaded


def test_a_plan_comes_with_everything_its_page_shows(session, make):
    plan_id = make.plan().id
    session.expunge_all()
    plan = plans.get(session, plan_id)
    session.expunge_all()
    assert plan.note.response.status == "completed"
    assert (plan.is_issued, plan.documents, plan.response.form) == (False, [], "care-plan")
    assert plan.patient.visits


def test_the_newest_plan_of_a_patient_comes_first(session, make, clock):
    first = make.plan(issued=True)
    clock.shift(60)
    second = make.plan(first.note)
    assert [plan.id for plan in plans.of_patient(session, first.patient_id)] == [second.id, first.id]
