"""What somebody finds who holds the database without its keys: sizes in steps, and none of what people said."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

from sqlalchemy import LargeBinary, cast, func, select, text
from sqlalchemy.sql.sqltypes import String

from intake.actions import flags as flag_acts
from intake.actions import intakes
from intake.forms import reader
from intake.security import seal
from intake.store import responses
from intake.store.flags import Flag
from intake.store.responses import ResponseSection
from intake.store.schema import metadata
from intake.store.sealing import SEALED
from tests.builders import NOTE, PLAN, filled

PLACES = (
    *("legal", "used", "contact", "care", "sensitive", "note", "addendum", "plan", "because", "outcome", "signer"),
    "dropped",
)
CANARIES = {place: f"marzipan-{place}-lighthouse" for place in PLACES}
BORN = date(1987, 11, 23)
SENSITIVE = "sx_clearance"  # yes or no; the section holds nothing else that would change with it


def buckets(length: int) -> bool:
    return length - seal.OVERHEAD in {*seal.SMALL_BUCKETS} or (length - seal.OVERHEAD) % seal.BIG_BUCKET == 0


def worked(session, make):
    """One patient's way through the clinic, with a canary wherever something about her can be written."""
    patient = make.patient(
        legal_name=CANARIES["legal"],
        name_used=CANARIES["used"],
        birth_date=BORN,
        contacts=[{"method": "email", "value": CANARIES["contact"], "safe": "safe"}],
    )
    said = {"fn_goal_top": {"value": CANARIES["care"]}, "sx_history_text": {"value": CANARIES["sensitive"]}}
    intake = make.intake(make.visit(patient), answers=said)
    flag = Flag(patient_id=patient.id, response_id=intake.id, rule="E1", severity="EMERGENCY", opened_at=make.now)
    flag.because = [CANARIES["because"]]
    session.add(flag)
    session.commit()
    flag_acts.close(session, flag, CANARIES["outcome"], over=flag.version, by=intake.visit.therapist, now=make.now)
    intake.dropped = [CANARIES["dropped"]]
    form = reader.latest("intake")
    make.answer(intake, filled(form, responses.answers(session, intake.id)))
    intakes.submit(session, intake, form, signer=CANARIES["signer"], by=intake, today=make.now.date(), now=make.now)
    goal = {**NOTE["goal"]["value"][0], "goal_text": {"value": CANARIES["note"]}}
    note = make.note(intake.visit, answers={"goal": {"value": [goal]}}, signed=True)
    make.add(note, CANARIES["addendum"])
    make.plan(note, answers=PLAN | {"cp_findings": {"value": CANARIES["plan"]}}, issued=True)
    make.plan(note, answers={"cp_findings": {"value": CANARIES["plan"]}})
    session.commit()
    return patient


def everything_at_rest(engine) -> bytes:
    """Every byte of the SQLite files; every column of the PostgreSQL tables as bytes."""
    if engine.dialect.name == "sqlite":
        files = [Path(f"{engine.url.database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
        return b"".join(path.read_bytes() for path in files if path.exists())
    with engine.connect() as connection:
        found = []
        for table in metadata.sorted_tables:
            for column in table.columns:
                as_text = column if isinstance(column.type, LargeBinary) else cast(column, String)
                found += connection.scalars(select(as_text).where(column.is_not(None)))
    return b"\n".join(value if isinstance(value, bytes) else value.encode() for value in found)


def shapes(words: str):
    """A text as it may lie in a file."""
    plain = words.encode()
    yield from (plain, words.encode("utf-16-le"), plain.hex().encode())
    yield from (base64.b64encode(b"x" * start + plain)[4:-4] for start in range(3))


def found_in(whole: bytes, words) -> list[str]:
    return [word for word in words if any(shape in whole for shape in shapes(word))]


def test_nothing_that_was_said_lies_in_the_database(engine, session, make):
    worked(session, make)
    whole = everything_at_rest(engine)
    assert found_in(whole, [*CANARIES.values(), "marzipan", BORN.isoformat(), "bl_leak_any", "fn_goal_top"]) == []
    assert b"%PDF" not in whole


def test_what_is_not_sealed_would_be_found(engine, session, make):
    make.location("marzipan-place-lighthouse")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE planted (said TEXT)"))
        connection.execute(text("INSERT INTO planted VALUES (:said)"), {"said": CANARIES["care"]})
    whole = everything_at_rest(engine)
    assert found_in(whole, ["marzipan-place-lighthouse"])
    if engine.dialect.name == "sqlite":
        assert found_in(whole, [CANARIES["care"]])
    for shape in shapes(CANARIES["care"]):
        assert found_in(b"before " + shape + b" after", [CANARIES["care"]])


def sealed_sizes(session):
    """{column: the lengths in it}."""
    found = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if SEALED in column.info:
                found[str(column)] = session.scalars(select(func.length(column)).where(column.is_not(None))).all()
    session.rollback()
    return found


def test_every_sealed_value_has_one_of_a_few_lengths(session, make):
    worked(session, make)
    sizes = sealed_sizes(session)
    assert {name for name, lengths in sizes.items() if not lengths} == {"response_sections.safety"}
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
