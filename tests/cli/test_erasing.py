"""flask keys shred, hold, release and replay, typed as two people would, and what is seen of her record afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.config import key_settings
from intake.security import keyfile, ledger
from intake.store import audit
from intake.store.patient_keys import PatientKey
from tests import processes
from tests.builders import KEYS, PASSWORD

NAME = "Rowan Marzipan"
KEPT = PatientKey.__table__


@pytest.fixture
def environ(url, tmp_path_factory, monkeypatch):
    """A clinic whose root key is the one the builders use, in a file apart from the records."""
    home = tmp_path_factory.mktemp("home")
    found = {"HOME": str(home), "DATABASE_URL": url, "KEY_FILE": str(home / "keys" / "clinic.key")}
    keyfile.write(key_settings(found).file, keyfile.written(KEYS).encode(), None)
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def typed(app, session, environ):
    """Type a command and then a password."""

    def done(*arguments, password=PASSWORD):
        session.rollback()
        return app.test_cli_runner().invoke(args=["keys", *map(str, arguments)], input=f"{password}\n")

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


def test_a_backup_that_brings_her_back_is_refused_at_the_start_and_put_right_by_replay(
    typed, make, chart, client, session, environ, engine, tmp_path
):
    (patient, pages) = chart
    rows = session.execute(select(KEPT).where(KEPT.c.patient_id == patient.id)).mappings().all()
    for by in (make.admin(), make.privacy_lead()):
        typed("shred", patient.id, "--by", by.email)
    with engine.begin() as connection:
        for row in rows:
            connection.execute(KEPT.update().where(KEPT.c.id == row["id"]).values(dict(row)))
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
