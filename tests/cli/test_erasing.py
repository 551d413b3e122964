"""flask keys shred, hold, release and replay, typed as two people would, and what is seen of her record afterwards."""

from __future__ import annotations

import re
import tempfile
import time
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from intake.actions import accounts, keys, resets
from intake.cli.doctor import start
from intake.cli.doctor.checks import Needs
from intake.config import ConfigError, key_settings
from intake.security import keyfile, ledger, recovery, tokens, totp
from intake.store import audit, people, shreds
from intake.store.lines import LINES
from intake.store.patient_keys import PatientKey
from tests import processes
from tests.builders import COST, KEYS, PASSWORD, SECRET, code

NAME = "Rowan Marzipan"
WORDS = "seven green kettles hum"
KEPT = PatientKey.__table__


@pytest.fixture
def environ(url, tmp_path_factory, monkeypatch):
    """A clinic whose root key is the one the builders use, in a file apart from the records."""
    home = tmp_path_factory.mktemp("home")
    found = {"HOME": str(home), "DATABASE_URL": url, "KEY_FILE": str(home / "keys" / "clinic.key")}
    keyfile.write(key_settings(found).file, keyfile.written(KEYS).encode(), None)
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    whatever_the_server = tuple(check for check in start.LATER if check.needs is Needs.DATABASE)
    monkeypatch.setattr(start, "LATER", whatever_the_server)  # the tests' PostgreSQL is quick, not careful
    return found


@pytest.fixture
def typed(app, session, environ, clock):
    """Type a command, a password, and the code of an app, of which everybody waits for the next one."""

    def done(*arguments, password=PASSWORD, second=None):
        session.rollback()
        clock.shift(timedelta(seconds=totp.SECONDS))
        said = f"{password}\n{code() if second is None else second}\n"
        return app.test_cli_runner().invoke(args=["keys", *map(str, arguments)], input=said)

    return done


@pytest.fixture
def chart(make, clock, client, sign_in):
    """The patient, and the pages of her record, which her therapist has open. Retention is over."""
    patient = make.visit(make.patient(legal_name=NAME)).patient
    clock.shift(timedelta(days=3660))
    therapist = make.therapist()
    make.member(patient, therapist, role="therapist")
    sign_in(therapist)
    pages = [f"/clinic/charts/{patient.id}", f"/clinic/patients/{patient.id}"]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert NAME in client.get("/clinic/patients?q=marzipan").text
    return patient, pages


def statuses(client, pages):
    return [client.open(page).status_code for page in pages]


def test_two_people_erase_a_record_and_nobody_reads_or_finds_it_any_more(typed, make, chart, client, session, environ):
    (patient, pages), first, second = chart, make.admin(), make.privacy_lead()
    asked = typed("shred", patient.id, "--by", first.email)
    assert (asked.exit_code, "within 7 days" in asked.output) == (0, True)
    assert statuses(client, pages) == [200, 200]
    done = typed("shred", patient.id, "--by", second.email)
    assert (done.exit_code, "Erased" in done.output) == (0, True), done.output
    assert statuses(client, pages) == [410, 410]
    found = client.get("/clinic/patients?q=marzipan").text
    assert NAME not in found.replace("marzipan", "")
    assert NAME not in client.get("/clinic/patients").text
    session.rollback()
    lines = [(line.action, line.actor_id) for line in audit.of_patient(session, patient.id) if "shred" in line.action]
    assert lines == [("keys.shred-asked", first.id), ("keys.shredded", second.id)]
    (mark,) = ledger.marks(key_settings(environ).ledger)
    assert mark == ledger.mark(patient.id, KEYS.derive("shred-ledger"))


OTHER_PASSWORD = "umbrella quartz violet 7719 lagoon"
KEY = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}")


def at_the_terminal(app, session, *arguments, said=""):
    """What whoever runs the server types."""
    session.rollback()
    done = app.test_cli_runner().invoke(args=["people", *arguments], input=said)
    assert done.exit_code == 0, done.output
    session.expire_all()
    return done.output


def choose(session, make, printed):
    """Choose a password with a link that was printed."""
    token = re.search(r"#([\w-]{43})", printed)[1]
    token_hash = tokens.keyed_hash(SECRET, accounts.PASSWORD, token)
    link = people.link(session, token_hash, accounts.PASSWORD, make.now)
    accounts.choose_password(session, link, OTHER_PASSWORD, cost=COST, now=make.now)
    session.rollback()


def choose_at_the_terminal(app, session, make, user):
    """Make a link, and choose somebody's password with it."""
    choose(session, make, at_the_terminal(app, session, "password", user.email))


