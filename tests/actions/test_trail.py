"""Whoever changes the trail behind the app's back is found out, and where it stood is told to places elsewhere."""

from __future__ import annotations

import contextlib
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from intake.actions import trail
from intake.actions.trail import BROKEN, CHECKPOINT, EVERY, GOOD
from intake.actions.trail import HEAD as WRONG_HEAD
from intake.security import chain, checkpoint
from intake.security.chain import Link
from intake.security.checkpoint import Checkpoint
from intake.security.sinks import MailServer, Sink
from intake.store import audit, checkpoints, lines, stretches
from intake.store.checkpoints import AuditCheckpoint
from intake.store.lines import HEAD, LINES
from tests import tampers
from tests.builders import AUDIT_KEYS
from tests.sizes import size, tell
from tests.tampering import unprotected
from tests.tampers import SLY, TAMPERS, edit, exchange

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
COUNT = size(40, 10_000)
NEAR = 3  # lines before a change that are tested with it
DRAW = [(number * 7919) % COUNT + 1 for number in range(size(3, 30))]


@pytest.fixture
def written(session):
    """A trail of COUNT lines with something in every column, and nothing in some."""
    return write(session, COUNT)


def write(session, count, action="read.read-chart"):
    for number in range(count):
        session.info[audit.AROUND] = lambda: audit.Around(uuid.uuid4(), "ab" * 16)
        audit.record(
            session, action, now=NOW + timedelta(seconds=number), patient_id=uuid.uuid4(),
            categories=("care", "sensitive"), reason=f"{number}, and more",
        )  # fmt: skip
        if number % 500 == 499:
            session.commit()
    session.commit()
    return session


@pytest.fixture
def open_to_all(written):
    """The same with no trigger watching: what whoever owns the database can do."""
    with unprotected(written) as session:
        yield session


def state(session, known=(), **more):
    return trail.verify(session, known, **more)


def marked(session, at):
    """The checkpoint somebody could have taken at a line."""
    return checkpoint.signed(Link(at, bytes(tampers.row(session.connection(), at)["hash"])), AUDIT_KEYS, NOW)


# ---------------------------------------------------------------- every line, every way


def test_a_trail_that_nobody_touched_holds(written):
    assert state(written) == trail.Verdict(GOOD, COUNT)


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_every_line_is_tampered_with_once_in_the_database_and_none_is_missed(open_to_all, backend, tamper, monkeypatch):
    monkeypatch.setattr(lines, "PIECE", 2 * NEAR)
    found = missed(open_to_all, tamper, range(1, COUNT + 1))
    tell(f"TAMPER {backend} {tamper.__name__}: {COUNT} lines, {len(found)} missed")
    assert found == []


def missed(session, tamper, numbers):
    """The lines whose change the verification does not see. Testing starts a little before: what is there is good."""
    marks = dict(session.execute(select(LINES.c.seq, LINES.c.hash)).all())
    starts = {at: Checkpoint(near, bytes(marks[near])) for at in numbers for near in (max(at - NEAR, 1),)}
    return [at for at in numbers if not is_caught(session, tamper, at, starts[at])]


def is_caught(session, tamper, at, mark):
    with_all = at <= NEAR + 1 or (tamper is tampers.duplicate and at % 2)  # a line before the first is no later one's
    changing = session.begin_nested()
    tamper(session.connection(), at, COUNT)
    found = state(session, since=None if with_all else mark)
    changing.rollback()
    return found.code != GOOD


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_a_test_from_the_first_line_on_sees_them_too(open_to_all, tamper):
    for at in DRAW:
        changing = open_to_all.begin_nested()
        tamper(open_to_all.connection(), at, COUNT)
        assert state(open_to_all).code in {BROKEN, WRONG_HEAD}
        changing.rollback()


