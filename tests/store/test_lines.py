"""A line as text: what is hashed when it is written and what the database makes of it later are the same bytes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.store import audit, lines
from intake.store.lines import FIELDS, TIES, AuditEvent

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
PLAIN = dict.fromkeys(FIELDS, "") | {"at": NOW}


def test_every_column_is_part_of_the_text_or_ties_lines_together():
    assert {*FIELDS, *TIES} == {column.name for column in AuditEvent.__table__.columns}


def test_a_moment_is_one_text_in_every_time_zone():
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert lines.text_of({**PLAIN, "at": there}) == lines.text_of(PLAIN)
    assert lines.text_of(PLAIN).startswith(b'["2026-09-15 16:00:00.000000",')


@pytest.mark.parametrize("wrong", [5, 1.5, b"x", ["a"], NOW.date()])
def test_what_has_no_one_text_is_refused(wrong):
    with pytest.raises(TypeError):
        lines.text_of({**PLAIN, "reason": wrong})


def test_lines_are_read_in_order_from_one_number_to_another(engine, session, monkeypatch):
    monkeypatch.setattr(lines, "PIECE", 4)
    for _turn in range(10):
        audit.record(session, "test.done", now=NOW, patient_id=uuid.uuid4())
    session.commit()
    with engine.connect() as connection:
        found = [[line[0] for line in piece] for piece in lines.pieces(connection, 2, 9)]
        assert found == [[2, 3, 4, 5], [6, 7, 8, 9]]
        assert lines.end(connection)[0].seq == 10


def test_an_empty_trail_ends_where_it_starts(engine):
    with engine.connect() as connection:
        assert lines.end(connection) == ((0, bytes(32)), 0)
        assert list(lines.pieces(connection, 1, 0)) == []


def test_a_trail_that_is_left_half_read_leaves_the_connection_free(engine, session, monkeypatch):
    monkeypatch.setattr(lines, "PIECE", 2)
    for _line in range(50):
        audit.record(session, "test.act", now=NOW)
    session.commit()
    with engine.connect() as connection:
        read = lines.pieces(connection, 1, 50)
        assert [entry[0] for entry in next(read)] == [1, 2]
        read.close()
        assert lines.end(connection)[1] == 50
