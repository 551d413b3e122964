"""What somebody finds who holds the database without its keys: sizes in steps, and none of what people said."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from intake.actions import courses, emergencies, intakes, printouts, safety_entries
from intake.actions import flags as flag_acts
from intake.clinical.certification import Act
from intake.forms import reader
from intake.security import seal
from intake.store import amendments, migrations, outbox, patients, responses, versions
from intake.store.flags import Flag
from intake.store.responses import ResponseSection
from intake.store.schema import metadata
from intake.store.sealing import SEALED, Spot, packed, seal_value
from tests import postgres
from tests.builders import NOTE, PLAN, filled
from tests.sizes import tell

PLACES = (
    *("legal", "used", "contact", "care", "sensitive", "safety", "note", "addendum", "plan", "because", "outcome"),
    *("signer", "dropped", "emergency", "review", "done", "mail", "printed", "corrected", "wish", "ordered"),
)
BORN = date(1987, 11, 23)
SENSITIVE = "sx_clearance"  # yes or no; the section holds nothing else that would change with it


@pytest.fixture
def said():
    """A canary for every place where something about somebody can be written; no other test has the same."""
    word = secrets.token_hex(8)
    return {place: f"marzipan-{place}-{word}-lighthouse" for place in (*PLACES, "anywhere")} | {"word": word}


def buckets(length: int) -> bool:
    return length - seal.OVERHEAD in {*seal.SMALL_BUCKETS} or (length - seal.OVERHEAD) % seal.BIG_BUCKET == 0


def worked(session, make, said):
    """One patient's way through the clinic, with a canary wherever something about her can be written."""
    patient = make.patient(
        legal_name=said["legal"],
        name_used=said["used"],
        birth_date=BORN,
        contacts=[{"method": "email", "value": said["contact"], "safe": "safe"}],
    )
    given = {"fn_goal_top": {"value": said["care"]}, "sx_history_text": {"value": said["sensitive"]}}
    intake = make.intake(make.visit(patient), answers=given)
    flag = Flag(patient_id=patient.id, response_id=intake.id, rule="E1", severity="EMERGENCY", opened_at=make.now)
    flag.because = [said["because"]]
    session.add(flag)
    session.commit()
    flag_acts.close(session, flag, said["outcome"], over=flag.version, by=intake.visit.therapist, now=make.now)
    intake.dropped = [said["dropped"]]
    form = reader.latest("intake")
    make.answer(intake, filled(form, responses.answers(session, intake.id)))
    intakes.submit(session, intake, form, signer=said["signer"], by=intake, today=make.now.date(), now=make.now)
    goal = {**NOTE["goal"]["value"][0], "goal_text": {"value": said["note"]}}
    note = make.note(intake.visit, answers={"goal": {"value": [goal]}}, signed=True)
    make.add(note, said["addendum"])
    make.wish(note, said["wish"])
    courses.keep(session, patient, Act.SENT, make.now.date(), who=said["ordered"], by=note.author, now=make.now)
    make.plan(note, answers=PLAN | {"cp_findings": {"value": said["plan"]}}, issued=True)
    make.plan(note, answers={"cp_findings": {"value": said["plan"]}})
    opened = emergencies.open_chart(
        session, patient.id, reason="acute", text=said["emergency"], sensitive=True, by=make.therapist(), now=make.now
    )
    by, over = make.privacy_lead(), opened.version
    emergencies.review(session, opened, "seen", said["review"], over=over, by=by, now=make.now)
    keep_safe(session, make.intake(make.visit(patient)), said["safety"])
    alone = make.alone({"ipv_afraid": {"value": "yes"}}, intake.visit)
    safety_entries.write(session, patient, said["done"], over=0, by=alone.handed_by, now=make.now)
    printouts.keep(
        session, intake, reason="request", text=said["printed"], categories=(), by=intake.visit.therapist, now=make.now
    )
    versions.keep(session, intake, amendments.CORRECTED, said["corrected"], by=intake.visit.therapist, now=make.now)
    outbox.invite(session, make.invitation(make.visit(patient)), said["mail"], make.now)
    assert patients.search(session, said["legal"]).total == 1
    session.commit()
    return patient


def keep_safe(session, intake, words):
    """Words in the compartment for safety, which no form asks for yet: in its place in the first section."""
    row = session.scalars(select(ResponseSection).where(ResponseSection.response_id == intake.id)).first()
    spot = Spot("response_sections", f"{row.section}/safety", intake.id, intake.patient_id, "safety", row.version)
    value = seal_value(session, spot, packed({"planted": {"value": words}}))
    session.execute(update(ResponseSection).where(ResponseSection.id == row.id).values(safety=value))
    session.commit()
    session.expire_all()


# ---------------------------------------------------------------- where it could lie


