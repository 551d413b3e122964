"""Bringing a database to the newest tables and back, on both databases, with people in it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from intake.actions import courses, handovers, printouts, reviews, safety_entries, sittings, trail
from intake.clinical.certification import Act
from intake.clinical.coding.codes import Code
from intake.security.sinks import MailServer
from intake.store import amendments, codes, migrations, outbox, versions
from intake.store.engine import connect
from intake.store.factors import Passkey, RecoveryCode, SpentChallenge
from intake.store.flags import Flag
from intake.store.kept import KeptPage
from intake.store.limits import Tally
from intake.store.phrases import Phrase
from intake.store.resets import OwnerKey, Reset
from intake.store.schema import metadata
from intake.store.sessions import Login
from intake.store.shreds import LegalHold, ShredRequest
from intake.store.visitforms import VisitForm
from tests.forms.made import FEET

CHECKS = "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
TRIGGERS = "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
FUNCTIONS = (
    "SELECT proname, prosrc, '' FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
)
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
COLUMNS = (
    "SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)


@pytest.fixture
def empty(empty_url):
    engine = connect(empty_url)
    yield engine
    engine.dispose()


def shape(engine):
    """Everything a database says about its tables: columns, checks, keys, indexes, triggers and their texts."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = connection.exec_driver_sql(
                "SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            ).all()
        else:
            found = [
                row
                for query in (CHECKS, TRIGGERS, FUNCTIONS, INDEXES, COLUMNS)
                for row in connection.exec_driver_sql(query)
            ]
    return {(table, name): settled(text) for table, name, text in found if "alembic" not in f"{table}{name}"}


def settled(text):
    """A statement without line breaks, and with the clauses of a table in order: SQLite keeps them as typed."""
    words = " ".join(text.split()).replace('"', "")
    if not words.startswith("CREATE TABLE"):
        return words
    head, _open, body = words.partition("(")
    return head.strip(), sorted(part.strip() for part in re.split(r",(?![^(]*\))", body.rpartition(")")[0]))


def create(engine):
    """Every table, as the models say it."""
    with migrations.migrating(engine) as connection:
        metadata.create_all(connection)


def test_an_empty_database_gets_every_table(empty):
    migrations.upgrade(empty)
    assert set(sa.inspect(empty).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert migrations.problem(empty) is None


def test_the_models_ask_for_nothing_the_migrations_do_not_make(engine):
    with engine.connect() as connection:
        command.check(migrations.configuration(connection))


def test_a_migrated_database_equals_a_created_one_word_for_word(engine, empty):
    create(empty)
    assert shape(engine) == shape(empty)


def test_a_missing_check_would_be_noticed(engine, empty):
    create(empty)
    whole = shape(empty)
    assert any("id = 1" in str(text) for text in whole.values())
    with migrations.migrating(empty) as connection:
        connection.exec_driver_sql("DROP TABLE held_pages")
        connection.exec_driver_sql("CREATE TABLE held_pages (id INTEGER)")
    assert shape(empty) != shape(engine)


def test_back_to_nothing_and_up_again(engine):
    before = shape(engine)
    migrations.downgrade(engine, "base")
    assert set(sa.inspect(engine).get_table_names()) == {"alembic_version"}
    migrations.upgrade(engine)
    assert shape(engine) == before


def test_migrating_twice_changes_nothing(engine):
    before = shape(engine)
    migrations.upgrade(engine)
    assert shape(engine) == before


def test_the_newest_revision_is_the_one_the_app_looks_for(engine):
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrations.configuration(connection))
    assert scripts.get_heads() == [migrations.NEWEST]


def test_what_is_wrong_with_a_database_is_said(empty, engine):
    assert migrations.problem(empty) == "migrations pending"
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert migrations.problem(engine) == "migrations pending"


