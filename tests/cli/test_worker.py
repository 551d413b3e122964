"""flask worker: a real process, a real mail server. Whatever stops it, no mail is lost."""

from __future__ import annotations

import os
import signal
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intake.actions import outbox as acts
from intake.cli.doctor import start
from intake.cli.worker import _look, turn
from intake.clinical.delivery import LEASE, State
from intake.security.sinks import MailServer
from intake.store import outbox, sinks
from intake.store.flags import Flag
from intake.store.outbox import Outgoing
from intake.store.people import User
from tests import processes
from tests.builders import KEYS
from tests.sizes import size, tell

MAILS = size(6, 200)
KILLS = size(2, 20)


@pytest.fixture
def settings(url, mail_server):
    """The environment of a worker on the test's database and mail server."""
    if (place := make_url(url)).get_backend_name() == "sqlite":
        for path in Path(str(place.database)).parent.iterdir():
            path.chmod(0o600)  # the copy of a template has the rights of its day
    return {
        "DATABASE_URL": url, "AUDIT_SINKS": "none", "KEY_PROVIDER": "env", "KEY_ROOT": KEYS.current.secret.hex(),
        "SMTP_URL": f"smtp://localhost:{mail_server.port}", "MAIL_FROM": "office@forms.example.org",
    }  # fmt: skip


def queue(session, make, number=MAILS):
    """So many people, and a mail for each; their addresses."""
    people = [make.therapist(app=False) for _each in range(number)]
    for each in people:
        outbox.notify(session, each.id, make.now)
    session.commit()
    return sorted(each.email for each in people)


def work(*words):
    """The command in a process of its own. PostgreSQL is made fast for tests, not safe, which would stop the start."""
    start.refuse_database = lambda _app: None
    processes.flask("worker", *words)


def once(folder, settings):
    return processes.run(folder, settings, work, "--once")


def states(session):
    session.rollback()
    found = session.scalars(select(Outgoing.state)).all()
    session.rollback()
    return set(found)


def later(session):
    """As if the leases of whoever died were over."""
    session.execute(update(Outgoing).values(leased_until=datetime.now(UTC) - LEASE))
    session.commit()


def test_it_sends_what_waits_and_ends_when_it_is_to_look_once(tmp_path, settings, session, make, mailbox):
    everybody = queue(session, make)
    done = once(tmp_path, settings)
    assert done.code == 0, done.err
    assert sorted(mailbox.to) == everybody
    assert states(session) == {State.SENT}
    assert outbox.worker_seen_at(session) is not None


def test_it_reminds_the_next_person_of_what_nobody_took_on(tmp_path, settings, session, make, mailbox):
    clinic, second = make.clinic(), make.therapist(email="second@example.org")
    clinic.on_call = [str(second.id)]
    make.flag(rule="E1", severity="EMERGENCY", opened_at=make.now - timedelta(minutes=20))
    session.commit()
    assert once(tmp_path, settings).code == 0
    assert mailbox.to == ["second@example.org"]
    assert once(tmp_path, settings).code == 0
    assert mailbox.to == ["second@example.org"], "the next one is due in a quarter of an hour"


@pytest.mark.dear
def test_killed_at_any_moment_it_loses_nothing(tmp_path, settings, session, make, mailbox):
    """It dies before the mail server has the mail, and after: whoever comes next sends it again."""
    everybody, kills = queue(session, make), 0
    while kills < KILLS:
        inside, go_on = threading.Event(), threading.Event()

        def wait_there(inside=inside, go_on=go_on):
            inside.set()
            go_on.wait(processes.PATIENCE)

        setattr(mailbox, ("before", "meanwhile")[kills % 2], wait_there)
        running = processes.Running(tmp_path, settings, work)
        assert inside.wait(processes.PATIENCE), running.ended().err
        os.kill(running.process.pid, signal.SIGKILL)
        assert running.ended().code == -signal.SIGKILL
        mailbox.before = mailbox.meanwhile = lambda: None
        go_on.set()
        kills += 1
        later(session)
    done = once(tmp_path, settings)
    assert done.code == 0, done.err
    assert sorted(set(mailbox.to)) == everybody
    assert len(mailbox.to) <= len(everybody) + kills, "at most the mail that was being sent came twice"
    assert states(session) == {State.SENT}
    tell(f"worker: killed {kills} times over {MAILS} mails, 0 lost, {len(mailbox.to) - MAILS} twice")


def test_told_to_end_it_finishes_the_mail_in_its_hand_and_ends_cleanly(tmp_path, settings, session, make, mailbox):
    queue(session, make)
    inside, go_on = threading.Event(), threading.Event()

    def wait_there():
        inside.set()
        go_on.wait(processes.PATIENCE)

    mailbox.meanwhile = wait_there
    running = processes.Running(tmp_path, settings, work)
    assert inside.wait(processes.PATIENCE), running.ended().err
    os.kill(running.process.pid, signal.SIGTERM)
    go_on.set()
    ended = running.ended()
    assert (ended.code, "Traceback" in ended.err) == (0, False), ended.err
    assert len(mailbox.to) == 1
    session.rollback()
    assert session.scalars(select(Outgoing.state).where(Outgoing.lease.is_not(None))).all() == []


