"""What there is around one patient, read with few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from intake.store import audit, timeline


@contextmanager
def counted(session) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def kinds(session, patient_id):
    return Counter(event.what for event in timeline.events(session, patient_id))


def test_everything_around_a_patient_is_there_once_and_nothing_of_others(session, make):
    intake = make.intake(submitted=True)
    note = make.note(intake.visit, signed=True)
    make.note(intake.visit, author=make.member(intake.patient, make.therapist(), "therapist"))
    make.add(note)
    make.plan(note, issued=True)
    make.intake()
    assert kinds(session, intake.patient_id) == {
        "visit": 1, "form": 1, "note": 2, "addendum": 1, "plan": 1, "document": 1,
    }  # fmt: skip


def test_the_moment_of_a_note_is_when_it_was_signed_and_of_a_draft_when_it_was_begun(session, make):
    note, draft = make.note(signed=True), make.note()
    for each, at in ((note, note.signed_at), (draft, draft.created_at)):
        found = {event.key: event.at for event in timeline.events(session, each.patient_id)}
        assert found[each.id] == at


def test_a_form_that_was_taken_back_is_in_no_timeline(session, make):
    intake = make.intake()
    intake.status = "stopped"
    session.commit()
    assert "form" not in kinds(session, intake.patient_id)


def test_the_records_of_some_events_are_read_a_kind_at_a_time(session, make):
    intake = make.intake(submitted=True)
    for _ in range(3):
        make.note(intake.visit, signed=True)
    session.expire_all()
    events = timeline.events(session, intake.patient_id)
    with counted(session) as statements:
        found = timeline.records(session, events)
        assert [found[event.key].is_signed for event in events if event.what == "note"] == [True] * 3
    assert {event.key for event in events} == found.keys()
    assert len(statements) <= 8, statements


def test_a_disclosure_is_told_by_the_highest_part_it_held(session, make):
    patient = make.patient()
    for action, parts in (
        ("read.print-intake", ("desk", "care")), ("intake.printed", ("care", "sensitive")),
        ("read.export-note", ("care", "safety")), ("read.read-chart", ("care",)),
    ):  # fmt: skip
        audit.record(session, action, actor=make.office("admin"), patient_id=patient.id, categories=parts, now=make.now)
    session.commit()
    found = timeline.disclosures(session, patient.id)
    assert {(each.record.action, each.tier) for each in found} == {
        ("read.print-intake", "care"), ("intake.printed", "sensitive"), ("read.export-note", "safety"),
    }  # fmt: skip