def test_a_change_that_is_none_is_not_reported(open_to_all):
    assert missed(open_to_all, lambda *_all: None, [1, COUNT // 2, COUNT]) == [1, COUNT // 2, COUNT]


@pytest.mark.parametrize("tamper", [edit, exchange], ids=lambda tamper: tamper.__name__)
def test_a_verification_that_does_not_follow_the_chain_misses_them(open_to_all, tamper, monkeypatch):
    """The planted fault: hashes are taken as they stand."""
    monkeypatch.setattr(chain, "follow", lambda _link, entries, _keys: Link(entries[-1][0], entries[-1][3]))
    assert missed(open_to_all, tamper, [COUNT // 2]) == [COUNT // 2]


def test_what_a_database_could_write_the_same_way_is_seen(open_to_all, backend):
    for what, statement in SLY[backend].items():
        changing = open_to_all.begin_nested()
        assert sly(open_to_all, statement) == trail.Verdict(BROKEN, 19, 20, sly_code(what)), what
        changing.rollback()


def test_a_line_without_a_text_is_told_wherever_in_a_piece_it_stands(open_to_all, backend, monkeypatch):
    if backend != "sqlite":  # a column of PostgreSQL holds nothing but its own type
        return
    monkeypatch.setattr(lines, "PIECE", 5)
    for at in range(1, 12):
        changing = open_to_all.begin_nested()
        tampers_with = text("UPDATE audit SET action = CAST(action AS BLOB) WHERE seq = :at")
        open_to_all.execute(tampers_with, {"at": at})
        assert state(open_to_all) == trail.Verdict(BROKEN, at - 1, at, "type")
        changing.rollback()


def sly(session, statement):
    session.execute(text(f"{statement} WHERE seq = 20"))
    return state(session)


def sly_code(what):
    if what.startswith("bytes") or what == "a hash as a word":
        return "type"
    return "link" if "hash" in what and "nothing" in what else "hash"


@pytest.mark.parametrize(
    ("dialect", "what"),
    [
        ("sqlite", "a NUL and more behind a word"),
        ("sqlite", "bytes in place of a word"),
        ("postgresql", "the same day before Christ"),
    ],
)
def test_a_text_that_leaves_something_out_would_miss_it(open_to_all, backend, monkeypatch, dialect, what):
    """The planted fault: a text that ends at a NUL and takes bytes for words, or has no era."""
    if backend != dialect:
        return
    monkeypatch.setattr(lines, "_stored_text", WEAK[dialect])
    assert state(open_to_all).code == GOOD
    assert sly(open_to_all, SLY[dialect][what]).code == GOOD


def cut_off(_dialect):
    parts = [f"CASE WHEN {name} IS NULL THEN 'null' ELSE printf('\"%s\"', {name}) END" for name in lines.FIELDS]
    joined = " || ',' || ".join(parts)
    return f"CAST('[' || {joined} || ']' AS BLOB)"


def without_an_era(_dialect):
    moment = f"to_char(at AT TIME ZONE 'UTC', '{lines.MOMENT_IN_SQL}')"
    values = ", ".join(moment if name == "at" else lines._as_text(LINES.c[name]) for name in lines.FIELDS)
    return f"convert_to(to_json(ARRAY[{values}])::text, 'UTF8')"


WEAK = {"sqlite": cut_off, "postgresql": without_an_era}


def test_an_error_of_the_database_is_no_broken_line(open_to_all, backend, monkeypatch):
    monkeypatch.setattr(lines, "_stored_text", lambda _dialect: "no_such_function(seq)")
    with pytest.raises(Exception, match="no_such_function"):
        state(open_to_all)


# ---------------------------------------------------------------- what only a checkpoint shows


def cut(session, at):
    """The trail as it was when line `at` was the last one, in every table."""
    last = tampers.row(session.connection(), at)
    session.execute(delete(LINES).where(LINES.c.seq > at))
    session.execute(delete(AuditCheckpoint).where(AuditCheckpoint.seq > at))
    session.execute(update(HEAD).values(seq=at, hash=last["hash"], at=last["at"]))
    session.expire_all()


def written_anew(session, at):
    """Everything from line `at` on told differently by somebody who has every key."""
    there = session.execute(text("SELECT max(seq) FROM audit")).scalar()
    cut(session, at - 1)
    session.commit()
    write(session, there - at + 1, "read.read-note")


@pytest.mark.parametrize(("change", "what"), [(cut, "missing"), (written_anew, "hash")])
def test_a_trail_that_was_put_back_or_written_anew_holds_but_for_the_checkpoint(open_to_all, change, what):
    mark, earlier = marked(open_to_all, 30), marked(open_to_all, 10)
    change(open_to_all, 20)
    assert state(open_to_all).code == GOOD  # nothing inside the database tells
    assert state(open_to_all, [earlier]).code == GOOD
    found = state(open_to_all, [mark, earlier])
    assert (found.code, found.seq, found.what) == (CHECKPOINT, 30, what)
    assert state(open_to_all, [checkpoint.read(mark.short)]).code == CHECKPOINT  # forty digits of a mail are enough


def test_an_empty_database_in_place_of_the_real_one_is_seen(session):
    mark = Checkpoint(5, bytes(32), AUDIT_KEYS.instance)
    assert state(session).code == GOOD
    assert state(session, [mark]) == trail.Verdict(CHECKPOINT, 0, 5, "missing")
    assert state(session, [mark], since=mark) == trail.Verdict(CHECKPOINT, 0, 5, "missing")


def test_a_database_of_somebody_else_breaks_at_its_first_line(written, monkeypatch):
    other = chain.keys_of(b"a root secret of somebody else, long enough")
    monkeypatch.setattr(trail.trail, "keys", lambda _connection: other)
    assert state(written) == trail.Verdict(BROKEN, 0, 1, "mac")


def test_a_checkpoint_somebody_made_up_is_not_taken_for_ours(written):
    mark = marked(written, 10)
    forged = Checkpoint(mark.seq, mark.hash, mark.instance, NOW, bytes(64))
    assert state(written, [mark]).code == GOOD
    assert (state(written, [forged]).code, state(written, [forged]).what) == (CHECKPOINT, "signature")


@pytest.mark.parametrize("at", [1, 20, COUNT])
def test_a_test_may_start_at_a_checkpoint(written, at):
    mark = marked(written, at)
    assert state(written, [mark], since=mark) == trail.Verdict(GOOD, COUNT - at + 1)


def test_a_test_from_a_checkpoint_sees_its_own_line_changed(open_to_all):
    mark = marked(open_to_all, 20)
    tampers.put(open_to_all.connection(), 20, reason="planted")
    assert state(open_to_all, [mark], since=mark) == trail.Verdict(BROKEN, 0, 20, "hash")


def test_progress_is_told_a_piece_at_a_time(written, monkeypatch):
    monkeypatch.setattr(lines, "PIECE", 15)
    told = []
    state(written, progress=told.append)
    assert sum(told) == COUNT
    assert max(told) == 15


# ---------------------------------------------------------------- several processes

SHORT = 8  # lines of a stretch, where what matters is how stretches join


@pytest.fixture
def in_stretches(monkeypatch):
    """Any trail is long enough to be shared."""
    monkeypatch.setattr(stretches, "WORTH", 1)
    monkeypatch.setattr(stretches, "LENGTH", SHORT)
    monkeypatch.setattr(lines, "PIECE", 5)


@pytest.fixture
def at_hand(in_stretches, monkeypatch):
    """What another process would say is worked out here, so that it sees what is not committed."""

    @contextlib.contextmanager
    def hired(connection, parts, asked, keys, _number):
        yield lambda part: stretches.whole(connection, part, asked, keys) if part != parts[0] else None

    monkeypatch.setattr(stretches, "_hired", hired)


def differing(session, tamper, numbers):
    """The lines whose change gives another verdict when the trail is tested in stretches."""
    found = []
    for at in numbers:
        changing = session.begin_nested()
        tamper(session.connection(), at, COUNT)
        if state(session, others=1) != state(session):
            found.append(at)
        changing.rollback()
    return found


SHARED = range(1, min(COUNT, 5 * SHORT) + 1)


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_the_verdict_is_the_same_however_many_test_the_trail(open_to_all, at_hand, tamper):
    assert differing(open_to_all, tamper, SHARED) == []


def test_what_looks_like_nothing_is_told_the_same_when_several_test_it(open_to_all, at_hand, backend):
    for what, statement in SLY[backend].items():

        def change(connection, at, _count, statement=statement):
            connection.execute(text(f"{statement} WHERE seq = {at}"))

        assert differing(open_to_all, change, (SHORT + 1, 2 * SHORT, 20)) == [], what


@pytest.mark.parametrize("tamper", [edit, tampers.remove], ids=lambda tamper: tamper.__name__)
def test_one_that_only_looks_at_the_ends_of_its_stretch_would_be_noticed(open_to_all, at_hand, monkeypatch, tamper):
    """The planted fault: what lies between the ends is taken as it stands."""

    def ends(connection, part, *_):
        first, last = (tampers.row(connection, at) for at in part)
        behind = Link(part.first - 1, bytes(first["prev_hash"]))
        return stretches.Tested(behind, Link(part.last, bytes(last["hash"])), {})

    monkeypatch.setattr(stretches, "whole", ends)
    assert differing(open_to_all, tamper, [20]) == [20]


def test_a_stretch_is_not_joined_to_another_line_than_the_one_it_is_behind(open_to_all, at_hand):
    """Somebody with the key cuts a whole stretch out and chains the next one behind the one before."""
    gone = stretches.Stretch(SHORT + 1, 2 * SHORT)
    connection = open_to_all.connection()
    connection.execute(delete(LINES).where(LINES.c.seq.between(*gone)))
    before = bytes(tampers.row(connection, SHORT)["hash"])
    tampers.put(connection, gone.last + 1, prev_hash=before)
    assert state(open_to_all, others=1) == state(open_to_all) == trail.Verdict(BROKEN, SHORT, gone.first, "number")


def test_checkpoints_are_compared_in_each_stretch_and_a_test_may_start_in_the_middle(open_to_all, at_hand):
    marks = [marked(open_to_all, at) for at in (1, SHORT, SHORT + 1, 20, COUNT)]
    assert state(open_to_all, marks, others=1) == trail.Verdict(GOOD, COUNT)
    assert state(open_to_all, marks, since=marks[2], others=1) == trail.Verdict(GOOD, COUNT - SHORT)
    wrong = checkpoint.signed(Link(20, bytes(32)), AUDIT_KEYS, NOW)
    assert state(open_to_all, [*marks, wrong], others=1) == trail.Verdict(CHECKPOINT, COUNT, 20, "hash")


@pytest.mark.dear
def test_other_processes_test_what_is_committed_and_the_progress_is_told(open_to_all, in_stretches):
    told = []
    assert state(open_to_all, others=2, progress=told.append) == trail.Verdict(GOOD, COUNT)
    assert sum(told) == COUNT
    tampers.put(open_to_all.connection(), COUNT - 3, reason="planted")
    open_to_all.commit()
    assert state(open_to_all, others=2) == trail.Verdict(BROKEN, COUNT - 4, COUNT - 3, "hash")


# ---------------------------------------------------------------- taking checkpoints


def take(session, places=(), now=NOW):
    return trail.take(session, places, MailServer(port=1), now=now)


def test_there_is_nothing_to_sign_before_the_first_line(session):
    assert take(session) is None
    assert not trail.is_due(session, NOW)


def test_a_checkpoint_is_signed_kept_and_sent(session, tmp_path):
    write(session, 3)
    kept = take(session, [Sink("file", str(tmp_path / "far" / "away"), "file"), Sink("mail", "a@example.org", "mail")])
    assert kept.receipts == {"file": "kept", "mail": "failed"}
    (line,) = (tmp_path / "far" / "away").read_text().splitlines()
    read = checkpoint.read(line)
    assert checkpoint.is_genuine(read, checkpoint.public(AUDIT_KEYS))
    assert (read.seq, read.hash) == (kept.seq, kept.hash) == (3, tampers.row(session.connection(), 3)["hash"])
    assert state(session, [read]).code == GOOD


def test_one_is_due_when_the_trail_grew_and_a_quarter_of_an_hour_is_over(session):
    write(session, 1)
    assert trail.is_due(session, NOW)
    take(session)
    assert not trail.is_due(session, NOW + EVERY)  # nothing happened
    write(session, 1)
    assert not trail.is_due(session, NOW + EVERY - timedelta(seconds=1))
    assert trail.is_due(session, NOW + EVERY)
    assert trail.is_due(session, NOW, timedelta(0))  # a signature does not wait
    assert trail.is_due(session, NOW - timedelta(seconds=1))  # a clock that went back


def test_a_place_that_is_slow_holds_up_nobody(session, engine, monkeypatch):
    """While a checkpoint is being delivered others write."""
    write(session, 1)

    def slow(*_all):
        with Session(engine) as other:
            write(other, 1)
        return {"mail": "kept"}

    monkeypatch.setattr(trail.sinks, "deliver", slow)
    started = time.monotonic()
    assert take(session).seq == 1
    assert time.monotonic() - started < 5
    assert state(session).lines == 2


def test_how_a_test_ended_is_written_down(session):
    write(session, 2)
    for compared, outcome, reason in (
        (trail.Compared(), "alone", "2 lines, nothing compared"),
        (trail.Compared(3, "the files", 2), "good", "3 lines, 3 of the files to 2"),
    ):
        trail.note_verdict(session, state(session), compared, now=NOW)
        assert (checkpoints.verified(session).outcome, checkpoints.verified(session).reason) == (outcome, reason)
    trail.note_verdict(session, trail.Verdict(BROKEN, 4, 5, "hash"), trail.Compared(), now=NOW)
    assert (checkpoints.verified(session).outcome, checkpoints.verified(session).reason) == ("broken", "hash at 5")
    assert state(session) == trail.Verdict(GOOD, 5)