@pytest.mark.dear
def test_several_of_them_send_each_mail_once(tmp_path, settings, session, make, mailbox):
    everybody = queue(session, make, MAILS * 2)
    session.rollback()
    running = []
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        running.append(processes.Running(tmp_path / str(number), settings, work, "--once"))
    assert [each.ended().code for each in running] == [0, 0, 0]
    assert sorted(mailbox.to) == everybody


def test_its_log_holds_no_address_and_no_text(tmp_path, settings, session, make, mailbox):
    (address,) = queue(session, make, 1)
    mailbox.refused[address] = f"550 {address} is nobody"
    done = once(tmp_path, settings)
    assert "mail not sent" in done.err
    assert address not in done.err + done.out
    assert "Traceback" not in done.err


def test_tables_of_another_version_stop_it_with_one_sentence(tmp_path, settings, empty_url):
    done = once(tmp_path, {**settings, "DATABASE_URL": empty_url})
    assert (done.code, "flask db upgrade" in done.err) == (1, True)
    assert "Traceback" not in done.err


def test_a_database_that_is_away_for_a_while_ends_nothing(app, session, make, caplog, monkeypatch):
    """The next look finds it again."""

    def away(*_all, **_more):
        raise OperationalError(None, {}, ValueError("secret"))

    monkeypatch.setattr(acts, "look_after", away)
    _look(app, threading.Event())
    assert "database not asked" in caplog.text
    assert "secret" not in caplog.text


@pytest.fixture
def silent(app, monkeypatch):
    """A mail server that takes connections and says nothing: who has called is in `calls`."""
    monkeypatch.setattr(sinks, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app.config["MAIL_SERVER"] = MailServer("127.0.0.1", listening.getsockname()[1])

        def calls():
            listening.setblocking(False)
            found = []
            with suppress(BlockingIOError):
                while True:
                    found.append(listening.accept()[0])
            for each in found:
                each.close()
            return len(found)

        yield calls


def times(session):
    session.rollback()
    found = list(session.execute(select(Outgoing.tries, Outgoing.try_at)))
    session.rollback()
    return found


def test_a_mail_server_that_keeps_silent_is_waited_for_once_in_a_turn_and_the_others_wait_too(
    app, session, make, silent
):
    queue(session, make, 4)
    before = datetime.now(UTC)
    with app.app_context():
        turn(app, threading.Event())
    assert silent() == 1
    found = times(session)
    assert sorted(tries for tries, _at in found) == [0, 0, 0, 1], "waiting costs none of them a try"
    assert all(at >= before + timedelta(seconds=59) for _tries, at in found)
    with app.app_context():
        turn(app, threading.Event())
    assert silent() == 0, "nothing is due yet"


def test_one_mail_that_a_server_hangs_on_holds_up_the_others_for_a_minute_however_often_it_was_tried(
    app, session, make, silent
):
    queue(session, make, 2)
    first, second = session.scalars(select(Outgoing))
    first.tries, second.tries = 7, 8
    session.commit()
    with app.app_context():
        turn(app, threading.Event())
    silent()
    session.expire_all()
    assert first.try_at > datetime.now(UTC) + timedelta(minutes=50)
    assert second.try_at < datetime.now(UTC) + timedelta(minutes=2)


def test_reminders_are_planned_although_the_mail_server_keeps_silent(app, session, make, silent):
    queue(session, make, 2)
    clinic, second = make.clinic(), make.therapist(email="second@example.org")
    clinic.on_call = [str(second.id)]
    flag = make.flag(rule="E1", severity="EMERGENCY", opened_at=make.now - timedelta(minutes=20))
    session.commit()
    with app.app_context():
        turn(app, threading.Event())
    session.refresh(flag)
    assert flag.alerts == 1


@pytest.mark.parametrize(("every", "reminded"), [(0, True), (3600, False)])
def test_between_two_mails_is_planned_what_came_due_meanwhile(
    app, engine, session, make, mailbox, mail_server, monkeypatch, every, reminded
):
    """A server that is slow with each mail holds up no reminder, once the last look is long enough ago."""
    monkeypatch.setitem(turn.__globals__, "EVERY", every)
    clinic, second = make.clinic(), make.therapist(email="second@example.org")
    clinic.on_call = [str(second.id)]
    flag = make.flag(rule="E1", severity="EMERGENCY", opened_at=make.now)
    queue(session, make, 2)

    def comes_due():
        with Session(engine) as other:
            other.get_one(Flag, flag.id).opened_at = make.now - timedelta(minutes=20)
            other.commit()

    mailbox.meanwhile = comes_due
    app.config["MAIL_SERVER"] = mail_server
    with app.app_context():
        turn(app, threading.Event())
    assert ("second@example.org" in mailbox.to) is reminded


def test_a_turn_that_was_told_to_stop_sends_nothing_more(app, engine, session, make, mailbox, mail_server):
    queue(session, make)
    session.rollback()
    app.config["MAIL_SERVER"] = mail_server
    stop = threading.Event()
    mailbox.meanwhile = stop.set
    with app.app_context():
        turn(app, stop)
    assert len(mailbox.to) == 1
    with Session(engine) as other:
        assert other.scalar(select(User.id).limit(1)) is not None