def test_a_password_alone_decides_nothing(typed, make, chart, client):
    (patient, pages), by = chart, make.admin()
    for act in ("shred", "hold", "release"):
        for wrong in ("000000", "", "0000-0000-0000-0000"):
            told = typed(act, patient.id, "--by", by.email, second=wrong)
            assert (told.exit_code, told.output.count("are not those of")) == (1, 1 if wrong else 0), told.output
    assert statuses(client, pages) == [200, 200]


def test_a_code_counts_once(typed, make, chart):
    (patient, _pages), by = chart, make.admin()
    used = code(later=1)
    assert typed("hold", patient.id, "--by", by.email, second=used).exit_code == 0
    assert typed("release", patient.id, "--by", by.email, second=used).exit_code == 1


def test_a_recovery_code_does_it_once(typed, make, chart, session):
    (patient, _pages), by, codes = chart, make.admin(), recovery.new_codes()
    hashes = [tokens.keyed_hash(SECRET, recovery.PERSON, recovery.settled(each)) for each in codes]
    make.on_paper(by, hashes)
    assert typed("hold", patient.id, "--by", by.email, second=codes[0]).exit_code == 0
    assert typed("release", patient.id, "--by", by.email, second=codes[0]).exit_code == 1
    assert typed("release", patient.id, "--by", by.email, second=codes[1].lower()).exit_code == 0


def test_whose_password_came_from_the_terminal_decides_nothing_for_seven_days(app, typed, make, chart, session, clock):
    (patient, _pages), by = chart, make.admin()
    choose_at_the_terminal(app, session, make, by)
    told = typed("shred", patient.id, "--by", by.email, password=OTHER_PASSWORD)
    assert (told.exit_code, "made at the terminal" in told.output) == (1, True), told.output
    clock.shift(timedelta(days=7))
    assert typed("shred", patient.id, "--by", by.email, password=OTHER_PASSWORD).exit_code == 0


def test_a_link_from_the_terminal_counts_from_when_it_was_used(app, typed, make, chart, session, clock):
    (patient, _pages), by = chart, make.admin()
    printed = at_the_terminal(app, session, "password", by.email)
    clock.shift(timedelta(days=2, hours=23))
    choose(session, make, printed)
    clock.shift(timedelta(days=6))
    told = typed("shred", patient.id, "--by", by.email, password=OTHER_PASSWORD)
    assert (told.exit_code, "made at the terminal" in told.output) == (1, True), told.output
    assert accounts.INVITED_DAYS == keys.DAYS_OF_A_LINK
    clock.shift(timedelta(days=1))
    assert typed("shred", patient.id, "--by", by.email, password=OTHER_PASSWORD).exit_code == 0


def takeover(app, session, make, user, key):
    """Take a colleague's place with nothing but the terminal; the next owner's key."""
    printed = at_the_terminal(app, session, "reset", user.email, said=f"{key}\n")
    choose(session, make, printed)
    session.add(make._seed(user))
    session.commit()
    return KEY.findall(printed)[-1]


def test_one_person_with_a_terminal_is_not_two(app, typed, make, chart, client, session, clock):
    """A key of the owner's, and with it a new start for one colleague after the other."""
    (patient, pages), both = chart, (make.admin(), make.privacy_lead())
    key = KEY.search(at_the_terminal(app, session, "owner-key"))[0]
    for user in both:
        key = takeover(app, session, make, user, key)
    for user in both:
        told = typed("shred", patient.id, "--by", user.email, password=OTHER_PASSWORD)
        assert (told.exit_code, "made at the terminal" in told.output) == (1, True), told.output
    assert statuses(client, pages) == [200, 200]
    clock.shift(timedelta(days=7))
    assert typed("shred", patient.id, "--by", both[0].email, password=OTHER_PASSWORD).exit_code == 0


def test_an_administrator_with_the_owner_s_key_is_not_two(app, typed, make, chart, session):
    (patient, _pages), first, second = chart, make.admin(), make.privacy_lead()
    key = KEY.search(at_the_terminal(app, session, "owner-key"))[0]
    reset = resets.ask(session, second, by=first, now=make.now)
    token, _next = resets.approve_with_key(session, reset, key, secret=SECRET, by=first, now=make.now)
    choose(session, make, f"#{token}")
    session.add(make._seed(second))
    session.commit()
    assert typed("shred", patient.id, "--by", first.email).exit_code == 0
    told = typed("shred", patient.id, "--by", second.email, password=OTHER_PASSWORD)
    assert (told.exit_code, "made at the terminal" in told.output) == (1, True), told.output