def test_a_database_from_before_sealing_is_refused_and_left_as_it_is(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert migrations.problem(engine) == "migrations pending"
    with pytest.raises(migrations.MigrationError, match="made by version"):
        migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{migrations.NEWEST}'")
    migrations.upgrade(engine)


def test_a_database_that_does_not_answer_is_unreachable():
    engine = sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing?connect_timeout=1")
    assert migrations.problem(engine) == "unreachable"


def everything(make, session):
    """A row in every table that the app fills."""
    plan = make.plan(issued=True)
    make.add(plan.note, "One thing more.")
    intake = make.intake(submitted=True)
    flag = Flag(
        patient_id=intake.patient_id, response_id=intake.id, rule="E1", severity="EMERGENCY", opened_at=make.now
    )
    flag.because = []
    session.add(flag)
    reviews.mark(session, intake, by=plan.author, now=make.now)
    why = {"reason": "request", "text": "She asked for it.", "categories": ["care"]}
    printouts.keep(session, intake, **why, by=plan.author, now=make.now)
    versions.keep(session, intake, amendments.CORRECTED, "A slip of the pen.", by=plan.author, now=make.now)
    make.link(plan.author)
    trail.take(session, (), MailServer(), now=make.now)
    make.emergency(plan.patient)
    handovers.note_read(session, [make.alone({}, plan.visit)], by=plan.author, now=make.now)
    safety_entries.write(session, plan.patient, "Called.", over=0, by=plan.author, now=make.now)
    by = {"patient_id": plan.patient_id}
    session.add(ShredRequest(asked_by_id=plan.author_id, asked_at=make.now, **by))
    session.add(LegalHold(placed_by_id=plan.author_id, placed_at=make.now, **by))
    login = session.scalars(sa.select(Login).where(Login.invitation_id.is_not(None))).first()
    sittings.hold(session, login, "page 2.1", b"sealed", now=make.now)
    session.add(VisitForm(kind="follow-up", place=1, form="check-in"))
    make.clinic_form(FEET)
    session.add(Phrase(word=".kegel", stands_for="{n} times", changed_at=make.now))
    codes.load(session, codes.PROCEDURE, [Code("97110", "Exercise", make.now.date())], by=None, now=make.now)
    courses.keep(session, plan.patient, Act.SENT, make.now.date(), by=plan.author, now=make.now)
    session.add(Tally(key="one", ends_at=1, n=1))
    outbox.note_worker(session, make.now)
    session.add_all(proofs_of(plan.author, make.now))
    session.commit()


def proofs_of(user, now):
    """A row in each table about how somebody signs in and gets back in."""
    mine = {"user_id": user.id, "created_at": now}
    yield Passkey(**mine, credential_id="invented", public_key=b"x", name="Phone")
    yield RecoveryCode(**mine, code_hash="invented")
    yield SpentChallenge(challenge="invented", spent_at=now)
    yield Reset(user_id=user.id, asked_at=now)
    yield OwnerKey(code_hash="invented", made_at=now)
    yield KeptPage(user_id=user.id, content=b"boxed", kept_at=now)


def counted(engine):
    with engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }


def test_no_row_is_lost_when_a_parent_table_is_rebuilt(engine, make, session):
    """With foreign keys on, SQLite would delete every child row of a rebuilt table without an error."""
    everything(make, session)
    before = counted(engine)
    assert not [name for name, count in before.items() if count == 0]
    rebuild(engine, "patients")
    rebuild(engine, "users")
    assert counted(engine) == before


def rebuild(engine, table):
    """What a batch migration does to a table, by the road every migration takes."""
    with migrations.migrating(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        always = "always" if engine.dialect.name == "sqlite" else "auto"
        with operations.batch_alter_table(table, recreate=always) as batch:
            batch.add_column(sa.Column("added", sa.Integer(), nullable=True))


def test_rows_that_would_point_nowhere_stop_a_migration(engine, make):
    make.patient()
    visit = make.visit()
    with pytest.raises((migrations.MigrationError, sa.exc.IntegrityError)), migrations.migrating(engine) as connection:
        connection.exec_driver_sql("DELETE FROM locations")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM locations")) == 1
    assert visit.location_id is not None