class Disk:
    """Everything of one database that somebody who takes the disk gets, from a certain moment on."""

    def __init__(self, engine) -> None:
        self.engine, self.lite = engine, engine.dialect.name == "sqlite"
        with engine.connect() as connection:
            self.start = None if self.lite else connection.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())"))

    def files(self):
        """{what it is: its bytes}."""
        return dict(self._of_sqlite() if self.lite else self._of_postgresql())

    def _of_sqlite(self):
        folder = Path(self.engine.url.database).parent
        yield from ((path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file())
        for link in Path("/proc/self/fd").glob("*"):
            with suppress(OSError):  # temporary files have no name any more; they are read through their number
                if "etilqs_" in str(link.readlink()):
                    yield str(link.readlink()), link.read_bytes()

    def _of_postgresql(self):
        yield "every table", copied(self.engine)
        if program := dump_program():
            url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            done = subprocess.run([program, url], capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()
            yield "pg_dump", done.stdout
        with self.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            data = Path(connection.scalar(text("SHOW data_directory")))
            number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        if os.access(data, os.R_OK):
            yield from self._of_cluster(data, number)

    def _of_cluster(self, data, number):
        for path in (data / "pg_wal").iterdir():
            if path.is_file() and path.name >= self.start:
                yield f"pg_wal/{path.name}", path.read_bytes()
        for folder in (data / "base" / str(number), data / "base" / "pgsql_tmp"):
            yield from ((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
        with suppress(OSError):
            yield "the server's log", (data.parent / "log").read_bytes()


def dump_program():
    """The pg_dump that came with the server, or the machine's for a server of its own; None without one."""
    if os.environ.get("TEST_DATABASE_URL"):
        return shutil.which("pg_dump")
    program = postgres._programs() / "pg_dump"
    return program if program.exists() else None


def copied(engine) -> bytes:
    """Every table as COPY hands it out, binary columns as hex."""
    found = bytearray()
    connection = engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            for table in metadata.sorted_tables:
                with cursor.copy(f"COPY {table.name} TO STDOUT") as rows:
                    found += b"".join(bytes(row) for row in rows)
    finally:
        connection.close()
    return bytes(found)


def shapes(words: str):
    """A text as it may lie in a file."""
    plain = words.encode()
    yield from (plain, words.encode("utf-16-le"), plain.hex().encode())
    yield from (base64.b64encode(b"x" * start + plain)[4:-4] for start in range(3))


def found_in(files, words) -> list[str]:
    wanted = [(word, tuple(shapes(word))) for word in words]
    return [
        f"{word} in {name}" for name, whole in files.items() for word, made in wanted if any(s in whole for s in made)
    ]


def test_nothing_that_was_said_lies_in_the_database_its_journal_its_dump_or_its_log(engine, session, make, said):
    disk = Disk(engine)
    worked(session, make, said)
    with suppress(DBAPIError):  # what fails is not told to the log either
        session.execute(text("SELECT 1 / 0 FROM patients WHERE CAST(id AS TEXT) <> :said"), {"said": said["care"]})
    session.rollback()
    files = disk.files()
    assert found_in(files, [said["word"]]) == []
    others = ("pg_wal", "the server")  # of all databases of the server, those of other tests too
    kept = {name: whole for name, whole in files.items() if not name.startswith(others)}
    assert found_in(kept, [BORN.isoformat(), "bl_leak_any", "fn_goal_top", "ipv_afraid"]) == []
    assert [name for name, whole in kept.items() if b"%PDF-1" in whole or b"JVBERi0x" in whole] == []
    tell(f"{engine.dialect.name}: {len(files)} files, {sum(map(len, files.values()))} bytes, no canary of {len(said)}")


def test_what_is_not_sealed_would_be_found_in_each_of_them(engine, session, make, said):
    disk = Disk(engine)
    make.location(said["anywhere"])
    with migrations.migrating(engine) as connection:
        connection.execute(text("CREATE TABLE planted (said TEXT)"))
        connection.execute(text("INSERT INTO planted VALUES (:said)"), {"said": said["care"]})
        if not disk.lite:
            with suppress(DBAPIError), connection.begin_nested():
                connection.exec_driver_sql(f"SELECT '{said['note']}' / 0")
    files = disk.files()
    found = " ".join(found_in(files, [said["anywhere"], said["care"], said["note"]]))
    for place in ("intake.db", "every table", "pg_dump", "pg_wal/", "base/", "the server's log"):
        if any(place in name for name in files):
            assert place in found
    for shape in shapes(said["care"]):
        assert found_in({"planted": b"before " + shape + b" after"}, [said["care"]])


# ---------------------------------------------------------------- what can be told without reading


def sealed_sizes(session):
    """{column: the lengths in it}."""
    found = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if SEALED in column.info:
                found[str(column)] = session.scalars(select(func.length(column)).where(column.is_not(None))).all()
    session.rollback()
    return found


def test_every_sealed_value_has_one_of_a_few_lengths(session, make, said):
    worked(session, make, said)
    sizes = sealed_sizes(session)
    assert [name for name, lengths in sizes.items() if not lengths] == []
    assert [name for name, lengths in sizes.items() if not all(buckets(length) for length in lengths)] == []


def outside(session, make, given):
    """What is seen from outside of an intake with this answer: rows of every table, and every section's lengths."""
    before = rows(session)
    intake = make.intake(answers={SENSITIVE: given})
    added = {name: count - before[name] for name, count in rows(session).items()}
    table = ResponseSection.__table__
    lengths = session.execute(
        select(table.c.section, *(func.length(table.c[name]) for name in ("care", "sensitive", "safety")))
        .where(table.c.response_id == intake.id)
        .order_by(table.c.section)
    ).all()
    session.rollback()
    return added, [tuple(row) for row in lengths]


def rows(session):
    return {table.name: session.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables}


ANSWERS = ({"value": "yes"}, {"value": "no"}, {"status": "skipped"}, {"status": "declined"})


def test_yes_no_and_no_answer_look_the_same_from_outside(session, make):
    make.intake()  # the first of all brings rows of its own
    assert len({repr(outside(session, make, given)) for given in ANSWERS}) == 1


def test_without_padding_yes_and_no_could_be_told_apart(session, make, monkeypatch):
    make.intake()
    monkeypatch.setattr(seal, "bucket", lambda length: length + seal.LENGTH)
    assert len({repr(outside(session, make, given)) for given in ANSWERS}) > 1
