"""flask audit: whether the trail holds, in one sentence and an exit code, and its checkpoints."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from intake.app import create_app
from intake.config import Config
from intake.security.sinks import MailServer, Sink
from intake.store import audit, checkpoints, stretches
from intake.store.checkpoints import AuditCheckpoint
from intake.store.lines import HEAD, LINES
from tests import tampers
from tests.builders import COST, KEYS
from tests.tampering import unprotected

GOOD, BROKEN, WRONG_HEAD, CHECKPOINT = 0, 2, 3, 4


@pytest.fixture
def place(tmp_path):
    """A file beside no database."""
    return Sink("file", str(tmp_path / "elsewhere" / "checkpoints"), "file")


@pytest.fixture
def flask(app, place):
    """Type a command of the app."""
    app.config["AUDIT_SINKS"] = (place,)
    return lambda *words: app.test_cli_runner().invoke(args=["audit", *map(str, words)])


def write(session, count=10, action="test.done"):
    for _turn in range(count):
        audit.record(session, action, now=datetime.now(UTC))
        session.commit()


def test_a_trail_that_holds_ends_with_0_and_says_so_in_the_trail(flask, session):
    write(session)
    done = flask("verify")
    assert done.exit_code == GOOD, done.output
    assert "The audit trail holds: 10 lines tested." in done.output
    assert "There was no checkpoint outside the database to compare with" in done.output
    line = checkpoints.verified(session)
    assert (line.outcome, line.seq, line.reason) == ("alone", 11, "10 lines, nothing compared")


def test_a_test_says_against_what_and_is_good_only_with_a_checkpoint_from_outside(flask, app, session, tmp_path):
    write(session)
    assert flask("checkpoint").exit_code == 0
    assert flask("verify").exit_code == GOOD
    line = checkpoints.verified(session)
    assert (line.outcome, line.reason) == ("good", "10 lines, 1 of the files to 10")
    (tmp_path / "empty").touch()
    app.config["AUDIT_SINKS"] = ()
    for words in (("--checkpoints", tmp_path / "empty"), ()):
        session.rollback()
        done = flask("verify", *words)
        line = checkpoints.verified(session)
        assert (done.exit_code, line.outcome, "nothing compared" in line.reason) == (GOOD, "alone", True), done.output


def test_an_empty_trail_holds(flask):
    assert flask("verify").exit_code == GOOD


@pytest.fixture
def shared(monkeypatch):
    """A trail of ten lines is long enough for another process to take part."""
    monkeypatch.setattr(stretches, "helpers", lambda: 1)
    monkeypatch.setattr(stretches, "WORTH", 1)
    monkeypatch.setattr(stretches, "LENGTH", 4)


def test_a_trail_that_several_processes_test_is_told_of_in_the_same_words(flask, session, shared):
    write(session)
    done = flask("verify")
    assert (done.exit_code, "The audit trail holds: 10 lines tested." in done.output) == (GOOD, True), done.output
    with unprotected(session) as open_to_all:
        change(open_to_all, 7)
        open_to_all.commit()
    done = flask("verify")
    assert (done.exit_code, "BROKEN at line 7 (hash)." in done.output) == (BROKEN, True), done.output


def test_a_process_that_is_killed_meanwhile_leaves_no_verdict(flask, session, shared, monkeypatch):
    write(session)
    started = stretches._Helper.__init__

    def killed(helper, *given):
        started(helper, *given)
        helper.process.kill()

    monkeypatch.setattr(stretches._Helper, "__init__", killed)
    done = flask("verify")
    assert (done.exit_code, "ended early" in done.output, "holds" in done.output) == (1, True, False), done.output
    assert checkpoints.verified(session) is None


def change(session, at):
    tampers.put(session.connection(), at, reason="planted")


def cut_the_end(session, at):
    session.execute(delete(LINES).where(LINES.c.seq > at))


def add_at_the_end(session, at):
    tampers.duplicate(session.connection(), at, 10)
    session.execute(update(HEAD).values(seq=10))


def cut_the_head_too(session, at):
    session.execute(delete(LINES).where(LINES.c.seq > at))
    session.execute(update(HEAD).values(seq=at, hash=tampers.row(session.connection(), at)["hash"]))


@pytest.mark.parametrize(
    ("tamper", "code", "words"),
    [
        (change, BROKEN, "BROKEN at line 4 (hash). Everything before it holds."),
        (cut_the_end, WRONG_HEAD, "The head says 10, but the lines end at 4"),
        (add_at_the_end, WRONG_HEAD, "The head says 10, but the lines end at 11"),
        (cut_the_head_too, CHECKPOINT, "The checkpoint at line 10 does not agree (missing)"),
    ],
)
def test_what_is_wrong_has_its_own_exit_code_and_sentence(flask, session, tamper, code, words):
    write(session)
    assert flask("checkpoint").exit_code == 0
    with unprotected(session) as open_to_all:
        tamper(open_to_all, 4)
        open_to_all.commit()
    done = flask("verify")
    assert (done.exit_code, words in done.output) == (code, True), done.output


# ---------------------------------------------------------------- another database in its place


@pytest.fixture
def copied(url, backend, request, tmp_path, session, engine, app):
    """A copy of the database as it stands now, and an app that is served from it."""
    made = []

    def copy():
        session.close()
        if backend == "sqlite":
            path = tmp_path / f"copy-{len(made)}.db"
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql(f"VACUUM INTO '{path}'")
            other = f"sqlite:///{path}"
        else:
            for each in (engine, app.extensions["engine"]):
                each.dispose()
            other = request.getfixturevalue("server").create(template=url)
        served = create_app(Config(database_url=other, keys=KEYS, password_cost=COST))
        made.append((served, other))
        served.config["AUDIT_SINKS"] = app.config["AUDIT_SINKS"]
        return served

    yield copy
    for served, other in made:
        served.extensions["engine"].dispose()
        if backend == "postgresql":
            request.getfixturevalue("server").drop(other)


def verified(served, *words):
    return served.test_cli_runner().invoke(args=["audit", "verify", *map(str, words)])


def test_a_database_that_was_put_back_is_seen_by_the_file(flask, session, copied):
    write(session)
    flask("checkpoint")
    older = copied()
    write(session)
    flask("checkpoint")
    done = verified(older)
    assert (done.exit_code, "The checkpoint at line 20 does not agree (missing)" in done.output) == (CHECKPOINT, True)


def test_a_database_that_was_put_back_and_worked_on_is_seen_by_the_file(flask, session, copied):
    write(session)
    other = copied()
    write(session)
    flask("checkpoint")
    with Session(other.extensions["engine"]) as swapped:
        write(swapped, 30, "test.other")
    done = verified(other)
    assert (done.exit_code, "The checkpoint at line 20 does not agree (hash)" in done.output) == (CHECKPOINT, True)


def test_an_empty_database_in_place_of_ours_is_seen_by_the_file(flask, session, copied):
    empty = copied()
    write(session)
    flask("checkpoint")
    assert verified(empty).exit_code == CHECKPOINT


def test_without_the_file_nothing_would_tell(flask, session, copied, place):
    """The control: it is the checkpoint elsewhere that shows it, and nothing in the database."""
    write(session)
    older = copied()
    write(session)
    flask("checkpoint")
    assert verified(older).exit_code == CHECKPOINT
    older.config["AUDIT_SINKS"] = ()
    assert verified(older).exit_code == GOOD


# ---------------------------------------------------------------- the file itself


def test_a_file_that_is_gone_is_missed(flask, session, place):
    write(session)
    flask("checkpoint")
    shutil.rmtree(place.target.rpartition("/")[0])
    done = flask("verify")
    assert (done.exit_code, "is gone: checkpoints were kept there." in done.output) == (CHECKPOINT, True)


@pytest.mark.parametrize("left", [0, 1])
def test_a_file_that_was_emptied_or_shortened_is_missed(flask, session, place, left):
    for _turn in range(2):
        write(session)
        flask("checkpoint")
    path = Path(place.target)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:left]))
    done = flask("verify")
    assert (done.exit_code, f"lacks {2 - left} of 2 checkpoints" in done.output) == (CHECKPOINT, True), done.output


def test_a_checkpoint_without_a_signature_hides_nothing(flask, session):
    """Somebody with the database changes a line and puts a checkpoint of their own behind it."""
    write(session)
    flask("checkpoint")
    write(session)
    with unprotected(session) as open_to_all:
        change(open_to_all, 15)
        seq, kept = open_to_all.execute(select(HEAD.c.seq, HEAD.c.hash)).one()
        last = checkpoints.last(open_to_all)
        forged = {"seq": seq, "hash": kept, "signature": b"", "signed_at": datetime.now(UTC), "receipts": {}}
        values = {c.name: getattr(last, c.key) for c in AuditCheckpoint.__table__.columns} | forged
        open_to_all.execute(insert(AuditCheckpoint.__table__).values({**values, "id": uuid.uuid4()}))
        open_to_all.commit()
    done = flask("verify", "--from-checkpoint")
    assert (done.exit_code, "is not signed" in done.output) == (CHECKPOINT, True), done.output


def test_a_trail_that_was_wiped_with_everything_about_it_is_missed_while_people_are_there(flask, session, make, place):
    make.therapist()
    write(session)
    flask("checkpoint")
    with unprotected(session) as open_to_all:
        for table in (LINES, HEAD, AuditCheckpoint.__table__):
            open_to_all.execute(delete(table))
        open_to_all.commit()
    Path(place.target).unlink()
    done = flask("verify")
    assert (done.exit_code, "the trail is empty" in done.output) == (WRONG_HEAD, True), done.output


def test_a_line_of_the_file_nobody_can_read_is_pointed_out(flask, session, place, tmp_path):
    write(session)
    flask("checkpoint")
    with Path(place.target).open("a", encoding="utf-8") as file:
        file.write("\nscribbled\n")
    done = flask("verify")
    assert (done.exit_code, "Line 3 of" in done.output) == (CHECKPOINT, True)


def test_a_mail_s_line_in_a_file_is_enough(flask, session, tmp_path):
    write(session)
    flask("checkpoint")
    (tmp_path / "good").write_text(f"10 {bytes(checkpoints.last(session).hash).hex()[:40]}\n")
    (tmp_path / "bad").write_text(f"10 {'0' * 40}\n")
    session.rollback()
    good, bad = (flask("verify", "--checkpoints", tmp_path / name) for name in ("good", "bad"))
    assert (good.exit_code, "1 checkpoints from a file given compared." in good.output) == (GOOD, True), good.output
    assert bad.exit_code == CHECKPOINT


def test_the_checkpoints_of_another_installation_are_left_alone(flask, session, place):
    write(session, 2)
    flask("checkpoint")
    line = Path(place.target).read_text().replace(checkpoints.last(session).instance, "f" * 16)
    session.rollback()
    with Path(place.target).open("a", encoding="utf-8") as file:
        file.write(line.replace('"seq": 2', '"seq": 99'))
    assert flask("verify").exit_code == GOOD


def test_a_test_can_start_at_the_newest_checkpoint(flask, session):
    write(session)
    flask("checkpoint")
    write(session, 5)
    done = flask("verify", "--from-checkpoint")
    assert "holds: 6 lines tested." in done.output


# ---------------------------------------------------------------- checkpoints


def test_a_checkpoint_says_where_it_went_and_is_not_repeated(flask, session):
    assert flask("checkpoint").output == "Nothing was added since the last checkpoint.\n"
    write(session)
    assert flask("checkpoint").output == "Checkpoint at line 10: file kept.\n"
    assert flask("checkpoint").output == "Nothing was added since the last checkpoint.\n"


def test_a_place_that_fails_is_told_and_ends_with_1(app, flask, session, place):
    write(session)
    app.config["AUDIT_SINKS"] = (place, Sink("mail", "owner@example.org", "mail"))
    app.config["MAIL_SERVER"] = MailServer(port=1)
    done = flask("checkpoint")
    assert (done.exit_code, done.output) == (1, "Checkpoint at line 10: file kept, mail failed.\n")


def test_without_any_place_it_is_kept_in_the_database_alone(app, flask, session):
    write(session)
    app.config["AUDIT_SINKS"] = ()
    assert flask("checkpoint").output == "Checkpoint at line 10: kept here only.\n"


def test_a_result_that_cannot_be_written_down_is_told_all_the_same(flask, session):
    write(session)
    with unprotected(session) as open_to_all:
        open_to_all.execute(text("DELETE FROM audit_head"))
        open_to_all.commit()
    done = flask("verify")
    assert done.exit_code == WRONG_HEAD
    assert "The result could not be written into the trail." in done.output
    assert session.scalar(text("SELECT count(*) FROM audit")) == 10


@pytest.mark.parametrize("backend", ["sqlite"])
def test_lines_that_hold_say_nothing_while_others_could_be_left_out(flask, session):
    write(session)
    session.execute(text("DROP INDEX ix_audit_action"))
    session.execute(text("CREATE INDEX ix_audit_action ON audit (action) WHERE seq <> 4"))
    session.commit()
    done = flask("verify")
    assert (done.exit_code, "could leave rows out of an answer" in done.output) == (BROKEN, True)
    assert "The audit trail holds" not in done.output
    assert checkpoints.verified(session).outcome == "broken"


def test_a_line_that_a_full_disk_cut_off_is_left_out_and_one_that_counted_is_missed(flask, session, place):
    write(session)
    flask("checkpoint")
    path = Path(place.target)
    whole = path.read_text()
    path.write_text(whole[:100] + "\n" + whole)
    done = flask("verify")
    assert (done.exit_code, "Line 1 of" in done.output, "was cut off" in done.output) == (GOOD, True, True), done.output
    path.write_text(whole[:100])
    assert flask("verify").exit_code == CHECKPOINT
