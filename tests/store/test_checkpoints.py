"""Where the trail stood and when is kept, and stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import exc, text

from intake.security import checkpoint
from intake.store import audit, checkpoints
from intake.store.checkpoints import AuditCheckpoint
from tests.builders import AUDIT_KEYS
from tests.tampering import unprotected

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
CHANGES = ("UPDATE audit_checkpoints SET seq = 9", "DELETE FROM audit_checkpoints")


def write(session, now=NOW, action="test.done"):
    audit.record(session, action, now=now)
    session.commit()


def keep(session, now=NOW):
    made = checkpoint.signed(checkpoints.head(session), AUDIT_KEYS, now)
    row = AuditCheckpoint(instance=made.instance, seq=made.seq, hash=made.hash, signed_at=now)
    row.signature, row.receipts = made.signature, {"file": "kept"}
    session.add(row)
    session.commit()
    return row


def test_before_the_first_line_there_is_no_head_and_no_checkpoint(session):
    assert (checkpoints.head(session), checkpoints.last(session), checkpoints.everything(session)) == (None, None, [])
    assert checkpoints.verified(session) is None


def test_the_newest_is_the_one_that_saw_most(session):
    write(session)
    one = keep(session)
    write(session)
    two = keep(session, NOW + timedelta(minutes=15))
    again = keep(session, NOW + timedelta(minutes=30))
    assert [row.seq for row in checkpoints.everything(session)] == [1, 2, 2]
    assert checkpoints.last(session).id == again.id
    assert one.seq < two.seq == checkpoints.head(session).seq


def test_a_checkpoint_reads_back_as_it_was_signed(session):
    write(session)
    keep(session)
    session.expire_all()
    row = checkpoints.last(session)
    read = checkpoint.Checkpoint(row.seq, bytes(row.hash), row.instance, row.signed_at, bytes(row.signature))
    assert checkpoint.is_genuine(read, checkpoint.public(AUDIT_KEYS))


def test_the_last_verification_is_found(session):
    for outcome in ("good", "broken"):
        audit.record(session, checkpoints.VERIFIED, now=NOW, outcome=outcome)
        session.commit()
        write(session)
    assert checkpoints.verified(session).outcome == "broken"


@pytest.mark.parametrize("change", CHANGES)
def test_a_checkpoint_is_final(session, change):
    write(session)
    keep(session)
    with pytest.raises(exc.DBAPIError, match="a checkpoint is final"):
        session.execute(text(change))
    session.rollback()
    with unprotected(session) as open_to_all:  # the control: without its trigger the row can be changed
        assert open_to_all.execute(text(change)).rowcount == 1