def test_whoever_was_given_the_role_at_the_terminal_decides_nothing_for_seven_days(app, typed, make, chart, session):
    (patient, _pages), by = chart, make.therapist()
    at_the_terminal(app, session, "role", by.email, "privacy-lead")
    told = typed("shred", patient.id, "--by", by.email)
    assert (told.exit_code, "made at the terminal" in told.output) == (1, True), told.output


def test_a_new_account_decides_nothing_for_seven_days(typed, make, chart, clock):
    (patient, _pages), by = chart, make.admin(created_at=make.now)
    told = typed("shred", patient.id, "--by", by.email)
    assert (told.exit_code, "account was made in the last seven days" in told.output) == (1, True), told.output
    clock.shift(timedelta(days=7))
    assert typed("shred", patient.id, "--by", by.email).exit_code == 0


def test_a_wrong_password_at_the_page_makes_nobody_wait(typed, make, chart, client):
    (patient, _pages), by = chart, make.admin()
    client.submit("/sign-in", {"email": by.email, "password": "not this one, sorry"})
    assert typed("shred", patient.id, "--by", by.email).exit_code == 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_in_a_database_that_was_changed_nobody_decides(typed, make, chart, client, session):
    (patient, pages), by = chart, make.admin()
    session.execute(text("DROP TRIGGER audit_final_delete"))
    session.commit()
    told = typed("shred", patient.id, "--by", by.email)
    assert (told.exit_code, "audit_final_delete" in told.output) == (1, True), told.output
    assert statuses(client, pages) == [200, 200]


def test_one_person_alone_erases_nothing(typed, make, chart, client):
    (patient, pages), by = chart, make.admin()
    typed("shred", patient.id, "--by", by.email)
    again = typed("shred", patient.id, "--by", by.email)
    assert again.exit_code == 1
    assert "another administrator or privacy lead has to agree" in again.output
    assert statuses(client, pages) == [200, 200]


def test_a_wrong_password_erases_nothing(typed, make, chart, client):
    (patient, pages) = chart
    typed("shred", patient.id, "--by", make.admin().email)
    wrong = typed("shred", patient.id, "--by", make.admin().email, password="not this one, sorry")
    assert wrong.exit_code == 1
    assert "not those of an active administrator" in wrong.output
    assert PASSWORD not in wrong.output
    assert statuses(client, pages) == [200, 200]


def test_a_hold_stops_it_until_it_is_released(typed, make, chart, client):
    (patient, pages), first, second = chart, make.admin(), make.privacy_lead()
    assert typed("hold", patient.id, "--by", first.email).exit_code == 0
    held = typed("shred", patient.id, "--by", second.email)
    assert (held.exit_code, "legal hold" in held.output) == (1, True)
    assert typed("release", patient.id, "--by", first.email).exit_code == 0
    typed("shred", patient.id, "--by", first.email)
    typed("shred", patient.id, "--by", second.email)
    assert statuses(client, pages) == [410, 410]


def test_nobody_of_that_number_is_said_to_be_none(typed, make):
    told = typed("shred", "0" * 8 + "-0000-4000-8000-" + "0" * 12, "--by", make.admin().email)
    assert (told.exit_code, "no patient with this number" in told.output) == (1, True)


@pytest.mark.dear
def test_a_backup_that_brings_her_back_is_refused_at_the_start_and_put_right_by_replay(
    typed, make, chart, client, session, environ, engine, tmp_path
):
    (patient, pages) = chart
    rows = keys_of(session, patient)
    erase(typed, make, patient)
    put_back(engine, rows)
    assert statuses(client, pages) == [200, 200]
    doctor = processes.run(tmp_path, environ, processes.flask, "doctor")
    assert doctor.code == 2
    assert "1 erased records have come back with a backup: run `flask keys replay`." in doctor.out
    replayed = typed("replay")
    assert "Erased again: 1 of 1" in replayed.output
    assert statuses(client, pages) == [410, 410]
    with Session(engine) as fresh:
        destroyed = KEPT.c.destroyed_at.is_not(None)
        assert len(fresh.execute(select(KEPT.c.id).where(destroyed)).all()) == len(rows)


def erase(typed, make, patient):
    for by in (make.admin(), make.privacy_lead()):
        typed("shred", patient.id, "--by", by.email)


def keys_of(session, patient):
    return session.execute(select(KEPT).where(KEPT.c.patient_id == patient.id)).mappings().all()


def put_back(engine, rows):
    """What an older copy of the database does: her keys are there again."""
    with engine.begin() as connection:
        for row in rows:
            connection.execute(KEPT.update().where(KEPT.c.id == row["id"]).values(dict(row)))


def move_to_a_passphrase(typed, environ, monkeypatch):
    """As the command says it, with the settings that it prints."""
    moved = typed("init", "passphrase", password=f"{WORDS}\n{WORDS}")
    printed = dict(re.findall(r"(KEY_PROVIDER|KEY_FILE)=([^ ,]+)", moved.output))
    assert printed["KEY_FILE"].endswith("clinic.key.passphrase"), moved.output
    environ |= printed
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


def test_the_ledger_stays_when_the_keys_move_to_a_passphrase(
    typed, make, chart, client, session, environ, engine, app, tmp_path, monkeypatch
):
    (patient, pages) = chart
    rows = keys_of(session, patient)
    erase(typed, make, patient)
    move_to_a_passphrase(typed, environ, monkeypatch)
    put_back(engine, rows)
    with pytest.raises(ConfigError, match="1 erased records have come back with a backup"):
        start.refuse_database(app, environ)
    with tempfile.TemporaryDirectory(prefix="fern", dir="/tmp") as short:  # a socket's name may have 100 characters
        monkeypatch.setenv("KEY_SOCKET", f"{short}/keys.sock")
        replaying = processes.Running(
            tmp_path, {**environ, "KEY_SOCKET": f"{short}/keys.sock"}, processes.flask, "keys", "replay"
        )
        until = time.monotonic() + processes.PATIENCE
        while not key_settings().socket.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert typed("unlock", password=WORDS).exit_code == 0
        assert replaying.ended().out == "Erased again: 1 of 1 in the ledger.\n"
    assert statuses(client, pages) == [410, 410]
    start.refuse_database(app, environ)


def test_a_ledger_named_after_a_key_file_still_counts(typed, make, chart, session, environ, engine, app):
    (patient, _pages), settings = chart, key_settings(environ)
    rows = keys_of(session, patient)
    erase(typed, make, patient)
    settings.ledger.rename(settings.file.with_suffix(".shredded"))
    put_back(engine, rows)
    with pytest.raises(ConfigError, match="1 erased records have come back with a backup"):
        start.refuse_database(app, environ)


def test_a_lost_ledger_stops_the_start_and_the_replay_until_it_is_back_or_rebuilt(
    typed, make, chart, environ, app, session
):
    (patient, _pages), path = chart, key_settings(environ).ledger
    erase(typed, make, patient)
    kept = path.with_name("elsewhere")
    path.rename(kept)
    with pytest.raises(ConfigError, match="1 erasures in the audit trail are missing from the ledger"):
        start.refuse_database(app, environ)
    refused = typed("replay")
    assert (refused.exit_code, "put its newest copy there" in refused.output) == (1, True)
    assert not path.exists()
    kept.rename(path)
    start.refuse_database(app, environ)
    path.unlink()
    assert "Erased again: 0 of 1" in typed("replay", "--rebuild").output
    start.refuse_database(app, environ)


def test_a_ledger_that_cannot_be_written_is_said_and_nothing_is_erased(
    typed, make, chart, client, monkeypatch, tmp_path
):
    (patient, pages) = chart
    (tmp_path / "full").write_text("")
    monkeypatch.setenv("SHRED_LEDGER", str(tmp_path / "full" / "ledger"))
    typed("shred", patient.id, "--by", make.admin().email)
    told = typed("shred", patient.id, "--by", make.admin().email)
    assert (told.exit_code, "nothing was erased" in told.output) == (1, True), told.output
    assert statuses(client, pages) == [200, 200]


def test_a_forged_line_about_an_erasure_stops_no_start_and_erases_nobody(
    typed, make, chart, client, environ, app, session
):
    patient, pages = chart
    line = {"at": make.now, "actor_kind": "user", "role": "admin", "subject": "patient", "outcome": "done"}
    line |= {"categories": "", "reason": "", "prev_hash": b"", "hash": b"", "mac": b"", "mac_key": "1"}
    session.execute(insert(LINES), line | {"seq": 10**6, "action": shreds.SHREDDED, "patient_id": patient.id})
    session.commit()
    start.refuse_database(app, environ)
    assert "Erased again: 0 of 0" in typed("replay").output
    refused = typed("replay", "--rebuild")
    assert (refused.exit_code, "does not hold" in refused.output) == (1, True), refused.output
    assert not key_settings(environ).ledger.exists()
    assert statuses(client, pages) == [200, 200]
